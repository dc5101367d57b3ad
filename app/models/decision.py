"""Decisions: the question put to a vote, with everything frozen at notice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, to, word
from app.rules.words import DecisionState


class Decision(SQLModel, table=True):
    """Options, rule, electorate and times never change after notice: a trigger and a hash see to it."""

    __table_args__ = (
        CheckConstraint("state = 'draft' OR (frozen_hash <> '' AND closes_at > opens_at)", name="notice_freezes"),
        CheckConstraint("state <> 'certified' OR reasons <> ''", name="certification_gives_reasons"),
        Index("one_live_decision_per_mission", "mission_id", unique=True,
              postgresql_where="state IN ('draft', 'noticed', 'open', 'closed', 'carried', 'tied')"),
    )  # fmt: skip

    id: UUID = key()
    committee_id: UUID = to("committee.id", index=True)
    mission_id: UUID = to("mission.id", index=True)
    question: str = Field(max_length=500)
    options: list[Any] = document(list)
    rule: dict[str, Any] = document(dict)
    electorate: list[Any] = document(list)
    frozen_hash: str = Field(default="", max_length=64)
    state: DecisionState = word(DecisionState, default=DecisionState.DRAFT)
    noticed_at: datetime | None = maybe_instant()
    opens_at: datetime | None = maybe_instant()
    closes_at: datetime | None = maybe_instant()
    closed_at: datetime | None = maybe_instant()
    outcome: str = Field(default="", max_length=20)
    result: dict[str, Any] = document(dict)
    ballots_hash: str = Field(default="", max_length=64)
    reasons: str = Field(default="", max_length=10_000)
    certified_at: datetime | None = maybe_instant()
    certified_by_seat_id: UUID | None = maybe_to("seat.id")
    created_at: datetime = created()


def decisions_of_mission(session: Session, mission_id: UUID) -> list[Decision]:
    query = select(Decision).where(Decision.mission_id == mission_id, Decision.state != DecisionState.DRAFT)
    return list(session.exec(query.order_by(col(Decision.noticed_at).desc())))


def decisions_of_committee(session: Session, committee_id: UUID) -> list[Decision]:
    query = select(Decision).where(Decision.committee_id == committee_id)
    return list(session.exec(query.order_by(col(Decision.created_at).desc())))
