"""How amounts are written: money to the cent, what was reckoned with four digits."""

from decimal import Decimal

import pytest

from app.i18n import money, roughly


@pytest.mark.parametrize(
    ("amount", "currency", "even", "written"),
    [
        ("610000000", "CLP", False, "610,000,000\u00a0CLP"),
        ("610000000", "CLP", True, "610,000,000"),
        ("240000000.50", "CLP", True, "240,000,000.50"),
        ("300000", "EUR", False, "300,000\u00a0EUR"),
        ("300000", "EUR", True, "300,000.00"),
        ("250.5", "USD", False, "250.50\u00a0USD"),
        ("12.3", "", False, "12.30"),
    ],
)
def test_money_is_written_to_the_cent(amount: str, currency: str, even: bool, written: str) -> None:
    assert money(Decimal(amount), currency, even=even) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("7899.18", "7,899"),
        ("31.2456", "31.25"),
        ("9100.0", "9,100"),
        ("0.12346", "0.123"),
        ("-2501.4", "-2,501"),
        ("0", "0"),
    ],
)
def test_what_was_reckoned_has_four_digits_at_most(value: str, written: str) -> None:
    assert roughly(Decimal(value)) == written
