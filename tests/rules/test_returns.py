"""Risks and rewards: shares from lines of money, and when they are out of balance."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from app.rules import returns as rules
from app.rules.returns import Line
from app.rules.words import MoneyKind, StakeholderGroup
from tests.rules.many import many

PUBLIC, PRIVATE = StakeholderGroup.PUBLIC, StakeholderGroup.PRIVATE
LINES = some.lists(
    some.builds(
        Line, some.sampled_from(MoneyKind), some.sampled_from([*StakeholderGroup, None]),
        some.sampled_from(["EUR", "CLP"]), some.decimals("0.01", 10**9, places=2),
    ),
    max_size=20,
)  # fmt: skip


def paid(public: int, private: int) -> list[Line]:
    return [
        Line(MoneyKind.COMMITTED, PUBLIC, "EUR", Decimal(public)),
        Line(MoneyKind.COMMITTED, PRIVATE, "EUR", Decimal(private)),
    ]


def test_public_pays_60_percent_and_holds_nothing_is_flagged() -> None:
    (balance,) = rules.balances(paid(60, 40))

    assert (balance.risk, balance.reward) == (Fraction(3, 5), 0)
    assert balance.is_unbalanced


def test_half_of_the_share_that_it_pays_is_enough() -> None:
    assert rules.balances(paid(60, 40), Fraction(29, 100))[0].is_unbalanced
    assert not rules.balances(paid(60, 40), Fraction(30, 100))[0].is_unbalanced


def test_what_came_back_counts_once_something_did() -> None:
    back = [
        Line(MoneyKind.RETURN, PUBLIC, "EUR", Decimal(10)),
        Line(MoneyKind.RETURN, PRIVATE, "EUR", Decimal(10)),
    ]

    (balance,) = rules.balances([*paid(60, 40), *back])

    assert (balance.back, balance.reward, balance.is_unbalanced) == (Fraction(1, 2), Fraction(1, 2), False)


def test_who_pays_nothing_is_owed_nothing() -> None:
    (balance,) = rules.balances(paid(0, 40))

    assert not balance.is_unbalanced


@given(LINES, some.fractions(0, 1))
@many()
def test_announced_money_is_in_no_share(lines: list[Line], held: Fraction) -> None:
    without = [each for each in lines if each.kind is not MoneyKind.ANNOUNCED]

    assert rules.balances(lines, held) == rules.balances(without, held)


@given(LINES, some.fractions(0, 1))
@many()
def test_shares_are_right_to_the_cent(lines: list[Line], held: Fraction) -> None:
    for balance in rules.balances(lines, held):
        committed = [
            each for each in lines if each.kind is MoneyKind.COMMITTED and each.currency == balance.currency
        ]
        assert balance.all_paid == sum((each.amount for each in committed), Decimal(0))
        assert balance.risk is None or 0 <= balance.risk <= 1
        assert 0 <= balance.reward <= 1
        assert not (balance.is_unbalanced and balance.reward >= (balance.risk or 0))


@given(LINES, some.fractions(0, "1/2"))
@many()
def test_a_larger_right_never_makes_it_worse(lines: list[Line], held: Fraction) -> None:
    less, more = rules.balances(lines, held), rules.balances(lines, held + Fraction(1, 2))

    assert all(a.is_unbalanced or not b.is_unbalanced for a, b in zip(less, more, strict=True))
