"""The shared vision of a mission: versions of one text, and the organisations that sign each of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, to, word
from app.rules.words import StakeholderGroup


class Vision(SQLModel, table=True):
    """One version of a vision, never changed: who edits it adds another, and the signatures stay with this one.

    `parts` are paragraphs: `{"text", "clause_id", "quoted"}`, where a clause of the mission is the source of the words
    and `quoted` are the voices whose very words they are. `hash` covers the salt and every paragraph.
    """

    __table_args__ = (
        UniqueConstraint("mission_id", "number", name="versions_of_a_vision_are_numbered"),
        CheckConstraint("jsonb_array_length(parts) > 0", name="a_vision_says_something"),
    )

    id: UUID = key()
    mission_id: UUID = to("mission.id", index=True)
    number: int
    parts: list[Any] = document(list)
    salt: str = Field(max_length=32)
    hash: str = Field(max_length=64)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


class VisionSignature(SQLModel, table=True):
    """One organisation under one version, by somebody who speaks for it; a trigger takes none but for the latest."""

    __tablename__ = "vision_signature"

    vision_id: UUID = to("vision.id", primary_key=True)
    organisation_id: UUID = to("organisation.id", primary_key=True, index=True)
    group: StakeholderGroup = word(StakeholderGroup)
    hash: str = Field(max_length=64)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


def visions_of(session: Session, mission_id: UUID) -> list[Vision]:
    """The latest first."""
    query = select(Vision).where(Vision.mission_id == mission_id)
    return list(session.exec(query.order_by(col(Vision.number).desc())))


def latest_vision(session: Session, mission_id: UUID) -> Vision | None:
    query = select(Vision).where(Vision.mission_id == mission_id)
    return session.exec(query.order_by(col(Vision.number).desc()).limit(1)).first()


def signatures_on(session: Session, vision_id: UUID) -> list[VisionSignature]:
    query = select(VisionSignature).where(VisionSignature.vision_id == vision_id)
    return list(session.exec(query.order_by(col(VisionSignature.created_at))))
