"""Milestones: what should be true by when, on the way to a goal; met or missed is computed when read."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint, or_
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, maybe_to, to


class Milestone(SQLModel, table=True):
    """One expectation: an indicator at a value by a day, or something a named person says yes to by a day.

    A trigger keeps it as it is: who revises it does so by a decision, and adds a milestone that `replaces` it.
    """

    __table_args__ = (
        UniqueConstraint("replaces_id", name="a_milestone_is_replaced_once"),
        CheckConstraint(
            "(replaces_id IS NULL) = (decision_id IS NULL)", name="a_decision_revises_a_milestone"
        ),
        CheckConstraint("(indicator_id IS NULL) = (expected IS NULL)", name="a_value_is_of_an_indicator"),
    )

    id: UUID = key()
    mission_id: UUID = to("mission.id", index=True)
    project_id: UUID | None = maybe_to("project.id", index=True)
    indicator_id: UUID | None = maybe_to("indicator.id", index=True)
    title: str = Field(max_length=200)
    expected: Decimal | None = Field(default=None, sa_type=Numeric(20, 6), nullable=True)
    due: date
    verifier: str = Field(default="", max_length=200)
    replaces_id: UUID | None = maybe_to("milestone.id")
    decision_id: UUID | None = maybe_to("decision.id")
    by_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()


class MilestoneWord(SQLModel, table=True):
    """That a milestone without an indicator was reached, said once, by whom, with the evidence."""

    __tablename__ = "milestone_word"

    milestone_id: UUID = to("milestone.id", primary_key=True)
    reached_on: date
    evidence: str = Field(max_length=1000)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


def milestones_of(session: Session, mission_id: UUID) -> list[Milestone]:
    """Every milestone of a mission, replaced or not, the earliest due first."""
    query = select(Milestone).where(Milestone.mission_id == mission_id)
    return list(
        session.exec(query.order_by(col(Milestone.due), col(Milestone.created_at), col(Milestone.id)))
    )


def standing_milestones(session: Session, mission_id: UUID) -> list[Milestone]:
    """Those that no decision replaced."""
    found = milestones_of(session, mission_id)
    replaced = {each.replaces_id for each in found}
    return [each for each in found if each.id not in replaced]


def has_milestones(session: Session, key: UUID) -> bool:
    """Whether a milestone was ever set for this project or indicator."""
    of = or_(col(Milestone.project_id) == key, col(Milestone.indicator_id) == key)
    return session.exec(select(Milestone.id).where(of).limit(1)).first() is not None
