"""The team of an application: inviting by mail, joining, leaving, who leads, and which organisation it speaks for."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import Conflict, NotFound
from app.i18n import _, speaking
from app.models.application import Application, Teammate, lead_of, teammate_of, teammates_of
from app.models.call import Call
from app.models.columns import now
from app.models.organisation import Organisation
from app.models.person import Person, person_by_email
from app.rules import names
from app.rules.rates import Limited
from app.rules.words import N_, Role, SubjectKind
from app.services import events, letters, limits, notifications, organisations, people, sign_ins
from app.services.accounts import canonical
from app.services.applications import hold_draft
from app.services.organisations import OrganisationText

MOST = 30


class TeamFull(Conflict):
    sentence: ClassVar[str] = N_("A team has at most %(most)s people.")


class LeadStays(Conflict):
    sentence: ClassVar[str] = N_(
        "The lead cannot leave. Make somebody else the lead first, or withdraw the application."
    )


class NotJoined(Conflict):
    sentence: ClassVar[str] = N_("Only somebody who has joined the team can lead it.")


class HasOrganisation(Conflict):
    sentence: ClassVar[str] = N_(
        "You speak for an organisation already. An administrator can change which one it is."
    )


@dataclass(frozen=True)
class Mate:
    """One of the team as the others see them: until they have joined, by the address that was invited."""

    teammate: Teammate
    name: str

    @property
    def is_lead(self) -> bool:
        return self.teammate.role is Role.LEAD

    @property
    def has_joined(self) -> bool:
        return self.teammate.joined_at is not None


def team(session: Session, application_id: UUID) -> list[Mate]:
    """The lead first. Whoever was only invited is not named: their name is theirs to give."""
    found = teammates_of(session, application_id)
    query = select(Person).where(col(Person.id).in_([each.person_id for each in found]))
    known = {person.id: person for person in session.exec(query)}
    mates = [
        Mate(each, known[each.person_id].name if each.joined_at else known[each.person_id].email or "")
        for each in found
    ]
    return sorted(mates, key=lambda mate: not mate.is_lead)


def invite(session: Session, application: Application, email: str, by: Person, origin: str) -> None:
    """Send a letter to an address; who asks learns nothing of whether it has an account. Twice is once."""
    hold_draft(session, application)
    if len(teammates_of(session, application.id)) >= MOST:
        raise TeamFull(most=MOST)
    limits.spend(session, Limited.INVITE, by.id)
    limits.spend(session, Limited.INVITED, sign_ins.hashed(canonical(email)))
    person, link = find_or_make(session, origin, email, by.id)
    if teammate_of(session, application.id, person.id) is None:
        made = Teammate(application_id=application.id, person_id=person.id)
        try:
            with session.begin_nested():
                session.add(made)
                session.flush()
        except IntegrityError:
            return
        events.record(
            session, "teammate_invited", SubjectKind.APPLICATION, application.id, by=by.id, teammate=made.id
        )
        session.flush()
    write_to(session, application, person, link, origin)


def find_or_make(session: Session, origin: str, email: str, by: UUID) -> tuple[Person, str | None]:
    """The account of an address; with a link that opens it where it has no password yet, and none where it has."""
    person = person_by_email(session, canonical(email))
    if person is not None and person.password_hash:
        return person, None
    return people.invite(session, origin, email=email, by=by)


def write_to(
    session: Session, application: Application, person: Person, link: str | None, origin: str
) -> None:
    """A new account gets the link that opens it; everyone else is told, and finds it on their page."""
    call = session.get_one(Call, application.call_id)
    told_by_mail = origin if link is None else ""
    notifications.tell(
        session, [person.id], "application_invited", SubjectKind.APPLICATION, application.id, told_by_mail,
        title=call.title,
    )  # fmt: skip
    if link is not None:
        with speaking(person.locale):
            told = _("You are invited to write on an application to “%(title)s”.", title=call.title)
            letters.queue(session, person.email or "", told, link)


def join(session: Session, application: Application, person_id: UUID) -> None:
    """From now on they read and write with the others."""
    session.refresh(application, with_for_update=True)
    mate = teammate_of(session, application.id, person_id)
    if mate is None:
        raise NotFound()
    if mate.joined_at is not None:
        return
    mate.joined_at = now()
    events.record(
        session, "teammate_joined", SubjectKind.APPLICATION, application.id, by=person_id, teammate=mate.id
    )


def remove(session: Session, application: Application, teammate_id: UUID, by: UUID) -> None:
    """The lead removes anyone but themselves; anyone else only themselves."""
    session.refresh(application, with_for_update=True)
    mate = mate_in(session, application, teammate_id)
    if mate.person_id != by and lead_of(session, application.id).person_id != by:
        raise NotFound()
    if mate.role is Role.LEAD:
        raise LeadStays()
    session.delete(mate)
    events.record(
        session, "teammate_removed", SubjectKind.APPLICATION, application.id, by=by, teammate=mate.id
    )
    session.flush()


def make_lead(session: Session, application: Application, teammate_id: UUID, by: UUID) -> None:
    """Pass the lead on: from now on the other submits, withdraws and invites, for their organisation."""
    hold_draft(session, application)
    mate, before = mate_in(session, application, teammate_id), lead_of(session, application.id)
    if mate.joined_at is None:
        raise NotJoined()
    if mate.id == before.id:
        return
    before.role = Role.MEMBER
    session.flush()
    mate.role = Role.LEAD
    events.record(
        session, "team_lead_changed", SubjectKind.APPLICATION, application.id, by=by, teammate=mate.id
    )
    session.flush()


def mate_in(session: Session, application: Application, teammate_id: UUID) -> Teammate:
    mate = session.get(Teammate, teammate_id)
    if mate is None or mate.application_id != application.id:
        raise NotFound()
    return mate


def name_organisation(
    session: Session, application: Application, text: OrganisationText, person: Person
) -> Organisation:
    """Whose organisation is not known here says which one it is: a new one, whose name nobody has already.

    Whether it is what it says is for the agency to judge after the deadline, as part of who may apply.
    """
    hold_draft(session, application)
    session.refresh(person, with_for_update=True)
    if person.organisation_id is not None:
        raise HasOrganisation()
    names.require_free(text.name)
    made = organisations.add(session, text, person.id)
    organisations.set_of_person(session, person, made.id, person.id, is_vouched=False)
    return made
