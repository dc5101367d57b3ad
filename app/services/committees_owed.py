"""Who owes a review in a committee, since when they were reminded, for those who may remind them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.absence import away
from app.models.assignment import assignments_on
from app.models.columns import now
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.person import Person
from app.models.seat import Seat
from app.rules import assigning
from app.services import assignments, missions


@dataclass(frozen=True)
class Owed:
    """One review that is still to come."""

    mission: Mission
    seat_id: UUID
    name: str
    due: datetime | None
    zone: str
    reminded_at: datetime | None
    is_away: bool

    @property
    def may_be_reminded(self) -> bool:
        return assigning.may_remind(self.reminded_at, now())


def listed(session: Session, committee: Committee) -> list[Owed]:
    owed = assignments.still_owed(session, committee)
    about = {asked.mission_id for asked, _review in owed}
    seats = {review.seat_id for _asked, review in owed}
    known = {(each.mission_id, each.seat_id): each for each in assignments_on(session, about)}
    titles = {each.id: each for each in session.exec(select(Mission).where(col(Mission.id).in_(about)))}
    query = (
        select(Seat.id, Person.name)
        .join(Person, col(Person.id) == Seat.person_id)
        .where(col(Seat.id).in_(seats))
    )
    names, gone = dict(session.exec(query).all()), away(session, seats, now())
    return [
        Owed(
            titles[asked.mission_id], review.seat_id, names[review.seat_id], asked.due_at,
            missions.zone_of(session, titles[asked.mission_id]),
            row.reminded_at if (row := known.get((asked.mission_id, review.seat_id))) else None,
            review.seat_id in gone,
        )
        for asked, review in owed
    ]  # fmt: skip
