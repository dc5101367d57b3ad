"""After the count: dissent from the losing side, and the secretary's certification, which settles the mission."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.errors import Conflict, Forbidden
from app.models.ballot import Ballot, counted_ballots
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.seat import Seat, live_seats_in
from app.models.statement import Statement
from app.rules import decisions as rules
from app.rules import missions as mission_rules
from app.rules import phases
from app.rules.phases import Act
from app.rules.voting.profile import MarkKind, read_mark, supports
from app.rules.words import (
    N_,
    AnswerState,
    Choice,
    DecisionKind,
    DecisionState,
    MissionState,
    Role,
    ScopeKind,
    StatementKind,
    StatementState,
    SubjectKind,
)
from app.services import (
    amendments_decide,
    awards,
    closing,
    decisions,
    decisions_freeze,
    decisions_lot,
    decisions_matter,
    decisions_show,
    events,
    motions,
)
from app.services.deeds import Applied

REASONS_NUMBER = 2  # The decision's second kept text; the first is the mission as it was frozen.


class NotOnTheLosingSide(Forbidden):
    sentence: ClassVar[str] = N_("A dissent is filed by a seat whose counted vote is on the losing side.")


class DissentFiled(Conflict):
    sentence: ClassVar[str] = N_("Your seat has filed its dissent already; it stands beside the decision.")


def may_dissent(session: Session, decision: Decision, person_id: UUID) -> Ballot | None:
    """The counted ballot of this person on the losing side of an open vote, if they have one.

    Of a vote for or against, whoever voted the other way. Of any other, whoever did not help what was chosen.
    """
    if not decision.outcome or decisions_freeze.is_secret(decision):
        return None
    mine = {seat.id for seat in session.exec(select(Seat).where(Seat.person_id == person_id))}
    counted = decisions_show.counted_seats(decision)
    return next(
        (
            ballot
            for ballot in counted_ballots(session, decision.id)
            if ballot.seat_id in mine & counted and lost(decision, ballot)
        ),
        None,
    )


def lost(decision: Decision, ballot: Ballot) -> bool:
    asked = decisions_freeze.question_of(decision)
    is_carried = decision.outcome == DecisionState.CARRIED
    if asked.mark is MarkKind.CHOICE:
        return bool(ballot.mark["choice"] == (Choice.AGAINST if is_carried else Choice.FOR))
    mark = read_mark(asked.mark, ballot.mark, asked.options)
    chosen = {asked.options.index(each) for each in decision.result["selected"]}
    return not is_carried or not supports(asked.mark, mark, chosen)


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
) -> None:
    """Give the reasons, and let every mission become what the vote made of it."""
    at = decisions.hold(session, decision, at)
    phases.require(Act.CERTIFY, decision_phase(decision, at))
    rules.require_move(decision.state, DecisionState.CERTIFIED, reason=reasons)
    decisions_lot.require_ended(session, decision)
    closing.require_two(session, decision, by)
    about = decisions.held_missions(session, decision)
    moved: dict[MissionState, list[UUID]] = {}
    for mission in about if decision.kind in decisions_matter.ADOPTING else ():
        becomes = decisions_matter.becomes(session, decision, mission, about)
        mission_rules.require_move(mission.state, becomes, reason=reasons)
        mission.state, mission.outcome_reason = becomes, reasons[:4000]
        mission.adopted_at = at if becomes is MissionState.ADOPTED else None
        moved.setdefault(becomes, []).append(mission.id)
    amended = amend(session, decision, by)
    steered = (
        motions.settle_voted(session, decision, at) if decision.kind is DecisionKind.STEER else Applied()
    )
    moved |= steered.missions
    awarded = awards.settle(session, decision, reasons, at)
    decision.state, decision.reasons, decision.certified_at = DecisionState.CERTIFIED, reasons, at
    decision.certified_by_seat_id = secretary_seat(session, decision, by, at)
    text_hash = events.keep_text(session, SubjectKind.DECISION, decision.id, REASONS_NUMBER, reasons, by)
    decisions.record(
        session, "decision_certified", decision, at, by,
        outcome=decision.outcome, seat=decision.certified_by_seat_id, text_hash=text_hash,
        states={**decisions_matter.states_of(moved, {}), **awarded}, **amended, **steered.facts,
    )  # fmt: skip
    session.flush()
    decisions.tell_authors(session, decision, about, "decision_certified", origin)


def amend(session: Session, decision: Decision, by: UUID) -> dict[str, Any]:
    """A vote on an amendment puts its words in, or declines them; where too few voted it waits for its steward."""
    if decision.kind is not DecisionKind.AMEND:
        return {}
    outcome = AMENDED.get(DecisionState(decision.outcome), AnswerState.DECLINED)
    statement = UUID(decision.options[0]["subject_id"])
    return amendments_decide.settle_voted(session, statement, outcome, by, decision.id)


AMENDED = {
    DecisionState.CARRIED: AnswerState.ACCEPTED,
    DecisionState.INQUORATE: AnswerState.OPEN,
}


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
        col(Statement.parent_id).is_(None),  # a signature under a group's report says nothing of its own
    )
    return list(session.exec(query.order_by(col(Statement.created_at), col(Statement.id))))
