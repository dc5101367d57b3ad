"""The rule of a question: which rules suit its kind, what the chair may set, and what notice freezes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any, ClassVar

from app.errors import Conflict, NotAcceptable
from app.models.committee import Committee
from app.models.decision import Decision
from app.rules import composition, suppression
from app.rules.voting import electorate, group_majority, schulze
from app.rules.voting.table import RULES
from app.rules.voting.tally import Terms
from app.rules.voting.ties import Measure
from app.rules.words import N_, DecisionKind, StakeholderGroup
from app.services import decisions_freeze

SMALLEST_SECRET_GROUP = suppression.LEAST
MOST_OPTIONS = 200
STEPS = 10_000  # Under a budget each further round gives a ballot this part of it more.
K = DecisionKind
# The first rule of each kind is the one proposed.
SUITS: dict[DecisionKind, tuple[str, ...]] = {
    K.ADOPT: ("group_majority", "supermajority", "consent"),
    K.CHOOSE: ("schulze", "majority_judgment", "approval", "irv", "score", "ranked_pairs"),
    K.SET: ("equal_shares", "phragmen", "approval", "majority_judgment", "stv"),
    K.PORTFOLIO: ("equal_shares", "phragmen", "greedy", "greedy_no_skip"),
    K.AMEND: ("group_majority", "supermajority", "consent"),
    K.STEER: ("group_majority", "supermajority", "consent"),
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


@dataclass(frozen=True)
class RuleChoice:
    """How a chair wants a question counted, in what the form asks; what a rule has no use for is left aside.

    `budget` in cents. `share` is of those who decide (or of all ballots, for approvals). `groups_alike` gives every
    group the same say, times its weight. `by_seats` chooses a portfolio by a number, where there is no money. `lot`
    names a public value that is drawn after the close. `over_default` is how many voters for an option there must be to
    one who prefers "none of these", at least 1; `default_quorum` asks for as many voters over it as Debian does.
    """

    name: str = ""
    seats: int = 1
    budget: int = 0
    share: Fraction = Fraction(2, 3)
    quorum: Fraction = Fraction(1, 2)
    enough: int | None = None
    groups_alike: bool = False
    has_default: bool = False
    over_default: Fraction = Fraction(1)
    default_quorum: bool = False
    secret: bool = False
    lower_cost_first: bool = False
    by_seats: bool = False
    lot: str = ""


class QuorumOfVoters(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "Enough voters over “none of these” are counted in ballots, so this does not go with groups that have the same "
        "say. Choose one of the two."
    )


class SettingsWrong(NotAcceptable):
    sentence: ClassVar[str] = N_("The rule cannot be set like this: check seats, budget and shares.")


# Rules that cannot weigh groups: a transfer in whole ballots, and objections, which are heard and not weighed.
UNWEIGHED = frozenset({"stv", "irv", "consent"})
BY_GROUP = frozenset({"equal_shares", "phragmen"})


def choose(decision: Decision, committee: Committee, wanted: RuleChoice) -> None:
    """Write rule and terms of a draft as its chair wants them."""
    name = wanted.name or SUITS[decision.kind][0]
    if name not in SUITS[decision.kind] or name not in RULES:
        raise RuleUnfit()
    weights = composition.weights_of(committee.composition) if wanted.groups_alike else {}
    if name == schulze.NAME and wanted.has_default and wanted.default_quorum and weights:
        raise QuorumOfVoters()
    try:
        decision.rule = settings_of(decision.kind, name, wanted, weights)
        decision.terms = Terms(
            quorum=wanted.quorum,
            weights={} if name in {group_majority.NAME, *BY_GROUP, *UNWEIGHED} else weights,
            measure=Measure.LOWER_COST if wanted.lower_cost_first else Measure.NONE,
            lot=wanted.lot,
            secret=wanted.secret,
        ).as_facts()
    except ValueError as problem:
        raise SettingsWrong() from problem


def settings_of(
    kind: DecisionKind, name: str, wanted: RuleChoice, weights: Mapping[StakeholderGroup, int]
) -> dict[str, Any]:
    """The settings' facts: the form's fields that this rule has."""
    module = RULES[name].module
    has = {each.name for each in fields(module.Settings)}
    given: dict[str, Any] = {}
    if "budget" in has and kind is K.PORTFOLIO and not wanted.by_seats:
        given["budget"] = wanted.budget
        if "step" in has:
            given["step"] = max(1, wanted.budget // STEPS)
    elif "seats" in has:
        given["seats"] = wanted.seats
    elif "budget" in has and wanted.by_seats:
        given["budget"] = wanted.seats  # Where nothing costs anything, each option costs one.
    if "share" in has:
        given["share"] = wanted.share
    if name == group_majority.NAME:
        given |= {"overall": wanted.share, "enough": wanted.enough, "weights": weights}
    if name in BY_GROUP and weights:
        shares = tuple(sorted((group.value, Fraction(weight)) for group, weight in weights.items()))
        given |= {"by_group": True, "weights": shares}
    if "default" in has and wanted.has_default:
        # How many voters a quorum is depends on the list of voters, which notice makes.
        given |= {"default": "none", "majority": wanted.over_default, "quorum": int(wanted.default_quorum)}
    facts: dict[str, Any] = module.Settings(**given).as_facts()
    return facts


def chosen(decision: Decision) -> RuleChoice:
    """What the form showed when this draft was written."""
    rule, terms = decision.rule, Terms.from_facts(decision.terms) if decision.terms else Terms()
    by_seats = decision.kind is K.PORTFOLIO and not any(each.get("cost") for each in decision.options)
    share = rule.get("share") or rule.get("overall") or "2/3"
    return RuleChoice(
        name=rule.get("name", SUITS[decision.kind][0]),
        seats=rule.get("seats") or (rule.get("budget") if by_seats else 0) or 1,
        budget=0 if by_seats else rule.get("budget") or 0,
        share=Fraction(share),
        quorum=terms.quorum,
        enough=rule.get("enough"),
        by_seats=by_seats,
        groups_alike=bool(rule.get("weights") or rule.get("by_group") or terms.weights),
        has_default=bool(rule.get("default")),
        over_default=Fraction(rule.get("majority") or 1) if rule.get("default") else Fraction(1),
        default_quorum=bool(rule.get("default") and rule.get("quorum")),
        secret=terms.secret,
        lower_cost_first=terms.measure is Measure.LOWER_COST,
        lot=terms.lot,
    )


def settle(decision: Decision, committee: Committee, excused: tuple[StakeholderGroup, ...] = ()) -> None:
    """At notice: fill in what follows from the committee and the list of voters, and from an earlier vote."""
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
    elif name == schulze.NAME and decision.rule["quorum"]:
        decision.rule = decision.rule | {"quorum": schulze.usual_quorum(len(decision.electorate))}
    terms = Terms.from_facts(decision.terms) if decision.terms else Terms()
    decision.terms = replace(
        terms,
        required=groups,
        excused=excused,
        notice_hours=committee.notice_hours,
        seconded_by=str(decision.seconded_by_id or ""),
    ).as_facts()


def require_countable(decision: Decision) -> None:
    """Refuse a question that its rule could not count, or that would tell how somebody voted in secret."""
    asked = decisions_freeze.question_of(decision)
    if asked.is_answer and len(asked.options) != 1:
        raise OneOptionOnly()
    least = 1 if decision.call_id else 2  # one application alone is still paid for by a vote, or not
    if not asked.is_answer and not least <= len(asked.options) <= MOST_OPTIONS:
        raise OptionsMissing()
    if decision.kind is K.PORTFOLIO and not (asked.costs or decision.call_id):
        raise CostsMissing()
    if asked.terms.secret:
        suppression.require_enough(len(decision.electorate))
    if asked.terms.secret and asked.counts_by_group:
        require_large_groups(decision)


def require_large_groups(decision: Decision) -> None:
    seats = [seat.group for seat in electorate.from_facts(decision.electorate)]
    small = tuple(group for group in dict.fromkeys(seats) if seats.count(group) < SMALLEST_SECRET_GROUP)
    if small:
        raise GroupsTooSmallForSecrecy(least=SMALLEST_SECRET_GROUP, groups=small)
