"""Scorers of topics: weights by which one model suggests the terms of one scheme, and what they were learned from."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from app.models.columns import created, document


class TopicScorer(SQLModel, table=True):
    """Learned anew when our sentences or the model's files change; `learned_from` is the hash of both."""

    scheme: str = Field(max_length=40, primary_key=True)
    model: str = Field(max_length=120, primary_key=True)
    learned_from: str = Field(max_length=64)
    weights: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    facts: dict[str, Any] = document(dict)
    learned_at: datetime = created()
