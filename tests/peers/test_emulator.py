"""Gr4vy's own packages call the emulator as if it were Gr4vy, and understand what it answers."""

import gr4vy.auth
import jwt
import pytest
from gr4vy import Gr4vy, errors

from keys import Key, p521
from program import claims

P521 = ["p521", "p521-xzero", "p521-yzero"]
LISTS = ["transactions", "buyers", "reports", "payment_services", "merchant_accounts", "api_key_pairs"]


def client(address: str, key: Key, **options) -> Gr4vy:
    return Gr4vy(server_url=address, id="demo", bearer_auth=gr4vy.auth.with_token(key.pem().decode(), **options))


@pytest.mark.parametrize("name", P521)
def test_the_python_package_lists_and_makes(emulator, keys, name):
    api = client(emulator, keys[name])
    for resource in LISTS:
        assert getattr(api, resource).list().result.limit == 20, resource
    assert keys[name].thumbprint in [pair.thumbprint for pair in api.api_key_pairs.list().result.items]
    assert len(api.checkout_sessions.create().id) == 36
    buyer = api.buyers.create(display_name="Ada", external_identifier="cust-1")
    assert api.buyers.get(buyer_id=buyer.id).display_name == "Ada"


@pytest.mark.parametrize("name", P521)
def test_the_typescript_package_lists_and_makes(emulator, keys, sdk, name):
    pem = keys[name].pem().decode()
    for path in ("transactions.list", "buyers.list", "reports.list"):
        answer = sdk.ask(act="gr4vyCall", pem=pem, server=emulator, path=path)
        assert "error" not in answer, (path, answer)
    made = sdk.ask(act="gr4vyCall", pem=pem, server=emulator, path="checkoutSessions.create", body={})
    assert len(made["answer"]["id"]) == 36, made


def test_both_understand_401(emulator, keys, sdk):
    stranger = Key("stranger", p521(None), ["ES512"], keys["p521"].path)
    with pytest.raises(errors.Error401) as caught:
        client(emulator, stranger).transactions.list()
    assert (caught.value.data.code, caught.value.data.message) == ("unauthorized", "No valid API authentication found")
    answer = sdk.ask(act="gr4vyCall", pem=stranger.pem().decode(), server=emulator, path="transactions.list")
    assert (answer["error"], answer["status"]) == ("unauthorized", 401)


def test_both_understand_403(emulator, keys, sdk):
    key = keys["p521"]
    with pytest.raises(errors.Error403) as caught:
        client(emulator, key, scopes=["buyers.read", "*.write"]).transactions.list()
    assert caught.value.data.code == "forbidden"
    answer = sdk.ask(
        act="gr4vyCall", pem=key.pem().decode(), server=emulator, scopes=["buyers.read"], path="transactions.list"
    )
    assert (answer["error"], answer["status"]) == ("forbidden", 403)


def test_our_tokens_serve_their_package(kw, emulator, keys):
    """A token that Keywright signed, used by Gr4vy's package as it stands."""
    for name, alg in [*[(name, "ES512") for name in P521], ("rsa", "RS512")]:
        token = kw.sign(keys[name].path, alg, claims(scopes=["transactions.read"]))
        api = Gr4vy(server_url=emulator, id="demo", bearer_auth=token)
        assert api.transactions.list(limit=1).result.limit == 1
        with pytest.raises(errors.Error403):
            api.buyers.list()


def test_a_token_of_another_algorithm_is_refused(emulator, keys):
    key = keys["p256"]
    token = jwt.encode(claims(), key.private, algorithm="ES256", headers={"kid": key.thumbprint})
    with pytest.raises(errors.Error401):
        Gr4vy(server_url=emulator, id="demo", bearer_auth=token).transactions.list()
