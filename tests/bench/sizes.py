"""What a download and an installation weigh, in bytes, beside other keepers of secrets from Debian."""

import re
import subprocess
import tempfile
from pathlib import Path

MB = 1_000_000
MOST_COMMAND_LINE, MOST_PACKAGE = 12 * MB, 10 * MB


def measure(target):
    """Rows of a name and its bytes. A package that was not built, or that apt does not know, has no row."""
    found = {"keywright, stripped": stripped(target / "release" / "keywright")}
    for package in sorted((target / "package").glob("*.deb")):
        found["package of Keywright"] = package.stat().st_size
    for name in ("keepassxc", "xca"):
        said = subprocess.run(["apt-cache", "show", "--no-all-versions", name], capture_output=True, text=True).stdout
        size = re.search(r"^Size: (\d+)$", said, re.MULTILINE)
        if size:
            found[f"package of {name}"] = int(size.group(1))
    return found


def goals(found):
    """Each goal: in words, the most that it allows, what was measured, and how it is written."""
    for name, most in (("keywright, stripped", MOST_COMMAND_LINE), ("package of Keywright", MOST_PACKAGE)):
        if name in found:
            yield f"size: {name}, at most {megabytes(most)}", most, found[name], megabytes


def megabytes(size):
    return f"{size / MB:.1f} MB"


def stripped(program):
    with tempfile.TemporaryDirectory(prefix="keywright-bench-") as folder:
        copy = Path(folder) / program.name
        subprocess.run(["strip", "--strip-all", "-o", copy, program], check=True)
        return copy.stat().st_size
