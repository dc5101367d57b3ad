"""The first stage of a prize, answered: two of three were selected; and its next stage, open."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.offer import Offer, latest_terms, offer_of
from app.models.person import Person
from app.rules.words import ApplicationState, CallState, Instrument
from app.services import calls, stages
from tests.applied import Offered, close, make_applicant, make_offered
from tests.people import make_committee

A = ApplicationState
BRIEF = "Twenty-eight villages are dark at night."
BECAME = (A.SELECTED, A.SELECTED, A.DECLINED)


@dataclass
class Staged:
    """The first stage with who led what came in: the first two were selected, the third was not."""

    first: Offered
    leads: list[Person] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)

    @property
    def session(self) -> Session:
        return self.first.session

    def drafted(self) -> Call:
        return stages.draft_next(self.session, self.first.call, self.first.carol.id)

    def offer(self, call: Call) -> Offer:
        found = offer_of(self.session, call.id)
        assert found is not None
        return found

    def published(self) -> Call:
        """The next stage with its dates and its money."""
        call = self.drafted()
        set_dates(call)
        offer = self.offer(call)
        offer.budget, offer.ticket_least, offer.ticket_most = self.first.offer.budget, 10_000, 100_000
        calls.publish(self.session, call, self.first.carol.id)
        return call

    def opened(self) -> Offered:
        """The next stage, which takes applications."""
        call, first = self.published(), self.first
        call.opens_at = now() - timedelta(hours=1)
        self.session.flush()
        terms = latest_terms(self.session, call.id)
        return Offered(
            self.session, first.agency, first.carol, call, self.offer(call), terms, first.firm, first.lead
        )


def set_dates(call: Call) -> None:
    call.sense_until, call.check_until = (call.closes_at + timedelta(days=each) for each in (7, 20))
    call.answer_due = call.closes_at + timedelta(days=30)


def make_staged(session: Session, state: CallState = CallState.ANSWERED, **changes: Any) -> Staged:
    first = make_offered(session, instrument=Instrument.CHALLENGE_PRIZE, call={"brief": BRIEF}, **changes)
    first.offer.panel_id = make_committee(session, first.agency, name=f"Panel {uuid4().hex[:8]}").id
    staged = Staged(first)
    for place in range(len(BECAME)):
        _firm, lead = make_applicant(session, f"Firm {place} {uuid4().hex[:6]}")
        staged.leads.append(lead)
        staged.applications.append(first.submitted(lead, title=f"Batteries number {place}"))
    close(first)
    for each, became in zip(staged.applications, BECAME, strict=True):
        each.state = became
        each.outcome_reason = "" if became is A.SELECTED else "It says too little of who gains."
    first.call.state = state
    session.flush()
    return staged
