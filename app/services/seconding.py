"""Seconding: before a vote is announced, a voting member of another stakeholder group agrees that it be asked."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.conditions.taking_part import recused_seats
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import Seat, live_seats_in
from app.rules import notice, phases
from app.rules.notice import MayNotSecond, SecondedOtherwise
from app.rules.phases import Act
from app.rules.words import Role, ScopeKind, StakeholderGroup
from app.services import decisions


@dataclass(frozen=True)
class Named:
    """A seat with the name of its holder."""

    seat: Seat
    name: str


@dataclass(frozen=True)
class Seconding:
    """How a question stands: who seconded it, or who may; `is_stale` where it was changed after that."""

    is_needed: bool
    by: Named | None = None
    is_stale: bool = False
    may: list[Named] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return not self.is_needed or (self.by is not None and not self.is_stale)


def of(session: Session, decision: Decision) -> Seconding:
    """What the page of a question says of its seconder."""
    committee = session.get_one(Committee, decision.committee_id)
    by = None
    if decision.seconded_by_id is not None:
        seat = session.get_one(Seat, decision.seconded_by_id)
        by = Named(seat, session.get_one(Person, seat.person_id).name)
    if not committee.needs_seconder:
        return Seconding(False, by)
    stale = by is not None and decision.seconded_hash != decisions.fingerprint(decision, decision.question)
    may = [] if by is not None and not stale else who_may(session, decision)
    return Seconding(True, by, stale, may)


def who_may(session: Session, decision: Decision, at: datetime | None = None) -> list[Named]:
    """The voting members who may second a question, by name."""
    members = [
        seat
        for seat in live_seats_in(session, ScopeKind.COMMITTEE, decision.committee_id, at)
        if seat.role is Role.MEMBER
    ]
    seated = {seat.group for seat in members if seat.group}
    aside, of_proposer = recused_seats(session, decision), group_of_proposer(session, decision, members)
    fit = [
        seat
        for seat in members
        if seat.person_id != decision.put_by_id
        and seat.id not in aside
        and notice.is_of_another(seat.group, of_proposer, seated)
    ]
    query = select(Person).where(
        col(Person.id).in_({seat.person_id for seat in fit}), col(Person.suspended_at).is_(None)
    )
    names = {person.id: person.name for person in session.exec(query)}
    found = [Named(seat, names[seat.person_id]) for seat in fit if seat.person_id in names]
    return sorted(found, key=lambda each: each.name)


def group_of_proposer(session: Session, decision: Decision, members: list[Seat]) -> StakeholderGroup | None:
    """The group of a voting seat of whoever put the question; where they have none, the group they belong to."""
    if decision.put_by_id is None:
        return None
    own = next((seat.group for seat in members if seat.person_id == decision.put_by_id), None)
    return own or session.get_one(Person, decision.put_by_id).group


def second(
    session: Session, decision: Decision, by: UUID, seen: str = "", at: datetime | None = None
) -> None:
    """Agree that this be asked, as it stands; `seen` is the fingerprint of what the page showed.

    Whoever seconds first is the seconder, until the draft changes.
    """
    at = decisions.hold(session, decision, at)
    phases.require(Act.NOTICE, decision_phase(decision, at))
    stands = decisions.fingerprint(decision, decision.question)
    if seen and seen != stands:
        raise SecondedOtherwise()
    mine = next((each.seat for each in who_may(session, decision, at) if each.seat.person_id == by), None)
    if mine is None:
        raise MayNotSecond()
    if decision.seconded_hash == stands:
        return
    decision.seconded_by_id, decision.seconded_at, decision.seconded_hash = mine.id, at, stands
    session.add(decision)
    session.flush()
    decisions.record(session, "question_seconded", decision, at, by, seat=mine.id)
