"""Amendments: other words for one clause of a mission, or a new clause; the words themselves are a statement's."""

from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import maybe_to, to
from app.models.statement import Statement
from app.rules.words import AnswerState, StatementKind, SubjectKind


class Amendment(SQLModel, table=True):
    """What a proposal for other words needs besides them; `statement_id` is its id everywhere.

    `base_version` is the version of the mission that its author read, `base_hash` the hash of the clause in it.
    """

    statement_id: UUID = to("statement.id", primary_key=True)
    mission_id: UUID = to("mission.id", index=True)
    section: str = Field(default="", max_length=60)
    reason: str = Field(default="", max_length=2000)
    version: int = 1
    base_version: int
    base_hash: str = Field(default="", max_length=64)
    decision_id: UUID | None = maybe_to("decision.id")


def amendments_of(session: Session, mission_id: UUID) -> list[tuple[Statement, Amendment]]:
    """Every proposal for other words of a mission, the oldest first."""
    query = (
        select(Statement, Amendment)
        .join(Amendment, col(Amendment.statement_id) == Statement.id)
        .where(Amendment.mission_id == mission_id, Statement.kind == StatementKind.AMENDMENT)
        .order_by(col(Statement.created_at), col(Statement.id))
    )
    return list(session.exec(query))


def state_of(statement: Statement) -> AnswerState:
    """What became of an objection or an amendment."""
    return AnswerState(statement.outcome) if statement.outcome else AnswerState.OPEN


def answers_to(session: Session, statement_ids: list[UUID]) -> dict[UUID, Statement]:
    """The public answer to each objection or amendment, as far as there is one."""
    query = select(Statement).where(
        Statement.subject_kind == SubjectKind.STATEMENT,
        col(Statement.subject_id).in_(statement_ids),
        Statement.kind == StatementKind.ANSWER,
    )
    found = session.exec(query.order_by(col(Statement.created_at))) if statement_ids else ()
    return {each.subject_id: each for each in found}
