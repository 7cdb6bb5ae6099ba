"""Code for handlers that Keywright writes takes what is genuine and nothing else: run, in each language, against deliveries
that Keywright signs and against those that Python's own hmac signs."""

import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from program import PATIENCE

DEFINITIONS = Path(__file__).parents[2] / "src-tauri/crates/provider/tests/webhooks"
BARE = 'keywright-provider = 1\nid = "acme"\nname = "Acme"\n\n[[environments]]\nid = "test"\nlabel = "Test"\nbase-url = "ask"\n\n'
TEXT = "orchid-tundra-biscuit-velcro-9417"
OTHER_TEXT = "marzipan-gondola-thistle-lattice-8812"
URL = "https://shop.example/hooks?a=b"
BODIES = [b'{"event":"paid","amount":"0.00420000"}', b'{\n  "a": 1.10\r\n}\n', b"\xef\xbb\xbf{\"note\":\"\xff\"}", b""]
"""As they come: with line breaks, a byte order mark, bytes that are no UTF-8, and none at all."""


def mac(algorithm: str, secret: bytes, signed: bytes) -> bytes:
    return hmac.new(secret, signed, algorithm).digest()


def base64(signature: bytes) -> str:
    return b64encode(signature).decode()


@dataclass
class Way:
    """A way of signing, as its provider documents it, apart from any code of ours."""

    definition: str
    signs: callable
    """From secret, body, seconds to the header fields and the body of a delivery."""
    secret: str = TEXT
    other: str = OTHER_TEXT
    timed: bool = True
    bodies: list = field(default_factory=lambda: BODIES)
    known: str | None = None
    """What the handler knows, where that is not what signs."""
    told: tuple = ()
    unsigned: tuple = ()
    """Header fields that no signature covers and nothing is judged by."""


def text_secret(sign):
    return lambda secret, body, at: sign(secret.encode(), body, at)


def body_alone(name, algorithm="sha256", form=bytes.hex, before="", read=str.encode):
    return lambda secret, body, at: ({name: before + form(mac(algorithm, read(secret), body))}, body)


def stripe(secret, body, at):
    good = mac("sha256", secret, b"%d." % at + body).hex()
    return {"Stripe-Signature": f"t={at},v1={'0' * 64},v1={good},v0={'1' * 64}"}, body


def standard(secret, body, at):
    key = b64decode(secret.removeprefix("whsec_"))
    good = base64(mac("sha256", key, b"msg_1.%d." % at + body))
    signatures = f"v1a,AAAA v1,{base64(bytes(32))} v1,{good}"
    return {"webhook-id": "msg_1", "webhook-timestamp": str(at), "webhook-signature": signatures}, body


def gr4vy(secret, body, at):
    good = mac("sha256", secret, b"%d." % at + body).hex()
    fields = {"X-Gr4vy-Webhook-Timestamp": str(at), "X-Gr4vy-Webhook-ID": "1"}
    return {**fields, "X-Gr4vy-Webhook-Signatures": f"{'0' * 64},{good}"}, body


def slack(secret, body, at):
    signature = "v0=" + mac("sha256", secret, b"v0:%d:" % at + body).hex()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": signature}, body


def revolut(secret, body, at):
    signature = mac("sha256", secret, b"v1.%d000." % at + body).hex()
    return {"Revolut-Request-Timestamp": f"{at}000", "Revolut-Signature": f"v1={'0' * 64},v1={signature}"}, body


def hubspot(secret, body, at):
    signature = mac("sha256", secret, b"POST" + URL.encode() + body + b"%d000" % at)
    return {"X-HubSpot-Request-Timestamp": f"{at}000", "X-HubSpot-Signature-v3": base64(signature)}, body


def finix(secret, body, at):
    signature = mac("sha256", secret, b"%d:" % at + body).hex()
    return {"Finix-Signature": f"timestamp={at}, sig={signature}"}, body


