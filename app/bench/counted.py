"""One count of invented ballots in a process of its own: `-m app.bench.counted RULE BALLOTS OPTIONS MARKED [WHO]`.

Prints what it took as one line of JSON. WHO is `ours`, or `theirs` for the library that the rule is compared with; then
the Python of .venv-oracles runs it. Needs the rules and nothing else of the application.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from app.bench.ballots import random_profile
from app.rules.voting import equal_shares, greedy, phragmen
from app.rules.voting.profile import Profile
from app.rules.voting.table import RULES
from app.rules.voting.ties import TieBreak

SEED = 7
SEATS = 3
FREE = 4  # a budget is a quarter of what all options cost

Counting = Callable[[], object]


def budget(profile: Profile[Any]) -> int:
    return sum(profile.costs) // FREE


def ours(rule: str, profile: Profile[Any]) -> Counting:
    """Our count, ready to start; with a budget for the rules that choose portfolios, without adding."""
    asked: dict[str, Callable[[], Any]] = {
        equal_shares.NAME: lambda: equal_shares.Settings(budget=budget(profile), step=0),
        phragmen.NAME: lambda: phragmen.Settings(budget=budget(profile)),
        greedy.NAME: lambda: greedy.Settings(budget(profile)),
    }
    found = RULES[rule]
    settings = asked.get(rule, lambda: found.defaults)()
    return lambda: found.count(settings, profile, TieBreak(profile.options))


def theirs(rule: str, profile: Profile[Any]) -> Counting:
    """The library's count of the same ballots, as plain lists that it takes in."""
    from app.bench.oracles import timed

    return timed.COUNTS[rule](profile)


def peak_mb() -> int:
    """The most memory this program held; Linux's ru_maxrss would also count who started it."""
    status = Path("/proc/self/status")
    if status.exists():
        found = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
        return int(found.split()[1]) // 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (
        2**20 if sys.platform == "darwin" else 2**10
    )


def main(rule: str, ballots: str, options: str, marked: str, who: str = "ours") -> None:
    profile = random_profile(RULES[rule].mark, int(ballots), int(options), int(marked), SEED)
    count = (theirs if who == "theirs" else ours)(rule, profile)
    wall, spent = perf_counter(), process_time()
    count()
    spent, wall = process_time() - spent, perf_counter() - wall
    facts = {"cpu_s": round(spent, 3), "wall_s": round(wall, 3), "peak_mb": peak_mb()}
    print(json.dumps(facts))  # noqa: T201 - whoever started this reads the line


if __name__ == "__main__":
    main(*sys.argv[1:])
