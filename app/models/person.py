"""People: accounts, and the pseudonymous authors of imported texts, who have no address and cannot sign in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, func, text, tuple_
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, maybe_word
from app.rules.words import StakeholderGroup

PAGE = 50
MANY = 1_000


class Person(SQLModel, table=True):
    """One human being; what they may do comes from seats alone."""

    __table_args__ = (
        Index("person_by_name", text("lower(name)"), "id", postgresql_where=text("email IS NOT NULL")),
    )

    id: UUID = key()
    email: str | None = Field(default=None, max_length=254, unique=True)
    name: str = Field(max_length=120)
    password_hash: str | None = Field(default=None, max_length=200)
    locale: str = Field(default="en", max_length=8)
    group: StakeholderGroup | None = maybe_word(StakeholderGroup)
    place: str = Field(default="", max_length=120)
    organisation_id: UUID | None = maybe_to("organisation.id", index=True)
    # Whether an administrator gave it to them: who named it themselves applies with it, and does not speak for it.
    is_vouched: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    email_confirmed_at: datetime | None = maybe_instant()
    pseudonym_key: str | None = Field(default=None, max_length=200, unique=True)
    suspended_at: datetime | None = maybe_instant()
    declined_mails: list[Any] = document(list)
    created_at: datetime = created()


def person_by_email(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == email.strip().lower())).first()


def people_named(
    session: Session, wanted: str = "", *, organisation_id: UUID | None = None,
    after: tuple[str, UUID] | None = None, limit: int = PAGE,
) -> list[Person]:  # fmt: skip
    """Accounts whose name or address contains what is typed, by name; `after` is where the page before ended."""
    name = func.lower(Person.name)
    query = select(Person).where(*matching(wanted, organisation_id))
    if after is not None:
        query = query.where(tuple_(name, col(Person.id)) > tuple_(*after))
    return list(session.exec(query.order_by(name, col(Person.id)).limit(limit)))


def count_people(session: Session, wanted: str = "", organisation_id: UUID | None = None) -> int:
    """How many accounts match, counted up to `MANY` and no further."""
    some = select(Person.id).where(*matching(wanted, organisation_id)).limit(MANY).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def matching(wanted: str, organisation_id: UUID | None = None) -> list[ColumnElement[bool]]:
    """Imported pseudonyms have no address and are left out."""
    found: list[ColumnElement[bool]] = [col(Person.email).is_not(None)]
    if typed := wanted.strip().lower():
        found.append(
            func.lower(Person.name).contains(typed, autoescape=True)
            | col(Person.email).contains(typed, autoescape=True)
        )
    if organisation_id is not None:
        found.append(col(Person.organisation_id) == organisation_id)
    return found
