"""Keywright as a program: what is typed, what comes back."""

import json
import os
import subprocess
import time
import uuid
from pathlib import Path

BIN = os.environ.get("KEYWRIGHT_BIN", "keywright")

PATIENCE = 300
"""Seconds that anything may take. They matter only where a test fails: a busy machine is slow, not wrong."""


class Keywright:
    """Runs the program in a home of its own, so that it finds nobody's vault."""

    def __init__(self, home: Path):
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
        self.environment = {**kept, "HOME": str(home), "NO_COLOR": "1"}
        self.folder = home

    def run(self, *arguments, stdin: str | bytes = b"", expect: int = 0) -> str:
        """Standard output of a run that must end with `expect`."""
        command = [BIN, *map(str, arguments)]
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(command, input=data, capture_output=True, env=self.environment, timeout=PATIENCE)
        errors = done.stderr.decode(errors="replace")
        assert done.returncode == expect, f"{' '.join(command)}\nended with {done.returncode}, wanted {expect}\n{errors}"
        return done.stdout.decode()

    def file(self, text: str | bytes, name: str = "file") -> Path:
        path = self.folder / f"{name}-{uuid.uuid4().hex}"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def convert(self, source: Path, to: str, *arguments) -> bytes:
        """The file that `key convert` writes."""
        out = self.folder / f"out-{uuid.uuid4().hex}"
        self.run("key", "convert", source, "--to", to, *arguments, "-o", out)
        return out.read_bytes()

    def thumbprint(self, source: Path, *arguments) -> str:
        return self.run("key", "thumbprint", source, *arguments).strip()

    def sign(self, key: Path, alg: str, claims: dict | str, *arguments) -> str:
        text = claims if isinstance(claims, str) else json.dumps(claims)
        return self.run(
            "token", "sign", "--key-file", key, "--alg", alg, "--claims", self.file(text, "claims"), *arguments
        ).strip()

    def verify(self, token: str, key: Path, *arguments, expect: int = 0) -> str:
        return self.run("token", "verify", "-", "--key-file", key, *arguments, stdin=token, expect=expect)


def claims(**more) -> dict:
    """The claims of a good Gr4vy token."""
    now = int(time.time())
    return {
        "scopes": ["*.read", "*.write"],
        "iat": now,
        "nbf": now,
        "exp": now + 300,
        "iss": "keywright tests",
        "jti": str(uuid.uuid4()),
        **more,
    }


def change_signature(token: str) -> str:
    """The token with one bit of its signature changed, in a byte that is not the last."""
    head, signature = token.rsplit(".", 1)
    first = "B" if signature[0] == "A" else "A"
    return f"{head}.{first}{signature[1:]}"


def change_claims(token: str) -> str:
    """The token with one letter of its claims changed, the signature as it was."""
    import base64

    header, body, signature = token.split(".")
    text = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).replace(b"keywright tests", b"keywright testz")
    return f"{header}.{base64.urlsafe_b64encode(text).rstrip(b'=').decode()}.{signature}"
