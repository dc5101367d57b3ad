"""Decisions: the question put to a vote, with everything frozen at notice."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import defer
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, to, word
from app.rules.words import DecisionKind, DecisionState

FORMAT = "comission-decision/2"


class Decision(SQLModel, table=True):
    """Options, rule, electorate and times never change after notice: a trigger and a hash see to it."""

    __table_args__ = (
        CheckConstraint("state = 'draft' OR (frozen_hash <> '' AND closes_at > opens_at)", name="notice_freezes"),
        CheckConstraint("state <> 'certified' OR reasons <> ''", name="certification_gives_reasons"),
        CheckConstraint(
            "CASE WHEN kind IN ('adopt', 'amend', 'steer') THEN mission_id IS NOT NULL "
            "WHEN kind = 'portfolio' THEN mission_id IS NOT NULL OR call_id IS NOT NULL "
            "ELSE mission_id IS NULL AND call_id IS NULL END",
            name="a_kind_names_what_it_is_about",
        ),
        # Motions and portfolios of one mission may be before its committee side by side.
        Index("one_live_decision_per_mission", "mission_id", unique=True,
              postgresql_where="state IN ('draft', 'noticed', 'open', 'closed', 'carried', 'tied') "
                               "AND kind IN ('adopt', 'amend')"),
        Index("one_live_portfolio_per_call", "call_id", unique=True,
              postgresql_where="state IN ('draft', 'noticed', 'open', 'closed', 'carried', 'tied')"),
    )  # fmt: skip

    id: UUID = key()
    committee_id: UUID = to("committee.id", index=True)
    kind: DecisionKind = word(DecisionKind, default=DecisionKind.ADOPT)
    mission_id: UUID | None = maybe_to("mission.id", index=True)
    call_id: UUID | None = maybe_to("call.id")  # whose applications a portfolio chooses among
    format: str = Field(default=FORMAT, max_length=40)
    timezone: str = Field(default="UTC", max_length=60)
    question: str = Field(max_length=500)
    options: list[Any] = document(list)
    rule: dict[str, Any] = document(dict)
    terms: dict[str, Any] = document(dict)
    electorate: list[Any] = document(list)
    frozen_hash: str = Field(default="", max_length=64)
    state: DecisionState = word(DecisionState, default=DecisionState.DRAFT)
    put_by_id: UUID | None = maybe_to("person.id")
    seconded_by_id: UUID | None = maybe_to("seat.id")
    seconded_at: datetime | None = maybe_instant()
    seconded_hash: str = Field(default="", max_length=64)
    noticed_at: datetime | None = maybe_instant()
    opens_at: datetime | None = maybe_instant()
    closes_at: datetime | None = maybe_instant()
    closed_at: datetime | None = maybe_instant()
    outcome: str = Field(default="", max_length=20)
    result: dict[str, Any] = document(dict)
    recused: list[Any] = document(list)
    absent: list[Any] = document(list)
    lot_value: str | None = Field(default=None, max_length=200)
    ballots_hash: str = Field(default="", max_length=64)
    reasons: str = Field(default="", max_length=10_000)
    certified_at: datetime | None = maybe_instant()
    certified_by_seat_id: UUID | None = maybe_to("seat.id")
    created_at: datetime = created()


class Matter(SQLModel, table=True):
    """One of the missions that a question about several is about; where it is about one, the decision names it."""

    decision_id: UUID = to("decision.id", on_delete="CASCADE", primary_key=True)
    mission_id: UUID = to("mission.id", primary_key=True, index=True)


def decisions_about(session: Session, mission_ids: Collection[UUID]) -> list[tuple[UUID, Decision]]:
    """Every noticed decision about these missions with the mission it is about, the latest notice first."""
    wanted = list(mission_ids)
    single = select(Decision.mission_id, Decision).where(col(Decision.mission_id).in_(wanted))
    several = (
        select(Matter.mission_id, Decision)
        .join(Decision, col(Decision.id) == Matter.decision_id)
        .where(col(Matter.mission_id).in_(wanted))
    )
    found = [
        (mission, decision)
        for query in (single, several)
        for mission, decision in session.exec(query.where(Decision.state != DecisionState.DRAFT))
        if mission is not None
    ]
    return sorted(found, key=lambda each: each[1].noticed_at or each[1].created_at, reverse=True)


def missions_about(session: Session, decision: Decision) -> list[UUID]:
    """The missions that a decision is about."""
    if decision.mission_id is not None:
        return [decision.mission_id]
    return list(session.exec(select(Matter.mission_id).where(Matter.decision_id == decision.id)))


def decisions_on(session: Session, mission_id: UUID) -> list[Decision]:
    """Every decision about a mission, drafts too."""
    among = select(Matter.decision_id).where(Matter.mission_id == mission_id)
    query = select(Decision).where((col(Decision.mission_id) == mission_id) | col(Decision.id).in_(among))
    return list(session.exec(query.order_by(col(Decision.created_at), col(Decision.id))))


def decisions_of_mission(session: Session, mission_id: UUID) -> list[Decision]:
    return [decision for _mission, decision in decisions_about(session, [mission_id])]


def decisions_of_call(session: Session, call_id: UUID) -> list[Decision]:
    """The votes on the applications to a call, voided ones too."""
    query = select(Decision).where(Decision.call_id == call_id)
    return list(session.exec(query.order_by(col(Decision.created_at))))


def decisions_of_committee(session: Session, committee_id: UUID) -> list[Decision]:
    query = select(Decision).where(Decision.committee_id == committee_id)
    return list(session.exec(query.order_by(col(Decision.created_at).desc())))


def decisions_of_committees(session: Session, committee_ids: Collection[UUID]) -> dict[UUID, list[Decision]]:
    """For lists, the latest first: without who may vote and what was counted, which is most of a row."""
    left_out = (
        defer(Decision.electorate),  # type: ignore[arg-type]
        defer(Decision.result),  # type: ignore[arg-type]
        defer(Decision.terms),  # type: ignore[arg-type]
    )
    query = select(Decision).where(col(Decision.committee_id).in_(committee_ids)).options(*left_out)
    found: dict[UUID, list[Decision]] = {each: [] for each in committee_ids}
    for decision in session.exec(query.order_by(col(Decision.created_at).desc(), col(Decision.id))):
        found[decision.committee_id].append(decision)
    return found
