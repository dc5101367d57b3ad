"""The projects whose side somebody speaks for: those they lead, and those they pay for that are under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.conditions.sides import PAYING_ROLES
from app.models.application import Teammate
from app.models.call import Call
from app.models.condition import Condition
from app.models.milestone import Milestone, MilestoneWord
from app.models.mission import Mission
from app.models.project import Project
from app.rules.projects import OVER
from app.rules.words import ProjectState, Role, ScopeKind, Side
from app.services import conditions_read
from app.viewer import Viewer

AT_MOST = 50  # of each side, the latest first


@dataclass(frozen=True)
class Sided:
    """A project, what it may be called, the side somebody speaks for, and in whose zone its days are."""

    project: Project
    title: str
    mission: Mission
    side: Side
    zone: str


def of(session: Session, viewer: Viewer) -> list[Sided]:
    """Who could speak for both sides speaks for the one that pays, as everywhere."""
    if viewer.person is None:
        return []
    paid = {each.id: each for each in paid_by(session, viewer)}
    led = [each for each in led_by(session, viewer) if each.id not in paid]
    listed = [*led, *paid.values()]
    titles = conditions_read.titles_of(session, listed) if listed else {}
    ids = {each.mission_id for each in listed}
    query = select(Mission, Call.timezone).join(Call, col(Call.id) == Mission.call_id)
    found = {each.id: (each, zone) for each, zone in session.exec(query.where(col(Mission.id).in_(ids)))}
    return [
        Sided(each, titles[each.id], found[each.mission_id][0],
              Side.FUNDER if each.id in paid else Side.LEAD, found[each.mission_id][1])
        for each in listed
    ]  # fmt: skip


def led_by(session: Session, viewer: Viewer) -> list[Project]:
    """Those of one's organisation, of a lead's seat, or from an application that one led."""
    assert viewer.person is not None
    houses = set(viewer.scopes(Role.LEAD, ScopeKind.ORGANISATION)) | {viewer.person.organisation_id}
    own = select(Teammate.application_id).where(
        Teammate.person_id == viewer.person.id, Teammate.role == Role.LEAD
    )
    query = adopted().where(
        or_(
            col(Project.lead_organisation_id).in_(houses - {None}),
            col(Project.application_id).in_(own),
        ),
        col(Project.state).not_in(OVER),
    )
    return latest(session, query)


def paid_by(session: Session, viewer: Viewer) -> list[Project]:
    """An agency pays for thousands: here are those with a lead, of which a contract is open or a condition binds."""
    houses = {each for role in PAYING_ROLES for each in viewer.scopes(role, ScopeKind.ORGANISATION)}
    if not houses:
        return []
    bound = exists().where(col(Condition.project_id) == Project.id, col(Condition.dropped_at).is_(None))
    query = adopted().where(
        or_(
            col(Project.funder_organisation_id).in_(houses),
            col(Project.funder_organisation_id).is_(None) & col(Mission.organisation_id).in_(houses),
        ),
        col(Project.lead_organisation_id).is_not(None),
        col(Project.state).not_in(OVER),
        or_(col(Project.state) == ProjectState.PROPOSED, bound),
    )
    return latest(session, query)


def adopted() -> SelectOfScalar[Project]:
    """Before its mission is adopted a project has no sides."""
    return (
        select(Project)
        .join(Mission, col(Mission.id) == Project.mission_id)
        .where(col(Mission.adopted_at).is_not(None))
    )


def latest(session: Session, query: SelectOfScalar[Project]) -> list[Project]:
    return list(session.exec(query.order_by(col(Project.created_at).desc(), col(Project.id)).limit(AT_MOST)))


def milestones_of(session: Session, project_ids: Sequence[UUID], until: date) -> list[Milestone]:
    """Those due by a day that somebody has to speak for, and nobody did; what readings decide needs no word."""
    later = aliased(Milestone)
    query = (
        select(Milestone)
        .where(
            col(Milestone.project_id).in_(project_ids),
            col(Milestone.indicator_id).is_(None),
            col(Milestone.due) <= until,
            ~exists().where(col(later.replaces_id) == Milestone.id),
            ~exists().where(col(MilestoneWord.milestone_id) == Milestone.id),
        )
        .order_by(col(Milestone.due), col(Milestone.id))
        .limit(AT_MOST)
    )
    return list(session.exec(query)) if project_ids else []
