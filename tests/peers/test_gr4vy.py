"""Gr4vy's own packages, from npm and from PyPI: same key, same kid, same header, each takes the other's tokens."""

import json

import gr4vy.auth
import jwt
import pytest
from cryptography.hazmat.primitives import serialization as s

from program import change_claims, change_signature, claims

P521 = ["p521", "p521-xzero", "p521-yzero"]


def typescript(sdk, pem: str, **options) -> str:
    return sdk.ask(act="gr4vyToken", pem=pem, **options)["answer"]


def raw_header(token: str) -> bytes:
    return jwt.utils.base64url_decode(token.split(".")[0])


@pytest.mark.parametrize("name", P521)
def test_the_header_is_the_same(kw, keys, sdk, name):
    key = keys[name]
    pem = key.pem().decode()
    ours = kw.sign(key.path, "ES512", claims())
    npm = typescript(sdk, pem)
    pypi = gr4vy.auth.get_token(pem)
    assert raw_header(ours) == raw_header(npm), "even the order of the members"
    assert json.loads(raw_header(ours)) == json.loads(raw_header(pypi))
    assert json.loads(raw_header(ours))["kid"] == key.thumbprint == kw.thumbprint(key.path)


@pytest.mark.parametrize("name", P521)
def test_we_verify_theirs(kw, keys, sdk, name):
    key = keys[name]
    pem = key.pem().decode()
    public = kw.file(key.spki(), "spki")
    jwks = kw.file(kw.convert(key.path, "jwks", "--public"), "jwks")
    embed = {"amount": 1299, "currency": "GBP", "buyerId": "fe26475d-ec3e-4884-9553-f7356683f7f9"}
    tokens = [
        typescript(sdk, pem),
        typescript(sdk, pem, scopes=["embed"], embedParams=embed, expiresIn="1h"),
        gr4vy.auth.get_token(pem),
        gr4vy.auth.get_token(pem, ["transactions.read"], 60),
    ]
    for token in tokens:
        kw.verify(token, public)
        kw.run("token", "verify", token, "--jwks", jwks)
        kw.verify(change_signature(token), public, expect=4)
        other = keys[next(other for other in P521 if other != name)]
        kw.verify(token, other.path, expect=4)


@pytest.mark.parametrize("name", P521)
def test_they_verify_ours(kw, keys, sdk, name):
    key = keys[name]
    pem = key.pem().decode()
    wanted = claims(checkout_session_id="4137b1cf-39ac-42a8-bad6-1c680d5dab6b")
    token = kw.sign(key.path, "ES512", wanted)
    assert jwt.decode(token, key.public, algorithms=["ES512"]) == wanted
    updated = sdk.ask(act="gr4vyUpdate", pem=pem, token=token)["answer"]
    again = jwt.decode(updated, key.public, algorithms=["ES512"])
    assert again["scopes"] == wanted["scopes"]
    assert again["checkout_session_id"] == wanted["checkout_session_id"]
    for changed in (change_signature(token), change_claims(token)):
        assert sdk.ask(act="gr4vyUpdate", pem=pem, token=changed) == {"error": "invalid signature"}
        with pytest.raises(jwt.InvalidSignatureError):
            jwt.decode(changed, key.public, algorithms=["ES512"])


@pytest.mark.parametrize("name", P521)
def test_their_packages_take_the_key_files_we_write(kw, keys, sdk, name):
    key = keys[name]
    for form in ("pkcs8", "sec1"):
        pem = kw.convert(key.path, form, "--private").decode()
        for token in (typescript(sdk, pem), gr4vy.auth.get_token(pem)):
            assert jwt.get_unverified_header(token)["kid"] == key.thumbprint
            kw.verify(token, key.path)


def test_our_claims_from_a_recipe_are_of_their_kind(kw, keys, sdk):
    """Time expressions are resolved when signing: the same members, integers all, as in their tokens."""
    key = keys["p521"]
    recipe = {
        "scopes": ["*.read", "*.write"],
        "iat": "$now",
        "nbf": "$now",
        "exp": "$now+30s",
        "iss": "keywright tests",
        "jti": "$uuid",
    }
    ours = jwt.decode(kw.sign(key.path, "ES512", recipe), key.public, algorithms=["ES512"])
    theirs = jwt.decode(typescript(sdk, key.pem().decode()), key.public, algorithms=["ES512"])
    assert list(ours) == list(theirs)
    assert {name: type(value) for name, value in ours.items()} == {name: type(value) for name, value in theirs.items()}
    assert ours["exp"] - ours["nbf"] == theirs["exp"] - theirs["nbf"] == 30
    assert len(ours["jti"]) == len(theirs["jti"]) == 36


def test_public_keys_for_the_dashboard_are_plain_spki(kw, keys):
    pem = kw.convert(keys["p521-xzero"].path, "spki")
    assert keys["p521-xzero"].same_public(s.load_pem_public_key(pem))
