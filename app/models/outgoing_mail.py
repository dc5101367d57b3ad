"""Outgoing mail: written in the act's own transaction, sent by a job, so no mail leaves without its commit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import created, key, maybe_instant


class OutgoingMail(SQLModel, table=True):
    """One message to one address; its body is erased once sent, since it may carry a single-use link."""

    __table_args__ = (
        Index("mail_unsent", "created_at", postgresql_where="sent_at IS NULL AND attempts < 5"),
    )

    id: UUID = key()
    to_address: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str = Field(max_length=20_000)
    html: str = Field(default="", max_length=60_000)
    created_at: datetime = created()
    sent_at: datetime | None = maybe_instant()
    attempts: int = 0
    error: str = Field(default="", max_length=300)
