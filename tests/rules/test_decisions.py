from datetime import UTC, datetime, timedelta

import pytest

from app.rules import decisions, phases
from app.rules.decisions import DecisionTimes, StillVoting, TimesNotSet
from app.rules.phases import Act, PhaseForbids
from app.rules.words import DecisionState

D = DecisionState
OPENING = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
CLOSING = OPENING + timedelta(days=7)
SECOND = timedelta(seconds=1)
TIMES = DecisionTimes(OPENING, CLOSING)


@pytest.mark.parametrize(
    ("stored", "now", "expected"),
    [
        pytest.param(D.DRAFT, CLOSING, D.DRAFT, id="a draft is not opened by the clock"),
        pytest.param(D.NOTICED, OPENING - SECOND, D.NOTICED, id="before the vote"),
        pytest.param(D.NOTICED, OPENING, D.OPEN, id="the vote opens to the second"),
        pytest.param(D.NOTICED, CLOSING - SECOND, D.OPEN, id="the last second"),
        pytest.param(D.NOTICED, CLOSING, D.CLOSED, id="at the closing instant it is closed"),
        pytest.param(D.OPEN, CLOSING, D.CLOSED, id="a stored open closes too"),
        pytest.param(D.OPEN, OPENING - SECOND, D.NOTICED, id="the clock decides, not the row"),
        pytest.param(D.CARRIED, OPENING, D.CARRIED, id="a counted vote stays counted"),
        pytest.param(D.CERTIFIED, OPENING, D.CERTIFIED, id="certified stays"),
    ],
)
def test_the_clock_opens_and_closes_the_vote(stored, now, expected):
    assert decisions.phase(TIMES, stored, now) is expected


@pytest.mark.parametrize("now", [OPENING - SECOND, CLOSING, CLOSING + timedelta(days=1)])
def test_a_ballot_outside_the_hours_is_refused(now):
    with pytest.raises(PhaseForbids):
        phases.require(Act.VOTE, decisions.phase(TIMES, D.NOTICED, now))


@pytest.mark.parametrize(
    ("times", "fine"),
    [
        pytest.param(TIMES, True, id="a week"),
        pytest.param(DecisionTimes(OPENING, None), False, id="no end"),
        pytest.param(DecisionTimes(None, CLOSING), False, id="no beginning"),
        pytest.param(DecisionTimes(CLOSING, OPENING), False, id="the wrong way round"),
        pytest.param(DecisionTimes(OPENING, OPENING + SECOND), False, id="a second is no vote"),
        pytest.param(
            DecisionTimes(OPENING - timedelta(days=9), OPENING - timedelta(days=2)), False, id="past"
        ),
    ],
)
def test_notice_needs_hours_that_are_ahead(times, fine):
    if fine:
        decisions.require_times(times, OPENING - timedelta(days=1))
    else:
        with pytest.raises(TimesNotSet):
            decisions.require_times(times, OPENING - timedelta(days=1))


def test_the_chair_counts_after_the_announced_end_or_when_every_seat_has_voted():
    with pytest.raises(StillVoting, match="11 May 2026"):
        decisions.require_close(TIMES, D.NOTICED, CLOSING - SECOND, everyone_voted=False)

    assert decisions.phase(TIMES, D.NOTICED, CLOSING) is D.CLOSED
    decisions.require_close(TIMES, D.NOTICED, CLOSING, everyone_voted=False)
    decisions.require_close(TIMES, D.NOTICED, CLOSING - SECOND, everyone_voted=True)


@pytest.mark.parametrize("stored", [D.DRAFT, D.CARRIED, D.CERTIFIED])
def test_what_is_not_being_voted_on_cannot_be_closed(stored):
    with pytest.raises(PhaseForbids):
        decisions.require_close(TIMES, stored, CLOSING, everyone_voted=True)
