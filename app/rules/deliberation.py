"""Objections and amendments: while a text takes them, what becomes of each, and what a ballot waits for."""

from collections.abc import Sequence
from typing import ClassVar

from app.errors import Conflict
from app.rules import moves
from app.rules.gates import Gate
from app.rules.missions import EDITABLE
from app.rules.moves import Move
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, AnswerState, MissionState

A = AnswerState
# A text that a committee votes on, or has voted on, is not objected to any more: dissent and challenge come after it.
TAKES_WORDS = EDITABLE | {MissionState.IN_REVIEW}
ANSWER_MOVES: tuple[Move[AnswerState], ...] = (
    Move(A.OPEN, A.ACCEPTED, "accept", "steward", needs_reason=True),
    Move(A.OPEN, A.DECLINED, "decline", "steward", needs_reason=True),
    Move(A.OPEN, A.TO_VOTE, "put_to_vote", "steward", needs_reason=True),
    Move(A.TO_VOTE, A.ACCEPTED, "certify", "secretary"),
    Move(A.TO_VOTE, A.DECLINED, "certify", "secretary"),
    Move(A.TO_VOTE, A.OPEN, "certify", "secretary"),  # no quorum: it waits for the steward again
)
# An objection says what is wrong: it is right or not, and a vote on the text itself comes later anyway.
OF_OBJECTIONS = frozenset({A.ACCEPTED, A.DECLINED})
REPLIES_DEEP = 2
QUOTED_AT_MOST = 80


class TextIsFixed(Conflict):
    sentence: ClassVar[str] = N_(
        "This mission is “%(state)s”: its text takes no objections and no other wording any more. "
        "What you wrote stands below, to copy."
    )


class Withdrawn(Conflict):
    sentence: ClassVar[str] = N_("This mission was withdrawn, so nothing more is said about it here.")


class AnsweredAlready(Conflict):
    sentence: ClassVar[str] = N_("This was answered while you were writing. The answer stands below.")


class ObjectionsOpen(Conflict):
    """A ballot waits for every objection: whoever objects is owed an answer before the vote, not after it."""

    sentence: ClassVar[str] = N_("No vote is announced while an objection waits for an answer. %(missing)s")


def require_taking(state: MissionState) -> None:
    if state not in TAKES_WORDS:
        raise TextIsFixed(state=state)


def require_answer(before: AnswerState, after: AnswerState, *, reason: str = "") -> Move[AnswerState]:
    """The move from one state of an answer to another; whoever comes second is told that it is answered."""
    if before is not A.OPEN and before is not A.TO_VOTE:
        raise AnsweredAlready()
    return moves.require(ANSWER_MOVES, before, after, reason=reason)


def waiting(objections: Sequence[str]) -> Phrase | None:
    """The sentence that names which objections are open, by the beginning of their words."""
    if not objections:
        return None
    if len(objections) == 1:
        return phrase(N_("One objection waits for an answer: “%(first)s”"), first=objections[0])
    return phrase(
        N_("%(many)s objections wait for an answer. The first of them: “%(first)s”"),
        many=len(objections),
        first=objections[0],
    )


def gate(objections: Sequence[str]) -> Gate:
    """Beside the gates of a mission: every objection has its answer."""
    missing = waiting(objections)
    return Gate("objections", N_("Every objection is answered"), met=missing is None, missing=missing)


def require_answered(objections: Sequence[str]) -> None:
    missing = waiting(objections)
    if missing is not None:
        raise ObjectionsOpen(missing=missing)
