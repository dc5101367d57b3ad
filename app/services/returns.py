"""The ledger of risks and rewards: what the public pays for each project of a mission, and what it gets back."""

from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session

from app.models.mission import Mission
from app.models.money import standing_lines
from app.models.project import Project, projects_of
from app.rules import returns as rules
from app.rules.returns import Balance, Line
from app.rules.words import Compare, ConditionKind, ConditionState
from app.services import conditions_read
from app.services.conditions_read import Read

# A right that is breached, waived or only proposed is no reward.
HOLDS = (ConditionState.ACTIVE, ConditionState.DUE, ConditionState.KEPT, ConditionState.REMEDIED)


@dataclass(frozen=True)
class Returns:
    """Risk and reward of one project: money in each currency, and what else the public gets, condition by condition."""

    project: Project
    title: str
    balances: tuple[Balance, ...]
    rights: tuple[Read, ...]

    @property
    def is_unbalanced(self) -> bool:
        return any(each.is_unbalanced for each in self.balances)


def of_mission(session: Session, mission: Mission) -> list[Returns]:
    """One row for each project that has money or conditions, those out of balance first."""
    projects = projects_of(session, mission.id)
    lines, reads = standing_lines(session, mission.id), conditions_read.of_projects(session, projects)
    found, titles = [], conditions_read.titles_of(session, projects)
    for project in projects:
        own = [Line(each.kind, each.source_group, each.currency, each.amount) for each in lines
               if each.project_id == project.id]  # fmt: skip
        rights = tuple(each for each in reads if each.project.id == project.id and each.binding is not None)
        if own or rights:
            found.append(
                Returns(project, titles[project.id], rules.balances(own, held_share(rights)), rights)
            )
    return sorted(found, key=lambda each: not each.is_unbalanced)


def held_share(rights: tuple[Read, ...]) -> Fraction:
    """The share in the firm that the public holds: the numbers of conditions on a share are percent of it."""
    percent = [
        each.measure.value
        for each in rights
        if each.condition.kind is ConditionKind.EQUITY
        and each.measure.compare is Compare.AT_LEAST
        and each.state in HOLDS
    ]
    return sum((Fraction(each) for each in percent if each is not None), Fraction(0)) / 100
