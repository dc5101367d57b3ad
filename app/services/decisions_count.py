"""Counting: the vote ends, its ballots are committed to in one event, and the rule says what they come to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.conditions.taking_part import absent_seats, recused_seats
from app.models.ballot import counted_ballots, voted_seats
from app.models.columns import now
from app.models.decision import Decision
from app.rules import decisions as rules
from app.rules.decisions import DecisionTimes
from app.rules.voting import effort, electorate, quorum, ruling, tally
from app.rules.voting.profile import Vote
from app.rules.voting.quorum import Presence
from app.rules.voting.ruling import Question
from app.rules.voting.tally import Outcome
from app.rules.words import DecisionState
from app.services import ballots_secret, count_runs, decisions, decisions_freeze, decisions_withheld
from app.services import decisions_pictures_portfolios as portfolios

AT_ONCE = 50


def close(
    session: Session, decision: Decision, by: UUID | None, at: datetime | None = None
) -> Outcome | None:
    """End the vote and count it: after the announced end, or earlier when every seat that votes has voted.

    Holding the row waits for every ballot that began before: it is counted if its own instant was in time. None where
    counting takes long: then the vote is ended and all of it fixed here, and a job counts it.
    """
    at = decisions.hold(session, decision, at)
    if decision.state is DecisionState.CLOSED:
        count_runs.begin(session, decision, by, at)
        return None
    end(session, decision, at)
    asked, present, votes, set_aside = to_count(session, decision)
    if effort.is_heavy(asked, ruling.profile_of(asked, votes)):
        begin(session, decision, at, by)
        return None
    compare(session, decision, asked, votes, at)
    outcome = ruling.counted(asked, present, votes, set_aside)
    settle(session, decision, outcome, at, by)
    return outcome


def end(session: Session, decision: Decision, at: datetime) -> None:
    """Write down who stepped aside and who was away, when the vote ended, and a hash over all its ballots."""
    times = DecisionTimes(decision.opens_at, decision.closes_at)
    frozen = electorate.from_facts(decision.electorate)
    recused = recused_seats(session, decision)
    allowed = electorate.voters(frozen, recused, absent_seats(session, decision, recused, at))
    voted = seats_with_a_ballot(session, decision)
    everyone = all(voter.seat_id in voted for voter in allowed)
    rules.require_close(times, decision.state, at, everyone_voted=everyone, zone=decision.timezone)
    ended_early = decision_phase(decision, at) is DecisionState.OPEN
    decision.recused = sorted(str(seat) for seat in recused)
    decision.absent = sorted(str(voter.stands_for) for voter in allowed if voter.for_absence)
    decision.ballots_hash = decisions_withheld.commitment(
        session, decision, withheld=decisions_withheld.will_be(session, decision)
    )
    decision.closed_at = at if ended_early else decision.closes_at


def compare(
    session: Session, decision: Decision, asked: Question, votes: Sequence[Vote[Any]], at: datetime
) -> None:
    """Under a budget keep what other rules choose from these votes, unless nothing of them may be told."""
    if portfolios.is_compared(asked) and not decisions_withheld.will_be(session, decision, asked):
        count_runs.keep(session, decision.id, at, portfolios.compared(asked, votes))


def begin(session: Session, decision: Decision, at: datetime, by: UUID | None) -> None:
    """The vote has ended and its ballots are committed to; what they come to is not known to anybody yet."""
    decision.state = DecisionState.CLOSED
    decisions.record(
        session, "count_begun", decision, at, by,
        ballots_hash=decision.ballots_hash, recused=decision.recused, absent=decision.absent,
    )  # fmt: skip
    session.flush()
    count_runs.begin(session, decision, by, at)


def settle(session: Session, decision: Decision, outcome: Outcome, at: datetime, by: UUID | None) -> None:
    """Keep the result, and publish what was voted in secret, in one transaction."""
    withheld = decisions_withheld.will_be(session, decision)
    rules.require_move(DecisionState.CLOSED, outcome.state)
    keep(decision, outcome, withheld=withheld)
    session.flush()  # The box is emptied only of a vote that has ended.
    if decisions_freeze.is_secret(decision):
        ballots_secret.publish(session, decision)
    decisions.record(
        session, "decision_counted", decision, at, by,
        outcome=outcome.state, ballots_hash=decision.ballots_hash, recused=decision.recused, result=decision.result,
        absent=decision.absent,
    )  # fmt: skip
    session.flush()


def keep(decision: Decision, outcome: Outcome, *, withheld: bool = False) -> None:
    """Keep the result as everyone may read it; a lot drawn later withholds what the count withheld."""
    hidden = withheld or decisions_withheld.is_withheld(decision)
    decision.result = decisions_withheld.published(tally.as_facts(outcome), withheld=hidden)
    decision.state, decision.outcome = outcome.state, outcome.state.value


def seats_with_a_ballot(session: Session, decision: Decision) -> set[UUID]:
    if decisions_freeze.is_secret(decision):
        return voted_seats(session, decision.id)
    return {ballot.seat_id for ballot in counted_ballots(session, decision.id)}


def to_count(
    session: Session, decision: Decision
) -> tuple[Question, tuple[Presence, ...], list[Vote[Any]], int]:
    """What is asked of an ended vote, who was there, its votes, and how many were set aside.

    Set aside are ballots of recused seats, and of alternates who did not step in; of a secret vote there are none.
    """
    asked = decisions_freeze.question_of(decision)
    voted, votes = seats_with_a_ballot(session, decision), decisions_withheld.votes(session, decision)
    frozen, allowed = electorate.from_facts(decision.electorate), decisions_withheld.voters(decision)
    present = quorum.presence(asked.terms.quorum, asked.terms.required, frozen, allowed, voted)
    return asked, tuple(present), votes, 0 if asked.terms.secret else len(voted) - len(votes)


def count_due(session: Session, at: datetime | None = None) -> int:
    """Count every vote whose announced end has passed, so that nobody can keep a result back; answers how many.

    One that has ended (`closed`) is counted by its job.
    """
    query = (
        select(Decision)
        .where(
            col(Decision.state).in_([DecisionState.NOTICED, DecisionState.OPEN]),
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
