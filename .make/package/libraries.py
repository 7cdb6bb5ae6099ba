"""The libraries inside of the two programs, from the locks: crates, and npm packages that the page carries."""

import base64
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("keywright-desktop", "keywright-cli")


@dataclass(frozen=True)
class Library:
    """One of them, as its package describes itself."""

    kind: str  # "cargo" or "npm", as in a package URL
    name: str
    version: str
    licence: str
    authors: tuple
    folder: Path
    digest: tuple  # the algorithm, and the hash in hex
    needs: tuple = ()  # package URLs

    @property
    def url(self):
        """Its package URL (https://github.com/package-url/purl-spec)."""
        return package_url(self.kind, self.name, self.version)


def package_url(kind, name, version):
    return f"pkg:{kind}/{name.replace('@', '%40')}@{version}"


def own_version():
    """The version of the workspace."""
    table = (ROOT / "Cargo.toml").read_text().split("[workspace.package]")[1]
    return table.split('version = "')[1].split('"')[0]


def linked():
    """The crates that are linked into the programs on this system, and those whose macros write code that is: nothing that
    only builds or tests."""
    found = cargo_metadata()
    packages = {package["id"]: package for package in found["packages"]}
    nodes = {node["id"]: node for node in found["resolve"]["nodes"]}
    digests = cargo_digests()

    def needs(identity):
        return [dep["pkg"] for dep in nodes[identity]["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"])]

    waiting = [package["id"] for package in found["packages"] if package["name"] in PROGRAMS]
    seen = set()
    while waiting:
        identity = waiting.pop()
        if identity not in seen:
            seen.add(identity)
            waiting += needs(identity)

    def library(identity):
        package = packages[identity]
        name, version = package["name"], package["version"]
        wanted = (packages[need] for need in needs(identity))
        urls = {package_url("cargo", need["name"], need["version"]) for need in wanted if need["source"]}
        return Library(
            kind="cargo",
            name=name,
            version=version,
            licence=package["license"] or "",
            authors=tuple(package["authors"]),
            folder=Path(package["manifest_path"]).parent,
            digest=("SHA-256", digests[name, version]),
            needs=tuple(sorted(urls)),
        )

    return in_order(library(identity) for identity in seen if packages[identity]["source"])


def cargo_metadata():
    host = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    host = host.split("host: ")[1].split()[0]
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", host]
    return json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)


def cargo_digests():
    """What Cargo.lock pins each crate to, by name and version."""
    digests = {}
    for block in (ROOT / "Cargo.lock").read_text().split("[[package]]")[1:]:
        row = dict(line.split(" = ", 1) for line in block.splitlines() if " = " in line)
        if "checksum" in row:
            digests[row["name"].strip('"'), row["version"].strip('"')] = row["checksum"].strip('"')
    return digests


# Packages that name no licence in their manifest: the one whose text they bring.
UNDECLARED = {"svelte-toolbelt": "MIT"}

# The build of the page notes here which packages went into it (ui/vite.config.ts).
BUNDLED = ROOT / "ui" / "node_modules" / ".bundled.json"


def carried():
    """The npm packages that the built page carries. They may lie inside of one another, so each is named by its folder."""
    lock = json.loads((ROOT / "ui" / "package-lock.json").read_text())["packages"]
    folders = json.loads(BUNDLED.read_text())

    def library(folder):
        row = lock[folder]
        manifest = json.loads((ROOT / "ui" / folder / "package.json").read_text())
        algorithm, digest = row["integrity"].split("-", 1)
        wanted = (resolved(folder, need) for need in row.get("dependencies", {}))
        urls = {package_url("npm", name_of(need), lock[need]["version"]) for need in wanted if need in folders}
        return Library(
            kind="npm",
            name=name_of(folder),
            version=row["version"],
            licence=row.get("license") or manifest.get("license") or UNDECLARED.get(name_of(folder), ""),
            authors=tuple(filter(None, [author(manifest.get("author"))])),
            folder=ROOT / "ui" / folder,
            digest=(f"SHA-{algorithm.removeprefix('sha')}", base64.b64decode(digest).hex()),
            needs=tuple(sorted(urls)),
        )

    def resolved(folder, need):
        """Where Node finds it: in the folder of who wants it, else further up."""
        while folder and f"{folder}/node_modules/{need}" not in lock:
            folder = folder.rpartition("/node_modules/")[0]
        return f"{folder}/node_modules/{need}".lstrip("/")

    return in_order(map(library, folders))


def name_of(folder):
    return folder.rpartition("node_modules/")[2]


def author(said):
    return said["name"] if isinstance(said, dict) else said


def in_order(libraries):
    return sorted(libraries, key=lambda library: (library.kind, library.name, library.version))


def moment():
    """The time that everything here is dated with, in seconds since 1970."""
    return int(os.environ["SOURCE_DATE_EPOCH"])
