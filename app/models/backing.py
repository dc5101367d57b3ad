"""Backings: organisations that stand behind a mission, each counted once whoever says so for it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from app.models.columns import created, to
from app.models.organisation import Organisation


class Backing(SQLModel, table=True):
    """One organisation behind one mission: the key keeps it from counting twice."""

    mission_id: UUID = to("mission.id", on_delete="CASCADE", primary_key=True)
    organisation_id: UUID = to("organisation.id", primary_key=True, index=True)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


def backers_of(session: Session, mission_id: UUID) -> list[Organisation]:
    """By their names."""
    query = (
        select(Organisation)
        .join(Backing, col(Backing.organisation_id) == Organisation.id)
        .where(Backing.mission_id == mission_id)
    )
    return list(session.exec(query.order_by(col(Organisation.name))))
