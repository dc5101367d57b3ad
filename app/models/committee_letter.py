"""Which letters about a decision have gone to its committee: each occasion once."""

from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

from sqlmodel import SQLModel

from app.models.columns import created, to, word


class Occasion(StrEnum):
    """When the committee is written to."""

    NOTICE = auto()
    CLOSES_SOON = auto()
    COUNTED = auto()
    CERTIFIED = auto()


class CommitteeLetter(SQLModel, table=True):
    """Written in the same transaction as the notifications and mails: its key is why nobody is told twice."""

    decision_id: UUID = to("decision.id", primary_key=True)
    occasion: Occasion = word(Occasion, primary_key=True)
    told_at: datetime = created()
