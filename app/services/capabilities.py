"""Capabilities of agencies: scored with evidence, read year by year; and the roles of delivery held in the house."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.capability import CapabilityScore, DeliveryRole, roles_in, scores_of
from app.models.columns import now
from app.models.event import Event
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.project import Project
from app.rules import capabilities as rules
from app.rules.capabilities import Role, Scored, Step
from app.rules.words import N_, Capability, SubjectKind
from app.services import events

SCORES_AT_MOST, ROLES_AT_MOST = 500, 100


class EvidenceMissing(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "A score needs a document that shows it, or the number of an event in the log."
    )


class NoSuchEvent(NotAcceptable):
    sentence: ClassVar[str] = N_("There is no event with this number in the log.")


class YearToCome(NotAcceptable):
    sentence: ClassVar[str] = N_("A score is of a year that has begun.")


class TooMany(NotAcceptable):
    sentence: ClassVar[str] = N_("There are %(most)s of these already, and no more are taken.")


class HandedOver(Conflict):
    sentence: ClassVar[str] = N_("This role was handed over already.")


class BeforeItBegan(NotAcceptable):
    sentence: ClassVar[str] = N_("A role is handed over after the day on which it began.")


@dataclass(frozen=True)
class ScoreText:
    """A score as typed; `event` is the number of an event in the public log."""

    capability: Capability
    year: int
    score: int
    words: str
    document: str = ""
    event: int | None = None


def score(session: Session, organisation: Organisation, typed: ScoreText, by: UUID) -> CapabilityScore:
    """Give a score of 1 to 5 with what shows it; without evidence it is refused."""
    session.refresh(organisation, with_for_update=True)
    if not typed.document and typed.event is None:
        raise EvidenceMissing()
    if typed.year > now().year:
        raise YearToCome()
    if len(scores_of(session, organisation.id)) >= SCORES_AT_MOST:
        raise TooMany(most=SCORES_AT_MOST)
    event = None
    if typed.event is not None:
        event = session.exec(select(Event.id).where(Event.seq == typed.event)).first()
        if event is None:
            raise NoSuchEvent()
    made = CapabilityScore(
        organisation_id=organisation.id, capability=typed.capability, year=typed.year, score=typed.score,
        words=typed.words, document=typed.document, event_id=event, by_id=by,
    )  # fmt: skip
    session.add(made)
    session.flush()
    events.record(
        session, "capability_scored", SubjectKind.ORGANISATION, organisation.id, by=by, score=made.id,
        capability=typed.capability, year=typed.year,
    )  # fmt: skip
    return made


@dataclass(frozen=True)
class Read:
    """One capability over the years, with every score ever given and the number of the event behind it."""

    capability: Capability
    question: str
    steps: tuple[Step, ...]
    scores: list[tuple[CapabilityScore, int | None]]


def of_organisation(session: Session, organisation: Organisation) -> list[Read]:
    scores = scores_of(session, organisation.id)
    keys = [each.event_id for each in scores if each.event_id is not None]
    numbers = (
        dict(session.exec(select(Event.id, Event.seq).where(col(Event.id).in_(keys))).all()) if keys else {}
    )
    years = rules.by_year(Scored(each.capability, each.year, each.score) for each in scores)
    return [
        Read(each, rules.QUESTIONS[each], years[each],
             [(one, numbers.get(one.event_id)) for one in scores if one.capability is each])
        for each in Capability
    ]  # fmt: skip


@dataclass(frozen=True)
class RoleText:
    title: str
    skill: str
    holder: str
    is_in_house: bool
    since: date


def give_role(session: Session, project: Project, typed: RoleText, by: UUID) -> DeliveryRole:
    session.refresh(project, with_for_update=True)
    if len(roles_in(session, [project.id])) >= ROLES_AT_MOST:
        raise TooMany(most=ROLES_AT_MOST)
    role = DeliveryRole(project_id=project.id, by_id=by, **vars(typed))
    session.add(role)
    session.flush()
    record(session, "role_given", project, role, by)
    return role


def hand_over(session: Session, project: Project, key: UUID, typed: RoleText, by: UUID) -> DeliveryRole:
    """From a day on somebody else holds the role: the row ends, and one follows it. What was stays readable."""
    session.refresh(project, with_for_update=True)
    role = session.get(DeliveryRole, key)
    if role is None or role.project_id != project.id:
        raise NotFound()
    if role.until is not None:
        raise HandedOver()
    if typed.since <= role.since:
        raise BeforeItBegan()
    role.until = typed.since
    after = DeliveryRole(project_id=project.id, by_id=by, follows_id=role.id, **vars(typed))
    try:
        with session.begin_nested():
            session.add(after)
            session.flush()
    except IntegrityError as problem:
        raise HandedOver() from problem
    record(session, "role_handed_over", project, after, by)
    return after


def record(session: Session, kind: str, project: Project, role: DeliveryRole, by: UUID) -> None:
    events.record(
        session, kind, SubjectKind.MISSION, project.mission_id, by=by, project=project.id, delivery_role=role.id,
        is_in_house=role.is_in_house,
    )  # fmt: skip


@dataclass(frozen=True)
class InHouse:
    """The share of delivery roles held in the house: today, and at the end of each year before."""

    share: Fraction | None
    trend: tuple[tuple[date, Fraction], ...]
    running: int


def in_house(roles: list[DeliveryRole]) -> InHouse:
    today, plain = now().date(), [Role(each.is_in_house, each.since, each.until) for each in roles]
    running = sum(each.runs_on(today) for each in plain)
    return InHouse(rules.in_house(plain, today), rules.trend(plain, today), running)


def in_house_of(session: Session, organisation: Organisation) -> InHouse:
    """Over every project that the agency pays for."""
    payer = func.coalesce(Project.funder_organisation_id, Mission.organisation_id)
    query = select(Project.id).join(Mission, col(Mission.id) == Project.mission_id)
    ids = session.exec(query.where(payer == organisation.id)).all()
    return in_house(roles_in(session, list(ids)))
