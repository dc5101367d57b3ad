"""How long counting takes and how much memory: each rule in a process of its own, and beside it a public library."""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from app.services.imports import Tell

ROOT = Path(__file__).resolve().parents[2]
ORACLES = ROOT / ".venv-oracles" / "bin" / "python"

BALLOTS, OPTIONS, MARKED = 100_000, 200, 10
# Seconds allowed for each rule, and megabytes for all of them.
SECONDS = {"approval": 8, "majority_judgment": 8, "schulze": 8, "stv": 8, "irv": 8, "equal_shares": 15}
MEGABYTES = 1000
ALSO = ("ranked_pairs", "score", "phragmen", "greedy")
# Libraries take minutes for a hundred thousand ballots, or never end: they are compared on fewer.
FEWER = (10_000, 50, 10)
COMPARED = {
    "schulze": "pref_voting",
    "ranked_pairs": "pref_voting",
    "irv": "pref_voting",
    "stv": "pref_voting",
    "majority_judgment": "pref_voting",
    "approval": "abcvoting",
    "equal_shares": "pabutools",
    "phragmen": "pabutools",
    "greedy": "pabutools",
}
PATIENCE = 60
FULL = ("schulze", "majority_judgment", "stv", "irv")

Row = dict[str, Any]


def measure(tell: Tell, full: bool = False) -> dict[str, Any]:
    """Every rule on many ballots; beside a library on fewer, where `make oracles` installed them; full rankings."""
    rules = (*SECONDS, *ALSO)
    rows = []
    for at, rule in enumerate(rules):
        tell(f"counting: {rule}", at / len(rules))
        rows.append({"rule": rule, **counted(rule, BALLOTS, OPTIONS, MARKED)})
    compared = []
    if ORACLES.exists():
        for at, rule in enumerate(COMPARED):
            tell(f"beside {COMPARED[rule]}: {rule}", at / len(COMPARED))
            compared.append(beside(rule))
    complete = []
    for at, rule in enumerate(FULL if full else ()):
        tell(f"full rankings: {rule}", at / len(FULL))
        complete.append({"rule": rule, **counted(rule, BALLOTS, OPTIONS, OPTIONS)})
    return {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "machine": f"{platform.machine()}, {psutil.cpu_count()} cores, Python {platform.python_version()}",
        "load": [round(each, 1) for each in os.getloadavg()],
        "ballots": BALLOTS,
        "options": OPTIONS,
        "marked": MARKED,
        "rules": rows,
        "compared": compared,
        "full": complete,
    }


def counted(rule: str, *size: int) -> Row:
    found = started(sys.executable, rule, *size)
    if found is None:
        raise RuntimeError(f"{rule} did not end")
    return found


def beside(rule: str) -> Row:
    """Processor seconds of ours and of the library on the same ballots; None where it was not done in a minute."""
    ours = counted(rule, *FEWER)
    theirs = started(str(ORACLES), rule, *FEWER, who="theirs", patience=PATIENCE)
    return {
        "rule": rule,
        "oracle": COMPARED[rule],
        "cpu_s": ours["cpu_s"],
        "oracle_cpu_s": theirs["cpu_s"] if theirs else None,
    }


def started(python: str, rule: str, *size: int, who: str = "ours", patience: int | None = None) -> Row | None:
    command = [python, "-W", "ignore", "-m", "app.bench.counted", rule, *(str(each) for each in size), who]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        return None
    facts: Row = json.loads(done.stdout.splitlines()[-1])
    return facts


def table(facts: dict[str, Any]) -> str:
    """The same facts in Markdown, for bench/README.md."""
    what = f"{facts['ballots']:,} ballots over {facts['options']} options, {facts['marked']} marked on each"
    lines = [
        f"Counting {what}; {facts['at']}, {facts['machine']}, load average {facts['load']}:",
        "",
        "| rule | CPU s | goal | wall s | peak MB |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for row in facts["rules"]:
        goal = SECONDS.get(row["rule"], "")
        spent = f"{row['cpu_s']:.2f} | {goal} | {row['wall_s']:.2f}"
        lines.append(f"| {row['rule']} | {spent} | {row['peak_mb']} |")
    missed = [row["rule"] for row in facts["rules"] if not within(row)]
    lines += ["", f"Over a goal of time or {MEGABYTES} MB: {', '.join(missed) or 'none'}."]
    if facts["compared"]:
        lines += ["", *comparison(facts["compared"])]
    else:
        lines += ["", "No library beside it: `make oracles` installs them."]
    if facts["full"]:
        lines += ["", f"Full rankings, all {facts['options']} options on every ballot (background work):", ""]
        lines += ["| rule | CPU s | wall s | peak MB |", "| --- | ---: | ---: | ---: |"]
        lines += [
            f"| {row['rule']} | {row['cpu_s']:.1f} | {row['wall_s']:.1f} | {row['peak_mb']} |"
            for row in facts["full"]
        ]
    return "\n".join(lines)


def within(row: Row) -> bool:
    return bool(row["cpu_s"] <= SECONDS.get(row["rule"], float("inf")) and row["peak_mb"] <= MEGABYTES)


def comparison(rows: list[Row]) -> list[str]:
    ballots, options, marked = FEWER
    lines = [
        f"Beside public libraries, {ballots:,} ballots over {options} options, {marked} marked; CPU seconds:",
        "",
        "| rule | ours | library | theirs | theirs over ours |",
        "| --- | ---: | --- | ---: | ---: |",
    ]
    for row in rows:
        theirs, ratio = f"over {PATIENCE} (wall)", ""
        if row["oracle_cpu_s"] is not None:
            theirs = f"{row['oracle_cpu_s']:.2f}"
            ratio = f"{row['oracle_cpu_s'] / max(row['cpu_s'], 0.001):.1f}"
        lines.append(f"| {row['rule']} | {row['cpu_s']:.3f} | {row['oracle']} | {theirs} | {ratio} |")
    return lines
