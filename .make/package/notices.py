#!/usr/bin/env python3
"""Writes the copyright file of the packages (DEP-5): our own licences, and those of every library inside, with their texts.

    notices.py                  to stdout
    notices.py --check          nothing, or every library whose licence text is missing, and a failure
    notices.py --check FOLDER   as if a library under MIT lay in this folder too

A text is taken from the library itself, as it was downloaded by the locks, and stands once: a licence whose words differ
has a number behind its name. Copyright lines stand with the library.
"""

import re
import sys
from pathlib import Path

import libraries

# Libraries that come without the text of their licence: the text is that of others of the same licence, and the holders are
# those whom the package names.
WITHOUT_TEXT = {
    "alloc-stdlib": "its repository has the text of alloc-no-stdlib",
    "cms": "its repository, RustCrypto/formats, has Apache's and MIT's for all its crates",
    "dlopen2": "its repository has MIT's",
    "dlopen2_derive": "as dlopen2",
    "libappindicator-sys": "its repository, tauri-apps/libappindicator-rs, has Apache's and MIT's",
    "selectors": "its repository, servo/stylo, has Mozilla's",
    "ts-rs": "its repository, Aleph-Alpha/ts-rs, has MIT's",
    "ts-rs-macros": "as ts-rs",
}

# A sentence that stands in each licence and in no other.
SENTENCES = {
    "0BSD": r"Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is "
    r"hereby granted\. THE SOFTWARE",
    "Apache-2.0": r"Apache License,? Version 2\.0, January 2004",
    "BSD-2-Clause": r"reproduce the above copyright notice, this list of conditions and the following disclaimer in the "
    r"documentation and/or other materials provided with the distribution\. THIS SOFTWARE",
    "BSD-3-Clause": r"may be used to endorse or promote products derived",
    "BSL-1.0": r"Boost Software License - Version 1\.0",
    "CC0-1.0": r"CC0 1\.0 Universal",
    "CDLA-Permissive-2.0": r"Community Data License Agreement - Permissive - Version 2\.0",
    "ISC": r"Permission to use, copy, modify, and/?(or)? distribute this software for any purpose with or without fee is "
    r"hereby granted, provided that",
    "MIT": r"The above copyright notice and this permission notice( \(including the next paragraph\))? shall be included",
    "MIT-0": r"to deal in the Software without restriction,.{0,200}to permit persons to whom the Software is furnished "
    r"to do so\. THE SOFTWARE",
    "MPL-2.0": r"Mozilla Public License,? Version 2\.0 1\. Definitions",
    "OFL-1.1": r"SIL OPEN FONT LICENSE Version 1\.1",
    "Unicode-3.0": r"UNICODE LICENSE V3",
    "Unlicense": r"This is free and unencumbered software released into the public domain",
    "Zlib": r"Altered source versions must be plainly marked as such",
}

# Its words begin and end here: titles before, and forms to fill in after them, differ and mean nothing.
WORDS = {
    "Apache-2.0": ("1 definitions", "end of terms and conditions"),
    "BSD-2-Clause": ("redistribution and use", None),
    "BSD-3-Clause": ("redistribution and use", None),
    "ISC": ("permission to use", None),
    "MIT": ("permission is hereby granted", None),
    "MPL-2.0": ("1 definitions", None),
}

LICENCE_FILE = re.compile(r"^(un)?(licen[cs]e|copying|copyright|notice|ofl)", re.IGNORECASE)
HOLDER = re.compile(r"^\W*(copyright\b\W*((\(c\)|©|\d{4}|the |by )|[A-Z])|\(c\)\W*\d{4}|©)", re.IGNORECASE)
NO_HOLDER = re.compile(
    r"\[yyyy\]|\{yyyy\}|<year>|copyright (notice|licen[cs]e|owner|holder|law|statement|and|interest|in)\b", re.IGNORECASE
)


def plain(text):
    """The words alone: the same licence is wrapped in many ways."""
    return " ".join(re.sub(r"[\"'“”‘’`*#=_|>]", " ", text).split())


def is_holder(line):
    return bool(HOLDER.match(line)) and not NO_HOLDER.search(line)


def essence(licence, text):
    """What makes two texts of a licence the same one."""
    words = " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("http://", "https://")))
    start, end = WORDS.get(licence, (None, None))
    if start:
        words = words[max(words.find(start), 0) :]
    return words[: words.find(end)] if end and end in words else words


class Texts:
    """Every licence text that was met, each once under a name of its own."""

    def __init__(self):
        self.names = {}
        self.bodies = {}

    def name(self, licence, text):
        lines = [line.rstrip() for line in text.replace("\t", "    ").splitlines() if not is_holder(line)]
        body = "\n".join(lines).strip("\n")
        key = (licence, essence(licence, body))
        if key not in self.names:
            name, number = licence, 1
            while name in self.bodies:
                number += 1
                name = f"{licence}-text-{number}"
            self.names[key] = name
            self.bodies[name] = body
        return self.names[key]


def licence_files(library):
    """Its files that speak of licences, also those of the foreign code inside of it."""
    found = (path for path in sorted(library.folder.rglob("*")) if LICENCE_FILE.match(path.name) and path.is_file())
    outside = (path for path in found if "node_modules" not in path.relative_to(library.folder).parts)
    for path in outside:
        if path.suffix.lower() not in (".rs", ".js", ".ts", ".go", ".py", ".html", ".spdx", ".json", ".map", ".hpp", ".h"):
            text = path.read_text(encoding="utf-8", errors="replace")
            # Some stand in the comments of the language.
            yield path.name, re.sub(r"(?m)^// ?", "", text)


