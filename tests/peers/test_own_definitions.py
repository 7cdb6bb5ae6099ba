"""A definition of one's own against a real authorization server and a real API behind it: the OAuth client with a key."""

import json
from pathlib import Path

import pytest

from conftest import Peer
from test_flows import Account, kinds

EXAMPLES = Path(__file__).parents[2] / "docs" / "providers" / "examples"
PLACE = ("--profile", "client", "--env", "server")
CALL = ("request", "send", *PLACE, "--live")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    account = Account(tmp_path_factory.mktemp("client"))
    account.open("provider", "add", EXAMPLES / "private-key-jwt.toml")
    account.open("key", "generate", "--alg", "ES256", "--name", "key")
    public = account.folder / "public.jwk"
    account.open("key", "export", "key", "--public", "--to", "jwk", "-o", public)
    server = Peer("oauth_server.js", str(public))
    account.address = server.read()["address"]
    account.open("profile", "add", "client", "--provider", "private-key-jwt", "--set", f"issuer={account.address}")
    account.open("profile", "set", "client", "--key", "server=key")
    account.open("credential", "set", "key", "--field", "client_id=acme-7")
    yield account
    server.close()


def test_the_assertion_gives_an_access_token_that_the_api_takes(client):
    ran = client.json("flow", "run", "exchange", *PLACE, "--live", "--scope", "payments.read")
    assert ran["asWanted"], ran["failed"]
    assert ran["given"]["scopes"] == ["payments.read"]
    sent = client.json(*CALL, "GET", "/api/payments")
    assert (sent["asWanted"], json.loads(sent["answer"]["body"])) == (True, {"client": "acme-7"}), sent["sentence"]


def test_a_scope_that_is_missing_is_read_from_the_challenge(client):
    client.json("flow", "run", "exchange", *PLACE, "--live", "--scope", "payments.read")
    refused = client.json(*CALL, "POST", "/api/payments", expect=9)
    assert refused["answer"]["status"] == 403
    # RFC 6750 §3.1: error="insufficient_scope", and the scope that is wanted.
    assert "payments.write" in refused["sentence"] + (refused["next"] or ""), refused
    assert [gate["gate"] for gate in refused["gates"] if gate["passage"] == "stopped"] == ["scope"]


def test_a_call_without_a_token_gets_one_first_where_the_flow_is_followed(client):
    client.json("flow", "forget", *PLACE)
    ran = client.json(*CALL, "--follow", "GET", "/api/payments", "--scope", "payments.read")
    assert (ran["asWanted"], kinds(ran)) == (True, ["exchange", "send"]), ran["failed"]


def test_a_client_that_the_server_does_not_know_is_explained(client):
    client.open("credential", "set", "key", "--field", "client_id=acme-8")
    ran = client.json("flow", "run", "exchange", *PLACE, "--live", expect=9)
    assert "does not accept the assertion" in ran["failed"], ran["failed"]
    client.open("credential", "set", "key", "--field", "client_id=acme-7")


def test_a_scope_that_was_not_given_is_not_claimed(client):
    # This server leaves out what a client may not have (RFC 6749 §3.3) and says what it gave.
    ran = client.json("flow", "run", "exchange", *PLACE, "--live", "--scope", "payments.read", "--scope", "payments.erase")
    assert ran["given"]["scopes"] == ["payments.read"], ran["given"]
