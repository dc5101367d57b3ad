"""Calls: what an agency asks (a consultation) or offers (an innovation call)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, tuple_
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, instant, key, maybe_instant, maybe_to, to, word
from app.rules.words import CallKind, CallState


class Call(SQLModel, table=True):
    """One question with dated phases; the clock decides between published, open and sensemaking when read."""

    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="a_call_closes_after_it_opens"),
        CheckConstraint("state <> 'cancelled' OR cancelled_reason <> ''", name="a_cancelled_call_says_why"),
    )

    id: UUID = key()
    kind: CallKind = word(CallKind, default=CallKind.CONSULTATION)
    state: CallState = word(CallState, default=CallState.DRAFT)
    title: str = Field(max_length=200)
    question: str = Field(max_length=500)
    brief: str = Field(default="", max_length=20_000)
    organisation_id: UUID = to("organisation.id", index=True)
    timezone: str = Field(default="UTC", max_length=64)
    opens_at: datetime = instant()
    closes_at: datetime = instant()
    sense_until: datetime | None = maybe_instant()
    check_until: datetime | None = maybe_instant()
    answer_due: datetime | None = maybe_instant()
    languages: list[str] = document(list)
    translations: dict[str, Any] = document(dict)
    places: list[str] = document(list)
    expected: dict[str, Any] = document(
        dict
    )  # how many of the people belong to each group and place, in percent
    is_demo: bool = False
    source_note: str = Field(default="", max_length=1000)
    cancelled_reason: str = Field(default="", max_length=2000)
    created_by_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()
    published_at: datetime | None = maybe_instant()
    checking_at: datetime | None = maybe_instant()
    answered_at: datetime | None = maybe_instant()
    cancelled_at: datetime | None = maybe_instant()
    version: int = 1

    def told(self, locale: str) -> "Told":
        """Title, question and brief in the reader's language where the agency wrote them in it."""
        own = self.translations.get(locale, {})
        return Told(*(own.get(name) or getattr(self, name) for name in ("title", "question", "brief")))


@dataclass(frozen=True)
class Told:
    title: str
    question: str
    brief: str


OVER = (CallState.ANSWERED, CallState.ARCHIVED, CallState.CANCELLED)
LATEST = (col(Call.closes_at).desc(), col(Call.id).desc())


def live_calls(session: Session) -> list[Call]:
    """What a visitor may know of and is not over, latest deadline first."""
    query = select(Call).where(col(Call.state).not_in((CallState.DRAFT, *OVER)))
    return list(session.exec(query.order_by(*LATEST)))


def past_calls(session: Session, most: int, after: tuple[datetime, UUID] | None = None) -> list[Call]:
    """What is answered, archived or cancelled, latest deadline first; `after` is where the page before ended."""
    query = select(Call).where(col(Call.state).in_(OVER))
    if after is not None:
        query = query.where(tuple_(col(Call.closes_at), col(Call.id)) < tuple_(*after))
    return list(session.exec(query.order_by(*LATEST).limit(most)))


def calls_of(session: Session, organisation_ids: list[UUID]) -> list[Call]:
    query = select(Call).where(col(Call.organisation_id).in_(organisation_ids))
    return list(session.exec(query.order_by(col(Call.created_at).desc(), col(Call.id))))
