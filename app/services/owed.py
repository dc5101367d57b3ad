"""What waits for one person outside of committees: who applies, who leads a project, who answers for an agency."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.conditions.sides import PAYING_ROLES
from app.models.application import Application, Teammate
from app.models.call import Call
from app.models.columns import now
from app.models.course import CourseReview, Recall
from app.models.mission import Mission
from app.rules.phrases import phrase
from app.rules.words import (
    N_,
    ApplicationState,
    CallState,
    Role,
    ScopeKind,
)
from app.services import owed_projects
from app.services.committees_tasks import Task, Turn, Work
from app.services.project_sides import Sided
from app.viewer import Viewer

MOST = 20
# What an agency does with a call after its deadline, and where.
STEPS = {
    CallState.REVIEW: (
        N_("Applications are in review: choose who reviews, then the shortlist"),
        "applications",
    ),
    CallState.DECISION: (
        N_("The panel decides on the money: then contracts, and an answer to every team"),
        "award",
    ),
}


def of(session: Session, viewer: Viewer, sided: list[Sided]) -> list[Task]:
    """Mine to do, the nearest day on top; of each kind so many at most. `sided` are the projects I answer for."""
    if viewer.person is None:
        return []
    found = [
        *drafts(session, viewer), *asked_again(session, viewer.person.id), *owed_projects.of(session, sided),
        *reviews(session, viewer), *applications(session, viewer), *calls(session, viewer),
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.due is None, each.due or now(), each.title))


def task(
    title: str, words: str, url: str, due: datetime | None = None, zone: str = "UTC", **facts: object
) -> Task:
    return Task(Turn.MINE, Work.OFFICE, title, phrase(words, **facts), url, due, zone=zone)


def drafts(session: Session, viewer: Viewer) -> Iterator[Task]:
    """Applications that are not sent yet while their call is open, and invitations to write on one.

    Only for an address that is proved, as everywhere: the invitation went to its owner.
    """
    if not viewer.is_confirmed:
        return
    query = (
        select(Application, Call, Teammate)
        .join(Call, col(Call.id) == Application.call_id)
        .join(Teammate, col(Teammate.application_id) == Application.id)
        .where(
            Teammate.person_id == viewer.id, Application.state == ApplicationState.DRAFT,
            col(Call.closes_at) > now(), Call.state != CallState.CANCELLED,
        )
        .order_by(col(Call.closes_at), col(Application.id))
    )  # fmt: skip
    for application, call, mate in session.exec(query.limit(MOST)):
        here, due = f"/applications/{application.id}", call.closes_at
        if mate.joined_at is None:
            yield task(call.title, N_("You are invited to write on an application"), here, due, call.timezone)
        else:
            words = N_("Finish this application, and submit it")
            yield task(application.title or call.title, words, f"{here}/edit", due, call.timezone)


def asked_again(session: Session, person_id: UUID) -> Iterator[Task]:
    """Reviews on the way that ask whether anything changed, as long as they are open."""
    query = (
        select(CourseReview, Mission)
        .join(Recall, col(Recall.review_id) == CourseReview.id)
        .join(Mission, col(Mission.id) == CourseReview.mission_id)
        .where(
            Recall.person_id == person_id,
            col(Recall.felt).is_(None),
            col(CourseReview.concluded_at).is_(None),
        )
        .order_by(col(CourseReview.opened_at), col(CourseReview.id))
    )
    for review, mission in session.exec(query.limit(MOST)):
        page = f"/missions/{mission.id}/course/{review.id}"
        yield task(mission.title, N_("You took part: say whether anything changed for you"), page)


def reviews(session: Session, viewer: Viewer) -> Iterator[Task]:
    """Open reviews of missions on their way, of whoever answers for the agency."""
    houses = [each for role in PAYING_ROLES for each in viewer.scopes(role, ScopeKind.ORGANISATION)]
    if not houses:
        return
    query = (
        select(CourseReview, Mission)
        .join(Mission, col(Mission.id) == CourseReview.mission_id)
        .where(col(CourseReview.concluded_at).is_(None), col(Mission.organisation_id).in_(houses))
        .order_by(col(CourseReview.opened_at), col(CourseReview.id))
    )
    for review, mission in session.exec(query.limit(MOST)):
        page = f"/missions/{mission.id}/course/{review.id}"
        yield task(mission.title, N_("A review on the way is open: gather what happened"), page)


def applications(session: Session, viewer: Viewer) -> Iterator[Task]:
    """Calls past their deadline with applications of which nobody has said whether they meet the rules."""
    houses = viewer.scopes(Role.FACILITATOR, ScopeKind.ORGANISATION)
    if not houses:
        return
    query = (
        select(Call, func.count())
        .join(Application, col(Application.call_id) == Call.id)
        .where(
            col(Call.organisation_id).in_(houses), Application.state == ApplicationState.SUBMITTED,
            col(Call.closes_at) < now(), col(Call.state).not_in((CallState.CANCELLED, CallState.ARCHIVED)),
        )
        .group_by(col(Call.id)).order_by(col(Call.closes_at), col(Call.id))
    )  # fmt: skip
    for call, count in session.exec(query.limit(MOST)):
        words = N_("Say of %(count)s applications whether they meet the rules")
        yield task(call.title, words, f"/calls/{call.id}/applications", count=count)


def calls(session: Session, viewer: Viewer) -> Iterator[Task]:
    """Calls whose applications are judged: the agency leads each step until every team has its answer."""
    houses = viewer.scopes(Role.FACILITATOR, ScopeKind.ORGANISATION)
    query = select(Call).where(col(Call.organisation_id).in_(houses), col(Call.state).in_(tuple(STEPS)))
    for call in session.exec(query.order_by(col(Call.closes_at), col(Call.id)).limit(MOST)) if houses else ():
        words, part = STEPS[call.state]
        yield task(call.title, words, f"/calls/{call.id}/{part}")
