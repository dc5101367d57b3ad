"""The states of a decision: the clock opens and closes the vote, people do the rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from app.errors import Refusal
from app.rules import moves, phases
from app.rules.moves import Move
from app.rules.phases import Act
from app.rules.phrases import At
from app.rules.words import N_, DecisionState

D = DecisionState
DECISION_MOVES: tuple[Move[DecisionState], ...] = (
    Move(D.DRAFT, D.NOTICED, "notice", "chair"),
    Move(D.NOTICED, D.OPEN, "open", "clock"),
    Move(D.OPEN, D.CLOSED, "close", "clock"),
    Move(D.CLOSED, D.CARRIED, "count", "chair"),
    Move(D.CLOSED, D.LOST, "count", "chair"),
    Move(D.CLOSED, D.TIED, "count", "chair"),
    Move(D.CLOSED, D.INQUORATE, "count", "chair"),
    Move(D.TIED, D.CARRIED, "draw", "chair"),  # guard: a lot was announced at notice
    Move(D.CARRIED, D.CERTIFIED, "certify", "secretary", needs_reason=True),
    Move(D.LOST, D.CERTIFIED, "certify", "secretary", needs_reason=True),
    Move(D.TIED, D.CERTIFIED, "certify", "secretary", needs_reason=True),
    Move(D.INQUORATE, D.CERTIFIED, "certify", "secretary", needs_reason=True),
    Move(D.CERTIFIED, D.CHALLENGED, "challenge", "elector"),
    Move(D.DISMISSED, D.CHALLENGED, "challenge", "elector"),
    Move(D.CHALLENGED, D.UPHELD, "resolve", "outsider", needs_reason=True),
    Move(D.CHALLENGED, D.DISMISSED, "resolve", "outsider", needs_reason=True),
)
OUTCOMES = frozenset({D.CARRIED, D.LOST, D.TIED, D.INQUORATE})
SHORTEST_VOTE = timedelta(minutes=1)
# Nothing takes a vote back once it is announced, and its missions and its seats are held until it ends.
LATEST_END = timedelta(days=366)


@dataclass(frozen=True)
class DecisionTimes:
    """When the vote opens and closes; frozen at notice, and aware of their zone."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None


class TimesNotSet(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_(
        "Say when the vote opens and when it closes; closing must be after opening and ahead."
    )


class EndsTooLate(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_(
        "A vote ends within a year of its announcement: until then its missions and the seats of its voters are held."
    )


class StillVoting(Refusal):
    """Seats may change their ballot until the announced end, unless nobody is left to wait for."""

    sentence: ClassVar[str] = N_(
        "The vote runs until %(until)s. It can end earlier only when every seat has voted."
    )


def phase(times: DecisionTimes, stored: DecisionState, now: datetime) -> DecisionState:
    """The state at this instant: a noticed decision opens and closes at its dates, to the second."""
    stored = DecisionState(stored)
    if stored not in (D.NOTICED, D.OPEN):
        return stored
    if times.closes_at is not None and now >= times.closes_at:
        return D.CLOSED
    if times.opens_at is not None and now >= times.opens_at:
        return D.OPEN
    return D.NOTICED


def require_times(times: DecisionTimes, now: datetime) -> None:
    """At notice: both dates are set, the vote lasts, and its end is ahead."""
    if times.opens_at is None or times.closes_at is None:
        raise TimesNotSet()
    if times.closes_at - max(times.opens_at, now) < SHORTEST_VOTE:
        raise TimesNotSet()
    if times.closes_at - now > LATEST_END:
        raise EndsTooLate()


def require_close(
    times: DecisionTimes, stored: DecisionState, now: datetime, *, everyone_voted: bool, zone: str = "UTC"
) -> None:
    """The chair counts after the announced end, or before it when every unrecused seat has voted.

    `zone` is what the end is told in.
    """
    state = phase(times, stored, now)
    phases.require(Act.CLOSE, state)
    if state is D.OPEN and not everyone_voted:
        assert times.closes_at is not None
        raise StillVoting(until=At(times.closes_at, zone))


def require_move(before: DecisionState, after: DecisionState, *, reason: str = "") -> Move[DecisionState]:
    return moves.require(DECISION_MOVES, before, after, reason=reason)
