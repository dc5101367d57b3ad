from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import TooMany
from app.rules import rates
from app.rules.rates import RATES, Limited
from tests.rules.many import many

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def test_every_limited_act_has_its_rate():
    assert set(RATES) == set(Limited)
    assert all(rate.count > 0 and rate.seconds > 0 for rate in RATES.values())


@pytest.mark.parametrize("act", Limited)
def test_the_last_try_passes_and_the_next_is_refused(act):
    rates.require(act, RATES[act].count, NOON)

    with pytest.raises(TooMany) as refused:
        rates.require(act, RATES[act].count + 1, NOON)
    assert refused.value.status == 429
    assert refused.value.facts["minutes"] >= 1


def test_the_wait_is_told_in_whole_minutes():
    assert rates.minutes_left(Limited.SIGN_IN_ACCOUNT, NOON) == 15
    assert rates.minutes_left(Limited.SIGN_IN_ACCOUNT, NOON + timedelta(minutes=13, seconds=30)) == 2
    assert rates.minutes_left(Limited.SIGN_IN_ACCOUNT, NOON + timedelta(minutes=14, seconds=59)) == 1


def test_one_minute_is_told_as_one():
    """The last minute of a window would read "wait 1 minutes"."""
    late = NOON + timedelta(minutes=14, seconds=30)

    with pytest.raises(TooMany) as refused:
        rates.require(Limited.SIGN_IN_ACCOUNT, 99, late)
    assert str(refused.value) == "Too many tries in a short time. Please wait one minute and try again."
    assert "5 minutes" in str(TooMany(minutes=5))


def test_two_people_and_two_acts_are_counted_apart():
    keys = {rates.key(act, who) for act in (Limited.SUBMIT, Limited.ENDORSE) for who in ("alice", "bob")}

    assert len(keys) == 4


@many()
@given(
    act=st.sampled_from(Limited),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_every_instant_lies_in_its_own_window(act, now):
    start = rates.window_start(act, now)

    assert start <= now < start + timedelta(seconds=RATES[act].seconds)
    assert rates.window_start(act, start) == start
    assert 1 <= rates.minutes_left(act, now) <= RATES[act].seconds // 60
