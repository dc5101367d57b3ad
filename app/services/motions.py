"""Motions: a steward asks for what only a decision may do; the certified vote does it, or not."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Conflict
from app.models.columns import now
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.motion import Motion, waiting_motions
from app.rules.phrases import Phrase
from app.rules.words import (
    N_,
    DecisionKind,
    DecisionState,
    MissionState,
    MotionAct,
    MotionOutcome,
    SubjectKind,
)
from app.services import (
    conditions_motions,
    events,
    milestones_revise,
    missions_course,
    portfolio_risk,
)
from app.services.deeds import Applied, Deed

STANDING = (DecisionState.DRAFT, DecisionState.NOTICED, DecisionState.OPEN, DecisionState.CLOSED,
            DecisionState.CARRIED, DecisionState.LOST, DecisionState.TIED)  # fmt: skip


class MotionSettled(Conflict):
    sentence: ClassVar[str] = N_("This motion has been voted on, or was withdrawn.")


class MotionBeforeTheCommittee(Conflict):
    sentence: ClassVar[str] = N_("The committee has this motion before it, so it can be withdrawn no more.")


def course(becomes: MissionState, words: str) -> Deed:
    """A deed that moves the mission itself; it ends only when something was learned from it."""

    def check(session: Session, mission: Mission, _subject: UUID, _facts: dict[str, Any]) -> None:
        if becomes is MissionState.ENDED_NOT_MET:
            missions_course.require_endable(session, mission)
        missions_course.require(mission, becomes)

    def do(session: Session, motion: Motion, _decision: Decision, at: datetime) -> Applied:
        mission = session.get_one(Mission, motion.mission_id)
        missions_course.move(session, mission, becomes, motion.reason, at)
        return Applied({becomes: [mission.id]})

    return Deed(check, do, lambda _session, _motion: Phrase(words))


# One row for each act: whoever makes another thing that only a vote may change adds its deed here.
DEEDS: dict[MotionAct, Deed] = {
    MotionAct.PAUSE: course(MissionState.PAUSED, N_("Pause the mission")),
    MotionAct.RESUME: course(MissionState.ACTIVE, N_("Go on with the mission")),
    MotionAct.WAIVE_CONDITION: conditions_motions.WAIVER,
    MotionAct.ACCEPT_REMEDY: conditions_motions.REMEDY,
    MotionAct.SET_RISK: portfolio_risk.DEED,
    MotionAct.END: course(MissionState.ENDED_NOT_MET, N_("End the mission before its goals are met")),
    MotionAct.REVISE_MILESTONE: milestones_revise.DEED,
}


def withdraw(session: Session, motion: Motion, by: UUID) -> None:
    """Take a motion back before it is put to a vote."""
    held(session, motion)
    if before_the_committee(session, motion) is not None:
        raise MotionBeforeTheCommittee()
    motion.outcome, motion.settled_at = MotionOutcome.WITHDRAWN, now()
    events.record(
        session, "motion_withdrawn", SubjectKind.MOTION, motion.id, by=by, mission=motion.mission_id
    )


def held(session: Session, motion: Motion) -> None:
    session.refresh(motion, with_for_update=True)
    if motion.outcome is not None:
        raise MotionSettled()


def before_the_committee(session: Session, motion: Motion) -> Decision | None:
    """The vote on a motion that is drafted or under way."""
    query = select(Decision).where(
        Decision.kind == DecisionKind.STEER, Decision.mission_id == motion.mission_id,
        col(Decision.state).in_(STANDING),
    )  # fmt: skip
    return next((each for each in session.exec(query) if motion_of(each) == motion.id), None)


def motion_of(decision: Decision) -> UUID | None:
    """The motion that a vote is about."""
    if decision.kind is not DecisionKind.STEER or not decision.options:
        return None
    return UUID(decision.options[0]["subject_id"])


def voted_on(session: Session, decision: Decision) -> tuple[Motion, Phrase] | None:
    """The motion that a vote is about, with what it asks for."""
    key = motion_of(decision)
    if key is None:
        return None
    motion = session.get_one(Motion, key)
    return motion, words(session, motion)


def waiting_for(session: Session, committee: Committee) -> list[tuple[Mission, Motion]]:
    """Every motion about the organisation's missions that waits and is before no vote yet."""
    query = select(Mission).where(Mission.organisation_id == committee.organisation_id)
    missions = {each.id: each for each in session.exec(query.order_by(col(Mission.created_at)))}
    waiting = waiting_motions(session, list(missions))
    return [
        (missions[each.mission_id], each) for each in waiting if before_the_committee(session, each) is None
    ]


def words(session: Session, motion: Motion) -> Phrase:
    """What the motion asks for, in a sentence."""
    return DEEDS[motion.act].words(session, motion)


def settle_voted(session: Session, decision: Decision, at: datetime) -> Applied:
    """Do what a carried motion asks for; where too few voted it waits on."""
    motion = session.get_one(Motion, motion_of(decision))
    held(session, motion)
    outcome = DecisionState(decision.outcome)
    if outcome is DecisionState.INQUORATE:
        return Applied()
    applied = Applied()
    if outcome is DecisionState.CARRIED:
        mission = session.get_one(Mission, motion.mission_id)
        DEEDS[motion.act].check(session, mission, motion.subject_id, motion.facts)
        applied = DEEDS[motion.act].do(session, motion, decision, at)
    is_carried = outcome is DecisionState.CARRIED
    motion.outcome = MotionOutcome.CARRIED if is_carried else MotionOutcome.LOST
    motion.decision_id, motion.settled_at = decision.id, at
    told = {"motion": motion.id, "motion_state": motion.outcome}
    return Applied(applied.missions, {**applied.facts, **told})
