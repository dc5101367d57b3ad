"""The course of an adopted mission: under way, paused, achieved, ended; what each step asks for."""

from datetime import datetime

from sqlmodel import Session

from app.models.mission import Mission
from app.rules import missions as rules
from app.rules.words import MissionState


def require(mission: Mission, becomes: MissionState) -> None:
    """Refuse a step that the table of states does not know."""
    rules.require_move(mission.state, becomes, reason="-")


def move(session: Session, mission: Mission, becomes: MissionState, reason: str, _at: datetime) -> None:
    """Take the step; the act that calls records its event."""
    session.refresh(mission, with_for_update=True)
    rules.require_move(mission.state, becomes, reason=reason)
    mission.state, mission.outcome_reason = becomes, reason
    session.flush()
