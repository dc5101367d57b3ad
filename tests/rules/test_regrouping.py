"""Grouping again is offered at ten voices, after a rush and overnight, and never within twenty minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from app.rules.regrouping import Growth, Offer, last_night, offer

RAN = datetime(2026, 3, 10, 12, 0, 0, tzinfo=UTC)
LATER = RAN + timedelta(days=3)


def grown(read: int, new: int, by_night: int = 0) -> Growth:
    return Growth(read + new, new, by_night, read, RAN)


@pytest.mark.parametrize(
    ("voices", "offered"),
    [
        pytest.param(0, None, id="nobody"),
        pytest.param(9, None, id="nine"),
        pytest.param(10, Offer.FIRST, id="ten"),
        pytest.param(4_000, Offer.FIRST, id="an import"),
    ],
)
def test_the_first_offer_comes_with_the_tenth_voice(voices: int, offered: Offer | None) -> None:
    assert offer(Growth(voices, voices, voices), LATER) is offered


@pytest.mark.parametrize(
    ("read", "new", "offered"),
    [
        pytest.param(100, 29, None, id="29 % are no rush"),
        pytest.param(100, 30, Offer.RUSH, id="30 % are"),
        pytest.param(11, 3, None, id="3 of 11 are 27 %"),
        pytest.param(11, 4, Offer.RUSH, id="4 of 11 are 36 %"),
        pytest.param(100_003, 30_000, None, id="a hair less than 30 %"),
        pytest.param(100_000, 30_000, Offer.RUSH, id="to the voice"),
        pytest.param(3, 1, None, id="fewer than ten in all"),
        pytest.param(0, 12, Offer.RUSH, id="the last run found nobody"),
        pytest.param(50, 0, None, id="nobody new"),
        pytest.param(50, -4, None, id="some withdrew"),
    ],
)
def test_a_rush_is_three_tenths_more(read: int, new: int, offered: Offer | None) -> None:
    assert offer(grown(read, new), LATER) is offered


@pytest.mark.parametrize(
    ("new", "by_night", "offered"),
    [
        pytest.param(12, 9, None, id="9 % were there last night"),
        pytest.param(12, 10, Offer.OVERNIGHT, id="10 % were"),
        pytest.param(29, 0, None, id="all came today: wait for the night"),
        pytest.param(30, 10, Offer.RUSH, id="a rush does not wait"),
    ],
)
def test_a_quiet_growth_waits_for_the_night(new: int, by_night: int, offered: Offer | None) -> None:
    assert offer(grown(100, new, by_night), LATER) is offered


@pytest.mark.parametrize(
    ("seconds", "offered"),
    [
        pytest.param(0, None, id="at once"),
        pytest.param(1_199, None, id="a second too early"),
        pytest.param(1_200, Offer.RUSH, id="twenty minutes to the second"),
    ],
)
def test_a_run_rests_the_question_for_twenty_minutes(seconds: int, offered: Offer | None) -> None:
    assert offer(grown(100, 500), RAN + timedelta(seconds=seconds)) is offered


def test_a_failed_first_run_rests_it_too() -> None:
    failed = Growth(40, 40, 40, None, RAN)

    assert offer(failed, RAN + timedelta(minutes=19, seconds=59)) is None
    assert offer(failed, RAN + timedelta(minutes=20)) is Offer.FIRST


@pytest.mark.parametrize(
    ("at", "timezone", "night"),
    [
        ("2026-03-10T02:59:59+00:00", "UTC", "2026-03-09T03:00:00+00:00"),
        ("2026-03-10T03:00:00+00:00", "UTC", "2026-03-10T03:00:00+00:00"),
        ("2026-07-10T06:59:59+00:00", "America/Santiago", "2026-07-09T07:00:00+00:00"),
        ("2026-07-10T07:00:00+00:00", "America/Santiago", "2026-07-10T07:00:00+00:00"),
        ("2026-03-29T00:59:59+00:00", "Europe/Madrid", "2026-03-28T02:00:00+00:00"),
        ("2026-03-29T01:00:00+00:00", "Europe/Madrid", "2026-03-29T01:00:00+00:00"),
    ],
)
def test_the_night_is_that_of_the_question(at: str, timezone: str, night: str) -> None:
    assert last_night(datetime.fromisoformat(at), timezone) == datetime.fromisoformat(night)
