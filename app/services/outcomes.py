"""What became of the applications to a call, as anyone reads it: counts, who was selected, what was declined."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.conditions.asking import call_phase
from app.models.application import Application
from app.models.call import Call
from app.models.decision import Decision
from app.models.feedback import latest_feedback
from app.models.offer import Offer
from app.models.organisation import names_of
from app.models.project import Project
from app.rules import keyset
from app.rules.words import ApplicationState, CallState, DecisionKind, DecisionState
from app.services import application_titles, awards_ask

A = ApplicationState
SHOWN = 50
LISTED = (A.SELECTED, A.RESERVE, A.DECLINED, A.INELIGIBLE)
AFTER_DEADLINE = (CallState.ELIGIBILITY, CallState.REVIEW, CallState.DECISION, *application_titles.TOLD)
COUNTED = (
    DecisionState.CERTIFIED, DecisionState.CHALLENGED, DecisionState.UPHELD, DecisionState.DISMISSED,
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One application as anyone reads it: never its files or its team.

    What it says is told of a selected roadmap alone: others shall carry it out.
    """

    number: int
    title: str
    organisation: str
    asked: Decimal | None
    state: ApplicationState
    reason: str
    place: int | None
    project: Project | None
    roadmap: Application | None = None


@dataclass(frozen=True)
class Outcome:
    """What of a call may be known at this instant; `listed` is empty until it is answered."""

    offer: Offer
    received: int | None
    counts: Mapping[ApplicationState, int]
    states: tuple[ApplicationState, ...]
    state: ApplicationState
    committed: Decimal | None
    decisions: list[Decision]
    listed: list[Told] = field(default_factory=list)
    next: str = ""

    @property
    def is_told(self) -> bool:
        return bool(self.states)


def of_call(session: Session, call: Call, wanted: str = "", cursor: str = "") -> Outcome:
    phase, offer = call_phase(call), awards_ask.offer_for(session, call.id)
    counts = counted(session, call.id) if phase in AFTER_DEADLINE else {}
    received = sum(counts.values()) if phase in AFTER_DEADLINE else None
    votes = votes_on(session, call.id)
    if phase not in application_titles.TOLD:
        return Outcome(offer, received, {}, (), A.SELECTED, None, votes)
    states = tuple(each for each in LISTED if offer.tells_declined or each is A.SELECTED)
    state = next((each for each in states if each.value == wanted), A.SELECTED)
    listed, following = page(session, offer, state, cursor)
    return Outcome(offer, received, counts, states, state, taken(session, call.id), votes, listed, following)


def counted(session: Session, call_id: UUID) -> dict[ApplicationState, int]:
    """How many came in and were not withdrawn, by what became of them."""
    query = (
        select(Application.state, func.count())
        .where(Application.call_id == call_id, col(Application.state).not_in((A.DRAFT, A.WITHDRAWN)))
        .group_by(col(Application.state))
    )
    return {ApplicationState(state): many for state, many in session.exec(query)}


def taken(session: Session, call_id: UUID) -> Decimal:
    """What the selected ask for together."""
    query = select(func.sum(Application.asked)).where(
        Application.call_id == call_id, Application.state == A.SELECTED
    )
    return session.exec(query).one() or Decimal(0)


def votes_on(session: Session, call_id: UUID) -> list[Decision]:
    """The certified votes on its applications, the latest first."""
    query = select(Decision).where(
        Decision.call_id == call_id, Decision.kind == DecisionKind.PORTFOLIO, col(Decision.state).in_(COUNTED)
    )
    return list(session.exec(query.order_by(col(Decision.certified_at).desc(), col(Decision.id))))


def page(session: Session, offer: Offer, state: ApplicationState, cursor: str) -> tuple[list[Told], str]:
    """One page of what stands in this state: the reserve in its order, the others as they were begun."""
    order = col(Application.reserve_place) if state is A.RESERVE else col(Application.number)
    query = select(Application).where(Application.call_id == offer.call_id, Application.state == state)
    if cursor:
        (after,) = keyset.decode(cursor, state.value, (int,))
        query = query.where(order > after)
    found = list(session.exec(query.order_by(order).limit(SHOWN + 1)))
    shown = found[:SHOWN]
    following = ""
    if len(found) > SHOWN:
        last = shown[-1].reserve_place if state is A.RESERVE else shown[-1].number
        following = keyset.encode(state.value, [last or 0])
    return told(session, offer, shown), following


def told(session: Session, offer: Offer, shown: list[Application]) -> list[Told]:
    keys = [each.id for each in shown]
    names = names_of(session, {each.organisation_id for each in shown if each.organisation_id})
    query = select(Project).where(col(Project.application_id).in_(keys))
    projects = {each.application_id: each for each in session.exec(query)}
    answers = latest_feedback(session, keys)
    return [
        Told(
            each.number or 0, each.title, names.get(each.organisation_id, "") if each.organisation_id else "",
            each.asked, each.state, answers[each.id].reason if each.id in answers else each.outcome_reason,
            each.reserve_place, projects.get(each.id),
            each if offer.is_for_roadmaps and each.state is A.SELECTED else None,
        )
        for each in shown
    ]  # fmt: skip