def licences_in(text):
    words = plain(text)
    found = [name for name, sentence in SENTENCES.items() if re.search(sentence, words, re.IGNORECASE)]
    # The longer text of these contains the words of the shorter.
    return [name for name in found if not (name == "BSD-2-Clause" and "BSD-3-Clause" in found)]


class Read:
    """One library's licence files, read."""

    def __init__(self, library, texts):
        self.holders, self.notices, self.by_licence = [], [], {}
        for file, text in licence_files(library):
            found = licences_in(text)
            self.holders += [line.strip(" \t#*/-") for line in text.splitlines() if is_holder(line)]
            if len(found) == 1:
                self.by_licence.setdefault(found[0], texts.name(found[0], text))
            elif found:
                # Several in one file: it stays whole.
                name = texts.name(f"{library.name.strip('@').replace('/', '-')}-licences", text)
                self.by_licence.update({licence: name for licence in found if licence not in self.by_licence})
            elif file.upper().startswith("NOTICE"):
                self.notices.append(text.strip())
        if not self.holders:
            self.holders = list(library.authors) or [f"the authors of {library.name}"]


def parse(expression):
    """An SPDX expression as nested lists: ["or", a, b], ["and", a, b] or a name."""
    words = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))

    def chain(operator, operand):
        parts = [operand()]
        while words and words[0].upper() == operator:
            words.pop(0)
            parts.append(operand())
        return parts[0] if len(parts) == 1 else [operator.lower(), *parts]

    def one():
        word = words.pop(0)
        if word == "(":
            inside = either()
            words.pop(0)
            return inside
        if words and words[0].upper() == "WITH":
            word = f"{word} {words.pop(0)} {words.pop(0)}"
        return word

    def either():
        return chain("OR", lambda: chain("AND", one))

    return either()


def settled(tree, name_of):
    """The expression with the names of texts; of alternatives, those whose text is here. None where one is missing."""
    if isinstance(tree, str):
        return name_of(tree)
    operator, *parts = tree
    named = [settled(part, name_of) for part in parts]
    if operator == "and" and None in named:
        return None
    named = list(dict.fromkeys(part for part in named if part))
    if len(named) < 2:
        return named[0] if named else None
    return f" {operator} ".join(f"({part})" if " " in part else part for part in named)


def folded(text):
    """As a field of several lines: each begins with a blank, and an empty one is a dot."""
    return "\n".join(f" {line}" if line.strip() else " ." for line in text.splitlines())


def field(name, lines):
    first, *rest = lines
    return "\n".join([f"{name}: {first}", *(f" {line}" for line in rest)])


HEADER = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Keywright
Source: https://github.com/keywright/keywright
Comment: The programs carry libraries. They are named here as crates/NAME-VERSION and npm/NAME-VERSION, each with its holders and
 its licence, and the text of every licence stands at the end. Made from Cargo.lock and ui/package-lock.json.
 .
 SQLite, which libsqlite3-sys brings along, is in the public domain (https://www.sqlite.org/copyright.html)."""


def planted(folder):
    """A library that a test makes, to see that a missing text is found."""
    return libraries.Library("cargo", folder.name, "1.0.0", "MIT", (), folder, ("SHA-256", ""))


def main():
    texts = Texts()
    # Ours first: a licence without a number is as it stands here.
    own = {"MIT": "LICENSE-MIT", "Apache-2.0": "LICENSE-APACHE"}
    ours = " or ".join(texts.name(licence, (libraries.ROOT / file).read_text()) for licence, file in own.items())
    found = libraries.linked() + libraries.carried()
    if sys.argv[1:2] == ["--check"]:
        found += [planted(Path(folder)) for folder in sys.argv[2:]]
    read = {library.url: Read(library, texts) for library in found}
    stanzas = [HEADER, "\n".join(["Files: *", "Copyright: the Keywright authors", f"License: {ours}"])]
    missing = []
    for library in found:
        have = read[library.url]
        if library.kind == "cargo" and library.name in WITHOUT_TEXT:
            licence = settled(parse(library.licence), lambda name: name if name in texts.bodies else None)
        else:
            licence = settled(parse(library.licence), have.by_licence.get) if library.licence else None
        if licence is None:
            missing.append(f"{library.url}: {library.licence or 'no licence'}, with {sorted(have.by_licence) or 'no text'}")
            continue
        place = "crates" if library.kind == "cargo" else "npm"
        stanza = [f"Files: {place}/{library.name}-{library.version}/*", field("Copyright", list(dict.fromkeys(have.holders)))]
        stanza.append(f"License: {licence}")
        if have.notices:
            stanza.append("Comment:\n" + folded("\n\n".join(dict.fromkeys(have.notices))))
        stanzas.append("\n".join(stanza))
    unused = sorted(set(WITHOUT_TEXT) - {library.name for library in found if library.kind == "cargo"})
    missing += [f"{name}: stands in WITHOUT_TEXT and is not linked" for name in unused]
    missing += [
        f"{library.url}: stands in WITHOUT_TEXT and has a text"
        for library in found
        if library.kind == "cargo" and library.name in WITHOUT_TEXT and read[library.url].by_licence
    ]
    if missing:
        print("\n".join(missing), file=sys.stderr)
        sys.exit(1)
    if "--check" in sys.argv:
        return
    licences = [line for stanza in stanzas for line in stanza.splitlines() if line.startswith("License: ")]
    named = {word.strip("()") for line in licences for word in line.split()}
    stanzas += [f"License: {name}\n{folded(body)}" for name, body in sorted(texts.bodies.items()) if name in named]
    print("\n\n".join(stanzas))


main()
