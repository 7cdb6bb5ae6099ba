"""Runs the criterion benches and reads what they leave behind.

A bench is named `group/function/parameter`. A group with a throughput in bytes is a size series: the time for each byte
should stay level. A group that is also timed by turns is reported by those figures.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Optional


@dataclass
class Bench:
    """One measured bench; times in nanoseconds."""

    group: str
    function: str
    parameter: str
    bytes: Optional[int]
    median: float
    low: float  # 95 % confidence interval of the median
    high: float


@dataclass
class Turns:
    """An operation of Keywright and the bare call that it rests on, timed by turns; medians in nanoseconds. Difference and
    ratio are medians over the rounds, and so not the difference and ratio of the medians."""

    group: str
    alg: str
    keywright: float
    bare: float
    difference: float
    ratio: float


def measure(packages, target):
    """Runs the benches of `packages`, after forgetting earlier figures."""
    subprocess.run(["rm", "-rf", str(target / "criterion")], check=True)
    # Otherwise it may write beside the crate.
    here = {**os.environ, "CRITERION_HOME": str(target / "criterion")}
    for package in packages:
        subprocess.run(["cargo", "bench", "--locked", "--package", package], env=here, check=True)


def read(target):
    """Every bench that criterion has figures of, in a stable order."""
    found = [one(path) for path in (target / "criterion").glob("**/new/benchmark.json")]
    return sorted(found, key=lambda bench: (bench.group, natural(bench.parameter), bench.function))


def by_turns(target):
    """What the benches timed by turns, in their order."""
    try:
        lines = (target / "criterion" / "by-turns.jsonl").read_text().splitlines()
    except FileNotFoundError:
        return []
    return [Turns(**json.loads(line)) for line in lines]


def memory(target):
    """Resident memory after a thousand sends and after ten thousand, in KiB; none where it was not measured."""
    try:
        return json.loads((target / "criterion" / "memory.jsonl").read_text().splitlines()[-1])
    except FileNotFoundError:
        return None


def one(description):
    identity = json.loads(description.read_text())
    median = json.loads(description.with_name("estimates.json").read_text())["median"]
    interval = median["confidence_interval"]
    throughput = identity.get("throughput") or {}
    return Bench(
        group=identity["group_id"],
        function=identity.get("function_id") or "",
        parameter=identity.get("value_str") or "",
        bytes=throughput.get("Bytes"),
        median=median["point_estimate"],
        low=interval["lower_bound"],
        high=interval["upper_bound"],
    )


def natural(text):
    """Numbers by size, words by letters."""
    return (0, int(text), "") if text.isdigit() else (1, 0, text)
