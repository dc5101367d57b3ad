"""Remarks: what a committee says on one item behind closed doors. A table of its own, so that no list of
statements, no count, no search and no export can ever come upon one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.models.columns import created, key, maybe_to, to, word
from app.rules.words import StatementState


class Remark(SQLModel, table=True):
    """One seat's words on a mission before a committee; withdrawn words are erased."""

    __table_args__ = (
        Index("remark_item", "committee_id", "mission_id", "created_at", "id"),
        CheckConstraint("(state = 'withdrawn') = (text = '')", name="a_withdrawn_remark_says_nothing"),
    )

    id: UUID = key()
    committee_id: UUID = to("committee.id")
    mission_id: UUID = to("mission.id", index=True)
    seat_id: UUID = to("seat.id")
    author_id: UUID = to("person.id", index=True)
    parent_id: UUID | None = maybe_to("remark.id")
    text: str = Field(max_length=5000)
    state: StatementState = word(StatementState, default=StatementState.VISIBLE)
    form_key: str = Field(max_length=64, unique=True)
    created_at: datetime = created()
