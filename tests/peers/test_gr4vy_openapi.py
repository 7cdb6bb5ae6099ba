"""Gr4vy's published OpenAPI description has every answer of the emulator's Gr4vy: the status, and the body by its schema.

The description lies beside the repository where it lies at all. It is data to judge by, and no part of Keywright.
"""

import json
import random
import re
import threading
from collections import Counter
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from program import PATIENCE, claims

DESCRIPTION = Path(__file__).resolve().parents[3] / "shared" / "openapi" / "gr4vy.json"

pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason="Gr4vy's OpenAPI description does not lie beside the repository, as shared/openapi/gr4vy.json"
)

SINGLE = ["/transactions/{id}", "/buyers/{id}", "/checkout/sessions/{id}"]
"""What the emulator plays beyond the calls that the definition offers."""

UNREAD = {
    "payment_method",
    "gift_cards",
    "three_d_secure",
    "three_d_secure_data",
    "airline",
    "browser_info",
    "connection_options",
    "recipient",
    "tax_id",
}
"""Objects that the emulator takes as they are."""

BODIES = {"/transactions": "TransactionCreate", "/buyers": "BuyerCreate", "/checkout/sessions": "CheckoutSessionUpdate"}
"""What is posted where. Key pairs, of which a description says less than what is asked of them, have tests of their own."""

PAIRS = "/api-key-pairs"
ADMINISTRATOR, PROCESSING = "8f4b8c1a-1b2c-4d3e-9f5a-6b7c8d9e0f1a", "2c9a7f3d-4e5b-4a6c-8d7e-9f0a1b2c3d4e"
"""Roles that are there."""

FORMATS = FormatChecker(["uuid"])


@FORMATS.checks("date-time", raises=ValueError)
def is_time(value) -> bool:
    """RFC 3339, of which Python reads a little more."""
    if isinstance(value, str):
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value):
            raise ValueError(value)
        datetime.fromisoformat(value)
    return True


class Description:
    """The description, and what it says of an answer."""

    def __init__(self):
        self.document = json.loads(DESCRIPTION.read_text())
        resource = Resource.from_contents(self.document, default_specification=DRAFT202012)
        self.registry = Registry().with_resource("urn:gr4vy", resource)

    def validator(self, pointer: str) -> Draft202012Validator:
        schema = {"$ref": f"urn:gr4vy#{pointer}"}
        return Draft202012Validator(schema, registry=self.registry, format_checker=FORMATS)

    def schema(self, name: str) -> Draft202012Validator:
        return self.validator(f"/components/schemas/{name}")

    def known(self, method: str, path: str) -> str | None:
        """The path of an operation as it is described; one that is spelled out comes before one with a variable."""
        fits = [known for known in self.document["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path)]
        fits = [known for known in fits if method.lower() in self.document["paths"][known]]
        return min(fits, key=lambda known: known.count("{"), default=None)

    def operation(self, method: str, path: str) -> str | None:
        """The pointer to an operation."""
        known = self.known(method, path)
        if known is None:
            return None
        escaped = known.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        return f"/paths/{escaped}/{method.lower()}"

    def judge(self, method: str, path: str, answer: requests.Response):
        """Fails where the description does not have the answer. One to a method or a path that it does not have is an error
        that it has for others."""
        where = f"{method} {path}: {answer.status_code} {answer.text[:1000]}"
        if answer.status_code == 204:
            responses = self.document["paths"][self.known(method, path)][method.lower()]["responses"]
            assert "content" not in responses["204"] and answer.content == b"", where
            return
        assert answer.headers["Content-Type"] == "application/json", where
        pointer = self.operation(method, path)
        if pointer is None:
            assert answer.status_code in (404, 405), where
            validator = self.schema(f"Error{answer.status_code}")
        else:
            validator = self.validator(f"{pointer}/responses/{answer.status_code}/content/application~1json/schema")
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer.json())]
        assert not errors, "\n".join([where, *errors])


@pytest.fixture(scope="module")
def description() -> Description:
    return Description()


