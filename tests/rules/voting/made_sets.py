"""Invented approval profiles for the properties of sets and portfolios, small enough to be checked by brute force."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from app.rules.voting.profile import Approval, Profile, Vote
from app.rules.voting.ties import TieBreak

OPTIONS = "abcdefg"
GROUPS = ("citizens", "private", "third")


@st.composite
def profiles(
    draw: Any, voters: int = 8, options: int = 6, costs: int = 0, groups: bool = False
) -> Profile[Approval]:
    """Up to so many ballots over up to so many options; with `costs`, each option costs 0 to that many units."""
    names = OPTIONS[: draw(st.integers(1, options))]
    marks = st.sets(st.integers(0, len(names) - 1)).map(lambda chosen: tuple(sorted(chosen)))
    ballots = draw(
        st.lists(st.tuples(marks, st.sampled_from(GROUPS if groups else ("",))), min_size=1, max_size=voters)
    )
    each = st.integers(0, costs)
    prices = tuple(draw(st.lists(each, min_size=len(names), max_size=len(names)))) if costs else ()
    return Profile(tuple(names), tuple(Vote(mark, group) for mark, group in ballots), prices)


def in_list_order(profile: Profile[Any]) -> TieBreak:
    return TieBreak(profile.options)


def renamed(profile: Profile[Approval], order: Sequence[int]) -> Profile[Approval]:
    """The options in another order on the list."""
    at = {old: new for new, old in enumerate(order)}
    votes = tuple(Vote(tuple(sorted(at[old] for old in vote.mark)), vote.group) for vote in profile.votes)
    costs = tuple(profile.costs[old] for old in order) if profile.costs else ()
    return Profile(tuple(profile.options[old] for old in order), votes, costs)
