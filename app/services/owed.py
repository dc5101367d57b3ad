"""What waits for one person outside of committees: who applies, who leads a project, who answers for an agency."""

from collections.abc import Iterator
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from app.conditions.sides import PAYING_ROLES
from app.models.application import Application, Teammate
from app.models.call import Call
from app.models.columns import now
from app.models.condition import Condition
from app.models.course import CourseReview, Recall
from app.models.mission import Mission
from app.models.project import Project
from app.rules import labels
from app.rules.phrases import phrase
from app.rules.words import (
    N_,
    ApplicationState,
    CallState,
    ConditionState,
    ProjectState,
    Role,
    ScopeKind,
    Side,
)
from app.services import conditions_read, project_titles
from app.services.committees_tasks import Task, Turn, Work
from app.services.conditions_read import Read
from app.viewer import Viewer

MOST = 20
LIVE = (ProjectState.PROPOSED, ProjectState.CONTRACTED, ProjectState.RUNNING, ProjectState.PAUSED)
S = ConditionState


def of(session: Session, viewer: Viewer) -> list[Task]:
    """Mine to do, the nearest day on top; of each kind so many at most."""
    if viewer.person is None:
        return []
    led = led_by(session, viewer)
    found = [
        *drafts(session, viewer.person.id), *asked_again(session, viewer.person.id), *checks(session, led),
        *paying(session, viewer), *applications(session, viewer),
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.due is None, each.due or now(), each.title))


def led_by(session: Session, viewer: Viewer) -> list[Project]:
    """The projects that somebody speaks for as their lead and that are not over, the latest first."""
    assert viewer.person is not None
    houses = {*viewer.scopes(Role.LEAD, ScopeKind.ORGANISATION), viewer.person.organisation_id} - {None}
    mine = select(Teammate.application_id).where(
        Teammate.person_id == viewer.person.id, Teammate.role == Role.LEAD
    )
    query = select(Project).where(
        col(Project.state).in_(LIVE),
        or_(col(Project.lead_organisation_id).in_(houses), col(Project.application_id).in_(mine)),
    )
    return list(session.exec(query.order_by(col(Project.created_at).desc(), col(Project.id)).limit(MOST)))


def named(session: Session, projects: list[Project]) -> list[tuple[Project, str]]:
    """Projects with the titles that may be read."""
    titles = project_titles.readable(session, projects)
    return [(each, titles[each.id]) for each in projects]


def task(
    title: str, words: str, url: str, due: datetime | None = None, zone: str = "UTC", **facts: object
) -> Task:
    return Task(Turn.MINE, Work.OFFICE, title, phrase(words, **facts), url, due, zone=zone)


def drafts(session: Session, person_id: UUID) -> Iterator[Task]:
    """Applications that are not sent yet while their call is open, and invitations to write on one."""
    query = (
        select(Application, Call, Teammate)
        .join(Call, col(Call.id) == Application.call_id)
        .join(Teammate, col(Teammate.application_id) == Application.id)
        .where(
            Teammate.person_id == person_id, Application.state == ApplicationState.DRAFT,
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


def checks(session: Session, led: list[Project]) -> Iterator[Task]:
    """Evidence that is due or overdue, and words of a condition that wait for the lead's yes."""
    by_mission: dict[UUID, list[Project]] = {}
    for project in led:
        by_mission.setdefault(project.mission_id, []).append(project)
    for projects in by_mission.values():
        for each in conditions_read.of_projects(session, projects):
            yield from check(each, Side.LEAD)


def check(read: Read, side: Side) -> Iterator[Task]:
    url, kind = f"/conditions/{read.condition.id}", labels.label(read.condition.kind)
    if read.proposed is not None and side not in read.yes_of(read.proposed):
        yield task(read.title, N_("Words of a condition wait for your yes: %(kind)s"), url, kind=kind)
    coming = read.next_check
    if side is Side.LEAD and coming is not None and read.state in (S.DUE, S.BREACHED):
        is_late = read.state is S.BREACHED
        words = N_("Evidence is overdue: %(kind)s") if is_late else N_("Show evidence: %(kind)s")
        yield task(
            read.title, words, url, datetime.combine(coming.due, time(12), tzinfo=now().tzinfo), kind=kind
        )


def paying(session: Session, viewer: Viewer) -> Iterator[Task]:
    """Reviews of missions on their way, contracts to be drawn up, and words that wait for the yes of who pays."""
    houses = [each for role in PAYING_ROLES for each in viewer.scopes(role, ScopeKind.ORGANISATION)]
    if not houses:
        return
    reviews = (
        select(CourseReview, Mission)
        .join(Mission, col(Mission.id) == CourseReview.mission_id)
        .where(col(CourseReview.concluded_at).is_(None), col(Mission.organisation_id).in_(houses))
        .order_by(col(CourseReview.opened_at), col(CourseReview.id))
    )
    for review, mission in session.exec(reviews.limit(MOST)):
        page = f"/missions/{mission.id}/course/{review.id}"
        yield task(mission.title, N_("A review on the way is open: gather what happened"), page)
    payer = func.coalesce(col(Project.funder_organisation_id), col(Mission.organisation_id))
    paid = (
        select(Project).join(Mission, col(Mission.id) == Project.mission_id).where(payer.in_(houses))
        .order_by(col(Project.created_at), col(Project.id))
    )  # fmt: skip
    awarded = paid.where(Project.state == ProjectState.PROPOSED, col(Project.application_id).is_not(None))
    for project, title in named(session, list(session.exec(awarded.limit(MOST)))):
        words = N_("Agree on its conditions, and contract it")
        yield task(title or "?", words, f"/projects/{project.id}/conditions")
    waiting = (
        select(Condition).join(Project, col(Project.id) == Condition.project_id)
        .join(Mission, col(Mission.id) == Project.mission_id)
        .where(payer.in_(houses), col(Condition.dropped_at).is_(None), Condition.state == S.PROPOSED)
        .where(col(Project.state).in_(LIVE)).order_by(col(Condition.created_at), col(Condition.id))
    )  # fmt: skip
    for condition in session.exec(waiting.limit(MOST)).all():
        project = session.get_one(Project, condition.project_id)
        for each in conditions_read.of_project(session, project, [condition]):
            yield from check(each, Side.FUNDER)


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
