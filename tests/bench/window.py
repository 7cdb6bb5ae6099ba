"""The window, beside an empty one of the same framework. tests/desktop/measure.rs takes the times; here they are told."""

import json
import os
import statistics
import subprocess


def measure(target):
    """Builds both windows for release, and takes every figure in one run. What drives them need not be."""
    subprocess.run(["make", "--no-print-directory", "ui/dist/assets", "build"], check=True)
    desktop = ["--package", "keywright-desktop", "--bins", "--examples"]
    subprocess.run(["cargo", "build", "--locked", "--release", *desktop], check=True)
    driver = ["cargo", "test", "--locked", "--workspace", "--test", "desktop", "--", "--ignored", "measure"]
    subprocess.run(driver, env={**os.environ, "KEYWRIGHT_PROGRAMS": str(target / "release")}, check=True)


def read(target):
    """The figures of the last run, or nothing."""
    try:
        return json.loads((target / "release" / "window-figures.json").read_text())
    except FileNotFoundError:
        return None


def goals(figures):
    """Each goal: in words, the most that it allows, what was measured, and how it is written."""
    ours, empty = figures["startUp"]["keywright"], figures["startUp"]["empty"]
    yield "window: first paint, at most 1.3 × an empty one", 1.3, ratio(ours["firstPaintMs"], empty["firstPaintMs"]), times
    yield "window: memory (PSS of all processes), at most 1.25 × an empty one", 1.25, ratio(ours["pssKib"], empty["pssKib"]), times
    for alg, taken in figures["keystrokes"].items():
        most = {"ES256": 16}.get(alg, 33)
        yield f"window: keystroke → token with {alg}, 95 % within {most} ms", most, percentile(taken, 95), ms
    unlock = figures["unlock"]
    beyond = [whole - alone for whole, alone in zip(unlock["enterToTokenMs"], unlock["derivationMs"])]
    goal = f"window: Enter on the passphrase → token beyond the derivation, {unlock['keys']:,} keys, within 150 ms"
    yield goal, 150, statistics.median(beyond), ms
    yield "window: paste → verdict within 50 ms", 50, statistics.median(figures["paste"]["toVerdictMs"]), ms
    for what, key in (("unlocking", "unlockMs"), ("RSA generation", "rsaGenerationMs"), ("a slow request", "slowRequestMs")):
        yield f"window: longest gap of its heartbeat during {what} at most 50 ms", 50, statistics.median(figures["gaps"][key]), ms
    for what, key in (("scrolled", "scrollMs"), ("filtered", "filterMs")):
        yield f"window: {figures['list']['keys']:,} keys {what} without a gap over 50 ms", 50, figures["list"][key], ms


def series(figures):
    """What there is a number of, as name, unit and values, for the table of spreads."""
    starts = figures["startUp"]
    for title, unit, member, each in (
        ("first paint", "ms", "firstPaintMs", 1),
        ("first paint, nothing in the cache of files", "ms", "coldPaintMs", 1),
        ("memory", "MiB", "pssKib", 1024),
    ):
        for who, taken in starts.items():
            if taken[member]:
                yield f"{title}, {who}", unit, [value / each for value in taken[member]]
    for alg, taken in figures["keystrokes"].items():
        yield f"keystroke → token, {alg}", "ms", taken
    yield "Enter → token", "ms", figures["unlock"]["enterToTokenMs"]
    yield "the derivation alone", "ms", figures["unlock"]["derivationMs"]
    yield "paste → verdict", "ms", figures["paste"]["toVerdictMs"]
    for what, key in (("unlocking", "unlockMs"), ("RSA generation", "rsaGenerationMs"), ("a slow request", "slowRequestMs")):
        yield f"longest gap, {what}", "ms", figures["gaps"][key]


def ratio(ours, others):
    """The median of the rounds' own ratios."""
    return statistics.median(a / b for a, b in zip(ours, others))


def percentile(values, percent):
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def times(value):
    return f"{value:.2f} ×"


def ms(value):
    return f"{value:.1f} ms"
