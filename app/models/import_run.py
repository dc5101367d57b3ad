"""Import runs: a file brought in by a facilitator, from upload to report; its content goes once it is done."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any
from uuid import UUID

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, to, word


class ImportState(StrEnum):
    UPLOADED = auto()
    QUEUED = auto()
    RUNNING = auto()
    DONE = auto()
    FAILED = auto()


class ImportRun(SQLModel, table=True):
    """One file for one call, the columns chosen for it, and what came of each row."""

    id: UUID = key()
    call_id: UUID = to("call.id", index=True)
    person_id: UUID | None = maybe_to("person.id")
    name: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=80)
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    content_hash: str = Field(default="", max_length=64)
    encoding: str = Field(default="utf-8", max_length=20)
    mapping: dict[str, Any] = document(dict)
    state: ImportState = word(ImportState, default=ImportState.UPLOADED)
    progress: float = 0.0
    imported: int = 0
    skipped: int = 0
    errors: list[Any] = document(list)
    error_count: int = 0
    created_at: datetime = created()
    finished_at: datetime | None = maybe_instant()


def imports_of(session: Session, call_id: UUID) -> list[ImportRun]:
    query = select(ImportRun).where(ImportRun.call_id == call_id)
    return list(session.exec(query.order_by(col(ImportRun.created_at).desc()).limit(20)))
