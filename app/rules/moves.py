"""What every table of states has in common: a move is from one state to another, by an act of someone."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from app.errors import Refusal
from app.rules.words import N_

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Move(Generic[State]):
    """One row of a table; `by` says who acts, "clock" where time alone does it."""

    before: State
    after: State
    act: str
    by: str
    needs_reason: bool = False


class MoveForbidden(Refusal):
    """The table has no such row."""

    status: ClassVar[int] = 409
    sentence: ClassVar[str] = N_("It is “%(before)s” now and cannot become “%(after)s”.")


class ReasonMissing(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("This needs a reason that everyone concerned can read.")


def find(moves: Iterable[Move[State]], before: State, after: State) -> Move[State] | None:
    return next((move for move in moves if (move.before, move.after) == (before, after)), None)


def require(moves: Iterable[Move[State]], before: State, after: State, *, reason: str = "") -> Move[State]:
    """The row that allows this move, or a refusal; some rows also ask for a reason."""
    move = find(moves, before, after)
    if move is None:
        raise MoveForbidden(before=before, after=after)
    if move.needs_reason and not reason.strip():
        raise ReasonMissing()
    return move


def following(moves: Iterable[Move[State]], before: State) -> tuple[State, ...]:
    """Every state that can come next, in the order of the table."""
    return tuple(move.after for move in moves if move.before == before)
