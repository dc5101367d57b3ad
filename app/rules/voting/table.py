"""Every rule that a vote can be counted by: one row each, in the order in which they are offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, Protocol

from app.rules.phrases import Phrase
from app.rules.voting import (
    approval,
    consent,
    equal_shares,
    greedy,
    greedy_no_skip,
    group_majority,
    irv,
    majority_judgment,
    phragmen,
    ranked_pairs,
    schulze,
    score,
    stv,
    supermajority,
)
from app.rules.voting.equal_shares import Tell
from app.rules.voting.outcome import Count
from app.rules.voting.profile import MarkKind, Profile
from app.rules.voting.ties import TieBreak
from app.rules.words import N_

__all__ = ["ROWS", "RULES", "Chooses", "Rule", "Tell", "quiet"]


class Chooses(StrEnum):
    """What a rule answers."""

    ANSWER = auto()  # whether the one thing on the ballot is adopted
    ONE = auto()  # which one of several
    SEVERAL = auto()  # which of several, as many as its settings say
    PORTFOLIO = auto()  # which of several with costs, under a budget


def quiet(_round: int, _cost: int) -> None:
    """Tell nobody."""


class FrozenSettings(Protocol):
    """What is frozen at notice; the module's `Settings.from_facts` reads what `as_facts` wrote."""

    def as_facts(self) -> dict[str, Any]: ...


class RuleModule(Protocol):
    """What each file of a rule holds; `Settings` is a frozen dataclass with `as_facts` and `from_facts`."""

    NAME: str
    VERSION: int
    MARK: MarkKind
    Settings: Any

    def count(self, settings: Any, profile: Profile[Any], ties: TieBreak, /) -> Count: ...

    def steps(self, settings: Mapping[str, Any], figures: Mapping[str, Any], /) -> Sequence[Phrase]: ...


@dataclass(frozen=True)
class Rule:
    """`label` and `plain` are sentences to translate; `defaults` are what a notice offers first.

    A rule that can `also` choose a portfolio takes `Settings(budget=…)` for it.
    """

    module: RuleModule
    label: str
    plain: str
    chooses: Chooses
    defaults: FrozenSettings
    also: Chooses | None = None

    @property
    def name(self) -> str:
        return self.module.NAME

    @property
    def mark(self) -> MarkKind:
        return self.module.MARK

    def count(
        self, settings: FrozenSettings, profile: Profile[Any], ties: TieBreak, tell: Tell = quiet
    ) -> Count:
        """Count; the one rule that may take many rounds tells after each how many, and what its options cost."""
        if self.module is equal_shares and isinstance(settings, equal_shares.Settings):
            return equal_shares.count(settings, profile, ties, tell)
        return self.module.count(settings, profile, ties)

    def read(self, facts: Mapping[str, Any]) -> FrozenSettings:
        """The settings that were stored; ValueError, KeyError or TypeError where they are not of this rule."""
        settings: FrozenSettings = self.module.Settings.from_facts(facts)
        return settings

    def steps(self, settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
        """A stored count in words, from the settings' facts and the figures."""
        return tuple(self.module.steps(settings, figures))


ROWS = (
    Rule(
        group_majority,
        N_("Group majority"),
        N_("Adopted when every group, and at least two thirds of all who decide, are in favour."),
        Chooses.ANSWER,
        group_majority.Settings(),
    ),
    Rule(
        supermajority,
        N_("Supermajority"),
        N_("Adopted when at least two thirds, or three quarters, of those who decide are for it."),
        Chooses.ANSWER,
        supermajority.Settings(),
    ),
    Rule(
        consent,
        N_("Consent"),
        N_(
            "Adopted when no argued objection stands; an objection is worked into the proposal, which is asked again."
        ),
        Chooses.ANSWER,
        consent.Settings(),
    ),
    Rule(
        schulze,
        N_("Schulze"),
        N_(
            "Everyone ranks the options; the one that a majority prefers to each other wins, and circles are resolved."
        ),
        Chooses.ONE,
        schulze.Settings(),
    ),
    Rule(
        ranked_pairs,
        N_("Ranked pairs"),
        N_("Everyone ranks the options; the clearest majorities between two options count first."),
        Chooses.ONE,
        ranked_pairs.Settings(),
    ),
    Rule(
        irv,
        N_("Instant runoff"),
        N_(
            "Everyone ranks the options; the one with fewest first choices goes out until one has more than half."
        ),
        Chooses.ONE,
        irv.Settings(),
    ),
    Rule(
        stv,
        N_("Single transferable vote"),
        N_(
            "Everyone ranks the candidates; seats go in proportion to the votes, and no vote more than needed is lost."
        ),
        Chooses.SEVERAL,
        stv.Settings(),
    ),
    Rule(
        majority_judgment,
        N_("Majority judgment"),
        N_("Everyone grades every option; the one with the highest middle grade wins."),
        Chooses.SEVERAL,
        majority_judgment.Settings(),
    ),
    Rule(
        approval,
        N_("Approval"),
        N_("Everyone ticks all options they approve of; those that enough people tick are chosen."),
        Chooses.SEVERAL,
        approval.Settings(),
    ),
    Rule(
        score,
        N_("Score"),
        N_(
            "Reviewers give points; the highest middle score leads, and scores that lie far apart must be discussed."
        ),
        Chooses.SEVERAL,
        score.Settings(),
    ),
    Rule(
        equal_shares,
        N_("Equal shares"),
        N_(
            "Every ballot gets an equal share of the seats or of the money; in a vote in which the groups weigh the "
            "same, every group does, and its ballots divide it. It is spent on what a ballot approves, so that a part "
            "of the voters decides on its part."
        ),
        Chooses.SEVERAL,
        equal_shares.Settings(seats=3),
        also=Chooses.PORTFOLIO,
    ),
    Rule(
        phragmen,
        N_("Phragmén's method"),
        N_(
            "Ballots earn evenly over time, and supporters buy what they approve together as soon as they can pay for "
            "it."
        ),
        Chooses.SEVERAL,
        phragmen.Settings(seats=3),
        also=Chooses.PORTFOLIO,
    ),
    # A notice always asks for the budget; these only say what else is asked.
    Rule(
        greedy,
        N_("Most approved first"),
        N_("The most approved options are taken first; one that no longer fits the budget is passed over."),
        Chooses.PORTFOLIO,
        greedy.Settings(budget=1),
    ),
    Rule(
        greedy_no_skip,
        N_("Most approved first, without passing over"),
        N_("The most approved options are taken first, until one does not fit the budget."),
        Chooses.PORTFOLIO,
        greedy_no_skip.Settings(budget=1),
    ),
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in ROWS}
