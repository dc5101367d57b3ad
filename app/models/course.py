"""Reviews of a mission on its way: what set them off, what earlier participants say, and what changes."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, instant, key, maybe_instant, maybe_to, maybe_word, to, word
from app.rules.words import CourseKind, CourseVerdict, Felt


class CourseReview(SQLModel, table=True):
    """One review of a mission under way, or the last one, at its end.

    `signals` are those that were there when it opened, `changes` what its verdict changes. Once it is concluded a
    trigger keeps it, but for the call that it led to.
    """

    __tablename__ = "course_review"
    __table_args__ = (
        UniqueConstraint("mission_id", "number", name="course_reviews_are_numbered"),
        CheckConstraint("(verdict IS NULL) = (concluded_at IS NULL)", name="a_verdict_concludes_it"),
        CheckConstraint("verdict IS NULL OR reason <> ''", name="a_verdict_says_why"),
        CheckConstraint("verdict IS NULL OR verdict = 'continue' OR jsonb_array_length(changes) > 0",
                        name="a_verdict_names_what_changes"),
        CheckConstraint("verdict IS NULL OR kind = 'end' OR next_on IS NOT NULL", name="a_next_one_is_set"),
        Index("one_open_course_review", "mission_id", unique=True, postgresql_where="concluded_at IS NULL"),
    )  # fmt: skip

    id: UUID = key()
    mission_id: UUID = to("mission.id", index=True)
    number: int
    kind: CourseKind = word(CourseKind, default=CourseKind.REFLEXIVE)
    signals: list[Any] = document(list)
    verdict: CourseVerdict | None = maybe_word(CourseVerdict)
    reason: str = Field(default="", max_length=4000)
    changes: list[Any] = document(list)
    next_on: date | None = None
    call_id: UUID | None = maybe_to("call.id", on_delete="SET NULL", index=True)
    opened_at: datetime = created()
    opened_by_id: UUID | None = maybe_to("person.id")
    concluded_at: datetime | None = maybe_instant()
    concluded_by_id: UUID | None = maybe_to("person.id")


class Recall(SQLModel, table=True):
    """One who took part in the mission's call, asked again at a review: did anything change for them?

    Who answered what is shown to nobody; only the counts are.
    """

    __table_args__ = (CheckConstraint("(felt IS NULL) = (answered_at IS NULL)", name="an_answer_says_when"),)

    review_id: UUID = to("course_review.id", primary_key=True)
    person_id: UUID = to("person.id", primary_key=True, index=True)
    asked_at: datetime = instant()
    felt: Felt | None = maybe_word(Felt)
    answered_at: datetime | None = maybe_instant()


def course_reviews_of(session: Session, mission_id: UUID) -> list[CourseReview]:
    """The latest first."""
    query = select(CourseReview).where(CourseReview.mission_id == mission_id)
    return list(session.exec(query.order_by(col(CourseReview.number).desc())))


def open_course_review(session: Session, mission_id: UUID) -> CourseReview | None:
    query = select(CourseReview).where(
        CourseReview.mission_id == mission_id, col(CourseReview.concluded_at).is_(None)
    )
    return session.exec(query).first()


def recalls_of(session: Session, review_ids: Collection[UUID]) -> list[Recall]:
    query = select(Recall).where(col(Recall.review_id).in_(review_ids))
    return list(session.exec(query)) if review_ids else []
