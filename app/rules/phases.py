"""The phases of a call: which state it is in at an instant, what may be done then, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum, auto
from itertools import pairwise
from typing import Any, ClassVar

from app.errors import Refusal
from app.rules import moves
from app.rules.moves import Move
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, CallState, DecisionState


class Act(StrEnum):
    """What people do to a call and its voices, or to a decision."""

    EDIT = auto()
    PUBLISH = auto()
    EXTEND = auto()
    CANCEL = auto()
    IMPORT = auto()
    SUBMIT = auto()
    ASK_ABOUT = auto()  # an innovation call, before answering it
    CHECK_APPLICATIONS = auto()  # whether the rules on who may apply are met
    REVIEW_APPLICATIONS = auto()
    INTERVIEW = auto()
    ENDORSE = auto()
    COMMENT = auto()
    REPORT = auto()
    APPEAL = auto()
    WITHDRAW = auto()
    MODERATE = auto()
    GROUP = auto()
    CORRECT = auto()
    DRAFT_MISSION = auto()
    START_CHECKING = auto()
    CHECK = auto()
    ANSWER = auto()
    CONCLUDE = auto()
    AWARD = auto()  # of an innovation call: vote on the shortlist, answer each, contract
    FOLLOW = auto()  # an innovation call: draft the next stage of its prize
    ARCHIVE = auto()
    NOTICE = auto()
    DECLARE_INTEREST = auto()
    VOTE = auto()
    CLOSE = auto()
    DRAW = auto()
    DISSENT = auto()
    CERTIFY = auto()
    SIGN_RESULT = auto()
    CHALLENGE = auto()
    RESOLVE_CHALLENGE = auto()


C, D = CallState, DecisionState
CALL_MOVES: tuple[Move[CallState], ...] = (
    Move(C.DRAFT, C.PUBLISHED, "publish", "facilitator"),
    Move(C.PUBLISHED, C.OPEN, "open", "clock"),
    Move(C.OPEN, C.SENSEMAKING, "close", "clock"),
    Move(C.SENSEMAKING, C.CHECKING, "start_checking", "facilitator"),
    Move(C.CHECKING, C.ANSWERED, "conclude", "facilitator"),
    Move(C.ANSWERED, C.ARCHIVED, "archive", "facilitator"),
    # An innovation call asks for applications, which a panel judges.
    Move(C.OPEN, C.ELIGIBILITY, "close", "clock"),
    Move(C.ELIGIBILITY, C.REVIEW, "send_to_review", "facilitator"),
    Move(C.REVIEW, C.DECISION, "shortlist", "facilitator"),
    Move(C.DECISION, C.ANSWERED, "conclude", "facilitator"),
    Move(C.ELIGIBILITY, C.CANCELLED, "cancel", "facilitator", needs_reason=True),
    Move(C.REVIEW, C.CANCELLED, "cancel", "facilitator", needs_reason=True),
    Move(C.DECISION, C.CANCELLED, "cancel", "facilitator", needs_reason=True),
    Move(C.PUBLISHED, C.CANCELLED, "cancel", "facilitator", needs_reason=True),
    Move(C.OPEN, C.CANCELLED, "cancel", "facilitator", needs_reason=True),
    Move(C.SENSEMAKING, C.CANCELLED, "cancel", "facilitator", needs_reason=True),
    Move(C.CHECKING, C.CANCELLED, "cancel", "facilitator", needs_reason=True),
)

State = CallState | DecisionState
IN_ORDER = (C.DRAFT, C.PUBLISHED, C.OPEN, C.SENSEMAKING, C.CHECKING, C.ANSWERED, C.ARCHIVED)
# Years of any date that people type or bring along: one at either end of the calendar cannot be told in every zone.
OUR_TIME = range(1900, 2200)
OF_OFFERS = (C.DRAFT, C.PUBLISHED, C.OPEN, C.ELIGIBILITY, C.REVIEW, C.DECISION, C.ANSWERED, C.ARCHIVED)
SEEN = frozenset(CallState) - {C.DRAFT}
WORKED_ON = frozenset({C.DRAFT, C.PUBLISHED, C.OPEN, C.SENSEMAKING, C.CHECKING})
OPENS: dict[Act, frozenset[CallState] | frozenset[DecisionState]] = {
    Act.EDIT: frozenset({C.DRAFT, C.PUBLISHED}),  # Once people have answered, the question stays as it was.
    Act.PUBLISH: frozenset({C.DRAFT}),
    Act.EXTEND: frozenset(
        {C.PUBLISHED, C.OPEN, C.SENSEMAKING, C.CHECKING, C.ELIGIBILITY, C.REVIEW, C.DECISION}
    ),
    Act.CANCEL: frozenset(
        {C.PUBLISHED, C.OPEN, C.SENSEMAKING, C.CHECKING, C.ELIGIBILITY, C.REVIEW, C.DECISION}
    ),
    Act.IMPORT: WORKED_ON - {C.CHECKING},
    Act.SUBMIT: frozenset({C.OPEN}),
    Act.ASK_ABOUT: frozenset({C.PUBLISHED, C.OPEN}),
    Act.CHECK_APPLICATIONS: frozenset({C.ELIGIBILITY, C.REVIEW}),
    Act.REVIEW_APPLICATIONS: frozenset({C.REVIEW}),
    Act.INTERVIEW: frozenset({C.REVIEW, C.DECISION}),
    Act.ENDORSE: frozenset({C.OPEN}),
    Act.COMMENT: frozenset({C.OPEN, C.SENSEMAKING, C.CHECKING}),
    Act.REPORT: SEEN,
    Act.APPEAL: SEEN,
    Act.WITHDRAW: frozenset(CallState),
    Act.MODERATE: frozenset(CallState),
    Act.GROUP: WORKED_ON,
    Act.CORRECT: WORKED_ON,
    Act.DRAFT_MISSION: WORKED_ON | {C.ANSWERED},
    Act.START_CHECKING: frozenset({C.SENSEMAKING}),
    Act.CHECK: frozenset({C.CHECKING}),
    Act.ANSWER: frozenset({C.SENSEMAKING, C.CHECKING}),
    Act.CONCLUDE: frozenset({C.CHECKING}),
    Act.AWARD: frozenset({C.DECISION, C.ANSWERED}),
    Act.FOLLOW: frozenset({C.DECISION, C.ANSWERED, C.ARCHIVED}),
    Act.ARCHIVE: frozenset({C.ANSWERED}),
    Act.NOTICE: frozenset({D.DRAFT}),
    Act.DECLARE_INTEREST: frozenset({D.DRAFT, D.NOTICED, D.OPEN}),
    Act.VOTE: frozenset({D.OPEN}),
    Act.CLOSE: frozenset({D.OPEN, D.CLOSED}),
    Act.DRAW: frozenset({D.TIED, D.CARRIED}),
    Act.DISSENT: frozenset({D.CARRIED, D.LOST, D.TIED}),
    Act.CERTIFY: frozenset({D.CARRIED, D.LOST, D.TIED, D.INQUORATE}),
    Act.SIGN_RESULT: frozenset({D.CARRIED, D.LOST, D.TIED, D.INQUORATE}),
    Act.CHALLENGE: frozenset({D.CERTIFIED, D.CHALLENGED, D.DISMISSED}),
    Act.RESOLVE_CHALLENGE: frozenset({D.CHALLENGED}),
}


class PhaseForbids(Refusal):
    """The act is right, the moment is not."""

    status: ClassVar[int] = 409
    sentence: ClassVar[str] = N_("This is not possible now: the phase is “%(phase)s”. %(possible)s")


class Shortened(Refusal):
    """People plan by the published dates."""

    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_(
        "A published date can be moved later, never earlier, and not once it has passed: %(date)s."
    )


class DatesOutOfOrder(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_(
        "The dates must follow one another: opening, closing, and each later phase up to the answer."
    )


@dataclass(frozen=True)
class CallTimes:
    """When each phase of a call ends; a missing date means "not announced". All are aware of their zone.

    `is_offer` tells an innovation call, whose applications are checked where voices would be made sense of.
    """

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    sense_until: datetime | None = None
    check_until: datetime | None = None
    answer_due: datetime | None = None
    is_offer: bool = False

    @classmethod
    def of(cls, dates: Mapping[str, Any], *, is_offer: bool = False) -> "CallTimes":
        """From dates by their names."""
        return cls(**dates, is_offer=is_offer)

    def in_order(self) -> bool:
        told = [moment for _, moment in self.named() if moment is not None]
        return all(earlier <= later for earlier, later in pairwise(told)) and (
            self.opens_at is None or self.closes_at is None or self.opens_at < self.closes_at
        )

    def named(self) -> list[tuple[str, datetime | None]]:
        return [(each.name, getattr(self, each.name)) for each in fields(self) if each.name != "is_offer"]


def phase(times: CallTimes, stored: CallState, now: datetime) -> CallState:
    """The state at this instant. The clock opens and closes; everything else is a stored act of a person."""
    stored = CallState(stored)
    if stored not in (CallState.PUBLISHED, CallState.OPEN):
        return stored
    if times.closes_at is not None and now >= times.closes_at:
        return CallState.ELIGIBILITY if times.is_offer else CallState.SENSEMAKING
    if times.opens_at is not None and now >= times.opens_at:
        return CallState.OPEN
    return CallState.PUBLISHED if times.opens_at is not None else stored


def allows(act: Act, state: State) -> bool:
    # CallState.OPEN == DecisionState.OPEN, both being "open": so the kind is compared too.
    return any(each is state for each in OPENS[act])


def require(act: Act, state: State, times: CallTimes | None = None) -> None:
    """Refuse the act outside its phases; with `times` the sentence says when it is possible."""
    if not allows(act, state):
        raise PhaseForbids(phase=state, possible=when_possible(act, times, state))


def require_at(act: Act, times: CallTimes, stored: CallState, now: datetime) -> CallState:
    """The phase at this instant if the act is allowed in it; checking also ends by its own date."""
    state = phase(times, stored, now)
    require(act, state, times)
    if act is Act.CHECK and times.check_until is not None and now >= times.check_until:
        raise PhaseForbids(phase=state, possible=when_possible(act, times, is_over=True))
    return state


def when_possible(
    act: Act, times: CallTimes | None = None, state: State | None = None, *, is_over: bool = False
) -> Phrase:
    """The sentence that names the phases of an act and, when it has exactly one with dates, those dates."""
    if state is CallState.CANCELLED:
        return Phrase(N_("The question was cancelled, so it will not be possible again."))
    states = [each for each in (*CallState, *DecisionState) if allows(act, each)]
    is_over = is_over or (isinstance(state, CallState) and all(is_before(each, state) for each in states))
    if times and states == [CallState.OPEN] and times.opens_at and times.closes_at:
        span = {"since": times.opens_at, "until": times.closes_at}
        was = N_("It was possible from %(since)s until %(until)s.")
        return Phrase(was if is_over else N_("It is possible from %(since)s until %(until)s."), span)
    if times and states == [CallState.CHECKING] and times.check_until:
        was = N_("It was possible while checking, until %(until)s.")
        said = was if is_over else N_("It is possible while checking, until %(until)s.")
        return phrase(said, until=times.check_until)
    return phrase(N_("It is possible in: %(states)s."), states=tuple(states))


def is_before(one: State, other: State) -> bool:
    """Whether a call is past one phase once it is in another; in no order with a call that was cancelled."""
    orders: tuple[tuple[State, ...], ...] = (IN_ORDER, OF_OFFERS)
    return any(one in order and other in order and order.index(one) < order.index(other) for order in orders)


def require_move(before: CallState, after: CallState, *, reason: str = "") -> Move[CallState]:
    return moves.require(CALL_MOVES, before, after, reason=reason)


def require_publishable(times: CallTimes, now: datetime) -> None:
    """Opening and closing must be announced, in order, and closing still ahead."""
    complete = times.opens_at is not None and times.closes_at is not None
    if not complete or not times.in_order() or (times.closes_at is not None and times.closes_at <= now):
        raise DatesOutOfOrder()


def extend(old: CallTimes, new: CallTimes, now: datetime) -> CallTimes:
    """The new dates if each is as it was, or later while still ahead, or newly announced and ahead."""
    for (_, before), (_, after) in zip(old.named(), new.named(), strict=True):
        if after == before:
            continue
        shortened = before is not None and (after is None or after < before or before <= now)
        if shortened or (after is not None and after <= now):
            raise Shortened(date=before or after)
    if not new.in_order():
        raise DatesOutOfOrder()
    return new
