"""Absences: from when to when a seat's holder is away; and who holds the ballot of a seat that has an alternate."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Session, SQLModel, col, select

from app.models.columns import created, instant, key, to


class Absence(SQLModel, table=True):
    """Announced by the holder or recorded by the secretary; coming back early moves its end."""

    __table_args__ = (CheckConstraint("ends_at >= starts_at", name="an_absence_ends_after_it_starts"),)

    id: UUID = key()
    seat_id: UUID = to("seat.id", index=True)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    said_by_id: UUID = to("person.id")
    said_at: datetime = created()

    @property
    def last_day(self) -> datetime:
        """The last instant of it, as a day people read it by."""
        return self.ends_at - timedelta(microseconds=1)


class BallotHolder(SQLModel, table=True):
    """Of a seat and its alternate, whoever cast first holds the ballot: one row, never changed.

    It has no time, and a key that tells nothing but the seat.
    """

    decision_id: UUID = to("decision.id", primary_key=True)
    for_seat_id: UUID = to("seat.id", primary_key=True)
    seat_id: UUID = to("seat.id")


def absences_of(session: Session, seats: Collection[UUID], since: datetime | None = None) -> list[Absence]:
    """Absences of these seats, the first to begin first; with `since`, those that are not over by then."""
    query = select(Absence).where(col(Absence.seat_id).in_(seats), col(Absence.ends_at) > Absence.starts_at)
    if since is not None:
        query = query.where(col(Absence.ends_at) > since)
    return list(session.exec(query.order_by(col(Absence.starts_at), col(Absence.id)))) if seats else []


def away(session: Session, seats: Collection[UUID], at: datetime) -> set[UUID]:
    """Those of these seats whose holder is away at an instant."""
    query = select(Absence.seat_id).where(
        col(Absence.seat_id).in_(seats), col(Absence.starts_at) <= at, col(Absence.ends_at) > at
    )
    return set(session.exec(query)) if seats else set()


def holders_of(session: Session, decision_id: UUID) -> dict[UUID, UUID]:
    """For each seat whose ballot was cast by itself or its alternate: which of the two."""
    query = select(BallotHolder.for_seat_id, BallotHolder.seat_id).where(
        BallotHolder.decision_id == decision_id
    )
    return dict(session.exec(query).all())
