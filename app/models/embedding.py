"""Vectors of submissions, one per model; the nearest are found through an HNSW index."""

from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from app.models.columns import to


class Embedding(SQLModel, table=True):
    """The meaning of one submission as one model reads it: a unit vector of the model's own length."""

    submission_id: UUID = to("submission.id", on_delete="CASCADE", primary_key=True)
    model: str = Field(max_length=120, primary_key=True)
    call_id: UUID = to("call.id", index=True)
    text_hash: str = Field(default="", max_length=64)
    vector: Any = Field(sa_column=Column(VECTOR(), nullable=False))
