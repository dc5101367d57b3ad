"""Lessons: what was learned, as it is searched; their words are statements. And which drafts use them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from app.models.columns import created, maybe_to, to


class Lesson(SQLModel, table=True):
    """Where a lesson is at home and how it is found; the id is that of the statement that holds its words.

    Every lesson is of a mission; it may be of one of its projects, of a milestone, or of a review on its way.
    """

    __table_args__ = (
        Index("lesson_search", "search", postgresql_using="gin"),
        Index("lesson_newest", text("created_at DESC"), text("id DESC")),
        CheckConstraint("milestone_id IS NULL OR review_id IS NULL", name="a_lesson_has_one_home"),
    )

    id: UUID = to("statement.id", on_delete="CASCADE", primary_key=True)
    mission_id: UUID = to("mission.id", on_delete="CASCADE", index=True)
    project_id: UUID | None = maybe_to("project.id", index=True)
    milestone_id: UUID | None = maybe_to("milestone.id", index=True)
    review_id: UUID | None = maybe_to("course_review.id", index=True)
    language: str = Field(default="", max_length=8)
    search: Any = Field(default=None, sa_column=Column(TSVECTOR, nullable=False))
    created_at: datetime = created()


class LessonVector(SQLModel, table=True):
    """The meaning of one lesson as one model reads it: a unit vector of the model's own length."""

    __tablename__ = "lesson_vector"

    lesson_id: UUID = to("lesson.id", on_delete="CASCADE", primary_key=True)
    model: str = Field(max_length=120, primary_key=True)
    vector: Any = Field(sa_column=Column(VECTOR(), nullable=False))


class LessonUse(SQLModel, table=True):
    """That an application uses a lesson, counted once however often its team says so."""

    __tablename__ = "lesson_use"

    lesson_id: UUID = to("lesson.id", on_delete="CASCADE", primary_key=True)
    application_id: UUID = to("application.id", on_delete="CASCADE", primary_key=True, index=True)
    by_id: UUID = to("person.id")
    created_at: datetime = created()
