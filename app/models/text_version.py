"""Versions of a text: words and salt are erased on withdrawal, the hash stays in the event log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import created, key, maybe_to, word
from app.rules.words import SubjectKind


class TextVersion(SQLModel, table=True):
    """One state of the words of one subject, committed to by a salted hash."""

    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "number", name="versions_are_numbered_once"),
    )

    id: UUID = key()
    subject_kind: SubjectKind = word(SubjectKind)
    subject_id: UUID
    number: int = 1
    words: str | None = Field(default=None, max_length=50_000)
    salt: str | None = Field(default=None, max_length=64)
    hash: str = Field(max_length=64)
    author_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()
