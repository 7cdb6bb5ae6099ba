"""A key set that verifiers keep a copy of, while one key takes the place of another: `jose` as such a verifier.

The set is a plain HTTP server's, and a script edits it, as people's deployments do. What is tried is when each edit may come: a key is
published before it signs, for as long as copies live, and stays published after it has signed, for as long as its tokens live.
"""

import json
import time
from collections import Counter
from dataclasses import dataclass

import pytest

from conftest import Peer
from program import claims

CACHE = 300
"""Seconds for which jose keeps its copy."""
LIFETIME = 300
"""Seconds for which a token lives."""
STEP = 30
"""Seconds from one token to the next."""
START = int(time.time())
"""When each timeline begins: the same for all, so that a token is signed once."""

KIND = {"eager": 30, "patient": CACHE}
"""How soon a verifier asks again for a key that its copy lacks: jose as it comes, and one that waits until the copy is old."""


@dataclass
class Plan:
    """What happens when, in seconds from the start."""

    publish: int
    promote: int
    withdraw: int
    end: int


SAFE = Plan(publish=600, promote=600 + CACHE, withdraw=600 + CACHE + LIFETIME, end=1800)


@pytest.fixture(scope="module")
def signed(kw, keys):
    """The token that a key makes at a time, and its public half."""
    tokens = {}

    def token(name: str, at: int) -> str:
        if (name, at) not in tokens:
            times = {"iat": START + at, "nbf": START + at, "exp": START + at + LIFETIME}
            tokens[name, at] = kw.sign(keys[name].path, "ES512", claims(**times))
        return tokens[name, at]

    return token


@pytest.fixture(scope="module")
def public(kw, keys):
    return {name: json.loads(kw.convert(keys[name].path, "jwk", "--public")) for name in ("p521", "p521-xzero")}


def follow(plan: Plan, cooldown: int, signed, public) -> Counter:
    """Verdicts on every token that lives, asked at every step: by whether the old or the next key signed it."""
    old, new = "p521", "p521-xzero"
    verifier = Peer("key_set.js", str(CACHE * 1000), str(cooldown * 1000))
    told = Counter()
    try:
        verifier.ask(act="publish", keys=[public[old]])
        living = []
        fetched = 0
        for at in range(0, plan.end, STEP):
            signer = new if at >= plan.promote else old
            living = [(name, made) for name, made in living if made + LIFETIME > at] + [(signer, at)]
            answer = verifier.ask(act="verify", at=START + at, tokens=[signed(name, made) for name, made in living])
            told.update((name == new, verdict) for (name, _), verdict in zip(living, answer["verdicts"]))
            fetched = answer["fetched"]
            # The copy was made just before the set changes: nobody has an older one for longer.
            edited = [*([old] if at < plan.withdraw else []), *([new] if at >= plan.publish else [])]
            verifier.ask(act="publish", keys=[public[name] for name in edited])
        assert fetched >= plan.end // CACHE - 1, "the copy was made anew all the time"
    finally:
        verifier.close()
    return told


@pytest.mark.parametrize("kind", KIND)
def test_published_before_it_signs_and_until_its_last_token_is_over(kind, signed, public):
    told = follow(SAFE, KIND[kind], signed, public)
    assert set(told) == {(False, "accepted"), (True, "accepted")}, told
    assert min(told.values()) > 100


@pytest.mark.parametrize("kind", KIND)
def test_signing_before_it_is_published_is_refused(kind, signed, public):
    plan = Plan(publish=900, promote=840, withdraw=1500, end=1500)
    told = follow(plan, KIND[kind], signed, public)
    assert told[True, "ERR_JWKS_NO_MATCHING_KEY"] > 0, told
    assert told[True, "accepted"] > 0, "it is found in the end"
    assert told[False, "accepted"] and told[False, "ERR_JWKS_NO_MATCHING_KEY"] == 0, told


def test_a_copy_that_lives_for_five_minutes_is_waited_for(signed, public):
    """One step less than the life of a copy is too early for a verifier that asks no sooner, whatever an eager one forgives."""
    early = Plan(publish=600, promote=600 + CACHE - 2 * STEP, withdraw=1500, end=1500)
    assert follow(early, KIND["patient"], signed, public)[True, "ERR_JWKS_NO_MATCHING_KEY"] > 0
    assert follow(early, KIND["eager"], signed, public)[True, "ERR_JWKS_NO_MATCHING_KEY"] == 0


@pytest.mark.parametrize("kind", KIND)
def test_withdrawn_while_its_tokens_live_is_refused(kind, signed, public):
    # Copies are made anew at each full life of one: the first one without the old key comes a step after it was withdrawn.
    plan = Plan(publish=300, promote=900 - STEP, withdraw=900 - STEP, end=1500)
    told = follow(plan, KIND[kind], signed, public)
    assert told[False, "ERR_JWKS_NO_MATCHING_KEY"] > 0, told
    assert told[True, "ERR_JWKS_NO_MATCHING_KEY"] == 0, told
