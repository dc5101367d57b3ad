"""The composition of a committee: how many voting seats each stakeholder group has, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.errors import Refusal
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, StakeholderGroup

MOST_SEATS = 50


class CompositionImpossible(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_(
        "Give at least one group a seat or more; “at most” cannot be less than “at least”."
    )


class NotConstituted(Refusal):
    """A vote binds only when every group that must be heard is seated."""

    sentence: ClassVar[str] = N_("The committee cannot vote yet. %(missing)s")


@dataclass(frozen=True)
class Bounds:
    """The least and the most voting seats of one group."""

    least: int
    most: int


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
        group: Bounds(int(facts[group]["min"]), int(facts[group]["max"]))
        for group in StakeholderGroup
        if group in facts
    }


def as_facts(composition: Composition) -> dict[str, dict[str, int]]:
    return {
        group.value: {"min": bounds.least, "max": bounds.most, "weight": 1}
        for group, bounds in composition.items()
    }


def require_possible(composition: Composition) -> None:
    """Every group named has a seat to fill, for the rule asks each of them."""
    possible = bool(composition) and all(
        1 <= bounds.least <= bounds.most <= MOST_SEATS for bounds in composition.values()
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


def require_constituted(standings: list[GroupStanding]) -> None:
    missing = gaps(standings)
    if missing or not standings:
        raise NotConstituted(missing=missing)
