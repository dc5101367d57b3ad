"""What a link joins, as a page names it: projects, missions and organisations, each with its address."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.link import Link
from app.models.mission import Mission
from app.models.organisation import names_of
from app.models.project import Project
from app.rules.words import MissionState, ProjectState, SubjectKind
from app.services import project_titles

Key = tuple[SubjectKind, UUID]


@dataclass(frozen=True)
class End:
    """One end of a link; `title` is empty where its words were taken back, `mission` is where it belongs."""

    kind: SubjectKind
    id: UUID
    title: str
    url: str
    mission_id: UUID | None = None
    mission: str = ""
    state: ProjectState | MissionState | None = None

    @property
    def key(self) -> Key:
        return self.kind, self.id


def project_url(project: Project) -> str:
    """Where a project is read."""
    return f"/projects/{project.id}"


def ends(session: Session, wanted: Iterable[Key]) -> dict[Key, End]:
    """Every end that is still there, in a fixed number of statements."""
    by_kind: dict[SubjectKind, set[UUID]] = {}
    for kind, key in wanted:
        by_kind.setdefault(kind, set()).add(key)
    projects = projects_with(session, by_kind.get(SubjectKind.PROJECT, set()))
    homes = {each.mission_id for each in projects} | by_kind.get(SubjectKind.MISSION, set())
    known = missions_with(session, homes)
    titles = project_titles.readable(session, projects) if projects else {}
    found = [project_end(each, titles[each.id], known[each.mission_id]) for each in projects]
    found += [mission_end(known[key]) for key in by_kind.get(SubjectKind.MISSION, set()) if key in known]
    names = names_of(session, by_kind.get(SubjectKind.ORGANISATION, set()))
    found += [End(SubjectKind.ORGANISATION, key, name, "") for key, name in names.items()]
    return {each.key: each for each in found}


def projects_with(session: Session, ids: Collection[UUID]) -> list[Project]:
    return list(session.exec(select(Project).where(col(Project.id).in_(ids)))) if ids else []


def missions_with(session: Session, ids: Collection[UUID]) -> dict[UUID, Mission]:
    query = select(Mission).where(col(Mission.id).in_(ids))
    return {each.id: each for each in session.exec(query)} if ids else {}


def project_end(project: Project, title: str, mission: Mission) -> End:
    return End(
        SubjectKind.PROJECT, project.id, title, project_url(project), mission.id, mission.title, project.state
    )


def mission_end(mission: Mission) -> End:
    return End(
        SubjectKind.MISSION, mission.id, mission.title, f"/missions/{mission.id}", mission.id, mission.title,
        mission.state,
    )  # fmt: skip


def keys_of(links: Iterable[Link]) -> set[Key]:
    return {end for link in links for end in ((link.from_kind, link.from_id), (link.to_kind, link.to_id))}
