"""The counts of public libraries as they are timed beside ours: from plain lists of ballots to the result."""

from collections.abc import Callable
from typing import Any

from abcvoting import abcrules
from pabutools.election import Cost_Sat
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen
from pref_voting.grade_methods import majority_judgement
from pref_voting.grade_profiles import GradeProfile
from pref_voting.iterative_methods import instant_runoff_for_truncated_linear_orders
from pref_voting.margin_based_methods import beat_path, ranked_pairs_tb
from pref_voting.proportional_methods import stv_scottish

from app.bench.counted import SEATS, budget
from app.bench.oracles import rankings, sets
from app.rules.voting.profile import HIGHEST_GRADE, LOWEST_GRADE, Profile

Counting = Callable[[], object]


def ranking(count: Callable[[Any], object], unlisted_last: bool) -> Callable[[Profile[Any]], Counting]:
    def ready(profile: Profile[Any]) -> Counting:
        ballots, times = rankings.ranks(profile), [vote.times for vote in profile.votes]
        return lambda: count(rankings.made_of(ballots, times, len(profile.options), unlisted_last))

    return ready


def grades(profile: Profile[Any]) -> Counting:
    """Options that a ballot leaves out get the lowest grade, as with us."""
    options = range(len(profile.options))
    sheets = [dict.fromkeys(options, LOWEST_GRADE) | dict(vote.mark) for vote in profile.votes]
    scale = list(range(HIGHEST_GRADE + 1))
    return lambda: majority_judgement(GradeProfile(sheets, scale, candidates=list(options)))


def approvals(profile: Profile[Any]) -> Counting:
    found, options = sets.approved(profile), len(profile.options)
    return lambda: abcrules.compute("av", sets.voters(found, options), committeesize=SEATS, resolute=True)


def portfolio(count: Callable[..., object], **asked: object) -> Callable[[Profile[Any]], Counting]:
    def ready(profile: Profile[Any]) -> Counting:
        projects, found = sets.projects_of(profile), sets.approved(profile)
        return lambda: count(*sets.made_of(projects, found, budget(profile)), **asked)

    return ready


COUNTS: dict[str, Callable[[Profile[Any]], Counting]] = {
    "schulze": ranking(beat_path, unlisted_last=True),
    "ranked_pairs": ranking(ranked_pairs_tb, unlisted_last=True),
    "irv": ranking(instant_runoff_for_truncated_linear_orders, unlisted_last=False),
    "stv": ranking(lambda made: stv_scottish(made, num_seats=SEATS), unlisted_last=False),
    "majority_judgment": grades,
    "approval": approvals,
    "equal_shares": portfolio(method_of_equal_shares, sat_class=Cost_Sat),
    "phragmen": portfolio(sequential_phragmen),
    "greedy": portfolio(greedy_utilitarian_welfare, sat_class=Cost_Sat),
}
