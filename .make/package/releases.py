#!/usr/bin/env python3
"""Turns CHANGELOG.md into the form that each packager reads.

    releases.py debian VERSION     the changelog of Debian for this version of the package
    releases.py rpm VERSION        the same for rpm
    releases.py metainfo FILE      the AppStream file with every release in it

A heading is "## 1.2.3 (2027-01-31)", or "## Unreleased" for what the next version will have. The first paragraph below it
says what the release is.
"""

import datetime
import re
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import libraries

MAINTAINER = re.search(r"Maintainer: (.*)", (Path(__file__).parent / "control").read_text())[1]


def releases():
    """Version, date and first paragraph of each release, newest first; what is not released yet is dated by its build."""
    text = (libraries.ROOT / "CHANGELOG.md").read_text()
    built = datetime.datetime.fromtimestamp(libraries.moment(), datetime.timezone.utc).date()
    for block in text.split("\n## ")[1:]:
        heading, _, body = block.partition("\n")
        named = re.fullmatch(r"(\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)", heading.strip())
        if named:
            version, date = named[1], datetime.date.fromisoformat(named[2])
        elif heading.strip() == "Unreleased":
            version, date = libraries.own_version(), built
        else:
            raise SystemExit(f'CHANGELOG.md: "{heading}" is neither "1.2.3 (2027-01-31)" nor "Unreleased"')
        yield version, date, " ".join(body.strip().split("\n\n")[0].split()), named is not None


def sentence_of(version):
    """What the release is. A package of another number, as tests build, has the newest."""
    found = list(releases())
    said = [text for name, _, text, _ in found if version.partition("-")[0] == name]
    return (said or [found[0][2]])[0]


def debian(version):
    date = datetime.datetime.fromtimestamp(libraries.moment(), datetime.timezone.utc)
    said = f"  * {sentence_of(version)}"
    print(f"keywright ({version}) unstable; urgency=medium\n\n{said}\n\n -- {MAINTAINER}  {date:%a, %d %b %Y %H:%M:%S +0000}")


def rpm(version):
    date = datetime.datetime.fromtimestamp(libraries.moment(), datetime.timezone.utc)
    print(f"* {date:%a %b %d %Y} {MAINTAINER} - {version}\n- {sentence_of(version)}")


def metainfo(file):
    rows = []
    for version, date, text, released in releases():
        kind = "stable" if released else "development"
        rows.append(f'    <release version="{version}" date="{date}" type="{kind}">')
        rows.append(f"      <description>\n        <p>{escape(text)}</p>\n      </description>\n    </release>")
    print(Path(file).read_text().replace("  <releases/>", "\n".join(["  <releases>", *rows, "  </releases>"])), end="")


{"debian": debian, "rpm": rpm, "metainfo": metainfo}[sys.argv[1]](sys.argv[2])
