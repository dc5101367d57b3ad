"""Applications as rules: what a form says, whether a budget adds up, what is in time, what a receipt covers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import applications, hashing
from app.rules.applications import (
    FINISHES_WITHIN,
    Asked,
    Written,
    in_time,
    problems,
    read,
    receipt,
    typed,
)
from app.rules.budgets import Sums, amount, sums
from app.rules.moves import MoveForbidden
from app.rules.words import ApplicationState, PaidBy
from tests.applied import CRITERIA, FORM, LINES
from tests.rules.many import many

CLOSES = datetime(2030, 5, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ASKED = Asked(CRITERIA, Decimal(10_000), Decimal(100_000), Decimal(500_000), "EUR")


def added(written: Written) -> Sums:
    return sums(written.budget, written.asked)


def fields(lines: list[dict[str, str]] | None = None, **changes: str) -> dict[str, Any]:
    return typed({**FORM, **changes}, LINES if lines is None else lines, CRITERIA)


@pytest.mark.parametrize(("arrived", "took", "counts"), [
    pytest.param(-SECOND, timedelta(0), True, id="a second before"),
    pytest.param(timedelta(0), timedelta(0), False, id="at the deadline itself"),
    pytest.param(SECOND, timedelta(0), False, id="late by one second"),
    pytest.param(-SECOND, 30 * SECOND, True, id="begun before, finished after"),
    pytest.param(-SECOND, FINISHES_WITHIN, True, id="finished within the minute"),
    pytest.param(-SECOND, FINISHES_WITHIN + SECOND, False, id="lingered"),
])  # fmt: skip
def test_what_counts_is_when_it_reached_us(arrived: timedelta, took: timedelta, counts: bool) -> None:
    began = CLOSES + arrived

    assert in_time(began, began + took, CLOSES) is counts


def test_nothing_is_settled_before_the_last_that_can_be_in_time_is_in() -> None:
    assert not applications.is_settled(CLOSES, CLOSES)
    assert not applications.is_settled(CLOSES + FINISHES_WITHIN - SECOND, CLOSES)
    assert applications.is_settled(CLOSES + FINISHES_WITHIN, CLOSES)


@pytest.mark.parametrize(("raw", "worth"), [
    ("12000", Decimal(12000)), ("12 000", Decimal(12000)), ("0,5", Decimal("0.5")), ("12000.50", Decimal("12000.50")),
    ("1,234", None), ("1.234.567", None), ("-5", None), ("1e3", None), ("NaN", None), ("", None), ("١٢", None),
    ("12345678901234", None),
])  # fmt: skip
def test_an_amount_means_one_thing_or_nothing(raw: str, worth: Decimal | None) -> None:
    assert amount(raw) == worth


def test_a_whole_form_has_no_problems() -> None:
    assert problems(fields(), ASKED) == {}


@pytest.mark.parametrize(("changes", "field"), [
    ({"title": ""}, "title"), ({"summary": "Short."}, "summary"), ({"hypothesis": ""}, "hypothesis"),
    ({"route": ""}, "route"), ({"readiness": "10"}, "readiness"), ({"starts": "soon"}, "starts"),
    ({"ends": "2030-12-31"}, "ends"), ({"ends": ""}, "ends"), ({"asked": "much"}, "asked"), ({"asked": "0"}, "asked"),
    ({"asked": "9999.99"}, "asked"), ({"asked": "100000.01"}, "asked"), ({"answer-use": ""}, "answer-use"),
    ({"answer-way": "word " * 51}, "answer-way"), ({"asked": "90000.01"}, "budget"),
])  # fmt: skip
def test_each_thing_that_is_missing_is_named(changes: dict[str, str], field: str) -> None:
    assert set(problems(fields(**changes), ASKED)) == {field}


def test_a_line_that_is_not_complete_is_told_and_not_added() -> None:
    found = problems(fields(lines=[*LINES, {"what": "Paint", "amount": "some", "source": "call"}]), ASKED)

    assert set(found) == {"budget"}
    assert added(read(fields(lines=[*LINES, {"what": "", "amount": "5", "source": "own"}]))).incomplete == 1


def test_a_call_for_roadmaps_asks_for_no_budget() -> None:
    roadmap = Asked(CRITERIA, is_about_money=False)

    assert problems(fields(lines=[], asked=""), roadmap) == {}


def test_what_the_call_does_not_ask_is_not_kept() -> None:
    kept = typed({**FORM, "answer-other": "x", "state": "selected", "receipt": "1"}, LINES, CRITERIA)

    assert not {"answer-other", "state", "receipt"} & set(kept)


CENTS = st.integers(0, 10**9)


@many(200)
@given(st.lists(st.tuples(CENTS, st.sampled_from(PaidBy)), max_size=20), CENTS)
def test_a_budget_adds_up_to_the_cent_or_not_at_all(lines: list[tuple[int, PaidBy]], asked: int) -> None:
    rows = [
        {"what": f"Line {n}", "amount": f"{cents // 100}.{cents % 100:02}", "source": paid_by.value}
        for n, (cents, paid_by) in enumerate(lines)
    ]
    found = added(read(fields(lines=rows, asked=f"{asked // 100}.{asked % 100:02}")))
    of_call = sum(cents for cents, paid_by in lines if paid_by is PaidBy.CALL)

    assert found.of_call == Decimal(of_call) / 100
    assert found.total == Decimal(sum(cents for cents, _ in lines)) / 100
    assert found.adds_up is (of_call == asked and of_call > 0)


TYPED = st.dictionaries(st.sampled_from([*FORM, "answer-use"]), st.text(max_size=60))
ROW = st.fixed_dictionaries({name: st.text(max_size=20) for name in ("what", "amount", "source")})


@many(200)
@given(TYPED, st.lists(ROW, max_size=5))
def test_whatever_is_typed_can_be_kept_and_is_kept_once(
    changes: dict[str, str], rows: list[dict[str, str]]
) -> None:
    kept = typed({**FORM, **changes}, rows, CRITERIA)

    again = typed({name: value for name, value in kept.items() if name != "budget"}, kept["budget"], CRITERIA)

    assert again == kept
    assert "\0" not in str(kept)
    read(kept)
    problems(kept, ASKED)


def test_a_receipt_covers_every_word_every_file_and_the_instant() -> None:
    facts = {"submitted_at": CLOSES, "application": "a"}
    content = applications.content(fields(), [("plan.pdf", "1" * 64)], facts)
    others = [
        applications.content(fields(title="Another title"), [("plan.pdf", "1" * 64)], facts),
        applications.content(fields(), [("plan.pdf", "2" * 64)], facts),
        applications.content(fields(), [], facts),
        applications.content(fields(), [("plan.pdf", "1" * 64)], {**facts, "submitted_at": CLOSES - SECOND}),
    ]

    assert receipt(content, "salt") == hashing.text_hash(hashing.canonical(content).decode(), "salt")
    assert len({receipt(each, "salt") for each in (content, *others)}) == 5
    assert receipt(content, "salt") != receipt(content, "pepper")


def test_what_was_decided_is_not_withdrawn() -> None:
    applications.require_move(ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN)
    for state in (ApplicationState.DRAFT, ApplicationState.DECLINED, ApplicationState.WITHDRAWN):
        with pytest.raises(MoveForbidden):
            applications.require_move(state, ApplicationState.WITHDRAWN)
