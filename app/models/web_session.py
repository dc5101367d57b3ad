"""Sign-ins: server-side and revocable; the cookie's value is kept only as a hash."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.columns import created, instant, key, maybe_instant, to


class WebSession(SQLModel, table=True):
    """One sign-in of one person in one browser."""

    id: UUID = key()
    token_hash: str = Field(max_length=64, unique=True)
    person_id: UUID = to("person.id", index=True)
    created_at: datetime = created()
    seen_at: datetime = created()
    expires_at: datetime = instant()
    revoked_at: datetime | None = maybe_instant()
