"""Counting: the vote ends, its ballots are committed to in one event, and the rule says what they come to."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.conditions.taking_part import absent_seats, recused_seats
from app.models.ballot import Ballot, boxed_ballots, counted_ballots, voted_seats
from app.models.columns import now
from app.models.decision import Decision
from app.rules import decisions as rules
from app.rules.decisions import DecisionTimes
from app.rules.voting import electorate, quorum, ruling, tally
from app.rules.voting.electorate import ElectorSeat, Voter
from app.rules.voting.profile import Vote, read_mark
from app.rules.voting.ruling import Question
from app.rules.voting.tally import Outcome
from app.rules.words import DecisionState, StakeholderGroup
from app.services import ballots_secret, decisions, decisions_freeze, decisions_withheld

AT_ONCE = 50


def close(session: Session, decision: Decision, by: UUID | None, at: datetime | None = None) -> Outcome:
    """End the vote and count it: after the announced end, or earlier when every seat that votes has voted.

    Holding the row waits for every ballot that began before: it is counted if its own instant was in time.
    """
    at = decisions.hold(session, decision, at)
    times = DecisionTimes(decision.opens_at, decision.closes_at)
    frozen = electorate.from_facts(decision.electorate)
    recused = recused_seats(session, decision)
    absent = absent_seats(session, decision, recused, at)
    allowed = electorate.voters(frozen, recused, absent)
    voted = seats_with_a_ballot(session, decision)
    everyone = all(voter.seat_id in voted for voter in allowed)
    rules.require_close(times, decision.state, at, everyone_voted=everyone)
    ended_early = decision_phase(decision, at) is DecisionState.OPEN
    outcome = count(session, decision, frozen, allowed, voted)
    withheld = decisions_withheld.must_be(
        decisions_freeze.question_of(decision), boxed_ballots(session, decision.id)
    )
    rules.require_move(DecisionState.CLOSED, outcome.state)
    decision.recused = sorted(str(seat) for seat in recused)
    decision.absent = sorted(str(voter.stands_for) for voter in allowed if voter.for_absence)
    keep(decision, outcome, withheld=withheld)
    decision.ballots_hash = decisions_withheld.commitment(session, decision, withheld=withheld)
    decision.closed_at = at if ended_early else decision.closes_at
    session.flush()  # The box is emptied only of a vote that has ended.
    if decisions_freeze.is_secret(decision):
        ballots_secret.publish(session, decision)
    decisions.record(
        session, "decision_counted", decision, at, by,
        outcome=outcome.state, ballots_hash=decision.ballots_hash, recused=decision.recused, result=decision.result,
        absent=decision.absent,
    )  # fmt: skip
    session.flush()
    return outcome


def keep(decision: Decision, outcome: Outcome, *, withheld: bool = False) -> None:
    """Keep the result as everyone may read it; a lot drawn later withholds what the count withheld."""
    hidden = withheld or decisions_withheld.is_withheld(decision)
    decision.result = decisions_withheld.published(tally.as_facts(outcome), withheld=hidden)
    decision.state, decision.outcome = outcome.state, outcome.state.value


def seats_with_a_ballot(session: Session, decision: Decision) -> set[UUID]:
    if decisions_freeze.is_secret(decision):
        return voted_seats(session, decision.id)
    return {ballot.seat_id for ballot in counted_ballots(session, decision.id)}


def count(
    session: Session, decision: Decision, frozen: tuple[ElectorSeat, ...], allowed: tuple[Voter, ...],
    voted: Collection[UUID],
) -> Outcome:  # fmt: skip
    """Ballots of recused seats, and of alternates who did not step in, are set aside."""
    asked = decisions_freeze.question_of(decision)
    present = quorum.presence(asked.terms.quorum, asked.terms.required, frozen, allowed, voted)
    if asked.terms.secret:
        boxed = boxed_ballots(session, decision.id)
        votes = [Vote(read_mark(asked.mark, each.mark, asked.options), each.group or "") for each in boxed]
        return ruling.counted(asked, present, votes)
    latest = counted_ballots(session, decision.id)
    votes = open_votes(asked, allowed, latest)
    return ruling.counted(asked, present, votes, set_aside=len(latest) - len(votes))


def open_votes(asked: Question, allowed: tuple[Voter, ...], latest: list[Ballot]) -> list[Vote[Any]]:
    """Each counted ballot with the group its seat was frozen in; an alternate speaks for the group of its member."""
    groups: dict[UUID, StakeholderGroup] = {voter.seat_id: voter.group for voter in allowed}
    return [
        Vote(read_mark(asked.mark, ballot.mark, asked.options), groups[ballot.seat_id].value)
        for ballot in latest
        if ballot.seat_id in groups
    ]


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
