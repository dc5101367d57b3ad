"""The timeline of a call as it is drawn: its phases in order, when each begins, and which date comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.rules.phases import CallTimes, phase
from app.rules.words import CallState


@dataclass(frozen=True)
class Phase:
    """One stretch of a call's timeline; `starts` and `ends` are None where no date is announced."""

    name: CallState
    starts: datetime | None
    ends: datetime | None
    is_now: bool
    is_over: bool


@dataclass(frozen=True)
class Moves:
    """When a person moved the call on; None where nobody has yet."""

    checking_at: datetime | None = None
    answered_at: datetime | None = None


NO_MOVES = Moves()


def timeline(times: CallTimes, stored: CallState, now: datetime, moved: Moves = NO_MOVES) -> list[Phase]:
    """The phases in order, for drawing; a cancelled call stands still and has no phase that is now.

    A phase that a person began early or late is told by the day on which it really began.
    """
    effective = phase(times, stored, now)
    spans = offer_spans(times, moved) if times.is_offer else question_spans(times, moved)
    order = [name for name, _, _ in spans]
    return [
        Phase(name, starts, ends, is_now=name is effective, is_over=is_over(name, effective, order))
        for name, starts, ends in spans
    ]


Span = tuple[CallState, datetime | None, datetime | None]


def question_spans(times: CallTimes, moved: Moves) -> list[Span]:
    checking = moved.checking_at or times.sense_until
    answered = moved.answered_at or times.check_until
    return [
        (CallState.PUBLISHED, None, times.opens_at),
        (CallState.OPEN, times.opens_at, times.closes_at),
        (CallState.SENSEMAKING, times.closes_at, checking),
        (CallState.CHECKING, checking, answered),
        (CallState.ANSWERED, moved.answered_at or times.answer_due or times.check_until, None),
    ]


def offer_spans(times: CallTimes, moved: Moves) -> list[Span]:
    """What is made sense of and checked in a question is checked and reviewed in an innovation call."""
    answered = moved.answered_at or times.answer_due
    return [
        (CallState.PUBLISHED, None, times.opens_at),
        (CallState.OPEN, times.opens_at, times.closes_at),
        (CallState.ELIGIBILITY, times.closes_at, times.sense_until),
        (CallState.REVIEW, times.sense_until, times.check_until),
        (CallState.DECISION, times.check_until, answered),
        (CallState.ANSWERED, answered, None),
    ]


def is_over(name: CallState, effective: CallState, order: Iterable[CallState]) -> bool:
    names = list(order)
    if effective is CallState.ARCHIVED:
        return True
    return effective in names and names.index(name) < names.index(effective)


# Once a phase has begun, the dates of those before it say nothing any more.
AHEAD = {
    CallState.SENSEMAKING: ("sense_until", "check_until", "answer_due"),
    CallState.CHECKING: ("check_until", "answer_due"),
    CallState.ELIGIBILITY: ("sense_until", "check_until", "answer_due"),
    CallState.REVIEW: ("check_until", "answer_due"),
    CallState.DECISION: ("answer_due",),
    CallState.ANSWERED: (),
    CallState.ARCHIVED: (),
    CallState.CANCELLED: (),
}


def next_date(times: CallTimes, stored: CallState, now: datetime) -> datetime | None:
    """The next announced date still ahead, for "closes in five days"; a call that is over has none."""
    ahead = AHEAD.get(phase(times, stored, now))
    told = [moment for name, moment in times.named() if ahead is None or name in ahead]
    return min((moment for moment in told if moment is not None and moment > now), default=None)
