"""Tokens for programs that act for a person: shown once, kept only as a hash, with an end."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, instant, key, maybe_instant, to


class ApiToken(SQLModel, table=True):
    """What one program of one person may use, at the addresses for programs only, until it ends or is revoked."""

    __tablename__ = "api_token"

    id: UUID = key()
    person_id: UUID = to("person.id", index=True)
    name: str = Field(max_length=100)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = created()
    expires_at: datetime = instant()
    revoked_at: datetime | None = maybe_instant()


def tokens_of(session: Session, person_id: UUID) -> list[ApiToken]:
    """The latest first."""
    query = select(ApiToken).where(ApiToken.person_id == person_id)
    return list(session.exec(query.order_by(col(ApiToken.created_at).desc(), col(ApiToken.id))))
