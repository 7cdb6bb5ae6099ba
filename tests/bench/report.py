"""Turns figures into docs/BENCH.md."""

import statistics
from datetime import date

import sizes
import window

SIGN_RATIO, EXTRA_NS = 1.10, 3_000
SEND_RATIO, SEND_EXTRA_NS, SEND_GROWTH = 1.15, 200_000, 1.05
BARE = {"send": "request"}
RATIO_ALGORITHMS = ["ES256", "ES512", "RS256"]
VAULT_RECORDS = "100000"
VAULT_NS = {"open": 500e6, "write": 10e6}


def write(machine, benches, turns, memory, races, figures, weights, rounds, as_measured=False):
    run = "all of them are from one run"
    if as_measured:
        run = "whole commands were measured now, the rest before, on the same machine"
    groups = {}
    for bench in benches:
        groups.setdefault(bench.group, []).append(bench)
    parts = [
        "# Figures",
        f"Measured on {date.today().isoformat()} by `make bench`, which wrote this page. Times are medians. The raw"
        f" figures are at the end; {run}.",
        table(["", ""], machine),
        "## What it must reach",
        table(["goal", "measured", ""], [*goals(groups, turns, races), *send_goals(turns, memory), *window_goals(figures), *size_goals(weights)]),
        *comparisons(turns),
        *series(groups),
        *whole_commands(races, rounds),
        *the_window(figures),
        "## Size",
        "The command line without symbols, and packages as they are downloaded.",
        table(["", ""], [(name, sizes.megabytes(size)) for name, size in weights.items()]),
        *others(groups, turns),
        "## Raw figures",
        raw(benches, turns, races),
    ]
    return "\n\n".join(parts) + "\n"


def goals(groups, turns, races):
    """Each goal with what was measured, and whether it holds."""
    signing = [turn for turn in turns if turn.group == "sign"]
    for turn in signing:
        if turn.alg in RATIO_ALGORITHMS:
            yield row(f"sign {turn.alg}: at most {SIGN_RATIO:.2f} × the bare call", f"{turn.ratio:.3f} ×", turn.ratio <= SIGN_RATIO)
    for group in ("sign", "verify"):
        of_group = [turn for turn in turns if turn.group == group]
        if of_group:
            worst = max(of_group, key=lambda turn: turn.difference)
            told = f"{time(worst.difference)} ({worst.alg})"
            yield row(f"{group}: never more than {time(EXTRA_NS)} on top", told, worst.difference <= EXTRA_NS)
    for group, found in sized(groups):
        growth = [bench.median / bench.bytes for bench in found]
        # Fixed costs make the smallest dearer for each byte. What grows faster than its input would make the largest so:
        # by 16 from 64 KiB to 1 MiB, were it quadratic. Memory taken fresh from the system makes for less than 2.
        ratio = growth[-1] / min(growth)
        goal = f"{group}: linear in the size, a byte of the largest at most 2 × the cheapest"
        yield row(goal, f"{ratio:.2f} ×", ratio <= 2)
    for bench in groups.get("vault", []):
        if bench.parameter == VAULT_RECORDS and bench.function in VAULT_NS:
            limit = VAULT_NS[bench.function]
            goal = f"vault: {bench.function} with 100,000 records under {time(limit)}"
            yield row(goal, time(bench.median), bench.median < limit)
    for race in races:
        for tool in race.seconds:
            if tool != "keywright":
                goal = 2.0 if tool == "jwt-cli" else 1.0
                ratio = race.ratio_to(tool)
                yield row(f"{race.job}: at most {goal:.0f} × {tool}", f"{ratio:.2f} ×", ratio <= goal)


def send_goals(turns, memory):
    for turn in turns:
        if turn.group == "send":
            goal = f"send: at most {SEND_RATIO:.2f} × the bare request, or {time(SEND_EXTRA_NS)} on top"
            told = f"{turn.ratio:.2f} ×, {time(turn.difference)}"
            yield row(goal, told, turn.ratio <= SEND_RATIO or turn.difference <= SEND_EXTRA_NS)
    if memory:
        growth = memory["after_10000_kib"] / memory["after_1000_kib"]
        goal = f"send: memory after {memory['sends']:,} at most {SEND_GROWTH:.2f} × that after 1,000"
        yield row(goal, f"{growth:.2f} × ({memory['after_10000_kib'] / 1024:.1f} MiB)", growth <= SEND_GROWTH)


def window_goals(figures):
    if figures:
        for goal, most, measured, write in window.goals(figures):
            yield row(goal, write(measured), measured <= most)


def size_goals(weights):
    for goal, most, measured, write in sizes.goals(weights):
        yield row(goal, write(measured), measured <= most)


def row(goal, measured, holds):
    return (goal, measured, "holds" if holds else "**missed**")


def comparisons(turns):
    for group in dict.fromkeys(turn.group for turn in turns):
        yield f"## {group.capitalize()}, beside the bare {BARE.get(group, 'call of the engine')}"
        yield "Both by turns, a thousand times. Ratio and difference are the medians of the rounds' own."
        rows = [
            (turn.alg, time(turn.keywright), time(turn.bare), f"{turn.ratio:.3f} ×", time(turn.difference))
            for turn in turns
            if turn.group == group
        ]
        yield table(["algorithm", "Keywright", "bare", "ratio", "on top"], rows)


