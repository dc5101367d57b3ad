"""Rules for one winner and the single transferable vote, against pref_voting and abcvoting."""

import random
from collections.abc import Callable
from itertools import combinations
from random import Random
from typing import Any

from pref_voting.grade_methods import majority_judgement, score_voting
from pref_voting.grade_profiles import GradeProfile
from pref_voting.iterative_methods import instant_runoff_put
from pref_voting.margin_based_methods import beat_path, ranked_pairs_tb
from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.proportional_methods import stv_scottish

from app.bench.oracles.profiles import by_list
from app.bench.oracles.verdict import Verdict, among
from app.rules.voting import irv, majority_judgment, ranked_pairs, schulze, score, stv
from app.rules.voting.profile import HIGHEST_GRADE, HIGHEST_SCORE, Marks, Profile, Ranking


def theirs(profile: Profile[Ranking], unlisted_last: bool) -> ProfileWithTies:
    """The same ballots for pref_voting; unlisted options are last for rules that compare pairs."""
    return made_of(
        ranks(profile), [vote.times for vote in profile.votes], len(profile.options), unlisted_last
    )


def ranks(profile: Profile[Ranking]) -> list[dict[int, int]]:
    return [{option: at for at, tier in enumerate(vote.mark) for option in tier} for vote in profile.votes]


def made_of(
    ballots: list[dict[int, int]], times: list[int], options: int, unlisted_last: bool
) -> ProfileWithTies:
    made = ProfileWithTies(ballots, rcounts=times, candidates=list(range(options)))
    if unlisted_last:
        made.use_extended_strict_preference()
    return made


def strength(made: ProfileWithTies) -> Callable[[int, int], int]:
    """More ballots for the winner first, then fewer for the loser, as our rules and Debian's compare victories."""

    def of(one: int, other: int) -> int:
        behind, against = int(made.support(one, other)), int(made.support(other, one))
        # Half of the ballots each way is no victory: ranked_pairs_tb would lock it like one.
        return behind * 10**6 - against if behind > against else 0

    return of


def named(profile: Profile[Any], winners: Any) -> list[frozenset[str]]:
    return [frozenset({profile.options[winner]}) for winner in winners]


def compare_schulze(profile: Profile[Ranking], _random: Random) -> Verdict:
    made = theirs(profile, unlisted_last=True)
    ours = schulze.count(schulze.Settings(), profile, by_list(profile))
    return among(ours, named(profile, beat_path(made, strength_function=strength(made))))


def compare_ranked_pairs(profile: Profile[Ranking], _random: Random) -> Verdict:
    """Their winner for one order of equals; where ours says there is a tie, other orders may have other winners."""
    made = theirs(profile, unlisted_last=True)
    ours = ranked_pairs.count(ranked_pairs.Settings(), profile, by_list(profile))
    winner = named(profile, ranked_pairs_tb(made, strength_function=strength(made)))
    if frozenset(ours.selected) in winner:
        return Verdict.TIE if ours.tied else Verdict.AGREES
    pairs = combinations(range(len(profile.options)), 2)
    strengths = [
        abs(made.margin(*pair)) and max(strength(made)(*pair), strength(made)(*pair[::-1])) for pair in pairs
    ]
    equal = 0 in strengths or len(set(strengths)) < len(strengths)
    return Verdict.TIE if equal and ours.tied else Verdict.DIFFERS


def compare_irv(profile: Profile[Ranking], _random: Random) -> Verdict:
    """Their winners over every way in which ties for the fewest first choices may be broken."""
    ours = irv.count(irv.Settings(), profile, by_list(profile))
    right = named(profile, instant_runoff_put(theirs(profile, unlisted_last=False)))
    if frozenset(ours.selected) in right and not ours.tied and len(right) > 1:
        # Ours looks back to earlier stages before it calls a tie, so fewer orders are open.
        return Verdict.DOCUMENTED
    return among(ours, right)


def compare_stv(profile: Profile[Ranking], chance: Random) -> Verdict:
    seats = chance.randint(1, len(profile.options))
    ours = stv.count(stv.Settings(seats=seats), profile, by_list(profile))
    made = theirs(profile, unlisted_last=False)
    found = stv_scottish(made, num_seats=seats, rng=random.Random(0))  # noqa: S311 - lots of a test
    elected = frozenset(profile.options[option] for option in found)
    if frozenset(ours.selected) == elected:
        return Verdict.AGREES
    return Verdict.TIE if ours.tied else Verdict.DIFFERS


def graded(profile: Profile[Marks], highest: int) -> GradeProfile:
    sheets = [dict(vote.mark) for vote in profile.votes]
    return GradeProfile(
        sheets,
        list(range(highest + 1)),
        gcounts=[vote.times for vote in profile.votes],
        candidates=list(range(len(profile.options))),
    )


def compare_majority_judgment(profile: Profile[Marks], _random: Random) -> Verdict:
    """Theirs stops after one comparison round the median, so that it may leave a tie which ours resolves."""
    ours = majority_judgment.count(majority_judgment.Settings(), profile, by_list(profile))
    right = named(profile, majority_judgement(graded(profile, HIGHEST_GRADE)))
    if frozenset(ours.selected) in right and len(right) > 1 and not ours.tied:
        return Verdict.DOCUMENTED
    return among(ours, right)


def compare_score(profile: Profile[Marks], _random: Random) -> Verdict:
    """Theirs takes the lower of two middle scores and knows no second measure; with an odd number ours is the same."""
    ours = score.count(score.Settings(), profile, by_list(profile))
    right = named(profile, score_voting(graded(profile, HIGHEST_SCORE), evaluation_method="median"))
    if frozenset(ours.selected) in right and len(right) > 1 and not ours.tied:
        return Verdict.DOCUMENTED
    return among(ours, right)
