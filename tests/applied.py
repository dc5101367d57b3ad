"""An open innovation call, organisations that apply to it, and applications as far as a test needs them."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.offer import Offer, OfferTerms
from app.models.organisation import Organisation
from app.models.person import Person
from app.rules import applications as rules
from app.rules import hashing
from app.rules.words import CallKind, Instrument, StakeholderGroup
from app.services import applications, applications_save, applications_send
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation, make_person

CRITERIA = [
    {"id": "use", "title": "Use", "question": "Who gains from it?", "help": "", "weight": 60, "words": 50},
    {"id": "way", "title": "Way", "question": "How will you do it?", "help": "", "weight": 40, "words": 50},
]
TERMS = "What public money pays for can be used by everyone.\n\nWhat you had before stays yours."
FORM: dict[str, str] = {
    "title": "Batteries in every street",
    "summary": "Shared batteries keep the light on at night in the villages of the valley.",
    "hypothesis": "If a street shares a battery, then each house pays half, by the second winter.",
    "route": "shared batteries",
    "readiness": "5",
    "starts": "2031-01-01",
    "ends": "2032-12-31",
    "asked": "90000",
    "answer-use": "Twenty-eight villages without power at night.",
    "answer-way": "With a cooperative in each street.",
}
LINES = [
    {"what": "Batteries", "amount": "80000.00", "source": "call"},
    {"what": "Wages", "amount": "10000", "source": "call"},
    {"what": "Our own work", "amount": "30000", "source": "own"},
]


@dataclass
class Offered:
    """A call that takes applications, its agency's facilitator, and who applies."""

    session: Session
    agency: Organisation
    carol: Person
    call: Call
    offer: Offer
    terms: OfferTerms | None
    firm: Organisation
    lead: Person

    def begun(self, person: Person | None = None) -> Application:
        return applications.begin(self.session, self.call, person or self.lead)

    def written(self, person: Person | None = None, **changes: str) -> Application:
        """A draft that could be submitted, but for what is changed."""
        person = person or self.lead
        application = self.begun(person)
        write(self.session, application, person, form(**changes))
        return application

    def submitted(self, person: Person | None = None, **changes: str) -> Application:
        person = person or self.lead
        return send(self, self.written(person, **changes), person)


def form(lines: list[dict[str, str]] | None = None, **changes: str) -> dict[str, Any]:
    """The fields as the form sends them."""
    return rules.typed({**FORM, **changes}, LINES if lines is None else lines, CRITERIA)


def write(session: Session, application: Application, person: Person, fields: dict[str, Any]) -> None:
    applications_save.save_whole(session, application, fields, application.version, person.id)


def send(offered: Offered, application: Application, person: Person, **changes: Any) -> Application:
    facts = {
        "arrived": now(),
        "seen": application.version,
        "terms": offered.terms.id if offered.terms else None,
        **changes,
    }
    return applications_send.submit(offered.session, application, person.id, **facts)


def make_applicant(session: Session, name: str = "Sun Works", **changes: Any) -> tuple[Organisation, Person]:
    """A firm, and the person who speaks for it."""
    firm = make_organisation(
        session, name, **{"group": StakeholderGroup.PRIVATE, "place": "Iquique", **changes}
    )
    lead = make_person(session, f"Lead of {name} {uuid4().hex[:6]}", organisation_id=firm.id)
    return firm, lead


def make_offered(session: Session, **changes: Any) -> Offered:
    """An open call; `changes` go into its offer, those of `call` into the call itself."""
    agency = make_organisation(session, f"Agency {uuid4().hex[:8]}")
    carol = make_facilitator(session, agency, f"Carol {uuid4().hex[:6]}")
    dates = {"opens_at": now() - timedelta(days=10), "closes_at": now() + timedelta(days=10)}
    call = make_call(
        session, agency, kind=CallKind.INNOVATION, title="Light for the valley",
        question="Who brings light at night to the valley?", **{**dates, **changes.pop("call", {})},
    )  # fmt: skip
    offer, terms = make_offer_of(session, call, **changes)
    firm, lead = make_applicant(session, f"Sun Works {uuid4().hex[:6]}")
    return Offered(session, agency, carol, call, offer, terms, firm, lead)


def make_offer_of(session: Session, call: Call, **changes: Any) -> tuple[Offer, OfferTerms]:
    due = date(2033, 1, 31).isoformat()
    facts = {
        "instrument": Instrument.GRANT, "challenge": "Light at night", "budget": Decimal(500_000),
        "ticket_least": Decimal(10_000), "ticket_most": Decimal(100_000), "criteria": CRITERIA,
        "stages": [{"title": "Report", "due": due, "deliverable": "A report"}], **changes,
    }  # fmt: skip
    offer = Offer(call_id=call.id, **facts)
    terms = OfferTerms(call_id=call.id, number=1, text=TERMS, text_hash=hashing.digest(TERMS))
    session.add(offer)
    session.add(terms)
    session.flush()
    return offer, terms


def close(offered: Offered, ago: timedelta = timedelta(hours=1)) -> None:
    """The deadline passed."""
    offered.call.closes_at = now() - ago
    offered.session.flush()