def sized(groups):
    """Groups with a throughput: one series for each function, smallest first."""
    for group, found in groups.items():
        for function in sorted({bench.function for bench in found if bench.bytes}):
            line = sorted((b for b in found if b.function == function and b.bytes), key=lambda bench: bench.bytes)
            if len(line) > 1:
                yield f"{group} {function}".strip(), line


def series(groups):
    for name, line in sized(groups):
        yield f"## {name.capitalize()}, by size"
        rows = [(size(b.bytes), time(b.median), f"{b.median / b.bytes:.2f} ns", f"{b.bytes / b.median * 1e3:,.0f} MB/s") for b in line]
        yield table(["input", "time", "each byte", "rate"], rows)


def whole_commands(races, rounds):
    if races:
        yield "## Whole commands, from start to exit"
        yield (
            f"{rounds} rounds; in each, every tool once, one after the other. The ratio is the median of the rounds' own"
            " ratios; below 1 Keywright is ahead. A dash: the tool does not do that."
        )
        tools = list(dict.fromkeys(tool for race in races for tool in race.seconds))
        heads = [tools[0], *(head for tool in tools[1:] for head in (tool, "ratio"))]
        rows = []
        for race in races:
            cells = [race.job, seconds(race.median(tools[0]))]
            for tool in tools[1:]:
                known = tool in race.seconds
                cells += [seconds(race.median(tool)), f"{race.ratio_to(tool):.2f} ×"] if known else ["–", "–"]
            rows.append(cells)
        yield table(["job", *heads], rows)


def the_window(figures):
    if figures:
        yield "## The window"
        yield (
            "The real window on a display without a screen, beside a window of the same framework with an empty page,"
            " and beside KeePassXC and XCA as Debian has them; they start by turns. Times run from the start of the process, the key or the paste to what is drawn."
        )
        rows = []
        for name, unit, values in window.series(figures):
            low, middle, high = statistics.quantiles(values, n=4)
            last = window.percentile(values, 95)
            cells = (f"{value:.1f} {unit}" for value in (middle, low, high, last))
            rows.append((name, *cells, len(values)))
        yield table(["", "median", "quartiles", "", "95 %", "rounds"], rows)


def others(groups, turns):
    """The remaining groups, one row for each function and one column for each parameter."""
    told = {turn.group for turn in turns}
    for group, found in groups.items():
        rest = {(bench.function, bench.parameter): bench for bench in found if not bench.bytes}
        if group not in told and rest:
            functions, parameters = (list(dict.fromkeys(names)) for names in zip(*rest))
            yield f"## {group.capitalize()}"
            rows = [
                [function, *(time(rest[function, it].median) if (function, it) in rest else "–" for it in parameters)]
                for function in functions
            ]
            yield table(["", *(f"{int(it):,}" if it.isdigit() else it for it in parameters)], rows)


def raw(benches, turns, races):
    lines = ["bench                                             median ns     95 % interval of the median"]
    for b in benches:
        name = "/".join(part for part in (b.group, b.function, b.parameter) if part)
        lines.append(f"{name:45} {b.median:13,.1f}     {b.low:,.1f} – {b.high:,.1f}")
    lines.append("")
    lines.append("by turns                                          median ns          bare    difference     ratio")
    for turn in turns:
        name = f"{turn.group}/{turn.alg}"
        lines.append(f"{name:45} {turn.keywright:13,.1f} {turn.bare:13,.1f} {turn.difference:13,.1f} {turn.ratio:9.4f}")
    lines.append("")
    lines.append("command                                           median ms     quartiles, fastest, slowest")
    for race in races:
        for tool, taken in race.seconds.items():
            low, middle, high = (quarter * 1e3 for quarter in statistics.quantiles(taken, n=4))
            extremes = f"{min(taken) * 1e3:.2f}, {max(taken) * 1e3:.2f}"
            lines.append(f"{race.job + ': ' + tool:45} {middle:13.2f}     {low:.2f} – {high:.2f}, {extremes}")
    return "```\n" + "\n".join(lines) + "\n```"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += ["| " + " | ".join(str(cell) for cell in cells) + " |" for cells in rows]
    return "\n".join(lines)


def time(nanoseconds):
    """Three digits or so, in the unit that fits."""
    for unit, scale in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        amount = nanoseconds / scale
        if abs(amount) >= 1:
            return f"{amount:.{2 if abs(amount) < 10 else 1 if abs(amount) < 100 else 0}f} {unit}"
    return f"{nanoseconds:.0f} ns"


def seconds(amount):
    return f"{amount * 1e3:.2f} ms"


def size(number):
    for unit, scale in (("MiB", 2**20), ("KiB", 2**10)):
        if number >= scale and number % scale == 0:
            return f"{number // scale} {unit}"
    return f"{number:,} B"
