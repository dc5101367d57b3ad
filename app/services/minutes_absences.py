"""What the minutes tell of absences, from the events that announced and ended them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.decision import Decision
from app.models.event import Event
from app.models.seat import seat_names
from app.rules.voting import electorate
from app.rules.words import SubjectKind

ANNOUNCED, ENDED = "absence_announced", "absence_ended"


@dataclass(frozen=True)
class Away:
    """One absence of a seat on the list of voters, as far as it lies within the time from notice to the close."""

    seat_id: UUID
    name: str
    said_at: datetime
    starts: datetime
    ends: datetime
    is_back_early: bool


def within(session: Session, decision: Decision) -> list[Away]:
    """The absences of seats on the list and of their alternates, the first to begin first."""
    if decision.noticed_at is None or decision.closes_at is None:
        return []
    since, until = decision.noticed_at, min(decision.closed_at or decision.closes_at, now())
    frozen = electorate.from_facts(decision.electorate)
    seats = {each.seat_id for each in frozen} | {each.alternate_seat_id for each in frozen} - {None}
    query = select(Event).where(
        col(Event.kind).in_((ANNOUNCED, ENDED)),
        Event.subject_kind == SubjectKind.SEAT,
        col(Event.subject_id).in_(seats),
    )
    events = list(session.exec(query.order_by(col(Event.id))))
    ended = {event.facts["absence"]: at(event, "back_at") for event in events if event.kind == ENDED}
    names = seat_names(session, {event.subject_id for event in events})
    found = [
        away_of(event, ended.get(event.facts["absence"]), names[event.subject_id])
        for event in events
        if event.kind == ANNOUNCED
    ]
    told = [each for each in found if each.starts < each.ends and each.starts < until and each.ends > since]
    return sorted(told, key=lambda each: (each.starts, each.name))


def away_of(event: Event, back: datetime | None, name: str) -> Away:
    ends = at(event, "back_at")
    return Away(event.subject_id, name, event.at, at(event, "away_from"), back or ends, back is not None)


def at(event: Event, fact: str) -> datetime:
    return datetime.fromisoformat(event.facts[fact])


def seats_away(decision: Decision, found: list[Away]) -> set[UUID]:
    """Seats whose holder was away at some time while the vote was open."""
    opens = decision.opens_at
    return {each.seat_id for each in found if opens is None or each.ends > opens}
