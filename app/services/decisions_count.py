"""Counting: the vote ends, its ballots are committed to in one event, and the rule says what they come to."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions import decision_phase, recused_seats
from app.models.ballot import Ballot, counted_ballots
from app.models.columns import now
from app.models.decision import Decision
from app.rules import decisions as rules
from app.rules.decisions import DecisionTimes
from app.rules.voting import electorate, explain
from app.rules.voting.electorate import ElectorSeat
from app.rules.voting.group_majority import CastBallot, GroupMajority, Outcome, count
from app.rules.words import DecisionState
from app.services import ballots, decisions

AT_ONCE = 50


def close(session: Session, decision: Decision, by: UUID | None, at: datetime | None = None) -> Outcome:
    """End the vote and count it: after the announced end, or earlier when every seat that votes has voted.

    Holding the row waits for every ballot that began before: it is counted if its own instant was in time.
    """
    at = decisions.hold(session, decision, at)
    times = DecisionTimes(decision.opens_at, decision.closes_at)
    frozen = electorate.from_facts(decision.electorate)
    recused = recused_seats(session, decision)
    latest = counted_ballots(session, decision.id)
    everyone = everyone_voted(frozen, recused, latest)
    rules.require_close(times, decision.state, at, everyone_voted=everyone)
    ended_early = decision_phase(decision, at) is DecisionState.OPEN
    outcome = count(GroupMajority.from_facts(decision.rule), frozen, cast_ballots(frozen, latest), recused)
    rules.require_move(DecisionState.CLOSED, outcome.state)
    seats = sorted(str(seat) for seat in recused)
    decision.result = {**explain.as_facts(outcome), "recused_seats": seats}
    decision.ballots_hash = ballots.commitment(decision.id, ballots.all_ballots(session, decision.id))
    decision.state, decision.outcome = outcome.state, outcome.state.value
    decision.closed_at = at if ended_early else decision.closes_at
    decisions.record(
        session, "decision_counted", decision, at, by,
        outcome=outcome.state, ballots_hash=decision.ballots_hash, recused=seats, result=explain.as_facts(outcome),
    )  # fmt: skip
    session.flush()
    return outcome


def everyone_voted(frozen: tuple[ElectorSeat, ...], recused: Collection[UUID], latest: list[Ballot]) -> bool:
    voted = {ballot.seat_id for ballot in latest}
    return all(voter.seat_id in voted for voter in electorate.voters(frozen, recused))


def cast_ballots(frozen: tuple[ElectorSeat, ...], latest: list[Ballot]) -> list[CastBallot]:
    """Each ballot with the group its seat was frozen in; an alternate speaks for the group of its member."""
    groups = {each.seat_id: each.group for each in frozen}
    groups |= {each.alternate_seat_id: each.group for each in frozen if each.alternate_seat_id}
    return [CastBallot(ballot.seat_id, groups[ballot.seat_id], ballot.choice) for ballot in latest]


def count_due(session: Session, at: datetime | None = None) -> int:
    """Count every vote whose announced end has passed, so that nobody can keep a result back; answers how many."""
    query = (
        select(Decision)
        .where(
            col(Decision.state).in_([DecisionState.NOTICED, DecisionState.OPEN, DecisionState.CLOSED]),
            col(Decision.closes_at) <= (at or now()),
        )
        .order_by(col(Decision.closes_at), col(Decision.id))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    due = session.exec(query).all()
    for decision in due:
        close(session, decision, by=None, at=at)
    return len(due)
