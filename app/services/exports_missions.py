"""The documents of an export: missions with the sources of every clause, and decisions as far as they may be told."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.models.course import course_reviews_of, recalls_of
from app.models.decision import Decision, decisions_about
from app.models.link import Link
from app.models.mission import Mission, every_indicator_of
from app.models.money import every_reading_of, still_standing
from app.rules.disclosure import PUBLIC_DECISION_STATES, shows_count
from app.services import (
    conditions_read,
    decisions_recount,
    links_show,
    milestones,
    missions,
    missions_sectors,
)
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
        "launched_at": mission.launched_at,
        "readings": readings_of(session, mission),
        "milestones": milestones_of(session, mission),
        "reviews_on_the_way": reviews_of(session, mission),
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


def readings_of(session: Session, mission: Mission) -> list[dict[str, Any]]:
    """All that was ever entered, with what corrects what; only those that stand count."""
    names = ("id", "at", "value", "low", "high", "is_forecast", "is_taken_back", "source", "replaces_id")
    named = {each.id: each for each in every_indicator_of(session, mission.id)}
    found = every_reading_of(session, list(named))
    standing = {each.id for each in still_standing(found)}
    return [
        {name: getattr(each, name) for name in names}
        | {"indicator": named[each.indicator_id].name, "project": named[each.indicator_id].project_id}
        | {"stands": each.id in standing}
        for each in found
    ]


def milestones_of(session: Session, mission: Mission) -> list[dict[str, Any]]:
    names = ("id", "title", "due", "expected", "verifier", "project_id", "indicator_id", "decision_id")
    return [
        {name: getattr(each.milestone, name) for name in names}
        | {"state": each.reached.state, "reached_on": each.reached.on}
        for each in milestones.of_mission(session, mission)
    ]


def reviews_of(session: Session, mission: Mission) -> list[dict[str, Any]]:
    """The concluded ones; of those who were asked again only how many answered."""
    names = ("id", "number", "kind", "opened_at", "concluded_at", "verdict", "reason", "changes", "next_on")
    found = [each for each in course_reviews_of(session, mission.id) if each.concluded_at]
    asked = recalls_of(session, [each.id for each in found])
    return [
        {name: getattr(each, name) for name in names}
        | {"signals": [told["key"] for told in each.signals]}
        | {"asked": sum(one.review_id == each.id for one in asked)}
        | {"answered": sum(one.review_id == each.id and one.felt is not None for one in asked)}
        for each in found
    ]


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
