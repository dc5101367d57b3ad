"""Organisations: who asks, who sits, who answers."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, word
from app.rules.words import StakeholderGroup


class Organisation(SQLModel, table=True):
    """A body with one place among the five stakeholder groups."""

    id: UUID = key()
    name: str = Field(max_length=200, unique=True)
    group: StakeholderGroup = word(StakeholderGroup)
    place: str = Field(default="", max_length=120)
    created_at: datetime = created()


def all_organisations(session: Session) -> list[Organisation]:
    return list(session.exec(select(Organisation).order_by(Organisation.name)))


def names_of(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of several organisations in one statement."""
    query = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids))
    return dict(session.exec(query).all()) if ids else {}
