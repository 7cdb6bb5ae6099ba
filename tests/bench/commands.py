"""Whole commands, from start to exit, beside other tools that do the same job.

The tools take turns in every round (A B C, A B C, …), so that whatever else the machine does meets all of them alike,
and each round gives one ratio of its own.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ALGORITHMS = ["HS256", "ES256", "ES512", "RS256"]
# What jwt-cli cannot make is left out of its column.
JWT_CLI_SIGNS = {"HS256", "ES256", "RS256"}
PYJWT_SCRIPT = "import sys, json, jwt; print(jwt.encode(json.load(open(sys.argv[3])), open(sys.argv[2]).read(), sys.argv[1]))"
PYJWT_DECODE = "import sys, jwt; print(jwt.decode(sys.argv[1], options={'verify_signature': False}))"


@dataclass
class Tool:
    name: str
    version: str
    command: list


@dataclass
class Tools:
    keywright: Tool
    others: list


@dataclass
class Race:
    """One job, and the seconds that each tool took for it, round by round. The first tool is Keywright."""

    job: str
    seconds: dict = field(default_factory=dict)

    def median(self, tool):
        return statistics.median(self.seconds[tool])

    def ratio_to(self, tool):
        """How long Keywright took for each second of `tool`: the median over the rounds."""
        return statistics.median(a / b for a, b in zip(self.seconds["keywright"], self.seconds[tool]))


def prepare(target):
    """Builds Keywright for release, and installs what it is measured against."""
    run("cargo", "build", "--locked", "--release", "--package", "keywright-cli")
    tools = target / "tools"
    if not (tools / "bin" / "jwt").exists():
        run("cargo", "install", "--locked", "--root", tools, "jwt-cli")
    python = tools / "venv" / "bin" / "python"
    if not python.exists():
        run(sys.executable, "-m", "venv", tools / "venv")
        run(python, "-m", "pip", "install", "--quiet", "pyjwt[crypto]")
    others = [
        Tool("jwt-cli", said(tools / "bin" / "jwt", "--version"), [tools / "bin" / "jwt"]),
        Tool("PyJWT", pyjwt_version(python), [python]),
    ]
    if found("jose"):
        others.append(Tool("jose", debian_version("jose"), ["jose"]))
    else:
        print("bench: no `jose` command here, so it is left out", file=sys.stderr)
    keywright = target / "release" / "keywright"
    return Tools(Tool("keywright", said(keywright, "--version"), [keywright]), others)


def measure(tools, rounds):
    """Every job, by every tool that can do it."""
    with tempfile.TemporaryDirectory(prefix="keywright-bench-") as folder:
        desk = Desk(Path(folder), tools)
        return [race(job, lanes, rounds) for job, lanes in desk.jobs()]


def race(job, lanes, rounds):
    result = Race(job, {name: [] for name in lanes})
    for name, command in lanes.items():
        prove(job, name, command)
    for _ in range(rounds):
        for name, command in lanes.items():
            result.seconds[name].append(timed(command))
    print(f"bench: {job}: " + ", ".join(f"{name} {result.median(name) * 1e3:.2f} ms" for name in lanes))
    return result


def timed(command):
    begin = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=QUIET)
    _, status = os.waitpid(process, 0)
    seconds = time.perf_counter() - begin
    if status != 0:
        raise SystemExit(f"bench: {' '.join(command)[:200]}: ended with status {status}")
    return seconds


NULL = os.open(os.devnull, os.O_RDWR)
QUIET = [(os.POSIX_SPAWN_DUP2, NULL, descriptor) for descriptor in (0, 1, 2)]


def prove(job, name, command):
    """Before a command is timed: it does the job."""
    output = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    good = output.stdout.count(".") >= 2 if job.startswith("sign") else "merchant" in output.stdout
    if output.returncode != 0 or not good:
        raise SystemExit(f"bench: {name} does not {job}: {output.stdout[:200]} {output.stderr[:400]}")


class Desk:
    """Keys, claims and tokens in a folder, and the command lines that use them."""

    def __init__(self, folder, tools):
        self.folder = folder
        self.tools = tools
        self.by_name = {tool.name: tool.command for tool in tools.others}
        # About 400 bytes, as the engine's own benches have.
        claims = {"iss": "bench", "sub": "merchant", "iat": 1_700_000_000, "exp": 4_000_000_000, "note": "n" * 300}
        self.claims = self.file("claims.json", json.dumps(claims))
        self.keys = {algorithm: self.key(algorithm) for algorithm in ALGORITHMS}

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def key(self, algorithm):
        if algorithm == "HS256":
            return self.file("HS256.key", "a secret of thirty-two characters")
        options = {
            "ES256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            "ES512": ["EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
            "RS256": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        }[algorithm]
        path = self.folder / f"{algorithm}.pem"
        run("openssl", "genpkey", "-quiet", "-algorithm", *options, "-out", path)
        return str(path)

    def jobs(self):
        """Pairs of a job and its lanes: the tool's name and its command line."""
        token = said(*self.sign_by_keywright("ES256"))
        yield "inspect an ES256 token", plain(
            {
                "keywright": [*self.tools.keywright.command, "token", "inspect", token],
                "jwt-cli": [*self.by_name["jwt-cli"], "decode", token],
                "PyJWT": [*self.by_name["PyJWT"], "-c", PYJWT_DECODE, token],
            }
        )
        for algorithm in ALGORITHMS:
            lanes = {"keywright": self.sign_by_keywright(algorithm)}
            if algorithm in JWT_CLI_SIGNS:
                lanes["jwt-cli"] = self.sign_by_jwt_cli(algorithm)
            lanes["PyJWT"] = [*self.by_name["PyJWT"], "-c", PYJWT_SCRIPT, algorithm, self.keys[algorithm], self.claims]
            if "jose" in self.by_name:
                lanes["jose"] = self.sign_by_jose(algorithm)
            yield f"sign {algorithm}", plain(lanes)

    def sign_by_keywright(self, algorithm):
        options = ["--key-file", self.keys[algorithm], "--alg", algorithm, "--claims", self.claims]
        if algorithm.startswith("HS"):
            options += ["--secret-encoding", "utf8"]
        return [*self.tools.keywright.command, "token", "sign", *options]

    def sign_by_jwt_cli(self, algorithm):
        # Without the switch it would add an iat of its own.
        options = ["--no-iat", "--alg", algorithm, "--secret", f"@{self.keys[algorithm]}"]
        return [*self.by_name["jwt-cli"], "encode", *options, Path(self.claims).read_text()]

    def sign_by_jose(self, algorithm):
        jwk = self.folder / f"{algorithm}.jwk"
        run("jose", "jwk", "gen", "-i", json.dumps({"alg": algorithm}), "-o", jwk)
        template = json.dumps({"protected": {"alg": algorithm}})
        return ["jose", "jws", "sig", "-I", self.claims, "-k", str(jwk), "-s", template, "-c", "-o", "-"]


def plain(lanes):
    return {name: [str(word) for word in command] for name, command in lanes.items()}


def run(*command):
    subprocess.run([str(word) for word in command], check=True)


def said(*command):
    output = subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if output.returncode != 0:
        raise SystemExit(f"bench: {command[0]}: {output.stderr.strip()}")
    return output.stdout.strip()


def found(command):
    return any(os.access(Path(folder) / command, os.X_OK) for folder in os.get_exec_path())


def pyjwt_version(python):
    script = "import sys, jwt, cryptography as c; print(jwt.__version__, c.__version__, sys.version.split()[0])"
    version, cryptography, interpreter = said(python, "-c", script).split()
    return f"{version}, cryptography {cryptography}, Python {interpreter}"


def debian_version(package):
    output = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True)
    return f"{output.stdout.strip()} (Debian)" if output.returncode == 0 else "unknown"
