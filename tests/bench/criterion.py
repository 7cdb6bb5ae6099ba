"""Runs the criterion benches and reads what they leave behind.

A bench is named `group/function/parameter`. Two habits of the benches decide how they are reported:
 - a group with a function `bare` is a comparison: the others are set against it, parameter by parameter;
 - a group with a throughput in bytes is a size series: time for each byte should stay level.
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
