"""Which running votes a seat stands in: its electorate never changes, so the seat stays until they close."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.taking_part import recused_seats
from app.models.ballot import has_voted
from app.models.columns import now
from app.models.committee import Interest
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import Seat
from app.rules.voting import electorate
from app.rules.voting.electorate import ElectorSeat
from app.rules.words import DecisionState, InterestEffect, InterestKind, ScopeKind, SubjectKind


def running(session: Session, committees: Collection[UUID], at: datetime | None = None) -> list[Decision]:
    """Votes announced or open in these committees, the first to close first."""
    query = select(Decision).where(
        col(Decision.committee_id).in_(committees),
        col(Decision.state).in_([DecisionState.NOTICED, DecisionState.OPEN]),
        col(Decision.closes_at) > (at or now()),
    )
    return list(session.exec(query.order_by(col(Decision.closes_at), col(Decision.id)))) if committees else []


def naming(session: Session, seats: Iterable[Seat], at: datetime | None = None) -> list[Decision]:
    """The running votes that name one of these seats, as a member's or as an alternate's."""
    seats = list(seats)
    ids = {seat.id for seat in seats}
    scopes = {seat.scope_id for seat in seats if seat.scope_kind is ScopeKind.COMMITTEE and seat.scope_id}
    return [vote for vote in running(session, scopes, at) if ids & named_in(vote)]


def votes_in(votes: Iterable[Decision], person_id: UUID) -> bool:
    """Whether somebody is on the list of one of these votes, as a member or as an alternate."""
    lists = (electorate.from_facts(vote.electorate) for vote in votes)
    return any(person_id in (each.person_id, each.alternate_person_id) for frozen in lists for each in frozen)


def named_in(decision: Decision) -> set[UUID]:
    frozen = electorate.from_facts(decision.electorate)
    return {each.seat_id for each in frozen} | {
        each.alternate_seat_id for each in frozen if each.alternate_seat_id
    }


def pass_on(session: Session, decision: Decision, at: datetime) -> list[Interest]:
    """The vote of each suspended member of this electorate passes to the named alternate, if one can vote.

    It passes as after a recusal, whether or not a ballot was cast before, since who has voted is nobody's to know.
    A suspended member without an alternate stays in the quorum base: the seat counts as not voting.
    The decision is held by the caller; the interests belong into the facts of the caller's event.
    """
    frozen, gone = electorate.from_facts(decision.electorate), recused_seats(session, decision)
    suspended = suspended_among(session, frozen)
    made = []
    for each in frozen:
        if each.person_id not in suspended or each.seat_id in gone or each.alternate_person_id in suspended:
            continue
        if has_voted(session, decision.id, [each.seat_id]):
            continue  # A secret ballot cannot be found and set aside: it counts.
        voters = electorate.voters(frozen, gone | {each.seat_id})
        if any(voter.is_alternate and voter.stands_for == each.seat_id for voter in voters):
            gone.add(each.seat_id)
            made.append(
                Interest(
                    seat_id=each.seat_id, subject_kind=SubjectKind.DECISION, subject_id=decision.id,
                    kind=InterestKind.SUSPENDED, effect=InterestEffect.RECUSE, declared_at=at,
                )
            )  # fmt: skip
    session.add_all(made)
    session.flush()
    return made


def suspended_among(session: Session, frozen: Collection[ElectorSeat]) -> set[UUID]:
    people = {each.person_id for each in frozen} | {each.alternate_person_id for each in frozen}
    query = select(Person.id).where(
        col(Person.id).in_([each for each in people if each]), col(Person.suspended_at).is_not(None)
    )
    return set(session.exec(query).all())
