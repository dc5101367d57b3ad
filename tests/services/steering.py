"""A mission under way, with its committee, and votes that settle what its steward asks for."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.columns import now
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.motion import Motion
from app.models.organisation import Organisation
from app.rules.decisions import DecisionTimes
from app.rules.replay_kinds import Noun
from app.rules.words import Choice, DecisionKind, DecisionState, MissionState, MotionAct, SubjectKind
from app.services import (
    ballots,
    decisions,
    decisions_certify,
    decisions_count,
    decisions_draft,
    events,
    motions_make,
)
from app.services.decisions_draft import Asked
from app.services.decisions_rule import RuleChoice
from tests.people import make_committee
from tests.services.chamber import Chamber, make_chamber, nothing_ties, said
from tests.services.signed import sign_by_two

QUESTION = "Shall this be done about the mission?"
REASON = "The drought of this year left the test field without water."


def make_active(session: Session) -> Chamber:
    """A chamber whose mission was adopted, and is under way."""
    chamber = make_chamber(session)
    adopt(session, chamber.mission, chamber.committee, since=now() - timedelta(days=400))
    return chamber


def adopt(
    session: Session, mission: Mission, committee: Committee | None = None, state: MissionState = MissionState.ACTIVE,
    since: datetime | None = None,
) -> None:  # fmt: skip
    """What a certified vote made of it, written by hand: the database asks for the vote itself."""
    since = since or now()
    committee = committee or make_committee(session, session.get_one(Organisation, mission.organisation_id))
    decision = Decision(
        committee_id=committee.id, mission_id=mission.id, question="Shall we adopt this mission?",
        state=DecisionState.CERTIFIED, outcome=DecisionState.CARRIED.value, frozen_hash="0" * 64, reasons="Earned.",
        opens_at=since - timedelta(days=14), closes_at=since, certified_at=since, created_at=since - timedelta(days=20),
    )  # fmt: skip
    session.add(decision)
    session.flush()
    mission.state, mission.adopted_at = state, since
    session.flush()
    moved = {Noun.MISSION: {state: [mission.id]}}
    events.record(session, "decision_certified", SubjectKind.DECISION, decision.id, states=moved)


def moved(
    chamber: Chamber, act: MotionAct, kind: SubjectKind, subject: UUID, facts: dict[str, Any] | None = None
) -> Motion:
    """A motion of the mission's steward."""
    return motions_make.make(
        chamber.session, chamber.mission, act, kind, subject, facts or {}, REASON, chamber.chair.id
    )


def voted(chamber: Chamber, motion: Motion, choice: Choice = Choice.FOR) -> Decision:
    """The committee votes on a motion, everybody alike, and the result is certified."""
    session = chamber.session
    asked = Asked(QUESTION, RuleChoice(), motion=motion.id)
    decision = decisions_draft.draft(session, chamber.committee, DecisionKind.STEER, asked, chamber.chair.id)
    nothing_ties(session, session.get_one(Mission, motion.mission_id), chamber.seats.values())
    opens = now() - timedelta(hours=1)
    times = DecisionTimes(opens, opens + timedelta(days=7))
    decisions.notice(session, decision, QUESTION, times, chamber.chair.id, at=opens - timedelta(hours=1))
    for person in chamber.members.values():
        ballots.cast(session, decision, person.id, said(choice), "", 1)
    decisions_count.close(session, decision, None, at=decision.closes_at)
    sign_by_two(session, decision)
    decisions_certify.certify(
        session, decision, "Every group could see what it asks for.", chamber.secretary.id
    )
    return decision
