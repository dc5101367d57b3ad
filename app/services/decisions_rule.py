"""The rule of a question: which rules suit its kind, what the chair may set, and what notice freezes of it."""

from dataclasses import replace
from typing import ClassVar

from app.errors import Conflict, NotAcceptable
from app.models.committee import Committee
from app.models.decision import Decision
from app.rules import composition
from app.rules.voting import electorate, group_majority
from app.rules.voting.table import RULES
from app.rules.voting.tally import Terms
from app.rules.words import N_, DecisionKind
from app.services import decisions_freeze

SMALLEST_SECRET_GROUP = 5
MOST_OPTIONS = 200
K = DecisionKind
# The first rule of each kind is the one proposed.
SUITS: dict[DecisionKind, tuple[str, ...]] = {
    K.ADOPT: ("group_majority", "supermajority", "consent"),
    K.CHOOSE: ("schulze", "majority_judgment", "approval", "irv", "score", "ranked_pairs"),
    K.SET: ("equal_shares", "phragmen", "approval", "majority_judgment", "stv"),
    K.PORTFOLIO: ("equal_shares", "phragmen", "greedy", "greedy_no_skip"),
    K.AMEND: ("group_majority", "supermajority", "consent", "schulze"),
    K.ELECT: ("stv", "irv"),
    K.SETTLE: (
        "consent", "supermajority", "group_majority", "approval", "schulze", "majority_judgment", "score", "irv",
    ),
}  # fmt: skip


class RuleUnfit(NotAcceptable):
    sentence: ClassVar[str] = N_("This rule does not fit this kind of question.")


class OptionsMissing(Conflict):
    sentence: ClassVar[str] = N_("This rule needs at least two options, and each one only once.")


class OneOptionOnly(Conflict):
    sentence: ClassVar[str] = N_(
        "This rule asks for or against one thing, and the question names several. Choose another rule, or ask them "
        "one by one."
    )


class CostsMissing(Conflict):
    sentence: ClassVar[str] = N_("Projects are chosen under a budget: say what each of them costs.")


class GroupsTooSmallForSecrecy(Conflict):
    """Invariant: a small group's line in a count by group would tell how its people voted."""

    sentence: ClassVar[str] = N_(
        "This rule counts by group, and a group with fewer than %(least)s seats could not vote in secret: %(groups)s. "
        "Hold an open vote, or choose a rule that does not count by group."
    )


def settle(decision: Decision, committee: Committee) -> None:
    """At notice: fill in what follows from the committee as it is composed now."""
    groups = tuple(composition.from_facts(committee.composition))
    name = decision.rule.get("name", SUITS[decision.kind][0])
    if name not in SUITS[decision.kind]:
        raise RuleUnfit()
    if name == group_majority.NAME:
        known = (
            group_majority.Settings.from_facts(decision.rule) if decision.rule else group_majority.Settings()
        )
        decision.rule = replace(known, required=groups).as_facts()
    elif not decision.rule:
        decision.rule = RULES[name].defaults.as_facts()
    terms = Terms.from_facts(decision.terms) if decision.terms else Terms()
    decision.terms = replace(terms, required=groups).as_facts()


def require_countable(decision: Decision) -> None:
    """Refuse a question that its rule could not count, or that would tell how somebody voted in secret."""
    asked = decisions_freeze.question_of(decision)
    if asked.is_answer and len(asked.options) != 1:
        raise OneOptionOnly()
    if not asked.is_answer and not 2 <= len(asked.options) <= MOST_OPTIONS:
        raise OptionsMissing()
    if decision.kind is K.PORTFOLIO and not asked.costs:
        raise CostsMissing()
    if asked.terms.secret and asked.counts_by_group:
        require_large_groups(decision)


def require_large_groups(decision: Decision) -> None:
    seats = [seat.group for seat in electorate.from_facts(decision.electorate)]
    small = tuple(group for group in dict.fromkeys(seats) if seats.count(group) < SMALLEST_SECRET_GROUP)
    if small:
        raise GroupsTooSmallForSecrecy(least=SMALLEST_SECRET_GROUP, groups=small)
