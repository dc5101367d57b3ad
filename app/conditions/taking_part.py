"""Who takes part in an item before a committee: voters, recusals, absences, closed doors, the list of voters."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.conditions.asking import SEATED_ROLES, Ask, committee_of, facilitates
from app.models.absence import away, holders_of
from app.models.application import Application
from app.models.columns import now
from app.models.committee import Committee, committees_of, interests_in, said_by, stepped_aside_with
from app.models.decision import Decision, missions_about
from app.models.mission import Mission
from app.models.offer import offer_of
from app.models.review import Review, ReviewRound
from app.models.review_rounds import stepped_aside
from app.models.seat import Seat
from app.rules.voting import electorate
from app.rules.voting.electorate import Voter
from app.rules.words import (
    DecisionState,
    Role,
    ScopeKind,
)
from app.viewer import Viewer


def is_in_electorate(ask: Ask) -> bool:
    return my_seat_in(ask.session, ask.viewer, ask.subject) is not None


def my_seat_in(session: Session, viewer: Viewer, decision: Decision) -> UUID | None:
    """The live seat this viewer votes with: their own if unrecused, or the recused one they are the alternate of."""
    if viewer.id is None:
        return None
    voter = next((each for each in voters_of(session, decision) if each.person_id == viewer.id), None)
    return voter.seat_id if voter and any(seat.id == voter.seat_id for seat in viewer.seats) else None


def voters_of(session: Session, decision: Decision, at: datetime | None = None) -> tuple[Voter, ...]:
    """Who holds a ballot now, or at an instant, after recusals and absences; once counted, who held one at the end."""
    frozen = electorate.from_facts(decision.electorate)
    recused = recused_seats(session, decision)
    return electorate.voters(frozen, recused, absent_seats(session, decision, recused, at))


def absent_seats(
    session: Session, decision: Decision, recused: Collection[UUID], at: datetime | None = None
) -> set[UUID]:
    """Seats whose ballot is with the alternate because the member is away, or was when the alternate cast it.

    Whoever of the two casts first keeps it; a member who comes back before that has it again.
    """
    if decision.closed_at is not None:
        return {UUID(each) for each in decision.absent}
    pairs = {
        each.seat_id: each.alternate_seat_id
        for each in electorate.from_facts(decision.electorate)
        if each.alternate_seat_id and each.seat_id not in recused
    }
    if not pairs:
        return set()
    at = min(at or now(), decision.closes_at or now())
    gone, held = away(session, [*pairs, *pairs.values()], at), holders_of(session, decision.id)
    return {
        seat
        for seat, alternate in pairs.items()
        if held.get(seat) == alternate or (seat not in held and seat in gone and alternate not in gone)
    }


def recused_seats(session: Session, decision: Decision) -> set[UUID]:
    """Seats that stepped aside from this decision, or from an item that it is about or chooses among, before it closed.

    Applications compete for one budget: who stepped aside from one of them does not vote on the others either.
    """
    until = decision.closed_at or decision.closes_at
    among = [UUID(each["subject_id"]) for each in decision.options] if decision.call_id else []
    found = interests_in(session, *said_of(session, decision), *among)
    return stepped_aside_with(session, [interest for interest in found if interest.recuses(until)])


def said_of(session: Session, subject: object) -> list[UUID]:
    """What interests are declared in: the decision and the missions it is about, or the mission of anything else."""
    if isinstance(subject, Decision):
        return [subject.id, *missions_about(session, subject)]
    if isinstance(subject, (Mission, Application)):
        return [subject.id]
    if isinstance(subject, Review):
        return [session.get_one(ReviewRound, subject.round_id).mission_id]
    mission = getattr(subject, "mission_id", None)
    return [mission] if mission else []


def asked_at(session: Session, subject: object) -> str:
    """Where one says what ties one to it: a mission, a question about several or none, or an application."""
    if isinstance(subject, Decision) and subject.mission_id is None:
        return f"/decisions/{subject.id}/interest"
    if isinstance(subject, Application):
        return f"/applications/{subject.id}/interest"
    return f"/missions/{said_of(session, subject)[-1]}/interest"


def recused_on(session: Session, subject: object) -> set[UUID]:
    """Seats that have stepped aside from an item, or from a decision about it."""
    if isinstance(subject, Decision):
        return recused_seats(session, subject)
    return {seat for mission in said_of(session, subject) for seat in stepped_aside(session, mission)}


def is_not_recused(ask: Ask) -> bool:
    mine = {seat.id for seat in ask.viewer.seats}
    if not mine & recused_on(ask.session, ask.subject):
        return True
    return isinstance(ask.subject, Decision) and is_in_electorate(ask)


def committees_on(session: Session, subject: object) -> set[UUID]:
    """The committees before which an item is: a decision's own, those of the mission's organisation, a panel."""
    if isinstance(subject, Committee):
        return {subject.id}
    if isinstance(subject, Application):
        offer = offer_of(session, subject.call_id)
        return {offer.panel_id} if offer and offer.panel_id else set()
    if (committee := getattr(subject, "committee_id", None)) is not None:
        return {committee}
    mission = subject if isinstance(subject, Mission) else None
    return {each.id for each in committees_of(session, mission.organisation_id)} if mission else set()


def sits_on_item(ask: Ask, *roles: Role) -> bool:
    found = committees_on(ask.session, ask.subject) if ask.viewer.seats else set()
    seats = [seat for committee in found for seat in ask.viewer.seats_in(committee)]
    return any(seat.role in (roles or SEATED_ROLES) for seat in seats)


def has_said(ask: Ask) -> bool:
    """Whether this person was asked about the item, or about all items of the decision, and answered."""
    if ask.viewer.id is None:
        return False
    wanted = said_of(ask.session, ask.subject)
    said = said_by(ask.session, ask.viewer.id, wanted)
    if isinstance(ask.subject, Decision):
        missions = set(wanted) - {ask.subject.id}
        return ask.subject.id in said or (bool(missions) and missions <= said)
    return set(wanted) <= said


def behind_closed_doors(ask: Ask) -> list[Seat]:
    """The seats with which somebody takes part in the closed discussion on a mission.

    Members and officers; an alternate where the seat it stands for stepped aside. Who stepped aside with any seat
    has left the room with all of them.
    """
    mission = ask.subject
    if not isinstance(mission, Mission) or not ask.viewer.seats:
        return []
    found = committees_on(ask.session, mission)
    mine = [seat for seat in ask.viewer.seats if seat.scope_id in found and seat.role in SEATED_ROLES]
    if not mine:
        return []
    recused = stepped_aside(ask.session, mission.id)
    if any(seat.id in recused for seat in ask.viewer.seats):
        return []
    return [seat for seat in mine if seat.role is not Role.ALTERNATE or seat.alternate_for_id in recused]


def may_read_minutes(ask: Ask) -> bool:
    """Everyone once the result is certified; before that the committee, without who stepped aside from it."""
    decision = ask.subject
    if not isinstance(decision, Decision) or decision.state is DecisionState.DRAFT:
        return False
    if decision.certified_at is not None:
        return True
    mine = {seat.id for seat in ask.viewer.seats_in(decision.committee_id)}
    return bool(mine) and not mine & recused_seats(ask.session, decision)


def is_listed(ask: Ask) -> bool:
    """On the list of voters of a vote, as a member or as an alternate, also after stepping aside."""
    frozen = electorate.from_facts(ask.subject.electorate)
    people = {each.person_id for each in frozen} | {each.alternate_person_id for each in frozen}
    return ask.viewer.id is not None and ask.viewer.id in people


def is_outside(ask: Ask) -> bool:
    """Somebody in office whom the vote does not concern: not of the agency it is for, nor of the committee."""
    committee = committee_of(ask.session, ask.subject)
    if committee is None or is_listed(ask) or ask.viewer.seats_in(committee.id) or facilitates(ask):
        return False
    return ask.viewer.holds(Role.ADMIN, ScopeKind.PLATFORM) or ask.viewer.holds_anywhere(Role.FACILITATOR)
