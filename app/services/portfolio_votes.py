"""The certified votes that made a mission's portfolio: what was chosen, at which cost, under which budget."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.decision import Decision
from app.models.offer import Offer
from app.models.project import Project, projects_of
from app.rules.words import DecisionKind, DecisionState, SubjectKind

# A challenge that was not upheld leaves a result as it was.
STANDING = (DecisionState.CERTIFIED, DecisionState.CHALLENGED, DecisionState.DISMISSED)


@dataclass(frozen=True)
class Chosen:
    """One vote of record; `projects` are what each option is or became, as far as anything did."""

    decision: Decision
    projects: dict[str, Project]
    currency: str = ""

    @property
    def budget(self) -> int:
        """In cents, as it was frozen at notice."""
        return int(self.decision.rule["budget"])

    @property
    def selected(self) -> tuple[str, ...]:
        return tuple(self.decision.result["selected"])


def of_mission(session: Session, mission_id: UUID) -> list[Chosen]:
    """Votes among the mission's projects, and among the applications to its calls; the latest first."""
    offers = session.exec(select(Offer).where(Offer.mission_id == mission_id))
    currencies: dict[UUID | None, str] = {each.call_id: each.currency for each in offers}
    query = select(Decision).where(
        Decision.kind == DecisionKind.PORTFOLIO, col(Decision.state).in_(STANDING),
        Decision.outcome == DecisionState.CARRIED.value,
        (col(Decision.mission_id) == mission_id) | col(Decision.call_id).in_(list(currencies)),
    )  # fmt: skip
    made = session.exec(query.order_by(col(Decision.certified_at).desc(), col(Decision.id))).all()
    found = [
        each for each in made if any(option.get("cost") for option in each.options)
    ]  # roadmaps cost nothing
    projects = projects_of(session, mission_id) if found else []
    return [
        Chosen(each, by_option(each.options, projects), currencies.get(each.call_id, "")) for each in found
    ]


def by_option(options: list[dict[str, Any]], projects: list[Project]) -> dict[str, Project]:
    """The project of each option: itself, or the one that was contracted from the application."""
    known = {(SubjectKind.PROJECT.value, str(each.id)): each for each in projects}
    known |= {
        (SubjectKind.APPLICATION.value, str(each.application_id)): each
        for each in projects
        if each.application_id is not None
    }
    wanted = {each["id"]: (each.get("subject_kind", ""), each.get("subject_id", "")) for each in options}
    return {option: known[named] for option, named in wanted.items() if named in known}


def of_project(session: Session, mission_id: UUID, project_id: UUID) -> Chosen | None:
    """The vote whose budget pays for a project."""
    for each in of_mission(session, mission_id):
        if any(project.id == project_id for project in each.projects.values()):
            return each
    return None
