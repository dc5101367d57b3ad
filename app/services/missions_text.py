"""The text of a mission as one piece: kept as a version whenever it changes."""

from uuid import UUID

from sqlmodel import Session

from app.models.mission import Mission, clauses_of
from app.rules.words import SubjectKind
from app.services import events, missions

QUOTATION = "[submission {}]"


def keep(session: Session, mission: Mission, by: UUID | None) -> str:
    """Keep the present text as the next version, and answer the salted hash for its event."""
    number = len(events.versions(session, SubjectKind.MISSION, mission.id)) + 1
    return events.keep_text(session, SubjectKind.MISSION, mission.id, number, whole(session, mission), by)


def whole(session: Session, mission: Mission) -> str:
    """Title and clauses; words that are still somebody's own stand as a reference, for they may take them back."""
    clauses = clauses_of(session, mission.id)
    sources = missions.sources_of(session, clauses)
    lines = [mission.title]
    for clause in clauses:
        quoted = [link.to_id for link in sources[clause.id] if link.note == missions.QUOTED]
        lines.append(QUOTATION.format(quoted[0]) if quoted else clause.text)
    return "\n\n".join(lines)
