"""Greedy with skipping: the most approved options first; one that no longer fits the budget is passed over.

What most participatory budgets do today (S. Rey and J. Maly, "The (Computational) Social Choice Take on Indivisible
Participatory Budgeting", 2023, section 4). More approvals first, then the lower cost, then the frozen tie-break.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.outcome import Count, Option, require_named
from app.rules.voting.profile import Approval, MarkKind, Profile
from app.rules.voting.supporters import Supporters
from app.rules.voting.ties import TieBreak
from app.rules.words import N_

NAME = "greedy"
VERSION = 1
MARK = MarkKind.APPROVAL


@dataclass(frozen=True)
class Settings:
    """`budget` in the unit of the profile's costs; where it has none, each option costs one."""

    budget: int

    def __post_init__(self) -> None:
        if self.budget < 1:
            raise ValueError("a budget is more than nothing")

    def as_facts(self) -> dict[str, Any]:
        return {"name": NAME, "version": VERSION, "budget": self.budget}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls(facts["budget"])


@dataclass(frozen=True)
class Place:
    """One option in its turn: its approvals and cost, what was left of the budget, and whether it was taken."""

    option: int
    votes: int
    cost: int
    left: int
    taken: bool


def count(settings: Settings, profile: Profile[Approval], ties: TieBreak) -> Count:
    """Count approvals; an option that nobody approves is never chosen."""
    return counted(settings, profile, ties, skip=True)


def counted(settings: Settings, profile: Profile[Approval], ties: TieBreak, skip: bool) -> Count:
    votes = Supporters(profile).ballots
    costs = profile.costs or (1,) * len(profile.options)
    places = fitting(in_turn(range(len(votes)), votes, costs, ties), votes, costs, settings.budget, skip)
    tied = {
        option for level in levels(range(len(votes)), votes, costs) for option in open_in(level, places, ties)
    }
    figures = {
        "ballots": profile.ballots,
        "options": list(profile.options),
        "approvals": votes,
        "rounds": [row(place, profile.options) for place in places],
        "spent": sum(place.cost for place in places if place.taken),
    }
    return Count(
        tuple(profile.options[place.option] for place in places if place.taken),
        tuple(profile.options[option] for option in sorted(tied)),
        figures,
        steps(settings.as_facts(), figures),
    )


def levels(options: Sequence[int], votes: Sequence[int], costs: Sequence[int]) -> list[list[int]]:
    """The approved options, more approvals first and then the lower cost; those alike in both together."""

    def rank(option: int) -> tuple[int, int]:
        return -votes[option], costs[option]

    approved = sorted((option for option in options if votes[option]), key=rank)
    return [list(alike) for _rank, alike in groupby(approved, key=rank)]


def in_turn(options: Sequence[int], votes: Sequence[int], costs: Sequence[int], ties: TieBreak) -> list[int]:
    return [option for level in levels(options, votes, costs) for option in ties.in_order(level)]


def fitting(
    order: Sequence[int], votes: Sequence[int], costs: Sequence[int], budget: int, skip: bool
) -> list[Place]:
    """Go through the options in turn; without `skip` the first that does not fit is the last."""
    places: list[Place] = []
    left = budget
    for option in order:
        fits = costs[option] <= left
        places.append(Place(option, votes[option], costs[option], left, fits))
        left -= costs[option] if fits else 0
        if not (fits or skip):
            break
    return places


def open_in(level: Sequence[int], places: Sequence[Place], ties: TieBreak) -> tuple[int, ...]:
    """The options of one level between which only a lot could tell, where some were taken and some not."""
    taken = {place.option for place in places if place.taken}
    return ties.open_at(level, sum(option in taken for option in level))


def row(place: Place, options: Sequence[str]) -> dict[str, Any]:
    return {
        "option": options[place.option],
        "votes": place.votes,
        "cost": place.cost,
        "left": place.left,
        "taken": place.taken,
    }


def steps(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """The count in words: every option in its turn."""
    facts = {"ballots": figures["ballots"], "budget": settings["budget"], "spent": figures["spent"]}
    first, last = BY_PLACES if is_by_places(figures) else BY_MONEY
    turns = (place_step(each, by_places=is_by_places(figures)) for each in figures["rounds"])
    return (Phrase(first, facts), *turns, Phrase(last, facts))


def is_by_places(figures: Mapping[str, Any]) -> bool:
    """Whether every option takes one unit: then what is shared are places, and no money."""
    return all(each["cost"] == 1 for each in figures["rounds"])


def place_step(row: Mapping[str, Any], *, by_places: bool = False) -> Phrase:
    """One option in its turn; also told where equal shares fills in what is left."""
    chosen, passed_over = PLACE_TURN if by_places else MONEY_TURN
    return phrase(
        chosen if row["taken"] else passed_over, option=Option(row["option"]), votes=row["votes"], cost=row["cost"],
        left=row["left"],
    )  # fmt: skip


# The first and the last sentence, and what is said of an option that is chosen or not.
BY_MONEY = (
    N_("%(ballots)s ballots share a budget of %(budget)s. The most approved options come first."),
    N_("Together the chosen options cost %(spent)s of %(budget)s."),
)
BY_PLACES = (
    N_(
        "%(ballots)s ballots fill places; there is room for %(budget)s. The most approved options come first."
    ),
    N_("Places taken: %(spent)s of %(budget)s."),
)
MONEY_TURN = (
    N_("%(option)s: %(votes)s approvals, costs %(cost)s, and %(left)s is left. It is chosen."),
    N_("%(option)s: %(votes)s approvals, costs %(cost)s, but only %(left)s is left. It is not chosen."),
)
PLACE_TURN = (
    N_("%(option)s: %(votes)s approvals; places left: %(left)s. It is chosen."),
    N_("%(option)s: %(votes)s approvals, but no place is left. It is not chosen."),
)
