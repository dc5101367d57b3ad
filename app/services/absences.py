"""Absences: a seat's holder, or the secretary, says from when to when; the named alternate stands in meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Conflict, Forbidden, NotAcceptable, NotFound
from app.models.absence import Absence, absences_of
from app.models.columns import now
from app.models.committee import Committee
from app.models.person import Person
from app.models.seat import Seat, live_seats_in
from app.rules.words import N_, Role, ScopeKind, SubjectKind
from app.services import events, notifications
from app.services.committees import Bench

LONGEST = timedelta(days=366)


class AbsenceImpossible(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "An absence begins today or later, ends after it begins, and lasts a year at most."
    )


class AwayAlready(Conflict):
    sentence: ClassVar[str] = N_("An absence of this seat in these days is recorded already.")


class NotForThisSeat(Forbidden):
    sentence: ClassVar[str] = N_(
        "Absences are announced by the holder of a seat, or recorded by the secretary."
    )


@dataclass(frozen=True)
class Told:
    """One absence with the name of the seat's holder."""

    absence: Absence
    name: str
    may_end: bool


def span(first: date | None, last: date | None) -> tuple[datetime, datetime]:
    """An absence by its first and last day, both included, in universal time; today means at once."""
    at = now()
    if last is None:
        raise AbsenceImpossible()
    starts = at if first in (None, at.date()) else datetime.combine(first or at.date(), time(), UTC)
    ends = datetime.combine(last + timedelta(days=1), time(), UTC)
    if starts < at or ends <= starts or ends - starts > LONGEST:
        raise AbsenceImpossible()
    return starts, ends


def announce(
    session: Session, committee: Committee, seat_id: UUID, days: tuple[date | None, date | None], by: UUID,
    origin: str = "",
) -> Absence:  # fmt: skip
    """Record from when to when the holder of a seat is away, and tell the alternate."""
    starts, ends = span(*days)
    seat = seat_for(session, committee, seat_id, by)
    session.refresh(seat, with_for_update=True)
    if any(each.starts_at < ends for each in absences_of(session, [seat.id], starts)):
        raise AwayAlready()
    absence = Absence(seat_id=seat.id, starts_at=starts, ends_at=ends, said_by_id=by, said_at=now())
    session.add(absence)
    session.flush()
    # Not `ends_at`: that is the end of the seat, which this event is about.
    events.record(
        session, "absence_announced", SubjectKind.SEAT, seat.id, by=by,
        absence=absence.id, committee=committee.id, away_from=starts, back_at=ends,
    )  # fmt: skip
    tell_alternate(session, committee, absence, origin)
    if seat.person_id != by:
        tell(session, [seat.person_id], "absence_recorded", committee, absence, origin)
    return absence


def come_back(session: Session, committee: Committee, absence_id: UUID, by: UUID) -> Absence:
    """End an absence now; one that has not begun does not take place. A ballot cast meanwhile stays cast."""
    absence = session.get(Absence, absence_id)
    if absence is None:
        raise NotFound()
    seat_for(session, committee, absence.seat_id, by)
    session.refresh(absence, with_for_update=True)
    at = now()
    if absence.ends_at <= at:
        return absence
    absence.ends_at = max(at, absence.starts_at)
    session.add(absence)
    session.flush()
    events.record(
        session, "absence_ended", SubjectKind.SEAT, absence.seat_id, by=by,
        absence=absence.id, committee=committee.id, back_at=absence.ends_at,
    )  # fmt: skip
    return absence


def seat_for(session: Session, committee: Committee, seat_id: UUID, by: UUID) -> Seat:
    """A seat of this committee of which this person may say that its holder is away."""
    seats = live_seats_in(session, ScopeKind.COMMITTEE, committee.id)
    seat = next((each for each in seats if each.id == seat_id), None)
    if seat is None:
        raise NotFound()
    is_secretary = any(each.person_id == by and each.role is Role.SECRETARY for each in seats)
    if seat.person_id != by and not is_secretary:
        raise NotForThisSeat()
    return seat


def tell_alternate(session: Session, committee: Committee, absence: Absence, origin: str) -> None:
    query = select(Seat.person_id).where(
        Seat.alternate_for_id == absence.seat_id, col(Seat.ends_at).is_(None)
    )
    tell(session, session.exec(query), "absence_announced", committee, absence, origin)


def tell(
    session: Session, people: Iterable[UUID], kind: str, committee: Committee, absence: Absence, origin: str
) -> None:
    notifications.tell(
        session, people, kind, SubjectKind.COMMITTEE, committee.id, origin, title=committee.name,
        first=absence.starts_at.date().isoformat(), last=absence.last_day.date().isoformat(),
    )  # fmt: skip


def to_come(session: Session, committee: Committee, viewer_id: UUID | None) -> list[Told]:
    """Absences in a committee that are not over, the first to begin first."""
    seats = live_seats_in(session, ScopeKind.COMMITTEE, committee.id)
    by_id = {each.id: each for each in seats}
    names = dict(
        session.exec(
            select(Person.id, Person.name).where(col(Person.id).in_({s.person_id for s in seats}))
        ).all()
    )
    is_secretary = any(each.person_id == viewer_id and each.role is Role.SECRETARY for each in seats)
    return [
        Told(
            each,
            names[by_id[each.seat_id].person_id],
            is_secretary or by_id[each.seat_id].person_id == viewer_id,
        )
        for each in absences_of(session, list(by_id), now())
    ]


def mine(session: Session, committee_id: UUID, person_id: UUID | None) -> Absence | None:
    """The absence this person is in now, with a voting seat of the committee."""
    at = now()
    seats = live_seats_in(session, ScopeKind.COMMITTEE, committee_id) if person_id else []
    own = [each.id for each in seats if each.person_id == person_id and each.role is Role.MEMBER]
    return next((each for each in absences_of(session, own, at) if each.starts_at <= at), None)


def seats_to_tell_of(bench: Bench, viewer_id: UUID | None) -> list[tuple[UUID, str, Role]]:
    """The seats of which this person may say that the holder is away: their own, or any for the secretary."""
    found = [(each.seat, each.name) for each in bench.offices]
    for member in bench.members:
        found.append((member.seat, member.name))
        if member.alternate is not None:
            found.append((member.alternate, member.alternate_name))
    is_secretary = any(seat.role is Role.SECRETARY and seat.person_id == viewer_id for seat, _name in found)
    shown = [pair for pair in found if is_secretary or pair[0].person_id == viewer_id]
    return [(seat.id, name, seat.role) for seat, name in sorted(shown, key=lambda pair: pair[1])]
