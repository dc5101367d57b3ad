"""Missions as a list: on their way, on the ballot, adopted, and those that went no further."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.decision import Decision, decisions_about
from app.models.link import Link
from app.models.mission import Clause, Mission
from app.models.project import Project
from app.rules.disclosure import PUBLIC_CALL_STATES, shows_decision
from app.rules.words import LinkKind, MissionState, SubjectKind

M = MissionState
SECTIONS: tuple[tuple[str, tuple[MissionState, ...]], ...] = (
    ("on_ballot", (M.ON_BALLOT, M.IN_REVIEW)),
    ("adopted", (M.ADOPTED, M.ACTIVE, M.PAUSED, M.ACHIEVED)),
    ("candidates", (M.FRAMED, M.CANDIDATE, M.RETURNED)),
    ("over", (M.REJECTED, M.ENDED_NOT_MET, M.WITHDRAWN)),
)


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    mission: Mission
    call: Call
    sources: int
    routes: int
    decision: Decision | None


def listed(session: Session, call_id: UUID | None = None) -> list[tuple[str, list[Entry]]]:
    """Every mission in its section, newest first, of one call or of all that are public; four statements at most."""
    query = select(Mission, Call).join(Call, col(Call.id) == Mission.call_id)
    if call_id is not None:
        query = query.where(Mission.call_id == call_id)
    else:
        query = query.where(col(Call.state).in_(PUBLIC_CALL_STATES))
    rows = session.exec(query.order_by(col(Mission.created_at).desc(), col(Mission.id))).all()
    ids = [mission.id for mission, _call in rows]
    sources, routes, decisions = (
        counted_sources(session, ids),
        counted_routes(session, ids),
        latest(session, ids),
    )
    entries = [
        Entry(mission, call, sources.get(mission.id, 0), routes.get(mission.id, 0), decisions.get(mission.id))
        for mission, call in rows
    ]
    return [(name, [each for each in entries if each.mission.state in states]) for name, states in SECTIONS]


def counted_sources(session: Session, ids: list[UUID]) -> dict[UUID, int]:
    query = (
        select_columns(col(Clause.mission_id), func.count(func.distinct(Link.to_id)))
        .join(Link, col(Link.from_id) == Clause.id)
        .where(
            col(Clause.mission_id).in_(ids),
            col(Link.kind) == LinkKind.DERIVES_FROM,
            col(Link.to_kind) == SubjectKind.SUBMISSION,
        )
        .group_by(col(Clause.mission_id))
    )
    return {row[0]: int(row[1]) for row in session.connection().execute(query)}


def counted_routes(session: Session, ids: list[UUID]) -> dict[UUID, int]:
    query = (
        select_columns(col(Project.mission_id), func.count())
        .where(col(Project.mission_id).in_(ids))
        .group_by(col(Project.mission_id))
    )
    return {row[0]: int(row[1]) for row in session.connection().execute(query)}


def latest(session: Session, ids: list[UUID]) -> dict[UUID, Decision]:
    """The last announced decision on each mission."""
    found = decisions_about(session, ids)
    return {mission: decision for mission, decision in reversed(found) if shows_decision(decision.state)}
