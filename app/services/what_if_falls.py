"""What falls with projects that are dropped: what depends on them, and the milestones that no other project carries."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.columns import now
from app.models.link import links_from, links_to
from app.models.milestone import Milestone, MilestoneWord, milestones_of
from app.models.mission import Mission
from app.models.project import Project
from app.rules import what_if as rules
from app.rules.disclosure import PUBLIC_CALL_STATES
from app.rules.what_if import Falls
from app.rules.words import LinkKind, SubjectKind
from app.services import project_titles
from app.services.portfolio_votes import Chosen


@dataclass(frozen=True)
class Fallen:
    """`gone` are the projects of the options that were dropped; `carried_by` holds every milestone that lies ahead."""

    gone: frozenset[UUID]
    dependents: dict[UUID, UUID]
    titles: dict[UUID, str]
    milestones: list[Milestone]
    carried_by: dict[UUID, frozenset[UUID]]


def told(session: Session, mission: Mission, chosen: Chosen, falls: Falls) -> Fallen:
    gone = frozenset(chosen.projects[option].id for option in falls.dropped if option in chosen.projects)
    pairs = dependencies(session, gone)
    known = public_projects(session, {key for pair in pairs for key in pair} | gone, mission)
    dependents = rules.dependents(gone, [pair for pair in pairs if pair[0] in known])
    ahead = waiting(session, mission)
    carried_by = carriers(session, ahead)
    risky = set(rules.at_risk(carried_by, gone))
    titles = project_titles.readable(session, known.values())
    return Fallen(gone, dependents, titles, [each for each in ahead if each.id in risky], carried_by)


def dependencies(session: Session, gone: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Who needs what, from these projects outwards, one statement a remove; dependence has no circle."""
    found: list[tuple[UUID, UUID]] = []
    seen, reached = set(gone), list(gone)
    while reached:
        links = links_to(session, LinkKind.DEPENDS_ON, SubjectKind.PROJECT, sorted(reached))
        pairs = [(each.from_id, each.to_id) for each in links if each.from_kind is SubjectKind.PROJECT]
        found += pairs
        reached = sorted({who for who, _what in pairs} - seen)
        seen.update(reached)
    return found


def public_projects(session: Session, keys: Collection[UUID], mission: Mission) -> dict[UUID, Project]:
    """Those of these projects that whoever reads this mission may know of: its own, and those of public missions."""
    if not keys:
        return {}
    query = (
        select(Project)
        .join(Mission, col(Mission.id) == Project.mission_id)
        .join(Call, col(Call.id) == Mission.call_id)
        .where(
            col(Project.id).in_(keys),
            (col(Project.mission_id) == mission.id) | col(Call.state).in_(PUBLIC_CALL_STATES),
        )
    )  # fmt: skip
    return {each.id: each for each in session.exec(query)}


def waiting(session: Session, mission: Mission) -> list[Milestone]:
    """The milestones that are still to be reached: not replaced, not said to be reached, and not past their day."""
    every = milestones_of(session, mission.id)
    replaced = {each.replaces_id for each in every}
    said = select(MilestoneWord.milestone_id).where(
        col(MilestoneWord.milestone_id).in_([each.id for each in every])
    )
    done = set(session.exec(said)) if every else set()
    today = now().date()
    return [each for each in every if each.id not in replaced | done and each.due >= today]


def carriers(session: Session, milestones: list[Milestone]) -> dict[UUID, frozenset[UUID]]:
    """The projects that carry each milestone: the one it names, and those it is linked to as depending on them."""
    found: dict[UUID, set[UUID]] = {
        each.id: {each.project_id} if each.project_id else set() for each in milestones
    }
    for link in links_from(session, LinkKind.DEPENDS_ON, SubjectKind.MILESTONE, list(found)) if found else ():
        if link.to_kind is SubjectKind.PROJECT:
            found[link.from_id].add(link.to_id)
    return {key: frozenset(projects) for key, projects in found.items()}
