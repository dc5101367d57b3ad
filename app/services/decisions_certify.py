"""After the count: dissent from the losing side, and the secretary's certification, which settles the mission."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions import decision_phase
from app.errors import Conflict, Forbidden
from app.models.ballot import Ballot, counted_ballots
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.seat import Seat, live_seats_in
from app.models.statement import Statement
from app.rules import decisions as rules
from app.rules import missions as mission_rules
from app.rules import phases
from app.rules.missions import BECOMES
from app.rules.phases import Act
from app.rules.words import (
    N_,
    Choice,
    DecisionState,
    MissionState,
    Role,
    ScopeKind,
    StatementKind,
    StatementState,
    SubjectKind,
)
from app.services import decisions, decisions_show, events

REASONS_NUMBER = 2  # The decision's second kept text; the first is the mission as it was frozen.


class NotOnTheLosingSide(Forbidden):
    sentence: ClassVar[str] = N_("A dissent is filed by a seat whose counted vote is on the losing side.")


class DissentFiled(Conflict):
    sentence: ClassVar[str] = N_("Your seat has filed its dissent already; it stands beside the decision.")


def losing_choice(outcome: DecisionState) -> Choice:
    """What was not carried lost for those in favour; what was carried, for those against."""
    return Choice.AGAINST if outcome is DecisionState.CARRIED else Choice.FOR


def may_dissent(session: Session, decision: Decision, person_id: UUID) -> Ballot | None:
    """The counted ballot of this person on the losing side, if they have one."""
    if not decision.outcome:
        return None
    lost = losing_choice(DecisionState(decision.outcome))
    counted = decisions_show.counted_seats(decision)
    mine = {seat.id for seat in session.exec(select(Seat).where(Seat.person_id == person_id))}
    return next(
        (
            ballot
            for ballot in counted_ballots(session, decision.id)
            if ballot.seat_id in mine & counted and ballot.choice is lost
        ),
        None,
    )


def dissent(
    session: Session, decision: Decision, person_id: UUID, words: str, at: datetime | None = None
) -> Statement:
    """File a minority statement; it is shown at the same size as the reasons of the decision."""
    at = decisions.hold(session, decision, at)
    phases.require(Act.DISSENT, decision_phase(decision, at))
    ballot = may_dissent(session, decision, person_id)
    if ballot is None:
        raise NotOnTheLosingSide()
    statement = Statement(
        kind=StatementKind.DISSENT, subject_kind=SubjectKind.DECISION, subject_id=decision.id,
        author_id=person_id, seat_id=ballot.seat_id, group=decisions_show.groups_of(decision)[ballot.seat_id],
        text=words, form_key=f"dissent-{ballot.id.hex}", created_at=at,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(statement)
            session.flush()
    except IntegrityError as problem:
        raise DissentFiled() from problem
    text_hash = events.keep_text(session, SubjectKind.STATEMENT, statement.id, 1, words, person_id)
    decisions.record(
        session, "dissent_filed", decision, at, person_id,
        statement=statement.id, statement_state=statement.state, seat=ballot.seat_id, text_hash=text_hash,
    )  # fmt: skip
    return statement


def certify(
    session: Session, decision: Decision, reasons: str, by: UUID, origin: str = "", at: datetime | None = None
) -> Mission:
    """Give the reasons, and let the mission become what the vote came to."""
    at = decisions.hold(session, decision, at)
    phases.require(Act.CERTIFY, decision_phase(decision, at))
    rules.require_move(decision.state, DecisionState.CERTIFIED, reason=reasons)
    mission = session.get_one(Mission, decision.mission_id)
    session.refresh(mission, with_for_update=True)
    becomes = BECOMES[DecisionState(decision.outcome)]
    mission_rules.require_move(mission.state, becomes, reason=reasons)
    mission.state, mission.outcome_reason = becomes, reasons[:4000]
    mission.adopted_at = at if becomes is MissionState.ADOPTED else None
    decision.state, decision.reasons, decision.certified_at = DecisionState.CERTIFIED, reasons, at
    decision.certified_by_seat_id = secretary_seat(session, decision, by, at)
    text_hash = events.keep_text(session, SubjectKind.DECISION, decision.id, REASONS_NUMBER, reasons, by)
    decisions.record(
        session, "decision_certified", decision, at, by,
        outcome=decision.outcome, mission=mission.id, mission_state=becomes,
        seat=decision.certified_by_seat_id, text_hash=text_hash,
    )  # fmt: skip
    session.flush()
    decisions.tell_authors(session, decision, mission, "decision_certified", origin)
    return mission


def secretary_seat(session: Session, decision: Decision, person_id: UUID, at: datetime) -> UUID | None:
    committee = session.get_one(Committee, decision.committee_id)
    seats = live_seats_in(session, ScopeKind.COMMITTEE, committee.id, at)
    return next(
        (seat.id for seat in seats if seat.person_id == person_id and seat.role is Role.SECRETARY), None
    )


def dissents(session: Session, decision: Decision) -> list[Statement]:
    query = select(Statement).where(
        Statement.subject_kind == SubjectKind.DECISION,
        Statement.subject_id == decision.id,
        Statement.kind == StatementKind.DISSENT,
        Statement.state == StatementState.VISIBLE,
    )
    return list(session.exec(query.order_by(col(Statement.created_at), col(Statement.id))))
