"""Notifications: what a person is told about what they follow; and who follows what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import created, document, key, maybe_instant, to, word
from app.rules.words import SubjectKind


class Notification(SQLModel, table=True):
    """One message to one person, shown on their page and mailed once."""

    __table_args__ = (
        Index("notification_person", "person_id", "created_at"),
        Index("notification_unmailed", "created_at", postgresql_where="mailed_at IS NULL"),
    )

    id: UUID = key()
    person_id: UUID = to("person.id")
    kind: str = Field(max_length=60)
    subject_kind: SubjectKind = word(SubjectKind)
    subject_id: UUID
    facts: dict[str, Any] = document(dict)
    created_at: datetime = created()
    read_at: datetime | None = maybe_instant()
    mailed_at: datetime | None = maybe_instant()


class Follow(SQLModel, table=True):
    """A person is told what happens to a subject."""

    person_id: UUID = to("person.id", primary_key=True)
    subject_kind: SubjectKind = word(SubjectKind, primary_key=True)
    subject_id: UUID = Field(primary_key=True, index=True)
    created_at: datetime = created()
