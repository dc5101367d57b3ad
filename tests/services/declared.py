"""What a member says of a question, in one line."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.models.committee import Interest
from app.models.decision import Decision
from app.rules.words import InterestEffect, InterestKind
from app.services import interests_items
from app.services.interests_items import Said


def declare(
    session: Session, decision: Decision, person_id: UUID, kind: InterestKind, words: str, effect: InterestEffect,
    at: datetime | None = None,
) -> list[Interest]:  # fmt: skip
    """Said of the vote itself, and of no mission that it is about."""
    return interests_items.say(session, decision, person_id, Said(kind, words, effect), at=at)
