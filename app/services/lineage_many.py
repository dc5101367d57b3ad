"""Projects and milestones of many missions: told by their number for each mission, whose own lineage names them."""

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.models.milestone import Milestone
from app.models.project import Project
from app.services.lineage_flow import AMOUNTS, Flow, Stop, Way


def draw(session: Session, way: Way, mission_ids: Sequence[UUID], paid: Collection[UUID | None]) -> None:
    """One stop for all projects of a mission, and one for their milestones."""
    query = select(Project.id, Project.mission_id).where(col(Project.mission_id).in_(mission_ids))
    belongs: dict[UUID, UUID] = dict(session.exec(query).all())
    funded = Counter(mission for project, mission in belongs.items() if project in paid)
    for mission_id, many in Counter(belongs.values()).items():
        stop = add(way.flow, "project", "projects", mission_id, many)
        money = way.flow.stops.get(f"money-{mission_id}")
        from_money = funded[mission_id] if money else 0
        way.flow.join(money, stop, from_money, "projects")
        way.flow.join(way.of(mission_id), stop, many - from_money, "projects")
    way.projects |= {project: way.flow.stops[f"projects-{mission}"] for project, mission in belongs.items()}
    draw_milestones(session, way, mission_ids)


def draw_milestones(session: Session, way: Way, mission_ids: Sequence[UUID]) -> None:
    """Those that stand, from the projects that they are of, or from the mission itself."""
    later = aliased(Milestone)
    query = select(Milestone.mission_id, Milestone.project_id).where(
        col(Milestone.mission_id).in_(mission_ids), ~exists().where(col(later.replaces_id) == Milestone.id)
    )
    many: Counter[tuple[UUID, bool]] = Counter()
    for mission_id, project_id in session.exec(query):
        many[mission_id, project_id in way.projects] += 1
    totals: Counter[UUID] = Counter()
    for (mission_id, _is_of_project), count in many.items():
        totals[mission_id] += count
    for (mission_id, is_of_project), count in sorted(many.items()):
        stop = add(way.flow, "milestone", "milestones", mission_id, totals[mission_id])
        source = way.flow.stops.get(f"projects-{mission_id}") if is_of_project else way.of(mission_id)
        way.flow.join(source, stop, count, "milestones")


def add(flow: Flow, column: str, what: str, mission_id: UUID, many: int) -> Stop:
    return flow.add(f"{what}-{mission_id}", column, AMOUNTS[what](many), f"/missions/{mission_id}/lineage")
