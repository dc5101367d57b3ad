"""The documents of an export: missions with the sources of every clause, and decisions as far as they may be told."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions import decision_phase
from app.models.decision import Decision
from app.models.mission import Mission
from app.rules.disclosure import PUBLIC_DECISION_STATES, shows_count
from app.services import decisions_recount, missions


def missions_of_call(session: Session, call_id: UUID) -> list[dict[str, Any]]:
    query = select(Mission).where(Mission.call_id == call_id)
    found = session.exec(query.order_by(col(Mission.created_at), col(Mission.id))).all()
    return [mission_facts(session, mission) for mission in found]


def mission_facts(session: Session, mission: Mission) -> dict[str, Any]:
    """The snapshot, in which words taken back are empty, with the mission's state and gates."""
    return {
        **missions.snapshot(session, mission),
        "state": mission.state,
        "cluster": mission.cluster_id,
        "created_at": mission.created_at,
        "adopted_at": mission.adopted_at,
        "missing": [gate.missing.english for gate in missions.gates_of(session, mission) if gate.missing],
    }


def decisions_of_call(session: Session, call_id: UUID) -> list[dict[str, Any]]:
    """Announced decisions; results and ballots are in the recount file of those that are counted."""
    query = (
        select(Decision)
        .join(Mission, col(Mission.id) == Decision.mission_id)
        .where(Mission.call_id == call_id, col(Decision.state).in_(PUBLIC_DECISION_STATES))
        .order_by(col(Decision.noticed_at), col(Decision.id))
    )
    return [decision_facts(session, decision) for decision in session.exec(query)]


def decision_facts(session: Session, decision: Decision) -> dict[str, Any]:
    names = ("id", "committee_id", "mission_id", "question", "noticed_at", "opens_at", "closes_at")
    facts = {name: getattr(decision, name) for name in names} | {"state": decision_phase(decision)}
    if not shows_count(decision.state):
        return facts
    counted = {name: getattr(decision, name) for name in ("outcome", "reasons", "closed_at", "certified_at")}
    return facts | counted | {"recount": decisions_recount.document(session, decision)}
