"""Motions: what a steward asks the committee to decide about a mission under way; a vote settles each of them once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, maybe_word, to, word
from app.rules.words import MotionAct, MotionOutcome, SubjectKind


class Motion(SQLModel, table=True):
    """One act that only a decision may do, on one subject, with what it would become in `facts` and why in `reason`.

    `cites` is empty, or the what-if run it rests on: `{"year", "percent", "vote", "hash"}`.

    A trigger keeps what was asked as it was; `decision_id` is the vote that settled it.
    """

    __table_args__ = (
        CheckConstraint("reason <> ''", name="a_motion_has_a_reason"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="a_settled_motion_says_when"),
        CheckConstraint("outcome IS NULL OR outcome = 'withdrawn' OR decision_id IS NOT NULL",
                        name="a_vote_settles_a_motion"),
        Index("one_motion_waits_per_subject", "act", "subject_id", unique=True,
              postgresql_where="outcome IS NULL"),
    )  # fmt: skip

    id: UUID = key()
    mission_id: UUID = to("mission.id", index=True)
    act: MotionAct = word(MotionAct)
    subject_kind: SubjectKind = word(SubjectKind)
    subject_id: UUID = Field(index=True)
    facts: dict[str, Any] = document(dict)
    reason: str = Field(max_length=4000)
    cites: dict[str, Any] = document(dict)
    outcome: MotionOutcome | None = maybe_word(MotionOutcome)
    decision_id: UUID | None = maybe_to("decision.id", index=True)
    by_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()
    settled_at: datetime | None = maybe_instant()


def waiting_motions(session: Session, mission_ids: list[UUID]) -> list[Motion]:
    """Motions about these missions that no vote has settled, the oldest first."""
    query = select(Motion).where(col(Motion.mission_id).in_(mission_ids), col(Motion.outcome).is_(None))
    return list(session.exec(query.order_by(col(Motion.created_at), col(Motion.id))))


def motions_in(session: Session, mission_id: UUID) -> list[Motion]:
    """Every motion about a mission and what belongs to it, the latest first."""
    query = select(Motion).where(Motion.mission_id == mission_id)
    return list(session.exec(query.order_by(col(Motion.created_at).desc(), col(Motion.id))))


def motions_about(session: Session, subject_id: UUID) -> list[Motion]:
    """Every motion on one subject, the latest first."""
    query = select(Motion).where(Motion.subject_id == subject_id)
    return list(session.exec(query.order_by(col(Motion.created_at).desc(), col(Motion.id))))
