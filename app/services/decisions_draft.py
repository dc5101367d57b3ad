"""Drafting a question of any kind: what it is about, its options, and the rule that will count it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, col, delete, select

from app.conditions.asking import decision_phase
from app.errors import Conflict, NotAcceptable
from app.models.call import Call
from app.models.committee import Committee
from app.models.decision import Decision, Matter, missions_about
from app.models.mission import Mission
from app.models.motion import Motion
from app.models.project import Project
from app.models.seat import live_seats_in
from app.rules import composition, hashing, phases
from app.rules.composition import Step
from app.rules.phases import Act
from app.rules.words import N_, DecisionKind, MissionState, ScopeKind, SubjectKind
from app.services import (
    amendments_decide,
    awards_ask,
    committees,
    decisions,
    decisions_matter,
    decisions_rule,
    motions,
)
from app.services.amendments_decide import AmendmentToVote
from app.services.decisions_rule import RuleChoice

K = DecisionKind
OF_MISSIONS = frozenset({K.CHOOSE, K.SET})
IN_OWN_WORDS = frozenset({K.ELECT, K.SETTLE})
OFFERED = (K.CHOOSE, K.SET, K.PORTFOLIO, K.AMEND, K.STEER, K.ELECT, K.SETTLE)
NONE_OF_THESE = {"id": "none", "title": N_("None of these: keep working on it")}
UNDER_STEERING = (MissionState.FRAMED, MissionState.ADOPTED, MissionState.ACTIVE)


class MissionsMissing(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose at least two missions.")


class ProjectsMissing(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "Choose at least two projects of one mission, and say what each of them costs."
    )


class AmendmentMissing(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose an amendment that its mission's steward has put to a vote.")


class MotionMissing(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose a motion that waits for a vote.")


class LinesMissing(NotAcceptable):
    sentence: ClassVar[str] = N_("Write each option on a line of its own, and none of them twice.")


class CostImpossible(NotAcceptable):
    sentence: ClassVar[str] = N_("A cost is an amount of money above nothing.")


@dataclass(frozen=True)
class Asked:
    """What a chair asks: the question, what it is about, and how it shall be counted.

    `missions` for a choice among missions; `mission` with `costs` (project to cents) for a portfolio, or `call` for one
    among its applications; `lines` for options in words of one's own; `amendment` for other words of a clause; `motion`
    for an act on a mission under way.
    """

    question: str
    rule: RuleChoice
    missions: Sequence[UUID] = ()
    mission: UUID | None = None
    costs: dict[UUID, int] = field(default_factory=dict)
    lines: Sequence[str] = ()
    amendment: UUID | None = None
    motion: UUID | None = None
    timezone: str = "UTC"
    call: UUID | None = None


def draft(session: Session, committee: Committee, kind: DecisionKind, asked: Asked, by: UUID) -> Decision:
    """Draft a question that the chair may still change until notice."""
    seats = live_seats_in(session, ScopeKind.COMMITTEE, committee.id)
    composition.require_constituted(committees.standings(committee, seats), Step.PUT_QUESTION)
    decision = Decision(committee_id=committee.id, kind=kind, question=asked.question)
    decision.mission_id = asked.mission if kind in (K.PORTFOLIO, K.AMEND, K.STEER) else None
    decision.call_id = asked.call if kind is K.PORTFOLIO else None
    write(session, decision, committee, asked)
    decisions.keep_draft(session, decision, by)
    keep_matters(session, decision, asked)
    return decision


class DraftChangedElsewhere(Conflict):
    sentence: ClassVar[str] = N_(
        "Somebody changed this draft since you opened the page, so nothing is kept yet. What you typed stands here, "
        "what they wrote on the page of the question: send yours again if it shall take its place."
    )


def redraft(session: Session, decision: Decision, asked: Asked, by: UUID, seen: str | None = None) -> None:
    """Change a question that was not noticed yet; of the question on one mission, only words and rule.

    `seen` is the fingerprint of the draft as the page showed it. Whoever seconded it as it was has not seconded this.
    """
    at = decisions.hold(session, decision)
    phases.require(Act.NOTICE, decision_phase(decision, at))
    if seen is not None and seen != decisions.fingerprint(decision, decision.question):
        raise DraftChangedElsewhere()
    committee = session.get_one(Committee, decision.committee_id)
    decision.question = asked.question
    write(session, decision, committee, asked)
    keep_matters(session, decision, asked)
    decisions.record(session, "question_edited", decision, at, by)
    session.flush()


def write(session: Session, decision: Decision, committee: Committee, asked: Asked) -> None:
    if decision.kind in OF_MISSIONS:
        of_missions(session, decision, committee, asked)
    elif decision.call_id is not None:
        awards_ask.write(session, decision, committee)
    elif decision.kind is K.PORTFOLIO:
        of_projects(session, decision, committee, asked)
    elif decision.kind is K.AMEND:
        of_amendment(session, decision, committee, asked)
    elif decision.kind is K.STEER:
        of_motion(session, decision, committee, asked)
    elif decision.kind in IN_OWN_WORDS:
        in_own_words(decision, asked)
    decisions_rule.choose(decision, committee, awards_ask.under_budget(session, decision, asked.rule))
    if asked.rule.has_default and decision.rule.get("default") == NONE_OF_THESE["id"]:
        decision.options = [*decision.options, NONE_OF_THESE]


def of_missions(session: Session, decision: Decision, committee: Committee, asked: Asked) -> None:
    """Framed missions of the committee's organisation, in the order in which they were drafted."""
    if len(set(asked.missions)) < 2:
        raise MissionsMissing()
    query = select(Mission).where(col(Mission.id).in_(asked.missions)).order_by(col(Mission.created_at))
    found = list(session.exec(query))
    for mission in found:
        decisions_matter.require_question_possible(session, committee, mission)
    decision.timezone = session.get_one(Call, found[0].call_id).timezone
    decision.options = [option(SubjectKind.MISSION, each.id) for each in found]


