"""Moves: who changes groups in a run, kept as the run found it, so that all of them can be read for ever."""

from uuid import UUID

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from app.models.columns import to


class KeptMoves(SQLModel, table=True):
    """Packed columns (numpy's npz): ids of voices and of groups, and how clearly each moves; no words."""

    __tablename__ = "move"

    grouping_id: UUID = to("grouping.id", on_delete="CASCADE", primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