class Api:
    """The emulator, asked as Gr4vy is, every answer of it judged."""

    def __init__(self, base: str, description: Description, key):
        self.base, self.description, self.key = base, description, key
        self.control = base.removesuffix("/gr4vy") + "/_emulator"
        self.session = requests.Session()
        self.token = self.sign()

    def sign(self, **changed) -> str:
        return jwt.encode(claims(**changed), self.key.private, algorithm="ES512", headers={"kid": self.key.thumbprint})

    def ask(self, method: str, path: str, body=b"", token: str | None = "", judge=True, **fields) -> requests.Response:
        """`token`: none, or the good one where nothing is said. `body`: bytes as they are, or something as JSON."""
        headers = {"Content-Type": "application/json", **fields}
        if token is not None:
            headers["Authorization"] = f"Bearer {token or self.token}"
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.session.request(method, self.base + path, data=data, headers=headers, timeout=PATIENCE)
        if judge:
            self.description.judge(method, path.partition("?")[0], answer)
        return answer

    def plan(self, *mishaps: str):
        self.session.put(f"{self.control}/mishaps", json={"mishaps": mishaps}, timeout=PATIENCE).raise_for_status()

    def misbehave(self, **faults):
        self.session.put(f"{self.control}/faults", json=faults, timeout=PATIENCE).raise_for_status()


@pytest.fixture
def api(emulator, description, keys):
    api = Api(emulator, description, keys["p521"])
    yield api
    api.session.delete(f"{api.control}/state", timeout=PATIENCE)


@pytest.fixture(scope="module")
def played(kw) -> list[tuple[str, str, bytes]]:
    """Method, path and sample body of everything that is played."""
    shown = json.loads(kw.run("provider", "show", "gr4vy", "--json"))
    offered = [(endpoint["method"], endpoint["path"], (endpoint.get("body") or "").encode()) for endpoint in shown["endpoints"]]
    assert len(offered) == 12
    return [*offered, *(("GET", path, b"") for path in SINGLE)]


def test_good_calls(api, played):
    for method, path, body in played:
        if path in SINGLE:
            continue
        answer = api.ask(method, path, body)
        wanted = {"GET": 200, "POST": 201}[method]
        assert answer.status_code == wanted, f"{method} {path}: {answer.text}"
    for path in SINGLE:
        listed = path.removesuffix("/{id}")
        made = api.ask("POST", listed, {"amount": 1, "currency": "EUR"} if "transactions" in path else {}).json()
        assert api.ask("GET", path.replace("{id}", made["id"])).json() == made
    for ended in ("transactions", "buyers"):
        assert len(api.ask("GET", f"/{ended}").json()["items"]) > 1


def test_refusals(api, played):
    expired = api.sign(exp=claims()["iat"] - 5)
    nobody = api.sign(scopes=["flows.read"])
    for method, path, body in played:
        assert api.ask(method, path, body, token=None).status_code == 401
        for token in ("x", "a.b.c", expired, api.token[:-4] + "AAAA", api.sign(exp=claims()["exp"] * 1000)):
            assert api.ask(method, path, body, token=token).status_code == 401
        assert api.ask(method, path, body, token=nobody).status_code == 403
        assert api.ask(method, path, body, token="x" * 9000).status_code == 400
        assert api.ask("DELETE", path, body).status_code == 405
        if "api-key-pairs" not in path:
            assert api.ask(method, path, body, **{"x-gr4vy-merchant-account-id": "no such thing"}).status_code == 400
    for path in [path.replace("{id}", "fe26475d-ec3e-4884-9553-f7356683f7f0") for path in SINGLE] + ["/nothing", "/buyers/x/y"]:
        assert api.ask("GET", path).status_code == 404
    front_end = api.sign(scopes=["embed"])
    api.misbehave(limit={"calls": 1, "seconds": 60})
    assert [api.ask("GET", "/buyers/payment-methods", token=front_end).status_code for _ in range(2)] == [200, 429]


def test_failures_that_were_asked_for(api):
    for status in (401, 403, 409, 412, 423, 425, 428, 429, 451, 500, 502, 503, 504):
        for method in ("GET", "POST"):
            described = str(status) in api.description.document["paths"]["/transactions"][method.lower()]["responses"]
            api.misbehave(fail={"status": status, "retry_after": 3, "retry_as": "seconds"})
            answer = api.ask(method, "/transactions", judge=described)
            assert answer.status_code == status
            if not described:
                # Gr4vy has no such answer: a gateway before it has, and says so in its own way.
                assert answer.headers["Content-Type"] == "text/plain" and answer.text.startswith(str(status))


