"""One project with all that its page shows: what it assumes, what is agreed, measured, paid, linked, and learned."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import call_phase
from app.conditions.sides import funder_of
from app.models.application import Application
from app.models.call import Call
from app.models.capability import DeliveryRole, roles_in
from app.models.cluster import Cluster
from app.models.condition import conditions_of
from app.models.event import Event
from app.models.link import links_among
from app.models.mission import Indicator, Mission
from app.models.money import Money, standing_lines
from app.models.organisation import names_of
from app.models.project import Project
from app.models.seed import seeds_of
from app.models.text_version import TextVersion
from app.rules import links as link_rules
from app.rules.words import ApplicationState, CallState, MoneyKind, ProjectState, SubjectKind
from app.services import (
    conditions_read,
    events,
    lessons_find,
    links_show,
    milestones,
    offers,
    pledges,
    portfolio_facts,
    progress,
    project_titles,
    terms,
)
from app.services.conditions_read import Read
from app.services.lessons_find import Shown as Lesson
from app.services.links_show import Told
from app.services.milestones import Shown as Milestone
from app.services.pledges import Pledged
from app.services.progress import Measured

LIFE = (
    "project_hypothesis_written", "project_contracted", "project_started", "project_paused", "project_resumed",
    "project_completed", "project_stopped",
)  # fmt: skip
# From then on the public may know which application a project came from.
TOLD = (CallState.ANSWERED, CallState.ARCHIVED)


@dataclass(frozen=True)
class Step:
    """One act in the life of a project, with the reason that was given for it."""

    kind: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Purse:
    """Money of a project in one currency."""

    currency: str
    committed: Decimal
    released: Decimal
    spent: Decimal

    @property
    def unreleased(self) -> Decimal:
        return max(self.committed - self.released, Decimal(0))


@dataclass(frozen=True)
class Origin:
    """The application a project was drawn up from, and the proposals of citizens that this one took up.

    `fell_out` is why no contract came of it, where the call said beforehand that it tells so.
    """

    application: Application
    call: Call
    seeds: list[Cluster]
    fell_out: str = ""


@dataclass(frozen=True)
class Shown:
    project: Project
    mission: Mission
    title: str
    lead: str
    funder: str
    sectors: list[str]
    conditions: list[Read]
    milestones: list[Milestone]
    measured: list[Measured]
    money: list[Money]
    purses: list[Purse]
    links: list[Told]
    pledges: list[Pledged]
    roles: list[DeliveryRole]
    lessons: list[Lesson]
    life: list[Step]
    origin: Origin | None = None
    cluster: Cluster | None = None


def shown(session: Session, project: Project) -> Shown:
    """Gather the page in the same number of statements however much a project holds."""
    mission = session.get_one(Mission, project.mission_id)
    funder, lead = funder_of(session, project), project.lead_organisation_id
    names = names_of(session, {each for each in (funder, lead) if each})
    lines = [each for each in standing_lines(session, mission.id) if each.project_id == project.id]
    own = {project.id}
    return Shown(
        project, mission, project_titles.readable(session, [project])[project.id],
        names.get(lead, "") if lead else "", names.get(funder, ""),
        [terms.label(code, terms.SECTOR) for code in portfolio_facts.tagged(session, project, terms.SECTOR)],
        conditions_read.of_project(session, project, conditions_of(session, project.id)),
        [each for each in milestones.of_mission(session, mission) if each.milestone.project_id == project.id],
        measured(session, project),
        lines, purses(lines),
        links_show.shown(session, own, links_among(session, link_rules.ENDS, link_rules.MAPPED, own)),
        pledged(session, mission.id, lead), roles_in(session, [project.id]),
        lessons_find.under(session, project=project.id), life(session, project), origin(session, project),
        session.get(Cluster, project.cluster_id) if project.cluster_id else None,
    )  # fmt: skip


def measured(session: Session, project: Project) -> list[Measured]:
    """Its own indicators, each with its readings and its fan."""
    query = select(Indicator).where(Indicator.project_id == project.id)
    found = list(session.exec(query.order_by(col(Indicator.position), col(Indicator.id))))
    readings = progress.readings_by_indicator(session, found)
    return [progress.measured(each, readings[each.id], project) for each in found]


def purses(lines: Sequence[Money]) -> list[Purse]:
    """What was committed, released and spent, one currency at a time."""
    sums: dict[tuple[str, MoneyKind], Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line.currency, line.kind] += line.amount
    kinds = (MoneyKind.COMMITTED, MoneyKind.RELEASED, MoneyKind.SPENT)
    return [
        Purse(each, *(sums[each, kind] for kind in kinds))
        for each in sorted({line.currency for line in lines})
    ]


def pledged(session: Session, mission_id: UUID, lead: UUID | None) -> list[Pledged]:
    """What the organisation that leads has pledged for the mission."""
    if lead is None:
        return []
    return [each for each in pledges.listed(session, mission_id) if each.pledge.organisation_id == lead]


def life(session: Session, project: Project) -> list[Step]:
    """What was done with it, the oldest first, each act with its reason."""
    query = select(Event).where(
        Event.subject_kind == SubjectKind.PROJECT, Event.subject_id == project.id, col(Event.kind).in_(LIFE)
    )
    words = {each.hash: each for each in events.versions(session, SubjectKind.PROJECT, project.id)}
    return [
        Step(each.kind, each.at, reason(words.get(each.facts.get("text_hash", "")), each.kind))
        for each in session.exec(query.order_by(col(Event.id)))
    ]


def reason(version: TextVersion | None, kind: str) -> str:
    """The words behind a step; those of the hypothesis stand on the page itself, as they are now."""
    return (version.words or "") if version is not None and kind != LIFE[0] else ""


def origin(session: Session, project: Project) -> Origin | None:
    """Where it came from, once everyone may know of the application."""
    application = session.get(Application, project.application_id) if project.application_id else None
    call = session.get(Call, application.call_id) if application else None
    if application is None or call is None or call_phase(call) not in TOLD:
        return None
    found = [session.get_one(Cluster, each.cluster_id) for each in seeds_of(session, application.id)]
    is_told = offers.offer_of(session, call).tells_declined
    is_over = project.state is ProjectState.PROPOSED and application.state is ApplicationState.DECLINED
    return Origin(application, call, found, application.outcome_reason if is_told and is_over else "")
