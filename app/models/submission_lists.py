"""Lists of submissions: one page at a time, in the same few statements however many rows there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Row,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    text,
    tuple_,
)
from sqlmodel import Session, col

from app.models.person import Person
from app.models.submission import PUBLIC_SQL, Submission
from app.rules import keyset
from app.rules.words import StakeholderGroup, SubmissionKind, SubmissionState

PAGE = 20
EXCERPT = 700
SHUFFLE_SPAN = 2**31
# Written out, not bound: the planner must see that the partial indexes cover it.
IS_PUBLIC = text(f"submission.{PUBLIC_SQL}")


class Sort(StrEnum):
    NEWEST = auto()
    ENDORSED = auto()
    RANDOM = auto()


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; every field is one of ours or is compared as a plain value."""

    group: StakeholderGroup | None = None
    kind: SubmissionKind | None = None
    state: SubmissionState | None = None
    language: str = ""
    place: str = ""

    @property
    def given(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


NO_FILTERS = Filters()


@dataclass(frozen=True)
class Voice:
    """One submission as a list shows it."""

    id: UUID
    number: int
    title: str
    excerpt: str
    language: str
    place: str
    group: StakeholderGroup | None
    kind: SubmissionKind
    state: SubmissionState
    submitted_at: datetime | None
    endorsements: int
    comments: int
    imported_agrees: int
    author: str
    author_id: UUID

    @property
    def support(self) -> int:
        return self.endorsements + self.imported_agrees


@dataclass(frozen=True)
class Page:
    """Up to twenty voices and the cursors of the pages around them."""

    voices: list[Voice]
    previous: str | None = None
    next: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a page starts: behind or before the row with these values, in one stretch of the order."""

    backwards: bool
    stretch: int
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Order:
    """How a list is ordered; the random order starts midway, at `start`, and goes round in two stretches."""

    sort: Sort
    start: int = 0

    @property
    def name(self) -> str:
        """The visitor's own starting point is part of it: another visitor's cursor leads nowhere."""
        return f"{self.sort}{self.start}" if self.sort is Sort.RANDOM else str(self.sort)

    @property
    def columns(self) -> tuple[Any, ...]:
        return ORDER_COLUMNS[self.sort]

    @property
    def descending(self) -> bool:
        return self.sort is not Sort.RANDOM

    @property
    def stretches(self) -> int:
        return 2 if self.sort is Sort.RANDOM else 1


ORDER_COLUMNS: dict[Sort, tuple[Any, ...]] = {
    Sort.NEWEST: (col(Submission.number),),
    Sort.ENDORSED: (col(Submission.support), col(Submission.number)),
    Sort.RANDOM: (col(Submission.shuffle), col(Submission.number)),
}
VOICE_COLUMNS = (
    col(Submission.id), col(Submission.number), col(Submission.title),
    func.left(Submission.text, EXCERPT).label("excerpt"), func.length(Submission.text).label("length"),
    col(Submission.language), col(Submission.place), col(Submission.group), col(Submission.kind),
    col(Submission.state), col(Submission.submitted_at), col(Submission.endorsement_count),
    col(Submission.comment_count), col(Submission.imported_agrees), col(Person.name), col(Submission.author_id),
    col(Submission.shuffle), col(Submission.support),
)  # fmt: skip


def voices() -> Select[Any]:
    """Submissions with their authors' names, and nothing that a list does not show."""
    return select(*VOICE_COLUMNS).join(Person, col(Person.id) == Submission.author_id)


def voice_of(row: Row[Any]) -> Voice:
    more = "…" if row.length > EXCERPT else ""
    return Voice(
        row.id, row.number, row.title, row.excerpt + more, row.language, row.place, row.group, row.kind, row.state,
        row.submitted_at, row.endorsement_count, row.comment_count, row.imported_agrees, row.name, row.author_id,
    )  # fmt: skip


def narrowed(names: Sequence[str]) -> list[ColumnElement[bool]]:
    """What holds for each row of a list; the values themselves come with the statement, as `Filters.given` has them."""
    conditions: list[Any] = [col(Submission.call_id) == bindparam("call_id"), IS_PUBLIC]
    return [*conditions, *(getattr(Submission, name) == bindparam(name) for name in names)]


@dataclass(frozen=True)
class Asked:
    """Which voices, in which order; `found` is the condition of a search."""

    call_id: UUID
    ordered: Order
    filters: Filters = NO_FILTERS
    found: ColumnElement[bool] | None = None


def page(session: Session, asked: Asked, cursor: str = "", size: int = PAGE) -> Page:
    """One page behind or before a cursor; never more than one statement for each stretch of the order."""
    ordered = asked.ordered
    place = read_cursor(cursor, ordered) if cursor else None
    backwards = place.backwards if place else False
    rows = fetch(session, asked, place, size + 1)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([])
    has_previous = more if backwards else place is not None
    has_next = True if backwards else more
    return Page(
        [voice_of(row) for row in rows],
        write_cursor(ordered, rows[0], backwards=True) if has_previous else None,
        write_cursor(ordered, rows[-1], backwards=False) if has_next else None,
    )


def fetch(session: Session, asked: Asked, place: Place | None, wanted: int) -> list[Row[Any]]:
    backwards = place.backwards if place else False
    given = asked.filters.given
    values = {"call_id": asked.call_id, "start": asked.ordered.start, **given}
    values |= {f"at_{number}": value for number, value in enumerate(place.values if place else ())}
    first = place.stretch if place else 0
    rows: list[Row[Any]] = []
    for stretch in range(first, -1, -1) if backwards else range(first, asked.ordered.stretches):
        begins = place is not None and place.stretch == stretch
        query = statement(tuple(given), asked.ordered.sort, stretch, begins, backwards)
        if asked.found is not None:
            query = query.where(asked.found)
        rows += session.connection().execute(query, {**values, "wanted": wanted - len(rows)}).all()
        if len(rows) >= wanted:
            break
    return rows


@lru_cache(256)
def statement(names: tuple[str, ...], sort: Sort, stretch: int, begins: bool, backwards: bool) -> Select[Any]:
    """One stretch of a list; made once for each shape, since making a statement costs as much as running it."""
    ordered = Order(sort)
    down = ordered.descending is not backwards
    by = [column.desc() if down else column.asc() for column in ordered.columns]
    query = voices().where(*narrowed(names)).order_by(*by).limit(bindparam("wanted", type_=Integer()))
    if sort is Sort.RANDOM:
        shuffle, start = col(Submission.shuffle), bindparam("start", type_=Integer())
        query = query.where(shuffle < start if stretch else shuffle >= start)
    if begins:
        here = tuple_(*ordered.columns)
        there = tuple_(*(bindparam(f"at_{n}", type_=BigInteger()) for n in range(len(ordered.columns))))
        query = query.where(here < there if down else here > there)
    return query.add_columns(literal_column(str(stretch)).label("stretch"))


def write_cursor(ordered: Order, row: Row[Any], *, backwards: bool) -> str:
    values = [getattr(row, str(column.key)) for column in ordered.columns]
    return keyset.encode(ordered.name, [int(backwards), row.stretch, *values])


def read_cursor(cursor: str, ordered: Order) -> Place:
    found = keyset.decode(cursor, ordered.name, [int, int, *(int for _ in ordered.columns)])
    backwards, stretch, *values = (int(str(each)) for each in found)
    if backwards not in (0, 1) or not 0 <= stretch < ordered.stretches:
        raise keyset.CursorMalformed()
    return Place(bool(backwards), stretch, tuple(values))


def by_ids(session: Session, ids: Sequence[UUID]) -> list[Voice]:
    """Public voices in the order asked for; what is no longer public is left out."""
    if not ids:
        return []
    rows = session.connection().execute(voices().where(col(Submission.id).in_(ids), IS_PUBLIC))
    found = {row.id: voice_of(row) for row in rows}
    return [found[each] for each in ids if each in found]


def of_author(
    session: Session, author_id: UUID, before: int | None = None, size: int = PAGE
) -> list[Submission]:
    """What one person sent, drafts left out, newest first."""
    query = select(Submission).where(
        col(Submission.author_id) == author_id, col(Submission.state) != SubmissionState.DRAFT
    )
    if before is not None:
        query = query.where(col(Submission.number) < before)
    return list(session.scalars(query.order_by(col(Submission.number).desc()).limit(size)))
