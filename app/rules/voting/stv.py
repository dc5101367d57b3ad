"""Single transferable vote as Scottish councils count it: seats in proportion to first and later choices.

Weighted inclusive Gregory method, in whole numbers of a hundred-thousandth of a vote; the stages are those of the
Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52:

    quota       ballots // (seats + 1) + 1
    surplus     largest first; every ballot of the candidate goes on to its next choice, at
                surplus * its value / the candidate's votes, to five decimals, the rest is lost
    exclusion   of who has fewest votes, when no surplus is left; ballots go on at their value
    end         when all seats are filled, or as many candidates are left as seats
    ties        the most recent earlier stage at which the votes differ; then the second measure, then the lot

The form of those rules knows no shared ranks, and does not divide a paper: a number given to two candidates ends it
there. So a ballot counts up to its first shared rank, and is then exhausted; one that starts with a shared rank, or
ranks nobody, is set aside and is no part of the quota. Doubling all ballots may change the quota's share of them by
less than a vote a seat, so it may change who is chosen; with one seat it never does.

Without a lot, the order of the list stands in; then the count is made again for every other way in which the open lots
could have fallen, the late ones first, and whoever is not chosen in all of these counts is told as tied. There are at
most a hundred counts, and fewer where a hundred would take minutes.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.rules.voting.outcome import Count, require_named
from app.rules.voting.profile import MarkKind, Profile, Ranking
from app.rules.voting.stv_stages import Scrutiny, Way, papers_of
from app.rules.voting.stv_steps import steps
from app.rules.voting.ties import TieBreak

__all__ = ["MARK", "NAME", "VERSION", "Settings", "count", "steps"]

NAME = "stv"
VERSION = 1
MARK = MarkKind.RANKING

MOST_COUNTS = 100  # of the ways in which open lots can fall,
MOST_WORK = 200_000  # and of different ballots in all these counts but the first


@dataclass(frozen=True)
class Settings:
    seats: int = 3

    def __post_init__(self) -> None:
        if self.seats < 1:
            raise ValueError("at least one seat is filled")

    def as_facts(self) -> dict[str, Any]:
        return {"name": NAME, "version": VERSION, "seats": self.seats}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls(facts["seats"])


def count(settings: Settings, profile: Profile[Ranking], ties: TieBreak) -> Count:
    """Fill the seats stage by stage; where no ballot has a first choice, nobody is chosen."""
    return fill(settings.seats, profile, ties, settings.as_facts())


def fill(seats: int, profile: Profile[Ranking], ties: TieBreak, facts: Mapping[str, Any]) -> Count:
    """The count for any number of seats; `facts` are the settings, for the steps in words."""
    papers = papers_of(profile)
    most = min(MOST_COUNTS, 1 + MOST_WORK // max(1, len(set(papers.choices))))
    first, ways = None, deque[Way]([()])
    sets: list[frozenset[int]] = []
    while ways and len(sets) < most:
        scrutiny = Scrutiny(seats, len(profile.options), papers, ties, ways.popleft())
        scrutiny.run()
        first = first or scrutiny
        sets.append(frozenset(scrutiny.chosen))
        ways.extend(scrutiny.other_ways())
    assert first is not None  # the empty way is always counted
    names = profile.options
    figures = first.figures(names)
    return Count(
        tuple(names[at] for at in first.chosen),
        tuple(names[at] for at in sorted(told_tied(first, sometimes(sets), bool(ways)))),
        figures,
        steps(facts, figures),
    )


def told_tied(first: Scrutiny, tied: set[int], is_cut: bool) -> set[int]:
    """Where not all ways were counted, whoever met a tied option in an open lot may be as tied as it is."""
    if not is_cut:
        return tied
    return tied.union(*(tier for _taken, tier in first.lots if not tied.isdisjoint(tier)))


def sometimes(sets: Sequence[Iterable[int]]) -> set[int]:
    """Who is in some, but not in all."""
    return set().union(*sets) - set(sets[0]).intersection(*sets)
