"""Who may apply: each kind of rule with what holds it, what breaks it, and what is not known yet."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import eligibility
from app.rules.eligibility import Facts, Rule, RuleIncomplete, RuleKind
from app.rules.words import StakeholderGroup
from tests.rules.many import many

D = Decimal
NOON = datetime(2027, 3, 12, 15, tzinfo=UTC)
K = RuleKind


def holds(rule: Rule, facts: Facts) -> bool | None:
    return eligibility.check([rule], facts, "EUR")[0].holds


CASES: list[tuple[str, Rule, dict[str, Any], bool | None]] = [
    ("a group that is named", Rule(K.GROUP, among=("private",)), {"group": StakeholderGroup.PRIVATE}, True),
    ("a group that is not", Rule(K.GROUP, among=("private",)), {"group": StakeholderGroup.CITIZENS}, False),
    ("no group said", Rule(K.GROUP, among=("private",)), {}, None),
    ("a place, however it is spaced", Rule(K.PLACE, among=("San Pedro",)), {"place": " san  PEDRO "}, True),
    ("another place", Rule(K.PLACE, among=("San Pedro",)), {"place": "Calama"}, False),
    ("the least is allowed", Rule(K.PEOPLE, D(10), D(250)), {"people": D(10)}, True),
    ("the most is allowed", Rule(K.PEOPLE, D(10), D(250)), {"people": D(250)}, True),
    ("one more is not", Rule(K.PEOPLE, D(10), D(250)), {"people": D(251)}, False),
    ("a turnover", Rule(K.TURNOVER, most=D(50)), {"turnover": D("50.01")}, False),
    ("partners", Rule(K.PARTNERS, least=D(2)), {"partners": D(2)}, True),
    ("a ticket", Rule(K.TICKET, D(10), D(100)), {"asked": D("9.99")}, False),
    ("an own share of exactly a fifth", Rule(K.OWN_SHARE, least=D(20)), {"asked": D(80), "total": D(100)}, True),
    ("a cent short of it", Rule(K.OWN_SHARE, least=D(20)), {"asked": D("80.01"), "total": D(100)}, False),
    ("no costs yet", Rule(K.OWN_SHARE, least=D(20)), {"asked": D(80), "total": D(0)}, None),
    ("a year to the day", Rule(K.MONTHS, most=D(12)), {"starts": date(2027, 1, 1), "ends": date(2027, 12, 31)}, True),
    ("a day more", Rule(K.MONTHS, most=D(12)), {"starts": date(2027, 1, 1), "ends": date(2028, 1, 1)}, False),
    ("an end too early", Rule(K.MONTHS, most=D(12)), {"starts": date(2027, 2, 1), "ends": date(2027, 1, 1)}, None),
    ("a readiness", Rule(K.READINESS, most=D(6)), {"readiness": 7}, False),
    ("a roadmap of the call before", Rule(K.ROADMAP), {"roadmap": "a", "roadmaps": ("a",)}, True),
    ("another roadmap", Rule(K.ROADMAP), {"roadmap": "b", "roadmaps": ("a",)}, False),
    ("selected in the call before", Rule(K.SELECTED_BEFORE), {"selected_before": True}, True),
    ("not selected there", Rule(K.SELECTED_BEFORE), {"selected_before": False}, False),
    ("a call before without an answer", Rule(K.SELECTED_BEFORE), {}, None),
    ("a second before the deadline", Rule(K.DEADLINE, until=NOON), {"at": NOON - timedelta(seconds=1)}, True),
    ("the second of the deadline", Rule(K.DEADLINE, until=NOON), {"at": NOON}, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "facts", "wanted"), [each[1:] for each in CASES], ids=[each[0] for each in CASES]
)
def test_a_rule_holds_or_not_or_is_not_known(rule: Rule, facts: dict[str, Any], wanted: bool | None) -> None:
    assert holds(rule, Facts(**facts)) is wanted


@pytest.mark.parametrize("kind", RuleKind, ids=str)
def test_every_kind_of_rule_is_said_in_a_sentence(kind: RuleKind) -> None:
    told = eligibility.verdict(Rule(kind, D(1), D(2), ("private",), NOON), Facts(), "EUR")

    assert told.holds is None
    assert "%" not in told.asks.english.replace(" %", "")
    assert told.asks.english.endswith(".")


@pytest.mark.parametrize(("rule", "facts"), [each[1:3] for each in CASES], ids=[each[0] for each in CASES])
def test_what_is_found_is_true_for_whoever_reads_it(rule: Rule, facts: dict[str, Any]) -> None:
    """The agency reads the same words as the applicant: nobody is addressed who is not meant."""
    told = eligibility.check([rule], Facts(**facts), "EUR")[0]

    assert not {"you", "your", "yours"} & set(
        re.findall(r"\w+", f"{told.asks.english} {told.found.english}".lower())
    )


def test_a_bound_that_is_not_there_is_not_said() -> None:
    assert eligibility.asks(Rule(K.TICKET, least=D(10)), "EUR").english == "It asks for at least 10 EUR."
    assert eligibility.asks(Rule(K.TICKET, most=D("10.50")), "EUR").english == "It asks for at most 10.5 EUR."


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"kind": "group", "among": []}, id="no group"),
        pytest.param({"kind": "people"}, id="no bound"),
        pytest.param({"kind": "people", "least": "5", "most": "4"}, id="bounds crossed"),
        pytest.param({"kind": "people", "least": "NaN"}, id="no number"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(RuleIncomplete):
        eligibility.read([raw])


def test_a_rule_is_kept_without_losing_a_cent() -> None:
    rule = Rule(K.TURNOVER, D("0.10"), D("123456789012345678.90"))

    assert eligibility.read([rule.as_facts()]) == [rule]


def test_what_was_not_said_stands_in_the_way_of_sending() -> None:
    rules = [Rule(K.PEOPLE, least=D(1)), Rule(K.PARTNERS, least=D(1))]

    assert not eligibility.all_hold(eligibility.check(rules, Facts(people=D(3))))
    assert eligibility.all_hold(eligibility.check(rules, Facts(people=D(3), partners=D(1))))


AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2)


@many(200)
@given(st.sampled_from([K.PEOPLE, K.TURNOVER, K.PARTNERS, K.TICKET]), AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_range_holds_within_its_bounds_and_nowhere_else(kind: RuleKind, one: D, other: D, value: D) -> None:
    name = {K.PEOPLE: "people", K.TURNOVER: "turnover", K.PARTNERS: "partners", K.TICKET: "asked"}[kind]
    rule = Rule(kind, min(one, other), max(one, other))

    assert holds(rule, Facts(**{name: value})) is (min(one, other) <= value <= max(one, other))
    assert eligibility.read([rule.as_facts()]) == [rule]


@many(200)
@given(AMOUNTS, AMOUNTS, st.decimals(min_value=0, max_value=100, places=2))
def test_an_own_share_is_told_to_the_cent(asked: D, own: D, least: D) -> None:
    """Never a share that a sum of money rounds to: own money against what is wanted, multiplied out."""
    total = asked + own
    rule = Rule(K.OWN_SHARE, least=least)

    told = holds(rule, Facts(asked=asked, total=total))

    assert told is (None if total == 0 else own * 100 >= least * total)


@pytest.mark.parametrize("raw", ["9" * 40, "1e30", "-1e30", "1e999999999", "NaN", "Infinity", "many"])
def test_a_number_beyond_all_counting_is_not_said(raw: str) -> None:
    """A draft in which somebody typed one must still open."""
    verdict = eligibility.check([Rule(K.TURNOVER, most=D(50))], Facts(turnover=eligibility.decimal(raw)))[0]

    assert verdict.holds is None


@pytest.mark.parametrize("raw", ["1e-999999", "0." + "3" * 100, "9" * 18, "-5"])
def test_a_number_of_any_fineness_is_looked_at(raw: str) -> None:
    verdict = eligibility.check(
        [Rule(K.TURNOVER, most=D(10) ** 18)], Facts(turnover=eligibility.decimal(raw))
    )[0]

    assert verdict.holds is True
