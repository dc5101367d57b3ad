"""Contracts: who pays names who leads, both agree the conditions, and then the project is contracted."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.columns import now
from app.models.condition import conditions_of
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.project import Project
from app.rules.words import N_, ConditionState, ProjectState, Side, SubjectKind
from app.services import awards_contract, conditions, conditions_told, events, notifications


class ContractedAlready(Conflict):
    sentence: ClassVar[str] = N_("This project is contracted already, or over.")


class LeadIsBound(Conflict):
    sentence: ClassVar[str] = N_(
        "Who leads has agreed a condition: somebody else cannot take its place any more."
    )


class NothingAssumed(Conflict):
    sentence: ClassVar[str] = N_(
        "Write first what this project assumes and how it could turn out false: it starts from that."
    )


class LeadApplied(Conflict):
    sentence: ClassVar[str] = N_(
        "Whoever applied leads the project: its place is not given to somebody else."
    )


class EndsBeforeItStarts(NotAcceptable):
    sentence: ClassVar[str] = N_("A project ends after it starts.")


def name_lead(session: Session, project: Project, organisation_id: UUID, by: UUID) -> None:
    """Name the organisation that leads a project, or another one as long as none has agreed anything."""
    require_proposed(session, project)
    if any(each.state is not ConditionState.PROPOSED for each in conditions_of(session, project.id)):
        raise LeadIsBound()
    if project.application_id is not None and organisation_id != project.lead_organisation_id:
        raise LeadApplied()
    if session.get(Organisation, organisation_id) is None:
        raise NotFound()
    project.lead_organisation_id = organisation_id
    events.record(
        session, "project_lead_named", SubjectKind.PROJECT, project.id, by=by, mission=project.mission_id,
        organisation=organisation_id,
    )  # fmt: skip


def require_proposed(session: Session, project: Project) -> None:
    conditions.hold_project(session, project, needs_lead=False)
    if project.state is not ProjectState.PROPOSED:
        raise ContractedAlready()


def contract(
    session: Session, project: Project, starts: date, ends: date, by: UUID, origin: str = ""
) -> None:
    """Contract a project that says what it assumes, and whose every condition both sides agreed: they are in force."""
    require_proposed(session, project)
    if project.lead_organisation_id is None:
        raise conditions.NobodyLeads()
    if ends <= starts:
        raise EndsBeforeItStarts()
    if not project.hypothesis:
        raise NothingAssumed()
    conditions.require_all_agreed(session, project)
    application = awards_contract.require_selected(session, project)
    project.state, project.contracted_at = ProjectState.CONTRACTED, now()
    project.starts, project.ends = starts, ends
    made = awards_contract.commit(session, project, application, by) if application else {}
    events.record(
        session,
        "project_contracted",
        SubjectKind.PROJECT,
        project.id,
        by=by,
        mission=project.mission_id,
        **made,
    )
    people = conditions_told.people_of(session, project, Side.LEAD) - {by}
    mission = session.get_one(Mission, project.mission_id)
    notifications.tell(
        session, people, "project_contracted", SubjectKind.MISSION, mission.id, origin, title=mission.title
    )
