"""From a selected application to a project: drawn up with the conditions its call told, committed when contracted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Conflict, NotAcceptable
from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.milestone import Milestone, milestones_of
from app.models.mission import Mission
from app.models.money import Money, lines_of
from app.models.offer import Offer
from app.models.organisation import Organisation
from app.models.project import Project
from app.models.seed import seeds_of
from app.rules import award as rules
from app.rules import money
from app.rules.offers import Stage
from app.rules.words import (
    N_,
    ApplicationState,
    Certainty,
    MissionState,
    MoneyKind,
    ProjectState,
    StakeholderGroup,
    SubjectKind,
)
from app.services import (
    application_titles,
    awards,
    awards_ask,
    conditions,
    events,
    ledger_budget,
    milestones,
    offers,
)

UNDER_WAY = (MissionState.ADOPTED, MissionState.ACTIVE, MissionState.PAUSED)


class DrawnUpAlready(Conflict):
    sentence: ClassVar[str] = N_("A contract was drawn up from this application already.")


class NotAnswered(Conflict):
    """A project is public with its words and its lead: before the answer it would tell who was selected."""

    sentence: ClassVar[str] = N_(
        "A contract is drawn up once every application has its answer and the call too."
    )


class NotSelected(Conflict):
    sentence: ClassVar[str] = N_(
        "The application that this contract was drawn up from is selected no more: there is nothing to contract."
    )


class MissionMissing(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose an adopted mission of your agency that the project belongs to.")


@dataclass(frozen=True)
class Committed:
    """A public line of money as a contract writes it."""

    project_id: UUID
    amount: Decimal
    currency: str
    kind: MoneyKind = MoneyKind.COMMITTED
    source_group: StakeholderGroup | None = StakeholderGroup.PUBLIC
    replaces_id: UUID | None = None


def draw_up(
    session: Session, application: Application, mission_id: UUID | None, by: UUID, origin: str = ""
) -> Project:
    """Make the project of a selected application: its words and days, its lead, and the conditions of its call."""
    call = awards.hold(session, application)
    if application.state is not ApplicationState.SELECTED:
        raise NotSelected()
    if call.state not in application_titles.TOLD:
        raise NotAnswered()
    if awards.project_of(session, application.id) is not None:
        raise DrawnUpAlready()
    offer = awards_ask.offer_for(session, call.id)
    mission = mission_for(session, call, offer, mission_id)
    seeds = seeds_of(session, application.id)
    project = Project(
        mission_id=mission.id, application_id=application.id, cluster_id=seeds[0].cluster_id if seeds else None,
        title=application.title, summary=application.summary, route=application.route, instrument=offer.instrument,
        hypothesis=application.hypothesis, readiness=application.readiness, starts=application.starts,
        ends=application.ends, lead_organisation_id=application.organisation_id,
        funder_organisation_id=call.organisation_id,
    )  # fmt: skip
    session.add(project)
    session.flush()
    made = conditions.copy_from_call(session, call, project, by)
    events.record(
        session, "contract_drawn_up", SubjectKind.PROJECT, project.id, by=by, mission=mission.id, call=call.id,
        application=application.id, states=made,
    )  # fmt: skip
    awards.tell_team(session, application, "contract_drawn_up", by, origin)
    return project


def mission_for(session: Session, call: Call, offer: Offer, chosen: UUID | None) -> Mission:
    """The mission that the call serves; where it only names a challenge, one of the agency's that was adopted."""
    wanted = offer.mission_id or chosen
    mission = session.get(Mission, wanted) if wanted else None
    if mission is None or (offer.mission_id is None and mission not in open_missions(session, call)):
        raise MissionMissing()
    return mission


def open_missions(session: Session, call: Call) -> list[Mission]:
    query = select(Mission).where(
        Mission.organisation_id == call.organisation_id, col(Mission.state).in_(UNDER_WAY)
    )
    return list(session.exec(query.order_by(col(Mission.title), col(Mission.id))))


def require_selected(session: Session, project: Project) -> Application | None:
    """A project that came from an application is contracted only while that one is selected."""
    if project.application_id is None:
        return None
    application = session.get_one(Application, project.application_id)
    session.refresh(session.get_one(Call, application.call_id), with_for_update=True)
    session.refresh(application, with_for_update=True)
    if application.state is not ApplicationState.SELECTED:
        raise NotSelected()
    return application


def commit(session: Session, project: Project, application: Application, by: UUID) -> dict[str, list[UUID]]:
    """At the contract: what was asked is committed, year by year, and the stages of the call become milestones.

    Answers what the event of the contract tells of it. Never more than the vote divided: the ledger's own rule.
    """
    mission = session.get_one(Mission, project.mission_id)
    session.refresh(mission, with_for_update=True)
    offer = awards_ask.offer_for(session, application.call_id)
    return {
        "money": commit_money(session, mission, project, application, offer, by),
        "milestones": set_milestones(session, mission, project, offers.stages_of(offer), by),
    }


def commit_money(
    session: Session, mission: Mission, project: Project, application: Application, offer: Offer, by: UUID
) -> list[UUID]:
    if not application.asked:
        return []
    typed = Committed(project.id, application.asked, offer.currency)
    ledger_budget.require_within(session, mission, typed, lines_of(session, mission.id))
    assert project.starts is not None
    assert project.ends is not None
    call = session.get_one(Call, application.call_id)
    payer = session.get_one(Organisation, project.funder_organisation_id or call.organisation_id)
    parts = rules.by_year(money.in_cents(application.asked), project.starts, project.ends)
    lines = [
        Money(
            mission_id=mission.id, project_id=project.id, kind=MoneyKind.COMMITTED, source=payer.name[:300],
            source_group=StakeholderGroup.PUBLIC, organisation_id=payer.id, year=year, amount=money.amount(cents),
            currency=offer.currency, certainty=Certainty.CERTAIN, by_id=by,
        )
        for year, cents in parts.items()
    ]  # fmt: skip
    session.add_all(lines)
    session.flush()
    return [each.id for each in lines]


def set_milestones(
    session: Session, mission: Mission, project: Project, stages: list[Stage], by: UUID
) -> list[UUID]:
    """What the call asks to be handed in, each by its day; who pays says that it is reached."""
    ahead = [each for each in stages if each.due > today()]
    if not ahead or mission.state not in milestones.TAKES_MILESTONES:
        return []
    if len(milestones_of(session, mission.id)) + len(ahead) > milestones.MILESTONES_AT_MOST:
        raise milestones.TooManyMilestones(most=milestones.MILESTONES_AT_MOST)
    payer = session.get_one(Organisation, project.funder_organisation_id)
    made = [
        Milestone(
            mission_id=mission.id, project_id=project.id, title=f"{each.title}: {each.deliverable}"[:200],
            due=each.due, verifier=payer.name[:200], by_id=by,
        )
        for each in ahead
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return [each.id for each in made]


def today() -> date:
    return now().date()


def is_proposed(project: Project | None) -> bool:
    return project is not None and project.state is ProjectState.PROPOSED
