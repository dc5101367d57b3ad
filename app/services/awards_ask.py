"""Which applications to a call are paid for: all that are shortlisted, at what they ask, under its budget."""

from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import Conflict, NotFound
from app.models.application import Application
from app.models.call import Call
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.offer import Offer, offer_of
from app.rules import money, phases
from app.rules.phases import Act
from app.rules.words import N_, ApplicationState, DecisionKind, DecisionState, SubjectKind
from app.services.decisions_rule import RuleChoice

A = ApplicationState
LIVE = (
    DecisionState.DRAFT, DecisionState.NOTICED, DecisionState.OPEN, DecisionState.CLOSED, DecisionState.CARRIED,
    DecisionState.TIED,
)  # fmt: skip


class NotThePanel(Conflict):
    sentence: ClassVar[str] = N_("The panel of this call is another committee.")


class NobodyShortlisted(Conflict):
    sentence: ClassVar[str] = N_("No application is on the shortlist.")


class ShortlistChanged(Conflict):
    sentence: ClassVar[str] = N_(
        "The shortlist is not what it was when this question was drafted. Draft it anew, and announce the vote then."
    )


class NothingLeft(Conflict):
    sentence: ClassVar[str] = N_("Nothing of the budget is left to divide.")


def offer_for(session: Session, call_id: UUID | None) -> Offer:
    found = offer_of(session, call_id) if call_id else None
    if found is None:
        raise NotFound()
    return found


def shortlisted(session: Session, call_id: UUID) -> list[Application]:
    query = select(Application).where(Application.call_id == call_id, Application.state == A.SHORTLISTED)
    return list(session.exec(query.order_by(col(Application.number))))


def left(session: Session, offer: Offer) -> int | None:
    """What of the budget nobody is selected for, in cents; none where the call divides no money."""
    if offer.budget is None:
        return None
    query = select(Application).where(Application.call_id == offer.call_id, Application.state == A.SELECTED)
    taken = sum(cents_of(each) for each in session.exec(query))
    return money.in_cents(offer.budget) - taken


def cents_of(application: Application) -> int:
    return money.in_cents(application.asked) if application.asked is not None else 0


def write(session: Session, decision: Decision, committee: Committee) -> None:
    """Every application on the shortlist stands on the ballot: nobody leaves one out."""
    offer = offer_for(session, decision.call_id)
    call = session.get_one(Call, decision.call_id)
    if offer.panel_id != committee.id:
        raise NotThePanel()
    phases.require(Act.AWARD, call_phase(call), times_of(call))
    found = shortlisted(session, call.id)
    if not found:
        raise NobodyShortlisted()
    decision.timezone = call.timezone
    decision.options = [option(each, with_cost=offer.budget is not None) for each in found]


def option(application: Application, *, with_cost: bool) -> dict[str, Any]:
    """It stands for what was submitted, by its receipt: the words are read where they stand, by those who may."""
    key = str(application.id)
    cost = {"cost": cents_of(application)} if with_cost else {}
    return {"id": key, "subject_kind": SubjectKind.APPLICATION.value, "subject_id": key, **cost}


def under_budget(session: Session, decision: Decision, wanted: RuleChoice) -> RuleChoice:
    """The rule with what is left of the call's budget, or with a number of places where it divides no money."""
    if decision.call_id is None:
        return wanted
    cents = left(session, offer_for(session, decision.call_id))
    if cents is None:
        return replace(wanted, budget=0, by_seats=True)
    if cents <= 0:
        raise NothingLeft()
    return replace(wanted, budget=cents)


def require_as_drafted(session: Session, decision: Decision, committee: Committee) -> None:
    """At notice: the shortlist, what is asked and what is left are those of the draft; all are held until it is out."""
    if decision.call_id is None:
        return
    session.refresh(session.get_one(Call, decision.call_id), with_for_update=True)
    drafted, budget = decision.options, decision.rule.get("budget")
    write(session, decision, committee)
    cents = left(session, offer_for(session, decision.call_id))
    if decision.options != drafted or (cents is not None and cents != budget):
        raise ShortlistChanged()


def sheet(session: Session, decision: Decision) -> list[Application]:
    """What stands behind the numbers of a ballot, for its panel; what was withdrawn is nobody's to read."""
    if decision.call_id is None:
        return []
    keys = [UUID(each["subject_id"]) for each in decision.options]
    query = select(Application).where(col(Application.id).in_(keys), Application.state != A.WITHDRAWN)
    return list(session.exec(query.order_by(col(Application.number))))


def live_question(session: Session, call_id: UUID) -> Decision | None:
    """The question on a call's applications that is drafted or under way."""
    query = select(Decision).where(
        Decision.call_id == call_id, Decision.kind == DecisionKind.PORTFOLIO, col(Decision.state).in_(LIVE)
    )
    return session.exec(query).first()
