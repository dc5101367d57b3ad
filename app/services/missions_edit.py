"""Framing a mission: its title, targets and indicator, and the move to framed and back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select

from app.errors import Conflict, NotAcceptable
from app.models.columns import now
from app.models.link import Link
from app.models.mission import Indicator, Mission, indicators_of
from app.models.term import Tag, Term
from app.rules import gates, indicators
from app.rules.indicators import Doubt
from app.rules.missions import EDITABLE, require_move
from app.rules.words import N_, Direction, IndicatorLens, MissionState, SubjectKind
from app.services import events, missions, missions_owner, missions_text
from app.services.terms import DISCIPLINE, SDG, SECTOR

MANY_PARTS = 60


class NotEditable(Conflict):
    sentence: ClassVar[str] = N_(
        "This mission is “%(state)s”: nobody changes words that a committee votes on or has voted on."
    )


class IsWithdrawn(NotEditable):
    sentence: ClassVar[str] = N_("This mission is withdrawn. Take it up again before you change it.")


class MissionChanged(Conflict):
    """Never last-write-wins: whoever comes second keeps what they typed and sees what is there now."""

    sentence: ClassVar[str] = N_(
        "A colleague changed this mission while you were working. What you typed is still below: compare it with "
        "the mission as it stands now, then save again."
    )


class IndicatorDoesNotFit(NotAcceptable):
    """The rule of `rules.indicators`, which the database holds too."""

    sentence: ClassVar[str] = N_("The indicator does not fit together. %(doubt)s")

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        self.doubts = doubts
        super().__init__(doubt=indicators.told(doubts[0]))


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

    def doubts(self) -> list[Doubt]:
        """What cannot be true together; while the baseline has no day, time counts from today."""
        start = self.baseline_at or now().date()
        return indicators.doubts(self.baseline, self.goal, self.direction, start, self.due)


@dataclass(frozen=True)
class Edited:
    """Everything the editor holds at once; None is a part that it did not show."""

    title: str
    affected: str | None = None
    owner: str | None = None
    sectors: Sequence[str] | None = None
    disciplines: Sequence[str] | None = None
    codes: Sequence[str] | None = None
    indicator: IndicatorText | None = None


def locked(session: Session, mission: Mission, version: int) -> Mission:
    """The mission, held until the end of the transaction, if it may be edited and nobody was faster."""
    session.refresh(mission, with_for_update=True)
    require_editable(mission)
    if mission.version != version:
        raise MissionChanged()
    return mission


def require_editable(mission: Mission) -> None:
    if mission.state is MissionState.WITHDRAWN:
        raise IsWithdrawn()
    if mission.state not in EDITABLE:
        raise NotEditable(state=mission.state)


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


def write(session: Session, mission: Mission, typed: Edited, version: int, by: UUID) -> None:
    """Save what differs from what is kept, as one act; nothing typed in one part is lost by saving another."""
    locked(session, mission, version)
    parts: list[str] = []
    facts: dict[str, object] = {}
    if typed.title != mission.title:
        mission.title = typed.title
        parts.append("title")
    if typed.affected is not None and typed.affected != mission.affected:
        mission.affected = typed.affected
        parts.append("affected")
    if typed.owner is not None and missions_owner.put(session, mission, typed.owner):
        parts.append("owner")
    for scheme, wanted in ((SECTOR, typed.sectors), (DISCIPLINE, typed.disciplines)):
        if wanted is not None and set(wanted) != codes_of(session, mission, scheme):
            put_terms(session, mission, scheme, wanted)
            parts.append(scheme)
    if typed.codes is not None and set(typed.codes) != codes_of(session, mission):
        facts["codes"] = put_targets(session, mission, typed.codes)
        parts.append("targets")
    if typed.indicator is not None and put_indicator(session, mission, typed.indicator):
        parts.append("indicator")
    if parts:
        changed(session, mission, ", ".join(parts), by, **facts)


def retitle(session: Session, mission: Mission, title: str, version: int, by: UUID) -> None:
    locked(session, mission, version).title = title
    changed(session, mission, "title", by)


def set_targets(session: Session, mission: Mission, codes: Iterable[str], version: int, by: UUID) -> None:
    """Tag exactly these targets; goals are never picked, they follow from the targets."""
    locked(session, mission, version)
    changed(session, mission, "targets", by, codes=put_targets(session, mission, codes))


def codes_of(session: Session, mission: Mission, scheme: str = SDG) -> set[str]:
    return set(missions.topics_of(session, mission.id, scheme))


def put_targets(session: Session, mission: Mission, codes: Iterable[str]) -> list[str]:
    return put_terms(session, mission, SDG, codes, col(Term.parent_id).is_not(None))


def put_terms(
    session: Session, mission: Mission, scheme: str, codes: Iterable[str], *wanted: ColumnElement[bool]
) -> list[str]:
    """Tag exactly these terms of a scheme; a code that it does not have is left out."""
    query = select(Term).where(Term.scheme == scheme, col(Term.code).in_(set(codes)), *wanted)
    found = list(session.exec(query))
    session.exec(
        delete(Tag).where(
            col(Tag.subject_kind) == SubjectKind.MISSION,
            col(Tag.subject_id) == mission.id,
            col(Tag.term_id).in_(select(Term.id).where(Term.scheme == scheme)),
        )
    )
    for term in found:
        session.add(Tag(term_id=term.id, subject_kind=SubjectKind.MISSION, subject_id=mission.id))
    return sorted(term.code for term in found)


def set_indicator(session: Session, mission: Mission, typed: IndicatorText, version: int, by: UUID) -> None:
    """The one indicator a mission starts with, as far as it is filled in."""
    locked(session, mission, version)
    put_indicator(session, mission, typed)
    changed(session, mission, "indicator", by)


def put_indicator(session: Session, mission: Mission, typed: IndicatorText) -> bool:
    """Write the indicator where it differs from what is kept; answers whether it did."""
    present = indicators_of(session, mission.id)
    indicator = present[0] if present else Indicator(mission_id=mission.id)
    wanted = vars(typed)
    if all(getattr(indicator, name) == value for name, value in wanted.items()):
        return False
    if found := typed.doubts():
        raise IndicatorDoesNotFit(found)
    for name, value in wanted.items():
        setattr(indicator, name, value)
    session.add(indicator)
    session.flush()
    return True


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
