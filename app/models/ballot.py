"""Ballots: of one seat in an open vote, by name and version; in a secret one, without anything that leads to a seat."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, func
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_to, maybe_word, to
from app.rules.words import StakeholderGroup


class Ballot(SQLModel, table=True):
    """The database allows one row per seat and version; two at once end as one."""

    __table_args__ = (
        UniqueConstraint("decision_id", "seat_id", "version", name="one_ballot_per_seat_and_version"),
    )

    id: UUID = key()
    decision_id: UUID = to("decision.id", index=True)
    seat_id: UUID = to("seat.id")
    version: int
    mark: dict[str, Any] = document(dict)
    reason: str = Field(default="", max_length=4000)
    criterion: str = Field(default="", max_length=20)
    cast_at: datetime = created()


class Voted(SQLModel, table=True):
    """That a seat has voted in a secret vote, and nothing else: no time, no number, nothing a ballot has too."""

    decision_id: UUID = to("decision.id", primary_key=True)
    seat_id: UUID = to("seat.id", primary_key=True)


class BoxedBallot(SQLModel, table=True):
    """A secret ballot while the vote is open. `group` is kept only where the rule counts by group.

    Closing writes the ballots anew, in the order of their random ids and in one transaction of its own
    (`SecretBallot`), and empties the box: what the database keeps of the order in which rows came is gone with it.
    """

    __tablename__ = "ballot_box"
    __table_args__ = (UniqueConstraint("replaces_id", name="a_ballot_is_replaced_once"),)

    id: UUID = key()
    decision_id: UUID = to("decision.id", index=True)
    group: StakeholderGroup | None = maybe_word(StakeholderGroup)
    mark: dict[str, Any] = document(dict)
    nonce: str = Field(max_length=32)
    key_hash: str = Field(max_length=64)
    replaces_id: UUID | None = maybe_to("ballot_box.id", on_delete="NO ACTION")


class SecretBallot(SQLModel, table=True):
    """A secret ballot as it was counted and is published."""

    __tablename__ = "secret_ballot"

    id: UUID = key()
    decision_id: UUID = to("decision.id", index=True)
    group: StakeholderGroup | None = maybe_word(StakeholderGroup)
    mark: dict[str, Any] = document(dict)
    nonce: str = Field(max_length=32)


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


def has_voted(session: Session, decision_id: UUID, seat_ids: Collection[UUID]) -> bool:
    """Whether one of these seats has cast a secret ballot."""
    query = select(Voted.seat_id).where(Voted.decision_id == decision_id, col(Voted.seat_id).in_(seat_ids))
    return session.exec(query.limit(1)).first() is not None


def voted_seats(session: Session, decision_id: UUID) -> set[UUID]:
    return set(session.exec(select(Voted.seat_id).where(Voted.decision_id == decision_id)))


def boxed_ballots(session: Session, decision_id: UUID) -> list[BoxedBallot]:
    """The latest ballots in the box, by their random ids."""
    replaced = select(BoxedBallot.replaces_id).where(
        BoxedBallot.decision_id == decision_id, col(BoxedBallot.replaces_id).is_not(None)
    )
    query = select(BoxedBallot).where(
        BoxedBallot.decision_id == decision_id, col(BoxedBallot.id).not_in(replaced)
    )
    return list(session.exec(query.order_by(col(BoxedBallot.id))))


def secret_ballots(session: Session, decision_id: UUID) -> list[SecretBallot]:
    query = select(SecretBallot).where(SecretBallot.decision_id == decision_id)
    return list(session.exec(query.order_by(col(SecretBallot.id))))
