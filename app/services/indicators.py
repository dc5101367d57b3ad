"""More indicators than the first: of the mission while it is framed, and of its projects while it is under way."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.milestone import has_milestones
from app.models.mission import Indicator, Mission, every_indicator_of
from app.models.money import every_reading_of
from app.rules.words import N_, Direction, MissionState, SubjectKind
from app.services import events, missions_edit, missions_routes
from app.services.missions_edit import IndicatorDoesNotFit, IndicatorText

INDICATORS_AT_MOST = 40
TAKES_THOSE_OF_PROJECTS = (MissionState.ADOPTED, MissionState.ACTIVE, MissionState.PAUSED)
YES_OR_NO = "0/1"


class TooManyIndicators(NotAcceptable):
    sentence: ClassVar[str] = N_("A mission holds at most %(most)s indicators.")


class NoProjectsYet(Conflict):
    sentence: ClassVar[str] = N_("Projects get indicators of their own once their mission is adopted.")


class HasReadings(Conflict):
    sentence: ClassVar[str] = N_("This indicator has readings, which stay: so it stays too.")


class NotRemovable(Conflict):
    sentence: ClassVar[str] = N_("The indicators of a project stay, with their readings.")


@dataclass(frozen=True)
class NewIndicator:
    """An indicator that lacks nothing; with a `verifier` it is a goal that is reached or not, as that body says."""

    told: IndicatorText
    verifier: str = ""
    project_id: UUID | None = None

    def facts(self) -> dict[str, Any]:
        return vars(self.told) | {"verifier": self.verifier, "project_id": self.project_id}


def yes_or_no(**told: Any) -> IndicatorText:
    """A goal that is reached or not: from 0 to 1."""
    return IndicatorText(baseline=Decimal(0), goal=Decimal(1), direction=Direction.UP, unit=YES_OR_NO, **told)


def add(session: Session, mission: Mission, typed: NewIndicator, by: UUID) -> Indicator:
    """Add one to the mission while its words may be edited, or to one of its projects once it is adopted."""
    session.refresh(mission, with_for_update=True)
    known = every_indicator_of(session, mission.id)
    if len(known) >= INDICATORS_AT_MOST:
        raise TooManyIndicators(most=INDICATORS_AT_MOST)
    if found := typed.told.doubts():
        raise IndicatorDoesNotFit(found)
    if typed.project_id is None:
        missions_edit.require_editable(mission)
    else:
        missions_routes.find(session, mission, typed.project_id)
        if mission.state not in TAKES_THOSE_OF_PROJECTS:
            raise NoProjectsYet()
    position = max((each.position for each in known), default=0) + 1
    indicator = Indicator(mission_id=mission.id, position=position, **typed.facts())
    session.add(indicator)
    session.flush()
    if typed.project_id is None:
        missions_edit.changed(session, mission, "indicator", by)
    else:
        events.record(
            session, "indicator_added", SubjectKind.MISSION, mission.id, by=by, indicator=indicator.id,
            project=typed.project_id,
        )  # fmt: skip
    return indicator


def remove(session: Session, mission: Mission, key: UUID, by: UUID) -> None:
    """Take one of the mission's away while its words may be edited and nobody has read it."""
    session.refresh(mission, with_for_update=True)
    indicator = session.get(Indicator, key)
    if indicator is None or indicator.mission_id != mission.id:
        raise NotFound()
    if indicator.project_id is not None:
        raise NotRemovable()
    missions_edit.require_editable(mission)
    if every_reading_of(session, [key]):
        raise HasReadings()
    if has_milestones(session, key):
        raise missions_routes.HasMilestones()
    session.delete(indicator)
    missions_edit.changed(session, mission, "indicator", by)
