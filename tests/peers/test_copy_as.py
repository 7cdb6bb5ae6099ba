"""Snippets do what the request would have done: the same bytes arrive, whichever program sends them."""

import json
import os
import re
import shutil
import subprocess
import sys
from urllib.parse import parse_qsl, quote

import pytest
from requests.utils import requote_uri

from program import PATIENCE
from snippets import ANSWER, ROWS, VARIABLE, Catcher, body, environment, headers, is_form, joined, snippet

SCRIPTS = os.path.dirname(sys.executable)
"""Where the programs of the packages are, among them HTTPie."""

RUN = {
    "curl": ["sh", "FILE"],
    "httpie": ["sh", "FILE"],
    "python": [sys.executable, "FILE"],
    "node": ["node", "FILE"],
    "browser": ["node", "--input-type=module", "--eval", "CALL"],
}
ENDING = {"curl": "sh", "httpie": "sh", "python": "py", "node": "mjs", "browser": "mjs"}

# A page's function is called with a token, as a page would.
CALL = "import {{ send }} from {file}; await send({token});"

NOT_BY_FETCH = {"a body with GET": "fetch sends no body with GET"}
NOT_IN_A_PAGE = {
    "a cookie": "a page cannot set the header field Cookie",
    "a log-in": "the password in the body must not be in a snippet for a browser",
    "a refresh": "the refresh_token in the body must not be in a snippet for a browser",
    "a client's credentials": "the client_secret in the body must not be in a snippet for a browser",
}
REFUSED = {"node": NOT_BY_FETCH, "browser": {**NOT_BY_FETCH, **NOT_IN_A_PAGE}}

# What each program adds of its own accord.
ADDED = {
    "accept",
    "accept-encoding",
    "accept-language",
    "connection",
    "content-length",
    "host",
    "sec-fetch-mode",
    "user-agent",
}

REQUOTES = {"httpie", "python"}
"""Programs that write an address in its normal form (RFC 3986 §6.2.2)."""

THE_BROWSERS = {"User-Agent", "Origin"}
"""Header fields that a page leaves to the browser."""


def normal(target: str) -> str:
    encoded = quote(requote_uri(target), safe="!#$%&'()*+,/:;=?@~")
    return re.sub("%[0-9a-f]{2}", lambda escape: escape[0].upper(), encoded, flags=re.IGNORECASE)


@pytest.fixture(scope="module")
def catcher():
    catcher = Catcher()
    yield catcher
    catcher.close()


def run(language: str, text: str, variables: dict[str, str], folder) -> subprocess.CompletedProcess:
    file = folder / f"request.{ENDING[language]}"
    file.write_text(text, newline="")
    call = CALL.format(file=json.dumps(file.as_uri()), token=json.dumps(variables.get(VARIABLE)))
    command = [{"FILE": str(file), "CALL": call}.get(word, word) for word in RUN[language]]
    kept = {"HOME": str(folder), "LANG": "C.UTF-8", "PATH": f"{SCRIPTS}:{os.environ['PATH']}"}
    return subprocess.run(command, env={**kept, **variables}, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("language", RUN)
def test_the_same_bytes_arrive(language, name, catcher, tmp_path):
    row = ROWS[name]
    text = snippet(language, row, catcher.base)
    if name in REFUSED.get(language, {}):
        assert text.startswith("refused: ") and REFUSED[language][name] in text
        return
    catcher.arrived.clear()
    done = run(language, text, environment(row), tmp_path)
    assert done.returncode == 0, (text, done.stderr.decode())
    assert len(catcher.arrived) == 1, (text, done)
    arrived = catcher.arrived[0]

    assert arrived.method == row["method"]
    form = normal if language in REQUOTES else str
    assert form(arrived.target) == form(row["path"])
    sent = headers(row)
    for field, _ in sent:
        if not (language == "browser" and field in THE_BROWSERS):
            assert arrived.header(field) == joined(sent, field), (field, text)
    strange = {field.lower() for field, _ in arrived.headers} - {field.lower() for field, _ in sent} - ADDED
    assert strange == set(), text

    if is_form(row):
        # Each program has its own opinion on which characters of a form must be encoded.
        assert parse_qsl(arrived.body.decode()) == parse_qsl(body(row).decode())
    else:
        assert arrived.body == body(row), text
    if row["method"] in ("POST", "PUT", "PATCH"):
        assert arrived.header("Content-Length") == str(len(arrived.body))
    told = done.stdout.decode()
    assert "200" in told, text
    assert row["method"] == "HEAD" or ANSWER in told, text


WITH_SECRETS = ["a read", "a log-in", "a refresh", "a client's credentials", "what cannot be seen", "HTTP Basic"]


@pytest.mark.parametrize("name", WITH_SECRETS)
@pytest.mark.parametrize("language", [language for language in RUN if language != "browser"])
def test_a_variable_that_is_not_set_is_named_and_nothing_sent(language, name, catcher, tmp_path):
    row = ROWS[name]
    text = snippet(language, row, catcher.base)
    variables = environment(row)
    for missing in variables:
        catcher.arrived.clear()
        done = run(language, text, {name: value for name, value in variables.items() if name != missing}, tmp_path)
        assert catcher.arrived == [], text
        assert done.returncode != 0, text
        assert missing in done.stderr.decode(), done


@pytest.mark.parametrize("language", [language for language in RUN if language != "browser"])
def test_a_redirect_is_shown_and_not_followed(language, tmp_path):
    catcher = Catcher(status=302, location="/elsewhere")
    row = ROWS["a header field of its own"]
    done = run(language, snippet(language, row, catcher.base), environment(row), tmp_path)
    catcher.close()
    assert "302" in done.stdout.decode(), done
    assert [arrived.target for arrived in catcher.arrived] == ["/x"]


@pytest.mark.skipif(shutil.which("dash") is None, reason="there is one shell only")
def test_the_strictest_shell_reads_the_same(catcher, tmp_path):
    for shell in ("dash", "bash"):
        for name in ("a write of JSON", "what cannot be seen", "bytes", "a log-in"):
            row = ROWS[name]
            catcher.arrived.clear()
            file = tmp_path / "request.sh"
            file.write_text(snippet("curl", row, catcher.base), newline="")
            subprocess.run([shell, file], env={"PATH": os.environ["PATH"], **environment(row)}, check=True, timeout=PATIENCE)
            assert catcher.arrived[0].body == body(row), (shell, name)
