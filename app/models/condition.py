"""Conditions on public money: what the awardee owes for it, until when, and how one can tell."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, to, word
from app.rules.words import ConditionKind, ConditionState, Side


class Condition(SQLModel, table=True):
    """One clause of a call (which its contracts start from) or of a project (which both sides agree).

    `test` is machine-readable, for `rules.conditions`: what is measured, how it is compared, with what. What is due,
    overdue and breached is computed when read; `state` says what people did. `version` is the one that binds, or the
    latest while nothing is agreed; a trigger lets only a version that both sides said yes to bind. A vote that accepts
    a remedy settles every check until `settled_until`.
    """

    __table_args__ = (
        CheckConstraint("(project_id IS NULL) <> (call_id IS NULL)", name="a_condition_has_one_home"),
        CheckConstraint("call_id IS NULL OR state = 'proposed'", name="a_call_only_proposes"),
        CheckConstraint(
            "(state IN ('remedied', 'waived')) = (decision_id IS NOT NULL)",
            name="a_decision_remedies_or_waives",
        ),
        CheckConstraint("dropped_at IS NULL OR state = 'proposed'", name="only_a_proposal_is_dropped"),
    )

    id: UUID = key()
    call_id: UUID | None = maybe_to("call.id", index=True)
    project_id: UUID | None = maybe_to("project.id", index=True)
    kind: ConditionKind = word(ConditionKind)
    state: ConditionState = word(ConditionState, default=ConditionState.PROPOSED)
    version: int = 1
    due: date | None = None
    decision_id: UUID | None = maybe_to("decision.id")
    settled_until: date | None = None
    created_at: datetime = created()
    agreed_at: datetime | None = maybe_instant()
    dropped_at: datetime | None = maybe_instant()
    looked_at: date | None = None  # when its letters were last looked after: once a day


class ConditionVersion(SQLModel, table=True):
    """How a condition read in one of its versions, who proposed it, and which sides said yes. Never changed."""

    __tablename__ = "condition_version"
    __table_args__ = (
        UniqueConstraint("condition_id", "number", name="versions_of_a_condition_are_numbered"),
    )

    id: UUID = key()
    condition_id: UUID = to("condition.id", on_delete="CASCADE", index=True)
    number: int
    clause: str = Field(max_length=2000)
    parameter: str = Field(default="", max_length=200)
    test: dict[str, Any] = document(dict)
    due: date | None = None
    by_id: UUID | None = maybe_to("person.id")
    created_at: datetime = created()


class ConditionYes(SQLModel, table=True):
    """That one side said yes to one version of a condition; who proposes it says yes to it. Never changed."""

    __tablename__ = "condition_yes"
    __table_args__ = (UniqueConstraint("version_id", "by_id", name="nobody_speaks_for_both_sides"),)

    version_id: UUID = to("condition_version.id", on_delete="CASCADE", primary_key=True)
    side: Side = word(Side, primary_key=True)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


class Evidence(SQLModel, table=True):
    """What the lead of a project shows for one check of a condition, with what was measured. Never changed."""

    __table_args__ = (CheckConstraint("words <> ''", name="evidence_says_something"),)

    id: UUID = key()
    condition_id: UUID = to("condition.id", index=True)
    due: date
    value: Decimal | None = Field(default=None, sa_type=Numeric(20, 6), nullable=True)
    words: str = Field(max_length=4000)
    link: str = Field(default="", max_length=1000)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


class EvidenceDoubt(SQLModel, table=True):
    """That the side that pays set evidence aside, with its reason: the check stands as without it. Never changed."""

    __tablename__ = "evidence_doubt"

    evidence_id: UUID = to("evidence.id", primary_key=True)
    reason: str = Field(max_length=2000)
    by_id: UUID = to("person.id")
    created_at: datetime = created()


class CheckLetter(SQLModel, table=True):
    """That the sides were told once of a check: that it is due, or that it is breached."""

    __tablename__ = "check_letter"

    condition_id: UUID = to("condition.id", primary_key=True)
    due: date = Field(primary_key=True)
    state: ConditionState = word(ConditionState, primary_key=True)
    told_at: datetime = created()


def conditions_of(session: Session, project_id: UUID) -> list[Condition]:
    query = select(Condition).where(Condition.project_id == project_id)
    return list(session.exec(query.order_by(col(Condition.created_at), col(Condition.id))))


def conditions_under(session: Session, project_ids: list[UUID]) -> list[Condition]:
    """The conditions of several projects that were not taken back, the oldest first."""
    query = select(Condition).where(
        col(Condition.project_id).in_(project_ids), col(Condition.dropped_at).is_(None)
    )
    return list(session.exec(query.order_by(col(Condition.created_at), col(Condition.id))))


def templates_of(session: Session, call_id: UUID) -> list[Condition]:
    """The conditions that a call tells everyone beforehand."""
    query = select(Condition).where(Condition.call_id == call_id)
    return list(session.exec(query.order_by(col(Condition.created_at), col(Condition.id))))


def versions_of(session: Session, condition_ids: list[UUID]) -> list[ConditionVersion]:
    query = select(ConditionVersion).where(col(ConditionVersion.condition_id).in_(condition_ids))
    return list(session.exec(query.order_by(col(ConditionVersion.number))))


def yes_to(session: Session, version_ids: list[UUID]) -> list[ConditionYes]:
    query = select(ConditionYes).where(col(ConditionYes.version_id).in_(version_ids))
    return list(session.exec(query.order_by(col(ConditionYes.created_at))))


def evidence_on(session: Session, condition_ids: list[UUID]) -> list[Evidence]:
    """What was filed, the oldest first."""
    query = select(Evidence).where(col(Evidence.condition_id).in_(condition_ids))
    return list(session.exec(query.order_by(col(Evidence.created_at), col(Evidence.id))))


def doubts_on(session: Session, evidence_ids: list[UUID]) -> dict[UUID, EvidenceDoubt]:
    query = select(EvidenceDoubt).where(col(EvidenceDoubt.evidence_id).in_(evidence_ids))
    return {each.evidence_id: each for each in session.exec(query)}
