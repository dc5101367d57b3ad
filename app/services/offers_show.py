"""What the page of an innovation call shows: what it gives, for what, to whom, by which criteria and on which terms."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.conditions.asking import call_phase
from app.models.application import Application
from app.models.call import Call
from app.models.committee import Committee
from app.models.condition import Condition, ConditionVersion
from app.models.mission import Mission
from app.models.offer import Offer, OfferTerms, latest_terms
from app.rules import eligibility
from app.rules import offers as rules
from app.rules.disclosure import PUBLIC_CALL_STATES
from app.rules.gates import Gate
from app.rules.offers import Criterion, Stage
from app.rules.phrases import Phrase
from app.rules.words import ApplicationState, CallState
from app.services import offer_questions, offers, offers_edit, public_inputs, stages
from app.services.public_inputs import Paid

SEALED = (CallState.DRAFT, CallState.PUBLISHED, CallState.OPEN)
UNSENT = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


@dataclass(frozen=True)
class OfferPage:
    """Everything a visitor reads; `applications` is None while how many there are is nobody's to know."""

    offer: Offer
    mission: Mission | None
    before: Call | None
    roadmaps: list[Application]
    stage: int
    next_stage: Call | None
    after: list[Call]
    panel: Committee | None
    asks: list[Phrase]
    criteria: list[Criterion]
    stages: list[Stage]
    conditions: list[tuple[Condition, ConditionVersion]]
    terms: OfferTerms | None
    gates: list[Gate]
    applications: int | None
    questions: int
    paid: Paid

    @property
    def is_complete(self) -> bool:
        return all(each.met for each in self.gates)


def page(session: Session, call: Call) -> OfferPage:
    offer = offers.offer_of(session, call)
    found = offers.rules_of(session, call, offer)
    return OfferPage(
        offer=offer,
        mission=session.get(Mission, offer.mission_id) if offer.mission_id else None,
        before=session.get(Call, offer.follows_call_id) if offer.follows_call_id else None,
        stage=stages.number(session, offer),
        next_stage=stages.next_of(session, call.id),
        roadmaps=offers.selected_roadmaps(session, offer) if offers.follows_roadmaps(session, offer) else [],
        after=after(session, call),
        panel=session.get(Committee, offer.panel_id) if offer.panel_id else None,
        asks=[eligibility.asks(each, offer.currency) for each in found],
        criteria=offers.criteria_of(offer),
        stages=offers.stages_of(offer),
        conditions=offers_edit.conditions_of(session, call.id),
        terms=latest_terms(session, call.id),
        gates=rules.gates(offers.parts_of(session, call, offer)),
        applications=None if call_phase(call) in SEALED else submitted(session, call),
        questions=len(offer_questions.listed(session, call.id)),
        paid=public_inputs.of_call(session, call.id),
    )


def after(session: Session, call: Call) -> list[Call]:
    """The calls that follow this one and that anyone may know of."""
    query = (
        select(Call)
        .join(Offer, col(Offer.call_id) == Call.id)
        .where(Offer.follows_call_id == call.id, col(Call.state).in_(PUBLIC_CALL_STATES))
    )
    return list(session.exec(query.order_by(col(Call.opens_at), col(Call.id))))


def submitted(session: Session, call: Call) -> int:
    """How many applications came in and were not withdrawn; told from the deadline on, never before."""
    query = (
        select(func.count())
        .select_from(Application)
        .where(Application.call_id == call.id, col(Application.state).not_in(UNSENT))
    )
    return session.exec(query).one()


def under(session: Session, mission_id: UUID) -> list[tuple[Call, CallState]]:
    """The innovation calls that serve a mission and that anyone may know of, each with its phase, newest first."""
    query = (
        select(Call)
        .join(Offer, col(Offer.call_id) == Call.id)
        .where(Offer.mission_id == mission_id, col(Call.state).in_(PUBLIC_CALL_STATES))
    )
    found = session.exec(query.order_by(col(Call.opens_at).desc(), col(Call.id)))
    return [(each, call_phase(each)) for each in found]


def facts(session: Session, call: Call) -> dict[str, Any]:
    """Everything public about an offer as plain values, for whoever takes the data of its call along."""
    offer = offers.offer_of(session, call)
    names = (
        "instrument", "mission_id", "challenge", "follows_call_id", "is_for_roadmaps", "budget", "currency",
        "ticket_least", "ticket_most", "eligibility", "criteria", "stages", "reviews_wanted", "is_blind",
        "tells_declined",
        "tells_notes",
    )  # fmt: skip
    panel = session.get(Committee, offer.panel_id) if offer.panel_id else None
    return {
        **{name: getattr(offer, name) for name in names},
        "panel": panel.name if panel else None,
        "conditions": [
            {"kind": condition.kind, "clause": said.clause, "test": said.test, "due": said.due}
            for condition, said in offers_edit.conditions_of(session, call.id)
        ],
        "terms": [
            {"version": each.number, "at": each.created_at, "sha256": each.text_hash, "text": each.text}
            for each in offers.versions_of(session, call.id)
        ],
        "applications": None if call_phase(call) in SEALED else submitted(session, call),
    }
