"""The cast: alice (committee member), bob (citizen), carol (facilitator), dave (outsider), erin (administrator)."""

from uuid import UUID

from sqlmodel import Session

from app.models.columns import now
from app.models.committee import Committee
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.seat import Seat
from app.rules.words import Role, ScopeKind, StakeholderGroup


def make_person(session: Session, name: str = "Bob", **changes: object) -> Person:
    facts = {"email": f"{name.lower().replace(' ', '.')}@example.org", "email_confirmed_at": now(), **changes}
    person = Person(name=name, **facts)
    session.add(person)
    session.flush()
    return person


def make_organisation(session: Session, name: str = "Regional Agency", **changes: object) -> Organisation:
    organisation = Organisation(name=name, **{"group": StakeholderGroup.PUBLIC, **changes})
    session.add(organisation)
    session.flush()
    return organisation


def seat(
    session: Session,
    person: Person,
    role: Role,
    scope_kind: ScopeKind,
    scope_id: UUID | None = None,
    **changes: object,
) -> Seat:
    made = Seat(person_id=person.id, role=role, scope_kind=scope_kind, scope_id=scope_id, **changes)
    session.add(made)
    session.flush()
    return made


def make_facilitator(session: Session, organisation: Organisation, name: str = "Carol") -> Person:
    person = make_person(session, name)
    seat(session, person, Role.FACILITATOR, ScopeKind.ORGANISATION, organisation.id)
    return person


def make_admin(session: Session, name: str = "Erin") -> Person:
    person = make_person(session, name)
    seat(session, person, Role.ADMIN, ScopeKind.PLATFORM)
    return person


def make_committee(session: Session, organisation: Organisation, **changes: object) -> Committee:
    composition = {group.value: {"min": 1, "max": 3} for group in StakeholderGroup}
    committee = Committee(
        **{
            "organisation_id": organisation.id,
            "name": "Desert committee",
            "composition": composition,
            # Votes of tests open at once; what a notice waits for is tried in test_seconding.
            "notice_hours": 0,
            "needs_seconder": False,
            **changes,
        }
    )
    session.add(committee)
    session.flush()
    return committee


def make_member(
    session: Session, committee: Committee, name: str, group: StakeholderGroup
) -> tuple[Person, Seat]:
    person = make_person(session, name)
    return person, seat(session, person, Role.MEMBER, ScopeKind.COMMITTEE, committee.id, group=group)
