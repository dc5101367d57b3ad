"""The map of one mission, from rows: its challenge, its sectors, its projects, and what these bear on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.i18n import _, current
from app.models.call import Call
from app.models.mission import Mission
from app.models.organisation import names_of
from app.models.project import Project, projects_of
from app.rules import mapping
from app.rules.mapping import Layer
from app.rules.words import N_, LinkStatus
from app.services import links_ends, links_show, missions_sectors, project_titles, terms
from app.services.links_ends import End
from app.services.links_show import Dependent, Told

LAYERS = {
    Layer.CHALLENGE: N_("Challenge"),
    Layer.MISSION: N_("Mission"),
    Layer.SECTOR: N_("Sectors"),
    Layer.PROJECT: N_("Projects"),
    Layer.OUTSIDE: N_("Beyond this mission"),
}


@dataclass(frozen=True)
class Sector:
    """One sector with its projects; `is_named` where the mission itself names it."""

    code: str
    label: str
    is_named: bool
    projects: list["Placed"] = field(default_factory=list)
    is_orphan: bool = False


@dataclass(frozen=True)
class Placed:
    """One project with its sectors and what links begin or end at it; `title` may be empty."""

    project: Project
    title: str
    lead: str
    url: str
    sectors: list[tuple[str, str]]
    links: list[Told]
    waiting: list[Dependent]
    is_orphan: bool

    def stands_in(self, code: str) -> bool:
        return any(code == each for each, _label in self.sectors)


@dataclass(frozen=True)
class Mapped:
    """Everything the page draws and tells."""

    mission: Mission
    call: Call
    challenge: str
    sectors: list[Sector]
    projects: list[Placed]
    links: list[Told]
    outside: list[End]
    is_orphan: bool

    @property
    def orphans(self) -> int:
        parts: Sequence[Sector | Placed] = [*self.sectors, *self.projects]
        return sum(each.is_orphan for each in parts) + self.is_orphan


def mapped(session: Session, mission: Mission) -> Mapped:
    """Read the rows and join them; what hangs on nothing is told, not left out."""
    projects = projects_of(session, mission.id)
    named = missions_sectors.of_mission(session, mission.id)
    placed = missions_sectors.of_projects(session, mission.id)
    links = links_show.told(session, mission)
    codes = sorted(named | {code for _project, code in placed}, key=sector_name)
    lost = orphans(mission, codes, projects, placed)
    shown = placed_projects(session, projects, placed, links, lost)
    sectors = [
        Sector(code, sector_name(code), code in named, [each for each in shown if each.stands_in(code)],
               sector_key(code) in lost)
        for code in codes
    ]  # fmt: skip
    call = session.get_one(Call, mission.call_id)
    return Mapped(
        mission, call, call.told(current()).question, sectors, shown, links, beyond(mission, links),
        mission_key(mission) in lost,
    )  # fmt: skip


def placed_projects(
    session: Session, projects: Sequence[Project], placed: Sequence[tuple[UUID, str]], links: Sequence[Told],
    lost: set[str],
) -> list[Placed]:  # fmt: skip
    titles = project_titles.readable(session, projects)
    leads = names_of(session, {each.lead_organisation_id for each in projects if each.lead_organisation_id})
    waiting = links_show.dependents(session, [each.id for each in projects])
    return [
        Placed(
            project=each,
            title=titles[each.id],
            lead=leads.get(each.lead_organisation_id, "") if each.lead_organisation_id else "",
            url=links_ends.project_url(each),
            sectors=[(code, sector_name(code)) for project, code in placed if project == each.id],
            links=[link for link in links if each.id in (link.near.id, link.far.id)],
            waiting=waiting[each.id],
            is_orphan=project_key(each.id) in lost,
        )
        for each in projects
    ]


def sector_name(code: str) -> str:
    return terms.label(code, terms.SECTOR)


def mission_key(mission: Mission) -> str:
    return f"mission-{mission.id}"


def sector_key(code: str) -> str:
    return f"sector-{code}"


def project_key(project_id: UUID) -> str:
    return f"project-{project_id}"


def orphans(
    mission: Mission, codes: Sequence[str], projects: Sequence[Project], placed: Sequence[tuple[UUID, str]],
) -> set[str]:  # fmt: skip
    """The nodes that hang on nothing, by their keys."""
    layers = {
        mission_key(mission): Layer.MISSION,
        **{sector_key(code): Layer.SECTOR for code in codes},
        **{project_key(each.id): Layer.PROJECT for each in projects},
    }
    edges = [(mission_key(mission), sector_key(code)) for code in codes]
    edges += [(sector_key(code), project_key(project)) for project, code in placed]
    return mapping.orphans(layers, edges)


def beyond(mission: Mission, links: Sequence[Told]) -> list[End]:
    """What lies outside of the mission and is linked with something in it, each once."""
    far = {end.key: end for each in links for end in (each.near, each.far) if end.mission_id != mission.id}
    return sorted(far.values(), key=lambda end: (end.kind, end.title, str(end.id)))


def drawn(found: Mapped, nameless: str) -> dict[str, Any]:
    """What the script draws: nodes by layer, and edges; `nameless` stands for a title that was taken back."""
    mission = found.mission
    nodes = [node(f"call-{found.call.id}", Layer.CHALLENGE, found.challenge, f"/calls/{found.call.id}")]
    nodes.append(
        node(mission_key(mission), Layer.MISSION, mission.title, f"/missions/{mission.id}", found.is_orphan)
    )
    nodes += [
        node(sector_key(each.code), Layer.SECTOR, each.label, f"#sector-{each.code}", each.is_orphan)
        for each in found.sectors
    ]
    nodes += [
        node(project_key(each.project.id), Layer.PROJECT, each.title or nameless, each.url, each.is_orphan)
        for each in found.projects
    ]
    nodes += [
        node(end_key(each), Layer.OUTSIDE, each.title or nameless, outside_url(found, each))
        for each in found.outside
    ]
    edges = [edge(f"call-{found.call.id}", mission_key(mission))]
    edges += [edge(mission_key(mission), sector_key(each.code)) for each in found.sectors]
    edges += [
        edge(sector_key(code), project_key(each.project.id))
        for each in found.projects
        for code, _label in each.sectors
    ]
    edges += [
        edge(end_key(each.near), end_key(each.far), each.link.kind, _(each.said), each.link.status)
        for each in found.links
    ]
    return {
        "layers": {layer.value: _(words) for layer, words in LAYERS.items()},
        "nodes": nodes,
        "edges": edges,
    }


def end_key(end: End) -> str:
    return f"{end.kind.value}-{end.id}"


def outside_url(found: Mapped, end: End) -> str:
    """An organisation has no page of its own for everyone: its row among the links tells of it."""
    return end.url or f"/missions/{found.mission.id}/links"


def node(key: str, layer: Layer, name: str, url: str, is_orphan: bool = False) -> dict[str, Any]:
    told = {"key": key, "layer": layer.value, "name": name, "url": url}
    return {**told, "orphan": _(mapping.ORPHANED[layer])} if is_orphan else told


def edge(
    near: str, far: str, kind: str = "", said: str = "", status: LinkStatus = LinkStatus.UNTESTED
) -> dict[str, Any]:
    """A line without a kind is part of the map itself; one with a kind is a link, and told by its words."""
    return {"from": near, "to": far, "kind": kind, "said": said, "refuted": status is LinkStatus.REFUTED}
