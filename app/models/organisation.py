"""Organisations: who asks, who sits, who answers."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Index, String, func, text, tuple_
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, word
from app.rules import names
from app.rules.words import StakeholderGroup

PAGE = 50
MANY = 1_000


def key_of_name(context: Any) -> str:
    """What the database keeps unique, made from the name of the row that is written."""
    return names.key(context.get_current_parameters()["name"])


class Organisation(SQLModel, table=True):
    """A body with one place among the five stakeholder groups; no two have names that look alike."""

    __table_args__ = (Index("organisation_by_name", text("lower(name)"), "id"),)

    id: UUID = key()
    name: str = Field(max_length=200, unique=True)
    name_key: str | None = Field(
        default=None, sa_column=Column(String(800), nullable=False, unique=True, default=key_of_name)
    )
    group: StakeholderGroup = word(StakeholderGroup)
    place: str = Field(default="", max_length=120)
    version: int = 1
    created_at: datetime = created()


def all_organisations(session: Session) -> list[Organisation]:
    return list(session.exec(select(Organisation).order_by(Organisation.name)))


def organisations_named(
    session: Session, wanted: str = "", *, after: tuple[str, UUID] | None = None, limit: int = PAGE
) -> list[Organisation]:
    """Organisations whose name or place contains what is typed, by name; `after` is where the page before ended."""
    name = func.lower(Organisation.name)
    query = select(Organisation).where(*matching(wanted))
    if after is not None:
        query = query.where(tuple_(name, col(Organisation.id)) > tuple_(*after))
    return list(session.exec(query.order_by(name, col(Organisation.id)).limit(limit)))


def count_organisations(session: Session, wanted: str = "") -> int:
    """How many match, counted up to `MANY` and no further."""
    some = select(Organisation.id).where(*matching(wanted)).limit(MANY).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def matching(wanted: str) -> list[ColumnElement[bool]]:
    typed = wanted.strip().lower()
    if not typed:
        return []
    return [
        func.lower(Organisation.name).contains(typed, autoescape=True)
        | func.lower(Organisation.place).contains(typed, autoescape=True)
    ]


def names_of(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of several organisations in one statement."""
    query = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids))
    return dict(session.exec(query).all()) if ids else {}
