"""What the tests share: the program, one key of each kind, the peers that run for a while."""

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from keys import Key, make_all
from program import BIN, PATIENCE, Keywright

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def kw(tmp_path_factory) -> Keywright:
    return Keywright(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> dict[str, Key]:
    return make_all(tmp_path_factory.mktemp("keys"))


class Peer:
    """A Node program that answers one JSON line for each that it gets."""

    def __init__(self, script: str, *arguments: str):
        self.process = subprocess.Popen(
            ["node", script, *arguments], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def read(self) -> dict:
        line = self.process.stdout.readline()
        assert line, "the peer ended"
        return json.loads(line)

    def ask(self, **question) -> dict:
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)


@pytest.fixture(scope="session")
def sdk():
    """Gr4vy's own TypeScript package, and jose as a library."""
    peer = Peer("client.js")
    yield peer
    peer.close()


@pytest.fixture(scope="session")
def server(kw, keys, tmp_path_factory):
    """An API that verifies with jose against the public key set that Keywright writes."""
    public = [json.loads(kw.convert(key.path, "jwk", "--public")) for key in keys.values() if key.name != "secp256k1"]
    folder = tmp_path_factory.mktemp("server")
    (folder / "jwks.json").write_text(json.dumps({"keys": public}))
    (folder / "secret").write_text(SECRET)
    peer = Peer("server.js", str(folder))
    peer.address = peer.read()["address"]
    yield peer
    peer.close()


@pytest.fixture(scope="session")
def emulator(kw, keys):
    """`keywright emulator` with every key that Gr4vy takes."""
    own = [json.loads(kw.convert(keys[name].path, "jwk", "--public")) for name in GR4VY]
    process = subprocess.Popen(
        [BIN, "emulator", "--jwks", kw.file(json.dumps({"keys": own}), "jwks")],
        env=kw.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(PATIENCE)


def pytest_terminal_summary(terminalreporter, config):
    """Notes what was skipped and why, for the end of `make test`."""
    notes = os.environ.get("KEYWRIGHT_SKIPPED")
    # Each worker knows its own part, the one that started them all of it.
    if notes is None or hasattr(config, "workerinput"):
        return
    skipped = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        file, _, reason = report.longrepr
        skipped[Path(file).name, reason.removeprefix("Skipped: ")] += 1
    with open(notes, "a") as out:
        out.writelines(f"{count} of tests/peers/{file}: {reason}\n" for (file, reason), count in skipped.items())


GR4VY = ["p521", "p521-xzero", "p521-yzero", "rsa"]
"""Keys that Gr4vy takes."""

SECRET = "partner-1-secret-0123456789abcdef0123456789-0123456789abcdef0123456789"
"""Long enough for HS512."""


@pytest.fixture(scope="session")
def secret(kw) -> Path:
    return kw.file(SECRET, "secret")