def adyen(secret, body, _):
    event = json.loads(body)
    item = event["notificationItems"][0]["NotificationRequestItem"]
    names = ["pspReference", "originalReference", "merchantAccountCode", "merchantReference"]
    values = [item.get(name, "") for name in names]
    values += [str(item["amount"]["value"]), item["amount"]["currency"], item["eventCode"], item["success"]]
    item["additionalData"]["hmacSignature"] = base64(mac("sha256", bytes.fromhex(secret), ":".join(values).encode()))
    return {}, json.dumps(event).encode()


ADYEN = {
    "live": "false",
    "notificationItems": [
        {
            "NotificationRequestItem": {
                "additionalData": {"hmacSignature": ""},
                "amount": {"currency": "EUR", "value": 1130},
                "eventCode": "AUTHORISATION",
                "merchantAccountCode": "Shop",
                "merchantReference": "Äpfel 7",
                "pspReference": "7914073381342284",
                "success": "true",
            }
        }
    ],
}


def spreedly(secret, body, _):
    event = json.loads(body)
    transaction = event["transaction"]
    values = []
    for name in transaction["signed"]["fields"].split():
        value = transaction.get(name)
        values.append("" if value is None else str(value).lower() if isinstance(value, bool) else str(value))
    transaction["signed"]["signature"] = mac("sha1", secret, "|".join(values).encode()).hex()
    return {}, json.dumps(event).encode()


SPREEDLY = {
    "transaction": {
        "amount": 100,
        "on_test_gateway": True,
        "description": None,
        "state": "succeeded",
        "signed": {"signature": "", "fields": "amount on_test_gateway description state missing", "algorithm": "sha1"},
    }
}


def mailgun(secret, body, at):
    event = json.loads(body)
    event["signature"]["timestamp"] = str(at)
    signature = mac("sha256", secret, f"{at}{event['signature']['token']}".encode())
    event["signature"]["signature"] = signature.hex()
    return {}, json.dumps(event).encode()


MAILGUN = {"signature": {"timestamp": "", "token": "a1b2", "signature": ""}, "event-data": {"id": "1"}}


def discord(seed, body, at):
    signature = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)).sign(b"%d" % at + body)
    return {"X-Signature-Timestamp": str(at), "X-Signature-Ed25519": signature.hex()}, body


ODD = "'\"`${1}#{2}$x\\ ?>*/é %s {3}"
"""What means something in one language or another."""
ODD_LINES = ODD + "\n?>" + ODD
ODD_DEFINITION = f"""
[webhook]
mac = "hmac-sha256"
signed = {json.dumps(ODD_LINES.replace("{", "{{").replace("}", "}}") + "{body}", ensure_ascii=False)}
secret-prefix = {json.dumps(ODD, ensure_ascii=False)}
note = {json.dumps(ODD, ensure_ascii=False)}
signature = {{ header = "x-odd", encoding = "base64url", prefix = ["v1=", {json.dumps(ODD, ensure_ascii=False)}], separator = "|" }}
"""


def odd(secret, body, _):
    signature = b64encode(mac("sha256", secret, ODD_LINES.encode() + body)).decode()
    return {"x-odd": f"v2=A|v1=|{ODD}" + signature.translate(str.maketrans("+/", "-_", "="))}, body


SEED, OTHER_SEED = "11" * 32, "22" * 32
PUBLIC = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(SEED)).public_key().public_bytes_raw().hex()
HEX, OTHER_HEX = hashlib.sha256(b"one").hexdigest(), hashlib.sha256(b"two").hexdigest()
WHSEC = "whsec_" + base64(hashlib.sha256(b"one").digest())
OTHER_WHSEC = "whsec_" + base64(hashlib.sha256(b"two").digest())


def as_json(*values):
    return [json.dumps(value).encode() for value in values]


