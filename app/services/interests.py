"""Interests: what is refused, whom a vote passes to when a seat steps aside, and what is told beside a vote."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.conditions.taking_part import absent_seats, said_of, voters_of
from app.errors import Conflict, NotAcceptable
from app.models.committee import Interest
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import Seat
from app.rules.voting import electorate
from app.rules.words import N_, InterestEffect, InterestKind, StakeholderGroup, SubjectKind
from app.services import decisions, notifications


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
