"""What moderators have to look at among comments, objections and amendments on missions and decisions."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.models.committee import Committee
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.statement import Statement
from app.rules.words import StatementKind, StatementState, SubjectKind

PAGE = 50
WAITING = (StatementKind.REPORT, StatementKind.APPEAL)


@dataclass(frozen=True)
class SpokenWaiting:
    """One statement with how many reports wait, or its appeal; `excerpt` is what it says."""

    statement: Statement
    reports: int


def waiting(session: Session, organisation_id: UUID, kind: StatementKind) -> list[SpokenWaiting]:
    """What was reported, or appealed about, on the missions and decisions of an agency, the oldest first."""
    asked, said = aliased(Statement), aliased(Statement)
    first, many = func.min(col(asked.created_at)), func.count()
    query = (
        select(said, many)
        .select_from(asked)
        .join(said, col(said.id) == asked.subject_id)
        .where(
            col(asked.kind) == kind,
            col(asked.resolved_at).is_(None),
            col(asked.subject_kind) == SubjectKind.STATEMENT,
            col(said.state) != StatementState.WITHDRAWN,
            or_(
                col(said.subject_id).in_(missions_of(organisation_id)),
                col(said.subject_id).in_(decisions_of(organisation_id)),
            ),
        )
        .group_by(col(said.id))
        .order_by(first, col(said.id))
        .limit(PAGE)
    )
    return [SpokenWaiting(row[0], row[1]) for row in session.execute(query)]


def missions_of(organisation_id: UUID) -> Select[UUID]:
    return select(col(Mission.id)).where(col(Mission.organisation_id) == organisation_id)


def decisions_of(organisation_id: UUID) -> Select[UUID]:
    return (
        select(col(Decision.id))
        .join(Committee, col(Committee.id) == Decision.committee_id)
        .where(col(Committee.organisation_id) == organisation_id)
    )
