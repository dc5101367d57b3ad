"""Conditions on public money: what the awardee owes for it, until when, and how one can tell."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, document, key, maybe_instant, maybe_to, to, word
from app.rules.words import ConditionKind, ConditionState


class Condition(SQLModel, table=True):
    """One clause of a call (which its contracts start from) or of a project (which both sides agree).

    `test` is machine-readable, for `rules.conditions`: what is measured, how it is compared, with what. What is due,
    overdue and breached is computed when read; `state` says what people did.
    """

    __table_args__ = (
        CheckConstraint("(project_id IS NULL) <> (call_id IS NULL)", name="a_condition_has_one_home"),
        CheckConstraint("call_id IS NULL OR state = 'proposed'", name="a_call_only_proposes"),
        CheckConstraint(
            "(state IN ('remedied', 'waived')) = (decision_id IS NOT NULL)",
            name="a_decision_remedies_or_waives",
        ),
    )

    id: UUID = key()
    call_id: UUID | None = maybe_to("call.id", index=True)
    project_id: UUID | None = maybe_to("project.id", index=True)
    kind: ConditionKind = word(ConditionKind)
    state: ConditionState = word(ConditionState, default=ConditionState.PROPOSED)
    version: int = 1
    due: date | None = None
    decision_id: UUID | None = maybe_to("decision.id")
    created_at: datetime = created()
    agreed_at: datetime | None = maybe_instant()


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


def conditions_of(session: Session, project_id: UUID) -> list[Condition]:
    query = select(Condition).where(Condition.project_id == project_id)
    return list(session.exec(query.order_by(col(Condition.created_at), col(Condition.id))))