ITEM = {"name": "Duffle Bag", "quantity": 1, "unit_amount": 1299}
GOOD = {"amount": 1299, "currency": "GBP"}


@pytest.mark.parametrize(
    "path, body, place",
    [
        ("/checkout/sessions", {"cart_items": [{"quantity": 1, "unit_amount": 5}]}, "body.cart_items.0.name"),
        ("/checkout/sessions", {"cart_items": [ITEM, {**ITEM, "unit_amount": -5}]}, "body.cart_items.1.unit_amount"),
        ("/checkout/sessions", {"cart_items": [{**ITEM, "quantity": 0}]}, "body.cart_items.0.quantity"),
        ("/checkout/sessions", {"cart_items": ITEM}, "body.cart_items"),
        ("/checkout/sessions", {"metadata": {"a": 1}}, "body.metadata.a"),
        ("/checkout/sessions", {"expires_in": 10}, "body.expires_in"),
        ("/checkout/sessions", {"price": 1}, "body.price"),
        ("/checkout/sessions", [1], "body"),
        ("/transactions", {**GOOD, "amount": -1}, "body.amount"),
        ("/transactions", {**GOOD, "amount": "1299"}, "body.amount"),
        ("/transactions", {**GOOD, "amount": 12.5}, "body.amount"),
        ("/transactions", {"currency": "GBP"}, "body.amount"),
        ("/transactions", {**GOOD, "currency": "gbp"}, "body.currency"),
        ("/transactions", {**GOOD, "intent": "void"}, "body.intent"),
        ("/transactions", {**GOOD, "buyer_id": "buyer-1"}, "body.buyer_id"),
        ("/transactions", {**GOOD, "country": "UKM"}, "body.country"),
        ("/transactions", {**GOOD, "metadata": []}, "body.metadata"),
        ("/transactions", {**GOOD, "payment_method": "card"}, "body.payment_method"),
        ("/transactions", "GBP", "body"),
        ("/transactions", b"", "body"),
        ("/buyers", None, "body"),
        ("/buyers", {"display_name": ""}, "body.display_name"),
        ("/buyers", {"display_name": "x" * 201}, "body.display_name"),
        ("/buyers", {"external_identifier": 7}, "body.external_identifier"),
        ("/buyers", {"billing_details": {"address": {"country": "usa"}}}, "body.billing_details.address.country"),
    ],
)
def test_bad_bodies(api, path, body, place):
    answer = api.ask("POST", path, body)
    assert answer.status_code == 422, answer.text
    assert place in [".".join(map(str, problem["loc"])) for problem in answer.json()["detail"]]


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a":1,"a":2}', b"[" * 100_000, b"\0"])
def test_bodies_that_are_no_json(api, body):
    for path in BODIES:
        assert api.ask("POST", path, body).status_code == 400


JUNK = [None, True, -1, 0, 1.5, 10**12, 1e300, "", " ", "x" * 400, "usd", "USD", "GB", "ü", [], {}, [{}], {"a": 1}, "2026-01-01T00:00:00Z"]
EXAMPLES = {
    "^[A-Z]{3}$": ["EUR", "GBP"],
    "^[A-Z]{2}$": ["DE", "US"],
    r"^\+[1-9]\d{1,14}$": ["+14155552671", "+49301234567"],
    "^[A-Z]{2}-[A-Z0-9]{1,3}$": ["US-CA", "DE-BE"],
}


class Maker:
    """Makes bodies by a schema: such as it takes, and such as it just does not take."""

    def __init__(self, document: dict, chance: random.Random, **members):
        """`members`: what makes a member of this name, in place of its schema."""
        self.document, self.chance, self.own = document, chance, members

    def make(self, schema: dict, depth: int = 0):
        chance = self.chance
        if "$ref" in schema:
            return self.make(self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], depth)
        if "anyOf" in schema:
            return self.make(chance.choice(schema["anyOf"]), depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return chance.choice(schema["enum"])
        match schema.get("type"):
            case "null":
                return None
            case "boolean":
                return chance.random() < 0.5
            case "integer" | "number":
                least, most = int(schema.get("minimum", schema.get("exclusiveMinimum", 0))), int(schema.get("maximum", 9999))
                return chance.choice([least, most, chance.randint(least, most), least - 1, most + 1, float(most)])
            case "string" if "pattern" in schema:
                return chance.choice(EXAMPLES.get(schema["pattern"], ["1234"]))
            case "string" if schema.get("format") == "uuid":
                return "4137b1cf-39ac-42a8-bad6-1c680d5dab6b"
            case "string" if schema.get("format") == "date-time":
                return "2027-01-31T12:00:00+01:00"
            case "string":
                least, most = schema.get("minLength", 0), schema.get("maxLength", 40)
                return "é" * chance.choice([least, most, min(least + 3, most)])
            case "array":
                return [self.make(schema["items"], depth + 1) for _ in range(chance.choice([0, 1, 2]))]
            case "object" if "properties" in schema:
                return self.members(schema, depth)
            case "object":
                return {name: self.make(schema.get("additionalProperties", {"type": "string"}), depth + 1) for name in "ab"}
        return chance.choice(JUNK)

    def members(self, schema: dict, depth: int) -> dict:
        wanted = set(schema.get("required", []))
        some = {name for name in schema["properties"] if self.chance.random() < (0.25 if depth else 0.35)}
        names = sorted(name for name in wanted | some if name not in UNREAD)
        made = {name: self.own[name]() for name in names if name in self.own}
        return {name: made[name] if name in made else self.make(schema["properties"][name], depth + 1) for name in names}

    def spoil(self, body):
        """One thing in it is another, is gone, or is too much."""
        chance = self.chance
        if isinstance(body, dict) and body and chance.random() < 0.9:
            name = chance.choice(sorted(body))
            match chance.randrange(4):
                case 0:
                    return {key: value for key, value in body.items() if key != name}
                case 1:
                    return {**body, chance.choice(["x", "Amount", "amount "]): 1}
                case _:
                    return {**body, name: self.spoil(body[name])}
        if isinstance(body, list) and body and chance.random() < 0.8:
            return [*body[:-1], self.spoil(body[-1])]
        return chance.choice(JUNK)


@pytest.mark.parametrize("path, name", BODIES.items())
def test_bodies_made_by_the_schema(api, path, name):
    """What the schema takes is taken, what it does not take is refused, and each answer is one that there is."""
    maker = Maker(api.description.document, random.Random(f"keywright {path}"))
    schema = api.description.schema(name)
    counted, made = {True: 0, False: 0}, 0
    for turn in range(400):
        body = maker.make({"$ref": f"#/components/schemas/{name}"})
        body = maker.spoil(body) if turn % 2 else body
        answer = api.ask("POST", path, body)
        good = schema.is_valid(body) or (path == "/checkout/sessions" and body in (None, [], [{}]))
        counted[good] += 1
        # Buyers that are named need not be there.
        wanted = (201, 404) if good and isinstance(body, dict) and "buyer" in json.dumps(body) else (201,) if good else (422,)
        assert answer.status_code in wanted, f"{json.dumps(body)}\n{answer.status_code} {answer.text[:600]}"
        if answer.status_code == 201:
            made += 1
            assert api.ask("GET", f"{path}/{answer.json()['id']}").json() == answer.json()
    assert min(counted.values()) > 40, f"too few of a kind: {counted}"
    if path != "/checkout/sessions":
        # One is there from the start.
        assert len(api.ask("GET", f"{path}?limit=100").json()["items"]) == min(made + 1, 100)


class Pairs:
    """What is said of key pairs, right and wrong, and what is to be answered."""

    FOUND = [ADMINISTRATOR, PROCESSING]
    ELSEWHERE = ["94d2c1b0-a8f7-4e6d-b5c4-d3e2f1a0b9c8", "00000000-0000-4000-8000-000000000000"]
    """Of users, and nobody's."""

    def __init__(self, chance: random.Random):
        self.chance, self.brought, self.rsa = chance, set(), 0

    def maker(self, document: dict) -> Maker:
        several = lambda words: lambda: [self.chance.choice(words) for _ in range(self.chance.choice([0, 1, 1, 2, 3]))]
        return Maker(
            document,
            self.chance,
            role_ids=several(self.FOUND * 8 + self.ELSEWHERE),
            merchant_account_ids=several(["acme-uk", "default", "acme_us", "no such thing", "acme-uk "]),
            public_key=self.public_key,
        )

    def public_key(self) -> str | None:
        match self.chance.randrange(8):
            case 0:
                return None
            case 1:
                return self.chance.choice([pem(ec.SECP256R1()), "x", "", pem(ec.SECP521R1())[:-40], pem(ec.SECP521R1()).replace("\n", "")])
            case 2 | 3 if self.brought:
                return self.chance.choice(sorted(self.brought))
            case _:
                return pem(ec.SECP521R1())

    def wanted(self, schema: Draft202012Validator, body, good: int) -> set[int]:
        """The statuses that fit: the good one where nothing is wrong."""
        if not schema.is_valid(body):
            return {422}
        wrong = set()
        if any(role in self.ELSEWHERE for role in body.get("role_ids") or []):
            wrong.add(400)
        if any(not re.fullmatch("[A-Za-z0-9_-]{1,64}", account) for account in body.get("merchant_account_ids") or []):
            wrong.add(400)
        brought = body.get("public_key")
        if brought is not None:
            if body.get("algorithm") == "RSA" or not is_p521(brought):
                wrong.add(422)
            elif brought in self.brought:
                wrong.add(409)
            elif not wrong:
                self.brought.add(brought)
        return wrong or {good}


def pem(curve: ec.EllipticCurve) -> str:
    return public_pem(ec.generate_private_key(curve))


def is_p521(text: str) -> bool:
    """Whether it is the PEM of such a key, its lines as RFC 7468 has them."""
    try:
        key = serialization.load_pem_public_key(text.encode())
    except ValueError:
        return False
    return "\n" in text and isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp521r1"


def without_what_moves(pair: dict) -> dict:
    return {name: value for name, value in pair.items() if name not in ("private_key", "last_used_at", "updated_at")}


def test_key_pairs_made_by_the_schema(api):
    pairs = Pairs(random.Random("keywright pairs"))
    maker, schema = pairs.maker(api.description.document), api.description.schema("APIKeyPairCreate")
    counted = Counter()
    for turn in range(400):
        body = maker.make({"$ref": "#/components/schemas/APIKeyPairCreate"})
        body = maker.spoil(body) if turn % 3 == 0 else body
        if isinstance(body, dict) and body.get("algorithm") == "RSA" and body.get("public_key") is None and schema.is_valid(body):
            # Such a pair takes its time: a few of them do.
            pairs.rsa += 1
            body["algorithm"] = "RSA" if pairs.rsa < 4 else "ECDSA"
        wanted = pairs.wanted(schema, body, 201)
        answer = api.ask("POST", PAIRS, body)
        assert answer.status_code in wanted, f"{json.dumps(body)}\n{answer.status_code} {answer.text[:600]}"
        counted[answer.status_code] += 1
        if answer.status_code == 201:
            made = answer.json()
            assert (made["private_key"] is None) == (body.get("public_key") is not None)
            assert made["active"] == body.get("active", True)
            assert [role["id"] for role in made["roles"]] == list(dict.fromkeys(body["role_ids"]))
            shown = api.ask("GET", f"{PAIRS}/{made['id']}").json()
            assert shown["private_key"] is None and without_what_moves(shown) == without_what_moves(made)
        elif answer.status_code == 409:
            owner = api.ask("GET", f"{PAIRS}/{answer.json()['resource_id']}").json()
            assert owner["display_name"]
    assert all(counted[status] > 10 for status in (201, 400, 409, 422)), counted


def test_key_pairs_changed_by_the_schema(api):
    pairs = Pairs(random.Random("keywright changes"))
    maker, schema = pairs.maker(api.description.document), api.description.schema("APIKeyPairUpdate")
    made = api.ask("POST", PAIRS, {"display_name": "Till", "role_ids": [PROCESSING]}).json()
    path, now, counted = f"{PAIRS}/{made['id']}", without_what_moves(made), Counter()
    for turn in range(200):
        body = maker.make({"$ref": "#/components/schemas/APIKeyPairUpdate"})
        body = maker.spoil(body) if turn % 3 == 0 else body
        answer = api.ask("PUT", path, body)
        assert answer.status_code in pairs.wanted(schema, body, 200), f"{json.dumps(body)}\n{answer.status_code} {answer.text[:600]}"
        counted[answer.status_code] += 1
        shown = without_what_moves(api.ask("GET", path).json())
        if answer.status_code == 200:
            said = {name: value for name, value in body.items() if value is not None}
            roles = list(dict.fromkeys(said.get("role_ids", [role["id"] for role in now["roles"]])))
            accounts = list(dict.fromkeys(said.get("merchant_account_ids", [it["id"] for it in now["merchant_accounts"]])))
            assert [role["id"] for role in shown["roles"]] == roles
            assert [account["id"] for account in shown["merchant_accounts"]] == accounts
            assert shown["active"] == said.get("active", now["active"])
            assert shown["display_name"] == said.get("display_name", now["display_name"])
            now = shown
        else:
            assert shown == now, "nothing of a refused change stays"
    assert all(counted[status] > 10 for status in (200, 400, 422)), counted
    assert api.ask("DELETE", path).status_code == 204
    for method, body in (("GET", b""), ("PUT", {"active": True}), ("DELETE", b"")):
        assert api.ask(method, path, body).status_code == 404


def test_who_may_do_what_with_key_pairs(api):
    made = api.ask("POST", PAIRS, {"display_name": "Till", "role_ids": [PROCESSING], "active": False}).json()
    path = f"{PAIRS}/{made['id']}"
    calls = [("GET", PAIRS, b""), ("POST", PAIRS, {"display_name": "x", "role_ids": [PROCESSING]}), ("GET", path, b"")]
    for method, where, body in [*calls, ("PUT", path, {"active": True}), ("DELETE", path, b"")]:
        scope = "api-key-pairs.read" if method == "GET" else "api-key-pairs.write"
        other = "*.write" if method == "GET" else "*.read"
        assert api.ask(method, where, body, token=None).status_code == 401
        assert api.ask(method, where, body, token=api.sign(scopes=[other])).status_code == 403
        assert api.ask(method, where, body, token=api.sign(scopes=[scope])).status_code in (200, 201, 204)
    for where in (f"{PAIRS}/x", f"{PAIRS}/{made['id']}0"):
        for method, body in (("GET", b""), ("PUT", {}), ("DELETE", b"")):
            answer = api.ask(method, where, body)
            assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["path", "api_key_pair_id"])
    # A caller who has less gives no more.
    key = ec.generate_private_key(ec.SECP521R1())
    body = {"display_name": "Keys", "public_key": public_pem(key), "merchant_account_ids": ["acme-uk"]}
    made = api.ask("POST", PAIRS, {**body, "role_ids": ["b1a4d9c2-07e6-4c8b-a1f3-6d5e4c3b2a10"]}).json()
    token = jwt.encode(claims(), key, algorithm="ES512", headers={"kid": made["thumbprint"]})
    beyond = {"display_name": "x", "role_ids": [ADMINISTRATOR], "merchant_account_ids": ["acme-uk"]}
    answer = api.ask("POST", PAIRS, beyond, token=token)
    assert (answer.status_code, answer.json()["details"][0]["pointer"]) == (403, "/role_ids/0")
    for accounts in ([], ["acme-us"]):
        answer = api.ask("POST", PAIRS, {**beyond, "role_ids": made_roles(made), "merchant_account_ids": accounts}, token=token)
        assert (answer.status_code, answer.json()["details"][0]["pointer"]) == (403, "/merchant_account_ids")
    assert api.ask("GET", "/roles").json()["items"][0]["id"] == ADMINISTRATOR


