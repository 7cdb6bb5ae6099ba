#!/usr/bin/env python3
"""Reads a Keywright vault of format 1. Written from docs/formats/vault-v1.md alone, to show that the page is enough.

    vault_v1.py VAULT --passphrase-file FILE

Prints everything in the vault as JSON, secrets too: for tests and for emergencies. Needs argon2-cffi and PyNaCl.
"""

import argparse
import base64
import hashlib
import hmac
import json
import sqlite3
import struct
import sys
import unicodedata
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as aead_open
from nacl.exceptions import CryptoError

FORMAT = struct.pack("<I", 1)
APPLICATION_ID = 0x4B575631
DATA_KEY, METADATA, SECRET, TOMBSTONE = 1, 2, 3, 4


class Refused(Exception):
    """The file is not a vault that this reader opens; the text says why."""


def field(data):
    return struct.pack("<I", len(data)) + data


def fields(label, *parts):
    return b"".join(map(field, (label.encode("ascii"), *parts)))


def hkdf(key, salt, label):
    """HKDF-SHA256 for one block of output (RFC 5869)."""
    extracted = hmac.digest(salt, key, "sha256")
    return hmac.digest(extracted, label.encode("ascii") + b"\x01", "sha256")


def unseal(key, sealed, aad, what):
    try:
        return aead_open(sealed[24:], aad, sealed[:24], key)
    except (CryptoError, ValueError) as error:
        raise Refused(f"{what} does not open") from error


def readable(secret):
    """Text as it is; other bytes, such as a key in DER, as base64 that says so."""
    try:
        return secret.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(secret).decode("ascii")}


