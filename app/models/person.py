"""People: accounts, and the pseudonymous authors of imported texts, who have no address and cannot sign in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, maybe_instant, maybe_to, maybe_word
from app.rules.words import StakeholderGroup


class Person(SQLModel, table=True):
    """One human being; what they may do comes from seats alone."""

    id: UUID = key()
    email: str | None = Field(default=None, max_length=254, unique=True)
    name: str = Field(max_length=120)
    password_hash: str | None = Field(default=None, max_length=200)
    locale: str = Field(default="en", max_length=8)
    group: StakeholderGroup | None = maybe_word(StakeholderGroup)
    place: str = Field(default="", max_length=120)
    organisation_id: UUID | None = maybe_to("organisation.id", index=True)
    email_confirmed_at: datetime | None = maybe_instant()
    pseudonym_key: str | None = Field(default=None, max_length=200, unique=True)
    suspended_at: datetime | None = maybe_instant()
    created_at: datetime = created()


def person_by_email(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == email.strip().lower())).first()


def people_named(session: Session, wanted: str, limit: int = 50) -> list[Person]:
    """Accounts whose name or address contains what is typed; imported pseudonyms are left out."""
    pattern = f"%{wanted.strip().lower().replace('%', '').replace('_', '')}%"
    query = select(Person).where(
        col(Person.email).is_not(None),
        func.lower(Person.name).like(pattern) | col(Person.email).like(pattern),
    )
    return list(session.exec(query.order_by(Person.name).limit(limit)))
