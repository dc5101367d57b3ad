"""Statements: everything said about a subject: comments, answers, reasons, dissent, reports, appeals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import created, key, maybe_instant, maybe_to, maybe_word, word
from app.rules.words import StakeholderGroup, StatementKind, StatementState, SubjectKind


class Statement(SQLModel, table=True):
    """One person's words on one subject; which kinds are public is `rules.disclosure`'s to say."""

    __table_args__ = (
        Index("statement_subject", "subject_kind", "subject_id", "kind", "created_at"),
        Index("moderation_log", "created_at", "id", postgresql_where="kind = 'reason' AND rule <> ''"),
        Index("moderation_queue", "kind", "created_at",
              postgresql_where="kind IN ('report', 'appeal') AND resolved_at IS NULL"),
        Index("statement_replies", "parent_id", "created_at", "id", postgresql_where="parent_id IS NOT NULL"),
    )  # fmt: skip

    id: UUID = key()
    kind: StatementKind = word(StatementKind)
    subject_kind: SubjectKind = word(SubjectKind)
    subject_id: UUID
    author_id: UUID | None = maybe_to("person.id", index=True)
    # The clause of a mission that is meant; it stays when the clause is removed.
    about_id: UUID | None = None
    seat_id: UUID | None = maybe_to("seat.id")
    group: StakeholderGroup | None = maybe_word(StakeholderGroup)
    parent_id: UUID | None = maybe_to("statement.id")
    text: str = Field(max_length=10_000)
    state: StatementState = word(StatementState, default=StatementState.VISIBLE)
    rule: str = Field(default="", max_length=40)
    outcome: str = Field(default="", max_length=40)
    form_key: str | None = Field(default=None, max_length=64, unique=True)
    created_at: datetime = created()
    resolved_at: datetime | None = maybe_instant()
