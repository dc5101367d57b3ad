"""Committees: stakeholder groups with seats; constituted only while every required group is seated."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, to, word
from app.rules.words import InterestEffect, InterestKind, SubjectKind


class Committee(SQLModel, table=True):
    """`composition` maps each stakeholder group to its minimum and maximum of seats."""

    id: UUID = key()
    organisation_id: UUID = to("organisation.id", index=True)
    name: str = Field(max_length=200, unique=True)
    purpose: str = Field(default="", max_length=2000)
    composition: dict[str, Any] = document(dict)
    created_at: datetime = created()


class Interest(SQLModel, table=True):
    """A declared interest of a seat in an item; the chair resolves it: disclose, or recuse."""

    id: UUID = key()
    seat_id: UUID = to("seat.id", index=True)
    subject_kind: SubjectKind = word(SubjectKind)
    subject_id: UUID = Field(index=True)
    kind: InterestKind = word(InterestKind)
    text: str = Field(default="", max_length=1000)
    effect: InterestEffect = word(InterestEffect, default=InterestEffect.DISCLOSE)
    declared_at: datetime = created()
    resolved_by_id: UUID | None = maybe_to("seat.id")
    resolved_at: datetime | None = maybe_instant()


def all_committees(session: Session) -> list[Committee]:
    return list(session.exec(select(Committee).order_by(Committee.name)))


def interests_in(session: Session, subject_id: UUID) -> list[Interest]:
    return list(session.exec(select(Interest).where(Interest.subject_id == subject_id)))
