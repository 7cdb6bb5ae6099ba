#!/usr/bin/env python3
"""Writes the bill of materials of the packages to stdout: CycloneDX 1.5 as JSON, of the crates that are linked and the npm
packages that the page carries."""

import datetime
import json
import sys
import uuid

import libraries

REPOSITORY = "https://github.com/keywright/keywright"


def component(library):
    algorithm, digest = library.digest
    return {
        "type": "library",
        "bom-ref": library.url,
        "name": library.name,
        "version": library.version,
        "purl": library.url,
        "hashes": [{"alg": algorithm, "content": digest}],
        "licenses": [{"expression": " OR ".join(part.strip() for part in library.licence.split("/"))}],
    }


def main():
    version = libraries.own_version()
    found = libraries.linked() + libraries.carried()
    this = f"pkg:github/keywright/keywright@{version}"
    needed = {need for library in found for need in library.needs}
    made = datetime.datetime.fromtimestamp(libraries.moment(), datetime.timezone.utc)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join([this, *(library.url for library in found)]))}",
        "version": 1,
        "metadata": {
            "timestamp": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": this,
                "name": "keywright",
                "version": version,
                "purl": this,
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
                "externalReferences": [{"type": "vcs", "url": REPOSITORY}],
            },
        },
        "components": [component(library) for library in found],
        # Of the crates and packages of others, those that nobody else wants are wanted by the program itself.
        "dependencies": [
            {"ref": this, "dependsOn": [library.url for library in found if library.url not in needed]},
            *({"ref": library.url, "dependsOn": list(library.needs)} for library in found),
        ],
    }
    json.dump(bill, sys.stdout, indent=1)
    print()


main()
