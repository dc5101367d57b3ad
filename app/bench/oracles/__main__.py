"""Compare every rule with a library on so many random profiles (2,000 unless said), and print a table."""

import sys
import warnings
from collections import Counter
from functools import partial
from random import Random
from time import perf_counter

from app.bench.oracles import profiles, rankings, sets
from app.bench.oracles.verdict import Comparison, Verdict
from app.rules.voting.profile import HIGHEST_GRADE, HIGHEST_SCORE

SEED = 20261122
EMPTY_SEATS = "options nobody approves: theirs fills seats with them, ours leaves the seats empty"

ROWS = (
    Comparison("schulze", "pref_voting beat_path", profiles.rankings, rankings.compare_schulze),
    Comparison(
        "ranked-pairs", "pref_voting ranked_pairs_tb", profiles.rankings, rankings.compare_ranked_pairs
    ),
    Comparison(
        "irv",
        "pref_voting instant_runoff_put",
        profiles.strict_rankings,
        rankings.compare_irv,
        "ties for the fewest: theirs tries all, ours looks back to earlier stages first",
    ),
    Comparison("stv", "pref_voting stv_scottish", profiles.strict_rankings, rankings.compare_stv),
    Comparison(
        "majority-judgment",
        "pref_voting majority_judgement",
        partial(profiles.sheets, highest=HIGHEST_GRADE, odd=True),
        rankings.compare_majority_judgment,
        "theirs leaves ties after one look round the median, ours removes medians one by one",
    ),
    Comparison(
        "score",
        "pref_voting score_voting, median",
        partial(profiles.sheets, highest=HIGHEST_SCORE, odd=True),
        rankings.compare_score,
        "equal medians: theirs leaves a tie, ours asks the mean",
    ),
    Comparison("approval", "abcvoting av", profiles.approvals, sets.compare_approval, EMPTY_SEATS),
    Comparison(
        "equal-shares, seats",
        "abcvoting equal-shares",
        profiles.approvals,
        sets.compare_equal_shares,
        EMPTY_SEATS,
    ),
    Comparison(
        "phragmen, seats", "abcvoting seqphragmen", profiles.approvals, sets.compare_phragmen, EMPTY_SEATS
    ),
    Comparison(
        "equal-shares, budget",
        "pabutools method_of_equal_shares",
        profiles.priced,
        sets.compare_shares_of_money,
    ),
    Comparison(
        "equal-shares, adding one",
        "pabutools method_of_equal_shares",
        profiles.priced,
        sets.compare_adding,
        "theirs also ends once nothing fits into what is left",
    ),
    Comparison("phragmen, budget", "pabutools sequential_phragmen", profiles.priced, sets.compare_saving),
    Comparison("greedy", "pabutools greedy_utilitarian_welfare", profiles.priced, sets.compare_greedy),
)


def run(row: Comparison, many: int) -> Counter[Verdict]:
    """The same profiles each time; one that differs is printed, so that it can be looked at."""
    found: Counter[Verdict] = Counter()
    random = Random(f"{SEED} {row.rule}")  # noqa: S311 - profiles, not secrets
    for _ in range(many):
        profile = row.make(random)
        verdict = row.compare(profile, random)
        found[verdict] += 1
        if verdict is Verdict.DIFFERS:
            print(f"{row.rule} differs from {row.oracle}: {profile}", file=sys.stderr)  # noqa: T201
    return found


def main() -> int:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    wanted = sys.argv[2:]
    warnings.simplefilter("ignore")
    lines = [
        "| rule | oracle | profiles | agree | tied | documented | differ |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    differ, started = 0, perf_counter()
    for row in ROWS:
        if wanted and row.rule.split(",")[0] not in wanted:
            continue
        found = run(row, many)
        differ += found[Verdict.DIFFERS]
        numbers = " | ".join(str(found[verdict]) for verdict in Verdict)
        lines.append(f"| {row.rule} | {row.oracle} | {many} | {numbers} |")
        print(lines[-1], file=sys.stderr, flush=True)  # noqa: T201
    notes = [f"- {row.rule}: {row.documented}." for row in ROWS if row.documented]
    print("\n".join([*lines, "", "Tied: both say so, and ours is one of theirs. Documented:", "", *notes]))  # noqa: T201
    print(f"\n{perf_counter() - started:.0f} s, seed {SEED}: {differ} differ.")  # noqa: T201
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
