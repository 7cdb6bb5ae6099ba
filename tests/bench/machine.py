"""What the figures were measured on, and with."""

import os
import platform
import re
import subprocess
from pathlib import Path


def describe(tools):
    """Pairs of a name and its value: the machine, the compiler, and each tool measured against."""
    rows = [
        ("processor", f"{processor()}, {os.cpu_count()} logical cores"),
        ("memory", memory()),
        ("system", system()),
        ("compiler", first_line(["rustc", "--version"])),
        ("Keywright", version_of_keywright()),
        ("engine", "aws-lc-rs " + locked("aws-lc-rs")),
        ("store", "rusqlite " + locked("rusqlite")),
    ]
    return rows + [(tool.name, tool.version) for tool in tools.others]


def processor():
    match = re.search(r"^model name\s*:\s*(.+)$", read("/proc/cpuinfo"), re.MULTILINE)
    return match.group(1) if match else platform.processor() or platform.machine()


def memory():
    match = re.search(r"^MemTotal:\s*(\d+) kB$", read("/proc/meminfo"), re.MULTILINE)
    return f"{int(match.group(1)) / 2**20:.0f} GiB" if match else "unknown"


def system():
    match = re.search(r'^PRETTY_NAME="(.+)"$', read("/etc/os-release"), re.MULTILINE)
    return f"{match.group(1) if match else platform.system()}, kernel {platform.release()}"


def version_of_keywright():
    commit = first_line(["git", "describe", "--always", "--dirty"])
    version = re.search(r'^version = "(.+)"$', read("Cargo.toml"), re.MULTILINE).group(1)
    return f"{version}, commit {commit}, release profile"


def locked(crate):
    match = re.search(rf'name = "{crate}"\nversion = "(.+)"', read("Cargo.lock"))
    return match.group(1) if match else "?"


def first_line(command):
    run = subprocess.run(command, capture_output=True, text=True)
    return (run.stdout or run.stderr).strip().splitlines()[0]


def read(path):
    try:
        return Path(path).read_text()
    except OSError:
        return ""