def made_roles(pair: dict) -> list[str]:
    return [role["id"] for role in pair["roles"]]


def public_pem(key: ec.EllipticCurvePrivateKey) -> str:
    encoding = serialization.Encoding.PEM
    return key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def test_mishaps_at_key_pairs_stay_within_the_description(api):
    body = {"display_name": "Till", "role_ids": [PROCESSING]}
    for status in (401, 403, 409, 425, 429, 500, 502, 504):
        for applied in ("", " applied"):
            before = len(api.ask("GET", f"{PAIRS}?limit=100").json()["items"])
            api.plan(f"POST /gr4vy/api-key-pairs fail {status}x1:5{applied}")
            answer = api.ask("POST", PAIRS, body)
            assert (answer.status_code, answer.headers["Retry-After"]) == (status, "5")
            assert len(api.ask("GET", f"{PAIRS}?limit=100").json()["items"]) == before + bool(applied)
    api.plan("POST /gr4vy/api-key-pairs twice x1", "GET /gr4vy/api-key-pairs lag 30", "GET /gr4vy/api-key-pairs/{id} other-thumbprint")
    made = api.ask("POST", PAIRS, {**body, "public_key": pem(ec.SECP521R1())}).json()
    assert made["id"] not in [pair["id"] for pair in api.ask("GET", f"{PAIRS}?limit=100").json()["items"]]
    assert api.ask("GET", f"{PAIRS}/{made['id']}").json()["thumbprint"] != made["thumbprint"]
    api.plan("GET /gr4vy/api-key-pairs repeat-page x2")
    alike = [pair for pair in api.ask("GET", f"{PAIRS}?limit=100").json()["items"] if pair["thumbprint"] == made["thumbprint"]]
    assert len(alike) == 2
    page = api.ask("GET", f"{PAIRS}?limit=1").json()
    assert api.ask("GET", f"{PAIRS}?limit=1&cursor={page['next_cursor']}").json()["items"][0]["id"] == page["items"][0]["id"]


