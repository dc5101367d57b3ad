"""Interests: a member says what ties them to an item, and whether they keep their vote or step aside."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.conditions.taking_part import absent_seats, recused_seats, said_of, voters_of
from app.errors import Conflict, Forbidden, NotAcceptable
from app.models.ballot import has_voted
from app.models.committee import Interest, standing_interests
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import Seat
from app.rules import phases
from app.rules.phases import Act
from app.rules.replay_kinds import Noun
from app.rules.voting import electorate
from app.rules.words import N_, InterestEffect, InterestKind, StakeholderGroup, SubjectKind
from app.services import decisions, notifications


class NotInThisElectorate(Forbidden):
    sentence: ClassVar[str] = N_(
        "Only the seats of this decision's electorate, and their alternates, declare interests."
    )


class NotForPeople(NotAcceptable):
    """That an account is suspended is told by the platform, and declared by nobody."""

    sentence: ClassVar[str] = N_("Please choose one of the options.")


class SteppedAsideAlready(Conflict):
    sentence: ClassVar[str] = N_("You have stepped aside from this item already.")


class VotedInSecret(Conflict):
    """Nobody can tell which of the ballots to set aside."""

    sentence: ClassVar[str] = N_(
        "Your seat has cast a secret ballot, which cannot be found and set aside. You can make your interest public."
    )


@dataclass(frozen=True)
class Declared:
    """One declared interest with the name and group of the seat."""

    interest: Interest
    name: str
    group: StakeholderGroup | None


def declare(
    session: Session, decision: Decision, person_id: UUID, kind: InterestKind, words: str, effect: InterestEffect,
    origin: str = "", at: datetime | None = None,
) -> list[Interest]:  # fmt: skip
    """Record an interest for every seat this person has in the electorate; stepping aside passes the ballot on.

    The decision is held: from here on no ballot of the recused seat is recorded, and one cast before is
    set aside when the vote is counted.
    """
    if kind is InterestKind.SUSPENDED or (
        kind is InterestKind.NOTHING and effect is not InterestEffect.DISCLOSE
    ):
        raise NotForPeople()
    at = decisions.hold(session, decision, at)
    phases.require(Act.DECLARE_INTEREST, decision_phase(decision, at))
    seats = seats_of(decision, person_id)
    if not seats:
        raise NotInThisElectorate()
    recused = recused_seats(session, decision)
    if kind is InterestKind.NOTHING:
        recused |= {each.seat_id for each in standing_interests(session, [decision.id])}
        if seats <= recused:
            return []
    if seats <= recused:
        raise SteppedAsideAlready()
    if effect is InterestEffect.RECUSE and has_voted(session, decision.id, seats):
        raise VotedInSecret()
    declared = [
        Interest(
            seat_id=seat_id, subject_kind=SubjectKind.DECISION, subject_id=decision.id,
            kind=kind, text=words, effect=effect, declared_at=at,
        )
        for seat_id in sorted(seats - recused)
    ]  # fmt: skip
    session.add_all(declared)
    session.flush()
    decisions.record(
        session, "nothing_declared" if kind is InterestKind.NOTHING else "interest_declared", decision, at, person_id,
        seats=[each.seat_id for each in declared], interest=kind, effect=effect,
        states={Noun.INTEREST: {effect: [each.id for each in declared]}},
    )  # fmt: skip
    if effect is InterestEffect.RECUSE:
        tell_alternates(session, decision, recused, origin)
    return declared


def seats_of(decision: Decision, person_id: UUID) -> set[UUID]:
    """The seats of this electorate that this person votes with, or may have to."""
    found: set[UUID] = set()
    for each in electorate.from_facts(decision.electorate):
        if each.person_id == person_id:
            found.add(each.seat_id)
        if each.alternate_person_id == person_id and each.alternate_seat_id is not None:
            found.add(each.alternate_seat_id)
    return found


def tell_alternates(session: Session, decision: Decision, before: set[UUID], origin: str) -> None:
    """Whoever votes now and did not before is told so."""
    frozen = electorate.from_facts(decision.electorate)
    known = {
        voter.person_id
        for voter in electorate.voters(frozen, before, absent_seats(session, decision, before))
    }
    now_voting = {voter.person_id for voter in voters_of(session, decision)}
    title = decisions.title_of(session, decision)
    people = now_voting - known
    notifications.tell(session, people, "vote_asked", SubjectKind.DECISION, decision.id, origin, title=title)


def stand_in_for(session: Session, decision: Decision, person_id: UUID) -> str:
    """The name of whoever votes in this person's place now; empty where nobody does."""
    frozen = electorate.from_facts(decision.electorate)
    mine = {seat.seat_id for seat in frozen if seat.person_id == person_id}
    standing = voters_of(session, decision)
    voter = next((each for each in standing if each.is_alternate and each.stands_for in mine), None)
    return session.get_one(Person, voter.person_id).name if voter else ""


def declared_on(session: Session, decision: Decision) -> list[Declared]:
    """What ties people to a decision or its items, oldest first: declared, public at once; raised, once resolved."""
    query = (
        select(Interest, Seat, Person)
        .join(Seat, col(Seat.id) == Interest.seat_id)
        .join(Person, col(Person.id) == Seat.person_id)
        .where(
            col(Interest.subject_id).in_(said_of(session, decision)),
            col(Interest.kind).not_in([InterestKind.SUSPENDED, InterestKind.NOTHING]),
            Interest.effect != InterestEffect.UNFOUNDED,
            col(Interest.superseded_at).is_(None),
            or_(col(Interest.raised_by_id).is_(None), col(Interest.resolved_at).is_not(None)),
        )
        .order_by(col(Interest.declared_at), col(Interest.id))
    )
    return [Declared(interest, person.name, seat.group) for interest, seat, person in session.exec(query)]
