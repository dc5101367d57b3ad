"""Projects: the rival routes to a mission's goal, from a proposal to a verdict and its lesson."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, maybe_word, to, word
from app.rules.words import Instrument, ProjectState, ProjectVerdict

ENDED = "state IN ('completed', 'stopped_to_learn')"


class Project(SQLModel, table=True):
    """One route; `readiness` is its technology readiness level at the start, 1 to 9.

    It starts from a `hypothesis` that can turn out false, and ends with a verdict on it; its lesson is a statement.
    `application_id` is the application it was contracted from; a route without one was drafted from a group.
    `contract_minimum` is what its contract pays whatever becomes of the budget, in the currency of its portfolio.
    """

    __table_args__ = (
        CheckConstraint("readiness BETWEEN 1 AND 9", name="readiness_has_nine_levels"),
        CheckConstraint("ends > starts", name="a_project_has_time"),
        CheckConstraint("contract_minimum >= 0", name="a_contract_promises_money"),
        CheckConstraint(f"({ENDED}) = (verdict IS NOT NULL)", name="an_end_has_a_verdict"),
        CheckConstraint(f"({ENDED}) = (ended_at IS NOT NULL)", name="an_end_says_when"),
    )

    id: UUID = key()
    mission_id: UUID = to("mission.id", on_delete="CASCADE", index=True)
    cluster_id: UUID | None = maybe_to("cluster.id")
    application_id: UUID | None = maybe_to("application.id", unique=True)
    title: str = Field(max_length=200)
    summary: str = Field(default="", max_length=4000)
    route: str = Field(default="", max_length=120)
    instrument: Instrument | None = maybe_word(Instrument)
    hypothesis: str = Field(default="", max_length=2000)
    readiness: int | None = None
    lead_organisation_id: UUID | None = maybe_to("organisation.id")
    funder_organisation_id: UUID | None = maybe_to("organisation.id")
    starts: date | None = None
    ends: date | None = None
    state: ProjectState = word(ProjectState, default=ProjectState.PROPOSED)
    verdict: ProjectVerdict | None = maybe_word(ProjectVerdict)
    outcome_reason: str = Field(default="", max_length=4000)
    contract_minimum: Decimal | None = Field(default=None, sa_type=Numeric(20, 2), nullable=True)
    contracted_at: datetime | None = maybe_instant()
    ended_at: datetime | None = maybe_instant()
    version: int = 1
    facts: dict[str, Any] = document(dict)
    created_at: datetime = created()


def projects_of(session: Session, mission_id: UUID) -> list[Project]:
    query = select(Project).where(Project.mission_id == mission_id)
    return list(session.exec(query.order_by(col(Project.created_at), col(Project.id))))
