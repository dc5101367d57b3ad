"""Feedback: what the agency answered to an application, with its reason; only ever added to."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, to, word
from app.rules.words import ApplicationState


class Feedback(SQLModel, table=True):
    """One answer to one application, to what had become of it then; the latest stands. Never changed.

    `reason` is public where the call tells what it declined; `words` are for the applicants only.
    """

    __table_args__ = (
        UniqueConstraint("application_id", "number", name="answers_to_an_application_are_numbered"),
        CheckConstraint("state IN ('ineligible', 'selected', 'reserve', 'declined')", name="an_answer_is_final"),
        CheckConstraint("reason <> '' AND ask_whom <> '' AND contest <> ''", name="an_answer_says_why"),
    )  # fmt: skip

    id: UUID = key()
    application_id: UUID = to("application.id")
    number: int
    state: ApplicationState = word(ApplicationState)
    reason: str = Field(max_length=4000)
    words: str = Field(default="", max_length=4000)
    ask_whom: str = Field(max_length=300)
    contest: str = Field(max_length=2000)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


def feedback_of(session: Session, application_id: UUID) -> list[Feedback]:
    """Every answer to one application, the latest first."""
    query = select(Feedback).where(Feedback.application_id == application_id)
    return list(session.exec(query.order_by(col(Feedback.number).desc())))


def latest_feedback(session: Session, application_ids: Collection[UUID]) -> dict[UUID, Feedback]:
    """The answer that stands, of each of several applications that has one; in one statement."""
    query = select(Feedback).where(col(Feedback.application_id).in_(application_ids))
    return {each.application_id: each for each in session.exec(query.order_by(col(Feedback.number)))}
