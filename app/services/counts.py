"""Totals that may be a few seconds old: counting every row anew for every reader would be most of the work."""

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlmodel import Session, col

from app.models.submission import Submission
from app.models.submission_lists import IS_PUBLIC, Filters, narrowed

SECONDS = 10.0
MINUTE = 60.0
MOST_KEPT = 2_000
MOST_COUNTED = 1_000
MOST_PLACES = 60

_kept: dict[Hashable, tuple[float, Any]] = {}
_lock = Lock()


def remembered(key: Hashable, find: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """The value found so many seconds ago at most in this process, or a new one."""
    at = monotonic()
    with _lock:
        known = _kept.get(key)
    if known and at - known[0] < seconds:
        return known[1]
    value = find()
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = (at, value)
    return value


def forget(call_id: UUID) -> None:
    """After an act of ours on this call, so that who did it sees the new total at once."""
    with _lock:
        for key in [each for each in _kept if isinstance(each, tuple) and call_id in each]:
            del _kept[key]


def public_total(session: Session, call_id: UUID) -> int:
    """How many voices of a call are public."""

    def find() -> int:
        query = (
            select(func.count()).select_from(Submission).where(col(Submission.call_id) == call_id, IS_PUBLIC)
        )
        return int(session.connection().execute(query).scalar_one())

    return int(remembered(("total", call_id), find))


def found_total(
    session: Session, call_id: UUID, filters: Filters, typed: str, found: ColumnElement[bool] | None
) -> tuple[int, bool]:
    """How many voices a search found, and whether that is all of them: beyond a thousand nobody counts."""

    def find() -> int:
        given = filters.given
        conditions = [*narrowed(tuple(given)), *(() if found is None else (found,))]
        some: Select[Any] = (
            select(literal_column("1")).select_from(Submission).where(*conditions).limit(MOST_COUNTED + 1)
        )
        query = select(func.count()).select_from(some.subquery())
        return int(session.connection().execute(query, {"call_id": call_id, **given}).scalar_one())

    count = int(remembered(("found", call_id, filters, typed), find))
    return min(count, MOST_COUNTED), count <= MOST_COUNTED


def used(session: Session, call_id: UUID, column: str) -> list[str]:
    """The places or languages that occur in a call, the most frequent first."""

    def find() -> list[str]:
        value: Any = col(getattr(Submission, column))
        query = (
            select(value)
            .where(col(Submission.call_id) == call_id, IS_PUBLIC, value != "")
            .group_by(value)
            .order_by(func.count().desc(), value)
            .limit(MOST_PLACES)
        )
        return list(session.connection().execute(query).scalars())

    return list(remembered(("used", call_id, column), find, MINUTE))


def totals_of(session: Session, call_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Public voices of several calls in one statement, for lists of calls."""

    def find() -> dict[UUID, int]:
        query = (
            select(col(Submission.call_id), func.count())
            .where(col(Submission.call_id).in_(call_ids), IS_PUBLIC)
            .group_by(col(Submission.call_id))
        )
        return {row[0]: int(row[1]) for row in session.connection().execute(query)}

    found: dict[UUID, int] = remembered(("totals", *call_ids), find) if call_ids else {}
    return {call_id: found.get(call_id, 0) for call_id in call_ids}
