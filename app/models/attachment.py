"""Attachments: files that belong to an application; what they hold lies in the file store under a random name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, func
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.application import Application
from app.models.columns import created, key, to
from app.rules.words import ApplicationState


class Attachment(SQLModel, table=True):
    """One file as it is kept; `given_sha256` is of what was sent, before an image lost its metadata."""

    __table_args__ = (CheckConstraint("size > 0", name="a_file_holds_something"),)

    id: UUID = key()
    application_id: UUID = to("application.id", on_delete="CASCADE", index=True)
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=60)
    size: int
    sha256: str = Field(max_length=64)
    given_sha256: str = Field(max_length=64)
    stored_as: str = Field(max_length=64, unique=True)
    by_id: UUID = to("person.id", index=True)
    created_at: datetime = created()


def attachments_of(session: Session, application_id: UUID) -> list[Attachment]:
    query = select(Attachment).where(Attachment.application_id == application_id)
    return list(session.exec(query.order_by(col(Attachment.created_at), col(Attachment.id))))


def kept_for(session: Session, person_id: UUID) -> int:
    """How many bytes of drafts one person has sent; what was submitted counts no more."""
    query = (
        select(func.coalesce(func.sum(Attachment.size), 0))
        .join(Application, col(Application.id) == Attachment.application_id)
        .where(Attachment.by_id == person_id, Application.state == ApplicationState.DRAFT)
    )
    return int(session.exec(query).one())


def stored_names(session: Session, among: list[str]) -> set[str]:
    return set(session.exec(select(Attachment.stored_as).where(col(Attachment.stored_as).in_(among))))
