"""Organisations as staff manage them: adding one, changing its name, group or place, and who speaks for it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import Conflict, NotAcceptable
from app.models.organisation import Organisation
from app.models.person import Person
from app.rules import names
from app.rules.words import N_, StakeholderGroup, SubjectKind
from app.services import events

SHOWN = 20


class NameTaken(Conflict):
    sentence: ClassVar[str] = N_("There is one whose name is the same or looks like it: %(known)s")


class ChangedMeanwhile(Conflict):
    """Never last-write-wins: whoever comes second sees what is kept now beside what they typed."""

    sentence: ClassVar[str] = N_(
        "This organisation was changed in another window. What is kept now stands above what you typed."
    )


class OrganisationUnknown(NotAcceptable):
    sentence: ClassVar[str] = N_("There is no such organisation.")


@dataclass(frozen=True)
class OrganisationText:
    """What the form holds."""

    name: str
    group: StakeholderGroup
    place: str = ""


def add(session: Session, text: OrganisationText, by: UUID | None = None) -> Organisation:
    organisation = Organisation(name=text.name, group=text.group, place=text.place)
    keep(session, organisation, text)
    events.record(
        session, "organisation_added", SubjectKind.ORGANISATION, organisation.id, by=by, group=text.group
    )
    return organisation


def edit(
    session: Session, organisation: Organisation, text: OrganisationText, version: int, by: UUID | None = None
) -> None:
    """What it said before keeps standing under it: a name belongs to the organisation, not to the text."""
    session.refresh(organisation, with_for_update=True)
    if organisation.version != version:
        raise ChangedMeanwhile()
    if (organisation.name, organisation.group, organisation.place) == (text.name, text.group, text.place):
        return
    keep(session, organisation, text, version + 1)
    events.record(
        session, "organisation_changed", SubjectKind.ORGANISATION, organisation.id, by=by,
        group=text.group, version=organisation.version,
    )  # fmt: skip


def keep(session: Session, organisation: Organisation, text: OrganisationText, version: int = 1) -> None:
    """The database decides whether the name is free; the one it looks like is named."""
    wanted, own = names.key(text.name), organisation.id
    try:
        with session.begin_nested():
            organisation.name, organisation.name_key = text.name, wanted
            organisation.group, organisation.place = text.group, text.place
            organisation.version = version
            session.add(organisation)
            session.flush()
    except IntegrityError as problem:
        query = select(Organisation.name).where(Organisation.name_key == wanted, Organisation.id != own)
        raise NameTaken(known=session.exec(query).first() or "") from problem


def set_of_person(
    session: Session,
    person: Person,
    organisation_id: UUID | None,
    by: UUID | None = None,
    *,
    is_vouched: bool = True,
) -> None:
    """From now on the person may speak for it, and decides on nothing that it said; older voices stay as they are.

    Without `is_vouched` they only apply with it, until an administrator gives it to them.
    """
    if organisation_id is not None and session.get(Organisation, organisation_id) is None:
        raise OrganisationUnknown()
    if (person.organisation_id, person.is_vouched) == (organisation_id, is_vouched):
        return
    person.organisation_id, person.is_vouched = organisation_id, is_vouched
    session.add(person)
    session.flush()
    events.record(
        session, "person_organisation_set", SubjectKind.PERSON, person.id, by=by, organisation=organisation_id,
        vouched=is_vouched,
    )  # fmt: skip


def some_people(session: Session, organisation: Organisation) -> list[Person]:
    query = select(Person).where(Person.organisation_id == organisation.id, col(Person.email).is_not(None))
    return list(session.exec(query.order_by(Person.name, col(Person.id)).limit(SHOWN)))


def of(session: Session, person: Person) -> Organisation | None:
    """The organisation a person belongs to, and decides on nothing of."""
    return session.get(Organisation, person.organisation_id) if person.organisation_id else None


def applied_with(session: Session, person: Person) -> Organisation | None:
    """The organisation a person may apply with, once the address is proved to be theirs; the agency judges the rest."""
    return of(session, person) if person.email_confirmed_at is not None else None


def spoken_for(session: Session, person: Person | None) -> Organisation | None:
    """The organisation a person may speak for: one that an administrator gave them."""
    return applied_with(session, person) if person is not None and person.is_vouched else None
