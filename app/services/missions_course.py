"""The course of an adopted mission: under way, paused, achieved, ended; what each step asks for."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Conflict
from app.models.columns import now
from app.models.course import course_reviews_of
from app.models.mission import Mission
from app.models.money import standing_lines
from app.models.project import projects_of
from app.rules import missions as rules
from app.rules.gates import ROUTES_NEEDED
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, CourseKind, MissionState, MoneyKind, SubjectKind
from app.services import events, missions, notifications, progress


class NotReadyToLaunch(Conflict):
    sentence: ClassVar[str] = N_("The mission cannot start yet. %(missing)s")


class NoEndReview(Conflict):
    sentence: ClassVar[str] = N_(
        "A mission that ends before its goals are met needs a concluded review at the end, with its lessons, first."
    )


@dataclass(frozen=True)
class Need:
    """One thing that a mission needs before it starts; `missing` says what is still to do."""

    title: str
    missing: Phrase | None

    @property
    def is_met(self) -> bool:
        return self.missing is None


def needs(session: Session, mission: Mission) -> list[Need]:
    """What an adopted mission needs before it is under way: money that is committed, and rivals or a call for them."""
    committed = [
        each for each in standing_lines(session, mission.id) if each.kind is MoneyKind.COMMITTED and each.amount > 0
    ]  # fmt: skip
    routes = len(missions.routes_among(projects_of(session, mission.id)))
    has_rivals = routes >= ROUTES_NEEDED or missions.asks_for_routes(session, mission.id)
    no_money = phrase(N_("Add a line of money that is committed: one that is only announced does not count."))
    no_rivals = phrase(
        N_("It needs %(needed)s rival routes, or an open call for them (routes now: %(found)s)."),
        needed=ROUTES_NEEDED, found=routes,
    )  # fmt: skip
    return [
        Need(N_("Committed money"), None if committed else no_money),
        Need(N_("Three rival routes, or an open call"), None if has_rivals else no_rivals),
    ]


def launch(session: Session, mission: Mission, by: UUID, origin: str = "") -> None:
    """Set an adopted mission under way, when nothing that it needs is missing."""
    session.refresh(mission, with_for_update=True)
    if mission.state is not MissionState.ADOPTED:
        # A paused mission goes on by a vote, and one whose goal is reached by its readings.
        raise NotReadyToLaunch(missing=phrase(N_("Only an adopted mission is started.")))
    rules.require_move(mission.state, MissionState.ACTIVE)
    missing = [each.missing for each in needs(session, mission) if each.missing is not None]
    if missing:
        raise NotReadyToLaunch(missing=missing[0])
    mission.state, mission.launched_at = MissionState.ACTIVE, now()
    events.record(session, "mission_launched", SubjectKind.MISSION, mission.id, by=by)
    session.flush()
    tell_followers(session, mission, "mission_launched", origin)


def tell_followers(session: Session, mission: Mission, kind: str, origin: str) -> None:
    people = notifications.followers(session, SubjectKind.MISSION, mission.id)
    notifications.tell(session, people, kind, SubjectKind.MISSION, mission.id, origin, title=mission.title)


def started(mission: Mission) -> datetime:
    """Since when it is under way, as far as that is known."""
    return mission.launched_at or mission.adopted_at or mission.created_at


def require(mission: Mission, becomes: MissionState) -> None:
    """Refuse a step that the table of states does not know."""
    rules.require_move(mission.state, becomes, reason="-")


def require_endable(session: Session, mission: Mission) -> None:
    """Refuse an end before the goals are met of which nothing was learned."""
    require(mission, MissionState.ENDED_NOT_MET)
    if not any(
        each.kind is CourseKind.END and each.concluded_at for each in course_reviews_of(session, mission.id)
    ):
        raise NoEndReview()


def move(session: Session, mission: Mission, becomes: MissionState, reason: str, _at: datetime) -> None:
    """Take the step; the act that calls records its event."""
    session.refresh(mission, with_for_update=True)
    rules.require_move(mission.state, becomes, reason=reason)
    mission.state, mission.outcome_reason = becomes, reason
    session.flush()


def tell_due(session: Session, origin: str = "") -> int:
    """Tell the log which missions their readings achieved, or do no longer; answers how many were told."""
    query = select(Mission).where(col(Mission.state).in_(progress.ON_ITS_WAY)).order_by(col(Mission.id))
    return sum(tell_readings(session, each, origin) for each in session.exec(query))


def tell_readings(session: Session, mission: Mission, origin: str) -> bool:
    """Write into the record and the log what the readings of a mission say already."""
    if progress.state(session, mission) is mission.state:
        return False
    session.refresh(mission, with_for_update=True)
    becomes = progress.state(session, mission)
    if becomes is mission.state:
        return False
    rules.require_move(mission.state, becomes)
    mission.state = becomes
    kind = "mission_achieved" if becomes is MissionState.ACHIEVED else "mission_fell_back"
    events.record(session, kind, SubjectKind.MISSION, mission.id)
    session.flush()
    tell_followers(session, mission, kind, origin)
    return True
