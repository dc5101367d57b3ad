"""Eligibility: who may apply to an innovation call, as rules that a form, a check while typing and a submission share.

A rule is kept as `{"kind", …}` in `Offer.eligibility`; what each kind reads beside its name stands in `KINDS`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum, auto
from typing import Any, ClassVar

from app.errors import Refusal
from app.rules.applicants import Facts as Facts
from app.rules.phrases import At, Phrase, phrase
from app.rules.words import N_, StakeholderGroup


class RuleKind(StrEnum):
    """What a rule asks about."""

    GROUP = auto()
    PLACE = auto()
    PEOPLE = auto()  # who work for the organisation
    TURNOVER = auto()  # a year, in the currency of the call
    PARTNERS = auto()  # other organisations that take part
    TICKET = auto()  # what is asked of the call
    OWN_SHARE = auto()  # of all costs, in percent, that others than the call bear
    MONTHS = auto()  # from start to end
    READINESS = auto()
    ROADMAP = auto()  # that came out of the call before
    SELECTED_BEFORE = auto()  # in the call before: a prize goes on in stages
    DEADLINE = auto()


class RuleIncomplete(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("A rule on who may apply says nothing, or contradicts itself: %(kind)s.")


@dataclass(frozen=True)
class Rule:
    """One rule; which of the fields count depends on its kind. Numbers are inclusive."""

    kind: RuleKind
    least: Decimal | None = None
    most: Decimal | None = None
    among: tuple[str, ...] = ()
    until: datetime | None = None
    zone: str = "UTC"

    def as_facts(self) -> dict[str, Any]:
        """As it is kept: numbers as text, so that nothing of them is lost."""
        told: dict[str, Any] = {"kind": self.kind.value}
        bounds = {"least": self.least, "most": self.most}
        told |= {name: str(bound) for name, bound in bounds.items() if bound is not None}
        return told | ({"among": list(self.among)} if self.among else {})


@dataclass(frozen=True)
class Verdict:
    """Whether one rule holds; `holds` is None while what it asks about was not said. `asks` states the rule itself."""

    rule: Rule
    holds: bool | None
    asks: Phrase
    found: Phrase


NOTHING = Decimal(0)
DIGITS_AT_MOST = 18  # before the point
NOT_SAID = Phrase(N_("Not said yet."))
# In words that are true for whoever reads them: the applicant while typing, and later the agency and the team.
STATED = N_("Stated: %(value)s.")
# For each kind that is a number in a range: how it is read off the facts, and what is asked and found in words.
RANGES: dict[RuleKind, tuple[Callable[[Facts], Decimal | None], str, str, str, str]] = {
    RuleKind.PEOPLE: (
        lambda f: f.people,
        N_("People who work for the organisation: between %(least)s and %(most)s."),
        N_("People who work for the organisation: at least %(least)s."),
        N_("People who work for the organisation: at most %(most)s."),
        STATED,
    ),
    RuleKind.TURNOVER: (
        lambda f: f.turnover,
        N_("The organisation turns over between %(least)s and %(most)s %(currency)s a year."),
        N_("The organisation turns over at least %(least)s %(currency)s a year."),
        N_("The organisation turns over at most %(most)s %(currency)s a year."),
        N_("Stated: %(value)s %(currency)s."),
    ),
    RuleKind.PARTNERS: (
        lambda f: f.partners,
        N_("Other organisations that take part: between %(least)s and %(most)s."),
        N_("Other organisations that take part: at least %(least)s."),
        N_("Other organisations that take part: at most %(most)s."),
        STATED,
    ),
    RuleKind.TICKET: (
        lambda f: f.asked,
        N_("It asks for between %(least)s and %(most)s %(currency)s."),
        N_("It asks for at least %(least)s %(currency)s."),
        N_("It asks for at most %(most)s %(currency)s."),
        N_("Asked for: %(value)s %(currency)s."),
    ),
    RuleKind.OWN_SHARE: (
        lambda f: f.own_share,
        N_("The organisation and others bear between %(least)s %% and %(most)s %% of all costs."),
        N_("The organisation and others bear at least %(least)s %% of all costs."),
        N_("The organisation and others bear at most %(most)s %% of all costs."),
        N_("By the budget it is %(value)s %%."),
    ),
    RuleKind.MONTHS: (
        lambda f: f.months,
        N_("Months that the work takes: between %(least)s and %(most)s."),
        N_("Months that the work takes: at least %(least)s."),
        N_("Months that the work takes: at most %(most)s."),
        N_("By the dates: %(value)s."),
    ),
    RuleKind.READINESS: (
        lambda f: None if f.readiness is None else Decimal(f.readiness),
        N_("It starts between readiness levels %(least)s and %(most)s."),
        N_("It starts at readiness level %(least)s or higher."),
        N_("It starts at readiness level %(most)s or lower."),
        N_("Stated: level %(value)s."),
    ),
}
# What an agency can choose; the other kinds follow from the rest of the offer and of the call.
CHOSEN = (RuleKind.GROUP, RuleKind.PLACE, RuleKind.PEOPLE, RuleKind.TURNOVER, RuleKind.PARTNERS, RuleKind.OWN_SHARE,
          RuleKind.MONTHS, RuleKind.READINESS, RuleKind.SELECTED_BEFORE)  # fmt: skip
# What only the applicant can say, and no other part of the form asks for; kept among the answers under these names.
ASKED_FOR: dict[RuleKind, str] = {
    RuleKind.PEOPLE: "people",
    RuleKind.TURNOVER: "turnover",
    RuleKind.PARTNERS: "partners",
    RuleKind.ROADMAP: "roadmap",
}


def read(raw: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """The rules as `Offer.eligibility` keeps them; one that says nothing or contradicts itself is refused."""
    return [require(rule_from(each)) for each in raw]


def rule_from(raw: Mapping[str, Any]) -> Rule:
    return Rule(
        RuleKind(raw["kind"]),
        decimal(raw.get("least")),
        decimal(raw.get("most")),
        tuple(str(each) for each in raw.get("among", ())),
    )


def decimal(raw: object) -> Decimal | None:
    """A number from what was kept or typed; None where there is none, or it is none, or beyond all that is counted."""
    try:
        value = Decimal(str(raw).strip()) if raw not in (None, "") else None
    except InvalidOperation:
        return None
    return value if value is None or (value.is_finite() and value.adjusted() < DIGITS_AT_MOST) else None


def require(rule: Rule) -> Rule:
    if rule.kind in (RuleKind.GROUP, RuleKind.PLACE):
        is_complete = bool(rule.among)
    elif rule.kind in RANGES:
        says = rule.least is not None or rule.most is not None
        is_complete = says and (rule.least is None or rule.most is None or rule.least <= rule.most)
    else:
        is_complete = True
    if not is_complete:
        raise RuleIncomplete(kind=rule.kind)
    return rule


def check(rules: Iterable[Rule], facts: Facts, currency: str = "") -> list[Verdict]:
    """Whether each rule holds for what is known, in the order of the rules."""
    return [verdict(rule, facts, currency) for rule in rules]


def all_hold(verdicts: Iterable[Verdict]) -> bool:
    """Whether nothing stands in the way of submitting: what was not said does."""
    return all(each.holds for each in verdicts)


def asks(rule: Rule, currency: str = "") -> Phrase:
    """The rule as a sentence."""
    return verdict(rule, Facts(), currency).asks


def verdict(rule: Rule, facts: Facts, currency: str = "") -> Verdict:
    if rule.kind in RANGES:
        return in_range(rule, facts, currency)
    return OTHERS[rule.kind](rule, facts)


def in_range(rule: Rule, facts: Facts, currency: str) -> Verdict:
    value_of, between, least, most, found = RANGES[rule.kind]
    both = rule.least is not None and rule.most is not None
    sentence = between if both else least if rule.least is not None else most
    named: dict[str, object] = {"currency": currency} if "%(currency)s" in sentence else {}
    bounds = {"least": shown(rule.least), "most": shown(rule.most)}
    told: dict[str, object] = {
        name: bound for name, bound in bounds.items() if bound is not None and f"%({name})s" in sentence
    }
    value = value_of(facts)
    stated = Phrase(sentence, told | named)
    if value is None:
        return Verdict(rule, None, stated, NOT_SAID)
    holds = (rule.least is None or value >= rule.least) and (rule.most is None or value <= rule.most)
    money = {"currency": currency} if "%(currency)s" in found else {}
    return Verdict(rule, holds, stated, Phrase(found, {"value": shown(round(value, 2)), **money}))


def shown(value: Decimal | None) -> int | float | None:
    """A number as a page writes it: whole where it is."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def group(rule: Rule, facts: Facts) -> Verdict:
    wanted = tuple(StakeholderGroup(each) for each in rule.among)
    stated = phrase(N_("The organisation is one of: %(groups)s."), groups=wanted)
    if facts.group is None:
        return Verdict(rule, None, stated, NOT_SAID)
    found = phrase(STATED, value=facts.group)
    return Verdict(rule, facts.group in wanted, stated, found)


