"""After the count: who of the electorate signed the result, who challenged it, and which vote took its place."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, maybe_instant, maybe_to, to, word
from app.rules.words import StakeholderGroup


class ClosingSignature(SQLModel, table=True):
    """One seat's word that it has checked the result. Two make it certifiable, and they speak for different groups.

    `speaks_for` is the group, or the seat where the whole electorate is of one group.
    """

    __tablename__ = "closing_signature"
    __table_args__ = (
        UniqueConstraint("decision_id", "result_hash", "speaks_for", name="two_signers_of_different_groups"),
        UniqueConstraint("decision_id", "result_hash", "place", name="two_signers"),
        CheckConstraint("place IN (1, 2)", name="two_places_to_sign"),
    )

    id: UUID = key()
    decision_id: UUID = to("decision.id")
    seat_id: UUID = to("seat.id")
    group: StakeholderGroup = word(StakeholderGroup)
    speaks_for: str = Field(max_length=36)
    place: int
    result_hash: str = Field(max_length=64)
    remark: str = Field(default="", max_length=2000)
    signed_at: datetime = created()


class Challenge(SQLModel, table=True):
    """Why one seat holds that a certified result must not stand, and what somebody outside the committee answered."""

    __table_args__ = (
        UniqueConstraint("decision_id", "seat_id", name="one_challenge_of_a_seat"),
        CheckConstraint("(resolved_at IS NULL) = (upheld IS NULL)", name="a_resolution_says_what"),
        Index("challenges_open", "decision_id", postgresql_where="resolved_at IS NULL"),
    )

    id: UUID = key()
    decision_id: UUID = to("decision.id")
    seat_id: UUID = to("seat.id")
    group: StakeholderGroup = word(StakeholderGroup)
    ground: str = Field(max_length=10_000)
    affected: int = 0  # how many ballots it concerns
    filed_at: datetime = created()
    upheld: bool | None = None
    answer: str = Field(default="", max_length=10_000)
    resolved_by_id: UUID | None = maybe_to("person.id")
    resolved_at: datetime | None = maybe_instant()


class Supersession(SQLModel, table=True):
    """A vote that takes the place of an earlier one on the same mission; both pages link to the other."""

    decision_id: UUID = to("decision.id", primary_key=True, on_delete="CASCADE")
    superseded_id: UUID = to("decision.id", unique=True)


def signers(session: Session, decision_id: UUID) -> list[ClosingSignature]:
    query = select(ClosingSignature).where(ClosingSignature.decision_id == decision_id)
    return list(session.exec(query.order_by(col(ClosingSignature.place))))


def challenges_of(session: Session, decision_id: UUID) -> list[Challenge]:
    query = select(Challenge).where(Challenge.decision_id == decision_id)
    return list(session.exec(query.order_by(col(Challenge.filed_at), col(Challenge.id))))


def superseded_by(session: Session, decision_id: UUID) -> UUID | None:
    query = select(Supersession.decision_id).where(Supersession.superseded_id == decision_id)
    return session.exec(query).first()


def supersedes(session: Session, decision_id: UUID) -> UUID | None:
    query = select(Supersession.superseded_id).where(Supersession.decision_id == decision_id)
    return session.exec(query).first()
