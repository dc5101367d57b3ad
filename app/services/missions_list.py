"""Missions as a list: on their way, on the ballot, adopted, and those that went no further."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.decision import Decision, decisions_about
from app.models.link import Link
from app.models.mission import Clause, Mission
from app.models.project import Project
from app.rules import keyset
from app.rules.disclosure import PUBLIC_CALL_STATES, shows_decision
from app.rules.words import LinkKind, MissionState, SubjectKind

M = MissionState
SECTIONS: dict[str, tuple[MissionState, ...]] = {
    "on_ballot": (M.ON_BALLOT, M.IN_REVIEW),
    "adopted": (M.ADOPTED, M.ACTIVE, M.PAUSED, M.ACHIEVED),
    "candidates": (M.FRAMED, M.CANDIDATE, M.RETURNED),
    "over": (M.REJECTED, M.ENDED_NOT_MET, M.WITHDRAWN),
}


FIRST, PAGE = 10, 30  # of each section where all are shown, and of one section on its own
SORT = "newest"


@dataclass(frozen=True)
class Of:
    """Whose missions are listed: those of a question, of an agency, or all."""

    call_id: UUID | None = None
    organisation_id: UUID | None = None


EVERYTHING = Of()


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    mission: Mission
    call: Call
    sources: int
    routes: int
    decision: Decision | None


@dataclass(frozen=True)
class Section:
    """Some missions of one section, newest first; `next` is where the following ones start, if there are any."""

    name: str
    entries: list[Entry]
    next: str | None


def sections(session: Session, of: Of = EVERYTHING) -> list[Section]:
    """The newest of every section, of one call or agency or of all that are public."""
    found = [(name, rows_of(session, of, name, FIRST)) for name in SECTIONS]
    return told(session, found, FIRST)


def section(session: Session, name: str, of: Of = EVERYTHING, cursor: str = "") -> Section:
    """One page of one section."""
    (found,) = told(session, [(name, rows_of(session, of, name, PAGE, cursor))], PAGE)
    return found


Rows = Sequence[tuple[Mission, Call]]


def rows_of(session: Session, of: Of, name: str, most: int, cursor: str = "") -> Rows:
    """One more than are shown, to know whether more follow."""
    query = select(Mission, Call).join(Call, col(Call.id) == Mission.call_id)
    query = query.where(col(Mission.state).in_(SECTIONS[name]))
    if of.call_id is not None:
        query = query.where(Mission.call_id == of.call_id)
    else:
        query = query.where(col(Call.state).in_(PUBLIC_CALL_STATES))
    if of.organisation_id is not None:
        query = query.where(Mission.organisation_id == of.organisation_id)
    if cursor:
        query = query.where(after(cursor))
    query = query.order_by(col(Mission.created_at).desc(), col(Mission.id).desc())
    return session.exec(query.limit(most + 1)).all()


def after(cursor: str) -> ColumnElement[bool]:
    at, key = keyset.decode(cursor, SORT, (datetime, UUID))
    at_once = and_(col(Mission.created_at) == at, col(Mission.id) < key)
    return or_(col(Mission.created_at) < at, at_once)


def told(session: Session, found: Sequence[tuple[str, Rows]], most: int) -> list[Section]:
    """What each line says, in three statements for all sections together."""
    ids = [mission.id for _name, rows in found for mission, _call in rows[:most]]
    sources, routes, decisions = (
        counted_sources(session, ids),
        counted_routes(session, ids),
        latest(session, ids),
    )
    told = []
    for name, rows in found:
        entries = [
            Entry(
                mission,
                call,
                sources.get(mission.id, 0),
                routes.get(mission.id, 0),
                decisions.get(mission.id),
            )
            for mission, call in rows[:most]
        ]
        last = entries[-1].mission if len(rows) > most else None
        told.append(Section(name, entries, keyset.encode(SORT, [last.created_at, last.id]) if last else None))
    return told


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