WAYS = {
    "the body alone": Way("cryptopay", body_alone("X-Webhook-Signature"), timed=False),
    "the body alone, assumed": Way("hedge", body_alone("X-Hedge-Signature"), timed=False),
    "timestamp.body, several": Way("gr4vy", text_secret(gr4vy), unsigned=("X-Gr4vy-Webhook-ID",)),
    "a beginning": Way("github", body_alone("X-Hub-Signature-256", before="sha256="), timed=False),
    "SHA-512": Way("paystack", body_alone("x-paystack-signature", "sha512"), timed=False),
    "a secret in hex": Way(
        "adyen-banking",
        body_alone("HmacSignature", form=base64, read=bytes.fromhex),
        secret=HEX,
        other=OTHER_HEX,
        timed=False,
    ),
    "the second of two fields": Way("primer", body_alone("X-Signature-Secondary", form=base64), timed=False),
    "a list of members": Way("stripe", text_secret(stripe)),
    "timestamp:body": Way("finix", text_secret(finix)),
    "v0:timestamp:body": Way("slack", text_secret(slack)),
    "milliseconds": Way("revolut", text_secret(revolut)),
    "id.timestamp.body": Way("standard-webhooks", standard, secret=WHSEC, other=OTHER_WHSEC),
    "method and address": Way("hubspot", text_secret(hubspot), told=(URL, "POST")),
    "fields": Way("adyen-items", adyen, secret=HEX, other=OTHER_HEX, timed=False, bodies=as_json(ADYEN)),
    "fields that the body names": Way("spreedly", text_secret(spreedly), timed=False, bodies=as_json(SPREEDLY)),
    "fields with the time": Way("mailgun", text_secret(mailgun), bodies=as_json(MAILGUN)),
    "what means something elsewhere": Way("odd", text_secret(odd), timed=False),
    "Ed25519": Way("discord", discord, secret=SEED, other=OTHER_SEED, known=PUBLIC),
}

NODE = """
import { readFileSync } from "node:fs";
const { isGenuine } = await import("./code.mjs");
for (const { headers, body, told } of JSON.parse(readFileSync(0))) {
  console.log(isGenuine(headers, Buffer.from(body, "base64"), ...told));
}
"""
PYTHON = """
import base64, json, sys
from requests.structures import CaseInsensitiveDict
from code_of_handler import is_genuine
for case in json.load(sys.stdin):
    print(str(is_genuine(CaseInsensitiveDict(case["headers"]), base64.b64decode(case["body"]), *case["told"])).lower())
"""
GO = """package main

import (
	"encoding/json"
	"fmt"
	"handler/webhook"
	"net/http"
	"os"
)

func main() {
	var cases []struct {
		Headers map[string]string
		Body    []byte
		Told    []string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	for _, one := range cases {
		header := http.Header{}
		for name, value := range one.Headers {
			header.Set(name, value)
		}
		fmt.Println(webhook.IsGenuine(header, one.BodyTOLD))
	}
}
"""
PHP = """<?php
require __DIR__ . '/code.php';
foreach (json_decode(file_get_contents('php://stdin'), true) as $case) {
    $server = [];
    foreach ($case['headers'] as $name => $value) {
        $server['HTTP_' . strtr(strtoupper($name), '-', '_')] = $value;
    }
    echo isGenuine($server, base64_decode($case['body']), ...$case['told']) ? "true\\n" : "false\\n";
}
"""
NEEDS = {"node": "node", "python": sys.executable, "go": "go", "php": "php"}
LANGUAGES = [
    pytest.param(one, marks=pytest.mark.skipif(shutil.which(NEEDS[one]) is None, reason=f"there is no {one} (.make/need {one})"))
    for one in NEEDS
]


