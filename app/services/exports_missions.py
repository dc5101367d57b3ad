"""The documents of an export: missions with the sources of every clause, and decisions as far as they may be told."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.models.decision import Decision, decisions_about
from app.models.link import Link
from app.models.mission import Mission
from app.rules.disclosure import PUBLIC_DECISION_STATES, shows_count
from app.services import conditions_read, decisions_recount, links_show, missions, missions_sectors
from app.services.conditions_read import Read


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
        "conditions": [condition_facts(each) for each in conditions_read.of_mission(session, mission)],
        "missing": [gate.missing.english for gate in missions.gates_of(session, mission) if gate.missing],
        "links": [link_facts(told.link) for told in links_show.told(session, mission) if told.is_ours],
        "sectors_of_projects": [
            {"project": project, "sector": code}
            for project, code in missions_sectors.of_projects(session, mission.id)
        ],
    }


def link_facts(link: Link) -> dict[str, Any]:
    """How one thing bears on another: what that rests on, and whether it was tested."""
    names = (
        "kind",
        "from_kind",
        "from_id",
        "to_kind",
        "to_id",
        "assumption",
        "status",
        "evidence",
        "size",
        "unit",
    )
    return {name: getattr(link, name) for name in (*names, "tested_at")}


def condition_facts(read: Read) -> dict[str, Any]:
    """A condition on a project: every version with the days of its yeses, and what became of its checks; no person."""
    return {
        "id": read.condition.id,
        "project": read.project.id,
        "kind": read.condition.kind,
        "state": read.state,
        "binds": read.binding.number if read.binding else None,
        "versions": [
            {
                **{name: getattr(each, name) for name in ("number", "clause", "parameter", "test", "due")},
                "proposed_by": read.proposer_of(each),
                "agreed": {side: yes.created_at for side, yes in read.yes_of(each).items()},
            }
            for each in read.versions
        ],
        "checks": [
            {"due": each.due, "state": each.state, "evidence": len(read.proofs_for(each.due))}
            for each in read.checks
        ],
    }


def decisions_of_call(session: Session, call_id: UUID) -> list[dict[str, Any]]:
    """Announced decisions; results and ballots are in the recount file of those that are counted."""
    missions_of_call = session.exec(select(Mission.id).where(Mission.call_id == call_id)).all()
    found = {each.id: each for _mission, each in decisions_about(session, missions_of_call)}
    shown = [each for each in found.values() if each.state in PUBLIC_DECISION_STATES]
    return [
        decision_facts(session, each) for each in sorted(shown, key=lambda each: (each.noticed_at, each.id))
    ]


def decision_facts(session: Session, decision: Decision) -> dict[str, Any]:
    names = ("id", "committee_id", "mission_id", "kind", "question", "noticed_at", "opens_at", "closes_at")
    facts = {name: getattr(decision, name) for name in names} | {"state": decision_phase(decision)}
    if not shows_count(decision.state):
        return facts
    counted = {name: getattr(decision, name) for name in ("outcome", "reasons", "closed_at", "certified_at")}
    return facts | counted | {"recount": decisions_recount.document(session, decision)}
