"""The calendar of a project or a mission: every check of a condition that binds, and every milestone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.i18n import _, word
from app.models.columns import now
from app.models.milestone import standing_milestones
from app.models.mission import Mission
from app.models.project import Project, projects_of
from app.rules import icalendar
from app.rules.icalendar import Entry
from app.rules.words import ConditionState
from app.services import conditions_read


@dataclass(frozen=True)
class Day:
    """Something that falls on a day; `state` is None where the calendar does not say what became of it.

    `vote` is the decision that accepted what makes it good.
    """

    key: str
    day: date
    what: str
    title: str
    where: str
    url: str
    state: ConditionState | None = None
    vote: UUID | None = None


def of_project(session: Session, project: Project) -> list[Day]:
    mission = session.get_one(Mission, project.mission_id)
    return days(session, mission, [project], only=project)


def of_mission(session: Session, mission: Mission) -> list[Day]:
    return days(session, mission, projects_of(session, mission.id))


def days(
    session: Session, mission: Mission, projects: Sequence[Project], only: Project | None = None
) -> list[Day]:
    """In the order of the days; a condition that nobody agreed yet has none."""
    found = [
        Day(
            f"check-{read.condition.id}-{check.due.isoformat()}", check.due, word(read.condition.kind),
            read.shown.clause, read.title,
            f"/conditions/{read.condition.id}#check-{check.due.isoformat()}", check.state,
            read.vote_on(check),
        )
        for read in conditions_read.of_projects(session, projects)
        for check in read.checks
    ]  # fmt: skip
    titles = conditions_read.titles_of(session, projects)
    found += [
        Day(f"milestone-{each.id}", each.due, _("Milestone"), each.title,
            titles.get(each.project_id, mission.title) if each.project_id else mission.title,
            f"/missions/{mission.id}/milestones#milestone-{each.id}")
        for each in standing_milestones(session, mission.id)
        if only is None or each.project_id == only.id
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.day, each.key))


def feed(name: str, found: Sequence[Day], origin: str) -> str:
    """The same days for a calendar program; `origin` is the address of this platform."""
    return icalendar.written(name, [entry(each, origin) for each in found], now())


def entry(each: Day, origin: str) -> Entry:
    """The state stands in the title, since programs show little else."""
    told = f" ({word(each.state)})" if each.state else ""
    host = origin.split("://")[-1].split("/")[0]
    return Entry(
        f"{each.key}@{host}", each.day, f"{each.what}{told}: {short(each.title)}",
        f"{each.where}\n{each.title}", f"{origin}{each.url}",
    )  # fmt: skip


def short(title: str) -> str:
    return title if len(title) <= 80 else f"{title[:79]}…"


def ahead(found: Sequence[Day], today: date) -> tuple[list[Day], list[Day]]:
    """What is still to come, today included, or overdue; and what lies behind."""
    is_open = {ConditionState.BREACHED, ConditionState.ACTIVE, ConditionState.DUE}
    coming = [each for each in found if each.day >= today or each.state in is_open]
    return coming, [each for each in found if each not in coming]
