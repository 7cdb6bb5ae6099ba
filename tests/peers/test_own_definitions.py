"""Definitions of one's own against real authorization servers and APIs behind them: the examples, used as they are."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import HERE, Peer
from test_flows import Account, kinds

EXAMPLES = Path(__file__).parents[2] / "docs" / "providers" / "examples"
# What RFC 6749 §A.2 allows, with what has to be encoded on its way.
SECRET = "p%ss:w rd+ of the client, long enough"
PLACE = ("--profile", "client", "--env", "server")
CALL = ("request", "send", *PLACE, "--live")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    account = Account(tmp_path_factory.mktemp("client"))
    account.open("provider", "add", EXAMPLES / "private-key-jwt.toml")
    account.open("key", "generate", "--alg", "ES256", "--name", "key")
    public = account.folder / "public.jwk"
    account.open("key", "export", "key", "--public", "--to", "jwk", "-o", public)
    server = Peer("oauth_server.js", str(public), str(account.file(SECRET, "secret")))
    account.address = server.read()["address"]
    account.open("profile", "add", "client", "--provider", "private-key-jwt", "--set", f"issuer={account.address}")
    account.open("profile", "set", "client", "--key", "server=key")
    account.open("credential", "set", "key", "--field", "client_id=acme-7")
    account.open("provider", "add", EXAMPLES / "client-credentials.toml")
    account.open("profile", "add", "secret", "--provider", "client-credentials", "--set", f"issuer={account.address}")
    yield account
    server.close()


def test_the_assertion_gives_an_access_token_that_the_api_takes(client):
    ran = client.json("flow", "run", "exchange", *PLACE, "--live", "--scope", "payments.read")
    assert ran["asWanted"], ran["failed"]
    assert ran["issued"]["scopes"] == ["payments.read"]
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
    assert ran["issued"]["scopes"] == ["payments.read"], ran["issued"]


@pytest.mark.parametrize(("flow", "client_id"), [("basic", "acme 8%"), ("post", "acme-9")])
def test_a_client_secret_gives_an_access_token_in_the_header_and_in_the_body(client, flow, client_id):
    place = ("--profile", "secret", "--env", "server")
    add = ("credential", "add", flow, *place, "--field", f"client_id={client_id}")
    client.open(*add, "--secret-file", client.file(SECRET, "secret"))
    # A second credential is a draft beside the first until it is chosen.
    client.open("key", "choose", flow, *place)
    ran = client.json("flow", "run", flow, *place, "--live", "--scope", "payments.read")
    assert (ran["asWanted"], ran["issued"]["scopes"]) == (True, ["payments.read"]), ran["failed"]
    sent = client.json("request", "send", *place, "--live", "GET", "/api/payments")
    assert json.loads(sent["answer"]["body"]) == {"client": client_id}, sent["sentence"]


def test_another_client_secret_is_explained_and_not_shown(client):
    place = ("--profile", "secret", "--env", "server")
    add = ("credential", "add", "typo", *place, "--field", "client_id=acme 8%")
    client.open(*add, "--secret-file", client.file("Password-of-somebody-else", "secret"))
    client.open("key", "choose", "typo", *place)
    text = client.open("flow", "run", "basic", *place, "--live", "--json", expect=9)
    assert "its secret is another one" in json.loads(text)["failed"]
    assert "Password-of-somebody-else" not in text and "UGFzc3dvcmQ" not in text


def example(account, name: str, *moved: tuple[str, str]) -> Path:
    """An example whose server stands elsewhere: on loopback."""
    text = (EXAMPLES / f"{name}.toml").read_text()
    for address, to in moved:
        assert address in text
        text = text.replace(address, to)
    return account.file(text, f"{name}.toml")


class Google(Peer):
    """The server of google_server.py."""

    def __init__(self, public: Path):
        self.process = subprocess.Popen(
            [sys.executable, "google_server.py", str(public)],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.address = self.read()["address"]


GOOGLE = ("--profile", "google", "--env", "production", "--live")


@pytest.fixture(scope="module")
def google(keys, tmp_path_factory):
    account = Account(tmp_path_factory.mktemp("google"))
    key = keys["rsa"]
    public = account.file(account.convert(key.path, "spki", "--public"), "public.pem")
    server = Google(public)
    moved = example(
        account,
        "google-service-account",
        ('path = "https://oauth2.googleapis.com/token"', 'path = "/token"'),
        ("https://oauth2.googleapis.com", server.address),
        ("https://www.googleapis.com\"", server.address + '"'),
    )
    account.open("provider", "add", moved)
    account.open("profile", "add", "google", "--provider", "google-service-account")
    # As the console hands it out.
    file = {
        "type": "service_account",
        "private_key_id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "private_key": account.convert(key.path, "pkcs8", "--private").decode(),
        "client_email": "robot@acme.iam.gserviceaccount.com",
    }
    path = account.file(json.dumps(file), "acme-9f86d081884c.json")
    account.open("key", "import", path, "--name", "robot", "--profile", "google", "--env", "production")
    account.server = server
    yield account
    server.close()


def test_a_service_account_exchanges_its_assertion(google):
    ran = google.json("flow", "run", "exchange", *GOOGLE)
    assert ran["asWanted"], ran["failed"]
    sent = google.json("request", "send", *GOOGLE)
    assert sent["asWanted"], sent["sentence"]
    # The server ends it: another assertion is exchanged once, and the call is sent once more.
    google.server.ask()
    refused = google.json("request", "send", *GOOGLE, expect=9)
    assert "expired or not valid" in refused["sentence"], refused["sentence"]
    ran = google.json("request", "send", *GOOGLE, "--follow")
    assert (ran["asWanted"], kinds(ran)) == (True, ["send", "renew", "exchange", "send"]), ran["failed"]


def test_what_a_service_account_may_not_is_explained(google):
    scope = "https://www.googleapis.com/auth/drive.file"
    google.json("flow", "run", "exchange", *GOOGLE, "--scope", scope)
    refused = google.json("request", "send", *GOOGLE, expect=9)
    assert (refused["answer"]["status"], "calendar.readonly" in refused["sentence"]) == (403, True), refused["sentence"]
    unknown = google.json("flow", "run", "exchange", *GOOGLE, "--scope", "https://example.com/no", expect=9)
    assert "scopes that Google does not know" in unknown["failed"], unknown["failed"]


def test_an_assertion_of_another_account_and_of_another_day_is_explained(google):
    google.open("credential", "set", "robot", "--field", "client_email=other@acme.iam.gserviceaccount.com")
    ran = google.json("flow", "run", "exchange", *GOOGLE, expect=9)
    assert "The assertion was not accepted" in ran["failed"], ran["failed"]
    google.open("credential", "set", "robot", "--field", "client_email=robot@acme.iam.gserviceaccount.com")
    # Acting for a user goes into sub, which this server looks up.
    google.open("profile", "set", "google", "--set", "subject=nobody@example.com")
    assert "The assertion was not accepted" in google.json("flow", "run", "exchange", *GOOGLE, expect=9)["failed"]
    google.open("profile", "set", "google", "--set", "subject=ann@acme.example")
    assert google.json("flow", "run", "exchange", *GOOGLE)["asWanted"]


GITHUB = ("--profile", "github", "--env", "production", "--live")


@pytest.fixture(scope="module")
def github(keys, tmp_path_factory):
    account = Account(tmp_path_factory.mktemp("github"))
    key = keys["rsa"]
    public = account.file(account.convert(key.path, "spki", "--public"), "public.pem")
    private = account.file(account.convert(key.path, "pkcs1", "--private"), "app.private-key.pem")
    pkcs8 = account.file(account.convert(key.path, "pkcs8", "--private"), "pkcs8.pem")
    server = Peer("github_server.js", str(public), str(pkcs8))
    address = server.read()["address"]
    account.open("provider", "add", example(account, "github-app", ("https://api.github.com", address)))
    account.open("profile", "add", "github", "--provider", "github-app", "--set", "installation_id=12345678")
    account.open("key", "import", private, "--name", "app", "--profile", "github", "--env", "production")
    account.open("credential", "set", "app", "--field", "client_id=Iv23liAcme")
    account.server = server
    yield account
    server.close()


def test_the_server_takes_what_githubs_own_package_signs(github):
    assert github.server.ask() == {"status": 200}


def test_an_app_gets_an_installations_token_and_calls_with_it(github):
    # The app speaks for itself with the signed token.
    itself = github.json("request", "send", *GITHUB, "GET", "/app")
    assert json.loads(itself["answer"]["body"])["slug"] == "acme", itself["sentence"]
    ran = github.json("flow", "run", "installation", *GITHUB)
    assert ran["issued"]["permissions"] == ["issues:read"], ran["issued"]
    sent = github.json("request", "send", *GITHUB)
    body = json.loads(sent["answer"]["body"])
    assert (body["accept"], body["version"]) == ("application/vnd.github+json", "2022-11-28")
    # Both steps in one go where nothing is there.
    github.json("flow", "forget", "--profile", "github", "--env", "production")
    ran = github.json("request", "send", *GITHUB, "--follow")
    assert (ran["asWanted"], kinds(ran)) == (True, ["exchange", "send"]), ran["failed"]


def test_what_stops_an_app_is_explained(github):
    github.open("profile", "set", "github", "--set", "installation_id=99")
    ran = github.json("flow", "run", "installation", *GITHUB, expect=9)
    assert "installation may not see it" in ran["failed"], ran["failed"]
    github.open("profile", "set", "github", "--set", "installation_id=12345678")
    github.open("credential", "set", "app", "--field", "client_id=Iv23liOther")
    ran = github.json("flow", "run", "installation", *GITHUB, expect=9)
    assert "another key, another client id" in ran["failed"], ran["failed"]
    github.open("credential", "set", "app", "--field", "client_id=Iv23liAcme")
