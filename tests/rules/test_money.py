"""Money: totals exact to the cent, leverage, patience, and cuts of a year; on examples, and whatever the lines are."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import money
from app.rules.money import Line
from app.rules.words import Certainty, MoneyKind, StakeholderGroup
from tests.rules.many import many

G, K = StakeholderGroup, MoneyKind
ROOFS, STORAGE = UUID(int=1), UUID(int=2)
FIRST, LAST = datetime(2024, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001 - their zone is drawn beside them
DAYS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
LINES = st.lists(
    st.builds(
        Line, key=st.uuids(), kind=st.sampled_from(K), year=st.integers(2024, 2034),
        cents=st.integers(1, 10**17), currency=st.sampled_from(["EUR", "CLP"]), since=DAYS,
        certainty=st.sampled_from(Certainty), group=st.sampled_from([*G, None]),
        project=st.sampled_from([ROOFS, STORAGE, None]),
    ),
    max_size=12, unique_by=lambda line: line.key,
)  # fmt: skip


def line(cents: int, **changes: object) -> Line:
    facts = {
        "key": uuid4(), "kind": K.COMMITTED, "year": 2027, "currency": "EUR",
        "since": datetime(2026, 5, 1, tzinfo=UTC), "group": G.PUBLIC, **changes,
    }  # fmt: skip
    return Line(cents=cents, **facts)


def test_an_amount_is_whole_cents_and_back_without_rounding() -> None:
    assert money.in_cents(Decimal("999999999999999999.99")) == 99999999999999999999
    assert money.amount(99999999999999999999) == Decimal("999999999999999999.99")
    assert str(money.amount(5)) == "0.05"
    with pytest.raises(ValueError, match="two decimals"):
        money.in_cents(Decimal("0.001"))


@given(LINES)
@many()
def test_whatever_the_tables_are_by_they_add_up_to_the_same_cent(lines: list[Line]) -> None:
    whole = sum(each.cents for each in lines)

    for by in (lambda l: l.year, lambda l: l.group, lambda l: l.certainty, lambda l: l.kind):  # noqa: E741
        assert sum(money.totals(lines, by).values()) == whole
    in_decimals = sum((money.amount(each.cents) for each in lines), Decimal(0))
    assert money.in_cents(in_decimals) == whole


@given(LINES)
@many()
def test_only_committed_money_is_counted_and_announced_never(lines: list[Line]) -> None:
    committed = [each for each in lines if each.kind is K.COMMITTED]

    for currency in ("EUR", "CLP"):
        assert money.leverage(lines, currency) == money.leverage(committed, currency)
        assert money.patience(lines, currency) == money.patience(committed, currency)


@given(LINES)
@many()
def test_leverage_is_private_money_divided_into_what_followed_and_what_did_not(lines: list[Line]) -> None:
    told = money.leverage(lines, "EUR")
    private = [each for each in lines if each.kind is K.COMMITTED and each.group is G.PRIVATE]

    assert told.private + told.earlier == sum(each.cents for each in private if each.currency == "EUR")
    assert (told.ratio is None) is (told.public == 0)
    if not told.public:
        assert told.private == 0


def test_earlier_private_money_is_not_counted() -> None:
    """DOMAIN 35: leverage is computed only from committed money after the public commitment."""
    lines = [
        line(100_00),
        line(70_00, group=G.PRIVATE, since=datetime(2026, 4, 30, tzinfo=UTC)),
        line(50_00, group=G.PRIVATE, since=datetime(2026, 5, 2, tzinfo=UTC)),
        line(900_00, group=G.PRIVATE, kind=K.ANNOUNCED, since=datetime(2026, 6, 1, tzinfo=UTC)),
        line(30_00, group=G.THIRD, since=datetime(2026, 6, 1, tzinfo=UTC)),
    ]

    told = money.leverage(lines, "EUR")

    assert (told.public, told.private, told.earlier) == (100_00, 50_00, 70_00)
    assert told.ratio == Fraction(1, 2)


def test_private_money_for_a_project_follows_public_money_for_that_project_or_for_all() -> None:
    late = {"group": G.PRIVATE, "since": datetime(2026, 6, 1, tzinfo=UTC)}

    apart = money.leverage([line(100, project=STORAGE), line(40, project=ROOFS, **late)], "EUR")
    together = money.leverage([line(100), line(40, project=ROOFS, **late)], "EUR")
    same = money.leverage([line(100, project=ROOFS), line(40, project=ROOFS, **late)], "EUR")

    assert (apart.private, together.private, same.private) == (0, 40, 40)


@pytest.mark.parametrize(
    ("year", "patient"),
    [
        pytest.param(2029, 0, id="three years ahead is not beyond three"),
        pytest.param(2030, 100, id="four years ahead is"),
        pytest.param(2020, 0, id="a year that lies behind"),
    ],
)
def test_patience_is_what_was_promised_for_more_than_three_years_ahead(year: int, patient: int) -> None:
    told = money.patience([line(100, year=year), line(300, year=2027)], "EUR")

    assert (told.committed, told.patient) == (400, patient)
    assert told.share == Fraction(patient, 400)


def test_a_year_is_cut_for_public_commitments_only_and_rounded_for_the_one_who_loses() -> None:
    cut, private, later, announced = (
        line(101), line(100, group=G.PRIVATE), line(100, year=2028), line(100, kind=K.ANNOUNCED),
    )  # fmt: skip

    found = money.scaled([cut, private, later, announced], "EUR", 2027, Fraction(1, 2), {})

    assert [(each.key, each.before, each.after) for each in found] == [(cut.key, 101, 51)]


def test_a_contract_keeps_its_minimum_over_all_years() -> None:
    lines = [line(100, project=ROOFS), line(30, project=ROOFS, year=2028)]

    (found,) = money.scaled(lines, "EUR", 2027, Fraction(1), {ROOFS: 90})

    assert found.after == 60  # and 30 of the year after


@given(LINES, st.integers(2024, 2034), st.fractions(0, 1), st.integers(0, 10**17), st.integers(0, 10**17))
@many()
def test_a_cut_takes_no_more_than_asked_and_nothing_that_a_contract_promises(
    lines: list[Line], year: int, share: Fraction, roofs: int, storage: int
) -> None:
    minimums = {ROOFS: roofs, STORAGE: storage}

    cuts = money.scaled(lines, "EUR", year, share, minimums)

    left = money.after(lines, cuts)
    for each in cuts:
        assert 0 <= each.before - each.after <= each.before * share
    before = money.totals(money.committed(lines, "EUR"), lambda each: each.project)
    then = money.totals(money.committed(left, "EUR"), lambda each: each.project)
    for project, minimum in minimums.items():
        assert then.get(project, 0) >= min(minimum, before.get(project, 0))
    touched = {each.key for each in cuts}
    assert [each for each in left if each.key not in touched] == [
        each for each in lines if each.key not in touched
    ]


@given(LINES, st.integers(2024, 2034))
@many(50)
def test_the_order_of_the_lines_changes_nothing(lines: list[Line], year: int) -> None:
    one = money.scaled(lines, "EUR", year, Fraction(1, 3), {ROOFS: 10})
    other = money.scaled(lines[::-1], "EUR", year, Fraction(1, 3), {ROOFS: 10})

    assert one == other
    assert money.leverage(lines, "EUR") == money.leverage(lines[::-1], "EUR")
