"""CryptoPay's flows against Django with SimpleJWT, the Partner API against express-jwt: real servers, on loopback."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import HERE, Peer
from program import Keywright

SECRET = "a secret of the partner, 36 bytes long"


class Django(Peer):
    """The server of django_server.py."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "django_server.py"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.address = self.read()["address"]

    def revoke(self) -> int:
        """Revokes every access token that was seen; says how many refreshes were granted so far."""
        return self.ask()["granted"]


class Account(Keywright):
    """Keywright with a vault."""

    def __init__(self, home):
        super().__init__(home)
        self.environment["KEYWRIGHT_VAULT"] = str(home / "vault.kwv")
        self.passphrase = self.file("tram quarry linen oboe", "passphrase")
        self.open("vault", "create")

    def open(self, *arguments, **more) -> str:
        return self.run(*arguments, "--passphrase-file", self.passphrase, **more)

    def json(self, *arguments, **more):
        return json.loads(self.open(*arguments, "--json", **more))


@pytest.fixture(scope="module")
def django():
    server = Django()
    yield server
    server.close()


@pytest.fixture(scope="module")
def crypto(django, tmp_path_factory):
    account = Account(tmp_path_factory.mktemp("crypto"))
    account.open("profile", "add", "crypto", "--provider", "cryptopay")
    account.open("profile", "set", "crypto", "--base-url", f"development={django.address}")
    add = ("credential", "add", "me", "--profile", "crypto", "--env", "development", "--kind", "login")
    account.open(*add, "--field", "username=me", "--secret-file", account.file("hunter2", "password"))
    return account


PLACE = ("--profile", "crypto", "--env", "development")


def kinds(ran: dict) -> list[str]:
    return [row["kind"] for row in ran["timeline"]]


def test_log_in_call_and_verify(crypto):
    assert crypto.json("flow", "run", "log-in", *PLACE)["issued"]["refresh"]
    assert crypto.json("request", "send", *PLACE)["asWanted"]
    verified = crypto.json("flow", "run", "verify", *PLACE)
    assert verified["verified"] and verified["issued"]["permissions"] == ["read", "create_payments"]


def test_a_revoked_token_is_refreshed_once_and_the_old_refresh_token_is_not_used_again(crypto, django):
    crypto.json("flow", "run", "log-in", *PLACE)
    crypto.json("request", "send", *PLACE)
    before = django.revoke()
    refused = crypto.json("request", "send", *PLACE, expect=9)
    assert refused["answer"]["status"] == 401
    ran = crypto.json("request", "send", *PLACE, "--follow")
    assert (ran["asWanted"], kinds(ran)) == (True, ["send", "renew", "refresh", "send"])
    assert django.revoke() == before + 1
    # Rotation: the second refresh takes the token that the first one gave.
    assert crypto.json("request", "send", *PLACE, "--follow")["asWanted"]


def test_two_programs_that_are_refused_together_need_one_refresh(crypto, django):
    crypto.json("flow", "run", "log-in", *PLACE)
    crypto.json("request", "send", *PLACE)
    before = django.revoke()
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda _: crypto.json("request", "send", *PLACE, "--follow"), range(2)))
    assert all(ran["asWanted"] for ran in runs), [kinds(ran) for ran in runs]
    assert django.revoke() == before + 1


def test_a_wrong_password_is_explained_in_the_servers_words(crypto, tmp_path_factory):
    add = ("credential", "add", "typo", *PLACE, "--kind", "login", "--field", "username=me")
    crypto.open(*add, "--secret-file", crypto.file("hunter3", "password"))
    ran = crypto.json("flow", "run", "log-in", *PLACE, "--key", "typo", expect=9)
    assert "user name and password" in ran["failed"], ran["failed"]
    crypto.open("profile", "set", "crypto", "--key", "development=me")


def test_a_throttled_call_is_waited_for(crypto):
    crypto.json("flow", "run", "log-in", *PLACE)
    send = ("request", "send", *PLACE, "GET", "/api/slow/")
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda _: crypto.json(*send, "--follow"), range(3)))
    assert all(ran["asWanted"] for ran in runs), [kinds(ran) for ran in runs]


@pytest.fixture(scope="module", params=[0, 94, -94], ids=["same clock", "94 s ahead", "94 s behind"])
def partner(request, tmp_path_factory):
    account = Account(tmp_path_factory.mktemp("partner"))
    secret = account.file(SECRET, "secret")
    server = Peer("partner_server.js", str(request.param), str(secret))
    account.ahead = request.param
    account.open("profile", "add", "partner", "--provider", "partner")
    account.open("profile", "set", "partner", "--base-url", f"own={server.read()['address']}")
    add = ("credential", "add", "key", "--profile", "partner", "--env", "own", "--field", "client_id=acme-7")
    account.open(*add, "--secret-file", secret)
    yield account
    server.close()


def test_express_jwt_takes_our_token_and_a_clock_that_differs_is_told(partner):
    # Whose tier is not known counts as live.
    send = ("request", "send", "--profile", "partner", "--env", "own", "--live")
    sent = partner.json(*send)
    assert (sent["asWanted"], json.loads(sent["answer"]["body"])) == (True, {"clientId": "acme-7"})
    short = partner.json(*send, "--ttl", "60s", expect=9 if partner.ahead == 94 else 0)
    if partner.ahead == 94:
        assert short["answer"]["status"] == 401
        assert 90 <= -short["skew"]["ahead"] <= 98, short["skew"]
        assert [gate["gate"] for gate in short["gates"] if gate["passage"] == "stopped"] == ["time"], short["sentence"]


def test_express_jwt_refuses_another_secret(partner):
    add = ("credential", "add", "other", "--profile", "partner", "--env", "own", "--field", "client_id=acme-7")
    partner.open(*add, "--secret-file", partner.file("another secret of the partner, as long", "secret"))
    # Live, a draft signs nothing: it calls once it is chosen.
    partner.open("key", "choose", "other", "--profile", "partner", "--env", "own")
    send = ("request", "send", "--profile", "partner", "--env", "own", "--live", "--key", "other")
    refused = partner.json(*send, expect=9)
    partner.open("key", "choose", "key", "--profile", "partner", "--env", "own")
    assert refused["answer"]["status"] == 401 and "secret" in refused["sentence"] + (refused["next"] or ""), refused
