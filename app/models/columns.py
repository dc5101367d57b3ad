"""The few column shapes every table shares: instants, enums, JSON documents, foreign keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import DateTime, Enum, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The server's clock, always in UTC; while history is told, the instant it is told of."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def telling(of: datetime) -> Iterator[None]:
    """Act as if it were that instant: only the demonstration does, to put its past through the services people use."""
    before = _told.set(of)
    try:
        yield
    finally:
        _told.reset(before)


def key() -> Any:
    """A random primary key: it carries no order and no time."""
    return Field(default_factory=uuid4, primary_key=True)


def instant(**options: Any) -> Any:
    return Field(sa_type=DateTime(timezone=True), **options)


def created() -> Any:
    return instant(default_factory=now)


def maybe_instant(**options: Any) -> Any:
    return instant(default=None, nullable=True, **options)


def word(enum: type[StrEnum], check: str = "", **options: Any) -> Any:
    """An enum kept as its plain text value with a CHECK constraint, so that SQL reads like the docs.

    `check` names the constraint where one table has two columns of the same enum.
    """
    kind = Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=check or enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
    return Field(sa_type=kind, **options)


def maybe_word(enum: type[StrEnum], **options: Any) -> Any:
    return word(enum, default=None, nullable=True, **options)


def document(default: type[dict[str, Any]] | type[list[Any]]) -> Any:
    return Field(default_factory=default, sa_type=JSONB, nullable=False)


def to(target: str, *, on_delete: str = "RESTRICT", **options: Any) -> Any:
    """A foreign key; nothing is deleted through it unless it says so."""
    return Field(sa_column_args=[ForeignKey(target, ondelete=on_delete)], **options)


def maybe_to(target: str, **options: Any) -> Any:
    return to(target, default=None, nullable=True, **options)
