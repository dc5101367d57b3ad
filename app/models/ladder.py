"""Ladders: the curve of resolutions that a run looked at, so that a person can look at its other steps."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from app.models.columns import document, to


class KeptLadder(SQLModel, table=True):
    """The label of every voice on every rung, packed; a voice that is withdrawn is left out when it is read.

    `voices` are ids of sixteen bytes in the order of the rows, `labels` whole numbers of four bytes, rung after rung,
    lowest byte first; both are compressed. `mission` and `project` are the rungs that this grouping stands on.
    """

    __tablename__ = "ladder"

    grouping_id: UUID = to("grouping.id", on_delete="CASCADE", primary_key=True)
    rungs: list[Any] = document(list)
    mission: int = 0
    project: int = 0
    voices: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    labels: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
