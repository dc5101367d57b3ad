"""An innovation call with a whole offer: money, criteria, stages, conditions, terms and a panel."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.committee import Committee
from app.models.condition import Condition, ConditionVersion
from app.models.offer import Offer, OfferTerms
from app.models.organisation import Organisation
from app.rules.words import ApplicationState, CallKind, ConditionKind, Instrument
from app.services.offers_edit import terms_hash
from tests.factories import make_call
from tests.people import make_committee, make_organisation, make_person

CRITERIA = [
    {"id": "aim", "title": "What changes", "question": "What changes for whom?", "help": "", "weight": 60,
     "words": 300},
    {"id": "way", "title": "How", "question": "How will you get there?", "help": "", "weight": 40, "words": 300},
]  # fmt: skip
TERMS = "What comes out belongs to whoever made it; the public may use it without paying."


@dataclass
class Offered:
    call: Call
    offer: Offer
    terms: OfferTerms
    panel: Committee


def make_offer(session: Session, agency: Organisation | None = None, **changes: Any) -> Offered:
    """An open innovation call, whole, unless told otherwise; `call` holds what changes in the call itself."""
    agency = agency or make_organisation(session)
    ends = now() + timedelta(days=10)
    later = {"sense_until": ends + timedelta(days=7), "check_until": ends + timedelta(days=20),
             "answer_due": ends + timedelta(days=30)}  # fmt: skip
    words = {
        "title": "Cold at noon",
        "question": "Who cools homes with the sun of noon?",
        "brief": "Homes are hot.",
    }
    call = make_call(
        session, agency, kind=CallKind.INNOVATION, **{**words, **later, **changes.pop("call", {})}
    )
    panel = make_committee(session, agency, name=f"Panel {call.id.hex[:6]}")
    facts = {
        "instrument": Instrument.GRANT, "challenge": "Homes without shade.", "budget": Decimal("1000000"),
        "ticket_least": Decimal("10000"), "ticket_most": Decimal("200000"), "criteria": CRITERIA,
        "eligibility": [{"kind": "group", "among": ["private", "academia"]}, {"kind": "own_share", "least": "20"}],
        "stages": [{"title": "Trial", "due": (ends + timedelta(days=200)).date().isoformat(),
                    "deliverable": "A home that stayed cool for a summer"}],
        "panel_id": panel.id,
        **changes,
    }  # fmt: skip
    offer = Offer(call_id=call.id, **facts)
    terms = OfferTerms(call_id=call.id, number=1, text=TERMS, text_hash=terms_hash(TERMS))
    session.add_all([offer, terms])
    session.flush()
    return Offered(call, offer, terms, panel)


def make_condition(session: Session, call_id: UUID) -> Condition:
    made = Condition(call_id=call_id, kind=ConditionKind.KNOWLEDGE)
    session.add(made)
    session.flush()
    clause = "Results, failed trials and costs are published."
    session.add(ConditionVersion(condition_id=made.id, number=1, clause=clause, test={"compare": "yes"}))
    session.flush()
    return made


def make_answer(session: Session, call: Call, **changes: Any) -> Application:
    """One application that came in, of an organisation of its own."""
    organisation = make_organisation(session, f"Applicants {uuid4().hex[:8]}")
    person = make_person(session, f"Applicant {uuid4().hex[:8]}")
    facts = {
        "call_id": call.id, "organisation_id": organisation.id, "created_by_id": person.id, "title": "Cool walls",
        "state": ApplicationState.SUBMITTED, "submitted_at": now(), "receipt": "0" * 64, **changes,
    }  # fmt: skip
    made = Application(**facts)
    session.add(made)
    session.flush()
    return made
