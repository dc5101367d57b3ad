"""Framing a mission: its title, targets and indicator, and the move to framed and back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.errors import Conflict, NotAcceptable
from app.models.mission import Indicator, Link, Mission, indicators_of
from app.models.term import Tag, Term
from app.rules import gates
from app.rules.missions import EDITABLE, require_move
from app.rules.words import N_, Direction, IndicatorLens, MissionState, SubjectKind
from app.services import events, missions, missions_text
from app.services.terms import SDG

MANY_PARTS = 60


class NotEditable(Conflict):
    sentence: ClassVar[str] = N_(
        "This mission is “%(state)s”: nobody changes words that a committee votes on or has voted on."
    )


class MissionChanged(Conflict):
    """Never last-write-wins: whoever comes second keeps what they typed and sees what is there now."""

    sentence: ClassVar[str] = N_(
        "A colleague changed this mission while you were working. What you typed is still below: compare it with "
        "the mission as it stands now, then save again."
    )


class TooManyParts(NotAcceptable):
    sentence: ClassVar[str] = N_("A mission holds at most %(most)s clauses and as many routes.")


@dataclass(frozen=True)
class IndicatorText:
    """An indicator as far as it is known; a gate names what is still missing."""

    name: str = ""
    lens: IndicatorLens | None = None
    unit: str = ""
    direction: Direction | None = None
    baseline: Decimal | None = None
    baseline_at: date | None = None
    goal: Decimal | None = None
    due: date | None = None
    source: str = ""
    owner: str = ""


def locked(session: Session, mission: Mission, version: int) -> Mission:
    """The mission, held until the end of the transaction, if it may be edited and nobody was faster."""
    session.refresh(mission, with_for_update=True)
    if mission.state not in EDITABLE:
        raise NotEditable(state=mission.state)
    if mission.version != version:
        raise MissionChanged()
    return mission


def changed(session: Session, mission: Mission, part: str, by: UUID, **facts: object) -> None:
    """One more version, its words kept, its gates asked again; one event for all of it."""
    session.flush()
    mission.version += 1
    if is_reopened(session, mission):
        require_move(mission.state, MissionState.CANDIDATE)
        mission.state = MissionState.CANDIDATE
    words = missions_text.keep(session, mission, by)
    events.record(
        session, "mission_edited", SubjectKind.MISSION, mission.id, by=by,
        part=part, version=mission.version, state=mission.state, words=words, **facts,
    )  # fmt: skip
    session.flush()


def is_reopened(session: Session, mission: Mission) -> bool:
    """A mission that came back is worked on again; a framed one is a candidate again when a gate fails."""
    if mission.state is MissionState.FRAMED:
        return not gates.all_met(missions.facts_of(session, mission))
    return mission.state is not MissionState.CANDIDATE


def retitle(session: Session, mission: Mission, title: str, version: int, by: UUID) -> None:
    locked(session, mission, version).title = title
    changed(session, mission, "title", by)


def set_targets(session: Session, mission: Mission, codes: Iterable[str], version: int, by: UUID) -> None:
    """Tag exactly these targets; goals are never picked, they follow from the targets."""
    locked(session, mission, version)
    wanted = set(codes)
    query = select(Term).where(
        Term.scheme == SDG, col(Term.code).in_(wanted), col(Term.parent_id).is_not(None)
    )
    found = list(session.exec(query))
    session.exec(
        delete(Tag).where(
            col(Tag.subject_kind) == SubjectKind.MISSION,
            col(Tag.subject_id) == mission.id,
            col(Tag.term_id).in_(select(Term.id).where(Term.scheme == SDG)),
        )
    )
    for term in found:
        session.add(Tag(term_id=term.id, subject_kind=SubjectKind.MISSION, subject_id=mission.id))
    changed(session, mission, "targets", by, codes=sorted(term.code for term in found))


def set_indicator(session: Session, mission: Mission, typed: IndicatorText, version: int, by: UUID) -> None:
    """The one indicator a mission starts with, as far as it is filled in."""
    locked(session, mission, version)
    present = indicators_of(session, mission.id)
    indicator = present[0] if present else Indicator(mission_id=mission.id)
    for name, value in vars(typed).items():
        setattr(indicator, name, value)
    session.add(indicator)
    session.flush()
    changed(session, mission, "indicator", by)


def frame(session: Session, mission: Mission, version: int, by: UUID) -> None:
    """Ready for a committee: only when every gate is met."""
    locked(session, mission, version)
    require_move(mission.state, MissionState.FRAMED)
    gates.require_met(missions.facts_of(session, mission))
    mission.state = MissionState.FRAMED
    events.record(
        session,
        "mission_framed",
        SubjectKind.MISSION,
        mission.id,
        by=by,
        version=mission.version,
        state=mission.state,
    )


def unlink(session: Session, kind: SubjectKind, from_id: UUID) -> None:
    session.exec(delete(Link).where(col(Link.from_kind) == kind, col(Link.from_id) == from_id))
