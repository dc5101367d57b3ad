"""The projects of a mission, one page of them at a time, each with who leads it and what it came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import func, literal, tuple_
from sqlmodel import Session, col, select

from app.models.lesson import Lesson
from app.models.mission import Mission
from app.models.organisation import names_of
from app.models.project import Project
from app.rules import keyset
from app.rules.words import ProjectState
from app.services import project_titles
from app.services.drafts import one_of

PAGE = 30
SORT = "oldest"


@dataclass(frozen=True)
class Row:
    project: Project
    title: str
    lead: str
    lessons: int


@dataclass(frozen=True)
class Listing:
    """One page; `counts` are of all projects of the mission, so that every state says how many are in it."""

    rows: list[Row]
    state: ProjectState | None
    counts: dict[ProjectState, int]
    next: str | None

    def query(self, **changes: str) -> str:
        parts = {"state": self.state.value if self.state else "", **changes}
        return urlencode({name: value for name, value in parts.items() if value})


def listed(session: Session, mission: Mission, given: Mapping[str, str]) -> Listing:
    state, cursor = one_of(ProjectState, given.get("state")), given.get("page", "")
    query = select(Project).where(Project.mission_id == mission.id)
    if state is not None:
        query = query.where(Project.state == state)
    if cursor:
        at, key = keyset.decode(cursor, SORT, keyset.MOMENT)
        query = query.where(
            tuple_(col(Project.created_at), col(Project.id)) > tuple_(literal(at), literal(key))
        )
    ordered = query.order_by(col(Project.created_at), col(Project.id)).limit(PAGE + 1)
    found = list(session.exec(ordered))
    shown = found[:PAGE]
    following = keyset.encode(SORT, [shown[-1].created_at, shown[-1].id]) if len(found) > PAGE else None
    return Listing(rows(session, shown), state, counts(session, mission.id), following)


def rows(session: Session, projects: list[Project]) -> list[Row]:
    titles = project_titles.readable(session, projects)
    names = names_of(session, {each.lead_organisation_id for each in projects if each.lead_organisation_id})
    learned = lessons(session, [each.id for each in projects])
    return [
        Row(each, titles[each.id], names.get(each.lead_organisation_id, "") if each.lead_organisation_id else "",
            learned.get(each.id, 0))
        for each in projects
    ]  # fmt: skip


def lessons(session: Session, ids: list[UUID]) -> dict[UUID, int]:
    query = select(Lesson.project_id, func.count()).where(col(Lesson.project_id).in_(ids))
    return {key: count for key, count in session.exec(query.group_by(col(Lesson.project_id))) if key}


def counts(session: Session, mission_id: UUID) -> dict[ProjectState, int]:
    query = select(Project.state, func.count()).where(Project.mission_id == mission_id)
    found = dict(session.exec(query.group_by(col(Project.state))).all())
    return {each: found[each] for each in ProjectState if each in found}