def place(rule: Rule, facts: Facts) -> Verdict:
    stated = phrase(N_("The organisation is at home in: %(places)s."), places=rule.among)
    if not facts.place.strip():
        return Verdict(rule, None, stated, NOT_SAID)
    holds = plain(facts.place) in {plain(each) for each in rule.among}
    return Verdict(rule, holds, stated, phrase(STATED, value=facts.place))


def plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def roadmap(rule: Rule, facts: Facts) -> Verdict:
    stated = Phrase(N_("It carries out a roadmap that was selected in the call before."))
    if not facts.roadmap:
        return Verdict(rule, None, stated, NOT_SAID)
    is_known = facts.roadmap in facts.roadmaps
    said = N_("One of them is named.") if is_known else N_("What is named is not one of them.")
    return Verdict(rule, is_known, stated, Phrase(said))


def selected_before(rule: Rule, facts: Facts) -> Verdict:
    stated = Phrase(N_("The organisation was selected in the call before."))
    holds = facts.selected_before
    if holds is None:
        unknown = N_("Not known yet: that call is not answered, or it is not said who applies.")
        return Verdict(rule, None, stated, Phrase(unknown))
    said = N_("It was selected there.") if holds else N_("It was not selected there.")
    return Verdict(rule, holds, stated, Phrase(said))


def deadline(rule: Rule, facts: Facts) -> Verdict:
    """The end itself is too late: late by one second is late, and so is the second of the deadline."""
    told = None if rule.until is None else At(rule.until, rule.zone)
    stated = phrase(N_("It is sent before %(until)s."), until=told)
    if facts.at is None or rule.until is None:
        return Verdict(rule, None, stated, NOT_SAID)
    holds = facts.at < rule.until
    return Verdict(rule, holds, stated, Phrase(N_("It is in time.") if holds else N_("It is too late.")))


OTHERS: dict[RuleKind, Callable[[Rule, Facts], Verdict]] = {
    RuleKind.GROUP: group,
    RuleKind.PLACE: place,
    RuleKind.ROADMAP: roadmap,
    RuleKind.SELECTED_BEFORE: selected_before,
    RuleKind.DEADLINE: deadline,
}
