"""Links as pages tell them: those of one mission, and everything that would be hit if a project stopped."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.link import Link, links_among
from app.models.mission import Mission
from app.models.project import Project, projects_of
from app.rules import links as rules
from app.rules.words import LinkKind, ProjectState, SubjectKind
from app.services import links_ends
from app.services.links_ends import End

ENDED = (ProjectState.COMPLETED, ProjectState.STOPPED_TO_LEARN)


@dataclass(frozen=True)
class Told:
    """One link with both its ends; `is_ours` where it begins here, so that our steward may change it."""

    link: Link
    near: End
    far: End
    is_ours: bool

    @property
    def said(self) -> str:
        return rules.SAID[self.link.kind]


@dataclass(frozen=True)
class Dependent:
    """What waits for a thing: over how many steps, and by which link to what stands before it on the way."""

    end: End
    steps: int
    link: Link
    before: End


def told(session: Session, mission: Mission) -> list[Told]:
    """Every link of a mission and its projects, those that come in from elsewhere last."""
    own = {mission.id} | {each.id for each in projects_of(session, mission.id)}
    return shown(session, own, links_among(session, rules.ENDS, rules.MAPPED, own))


def shown(session: Session, own: set[UUID], links: Sequence[Link]) -> list[Told]:
    """Links whose both ends are known; the thread's own links, to voices and groups, are told elsewhere."""
    known = links_ends.ends(session, links_ends.keys_of(links))
    found = []
    for link in links:
        near, far = known.get((link.from_kind, link.from_id)), known.get((link.to_kind, link.to_id))
        if near is not None and far is not None:
            found.append(Told(link, near, far, link.from_id in own))
    return sorted(found, key=lambda each: not each.is_ours)


def what_depends_on(session: Session, project: Project) -> list[Dependent]:
    """Everything that would be hit if this project stopped, the nearest first, over missions; what has ended is not."""
    return dependents(session, [project.id])[project.id]


def dependents(session: Session, starts: Collection[UUID]) -> dict[UUID, list[Dependent]]:
    """For each of these, what depends on it, directly or through others; read once for all of them."""
    links = waiting_for(session, starts)
    edges: dict[UUID, list[UUID]] = defaultdict(list)
    through: dict[tuple[UUID, UUID], Link] = {}
    for link in links:
        edges[link.to_id].append(link.from_id)
        through[link.from_id, link.to_id] = link
    known = {end.id: end for end in links_ends.ends(session, links_ends.keys_of(links)).values()}
    return {start: reaching(start, edges, through, known) for start in starts}


def reaching(
    start: UUID,
    edges: dict[UUID, list[UUID]],
    through: dict[tuple[UUID, UUID], Link],
    known: dict[UUID, End],
) -> list[Dependent]:
    found = []
    for key, steps in rules.reached(edges, start).items():
        if key in known and known[key].state not in ENDED:
            before = rules.path(edges, start, key)[-2]
            found.append(Dependent(known[key], steps, through[key, before], known[before]))
    return sorted(found, key=lambda each: (each.steps, each.end.title, str(each.end.id)))


def waiting_for(session: Session, starts: Collection[UUID]) -> list[Link]:
    """Every link of dependence that leads to one of these, however many steps away."""
    found: dict[UUID, Link] = {}
    frontier = list(starts)
    while frontier:
        query = select(Link).where(Link.kind == LinkKind.DEPENDS_ON, col(Link.to_id).in_(frontier))
        new = [each for each in session.exec(query) if each.id not in found]
        found |= {each.id: each for each in new}
        frontier = [each.from_id for each in new]
    return sorted(found.values(), key=lambda each: (each.created_at, str(each.id)))


def path_of_dependence(session: Session, start: UUID, goal: UUID) -> list[UUID]:
    """Through what one thing depends on another already; empty where it does not."""
    edges: dict[UUID, list[UUID]] = defaultdict(list)
    frontier, seen = [start], {start}
    while frontier and goal not in seen:
        query = select(Link.from_id, Link.to_id).where(
            Link.kind == LinkKind.DEPENDS_ON, col(Link.from_id).in_(frontier)
        )
        frontier = []
        for near, far in session.exec(query):
            edges[near].append(far)
            if far not in seen:
                seen.add(far)
                frontier.append(far)
    return rules.path(edges, start, goal)


def names_of_path(session: Session, path: Sequence[UUID]) -> list[str]:
    keys = [(kind, each) for each in path for kind in (SubjectKind.PROJECT, SubjectKind.MISSION)]
    known = {end.id: end.title for end in links_ends.ends(session, keys).values()}
    return [known.get(each, "") for each in path]
