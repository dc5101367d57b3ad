"""What ending a seat comes to, told before it is done: who goes with it, and which votes it stands in until when."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import Seat, live_seats_of, seats_to_come
from app.services import scopes, votes_of_seats


@dataclass(frozen=True)
class Ending:
    """A seat with its holder's name and scope; the alternates that end with it; the votes that need it."""

    seat: Seat
    name: str
    scope: str
    alternates: list[str]
    votes: list[Decision]

    @property
    def free_at(self) -> datetime | None:
        """When the last of its votes closes: the first instant at which it can end."""
        return self.votes[-1].closes_at if self.votes else None


def ending(session: Session, seat: Seat) -> Ending:
    beside = standing_in(session, seat)
    names = dict(
        session.exec(
            select(Person.id, Person.name).where(
                col(Person.id).in_([seat.person_id, *(each.person_id for each in beside)])
            )
        ).all()
    )
    [(_seat, scope)] = scopes.named_seats(session, [seat])
    return Ending(
        seat,
        names[seat.person_id],
        scope,
        sorted(names[each.person_id] for each in beside),
        votes_of_seats.naming(session, [seat, *beside]),
    )


def standing_in(session: Session, seat: Seat) -> list[Seat]:
    query = select(Seat).where(Seat.alternate_for_id == seat.id)
    return [each for each in session.exec(query) if each.ends_at is None or each.ends_at > now()]


def kept_seats(session: Session, person: Person) -> list[Seat]:
    """Every seat of a person that is held or will be, the held ones first."""
    return [*live_seats_of(session, person.id), *seats_to_come(session, person.id, now())]


def votes_of(session: Session, person: Person) -> list[Decision]:
    """The running votes that this person may have a ballot in."""
    return votes_of_seats.naming(session, kept_seats(session, person))
