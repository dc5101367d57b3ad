"""Applications: beginning one, and what its call asks of it; saving, sending and the team have files of their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.conditions.asking import call_phase, times_of
from app.errors import Conflict, NotFound
from app.models.application import (
    Application,
    ApplicationVersion,
    Teammate,
    lead_of,
    version_of,
)
from app.models.call import Call
from app.models.columns import now
from app.models.offer import Offer, OfferTerms, latest_terms, offer_of
from app.models.organisation import Organisation
from app.models.person import Person
from app.rules import phases
from app.rules.applications import Asked
from app.rules.eligibility import Facts, Verdict
from app.rules.phases import Act
from app.rules.words import N_, ApplicationState, CallKind, Role
from app.services import offers, organisations


class NoOffer(NotFound):
    """A question without an offer takes voices, no applications."""


class NotADraft(Conflict):
    sentence: ClassVar[str] = N_(
        "This application was submitted or withdrawn, so it cannot be changed any more."
    )


@dataclass(frozen=True)
class Wanted:
    """A call as its applicants meet it."""

    call: Call
    offer: Offer
    terms: OfferTerms | None

    @property
    def asked(self) -> Asked:
        offer = self.offer
        return Asked(
            offer.criteria, offer.ticket_least, offer.ticket_most, offer.budget, offer.currency,
            is_about_money=not offer.is_for_roadmaps,
        )  # fmt: skip


def wanted(session: Session, call: Call) -> Wanted:
    offer = offer_of(session, call.id)
    if offer is None or call.kind is not CallKind.INNOVATION:
        raise NoOffer()
    return Wanted(call, offer, latest_terms(session, call.id))


def begin(session: Session, call: Call, person: Person) -> Application:
    """The person's draft for this call: a new one, or the one they have. Beginning is no act, so it has no event."""
    wanted(session, call)
    phases.require_at(Act.SUBMIT, times_of(call), call.state, now())
    if (found := draft_of(session, call.id, person.id)) is not None:
        return found
    made = Application(call_id=call.id, created_by_id=person.id)
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        # Two windows at once: the other one made it.
        return session.exec(drafts_of(call.id, person.id)).one()
    session.add(Teammate(application_id=made.id, person_id=person.id, role=Role.LEAD, joined_at=now()))
    session.add(ApplicationVersion(application_id=made.id, number=made.version, by_id=person.id))
    session.flush()
    return made


def draft_of(session: Session, call_id: UUID, person_id: UUID) -> Application | None:
    return session.exec(drafts_of(call_id, person_id)).first()


def drafts_of(call_id: UUID, person_id: UUID) -> SelectOfScalar[Application]:
    return select(Application).where(
        Application.call_id == call_id,
        Application.created_by_id == person_id,
        Application.state == ApplicationState.DRAFT,
    )


def hold_draft(session: Session, application: Application) -> Wanted:
    """Lock a draft for a change of its words, its files or its team; refused once the call is not open."""
    session.refresh(application, with_for_update=True)
    if application.state is not ApplicationState.DRAFT:
        raise NotADraft()
    found = wanted(session, session.get_one(Call, application.call_id))
    phases.require_at(Act.SUBMIT, times_of(found.call), found.call.state, now())
    return found


def is_open(call: Call) -> bool:
    return phases.allows(Act.SUBMIT, call_phase(call))


def applicant(session: Session, application: Application) -> Organisation | None:
    """Who applies: of a draft the organisation that its lead speaks for, later the one that submitted it."""
    if application.state is not ApplicationState.DRAFT:
        key = application.organisation_id
        return session.get(Organisation, key) if key else None
    lead = session.get_one(Person, lead_of(session, application.id).person_id)
    return organisations.applied_with(session, lead)


def fields_of(session: Session, application: Application) -> dict[str, Any]:
    """The form as it was saved last."""
    kept = version_of(session, application.id, application.version)
    return kept.fields if kept is not None else {}


def verdicts(
    session: Session, found: Wanted, application: Application, at: datetime | None = None
) -> list[Verdict]:
    """Each rule of the call on who may apply, and whether it holds for the draft; `at` counts as that of sending."""
    return offers.verdicts(session, found.call, found.offer, known(session, found, application, at))


def known(session: Session, found: Wanted, application: Application, at: datetime | None = None) -> Facts:
    """All that the rules ask about, with the organisation that applies or would."""
    return offers.facts_of(session, found.offer, application, applicant(session, application), at)


def of_person(session: Session, person_id: UUID) -> list[tuple[Application, Call, Teammate]]:
    """Every application a person writes on or is invited to, the latest first."""
    query = (
        select(Application, Call, Teammate)
        .join(Teammate, col(Teammate.application_id) == Application.id)
        .join(Call, col(Call.id) == Application.call_id)
        .where(Teammate.person_id == person_id)
        .order_by(col(Application.created_at).desc(), col(Application.id))
    )
    return list(session.exec(query))
