"""Ballots: one choice of one seat in one open decision; the latest version counts, none is ever changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint, func
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, to, word
from app.rules.words import Choice


class Ballot(SQLModel, table=True):
    """The database allows one row per seat and version; two at once end as one."""

    __table_args__ = (
        UniqueConstraint("decision_id", "seat_id", "version", name="one_ballot_per_seat_and_version"),
    )

    id: UUID = key()
    decision_id: UUID = to("decision.id", index=True)
    seat_id: UUID = to("seat.id")
    version: int
    choice: Choice = word(Choice)
    reason: str = Field(default="", max_length=4000)
    cast_at: datetime = created()


def last_version(session: Session, decision_id: UUID, seat_id: UUID) -> int:
    query = select(func.max(Ballot.version)).where(
        Ballot.decision_id == decision_id, Ballot.seat_id == seat_id
    )
    return session.exec(query).one() or 0


def ballot_of(session: Session, decision_id: UUID, seat_id: UUID) -> Ballot | None:
    query = select(Ballot).where(Ballot.decision_id == decision_id, Ballot.seat_id == seat_id)
    return session.exec(query.order_by(col(Ballot.version).desc()).limit(1)).first()


def counted_ballots(session: Session, decision_id: UUID) -> list[Ballot]:
    """The latest ballot of each seat, in seat order."""
    query = (
        select(Ballot)
        .where(Ballot.decision_id == decision_id)
        .ext(distinct_on(col(Ballot.seat_id)))
        .order_by(col(Ballot.seat_id), col(Ballot.version).desc())
    )
    return list(session.exec(query))
