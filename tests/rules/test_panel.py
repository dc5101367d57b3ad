"""Moves of applications before the panel, marks put side by side, names hidden from a blind panel, findings kept."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refusal
from app.rules import eligibility, findings, moves, panel
from app.rules.applications import MOVES as APPLICANTS
from app.rules.eligibility import Facts, Rule, RuleKind
from app.rules.panel import HIDDEN, StillBlind, TooFewReviews
from app.rules.words import ApplicationState, Grade, StakeholderGroup

A, G = ApplicationState, Grade
CRITERIA = [{"id": "use", "title": "Use", "weight": 60}, {"id": "way", "title": "Way", "weight": 40}]
NAME = "Sun & Co. Works"


def test_the_applicants_and_the_panel_never_share_a_move() -> None:
    ours = {(each.before, each.after) for each in panel.MOVES}

    assert not ours & {(each.before, each.after) for each in APPLICANTS}
    assert all(each.needs_reason for each in panel.MOVES if each.after is not A.IN_REVIEW)


@pytest.mark.parametrize("before", A)
@pytest.mark.parametrize("after", A)
def test_only_what_is_in_the_table_is_possible(before: A, after: A) -> None:
    allowed = moves.find(panel.MOVES, before, after) is not None

    if allowed:
        panel.require_move(before, after, "It is so.")
    else:
        with pytest.raises(Refusal):
            panel.require_move(before, after, "It is so.")


def test_nothing_is_decided_blind_or_on_too_few_reviews() -> None:
    with pytest.raises(StillBlind):
        panel.require_reviewed(3, 3, is_open=False)
    with pytest.raises(TooFewReviews):
        panel.require_reviewed(2, 3, is_open=True)

    panel.require_reviewed(3, 3, is_open=True)


def test_a_review_needs_a_mark_and_words_for_each_criterion() -> None:
    answers = {"use_grade": "good", "use_note": "It says who.", "way_grade": "splendid", "way_note": " "}

    assert set(panel.problems(answers, CRITERIA)) == {"way_grade", "way_note"}
    assert set(panel.fields_of(CRITERIA)) == {"use_grade", "use_note", "way_grade", "way_note", "overall"}


grades = st.sampled_from(list(Grade))
reviews = st.lists(st.fixed_dictionaries({"use_grade": grades, "way_grade": grades}), max_size=9)


@given(reviews)
def test_marks_of_whatever_order_say_the_same_and_weights_only_grow(filed: list[dict[str, str]]) -> None:
    marks = panel.marked(CRITERIA, filed)
    weights = [weight for _grade, weight in panel.by_weight(marks)]

    assert marks == panel.marked(CRITERIA, list(reversed(filed)))
    assert weights == sorted(weights)
    assert weights[-1] == (100 if filed else 0)
    assert all(each.profile.total == len(filed) for each in marks)


@pytest.mark.parametrize(
    "written", [NAME, NAME.upper(), "sun  &\nco.  works", f"We at {NAME}, since 1990", f"({NAME})"]
)
def test_a_name_is_hidden_however_it_is_written(written: str) -> None:
    told = panel.masked(written, [NAME, "Li", ""])

    assert HIDDEN in told
    assert "works" not in told.casefold()


def test_other_words_stay_as_they_are() -> None:
    assert panel.masked("The solar network works", ["Sol", "Work"]) == "The solar network works"


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=4))
def test_hiding_never_fails_and_hides_what_it_hid(text: str, names: list[str]) -> None:
    once = panel.masked(text, names)

    assert panel.masked(once, [each for each in names if HIDDEN not in each and each not in HIDDEN]) == once


FACTS = Facts(
    group=StakeholderGroup.PRIVATE, place="Iquique", people=Decimal("12"), turnover=Decimal("1000.50"),
    partners=Decimal(2), asked=Decimal("90000"), total=Decimal("120000"), starts=date(2031, 1, 1),
    ends=date(2032, 12, 31), readiness=5, roadmap="one", roadmaps=("one", "two"),
    selected_before=True,
    at=datetime(2026, 5, 1, 12, tzinfo=UTC),
)  # fmt: skip
RULES = [
    Rule(RuleKind.GROUP, among=("private",)), Rule(RuleKind.PLACE, among=("Iquique",)),
    Rule(RuleKind.PEOPLE, most=Decimal(10)), Rule(RuleKind.OWN_SHARE, least=Decimal(20)),
    Rule(RuleKind.ROADMAP), Rule(RuleKind.SELECTED_BEFORE),
    Rule(RuleKind.DEADLINE, until=datetime(2026, 5, 1, 13, tzinfo=UTC)),
]  # fmt: skip


def test_findings_read_as_they_were_found() -> None:
    kept = findings.frozen(RULES, FACTS, "EUR")

    assert findings.read(kept) == eligibility.check(RULES, FACTS, "EUR")
    assert [each.holds for each in findings.read(kept)] == [True, True, False, True, True, True, True]
    assert findings.read({}) == []


def test_findings_of_before_there_were_stages_are_read() -> None:
    kept = findings.frozen(RULES[:-2], FACTS, "EUR")
    del kept["facts"]["selected_before"]

    assert findings.read(kept) == eligibility.check(RULES[:-2], FACTS, "EUR")


@pytest.mark.parametrize(
    "name",
    ["group", "place", "people", "asked", "total", "starts", "ends", "roadmap", "selected_before", "at"],
)
def test_what_was_not_said_stays_unsaid(name: str) -> None:
    blank = replace(FACTS, **{name: "" if name in ("place", "roadmap") else None})  # type: ignore[arg-type]

    assert findings.read(findings.frozen(RULES, blank, "")) == eligibility.check(RULES, blank, "")