def of_projects(session: Session, decision: Decision, committee: Committee, asked: Asked) -> None:
    """Projects of one mission with what each would cost."""
    mission = session.get(Mission, decision.mission_id)
    if mission is None or mission.organisation_id != committee.organisation_id:
        raise decisions_matter.MissionElsewhere()
    query = select(Project).where(Project.mission_id == mission.id, col(Project.id).in_(list(asked.costs)))
    found = list(session.exec(query.order_by(col(Project.created_at), col(Project.id))))
    if len(found) < 2:
        raise ProjectsMissing()
    if any(asked.costs[each.id] <= 0 for each in found):
        raise CostImpossible()
    decision.timezone = session.get_one(Call, mission.call_id).timezone
    decision.options = [
        option(SubjectKind.PROJECT, each.id) | {"cost": asked.costs[each.id]} for each in found
    ]


def of_amendment(session: Session, decision: Decision, committee: Committee, asked: Asked) -> None:
    """One amendment that the steward of its mission put to a vote; the other side is the clause as it stands."""
    mission = session.get_one(Mission, decision.mission_id)
    if mission.organisation_id != committee.organisation_id:
        raise decisions_matter.MissionElsewhere()
    found = next(
        (each for each in waiting_in(session, mission) if each.statement_id == asked.amendment), None
    )
    if found is None:
        raise AmendmentMissing()
    proposed, present = found.options
    decision.timezone = session.get_one(Call, mission.call_id).timezone
    decision.options = [
        option(SubjectKind.STATEMENT, found.statement_id)
        | {"proposed": proposed.snapshot, "present": present.snapshot}
    ]


