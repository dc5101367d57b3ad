"""Single-use links sent by mail: bound to one purpose and one address, kept only as a hash."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.columns import created, instant, key, maybe_instant, to, word
from app.rules.words import LinkPurpose


class LinkToken(SQLModel, table=True):
    """What one mailed link allows, once, until it expires."""

    id: UUID = key()
    purpose: LinkPurpose = word(LinkPurpose)
    person_id: UUID = to("person.id", index=True)
    email: str = Field(max_length=254)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = created()
    expires_at: datetime = instant()
    used_at: datetime | None = maybe_instant()
