"""What the agency's desk and the page of an answer read: what is free, who waits, what is still to be answered."""

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.conditions.asking import call_phase
from app.models.application import Application
from app.models.call import Call
from app.models.decision import Decision
from app.models.feedback import Feedback, feedback_of
from app.models.mission import Mission
from app.models.offer import Offer
from app.models.organisation import Organisation
from app.models.project import Project
from app.rules import award as rules
from app.rules import keyset, money, phases
from app.rules.phases import Act
from app.rules.words import ApplicationState, CallState
from app.services import award_marks, awards, awards_ask, awards_contract, feedback, lineage, stages
from app.services.feedback import Row
from app.services.lineage_course import Station
from app.services.panel_show import Judged, Said
from app.services.stages import Following

SHOWN = 50
SORT = "number"


@dataclass(frozen=True)
class Desk:
    """One page of the applications of a call, with what is left to do before it is answered."""

    call: Call
    offer: Offer
    rows: list[Row]
    next: str
    missing: int
    free: Decimal | None
    shortlisted: int
    question: Decision | None
    first_in_reserve: Application | None

    @property
    def can_conclude(self) -> bool:
        return self.call.state is CallState.DECISION and not self.missing


def desk(session: Session, call: Call, cursor: str = "") -> Desk:
    (after,) = keyset.decode(cursor, SORT, (int,)) if cursor else (0,)
    assert isinstance(after, int)
    found = feedback.rows(session, call.id, after, SHOWN)
    shown = found[:SHOWN]
    offer = awards_ask.offer_for(session, call.id)
    free = awards_ask.left(session, offer)
    return Desk(
        call, offer, shown, keyset.encode(SORT, [shown[-1].application.number or 0]) if len(found) > SHOWN else "",
        feedback.missing(session, call.id), None if free is None else money.amount(free),
        len(awards_ask.shortlisted(session, call.id)), awards_ask.live_question(session, call.id),
        awards.first_that_fits(session, call.id, free),
    )  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """The page of one answer: what stands, what went before, and what the agency can do now."""

    call: Call
    offer: Offer
    organisation: Organisation | None
    answer: Feedback | None
    before: list[Feedback]
    project: Project | None
    missions: list[Mission]
    is_next_in_reserve: bool
    is_open: bool
    stations: list[Station]
    usual: tuple[str, str]
    reason: str
    judged: list[Judged]
    overall: list[Said]
    next_stage: Following | None

    def first_values(self) -> dict[str, str]:
        """What the form begins with: the reason so far, and what was said to others before."""
        words = self.answer.words if self.answer is not None else ""
        return {"reason": self.reason, "words": words, "ask_whom": self.usual[0], "contest": self.usual[1]}


def answer(session: Session, application: Application) -> Answered:
    call = session.get_one(Call, application.call_id)
    offer = awards_ask.offer_for(session, call.id)
    given = feedback_of(session, application.id)
    standing = given[0] if given and feedback.is_answered(application, given[0]) else None
    free = awards_ask.left(session, offer)
    first = awards.first_that_fits(session, call.id, free)
    needs_mission = offer.mission_id is None and application.state is ApplicationState.SELECTED
    judged, overall = award_marks.of_application(session, application, offer)
    return Answered(
        call=call,
        offer=offer,
        organisation=session.get(Organisation, application.organisation_id)
        if application.organisation_id
        else None,
        answer=standing,
        before=given[1:] if standing else given,
        project=awards.project_of(session, application.id),
        missions=awards_contract.open_missions(session, call) if needs_mission else [],
        is_next_in_reserve=first is not None and first.id == application.id,
        is_open=application.state in rules.ANSWERED and phases.allows(Act.AWARD, call_phase(call)),
        stations=lineage.around_call(session, call),
        usual=feedback.usual(session, call.id),
        reason=application.outcome_reason,
        judged=judged,
        next_stage=stages.open_to(session, application),
        overall=overall,
    )
