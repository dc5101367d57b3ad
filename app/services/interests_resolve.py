"""Interests that others raise, and what the chair says comes of any: disclosed, or the seat steps aside."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, select

from app.conditions.taking_part import recused_seats
from app.errors import Conflict, NotAcceptable, NotFound
from app.models.absence import away
from app.models.columns import now
from app.models.committee import Interest, standing_interests, stepped_aside_with
from app.models.decision import Decision
from app.models.review_rounds import stepped_aside
from app.models.seat import Seat, live_seats_in
from app.rules import interests as rules
from app.rules.interests import Case, NotTheResolver, ResolvedAlready
from app.rules.replay_kinds import Noun
from app.rules.words import N_, InterestEffect, InterestKind, Role, ScopeKind
from app.services import events, interests, interests_hold, notifications
from app.services.interests_hold import Item


class RaisedAlready(Conflict):
    sentence: ClassVar[str] = N_("You have raised this already; the chair has still to resolve it.")


class NotOfOneself(NotAcceptable):
    sentence: ClassVar[str] = N_("What ties you yourself to the item you declare above.")


def raise_about(
    session: Session, item: Item, seat_id: UUID, person_id: UUID, kind: InterestKind, words: str,
    origin: str = "", at: datetime | None = None,
) -> Interest:  # fmt: skip
    """Say that something ties another seat to an item: the person is told, and the chair resolves it."""
    if kind not in rules.DECLARED:
        raise interests.NotForPeople()
    held = interests_hold.hold_to_speak(session, item, at)
    seats = interests_hold.seats_on(session, item, held.at)
    concerned = next((each for each in seats if each.id == seat_id), None)
    if concerned is None:
        raise NotFound()
    mine = next((s for s in seats if s.person_id == person_id and s.scope_id == concerned.scope_id), None)
    if mine is None:
        raise interests_hold.NotSeatedHere()
    if concerned.person_id == person_id:
        raise NotOfOneself()
    known = standing_interests(session, [item.id])
    if any((each.seat_id, each.raised_by_id, each.is_open) == (seat_id, mine.id, True) for each in known):
        raise RaisedAlready()
    raised = Interest(
        seat_id=seat_id, subject_kind=interests_hold.subject_of(item), subject_id=item.id, kind=kind, text=words,
        raised_by_id=mine.id, declared_at=held.at,
    )  # fmt: skip
    session.add(raised)
    session.flush()
    record(session, "interest_raised", item, raised, person_id, held.at)
    tell(session, [concerned.person_id], "interest_raised", item, origin)
    tell_resolvers(session, item, raised, origin)
    return raised


def resolve(
    session: Session, item: Item, interest_id: UUID, person_id: UUID, effect: InterestEffect, reason: str,
    origin: str = "", at: datetime | None = None,
) -> Interest:  # fmt: skip
    """Say what comes of an open interest. Stepping aside holds from this instant, in every vote that runs."""
    held = interests_hold.hold(session, item, at)
    interest = session.get(Interest, interest_id)
    if interest is None or interest.subject_id != item.id:
        raise NotFound()
    session.refresh(interest, with_for_update=True)
    if not interest.is_open:
        raise ResolvedAlready()
    seat = resolving_seat(session, interest, person_id)
    if seat is None:
        raise NotTheResolver()
    rules.require_resolution(effect, was_raised=interest.raised_by_id is not None, reason=reason)
    before = {vote.id: recused_seats(session, vote) for vote in held.votes}
    if effect is InterestEffect.RECUSE:
        theirs = stepped_aside_with(session, [interest])
        interests_hold.require_not_voted_in_secret(session, held.votes, theirs)
    interest.effect, interest.effect_at = effect, held.at
    interest.resolved_by_id, interest.resolved_at, interest.resolution = seat.id, held.at, reason
    session.add(interest)
    session.flush()
    # That nothing was found is told to those concerned and to nobody else.
    kind = "interest_dismissed" if effect is InterestEffect.UNFOUNDED else "interest_resolved"
    record(session, kind, item, interest, person_id, held.at)
    tell(session, concerned_by(session, interest), f"interest_{effect.value}", item, origin)
    if effect is InterestEffect.RECUSE:
        for vote in held.votes:
            interests.tell_alternates(session, vote, before[vote.id], origin)
    return interest


def case_of(session: Session, interest: Interest) -> Case:
    """Who may resolve it, by who sits in the committee today, is not away and has not stepped aside from the item."""
    concerned = session.get_one(Seat, interest.seat_id)
    raiser = session.get(Seat, interest.raised_by_id) if interest.raised_by_id else None
    seats = live_seats_in(session, ScopeKind.COMMITTEE, concerned.scope_id)
    offices = [seat for seat in seats if seat.role in (Role.CHAIR, Role.DEPUTY)]
    asked = session.get(Decision, interest.subject_id)
    aside = recused_seats(session, asked) if asked else stepped_aside(session, interest.subject_id)
    absent = away(session, [seat.id for seat in offices], now()) | aside
    return Case(
        concerned.person_id,
        raiser.person_id if raiser else None,
        [seat.person_id for seat in offices if seat.role is Role.CHAIR],
        [seat.person_id for seat in offices if seat.role is Role.DEPUTY],
        [seat.person_id for seat in offices if seat.id in absent],
    )


def resolving_seat(session: Session, interest: Interest, person_id: UUID) -> Seat | None:
    """The chair's or deputy's seat with which this person resolves it, if they are the one to."""
    if person_id not in case_of(session, interest).resolvers():
        return None
    scope = session.get_one(Seat, interest.seat_id).scope_id
    seats = live_seats_in(session, ScopeKind.COMMITTEE, scope)
    return next(s for s in seats if s.person_id == person_id and s.role in (Role.CHAIR, Role.DEPUTY))


def record(
    session: Session, kind: str, item: Item, interest: Interest, by: UUID, at: datetime, **facts: Any
) -> None:
    event = events.record(
        session, kind, interests_hold.subject_of(item), item.id, by=by,
        seat=interest.seat_id, interest=interest.kind, effect=interest.effect,
        states={Noun.INTEREST: {interest.effect: [interest.id]}}, **facts,
    )  # fmt: skip
    event.at = at


def concerned_by(session: Session, interest: Interest) -> list[UUID]:
    seats = [interest.seat_id, *([interest.raised_by_id] if interest.raised_by_id else [])]
    return list(session.exec(select(Seat.person_id).where(Seat.id.in_(seats))))  # type: ignore[attr-defined]


def tell_resolvers(session: Session, item: Item, interest: Interest, origin: str) -> None:
    tell(session, case_of(session, interest).resolvers(), "interest_to_resolve", item, origin)


def tell(session: Session, people: Collection[UUID], kind: str, item: Item, origin: str) -> None:
    notifications.tell(
        session, people, kind, interests_hold.subject_of(item), item.id, origin, title=interests_hold.title_of(item),
        **interests_hold.page_of(item),
    )  # fmt: skip
