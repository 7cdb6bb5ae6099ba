"""PyJWT, which also knows secp256k1 and takes a leeway of its own."""

import json

import jwt
import pytest
from conftest import SECRET

from keys import SIGNERS
from program import change_claims, change_signature, claims

ALL = [*SIGNERS, ("secp256k1", "ES256K")]


@pytest.mark.parametrize("name, alg", ALL)
def test_it_verifies_ours(kw, keys, name, alg):
    wanted = claims()
    token = kw.sign(keys[name].path, alg, wanted)
    assert jwt.decode(token, keys[name].public, algorithms=[alg]) == wanted
    for changed in (change_signature(token), change_claims(token)):
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(changed, keys[name].public, algorithms=[alg])


@pytest.mark.parametrize("name, alg", ALL)
def test_we_verify_its(kw, keys, name, alg):
    key = keys[name]
    token = jwt.encode(claims(), key.private, algorithm=alg, headers={"kid": key.thumbprint})
    kw.verify(token, key.path, "--alg", alg)
    kw.verify(change_signature(token), key.path, "--alg", alg, expect=4)
    kw.verify(change_claims(token), key.path, "--alg", alg, expect=4)


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_shared_secrets_go_both_ways(kw, secret, alg):
    wanted = claims()
    ours = kw.sign(secret, alg, wanted, "--secret-encoding", "utf8")
    assert jwt.decode(ours, SECRET, algorithms=[alg]) == wanted
    theirs = jwt.encode(wanted, SECRET, algorithm=alg)
    kw.verify(theirs, secret, "--secret-encoding", "utf8", "--alg", alg)
    kw.verify(change_claims(theirs), secret, "--secret-encoding", "utf8", "--alg", alg, expect=4)


def test_an_expired_token_of_theirs_is_good_and_too_old(kw, keys):
    key = keys["p521"]
    old = claims(iat=1_700_000_000, nbf=1_700_000_000, exp=1_700_000_030)
    token = jwt.encode(old, key.private, algorithm="ES512")
    kw.verify(token, key.path, expect=5)
    kw.verify(token, key.path, "--signature-only")
    kw.verify(token, key.path, "--at", "1700000010")


def test_numbers_and_member_order_are_signed_as_typed(kw, keys):
    key = keys["ed25519"]
    text = '{"uid":12345678901234567890,"amt":10.10,"big":1e400,"é":"\\u00e9","a":{"z":1,"a":2}}'
    token = kw.sign(key.path, "EdDSA", text, "--literal")
    body = jwt.api_jws.decode(token, key.public, algorithms=["EdDSA"])
    assert body.decode() == text


@pytest.mark.parametrize("name, alg", ALL)
def test_its_reader_takes_our_jwk(kw, keys, name, alg):
    key = keys[name]
    public = json.loads(kw.convert(key.path, "jwk", "--public"))
    assert key.same_public(jwt.PyJWK(public, algorithm=alg).key)
    assert "d" not in public
    private = json.loads(kw.convert(key.path, "jwk", "--private"))
    assert key.same_private(jwt.PyJWK(private, algorithm=alg).key)
