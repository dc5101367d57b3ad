"""Conditions on the two sides of a contract, and on agencies: who pays, who leads, who answers for an agency."""

from uuid import UUID

from sqlmodel import Session, col, exists, select

from app.conditions.asking import Ask, Condition
from app.models.application import Teammate
from app.models.call import Call
from app.models.condition import Condition as Agreed
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.project import Project
from app.rules.words import N_, CallState, Role, ScopeKind, Side

PAYING_ROLES = (Role.FACILITATOR, Role.STEWARD)


def funder_of(session: Session, project: Project) -> UUID:
    """The organisation that pays for a project: its own funder, or the one whose mission it is."""
    return project.funder_organisation_id or session.get_one(Mission, project.mission_id).organisation_id


def side_of(ask: Ask) -> Side | None:
    """For whom the viewer speaks about a project. Who could speak for both speaks for the side that pays."""
    project = project_in(ask)
    if project is None or ask.viewer.person is None:
        return None
    if funds(ask, project):
        return Side.FUNDER
    return Side.LEAD if leads(ask, project) else None


def project_in(ask: Ask) -> Project | None:
    """The project that is asked about, or the one that a condition is on."""
    if isinstance(ask.subject, Agreed) and ask.subject.project_id is not None:
        return ask.session.get(Project, ask.subject.project_id)
    return ask.subject if isinstance(ask.subject, Project) else None


def funds(ask: Ask, project: Project) -> bool:
    funder = funder_of(ask.session, project)
    return any(ask.viewer.holds(role, ScopeKind.ORGANISATION, funder) for role in PAYING_ROLES)


def leads(ask: Ask, project: Project) -> bool:
    """A person of the organisation that leads, a lead seated there, or who led the application it came from."""
    person, lead = ask.viewer.person, project.lead_organisation_id
    if person is None:
        return False
    if lead is not None and (
        person.organisation_id == lead or ask.viewer.holds(Role.LEAD, ScopeKind.ORGANISATION, lead)
    ):
        return True
    if project.application_id is None:
        return False
    query = select(Teammate).where(
        Teammate.application_id == project.application_id, Teammate.person_id == person.id,
        Teammate.role == Role.LEAD,
    )  # fmt: skip
    return ask.session.exec(query).first() is not None


def is_agency(ask: Ask) -> bool:
    """An organisation that anyone knows as an agency: it has asked something in public, or pays for a project."""
    if not isinstance(ask.subject, Organisation):
        return False
    asked = exists().where(
        col(Call.organisation_id) == ask.subject.id, col(Call.state) != CallState.DRAFT,
        col(Call.published_at).is_not(None),
    )  # fmt: skip
    pays = exists().where(col(Project.funder_organisation_id) == ask.subject.id)
    return bool(ask.session.exec(select(asked | pays)).one())


FUNDER = Condition(
    "speaks for who pays", lambda a: side_of(a) is Side.FUNDER,
    N_("Only a steward or a facilitator of the organisation that pays can do this."),
)  # fmt: skip
LEAD = Condition(
    "speaks for who leads", lambda a: side_of(a) is Side.LEAD,
    N_("Only people of the organisation that leads the project can do this."),
)  # fmt: skip
A_SIDE = Condition(
    "speaks for a side", lambda a: side_of(a) is not None,
    N_("Only the two sides of the contract can do this: who pays, and who leads the project."),
)  # fmt: skip
AGENCY = Condition("is a known agency", is_agency, N_("There is nothing at this address."), hides=True)
OF_AGENCY = Condition(
    "answers for the agency",
    lambda a: any(a.viewer.holds(role, ScopeKind.ORGANISATION, a.subject.id) for role in PAYING_ROLES),
    N_("Only a steward or a facilitator of this agency can do this."),
)
