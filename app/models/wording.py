"""Wordings of a drafting helper: each sentence with the voices it cites, until a person accepts or declines it."""

from datetime import datetime
from enum import StrEnum, auto
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, to, word
from app.rules.words import SubjectKind


class DraftingState(StrEnum):
    QUEUED = auto()
    DONE = auto()
    FAILED = auto()


class WordingPart(StrEnum):
    TITLE = auto()
    SUMMARY = auto()
    CLAUSE = auto()


class WordingState(StrEnum):
    PROPOSED = auto()
    ACCEPTED = auto()
    DECLINED = auto()


class Drafting(SQLModel, table=True):
    """One question to the helper about one group or mission; `dropped` counts sentences by why they were dropped."""

    __table_args__ = (
        Index("one_drafting_at_a_time", "subject_kind", "subject_id", unique=True,
              postgresql_where="state = 'queued'"),
    )  # fmt: skip

    id: UUID = key()
    call_id: UUID = to("call.id", index=True)
    subject_kind: SubjectKind = word(SubjectKind)
    subject_id: UUID = Field(index=True)
    state: DraftingState = word(DraftingState, default=DraftingState.QUEUED)
    model: str = Field(default="", max_length=120)
    error: str = Field(default="", max_length=500)
    dropped: dict[str, Any] = document(dict)
    asked_by_id: UUID = to("person.id")
    created_at: datetime = created()
    finished_at: datetime | None = maybe_instant()


class Wording(SQLModel, table=True):
    """One sentence of one drafting; `cites` names submissions and how well each holds the claim."""

    id: UUID = key()
    drafting_id: UUID = to("drafting.id", on_delete="CASCADE", index=True)
    part: WordingPart = word(WordingPart)
    section: str = Field(default="", max_length=60)
    text: str = Field(max_length=600)
    cites: list[Any] = document(list)
    state: WordingState = word(WordingState, default=WordingState.PROPOSED)
    decided_by_id: UUID | None = maybe_to("person.id")
    decided_at: datetime | None = maybe_instant()


def latest_drafting(session: Session, kind: SubjectKind, subject_id: UUID) -> Drafting | None:
    query = select(Drafting).where(Drafting.subject_kind == kind, Drafting.subject_id == subject_id)
    return session.exec(query.order_by(col(Drafting.created_at).desc(), col(Drafting.id)).limit(1)).first()


def wordings_about(
    session: Session, kind: SubjectKind, subject_id: UUID, state: WordingState
) -> list[Wording]:
    query = (
        select(Wording)
        .join(Drafting, col(Drafting.id) == Wording.drafting_id)
        .where(Drafting.subject_kind == kind, Drafting.subject_id == subject_id, Wording.state == state)
    )
    return list(session.exec(query.order_by(col(Drafting.created_at), col(Wording.part), col(Wording.id))))
