"""Who is told of what happens to a condition: the other side at once, and both when a check comes near or is missed."""

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from app.conditions.sides import PAYING_ROLES, funder_of
from app.models.application import Teammate
from app.models.columns import now
from app.models.condition import CheckLetter, Condition
from app.models.mission import Mission
from app.models.person import Person
from app.models.project import Project
from app.models.seat import live_seats_in
from app.rules.conditions import Check
from app.rules.words import ConditionState, Role, ScopeKind, Side, SubjectKind
from app.services import conditions_read, notifications
from app.services.conditions_read import Read

S = ConditionState
AT_ONCE, PEOPLE_AT_MOST = 200, 50
FRESH = timedelta(days=30)  # an older breach is no news
OTHER = {Side.FUNDER: Side.LEAD, Side.LEAD: Side.FUNDER}
# Which sides are told of a check, and with which sentence.
LETTERS = {S.DUE: ("evidence_due", (Side.LEAD,)), S.BREACHED: ("condition_breached", tuple(Side))}


def people_of(session: Session, project: Project, side: Side) -> set[UUID]:
    """Everybody who speaks for one side of a project."""
    if side is Side.FUNDER:
        seats = live_seats_in(session, ScopeKind.ORGANISATION, funder_of(session, project))
        return {each.person_id for each in seats if each.role in PAYING_ROLES}
    found: set[UUID] = set()
    lead = project.lead_organisation_id
    if lead is not None:
        query = select(Person.id).where(Person.organisation_id == lead, col(Person.suspended_at).is_(None))
        found |= set(session.exec(query.order_by(col(Person.created_at)).limit(PEOPLE_AT_MOST)))
        seats = live_seats_in(session, ScopeKind.ORGANISATION, lead)
        found |= {each.person_id for each in seats if each.role is Role.LEAD}
    if project.application_id is not None:
        team = select(Teammate.person_id).where(
            Teammate.application_id == project.application_id, Teammate.role == Role.LEAD
        )
        found |= set(session.exec(team))
    return found


def tell(
    session: Session, condition: Condition, kind: str, sides: tuple[Side, ...], by: UUID | None, origin: str
) -> None:
    """Tell these sides, but not who did it."""
    project = session.get_one(Project, condition.project_id)
    people = {each for side in sides for each in people_of(session, project, side)} - {by}
    notifications.tell(
        session, [each for each in people if each], kind, SubjectKind.CONDITION, condition.id, origin,
        title=session.get_one(Mission, project.mission_id).title,
    )  # fmt: skip


def tell_due(session: Session, origin: str) -> int:
    """Look at each condition that binds once a day, and write the letters that are due; answers how many were."""
    today, told = now().date(), 0
    query = select(Condition).where(
        col(Condition.state).in_([S.AGREED, S.REMEDIED]),
        or_(col(Condition.looked_at).is_(None), col(Condition.looked_at) < today),
    )
    query = query.order_by(col(Condition.id)).limit(AT_ONCE).with_for_update(skip_locked=True)
    for condition in session.exec(query).all():
        condition.looked_at = today
        project = session.get_one(Project, condition.project_id)
        (read,) = conditions_read.of_project(session, project, [condition])
        told += sum(tell_one(session, read, check, origin) for check in read.checks)
    session.flush()
    return told


def tell_one(session: Session, read: Read, check: Check, origin: str) -> bool:
    if check.state not in LETTERS or check.due < read.today - FRESH:
        return False
    if session.get(CheckLetter, key_of(read, check.due, check.state)) is not None:
        return False
    session.add(CheckLetter(condition_id=read.condition.id, due=check.due, state=check.state))
    kind, sides = LETTERS[check.state]
    tell(session, read.condition, kind, sides, None, origin)
    return True


def key_of(read: Read, due: date, state: ConditionState) -> tuple[UUID, date, ConditionState]:
    return read.condition.id, due, state
