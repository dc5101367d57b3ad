"""Missions: a problem a society sets itself to solve by a date, drafted from what people said."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, maybe_instant, maybe_to, maybe_word, to, word
from app.rules.words import (
    Direction,
    IndicatorLens,
    MissionState,
    Origin,
)


class Mission(SQLModel, table=True):
    """From candidate to adopted; its text is its clauses.

    `risk_share`: of a hundred parts of its money, how many may fail; only a vote of the committee sets it.
    """

    __table_args__ = (
        CheckConstraint("state <> 'withdrawn' OR outcome_reason <> ''", name="a_withdrawn_mission_says_why"),
        CheckConstraint("risk_share BETWEEN 0 AND 100", name="a_risk_is_a_share"),
    )

    id: UUID = key()
    call_id: UUID = to("call.id", index=True)
    cluster_id: UUID | None = maybe_to("cluster.id", index=True)
    cluster_key: UUID | None = Field(default=None, unique=True)
    organisation_id: UUID = to("organisation.id")
    title: str = Field(max_length=200)
    affected: str = Field(default="", max_length=500)
    owner_organisation_id: UUID | None = maybe_to("organisation.id")
    owner_seat_id: UUID | None = maybe_to("seat.id")
    state: MissionState = word(MissionState, default=MissionState.CANDIDATE)
    outcome_reason: str = Field(default="", max_length=4000)
    risk_share: int | None = None
    version: int = 1
    created_at: datetime = created()
    adopted_at: datetime | None = maybe_instant()
    launched_at: datetime | None = maybe_instant()


class Clause(SQLModel, table=True):
    """One sentence of a mission's text, with where it comes from; its sources are `Link` rows."""

    __table_args__ = (UniqueConstraint("mission_id", "position", name="clauses_are_in_order"),)

    id: UUID = key()
    mission_id: UUID = to("mission.id", on_delete="CASCADE", index=True)
    position: int
    section: str = Field(default="", max_length=60)
    text: str = Field(max_length=5000)
    origin: Origin = word(Origin, default=Origin.AGENCY)


class Indicator(SQLModel, table=True):
    """How one will know: from a baseline to a goal by a date. Every field may wait while drafting; a gate checks.

    What is filled in has to fit together, as `rules.indicators` says it. One with a `verifier` is a goal that is
    reached or not: that named person or body says so, its readings are 0 or 1. One of a project stands beside those
    of the mission and decides nothing about it.
    """

    __table_args__ = (
        CheckConstraint("baseline <> goal", name="an_indicator_has_something_to_change"),
        CheckConstraint(
            "(direction = 'up') = (goal > baseline)", name="a_goal_lies_where_its_direction_points"
        ),
        CheckConstraint("due > baseline_at", name="an_indicator_has_time"),
        CheckConstraint("verifier = '' OR (baseline = 0 AND goal = 1)", name="a_yes_or_no_goal_is_one"),
    )

    id: UUID = key()
    mission_id: UUID = to("mission.id", on_delete="CASCADE", index=True)
    project_id: UUID | None = maybe_to("project.id", index=True)
    position: int = 1
    name: str = Field(default="", max_length=200)
    verifier: str = Field(default="", max_length=200)
    lens: IndicatorLens | None = maybe_word(IndicatorLens)
    unit: str = Field(default="", max_length=60)
    direction: Direction | None = maybe_word(Direction)
    baseline: Decimal | None = Field(default=None, sa_type=Numeric(20, 6), nullable=True)
    baseline_at: date | None = None
    goal: Decimal | None = Field(default=None, sa_type=Numeric(20, 6), nullable=True)
    due: date | None = None
    source: str = Field(default="", max_length=300)
    owner: str = Field(default="", max_length=200)


def clauses_of(session: Session, mission_id: UUID) -> list[Clause]:
    return list(
        session.exec(select(Clause).where(Clause.mission_id == mission_id).order_by(col(Clause.position)))
    )


def indicators_of(session: Session, mission_id: UUID) -> list[Indicator]:
    """Those by which the mission itself is judged, in their order; those of its projects stand apart."""
    query = select(Indicator).where(Indicator.mission_id == mission_id, col(Indicator.project_id).is_(None))
    return list(session.exec(query.order_by(col(Indicator.position), col(Indicator.id))))


def every_indicator_of(session: Session, mission_id: UUID) -> list[Indicator]:
    """The mission's own first, then those of its projects."""
    query = select(Indicator).where(Indicator.mission_id == mission_id)
    return list(
        session.exec(
            query.order_by(col(Indicator.project_id).is_not(None), col(Indicator.position), col(Indicator.id))
        )
    )