def unpad(padded, what):
    (length,) = struct.unpack_from("<I", padded)
    end = 4 + length
    if len(padded) != -(-end // 256) * 256 or any(padded[end:]):
        raise Refused(f"{what} is padded in another way")
    return padded[4:end]


class Vault:
    def __init__(self, path, passphrase):
        # Read-only, one transaction: one moment of the vault.
        self.db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        self.db.execute("BEGIN")
        if self.pragma("application_id") != APPLICATION_ID:
            raise Refused("this is not a Keywright vault")
        if self.pragma("user_version") != 1:
            raise Refused(f"format {self.pragma('user_version')} is not known here")

        format_, self.id, self.created, checksum = self.row("SELECT format, vault_id, created, checksum FROM header")
        header = fields("keywright vault header checksum", FORMAT, self.id, struct.pack("<q", self.created))
        if format_ != 1 or hashlib.sha256(header).digest()[:16] != checksum:
            raise Refused("the header does not match its checksum")

        columns = "id, type, created, params, salt, commitment, alg, wrapped, checksum"
        self.slots = list(self.db.execute(f"SELECT {columns} FROM slot ORDER BY id"))
        columns = "id, revision, state, kind, alg, data_key, sealed, secret_tag"
        self.rows = sorted(self.db.execute(f"SELECT {columns} FROM record"))
        self.sealed_secrets = dict(self.db.execute("SELECT record_id, sealed FROM secret"))
        self.epoch, self.tag = self.row("SELECT epoch, tag FROM manifest")

        self.master = self.open_slot(passphrase)
        self.wrap = self.derive(self.master, "keywright vault v1 record wrap")
        if not hmac.compare_digest(self.manifest(), self.tag):
            raise Refused("the manifest does not agree with the slots and records")
        if {row[0] for row in self.rows if row[7] is not None} != set(self.sealed_secrets):
            raise Refused("a secret is missing, or belongs to no record")

    def pragma(self, name):
        return self.row(f"PRAGMA {name}")[0]

    def row(self, query):
        found = self.db.execute(query).fetchone()
        if found is None:
            raise Refused(f"no answer to {query!r}")
        return found

    def derive(self, key, label):
        return hkdf(key, self.id, label)

    def slot_fields(self, label, slot, *more):
        number, kind, created, params, salt, commitment, alg = slot[:7]
        head = FORMAT, self.id, bytes([number]), bytes([kind]), struct.pack("<q", created)
        return fields(label, *head, params, salt, commitment, bytes([alg]), *more)

    def open_slot(self, passphrase):
        passphrase = unicodedata.normalize("NFC", passphrase).encode("utf-8")
        for slot in self.slots:
            number, kind, _, params, salt, commitment, alg, wrapped, checksum = slot
            text = self.slot_fields("keywright vault slot checksum", slot, wrapped)
            if hashlib.sha256(text).digest()[:16] != checksum:
                raise Refused(f"slot {number} does not match its checksum")
            if kind != 1:
                continue
            version, memory, passes, lanes = struct.unpack("<BIII", params)
            bounded = memory <= 2 << 20 and passes <= 32 and lanes <= 16
            if not bounded or version != 0x13 or not 16 <= len(salt) <= 64 or alg != 1:
                raise Refused(f"slot {number} asks for too much, or for something else")
            key = hash_secret_raw(passphrase, salt, passes, memory, lanes, 32, Type.ID, version)
            if hmac.compare_digest(self.derive(key, "keywright vault v1 slot commitment"), commitment):
                wrap = self.derive(key, "keywright vault v1 slot wrap")
                return unseal(wrap, wrapped, self.slot_fields("keywright vault slot", slot), f"slot {number}")
        raise Refused("the passphrase does not open this vault")

    def manifest(self):
        buckets = [b"" for _ in range(256)]
        counts = [0] * 256
        for id_, revision, state, kind, alg, data_key, sealed, secret_tag in self.rows:
            head = id_ + struct.pack("<QBBB", revision, state, kind, alg)
            tail = bytes([secret_tag is not None]) + (secret_tag or bytes(16))
            buckets[id_[0]] += head + data_key[-16:] + sealed[-16:] + tail
            counts[id_[0]] += 1
        hashes = b""
        for number, leaves in enumerate(buckets):
            count = struct.pack("<I", counts[number])
            hashes += hashlib.sha256(fields("keywright vault bucket", bytes([number]), count) + leaves).digest()
        slots = [self.slot_fields("keywright vault slot", slot) + field(slot[7]) for slot in self.slots]
        slots = hashlib.sha256(fields("keywright vault slots", *slots)).digest()
        created, epoch = struct.pack("<q", self.created), struct.pack("<Q", self.epoch)
        text = fields("keywright vault manifest", FORMAT, self.id, created, slots, hashes, epoch)
        return hmac.digest(self.derive(self.master, "keywright vault v1 manifest"), text, "sha256")

    def contents(self):
        """Every record and tombstone, opened."""
        records, tombstones = [], []
        for id_, revision, state, kind, alg, data_key, sealed, secret_tag in self.rows:
            def aad(part):
                numbers = struct.pack("<Q", revision), bytes([kind]), bytes([part]), bytes([alg])
                return fields("keywright vault record", FORMAT, self.id, id_, *numbers)

            name = f"record {id_.hex()}"
            key = unseal(self.wrap, data_key, aad(DATA_KEY), f"the data key of {name}")
            text = unpad(unseal(key, sealed, aad(TOMBSTONE if state else METADATA), name), name).decode("utf-8")
            if state:
                tombstones.append({"id": id_.hex(), "kind": kind, "text": text})
                continue
            secret = None
            if secret_tag is not None:
                hidden = self.sealed_secrets[id_]
                if hidden[-16:] != secret_tag:
                    raise Refused(f"the secret of {name} is another one")
                secret = unpad(unseal(key, hidden, aad(SECRET), f"the secret of {name}"), name)
                secret = readable(secret)
            records.append({"id": id_.hex(), "revision": revision, "kind": kind, "metadata": text, "secret": secret})
        return records, tombstones


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("vault", type=Path)
    options.add_argument("--passphrase-file", type=Path, required=True)
    chosen = options.parse_args()
    try:
        vault = Vault(chosen.vault, chosen.passphrase_file.read_text(encoding="utf-8"))
        records, tombstones = vault.contents()
    except (Refused, sqlite3.Error) as error:
        print(f"{chosen.vault}: {error}", file=sys.stderr)
        return 1
    found = {"vault": vault.id.hex(), "created": vault.created, "epoch": vault.epoch}
    print(json.dumps({**found, "records": records, "tombstones": tombstones}, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
