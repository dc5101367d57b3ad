"""Coverage: whose share of the voices is far below their share of the people."""

from fractions import Fraction

import pytest

from app.rules import coverage


def test_a_gap_is_less_than_four_fifths_of_what_is_expected() -> None:
    listed = coverage.lines({"citizens": 32, "private": 31, "third": 37}, {"citizens": "40", "private": "40"})
    found = {each.name: each for each in listed}

    assert found["citizens"].share == Fraction(32, 100)
    assert not found["citizens"].is_gap
    assert found["private"].is_gap
    assert [each.name for each in coverage.gaps(listed)] == ["private"]


def test_who_is_expected_and_says_nothing_is_a_gap() -> None:
    listed = coverage.lines({"citizens": 12}, {"academia": "5"})

    assert [(each.name, each.voices) for each in coverage.gaps(listed)] == [("academia", 0)]


def test_nothing_is_said_of_few_voices() -> None:
    listed = coverage.lines({"citizens": 9}, {"academia": "50"}, ["public"])

    assert coverage.gaps(listed) == []
    assert {each.share for each in listed} == {None}
    assert [each.name for each in listed] == ["public", "academia", "citizens"]


@pytest.mark.parametrize("shares", [{"a": "60", "b": "41"}, {"a": "-1"}, {"a": "100.1"}])
def test_shares_that_cannot_be_are_refused(shares: dict[str, str]) -> None:
    with pytest.raises(coverage.SharesDoNotFit):
        coverage.require(shares)
