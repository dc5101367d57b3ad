"""Who asks, about what, and when: what every condition is told, and what a subject belongs to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel

from app.models.application import Application
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.committee import Committee
from app.models.condition import Condition as Agreed
from app.models.decision import Decision
from app.models.grouping import Grouping
from app.models.lesson import Lesson
from app.models.milestone import Milestone
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.project import Project
from app.models.review import Review, ReviewRound
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules import decisions as decision_rules
from app.rules import phases
from app.rules.phases import CallTimes
from app.rules.words import (
    CallKind,
    CallState,
    DecisionState,
    Role,
    ScopeKind,
    SubjectKind,
)
from app.viewer import Viewer

ABOUT: dict[SubjectKind, type[SQLModel]] = {
    SubjectKind.SUBMISSION: Submission,
    SubjectKind.MISSION: Mission,
    SubjectKind.CALL: Call,
    SubjectKind.DECISION: Decision,
    SubjectKind.STATEMENT: Statement,
    SubjectKind.PROJECT: Project,
    SubjectKind.MILESTONE: Milestone,
}
SEATED_ROLES = (Role.MEMBER, Role.ALTERNATE, Role.CHAIR, Role.DEPUTY, Role.SECRETARY)


@dataclass(frozen=True)
class Ask:
    """One question: may this viewer do this to this subject at this instant?"""

    session: Session
    viewer: Viewer
    subject: Any = None
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Condition:
    """`hides` marks the conditions whose failing is a 404: the asker may not know that the subject exists."""

    name: str
    holds: Callable[[Ask], bool]
    sentence: str
    hides: bool = False
    wants_sign_in: bool = False


def call_of(session: Session, subject: object) -> Call | None:
    """The call that a subject belongs to, if any."""
    if isinstance(subject, Call):
        return subject
    if isinstance(subject, (Submission, Grouping, Cluster, Mission, Application)):
        return session.get(Call, subject.call_id)
    if isinstance(subject, (Project, ReviewRound, Milestone, Lesson)):
        return call_of(session, session.get(Mission, subject.mission_id))
    if isinstance(subject, Agreed):
        return call_of(session, session.get(Project, subject.project_id)) if subject.project_id else None
    if isinstance(subject, Statement):
        return call_of(session, about(session, subject))
    if isinstance(subject, Review):
        return call_of(session, session.get(ReviewRound, subject.round_id))
    return None


def about(session: Session, statement: Statement) -> SQLModel | None:
    """What a statement is about: a voice, a mission, a decision, or another statement."""
    model = ABOUT.get(statement.subject_kind)
    return session.get(model, statement.subject_id) if model else None


def committee_of(session: Session, subject: object) -> Committee | None:
    if isinstance(subject, Committee):
        return subject
    if isinstance(subject, Statement):
        return committee_of(session, about(session, subject))
    if isinstance(subject, Review):
        return committee_of(session, session.get(ReviewRound, subject.round_id))
    if isinstance(subject, (Decision, ReviewRound)):
        return session.get(Committee, subject.committee_id)
    return None


def organisation_id_of(session: Session, subject: object) -> UUID | None:
    if isinstance(subject, Organisation):
        return subject.id
    owner: SQLModel | None = call_of(session, subject) or committee_of(session, subject)
    return getattr(owner, "organisation_id", None)


def times_of(call: Call) -> CallTimes:
    return CallTimes(
        call.opens_at, call.closes_at, call.sense_until, call.check_until, call.answer_due,
        is_offer=call.kind is CallKind.INNOVATION,
    )  # fmt: skip


def call_phase(call: Call, at: datetime | None = None) -> CallState:
    """The phase a call is in at an instant: deadlines are enforced when read."""
    return phases.phase(times_of(call), call.state, at or now())


def decision_phase(decision: Decision, at: datetime | None = None) -> DecisionState:
    times = decision_rules.DecisionTimes(decision.opens_at, decision.closes_at)
    return decision_rules.phase(times, decision.state, at or now())


def author_id_of(subject: object) -> UUID | None:
    return subject.author_id if isinstance(subject, (Submission, Statement)) else None


def facilitates(ask: Ask) -> bool:
    organisation = organisation_id_of(ask.session, ask.subject)
    return organisation is not None and ask.viewer.holds(
        Role.FACILITATOR, ScopeKind.ORGANISATION, organisation
    )


def stewards(ask: Ask) -> bool:
    """Who answers for a mission: the steward of its agency, or a facilitator as long as it has none."""
    organisation = organisation_id_of(ask.session, ask.subject)
    is_steward = organisation is not None and ask.viewer.holds(
        Role.STEWARD, ScopeKind.ORGANISATION, organisation
    )
    return is_steward or facilitates(ask)


def sits_as(ask: Ask, *roles: Role) -> bool:
    committee = committee_of(ask.session, ask.subject)
    return committee is not None and any(seat.role in roles for seat in ask.viewer.seats_in(committee.id))


def is_author(ask: Ask) -> bool:
    return ask.viewer.id is not None and author_id_of(ask.subject) == ask.viewer.id