def of_motion(session: Session, decision: Decision, committee: Committee, asked: Asked) -> None:
    """One motion that waits: for it, or against it."""
    waiting = {each.id: each for _mission, each in motions.waiting_for(session, committee)}
    own = motions.motion_of(decision)
    if own is not None:
        waiting[own] = session.get_one(Motion, own)
    found = waiting.get(asked.motion) if asked.motion else None
    if found is None or found.outcome is not None:
        raise MotionMissing()
    mission = session.get_one(Mission, found.mission_id)
    decision.mission_id = mission.id
    decision.timezone = session.get_one(Call, mission.call_id).timezone
    facts = {"act": found.act, "subject": found.subject_id, "facts": found.facts}
    cited = {"cites": found.cites["hash"]} if found.cites else {}
    decision.options = [option(SubjectKind.MOTION, found.id) | {"asked": hashing.digest(facts)} | cited]


def waiting_in(session: Session, mission: Mission) -> list[AmendmentToVote]:
    return amendments_decide.amendments_for_vote(session, mission)


def waiting_amendments(session: Session, committee: Committee) -> list[tuple[Mission, AmendmentToVote]]:
    """Every amendment of the organisation's missions that waits for a vote."""
    query = select(Mission).where(Mission.organisation_id == committee.organisation_id)
    missions = session.exec(query.order_by(col(Mission.created_at))).all()
    return [(mission, each) for mission in missions for each in waiting_in(session, mission)]


def in_own_words(decision: Decision, asked: Asked) -> None:
    if not asked.lines or len(set(asked.lines)) < len(asked.lines):
        raise LinesMissing()
    decision.timezone = asked.timezone
    decision.options = [
        {"id": f"option-{number}", "title": line} for number, line in enumerate(asked.lines, 1)
    ]


def option(kind: SubjectKind, subject: UUID) -> dict[str, Any]:
    """An option that stands for something with words of its own: they are read where they stand."""
    return {"id": str(subject), "subject_kind": kind.value, "subject_id": str(subject)}


def keep_matters(session: Session, decision: Decision, asked: Asked) -> None:
    """The missions that a question about several is about."""
    if decision.kind not in OF_MISSIONS:
        return
    session.execute(delete(Matter).where(col(Matter.decision_id) == decision.id))
    session.add_all(Matter(decision_id=decision.id, mission_id=each) for each in sorted(set(asked.missions)))
    session.flush()


def asked_before(session: Session, decision: Decision) -> Asked:
    """A draft as its form shows it again."""
    lines = [each["title"] for each in decision.options if "title" in each and each != NONE_OF_THESE]
    statements = [
        UUID(each["subject_id"]) for each in decision.options if each.get("subject_kind") == "statement"
    ]
    motion = motions.motion_of(decision)
    costs = {UUID(each["subject_id"]): each["cost"] for each in decision.options if each.get("cost")}
    return Asked(
        decision.question, decisions_rule.chosen(decision), missions_about(session, decision),
        decision.mission_id, costs, lines, statements[0] if statements else None, motion,
        decision.timezone, decision.call_id,
    )  # fmt: skip


def askable_missions(session: Session, committee: Committee) -> list[Mission]:
    """Missions that could be chosen among: framed, and the committee's own."""
    query = select(Mission).where(
        Mission.organisation_id == committee.organisation_id, Mission.state == MissionState.FRAMED
    )
    return list(session.exec(query.order_by(col(Mission.created_at))))


def missions_with_projects(session: Session, committee: Committee) -> list[Mission]:
    """Missions whose projects a budget could be divided among."""
    query = (
        select(Mission)
        .join(Project, col(Project.mission_id) == Mission.id)
        .where(Mission.organisation_id == committee.organisation_id, col(Mission.state).in_(UNDER_STEERING))
        .distinct()
    )
    return sorted(session.exec(query), key=lambda mission: mission.created_at)


def zone_of(session: Session, committee: Committee) -> str:
    """The time zone of the organisation's latest call: what a question without a mission is proposed in."""
    query = select(Call).where(Call.organisation_id == committee.organisation_id)
    call = session.exec(query.order_by(col(Call.created_at).desc()).limit(1)).first()
    return call.timezone if call else "UTC"
