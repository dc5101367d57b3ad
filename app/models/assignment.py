"""Assignments: which seat reviews which item, by when."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Session, SQLModel, col, select

from app.models.columns import created, instant, key, maybe_instant, to


class Assignment(SQLModel, table=True):
    """One item for one seat; ended when somebody takes it away, done when the seat's review is in."""

    __table_args__ = (
        Index("one_assignment_per_item_and_seat", "mission_id", "seat_id", unique=True,
              postgresql_where="ended_at IS NULL"),
    )  # fmt: skip

    id: UUID = key()
    committee_id: UUID = to("committee.id", index=True)
    mission_id: UUID = to("mission.id", on_delete="CASCADE", index=True)
    seat_id: UUID = to("seat.id", index=True)
    due: datetime = instant()
    assigned_by_id: UUID = to("person.id")
    assigned_at: datetime = created()
    reminded_at: datetime | None = maybe_instant()
    ended_at: datetime | None = maybe_instant()


def assignments_on(session: Session, missions: Collection[UUID]) -> list[Assignment]:
    query = select(Assignment).where(
        col(Assignment.mission_id).in_(missions), col(Assignment.ended_at).is_(None)
    )
    return list(session.exec(query.order_by(col(Assignment.due), col(Assignment.id)))) if missions else []