def test_queries_and_paths_of_any_kind(api, played):
    chance = random.Random("keywright queries")
    values = ["", "x", "-1", "0", "1", "5", "101", "1e3", "99999999999999999999", "%00", "%ff", "a%20b", "null", "GBP", "41111111", "é"]
    names = ["limit", "cursor", "search", "id", "external_identifier", "status", "currency", "bin", "amount", "x", ""]
    merchants = [None, "default", "shop-1", "", "x" * 65, "a b", "caf\xe9"]
    for method, path, body in played * 25:
        query = "&".join(f"{chance.choice(names)}={chance.choice(values)}" for _ in range(chance.randrange(4)))
        path = path.partition("?")[0].replace("{id}", chance.choice(["x", "%2e%2e", "7099948d-7286-47e4-aad8-b68f7eb44591"]))
        merchant = chance.choice(merchants)
        fields = {} if merchant is None else {"x-gr4vy-merchant-account-id": merchant.encode("latin-1")}
        answer = api.ask(method, f"{path}?{query}", body, **fields)
        assert answer.status_code in (200, 201, 400, 404, 422), answer.text


def test_pages(api):
    ids = [api.ask("POST", "/buyers", {"external_identifier": f"b{n}"}).json()["id"] for n in range(5)]
    found, cursor = [], None
    while True:
        page = api.ask("GET", "/buyers?limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found[:5] == ids[::-1] and len(found) == len(set(found))
    assert [item["id"] for item in api.ask("GET", "/buyers?external_identifier=b3").json()["items"]] == [ids[3]]


def test_webhooks_tell_of_what_a_call_shows(api, description):
    heard = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        secret = {"kind": "webhook_secret", "provider": "gr4vy", "secret": "whsec_0123456789abcdef"}
        requests.post(f"{api.control}/credentials", json=secret, timeout=PATIENCE).raise_for_status()
        made = api.ask("POST", "/transactions", GOOD).json()
        for event in ("transaction.captured", "transaction.authorized"):
            url = f"http://127.0.0.1:{server.server_port}/"
            order = {"provider": "gr4vy", "url": url, "event": event, "id": made["id"]}
            requests.post(f"{api.control}/webhooks", json=order, timeout=PATIENCE).raise_for_status()
            target = heard[-1]["target"]
            description.schema("Transaction").validate(target)
            assert target == api.ask("GET", f"/transactions/{made['id']}").json()
        assert [told["target"]["status"] for told in heard] == ["capture_succeeded", "authorization_succeeded"]
    finally:
        server.shutdown()
        thread.join(PATIENCE)
        server.server_close()
