"""Conditions: the days of their checks, the states that evidence makes, and what holds whatever is filed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.rules import conditions as rules
from app.rules.conditions import Measure, Shown
from app.rules.words import Compare, ConditionState, ProjectState
from tests.rules.many import many

S = ConditionState
DUE = date(2026, 6, 30)
DONE = Measure(Compare.YES, "Results are published")
HALF = Measure(Compare.AT_LEAST, "profit put back", Decimal(50), "percent")
DAYS = some.dates(date(2020, 1, 1), date(2040, 12, 31))
MEASURES = some.sampled_from(
    [DONE, HALF, Measure(Compare.AT_MOST, "price", Decimal("80.5"), "percent", 12, date(2045, 1, 1)),
     Measure(Compare.YES, "published", None, "", 3, date(2030, 1, 31))]
)  # fmt: skip
FILED = some.lists(
    some.builds(Shown, DAYS, DAYS, some.none() | some.decimals(-100, 200, places=2), some.booleans()),
    max_size=8,
)


@pytest.mark.parametrize(
    ("filed", "today", "state"),
    [
        pytest.param([], date(2026, 5, 1), S.ACTIVE, id="far ahead"),
        pytest.param([], date(2026, 5, 31), S.DUE, id="thirty days before"),
        pytest.param([], DUE, S.DUE, id="the day itself still counts"),
        pytest.param([], date(2026, 7, 1), S.BREACHED, id="one day late is late"),
        pytest.param([Shown(DUE, DUE, None)], date(2026, 7, 1), S.KEPT, id="filed on the day"),
        pytest.param(
            [Shown(DUE, date(2026, 7, 1), None)], date(2026, 7, 1), S.BREACHED, id="late mends nothing"
        ),
        pytest.param([Shown(DUE, DUE, None, True)], date(2026, 7, 1), S.BREACHED, id="set aside"),
        pytest.param(
            [Shown(date(2026, 1, 1), DUE, None)], date(2026, 7, 1), S.BREACHED, id="for another day"
        ),
    ],
)
def test_a_check_follows_from_its_day_and_its_evidence(
    filed: list[Shown], today: date, state: ConditionState
) -> None:
    assert rules.check_state(DONE, DUE, filed, today) is state


@pytest.mark.parametrize(
    ("compare", "value", "passes"),
    [
        (Compare.AT_LEAST, Decimal(50), True), (Compare.AT_LEAST, Decimal("49.999999"), False),
        (Compare.AT_MOST, Decimal(50), True), (Compare.AT_MOST, Decimal("50.000001"), False),
        (Compare.AT_MOST, None, False),
    ],
)  # fmt: skip
def test_a_machine_compares_what_was_measured(compare: Compare, value: Decimal | None, passes: bool) -> None:
    assert Measure(compare, "share", Decimal(50)).passes(value) is passes


def test_a_check_that_comes_again_keeps_the_end_of_short_months() -> None:
    measure = Measure(Compare.YES, "published", None, "", 1, date(2027, 4, 30))

    assert rules.check_days(measure, date(2027, 1, 31)) == (
        date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30),
    )  # fmt: skip


def test_a_remedy_settles_what_was_overdue_and_nothing_later() -> None:
    measure = Measure(Compare.YES, "published", None, "", 12, date(2028, 12, 31))
    today = date(2028, 7, 1)

    found = rules.checks(S.REMEDIED, measure, DUE, [], today, ProjectState.RUNNING, settled_until=DUE)

    assert [each.state for each in found] == [S.REMEDIED, S.BREACHED, S.BREACHED]
    assert rules.effective(S.REMEDIED, found, ProjectState.RUNNING) is S.BREACHED


def test_a_waived_condition_keeps_what_was_kept() -> None:
    measure = Measure(Compare.YES, "published", None, "", 12, date(2027, 12, 31))
    filed = [Shown(DUE, DUE, None)]

    found = rules.checks(S.WAIVED, measure, DUE, filed, date(2029, 1, 1), ProjectState.RUNNING)

    assert [each.state for each in found] == [S.KEPT, S.WAIVED]


@given(MEASURES, DAYS, FILED, DAYS)
@many()
def test_a_breach_stays_one_however_late_evidence_comes(
    measure: Measure, due: date, filed: list[Shown], today: date
) -> None:
    """Nothing filed after its day, and no later day, turns a breach into a kept check."""
    before = rules.check_state(measure, due, filed, today)
    late = Shown(due, max(due, today) + timedelta(days=1), Decimal(50))

    if before is S.BREACHED:
        assert rules.check_state(measure, due, [*filed, late], today + timedelta(days=900)) is S.BREACHED
    if before is S.KEPT:
        assert rules.check_state(measure, due, [*filed, late], today + timedelta(days=900)) is S.KEPT


@given(MEASURES, DAYS, FILED, DAYS, some.sampled_from(list(ProjectState)))
@many()
def test_a_condition_reads_as_its_worst_check(
    measure: Measure, due: date, filed: list[Shown], today: date, project: ProjectState
) -> None:
    found = rules.checks(S.AGREED, measure, due, filed, today, project)
    state = rules.effective(S.AGREED, found, project)

    assert len(found) == len(rules.check_days(measure, due)) <= rules.CHECKS_AT_MOST
    assert (state is S.BREACHED) == any(each.state is S.BREACHED for each in found)
    assert (state is S.AGREED) == (project is ProjectState.PROPOSED)
    if state is S.KEPT:
        assert {each.state for each in found} == {S.KEPT}


@given(MEASURES)
@many(20)
def test_a_test_reads_as_it_was_written(measure: Measure) -> None:
    assert Measure.of(measure.as_facts()) == measure


def test_a_test_without_its_number_is_nobodys() -> None:
    with pytest.raises(ValueError, match="needs a value"):
        Measure(Compare.AT_LEAST, "profit put back")
    with pytest.raises(ValueError, match="until a day"):
        Measure(Compare.YES, "published", every=12)
