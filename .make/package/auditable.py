#!/usr/bin/env python3
"""Checks that each program carries the list of its crates (cargo auditable), and that the bill of materials has them all.

    auditable.py BILL PROGRAM...
"""

import json
import subprocess
import sys
import zlib
from pathlib import Path


def crates(program):
    """The crates that run in a program, by its own account."""
    section = subprocess.run(
        ["objcopy", "-O", "binary", "--only-section=.dep-v0", "--set-section-flags", ".dep-v0=alloc", program, "/dev/stdout"],
        check=True,
        capture_output=True,
    ).stdout
    if not section:
        raise SystemExit(f"{program}: does not carry the list of its crates; build it by cargo auditable")
    packages = json.loads(zlib.decompress(section))["packages"]
    return {(it["name"], it["version"]) for it in packages if it["source"] == "crates.io" and it.get("kind") != "build"}


def main():
    bill, *programs = sys.argv[1:]
    listed = {(it["name"], it["version"]) for it in json.loads(Path(bill).read_text())["components"]}
    for program in programs:
        carried = crates(program)
        missing = sorted(carried - listed)
        if missing:
            raise SystemExit(f"{bill}: lacks {missing}, which {program} carries")
        print(f"{Path(program).name}: carries the list of its {len(carried)} crates, and the bill of materials has them all")


main()
