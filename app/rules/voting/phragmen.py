"""Phragmén's method: ballots earn evenly, and supporters buy an option together as soon as they can pay it.

E. Phragmén, 1894; M. Brill, R. Freeman, S. Janson and M. Lackner, "Phragmén's Voting Methods and Justified
Representation", AAAI 2017 (sequential method); with costs: M. Los, Z. Christoff and D. Grossi, "Proportional Budget
Allocations: Towards a Systematization", IJCAI 2022.

    seats    each option costs one; the count ends when all seats are taken
    budget   options dearer than the whole budget are left out first; the count ends at the first choice that would
             overspend what is left
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.rules.phrases import Phrase
from app.rules.voting.buying import filled
from app.rules.voting.earning import Clock, Earned, Savings
from app.rules.voting.outcome import Count, require_named
from app.rules.voting.profile import Approval, MarkKind, Profile
from app.rules.voting.purses import Means, purses, read_weights
from app.rules.voting.set_figures import (
    earned_row,
    round_steps,
    total_step,
    voice_steps,
    voices,
)
from app.rules.voting.supporters import Supporters
from app.rules.voting.ties import TieBreak
from app.rules.voting.ways import Way, most_counts, tied, twins

NAME = "phragmen"
VERSION = 1
MARK = MarkKind.APPROVAL


@dataclass(frozen=True)
class Settings(Means):
    """Seats or a budget; with `by_group` each stakeholder group earns as much as another, or by its weight."""

    def as_facts(self) -> dict[str, Any]:
        return {"name": NAME, "version": VERSION, **super().as_facts()}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls(facts["seats"], facts["budget"], facts["by_group"], read_weights(facts["weights"]))


def count(settings: Settings, profile: Profile[Approval], ties: TieBreak) -> Count:
    """Count approvals; an option that nobody approves is never chosen."""
    supporters = Supporters(profile)
    costs = settings.costs(profile)
    rates = filled(profile, purses(settings, profile, settings.total))
    options = [option for option, cost in enumerate(costs) if cost <= settings.total]
    most = settings.seats or len(options)
    way = Way(ties, twins(profile))

    def counted(way: Way) -> list[Earned]:
        return Savings(supporters, Clock(rates), costs).run(options, way, most, settings.budget or None)

    found = counted(way)
    chosen = bought(found)
    level = tied(way, chosen, lambda other: bought(counted(other)), most_counts(profile))
    figures = {
        "ballots": profile.ballots,
        "voices": voices(settings, profile, settings.total),
        "options": list(profile.options),
        "approvals": supporters.ballots,
        "rounds": [earned_row(each, profile.options) for each in found],
        "spent": sum(costs[option] for option in chosen),
    }
    return Count(
        tuple(profile.options[option] for option in chosen),
        tuple(profile.options[option] for option in sorted(level)),
        figures,
        steps(settings.as_facts(), figures),
    )


def bought(found: Sequence[Earned]) -> list[int]:
    return [each.option for each in found if each.affordable]


def steps(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """The count in words, made from its figures alone."""
    told = voice_steps(settings["by_group"], figures)
    for number, row in enumerate(figures["rounds"], start=1):
        told += round_steps(number, row)
    chosen = sum(row["chosen"] for row in figures["rounds"])
    return (*told, total_step(settings, figures, chosen))
