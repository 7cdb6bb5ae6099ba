"""OpenSSL's command line and Python's cryptography read every key file we write, and we read theirs."""

import subprocess

import pytest
from cryptography.hazmat.primitives import serialization as s

from keys import EC, NAMES

PASSPHRASE = "correct horse"

# What each kind of key can be written as: our name for it, and cryptography's.
FORMS = [(name, "pkcs8", s.PrivateFormat.PKCS8) for name in NAMES]
FORMS += [(name, "sec1", s.PrivateFormat.TraditionalOpenSSL) for name in EC]
FORMS += [("rsa", "pkcs1", s.PrivateFormat.TraditionalOpenSSL)]


def openssl(*arguments, stdin: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True)
    assert done.returncode == 0, f"openssl {' '.join(map(str, arguments))}\n{done.stderr.decode()}"
    return done.stdout


@pytest.fixture(scope="session")
def passphrase(kw):
    return kw.file(PASSPHRASE + "\n", "passphrase")


def same_public_pem(key, pem: bytes) -> bool:
    return key.same_public(s.load_pem_public_key(pem))


@pytest.mark.parametrize("name, form, _", FORMS)
def test_they_read_the_private_pem_we_write(kw, keys, name, form, _):
    key = keys[name]
    written = kw.convert(key.path, form, "--private")
    assert key.same_private(s.load_pem_private_key(written, None))
    assert same_public_pem(key, openssl("pkey", "-pubout", stdin=written))
    openssl("pkey", "-check", "-noout", stdin=written)


@pytest.mark.parametrize("name", NAMES)
def test_they_read_the_encrypted_pem_we_write(kw, keys, passphrase, name):
    key = keys[name]
    written = kw.convert(key.path, "pkcs8-encrypted", "--private", "--new-key-passphrase-file", passphrase)
    assert written.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    assert key.same_private(s.load_pem_private_key(written, PASSPHRASE.encode()))
    assert same_public_pem(key, openssl("pkey", "-pubout", "-passin", f"file:{passphrase}", stdin=written))
    with pytest.raises(ValueError):
        s.load_pem_private_key(written, b"wrong horse")
    parameters = openssl("asn1parse", stdin=written).decode()
    for expected in ("PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", f":0{600_000:X}"):
        assert expected in parameters, parameters


@pytest.mark.parametrize("name", NAMES)
def test_they_read_the_der_we_write(kw, keys, name):
    key = keys[name]
    private = kw.convert(key.path, "der", "--private")
    assert key.same_private(s.load_der_private_key(private, None))
    assert same_public_pem(key, openssl("pkey", "-inform", "DER", "-pubout", stdin=private))
    public = kw.convert(key.path, "der", "--public")
    assert key.same_public(s.load_der_public_key(public))
    assert same_public_pem(key, openssl("pkey", "-pubin", "-inform", "DER", "-pubout", stdin=public))


@pytest.mark.parametrize("name", NAMES)
def test_they_read_the_public_pem_we_write(kw, keys, name):
    key = keys[name]
    written = kw.convert(key.path, "spki")
    assert written == key.spki(), "one way to write it, and it is the same"
    assert same_public_pem(key, openssl("pkey", "-pubin", "-pubout", stdin=written))


def read_back(kw, key, source, *arguments):
    """We read `source` as this very key."""
    assert kw.thumbprint(source, *arguments) == key.thumbprint
    assert key.same_private(s.load_pem_private_key(kw.convert(source, "pkcs8", "--private", *arguments), None))


@pytest.mark.parametrize("name, form, theirs", FORMS)
def test_we_read_what_cryptography_writes(kw, keys, name, form, theirs):
    key = keys[name]
    read_back(kw, key, kw.file(key.pem(theirs), form))
    read_back(kw, key, kw.file(key.der(theirs), form))


@pytest.mark.parametrize("name", NAMES)
def test_we_read_the_encrypted_files_of_cryptography(kw, keys, passphrase, name):
    key = keys[name]
    sealed = s.BestAvailableEncryption(PASSPHRASE.encode())
    for data in (key.pem(encryption=sealed), key.der(encryption=sealed)):
        source = kw.file(data, "encrypted")
        read_back(kw, key, source, "--key-passphrase-file", passphrase)
        wrong = kw.file("wrong horse", "passphrase")
        kw.run("key", "thumbprint", source, "--key-passphrase-file", wrong, expect=3)


@pytest.mark.parametrize("name", NAMES)
def test_we_read_the_public_files_of_both(kw, keys, name):
    key = keys[name]
    pem = openssl("pkey", "-pubout", stdin=key.pem())
    for data in (key.spki(), key.spki(s.Encoding.DER), pem, openssl("pkey", "-pubin", "-outform", "DER", stdin=pem)):
        assert kw.thumbprint(kw.file(data, "public")) == key.thumbprint


@pytest.mark.parametrize("name", NAMES)
def test_we_read_what_openssl_writes(kw, keys, name):
    key = keys[name]
    for arguments in (["-outform", "PEM"], ["-outform", "DER"], ["-traditional"], ["-traditional", "-outform", "DER"]):
        if "-traditional" in arguments and name == "ed25519":
            continue  # Ed25519 has no older form.
        read_back(kw, key, kw.file(openssl("pkey", *arguments, stdin=key.pem()), "openssl"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cipher, prf", [("aes-256-cbc", "hmacWithSHA256"), ("aes-128-cbc", "hmacWithSHA512")])
def test_we_read_the_encrypted_files_of_openssl(kw, keys, passphrase, name, cipher, prf):
    key = keys[name]
    options = ["-topk8", "-v2", cipher, "-v2prf", prf, "-passout", f"file:{passphrase}"]
    for form in ("PEM", "DER"):
        sealed = openssl("pkcs8", *options, "-outform", form, stdin=key.pem())
        read_back(kw, key, kw.file(sealed, "encrypted"), "--key-passphrase-file", passphrase)


@pytest.mark.parametrize("curve, crv", [("prime256v1", "p256"), ("secp384r1", "p384"), ("secp521r1", "p521"), ("secp256k1", "secp256k1")])
def test_we_read_keys_that_openssl_makes(kw, curve, crv):
    """`openssl ecparam` writes the parameters before the key, as many guides have it."""
    pem = openssl("ecparam", "-name", curve, "-genkey")
    assert b"EC PARAMETERS" in pem
    theirs = openssl("pkey", "-pubout", stdin=pem)
    assert kw.convert(kw.file(pem, crv), "spki") == theirs


@pytest.mark.parametrize("name", NAMES)
def test_a_key_survives_every_form_in_turn(kw, keys, passphrase, name):
    key, source = keys[name], keys[name].path
    older = "pkcs1" if name == "rsa" else "sec1" if name in EC else "jwk"
    for form in ("jwk", "der", older, "pkcs8", "jwks", "pkcs8"):
        source = kw.file(kw.convert(source, form, "--private"), form)
    assert key.same_private(s.load_pem_private_key(source.read_bytes(), None))
