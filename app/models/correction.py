"""Corrections: what a person changed in a grouping; every later run must respect it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, to, word
from app.rules.words import CorrectionKind


class Correction(SQLModel, table=True):
    """Which submissions (and which groups) one correction binds, as ids; undone ones stay as history.

    `dismissed` are the submissions that were offered as like the corrected ones, and that a person left as they are.
    """

    id: UUID = key()
    call_id: UUID = to("call.id", index=True)
    kind: CorrectionKind = word(CorrectionKind)
    payload: dict[str, Any] = document(dict)
    reason: str = Field(default="", max_length=1000)
    person_id: UUID = to("person.id")
    created_at: datetime = created()
    undone_at: datetime | None = maybe_instant()
    dismissed: list[str] = document(list)


def standing_corrections(session: Session, call_id: UUID) -> list[Correction]:
    query = select(Correction).where(Correction.call_id == call_id, col(Correction.undone_at).is_(None))
    return list(session.exec(query.order_by(col(Correction.created_at), col(Correction.id))))
