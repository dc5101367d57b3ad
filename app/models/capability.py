"""What an agency is able to do: scores with their evidence, a row a year; and who holds the roles of delivery."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, maybe_to, to, word
from app.rules.words import Capability


class CapabilityScore(SQLModel, table=True):
    """One score of 1 to 5 in a year, shown by a document or an event of the log. Never changed: a later one counts."""

    __tablename__ = "capability_score"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="a_score_has_five_steps"),
        CheckConstraint("year BETWEEN 1900 AND 2200", name="a_score_has_a_year"),
        CheckConstraint("document <> '' OR event_id IS NOT NULL", name="a_score_has_evidence"),
    )

    id: UUID = key()
    organisation_id: UUID = to("organisation.id", index=True)
    capability: Capability = word(Capability)
    year: int
    score: int
    words: str = Field(max_length=2000)
    document: str = Field(default="", max_length=1000)
    event_id: int | None = maybe_to("event.id", sa_type=BigInteger)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


class DeliveryRole(SQLModel, table=True):
    """A role in the delivery of a project, and from when to when it is held in the house or bought from outside.

    Who hands a role over ends the row and adds one: what was stays.
    """

    __tablename__ = "delivery_role"
    __table_args__ = (CheckConstraint("until >= since", name="a_role_has_time"),)

    id: UUID = key()
    project_id: UUID = to("project.id", index=True)
    title: str = Field(max_length=200)
    skill: str = Field(max_length=120)
    is_in_house: bool
    holder: str = Field(max_length=200)
    since: date
    until: date | None = None
    follows_id: UUID | None = maybe_to("delivery_role.id", unique=True)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


def scores_of(session: Session, organisation_id: UUID) -> list[CapabilityScore]:
    """Every score, in the order in which they were given."""
    query = select(CapabilityScore).where(CapabilityScore.organisation_id == organisation_id)
    return list(session.exec(query.order_by(col(CapabilityScore.created_at), col(CapabilityScore.id))))


def roles_in(session: Session, project_ids: list[UUID]) -> list[DeliveryRole]:
    query = select(DeliveryRole).where(col(DeliveryRole.project_id).in_(project_ids))
    return list(session.exec(query.order_by(col(DeliveryRole.since), col(DeliveryRole.created_at))))
