"""Offers: what an innovation call offers to whom, by which criteria, on which terms; one offer to a call."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_to, maybe_word, to
from app.rules.words import Instrument


class Offer(SQLModel, table=True):
    """The innovation half of a `Call`: a call of kind innovation has one from its first draft on.

    `criteria` is a list of `{"id", "title", "question", "help", "weight", "words"}`: they build the form, and their
    weights, whole numbers, add up to 100. `eligibility` is a list of rules that `rules.eligibility` reads. `stages`
    is a list of `{"title", "due", "deliverable"}` with dates. Money is in `currency`.
    """

    __table_args__ = (
        CheckConstraint("budget > 0", name="a_budget_is_money"),
        CheckConstraint("ticket_least >= 0 AND ticket_most >= ticket_least", name="tickets_have_a_range"),
        CheckConstraint("reviews_wanted >= 3", name="three_reviews_at_least"),
        CheckConstraint("follows_call_id <> call_id", name="a_call_follows_another"),
    )

    call_id: UUID = to("call.id", on_delete="CASCADE", primary_key=True)
    instrument: Instrument | None = maybe_word(Instrument)
    mission_id: UUID | None = maybe_to("mission.id", index=True)
    challenge: str = Field(default="", max_length=500)
    follows_call_id: UUID | None = maybe_to("call.id", index=True)
    is_for_roadmaps: bool = False
    budget: Decimal | None = Field(default=None, sa_type=Numeric(20, 2), nullable=True)
    currency: str = Field(default="EUR", max_length=3)
    ticket_least: Decimal | None = Field(default=None, sa_type=Numeric(20, 2), nullable=True)
    ticket_most: Decimal | None = Field(default=None, sa_type=Numeric(20, 2), nullable=True)
    eligibility: list[Any] = document(list)
    criteria: list[Any] = document(list)
    stages: list[Any] = document(list)
    panel_id: UUID | None = maybe_to("committee.id", index=True)
    reviews_wanted: int = 3
    is_blind: bool = False
    tells_declined: bool = True
    tells_notes: bool = False
    version: int = 1


class OfferTerms(SQLModel, table=True):
    """One version of a call's terms on intellectual property; who applies accepts one by its hash. Never changed."""

    __tablename__ = "offer_terms"
    __table_args__ = (UniqueConstraint("call_id", "number", name="terms_are_numbered"),)

    id: UUID = key()
    call_id: UUID = to("call.id", on_delete="CASCADE", index=True)
    number: int
    text: str = Field(max_length=20_000)
    text_hash: str = Field(max_length=64)
    created_at: datetime = created()


def offer_of(session: Session, call_id: UUID) -> Offer | None:
    return session.get(Offer, call_id)


def latest_terms(session: Session, call_id: UUID) -> OfferTerms | None:
    query = select(OfferTerms).where(OfferTerms.call_id == call_id)
    return session.exec(query.order_by(col(OfferTerms.number).desc()).limit(1)).first()


def offers_under(session: Session, mission_id: UUID) -> list[Offer]:
    return list(
        session.exec(select(Offer).where(Offer.mission_id == mission_id).order_by(col(Offer.call_id)))
    )
