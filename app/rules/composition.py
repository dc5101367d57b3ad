"""The composition of a committee: the voting seats and the weight of each group, what is missing, what that forbids."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, ClassVar

from app.errors import Refusal
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, StakeholderGroup

MOST_SEATS = 50
HEAVIEST = 100


class Step(StrEnum):
    """What a committee does, from taking up a mission to settling what was decided on it."""

    PUT_QUESTION = auto()
    GIVE_NOTICE = auto()
    REVIEW = auto()
    DISCUSS = auto()
    VOTE = auto()
    COUNT = auto()
    DISSENT = auto()
    CERTIFY = auto()


# A committee that is not constituted takes up nothing new, and finishes what it began: were certification among these,
# whoever lost a vote could keep its result back by leaving the committee.
NEEDS_EVERY_GROUP = frozenset({Step.PUT_QUESTION, Step.GIVE_NOTICE})


class CompositionImpossible(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_(
        "Give at least one group a seat or more; “at most” cannot be less than “at least”, "
        "and a weight is a whole number from 1 to 100."
    )


class NotConstituted(Refusal):
    """Nothing new is taken up unless every group that must be heard is seated."""

    sentence: ClassVar[str] = N_(
        "The committee takes up nothing new while its seats are not filled. %(missing)s"
    )


@dataclass(frozen=True)
class Bounds:
    """The least and the most voting seats of one group, and its weight where a rule weighs groups (1 to 100)."""

    least: int
    most: int
    weight: int = 1


@dataclass(frozen=True)
class GroupStanding:
    """One group of a committee: what the composition asks, how many are seated, and what is wrong if anything."""

    group: StakeholderGroup
    bounds: Bounds
    seated: int

    @property
    def gap(self) -> Phrase | None:
        if self.seated < self.bounds.least:
            return phrase(
                N_("%(group)s: %(missing)s more to be seated."),
                group=self.group,
                missing=self.bounds.least - self.seated,
            )
        if self.seated > self.bounds.most:
            return phrase(
                N_("%(group)s: %(many)s seated, and at most %(most)s may be."),
                group=self.group,
                many=self.seated,
                most=self.bounds.most,
            )
        return None


Composition = Mapping[StakeholderGroup, Bounds]


def from_facts(facts: Mapping[str, Any]) -> dict[StakeholderGroup, Bounds]:
    """As stored with the committee, in the order in which groups are always named."""
    return {
        group: Bounds(int(facts[group]["min"]), int(facts[group]["max"]), int(facts[group].get("weight", 1)))
        for group in StakeholderGroup
        if group in facts
    }


def as_facts(composition: Composition) -> dict[str, dict[str, int]]:
    return {
        group.value: {"min": bounds.least, "max": bounds.most, "weight": bounds.weight}
        for group, bounds in composition.items()
    }


def weights_of(facts: Mapping[str, Any]) -> dict[StakeholderGroup, int]:
    """The weight of each group, where a rule weighs groups."""
    return {group: bounds.weight for group, bounds in from_facts(facts).items()}


def require_possible(composition: Composition) -> None:
    """Every group named has a seat to fill, for the rule asks each of them."""
    possible = bool(composition) and all(
        1 <= bounds.least <= bounds.most <= MOST_SEATS and 1 <= bounds.weight <= HEAVIEST
        for bounds in composition.values()
    )
    if not possible:
        raise CompositionImpossible()


def standing(composition: Composition, seated: Mapping[StakeholderGroup, int]) -> list[GroupStanding]:
    """Every group of the composition, and every group that is seated without being in it."""
    outside = {group: Bounds(0, 0) for group in seated if group not in composition}
    bounds = {**composition, **outside}
    return [
        GroupStanding(group, bounds[group], seated.get(group, 0))
        for group in StakeholderGroup
        if group in bounds
    ]


def gaps(standings: list[GroupStanding]) -> list[Phrase]:
    return [each.gap for each in standings if each.gap is not None]


def is_complete(standings: list[GroupStanding]) -> bool:
    return bool(standings) and not gaps(standings)


def require_constituted(standings: list[GroupStanding], step: Step = Step.GIVE_NOTICE) -> None:
    """Refuse the steps that need every group seated, and name what is missing."""
    if step in NEEDS_EVERY_GROUP and not is_complete(standings):
        raise NotConstituted(missing=gaps(standings))
