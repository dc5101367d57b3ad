"""Awards: what a certified vote makes of the applications, who moves up from the reserve, who falls out."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import Conflict
from app.models.application import Application, teammates_of
from app.models.call import Call
from app.models.columns import now
from app.models.decision import Decision
from app.models.project import Project
from app.rules import award as rules
from app.rules import money, phases
from app.rules.award import BeyondBudget, Entry, Settled
from app.rules.phases import Act
from app.rules.replay_kinds import Noun
from app.rules.voting import ruling
from app.rules.words import N_, ApplicationState, DecisionKind, DecisionState, ProjectState, SubjectKind
from app.services import (
    awards_ask,
    decisions_freeze,
    decisions_withheld,
    events,
    notifications,
)

A = ApplicationState
LONGEST_REASON = 4_000
States = dict[Noun, dict[Any, list[UUID]]]


class NotFirstInReserve(Conflict):
    sentence: ClassVar[str] = N_(
        "Another application of the reserve stands before it and fits what is left of the budget."
    )


class UnderContract(Conflict):
    sentence: ClassVar[str] = N_(
        "Its project is under contract: a selection that was contracted is not taken back."
    )


def settle(session: Session, decision: Decision, reasons: str, at: datetime) -> States:
    """Every application on the ballot becomes what the vote made of it; where nothing was carried they wait on."""
    if decision.kind is not DecisionKind.PORTFOLIO or decision.call_id is None:
        return {}
    if decision.outcome != DecisionState.CARRIED:
        return {}
    found = held(session, decision)
    settled = settled_by(session, decision, list(found.values()))
    places = {
        key: place for place, key in enumerate(settled.reserve, last_place(session, decision.call_id) + 1)
    }
    moved: dict[Any, list[UUID]] = {}
    for state, keys in (
        (A.SELECTED, settled.selected),
        (A.RESERVE, settled.reserve),
        (A.DECLINED, settled.declined),
    ):
        for each in (found[key] for key in keys):
            rules.require_move(each.state, state, reason=reasons)
            each.state, each.outcome_reason, each.outcome_at = state, reasons[:LONGEST_REASON], at
            each.reserve_place = places.get(str(each.id))
            moved.setdefault(state, []).append(each.id)
    session.flush()
    return {Noun.APPLICATION: moved} if moved else {}


def last_place(session: Session, call_id: UUID) -> int:
    """A second vote continues the reserve of the first."""
    query = select(Application.reserve_place).where(
        Application.call_id == call_id, col(Application.reserve_place).is_not(None)
    )
    return max((place for place in session.exec(query) if place), default=0)


def held(session: Session, decision: Decision) -> dict[str, Application]:
    """The applications of the ballot that nobody withdrew, locked in the order of their ids."""
    session.refresh(session.get_one(Call, decision.call_id), with_for_update=True)
    keys = [UUID(each["subject_id"]) for each in decision.options]
    query = select(Application).where(col(Application.id).in_(keys)).order_by(col(Application.id))
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).all()
    return {str(each.id): each for each in found if each.state is not A.WITHDRAWN}


def settled_by(session: Session, decision: Decision, among: list[Application]) -> Settled:
    """What the counted ballots make of these: weighed as the rule weighs them."""
    asked = decisions_freeze.question_of(decision)
    votes = decisions_withheld.votes(session, decision)
    profile = ruling.profile_of(asked, votes)
    ballots = sum(vote.times for vote in profile.votes)
    told = not decisions_withheld.is_withheld(decision)  # an order by approvals would tell what is withheld
    approvals = {
        option: sum(vote.times for vote in profile.votes if place in vote.mark) if told else ballots
        for place, option in enumerate(asked.options)
    }
    entries = [
        Entry(str(each.id), each.number or 0, awards_ask.cents_of(each), approvals[str(each.id)])
        for each in among
    ]
    chosen = decision.result["selected"]
    return rules.settle(entries, chosen, ballots)


def move_up(session: Session, application: Application, reason: str, by: UUID, origin: str = "") -> None:
    """The first of the reserve that fits what is left of the budget takes a place that became free."""
    call = hold(session, application)
    rules.require_move(application.state, A.SELECTED, reason=reason)
    offer = awards_ask.offer_for(session, call.id)
    free = awards_ask.left(session, offer)
    if free is not None and awards_ask.cents_of(application) > free:
        raise BeyondBudget(left=money.amount(free), currency=offer.currency)
    if (first := first_that_fits(session, call.id, free)) is not None and first.id != application.id:
        raise NotFirstInReserve()
    application.state, application.reserve_place = A.SELECTED, None
    record(session, application, "application_moved_up", reason, by)
    tell_team(session, application, "application_moved_up", by, origin)


def reserve_of(session: Session, call_id: UUID) -> list[Application]:
    """In the order in which they move up."""
    query = select(Application).where(Application.call_id == call_id, Application.state == A.RESERVE)
    return list(session.exec(query.order_by(col(Application.reserve_place), col(Application.number))))


def first_that_fits(session: Session, call_id: UUID, free: int | None) -> Application | None:
    """One that asks for more than is left is passed over, and keeps its place."""
    listed = reserve_of(session, call_id)
    return next((each for each in listed if free is None or awards_ask.cents_of(each) <= free), None)


def fall_out(session: Session, application: Application, reason: str, by: UUID, origin: str = "") -> None:
    """A selected application comes to no contract: what it asked for is free again."""
    hold(session, application)
    rules.require_move(application.state, A.DECLINED, reason=reason)
    project = project_of(session, application.id)
    if project is not None and project.state is not ProjectState.PROPOSED:
        raise UnderContract()
    application.state = A.DECLINED
    record(session, application, "application_fell_out", reason, by)
    tell_team(session, application, "application_fell_out", by, origin)


def project_of(session: Session, application_id: UUID) -> Project | None:
    return session.exec(select(Project).where(Project.application_id == application_id)).first()


def hold(session: Session, application: Application) -> Call:
    """The call first, as every act on its budget does, then the application."""
    call = session.get_one(Call, application.call_id)
    session.refresh(call, with_for_update=True)
    phases.require(Act.AWARD, call_phase(call), times_of(call))
    session.refresh(application, with_for_update=True)
    return call


def record(session: Session, application: Application, kind: str, reason: str, by: UUID) -> None:
    application.outcome_reason, application.outcome_at = reason[:LONGEST_REASON], now()
    text_hash = keep(session, application.id, reason, by)
    events.record(
        session,
        kind,
        SubjectKind.APPLICATION,
        application.id,
        by=by,
        call=application.call_id,
        text_hash=text_hash,
    )
    session.flush()


def keep(session: Session, application_id: UUID, words: str, by: UUID) -> str:
    """Words about an application, under the next number of those that are kept of it."""
    known = [each.number for each in events.versions(session, SubjectKind.APPLICATION, application_id)]
    return events.keep_text(
        session, SubjectKind.APPLICATION, application_id, max(known, default=0) + 1, words, by
    )


def tell_team(session: Session, application: Application, kind: str, by: UUID | None, origin: str) -> None:
    mates = teammates_of(session, application.id)
    people = [each.person_id for each in mates if each.joined_at is not None and each.person_id != by]
    title = session.get_one(Call, application.call_id).title
    notifications.tell(session, people, kind, SubjectKind.APPLICATION, application.id, origin, title=title)


def void(session: Session, decision: Decision, reason: str) -> States:
    """A vote that does not stand: what it settled waits for another one, but for what is under contract."""
    if decision.call_id is None or decision.outcome != DecisionState.CARRIED:
        return {}
    bound = select(Project.application_id).where(Project.state != ProjectState.PROPOSED)
    contracted = set(session.exec(bound.where(col(Project.application_id).is_not(None))))
    back = []
    for each in held(session, decision).values():
        if each.state in (A.SELECTED, A.RESERVE, A.DECLINED) and each.id not in contracted:
            rules.require_move(each.state, A.SHORTLISTED, reason=reason)
            each.state, each.reserve_place = A.SHORTLISTED, None
            each.outcome_reason, each.outcome_at = "", None
            back.append(each.id)
    session.flush()
    return {Noun.APPLICATION: {A.SHORTLISTED: back}} if back else {}
