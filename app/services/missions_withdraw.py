"""Withdrawing a mission that should not have been drafted, and taking it up again: nothing of it is deleted."""

from uuid import UUID

from sqlmodel import Session

from app.models.mission import Mission
from app.rules.missions import require_move
from app.rules.words import MissionState, SubjectKind
from app.services import events, lineage_rows, missions_draft, missions_edit, notifications


def withdraw(
    session: Session, mission: Mission, reason: str, version: int, by: UUID, origin: str = ""
) -> None:
    """Everyone still reads it, with the reason; those whose words it came from are told."""
    missions_edit.locked(session, mission, version)
    require_move(mission.state, MissionState.WITHDRAWN, reason=reason)
    mission.state, mission.outcome_reason = MissionState.WITHDRAWN, reason
    number = len(events.versions(session, SubjectKind.MISSION, mission.id)) + 1
    kept = events.keep_text(session, SubjectKind.MISSION, mission.id, number, reason, by)
    events.record(session, "mission_withdrawn", SubjectKind.MISSION, mission.id, by=by, reason=kept)
    session.flush()
    cluster = lineage_rows.cluster_of(session, mission)
    people = missions_draft.authors_in(session, cluster) if cluster else []
    people += notifications.followers(session, SubjectKind.MISSION, mission.id)
    notifications.tell(
        session, people, "mission_withdrawn", SubjectKind.MISSION, mission.id, origin, title=mission.title
    )


def take_up_again(session: Session, mission: Mission, by: UUID) -> None:
    """It is a candidate once more, as it was left."""
    session.refresh(mission, with_for_update=True)
    require_move(mission.state, MissionState.CANDIDATE)
    mission.state, mission.outcome_reason = MissionState.CANDIDATE, ""
    events.record(session, "mission_reopened", SubjectKind.MISSION, mission.id, by=by)
    session.flush()
