"""A project under contract, the people of its two sides, and conditions that they agreed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from app.models.columns import now
from app.models.condition import Condition
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.project import Project, projects_of
from app.rules.conditions import Measure
from app.rules.words import (
    Compare,
    ConditionKind,
    ProjectState,
    Role,
    ScopeKind,
    Side,
    StakeholderGroup,
)
from app.services import conditions
from app.services.conditions import ConditionText
from tests.people import make_organisation, make_person, seat
from tests.services.chamber import Chamber
from tests.services.steering import make_active

CLAUSE = "The firm publishes all results, those of failed trials and the costs included."
HYPOTHESIS = "Shared batteries keep the light on until ten; one dark home in three would show the opposite."
PUBLISHED = Measure(Compare.YES, "results, failed trials and costs are published")


@dataclass
class Contract:
    """`funder` is the mission's steward, `lead` a person of the firm that leads the project."""

    chamber: Chamber
    project: Project
    firm: Organisation
    funder: Person
    lead: Person

    @property
    def session(self) -> Session:
        return self.chamber.session


def make_contract(session: Session, state: ProjectState = ProjectState.RUNNING) -> Contract:
    chamber = make_active(session)
    project = projects_of(session, chamber.mission.id)[0]
    firm = make_organisation(session, f"Sun Works {uuid4().hex[:8]}", group=StakeholderGroup.PRIVATE)
    project.lead_organisation_id, project.state = firm.id, state
    project.hypothesis = HYPOTHESIS
    steward = make_person(session, f"Stella {uuid4().hex[:8]}")
    seat(session, steward, Role.STEWARD, ScopeKind.ORGANISATION, chamber.mission.organisation_id)
    lead = make_person(session, f"Luz {uuid4().hex[:8]}", organisation_id=firm.id)
    session.flush()
    return Contract(chamber, project, firm, steward, lead)


def text(
    due_in: int = 60, measure: Measure = PUBLISHED, clause: str = CLAUSE, **changes: Any
) -> ConditionText:
    return ConditionText(clause, changes.get("parameter", ""), measure, in_days(due_in))


def in_days(days: int) -> date:
    return (now() + timedelta(days=days)).date()


def propose(
    contract: Contract, kind: ConditionKind = ConditionKind.KNOWLEDGE, told: ConditionText | None = None
) -> Condition:
    """Who pays proposes."""
    return conditions.propose(
        contract.session, contract.project, kind, told or text(), Side.FUNDER, contract.funder.id
    )


def agreed(
    contract: Contract, kind: ConditionKind = ConditionKind.KNOWLEDGE, told: ConditionText | None = None
) -> Condition:
    """Who pays proposes, and who leads says yes."""
    condition = propose(contract, kind, told)
    conditions.agree(contract.session, condition, Side.LEAD, 1, contract.lead.id)
    return condition
