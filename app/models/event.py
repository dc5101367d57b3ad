"""Events: one per act, append-only, hash-chained; ids, states and salted hashes, never words or names."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Index
from sqlmodel import Field, SQLModel

from app.models.columns import created, document, maybe_instant, word
from app.rules.words import SubjectKind


class Event(SQLModel, table=True):
    """What happened to which subject; a trigger lets the sealer fill seq, hash and nothing else, ever."""

    __table_args__ = (
        Index("event_subject", "subject_kind", "subject_id", "id"),
        Index("event_unsealed", "id", postgresql_where="seq IS NULL"),
    )

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True)
    )
    kind: str = Field(max_length=60)
    subject_kind: SubjectKind = word(SubjectKind)
    subject_id: UUID
    actor_id: UUID | None = None
    at: datetime = created()
    facts: dict[str, Any] = document(dict)
    seq: int | None = Field(default=None, sa_column=Column(BigInteger, unique=True, nullable=True))
    previous_hash: str | None = Field(default=None, max_length=64)
    hash: str | None = Field(default=None, max_length=64)
    sealed_at: datetime | None = maybe_instant()
