"""What only a vote does to a condition: it waives it, or accepts a remedy for what was overdue."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, NotFound
from app.models.condition import Condition
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.motion import Motion
from app.models.project import Project
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, ConditionState
from app.services import conditions_read
from app.services.conditions_read import Read
from app.services.deeds import Applied, Deed

S = ConditionState


class NothingToWaive(Conflict):
    sentence: ClassVar[str] = N_(
        "Only a condition that both sides agreed, and that was not waived yet, is waived."
    )


class NothingToRemedy(Conflict):
    sentence: ClassVar[str] = N_("No evidence is overdue: there is nothing to make good.")


def found(session: Session, mission: Mission, subject: UUID) -> Read:
    """The condition of a motion as it reads now, locked; of another mission there is none."""
    condition = session.get(Condition, subject, with_for_update=True, populate_existing=True)
    project = session.get(Project, condition.project_id) if condition and condition.project_id else None
    if condition is None or project is None or project.mission_id != mission.id:
        raise NotFound()
    return conditions_read.of_project(session, project, [condition])[0]


def check_waiver(session: Session, mission: Mission, subject: UUID, _facts: dict[str, Any]) -> None:
    if found(session, mission, subject).condition.state in (S.PROPOSED, S.WAIVED):
        raise NothingToWaive()


def check_remedy(session: Session, mission: Mission, subject: UUID, facts: dict[str, Any]) -> None:
    """There has to be something overdue until the day that the motion names."""
    until, read = date.fromisoformat(facts["until"]), found(session, mission, subject)
    if not any(each.state is S.BREACHED and each.due <= until for each in read.checks):
        raise NothingToRemedy()


def remedy_facts(read: Read) -> dict[str, Any]:
    """What a motion asks to accept: every overdue day until today, and the late evidence that is offered for them."""
    overdue = [each.due for each in read.checks if each.state is S.BREACHED]
    if not overdue:
        raise NothingToRemedy()
    late = [str(each.evidence.id) for each in read.proofs if each.evidence.due in overdue and not each.doubt]
    return {"until": max(overdue).isoformat(), "evidence": late}


def waive(session: Session, motion: Motion, decision: Decision, _at: datetime) -> Applied:
    return become(session, motion, decision, S.WAIVED)


def remedy(session: Session, motion: Motion, decision: Decision, _at: datetime) -> Applied:
    return become(session, motion, decision, S.REMEDIED)


def become(session: Session, motion: Motion, decision: Decision, state: ConditionState) -> Applied:
    condition = session.get_one(Condition, motion.subject_id, with_for_update=True)
    condition.state, condition.decision_id = state, decision.id
    if state is S.REMEDIED:
        condition.settled_until = date.fromisoformat(motion.facts["until"])
    session.flush()
    return Applied(facts={"condition": condition.id, "condition_state": state})


def clause_of(session: Session, motion: Motion) -> str:
    condition = session.get_one(Condition, motion.subject_id)
    read = conditions_read.of_project(session, session.get_one(Project, condition.project_id), [condition])[0]
    return read.shown.clause[:200]


def waiver_words(session: Session, motion: Motion) -> Phrase:
    return phrase(N_("Waive the condition “%(clause)s”"), clause=clause_of(session, motion))


def remedy_words(session: Session, motion: Motion) -> Phrase:
    return phrase(
        N_("Accept what makes the breach of the condition “%(clause)s” good"),
        clause=clause_of(session, motion),
    )


WAIVER = Deed(check_waiver, waive, waiver_words)
REMEDY = Deed(check_remedy, remedy, remedy_words)
