"""The `jose` package as a server with a key set, and as a library."""

import json
import urllib.error
import urllib.request

import pytest

from keys import SIGNERS
from program import PATIENCE, change_claims, change_signature, claims

HMACS = ["HS256", "HS384", "HS512"]


def get(server, path: str, token: str | None):
    request = urllib.request.Request(server.address + path)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.mark.parametrize("name, alg", SIGNERS)
def test_the_server_accepts_our_token(kw, keys, server, name, alg):
    wanted = claims()
    token = kw.sign(keys[name].path, alg, wanted)
    status, answer = get(server, "/transactions", token)
    assert (status, answer) == (200, {"header": answer["header"], "claims": wanted})
    assert answer["header"] == {"alg": alg, "typ": "JWT", "kid": keys[name].thumbprint}


@pytest.mark.parametrize("alg", HMACS)
def test_the_server_accepts_our_token_with_a_shared_secret(kw, server, secret, alg):
    token = kw.sign(secret, alg, claims(), "--secret-encoding", "utf8")
    assert get(server, "/shared/transactions", token)[0] == 200


@pytest.mark.parametrize("name, alg", SIGNERS)
def test_the_server_refuses_a_changed_token(kw, keys, server, name, alg):
    token = kw.sign(keys[name].path, alg, claims())
    for changed in (change_signature(token), change_claims(token)):
        status, answer = get(server, "/transactions", changed)
        assert (status, answer["code"]) == (401, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED")


@pytest.mark.parametrize("alg", HMACS)
def test_the_server_refuses_a_changed_token_with_a_shared_secret(kw, server, secret, alg):
    token = kw.sign(secret, alg, claims(), "--secret-encoding", "utf8")
    for changed in (change_signature(token), change_claims(token)):
        assert get(server, "/shared/transactions", changed)[0] == 401


@pytest.mark.parametrize("name, alg", SIGNERS)
def test_the_server_refuses_an_unknown_kid(kw, keys, server, name, alg):
    token = kw.sign(keys[name].path, alg, claims(), "--header", 'kid="nobody"')
    status, answer = get(server, "/transactions", token)
    assert (status, answer["code"]) == (401, "ERR_JWKS_NO_MATCHING_KEY")


@pytest.mark.parametrize("name, alg", SIGNERS)
def test_the_server_refuses_a_missing_scope(kw, keys, server, name, alg):
    token = kw.sign(keys[name].path, alg, claims(scopes=["buyers.read", "*.write"]))
    assert get(server, "/transactions", token) == (403, {"code": "insufficient_scope"})
    assert get(server, "/buyers", token)[0] == 200


@pytest.mark.parametrize("missing", ["iss", "nbf", "exp", "jti", "scopes"])
def test_the_server_refuses_a_missing_claim(kw, keys, server, missing):
    wanted = claims()
    del wanted[missing]
    status, answer = get(server, "/transactions", kw.sign(keys["p521"].path, "ES512", wanted))
    assert (status, answer["code"]) == (401, "ERR_JWT_CLAIM_VALIDATION_FAILED")


def test_the_server_refuses_a_token_that_expired(kw, keys, server):
    past = claims()["iat"] - 3600
    token = kw.sign(keys["p521"].path, "ES512", claims(exp=past))
    assert get(server, "/transactions", token) == (401, {"code": "ERR_JWT_EXPIRED"})
    assert get(server, "/transactions", None)[0] == 401


@pytest.mark.parametrize("name, alg", SIGNERS)
def test_the_library_verifies_ours_and_we_verify_its(kw, keys, sdk, name, alg):
    key, wanted = keys[name], claims()
    text = json.dumps(wanted)
    ours = kw.sign(key.path, alg, text, "--literal")
    answer = sdk.ask(act="joseVerify", spki=key.spki().decode(), alg=alg, token=ours)
    assert answer == {"answer": text}, "what was typed is what jose reads, byte for byte"
    theirs = sdk.ask(act="joseToken", pem=key.pem().decode(), alg=alg, claims=wanted, kid=key.thumbprint)["answer"]
    public = kw.file(key.spki(), "spki")
    kw.verify(theirs, public)
    kw.verify(change_signature(theirs), public, expect=4)
    kw.verify(change_claims(theirs), public, expect=4)


@pytest.mark.parametrize("name, alg", SIGNERS)
def test_private_jwks_go_both_ways(kw, keys, sdk, name, alg):
    key = keys[name]
    theirs = sdk.ask(act="joseJwk", pem=key.pem().decode(), alg=alg)["answer"]
    assert kw.thumbprint(kw.file(json.dumps(theirs), "jwk")) == key.thumbprint
    assert sdk.ask(act="joseThumbprint", jwk=theirs)["answer"] == key.thumbprint
    ours = json.loads(kw.convert(key.path, "jwk", "--private"))
    assert {member: ours[member] for member in theirs} == theirs
    token = sdk.ask(act="joseJwkToken", jwk=ours, alg=alg, claims=claims())["answer"]
    kw.verify(token, key.path)
