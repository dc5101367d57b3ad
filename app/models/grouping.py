"""Groupings: one run of the pipeline over one call, a proposal until a person accepts it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, Session, SQLModel, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, to, word
from app.rules.words import GroupingState


class Grouping(SQLModel, table=True):
    """Model, parameters, seed, corrections and measures of one run, so that it can be rebuilt."""

    __table_args__ = (
        Index("one_accepted_grouping_per_call", "call_id", unique=True, postgresql_where="state = 'accepted'"),
        Index("one_running_grouping_per_call", "call_id", unique=True,
              postgresql_where="state IN ('queued', 'running')"),
    )  # fmt: skip

    id: UUID = key()
    call_id: UUID = to("call.id", index=True)
    state: GroupingState = word(GroupingState, default=GroupingState.QUEUED)
    model: str = Field(default="", max_length=120)
    parameters: dict[str, Any] = document(dict)
    seed: int = 0
    corrections: list[Any] = document(list)
    measures: dict[str, Any] = document(dict)
    diff: dict[str, Any] = document(dict)
    size: int = 0
    ungrouped: int = 0
    seconds: float = 0.0
    progress: float = 0.0
    stage: str = Field(default="", max_length=60)
    error: str = Field(default="", max_length=500)
    started_by_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()
    finished_at: datetime | None = maybe_instant()
    accepted_at: datetime | None = maybe_instant()
    accepted_by_id: UUID | None = maybe_to("person.id")


def accepted_grouping(session: Session, call_id: UUID) -> Grouping | None:
    """The grouping everyone sees now, if one was accepted."""
    query = select(Grouping).where(Grouping.call_id == call_id, Grouping.state == GroupingState.ACCEPTED)
    return session.exec(query).first()
