"""The rival routes of a mission: written and removed while it is framed."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, select

from app.errors import Conflict, NotFound
from app.models.link import Link
from app.models.milestone import has_milestones
from app.models.mission import Indicator, Mission
from app.models.money import Money
from app.models.organisation import Organisation
from app.models.project import Project, projects_of
from app.rules.replay_kinds import GONE
from app.rules.words import N_, SubjectKind
from app.services import links_gone, missions
from app.services.missions_edit import MANY_PARTS, TooManyParts, changed, locked


@dataclass(frozen=True)
class RouteText:
    title: str
    summary: str
    route: str
    lead_organisation_id: UUID | None
    readiness: int | None = None


def find(session: Session, mission: Mission, key: UUID) -> Project:
    """A route of this very mission."""
    found = session.get(Project, key)
    if found is None or found.mission_id != mission.id:
        raise NotFound()
    return found


def write(
    session: Session, mission: Mission, project: Project | None, typed: RouteText, version: int, by: UUID
) -> Project:
    locked(session, mission, version)
    if project is None:
        if len(projects_of(session, mission.id)) >= MANY_PARTS:
            raise TooManyParts(most=MANY_PARTS)
        project = Project(mission_id=mission.id, title=typed.title)
        session.add(project)
    elif project.title != typed.title:
        forget_quotations(session, project)
    project.title, project.summary, project.route = typed.title, typed.summary, typed.route
    project.readiness = typed.readiness
    lead = typed.lead_organisation_id
    project.lead_organisation_id = lead if lead and session.get(Organisation, lead) else None
    changed(session, mission, "route", by, project=project.id, project_state=project.state)
    return project


def forget_quotations(session: Session, project: Project) -> None:
    """A route with a title of its own no longer speaks in somebody's very words."""
    for link in session.exec(select(Link).where(Link.from_id == project.id, Link.note == missions.QUOTED)):
        link.note = ""


class RouteHasMoney(Conflict):
    sentence: ClassVar[str] = N_(
        "The ledger has money for this route, so it stays. Nothing in a ledger is lost."
    )


class HasMilestones(Conflict):
    sentence: ClassVar[str] = N_("Milestones or indicators were set for this, so it stays.")


def remove(session: Session, mission: Mission, project: Project, version: int, by: UUID) -> None:
    """Take a route away while the mission is framed, unless money, milestones or indicators are its own."""
    locked(session, mission, version)
    if session.exec(select(Money.id).where(Money.project_id == project.id).limit(1)).first() is not None:
        raise RouteHasMoney()
    measured = select(Indicator.id).where(Indicator.project_id == project.id)
    if has_milestones(session, project.id) or session.exec(measured.limit(1)).first() is not None:
        raise HasMilestones()
    links_gone.forget(session, project)
    session.delete(project)
    changed(session, mission, "route_removed", by, project=project.id, project_state=GONE)


def title_of(session: Session, project: Project) -> str:
    """The title of a route, empty when it is in the words of somebody who took them back."""
    links = missions.sources_of(session, [project], SubjectKind.PROJECT)[project.id]
    return missions.words_of(project.title, links, missions.unreadable(session, links))