class Handler:
    """The code in a program that asks it about deliveries."""

    def __init__(self, kw, language: str, definition, *arguments: str, told: int = 0, folder: Path):
        self.variable = "ACME_WEBHOOK_SECRET" if isinstance(definition, Path) else f"{definition.upper()}_WEBHOOK_SECRET"
        self.code = kw.run("webhook", "code", "--provider", definition, "--copy-as", language, *arguments)
        self.folder = folder
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        write = lambda name, text: (folder / name).write_text(text)
        if language == "node":
            write("code.mjs", self.code), write("run.mjs", NODE)
            self.command = ["node", "run.mjs"]
        elif language == "python":
            write("code_of_handler.py", self.code), write("run.py", PYTHON)
            self.command = [sys.executable, "run.py"]
        elif language == "php":
            write("code.php", self.code), write("run.php", PHP)
            self.command = ["php", "run.php"]
        else:
            (folder / "webhook").mkdir()
            write("webhook/code.go", self.code), write("go.mod", "module handler\n\ngo 1.18\n")
            write("main.go", GO.replace("TOLD", "".join(f", one.Told[{index}]" for index in range(told))))
            go = {"GOCACHE": str(CACHE), "GOPROXY": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
            built = subprocess.run(
                ["go", "build", "-o", "program", "."],
                cwd=folder, env={**self.environment, **go}, capture_output=True, text=True, timeout=PATIENCE,
            )
            assert built.returncode == 0, built.stderr + self.code
            listed = subprocess.run(["gofmt", "-l", "webhook"], cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
            assert listed.stdout == "" and listed.returncode == 0, listed.stdout + listed.stderr + self.code
            self.command = ["./program"]

    def run(self, cases, secret: str | None) -> subprocess.CompletedProcess:
        environment = {**self.environment, **({} if secret is None else {self.variable: secret})}
        return subprocess.run(
            self.command, cwd=self.folder, env=environment, input=json.dumps(cases), capture_output=True, text=True, timeout=PATIENCE
        )

    def judge(self, deliveries, secret: str, told=()) -> list[bool]:
        """Whether it takes each of these."""
        cases = [
            {"headers": {name.lower(): value for name, value in headers.items()}, "body": base64(body), "told": told}
            for headers, body in deliveries
        ]
        done = self.run(cases, secret)
        assert done.returncode == 0, done.stderr + self.code
        return [line == "true" for line in done.stdout.split()]


CACHE = Path(os.environ.get("CARGO_TARGET_DIR", Path(__file__).parents[2] / "target")).absolute() / "go"
"""Go's own packages are compiled once and kept. Nothing is fetched: a handler needs no other."""


def definition(name: str, folder: Path):
    """The definition's file, or the id of one that is built in."""
    file = DEFINITIONS / f"{name}.toml"
    if name != "odd" and not file.exists():
        return name
    written = folder / f"{name}.toml"
    written.write_text(BARE + (ODD_DEFINITION if name == "odd" else file.read_text()))
    return written


def signed_here(kw, way: Way, of, body: bytes, at: int, secret: str | None = None) -> tuple[dict, bytes]:
    """A delivery that Keywright signs."""
    told = ("--url", way.told[0], "--method", way.told[1]) if way.told else ()
    out = kw.run(
        "webhook", "sign", kw.file(body), "--provider", of, "--secret-file", kw.file(secret or way.secret), "--at", at, "--json", *told
    )
    answer = json.loads(out)
    headers = {}
    for one in answer["headers"]:
        # Members of one field come one by one where each is a field of its own.
        name = one["name"]
        headers[name] = f"{headers[name]},{one['value']}" if name in headers else one["value"]
    return headers, body if way.bodies is BODIES else answer["body"].encode()


def altered(headers: dict, body: bytes, unsigned) -> list[tuple[dict, bytes]]:
    """The delivery with one thing changed, each time another."""
    found = []
    for name, value in headers.items():
        if name in unsigned:
            continue
        found.append(({**headers, name: ""}, body))
        found.append(({other: text for other, text in headers.items() if other != name}, body))
        found.append(({**headers, name: value.translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))}, body))
    return found


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_takes_what_is_genuine_and_nothing_else(language, name, kw, tmp_path):
    way = WAYS[name]
    of = definition(way.definition, tmp_path)
    handler = Handler(kw, language, of, told=len(way.told), folder=tmp_path)
    now = int(time.time())
    good, bad = [], []
    for body in way.bodies:
        theirs = way.signs(way.secret, body, now)
        good += [theirs, signed_here(kw, way, of, body, now)]
        bad.append(way.signs(way.other, body, now))
        bad.append(signed_here(kw, way, of, body, now, way.other))
        bad += altered(*theirs, way.unsigned)
        if way.bodies is BODIES:
            headers, _ = theirs
            bad += [(headers, body + b"\n"), (headers, body + b"x"), (headers, body[1:] if body else b" ")]
        else:
            headers, text = theirs
            bad += [(headers, text[:-1]), (headers, b"[]"), (headers, b"null"), (headers, b'"x"')]
            for before, after in [(b"1130", b"1131"), (b"succeeded", b"failed"), (b"a1b2", b"a1b3")]:
                if before in text:
                    bad.append((headers, text.replace(before, after)))
        if way.timed:
            bad += [way.signs(way.secret, body, at) for at in (now - 3600, now + 3600, 0)]
            bad.append(signed_here(kw, way, of, body, now - 3600))
            good += [way.signs(way.secret, body, at) for at in (now - 200, now + 200)]
    known = way.known or way.secret
    taken = handler.judge(good, known, way.told)
    assert taken == [True] * len(good), ([good[at] for at, one in enumerate(taken) if not one][:2], handler.code)
    taken = handler.judge(bad, known, way.told)
    assert taken == [False] * len(bad), ([bad[at] for at, one in enumerate(taken) if one][:2], handler.code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_secret_that_is_missing_or_unreadable_is_named_and_nothing_is_taken(language, kw, tmp_path):
    way = WAYS["id.timestamp.body"]
    handler = Handler(kw, language, definition(way.definition, tmp_path), folder=tmp_path)
    body = b"{}"
    # What an empty key would make good.
    empty = way.signs("whsec_", body, int(time.time()))
    case = {"headers": {name.lower(): value for name, value in empty[0].items()}, "body": base64(body), "told": []}
    for secret in (None, "", "whsec_", "whsec_!!!"):
        done = handler.run([case], secret)
        assert done.returncode != 0 and "true" not in done.stdout, (secret, done, handler.code)
        if secret != "whsec_!!!":
            assert handler.variable in done.stderr + done.stdout, (secret, done)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sender_that_signs_json_written_anew_is_taken_where_the_code_is_for_it(language, kw, tmp_path):
    body = b'{\r\n  "event": "paid: \\"now\\"  ok",\n  "amount": "0.00420000", "shop": [1, {"a": true}]\n}\n'
    anew = b'{"event":"paid: \\"now\\"  ok","amount":"0.00420000","shop":[1,{"a":true}]}'
    headers = {"X-Webhook-Signature": mac("sha256", TEXT.encode(), anew).hex()}
    for arguments, taken in ((["--reserialised"], True), ([], False)):
        folder = tmp_path / str(taken)
        folder.mkdir()
        handler = Handler(kw, language, "cryptopay", *arguments, folder=folder)
        assert handler.judge([(headers, body), (headers, anew), (headers, body[:-4])], TEXT) == [taken, True, False]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_signature_that_is_not_written_as_it_should_be_is_not_taken(language, kw, tmp_path):
    handler = Handler(kw, language, "cryptopay", folder=tmp_path)
    good = mac("sha256", TEXT.encode(), b"{}").hex()
    odd = [good + "zz", good + "a", good[:8] + " " + good[8:], good + " ", "0x" + good, good[:-2], good + good]
    deliveries = [({"X-Webhook-Signature": text}, b"{}") for text in [good, good.upper(), *odd]]
    assert handler.judge(deliveries, TEXT) == [True, True] + [False] * len(odd)
    if language == "node":
        # As some frameworks give a field that came twice.
        assert handler.judge([({"X-Webhook-Signature": [good, good]}, b"{}")], TEXT) == [False]
