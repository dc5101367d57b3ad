"""Equal shares: every ballot gets the same part of the seats or of the money, and buys with others what it approves.

D. Peters and P. Skowron, "Proportionality and the Limits of Welfarism", EC 2020; with costs: D. Peters, G. Pierczynski
and P. Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021. In each round the option
is bought whose supporters pay least for each unit of its usefulness, where all pay the same, or all they have left.

    seats    each option costs one; seats that are left go by Phragmén's method, with what the purses still hold
    budget   an option is as useful as it costs; then `step` more for every ballot, again and again, and the count of
             the last round before the budget would be overspent holds (no step: the first count holds)
    fill     what is left of the budget goes to the most approved options that still fit: a second rule, only if asked
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.adding import MOST_VOTES, Ahead
from app.rules.voting.buying import Market, Purchase, filled
from app.rules.voting.earning import Clock, Earned, Savings
from app.rules.voting.greedy import Place, fitting, in_turn, levels, open_in, place_step
from app.rules.voting.greedy import row as fill_row
from app.rules.voting.outcome import Count, Option, require_named
from app.rules.voting.profile import Approval, MarkKind, Profile
from app.rules.voting.purses import Means, purses, read_weights
from app.rules.voting.set_figures import (
    bought_row,
    earned_row,
    round_steps,
    total_step,
    voice_steps,
    voices,
)
from app.rules.voting.supporters import Supporters
from app.rules.voting.ties import TieBreak
from app.rules.voting.ways import Way, most_counts, twins
from app.rules.voting.ways import tied as tied_in
from app.rules.words import N_

NAME = "equal_shares"
VERSION = 1
MARK = MarkKind.APPROVAL

# Told after each round of adding: how often the count was run, and what its options cost together.
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Settings(Means):
    """`step` is what every ballot gets more in each further round, in the unit of the costs; 0 runs one round."""

    step: int = 1
    fill: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.step < 0:
            raise ValueError("a step is not less than nothing")

    def as_facts(self) -> dict[str, Any]:
        return {
            "name": NAME,
            "version": VERSION,
            **super().as_facts(),
            "step": self.step,
            "fill": self.fill,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        weights = read_weights(facts["weights"])
        return cls(facts["seats"], facts["budget"], facts["by_group"], weights, facts["step"], facts["fill"])


@dataclass(frozen=True)
class Found:
    """A whole count: options that cost nothing, what was bought, earned and filled in, and the rounds of adding."""

    free: tuple[int, ...]
    bought: tuple[Purchase, ...]
    earned: tuple[Earned, ...] = ()
    filled: tuple[Place, ...] = ()
    added: int = 0

    @property
    def selected(self) -> list[int]:
        shared = [each.option for each in self.bought] + [each.option for each in self.earned]
        return [*self.free, *shared, *(place.option for place in self.filled if place.taken)]


Again = Callable[[Way], Found]


def count(
    settings: Settings, profile: Profile[Approval], ties: TieBreak, tell: Tell = lambda _rounds, _cost: None
) -> Count:
    """Count approvals. An option nobody approves, or that is dearer than the whole budget, is never chosen."""
    supporters = Supporters(profile)
    costs = settings.costs(profile)
    way = Way(ties, twins(profile))
    again: Again = (
        partial(seated, settings, profile, supporters)
        if settings.seats
        else Money(settings, profile, supporters, ties).held(tell)
    )
    found = again(way)
    figures = {
        "ballots": profile.ballots,
        "voices": voices(settings, profile, settings.total + found.added * profile.ballots),
        "options": list(profile.options),
        "approvals": supporters.ballots,
        "added": found.added,
        "rounds": rows(found, profile.options),
        "spent": sum(costs[option] for option in found.selected),
    }
    tied = tied_in(way, found.selected, lambda other: again(other).selected, most_counts(profile))
    for level in levels([place.option for place in found.filled], supporters.ballots, costs):
        tied.update(open_in(level, found.filled, ties))
    return Count(
        tuple(profile.options[option] for option in found.selected),
        tuple(profile.options[option] for option in sorted(tied)),
        figures,
        steps(settings.as_facts(), figures),
    )


def seated(settings: Settings, profile: Profile[Approval], supporters: Supporters, way: Way) -> Found:
    """Seats by equal shares; what is left of the purses counts as saved when the other seats go by Phragmén."""
    everyone = range(len(profile.options))
    costs = settings.costs(profile)
    purse = filled(profile, purses(settings, profile, settings.seats))
    market = Market(supporters, purse, costs, costs)
    bought = market.run(everyone, way)
    seated = {each.option for each in bought}
    savings = Savings(supporters, Clock(purse, market.purses.left()), costs)
    rest = [option for option in everyone if option not in seated]
    earned = savings.run(rest, way, settings.seats - len(bought), None)
    return Found((), tuple(bought), tuple(earned))


@dataclass(frozen=True)
class Money:
    """A budget and the options that it may buy, counted with the purses of any round of adding."""

    settings: Settings
    profile: Profile[Approval]
    supporters: Supporters
    ties: TieBreak

    @cached_property
    def costs(self) -> tuple[int, ...]:
        return self.settings.costs(self.profile)

    @cached_property
    def within(self) -> list[int]:
        """The options that somebody approves and the whole budget could pay."""
        return [
            option
            for option, cost in enumerate(self.costs)
            if cost <= self.settings.budget and self.supporters.ballots[option]
        ]

    @cached_property
    def wanted(self) -> list[int]:
        return [option for option in self.within if self.costs[option]]

    def held(self, tell: Tell) -> Again:
        """The round of adding that holds, ready to be counted in any way."""
        added = self.added_up(tell)
        free = tuple(option for option in self.within if not self.costs[option])

        def again(way: Way) -> Found:
            found = Found(free, tuple(self.shares(added, way)), added=added)
            return self.filled_in(found) if self.settings.fill else found

        return again

    def added_up(self, tell: Tell) -> int:
        """How much every ballot got more in the last round before the budget would be overspent."""
        step = self.settings.step
        if not step:
            return 0
        best, added = self.shares(0), 0
        while len(best) < len(self.wanted):
            same = added + self.surely_same(best, added) * step
            more = self.shares(same + step)
            if self.spent(more) > self.settings.budget:
                # The round before it buys what `best` does.
                tell(same // step, self.spent(best))
                return same
            best, added = more, same + step
            tell(added // step, self.spent(best))
        return added

    def shares(self, added: int, way: Way | None = None) -> list[Purchase]:
        market = Market(self.supporters, self.purses(added), self.costs, self.costs)
        return market.run(self.wanted, way or Way(self.ties, ()))

    def purses(self, added: int) -> list[Fraction]:
        total = self.settings.budget + added * self.profile.ballots
        return filled(self.profile, purses(self.settings, self.profile, total))

    def surely_same(self, bought: Sequence[Purchase], added: int) -> int:
        """Steps more that need no count, where there are so few ballots that looking ahead pays."""
        if len(self.profile.votes) > MOST_VOTES:
            return 0
        total = self.settings.step * self.profile.ballots
        growth = filled(self.profile, purses(self.settings, self.profile, total))
        ahead = Ahead(self.supporters, self.purses(added), growth, self.costs)
        return ahead.unchanged([each.option for each in bought], self.wanted)

    def spent(self, bought: Sequence[Purchase]) -> int:
        return sum(self.costs[each.option] for each in bought)

    def filled_in(self, found: Found) -> Found:
        """What is left of the budget goes to the most approved options that still fit."""
        chosen, votes = set(found.selected), self.supporters.ballots
        left = self.settings.budget - sum(self.costs[option] for option in chosen)
        rest = [option for option in self.within if option not in chosen]
        order = in_turn(rest, votes, self.costs, self.ties)
        return replace(found, filled=tuple(fitting(order, votes, self.costs, left, skip=True)))


def rows(found: Found, options: Sequence[str]) -> list[dict[str, Any]]:
    return [
        *({"stage": "free", "option": options[option]} for option in found.free),
        *(bought_row(each, options) for each in found.bought),
        *(earned_row(each, options) for each in found.earned),
        *({"stage": "fill", **fill_row(place, options)} for place in found.filled),
    ]


def steps(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """The count in words, made from its figures alone."""
    told = []
    if figures["added"]:
        words = N_(
            "The budget was not used up, so more was handed out in steps of %(step)s for each ballot: %(added)s more "
            "for each. Another step would overspend the budget, or nothing is left to choose."
        )
        told.append(phrase(words, step=settings["step"], added=figures["added"]))
    told += voice_steps(settings["by_group"], figures)
    chosen = 0
    for number, row in enumerate(figures["rounds"], start=1):
        if row["stage"] == "free":
            told.append(phrase(N_("%(option)s costs nothing and is chosen."), option=Option(row["option"])))
        elif row["stage"] == "fill":
            told.append(place_step(row))
        else:
            told += round_steps(number, row)
        chosen += bool(row.get("taken", True))
    return (*told, total_step(settings, figures, chosen))
