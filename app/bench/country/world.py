"""What every part of the seeding shares: how much is wanted, one source of chance, and what the log is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, SQLModel, select

from app.bench.country.pouring import Row, pour
from app.models.count_run import CountRun
from app.rules.words import MissionState, ProjectState, StakeholderGroup, SubjectKind

Item = TypeVar("Item")
MISSIONS_A_CALL, VOICES_A_MISSION = 20, 60
YEARS = 3  # how far back the story goes


@dataclass(frozen=True)
class Sizes:
    """How much of everything there shall be; the rest follows from the number of missions."""

    missions: int = 500
    projects: int = 20_000
    readings: int = 200_000
    events: int = 1_000_000

    @property
    def calls(self) -> int:
        return -(-self.missions // MISSIONS_A_CALL)

    def voices(self, number: int) -> int:
        """Of each consultation; two thirds of all are in the first, as one is always much larger than the others."""
        every = self.missions * VOICES_A_MISSION
        if self.calls == 1:
            return every
        return every * 2 // 3 if number == 0 else share(every // 3, self.calls - 1, number - 1)


class Told(NamedTuple):
    """One act as the log is told of it, not yet linked."""

    at: datetime
    kind: str
    subject_kind: str
    subject: str
    by: str | None
    facts: dict[str, Any]


@dataclass(frozen=True)
class Person:
    key: UUID
    name: str
    group: StakeholderGroup
    organisation: UUID


@dataclass(frozen=True)
class Body:
    """A committee with its voting seats by person, and its secretary's."""

    key: UUID
    agency: UUID
    seats: dict[UUID, Person]
    secretary: UUID
    steward: UUID


@dataclass
class Asked:
    """A consultation with its voices (id and number) and the groups that missions came from."""

    key: UUID
    body: Body
    opens: datetime
    closes: datetime
    voices: list[tuple[UUID, int]] = field(default_factory=list)
    groups: list[tuple[UUID, UUID]] = field(default_factory=list)  # id and key, one for each mission
    grouping: UUID | None = None


@dataclass
class Route:
    key: UUID
    title: str
    state: ProjectState
    cents: int
    lead: UUID
    indicator: UUID | None = None


@dataclass
class Aim:
    """One mission with what later parts refer to."""

    key: UUID
    title: str
    state: MissionState
    asked: Asked
    at: datetime
    routes: list[Route] = field(default_factory=list)

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


M = MissionState
UNDER_WAY = (M.ACTIVE, M.PAUSED, M.ACHIEVED, M.ENDED_NOT_MET)


@dataclass
class World:
    session: Session
    sizes: Sizes
    random: Random
    now: datetime
    told: list[Told] = field(default_factory=list)
    organisations: dict[StakeholderGroup, list[UUID]] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    divided: list[UUID] = field(default_factory=list)  # votes on a budget
    compared: list[CountRun] = field(default_factory=list)  # what other rules would have chosen in them

    def key(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def count(self, model: type[SQLModel]) -> int:
        """How many rows there are already: names go on from there."""
        return self.session.exec(select(func.count()).select_from(model)).one()

    def pick(self, among: Sequence[Item]) -> Item:
        return among[int(self.random.random() * len(among))]

    def days(self, most: float) -> timedelta:
        return timedelta(days=self.random.random() * most)

    def pour(self, model: type[SQLModel], rows: Iterable[Row]) -> int:
        return pour(self.session, model, rows)

    def say(
        self, at: datetime, kind: str, of: SubjectKind, subject: UUID, by: UUID | None = None, **facts: Any
    ) -> None:
        """Tell the log; what it is told later stands later where the instants are the same."""
        told = {name: str(fact) if isinstance(fact, UUID) else fact for name, fact in facts.items()}
        self.told.append(Told(at, kind, of.value, str(subject), str(by) if by else None, told))


def share(total: int, parts: int, place: int) -> int:
    """How many of a total fall to one of so many parts: all parts together have them all."""
    return total * (place + 1) // parts - total * place // parts
