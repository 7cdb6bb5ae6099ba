"""A reader written from the page about the format alone opens the vault that the program makes."""

import base64
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as s

from keys import Key

READER = Path(__file__).parent.parent / "readers" / "vault_v1.py"
PASSPHRASE = "correct hörse battery"

NAMES = ["p521-xzero", "ed25519", "rsa"]
"""A few kinds of key: each opening costs what a guess is meant to cost."""


@pytest.fixture(scope="module")
def vault(kw, keys):
    """A vault with keys, imported from the files that cryptography wrote."""
    options = ["--vault", kw.folder / "vault.kwv", "--passphrase-file", kw.file(PASSPHRASE, "passphrase")]
    kw.run("vault", "create", *options)
    for name in NAMES:
        alg = keys[name].algs[0]
        kw.run("key", "import", keys[name].path, "--alg", alg, "--name", name, *options)
    return options


def read(vault, passphrase: str = PASSPHRASE) -> subprocess.CompletedProcess:
    path = vault[3].with_name("reader-passphrase")
    path.write_text(passphrase)
    return subprocess.run([sys.executable, READER, vault[1], "--passphrase-file", path], capture_output=True, text=True)


def test_the_reader_finds_every_key(kw, keys: dict[str, Key], vault):
    done = read(vault)
    assert done.returncode == 0, done.stderr
    records = json.loads(done.stdout)["records"]
    secrets = {}
    for record in records:
        if isinstance(record["secret"], dict):
            private = s.load_der_private_key(base64.b64decode(record["secret"]["base64"]), None)
            secrets[json.loads(record["metadata"])["name"]] = private
    assert set(secrets) == set(NAMES)
    assert all(keys[name].same_private(private) for name, private in secrets.items())


def test_what_is_exported_is_what_was_imported(kw, keys, vault):
    out = kw.folder / "exported"
    kw.run("key", "export", "p521-xzero", "--private", "--to", "pkcs8", "-o", out, *vault)
    assert keys["p521-xzero"].same_private(s.load_pem_private_key(out.read_bytes(), None))
    assert out.stat().st_mode & 0o777 == 0o600


def test_both_refuse_a_wrong_passphrase(kw, vault):
    assert "the passphrase does not open this vault" in read(vault, "wrong horse").stderr
    kw.run("key", "list", *vault[:2], "--passphrase-file", kw.file("wrong horse", "passphrase"), expect=8)


def test_both_refuse_a_changed_seal(kw, vault):
    copy = kw.folder / "changed.kwv"
    data = bytearray(vault[1].read_bytes())
    with sqlite3.connect(vault[1]) as store:
        (sealed,) = store.execute("SELECT sealed FROM record LIMIT 1").fetchone()
    data[data.index(sealed) + 30] ^= 1
    copy.write_bytes(data)
    changed = [vault[0], copy, *vault[2:]]
    assert "does not open" in read(changed).stderr
    kw.run("key", "list", *changed, expect=8)


def test_nothing_of_a_key_stands_in_the_clear(keys, vault):
    data = vault[1].read_bytes()
    for key in keys.values():
        assert key.der() not in data and key.pem() not in data
        assert key.thumbprint.encode() not in data
        assert key.spki(s.Encoding.DER) not in data


GOLDEN = Path(__file__).parents[2] / "src-tauri/crates/vault/tests/golden"


def test_the_reader_opens_the_golden_vault(tmp_path):
    copy, passphrase = tmp_path / "golden.kwv", tmp_path / "passphrase"
    copy.write_bytes((GOLDEN / "vault-v1.kwv").read_bytes())
    passphrase.write_text("Cafe\u0301 & croissant ")
    command = [sys.executable, READER, copy, "--passphrase-file", passphrase]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads((GOLDEN / "vault-v1.json").read_text())
