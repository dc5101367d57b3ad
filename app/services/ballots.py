"""Open ballots: what one seat says, replaceable until the vote closes; the latest version counts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.conditions.taking_part import voters_of
from app.errors import Conflict, Forbidden
from app.models.ballot import Ballot, last_version
from app.models.decision import Decision
from app.models.seat import Seat
from app.rules import hashing, phases
from app.rules.phases import Act
from app.rules.voting.electorate import Voter
from app.rules.voting.profile import facts_of, read_mark
from app.rules.words import N_
from app.services import ballots_held, decisions, decisions_freeze
from app.services.decisions_freeze import FIRST_FORMAT

RECEIPT_LENGTH = 24


class NoBallotHere(Forbidden):
    sentence: ClassVar[str] = N_("Only the seats on the list of voters can vote on this.")


class BallotChangedElsewhere(Conflict):
    sentence: ClassVar[str] = N_(
        "Your ballot was changed in another window, so this one is not recorded. What is recorded, and what you typed "
        "just now, stand here: send it again if it shall take the other's place."
    )


def cast(
    session: Session, decision: Decision, person_id: UUID, mark: dict[str, Any], reason: str, version: int,
    at: datetime | None = None, criterion: str = "",
) -> Ballot:  # fmt: skip
    """Append the ballot of this person's seat as the given version; sent twice it is recorded once.

    `mark` is what the rule asks for, in the form in which it is published (app/rules/voting/profile.py).

    No event is written while the vote is open: its order in the log would tell who voted when.
    """
    at = decisions.hold(session, decision, at, shared=True)
    phases.require(Act.VOTE, decision_phase(decision, at))
    voter = voter_for(session, decision, person_id, at)
    if voter is None:
        raise NoBallotHere()
    ballot = Ballot(
        decision_id=decision.id, seat_id=voter.seat_id, version=version, mark=checked(decision, mark),
        reason=reason, criterion=criterion, cast_at=at,
    )  # fmt: skip
    if last_version(session, decision.id, voter.seat_id) + 1 != version:
        return same_again(session, ballot)
    ballots_held.take(session, decision, voter)
    try:
        with session.begin_nested():
            session.add(ballot)
            session.flush()
    except IntegrityError:
        return same_again(session, ballot)
    return ballot


def checked(decision: Decision, mark: dict[str, Any]) -> dict[str, Any]:
    """The mark in its one published form, if the rule of this decision can count it."""
    asked = decisions_freeze.question_of(decision)
    return facts_of(asked.mark, read_mark(asked.mark, mark, asked.options), asked.options)


def voter_for(session: Session, decision: Decision, person_id: UUID, at: datetime) -> Voter | None:
    """The ballot this person holds: by the frozen list, recusals and absences so far, and a seat that has not ended."""
    voter = next((each for each in voters_of(session, decision, at) if each.person_id == person_id), None)
    if voter is None:
        return None
    seat = session.get_one(Seat, voter.seat_id)
    return voter if seat.is_live(at) else None


def same_again(session: Session, ballot: Ballot) -> Ballot:
    """The ballot already recorded as this version, if it says the same."""
    query = select(Ballot).where(
        Ballot.decision_id == ballot.decision_id,
        Ballot.seat_id == ballot.seat_id,
        Ballot.version == ballot.version,
    )
    known = session.exec(query).first()
    said = (ballot.mark, ballot.reason, ballot.criterion)
    if known is None or (known.mark, known.reason, known.criterion) != said:
        raise BallotChangedElsewhere()
    return known


def all_ballots(session: Session, decision_id: UUID) -> list[Ballot]:
    """Every version of every seat, in an order that says nothing of when they came."""
    query = select(Ballot).where(Ballot.decision_id == decision_id)
    return list(session.exec(query.order_by(col(Ballot.seat_id), col(Ballot.version))))


def receipt(decision: Decision, ballot: Ballot) -> str:
    """The code a voter keeps, to find their ballot in the published list."""
    facts = {
        "decision": ballot.decision_id,
        "seat": ballot.seat_id,
        "version": ballot.version,
        **said(decision, ballot),
        "ballot": ballot.id,
    }
    return hashing.digest(facts)[:RECEIPT_LENGTH]


def said(decision: Decision, ballot: Ballot) -> dict[str, Any]:
    """What a ballot says, as it is hashed; votes noticed by earlier versions knew a choice only."""
    if decision.format == FIRST_FORMAT:
        return {"choice": ballot.mark["choice"]}
    return {"mark": ballot.mark, "criterion": ballot.criterion}


def committed(decision: Decision, ballot: Ballot) -> dict[str, Any]:
    """What the closing event commits to: the reason by a hash that needs the ballot's own random id."""
    facts: dict[str, Any] = hashing.plain(
        {
            "ballot": ballot.id,
            "seat": ballot.seat_id,
            "version": ballot.version,
            **said(decision, ballot),
            "reason": hashing.text_hash(ballot.reason, str(ballot.id)) if ballot.reason else "",
        }
    )
    return facts


def commitment(decision: Decision, ballots: Iterable[Ballot]) -> str:
    """One hash over every ballot of a decision."""
    return hashing.ballots_commitment(decision.id, [committed(decision, each) for each in ballots])
