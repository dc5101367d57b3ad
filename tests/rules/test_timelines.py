"""The timeline of a call, and which of its dates comes next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.rules import timelines
from app.rules.phases import CallTimes
from app.rules.words import CallState

C = CallState
OPENING = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
CLOSING = OPENING + timedelta(days=30)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
TIMES = CallTimes(OPENING, CLOSING, CLOSING + 10 * DAY, CLOSING + 20 * DAY, CLOSING + 30 * DAY)


def test_the_timeline_marks_today():
    line = timelines.timeline(TIMES, C.PUBLISHED, OPENING + DAY)

    assert [(each.name, each.is_now, each.is_over) for each in line] == [
        (C.PUBLISHED, False, True),
        (C.OPEN, True, False),
        (C.SENSEMAKING, False, False),
        (C.CHECKING, False, False),
        (C.ANSWERED, False, False),
    ]
    assert (line[1].starts, line[1].ends) == (OPENING, CLOSING)


def test_the_timeline_of_an_innovation_call_has_its_own_phases():
    offered = replace(TIMES, is_offer=True)
    line = timelines.timeline(offered, C.REVIEW, CLOSING + 11 * DAY)

    assert [(each.name, each.is_now, each.is_over) for each in line] == [
        (C.PUBLISHED, False, True),
        (C.OPEN, False, True),
        (C.ELIGIBILITY, False, True),
        (C.REVIEW, True, False),
        (C.DECISION, False, False),
        (C.ANSWERED, False, False),
    ]
    assert (line[3].starts, line[3].ends) == (TIMES.sense_until, TIMES.check_until)
    assert timelines.next_date(offered, C.REVIEW, CLOSING + 11 * DAY) == TIMES.check_until
    assert timelines.next_date(offered, C.DECISION, CLOSING + 11 * DAY) == TIMES.answer_due


def test_a_cancelled_call_has_no_phase_that_is_now():
    line = timelines.timeline(TIMES, C.CANCELLED, OPENING + DAY)

    assert not any(each.is_now or each.is_over for each in line)
    assert timelines.next_date(TIMES, C.CANCELLED, OPENING) is None


def test_an_archived_call_is_over():
    assert all(each.is_over for each in timelines.timeline(TIMES, C.ARCHIVED, CLOSING))


def test_the_next_date_is_the_nearest_still_ahead():
    assert timelines.next_date(TIMES, C.PUBLISHED, OPENING) == CLOSING
    assert timelines.next_date(CallTimes(OPENING), C.PUBLISHED, OPENING) is None


def test_a_phase_that_began_early_is_told_by_its_real_dates():
    checking, answered = CLOSING + 2 * DAY, CLOSING + 3 * DAY
    line = timelines.timeline(TIMES, C.ANSWERED, answered + DAY, timelines.Moves(checking, answered))

    told = {each.name: (each.starts, each.ends, each.is_now) for each in line}
    assert told[C.SENSEMAKING] == (CLOSING, checking, False)
    assert told[C.CHECKING] == (checking, answered, False)
    assert told[C.ANSWERED] == (answered, None, True)


def test_what_is_past_has_no_date_ahead():
    early = CLOSING + SECOND

    assert timelines.next_date(TIMES, C.SENSEMAKING, early) == TIMES.sense_until
    assert timelines.next_date(TIMES, C.CHECKING, early) == TIMES.check_until
    assert timelines.next_date(TIMES, C.ANSWERED, early) is None
