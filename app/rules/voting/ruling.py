"""A frozen question and its ballots, counted by whichever rule the question names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.rules import suppression
from app.rules.voting import group_majority, tally
from app.rules.voting.outcome import Count
from app.rules.voting.profile import MarkKind, Profile, Vote, merged
from app.rules.voting.quorum import Presence
from app.rules.voting.table import RULES, Chooses, Rule, Tell, quiet
from app.rules.voting.tally import Outcome, Terms
from app.rules.voting.ties import Measure, TieBreak
from app.rules.words import DecisionState


@dataclass(frozen=True)
class Question:
    """What notice froze of a question, as far as counting needs it; `costs` in cents, empty where nothing costs."""

    decision: str
    options: tuple[str, ...]
    rule: Mapping[str, Any]
    terms: Terms
    costs: tuple[int, ...] = ()
    lot: str | None = None

    @property
    def of_table(self) -> Rule:
        return RULES[self.rule["name"]]

    @property
    def is_answer(self) -> bool:
        """Whether it asks for or against one thing."""
        return self.of_table.chooses is Chooses.ANSWER

    @property
    def counts_by_group(self) -> bool:
        """Whether a ballot must say for which group it speaks: the rule, or the weights, ask for it."""
        shares = (self.rule.get("group_share", "0/1"), self.rule.get("by_group"))
        return (
            self.of_table.name == group_majority.NAME
            or bool(self.terms.weights)
            or shares[0] != "0/1"
            or bool(shares[1])
        )

    @property
    def mark(self) -> MarkKind:
        return self.of_table.mark

    @property
    def settings(self) -> Any:
        return self.of_table.read(self.rule)

    @property
    def settings_facts(self) -> dict[str, Any]:
        """The frozen settings in today's shape, also of a vote that an earlier version noticed."""
        facts: dict[str, Any] = self.settings.as_facts()
        return facts


def question(
    decision: str, options: Sequence[Mapping[str, Any]], rule: Mapping[str, Any], terms: Mapping[str, Any],
    lot: str | None = None,
) -> Question:  # fmt: skip
    """Read a question as it is stored with a decision, hashed and published."""
    costs = tuple(each["cost"] for each in options if each.get("cost") is not None)
    return Question(
        decision,
        tuple(each["id"] for each in options),
        rule,
        Terms.from_facts(terms),
        costs if len(costs) == len(options) else (),
        lot,
    )


def counted(
    asked: Question, presence: Iterable[Presence], votes: Sequence[Vote[Any]], set_aside: int = 0,
    tell: Tell = quiet,
) -> Outcome:  # fmt: skip
    """Count the ballots: weighed as the terms say, by the rule, with ties ended as frozen.

    Of a secret vote with very few ballots nothing is counted: whoever knows who voted would know what they said.
    """
    presence = tuple(presence)
    if asked.terms.secret and suppression.is_too_few(sum(vote.times for vote in votes)):
        return Outcome(DecisionState.INQUORATE, asked.of_table.name, presence, set_aside, Count((), (), {}))
    count = asked.of_table.count(heard(asked, presence), profile_of(asked, votes), ties_of(asked), tell)
    return tally.outcome(
        asked.of_table.name, presence, count, set_aside, asked.terms.excused, asked.rule.get("default")
    )


def profile_of(asked: Question, votes: Sequence[Vote[Any]]) -> Profile[Any]:
    """The votes as the rule counts them: weighed as the terms say, equal ones together."""
    return Profile(asked.options, merged(tally.weighed(votes, asked.terms.weights)), asked.costs)


def ties_of(asked: Question) -> TieBreak:
    measured = asked.costs if asked.terms.measure is Measure.LOWER_COST else ()
    return TieBreak(asked.options, measured, asked.decision, asked.lot)


def heard(asked: Question, presence: Sequence[Presence]) -> Any:
    """The settings, without asking groups that were excused and stayed away for their majority."""
    settings = asked.settings
    if asked.of_table.name != group_majority.NAME:
        return settings
    away = {each.group for each in presence if each.group in asked.terms.excused and not each.quorate}
    left = tuple(group for group in settings.required if group not in away)
    enough = min(settings.enough, len(left)) if settings.enough is not None and left else settings.enough
    return replace(settings, required=left or settings.required, enough=enough)
