"""What stands on the workbench of a committee: a line, whose turn it is, and what the address filters."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

from sqlmodel import Session

from app.models.committee import Committee
from app.models.decision import Decision
from app.models.mission import Mission
from app.rules.phrases import Phrase
from app.rules.words import DecisionKind, Role
from app.viewer import Viewer


class Turn(StrEnum):
    """Whose turn it is."""

    MINE = auto()
    WAITING = auto()
    DONE = auto()


class Work(StrEnum):
    """What kind of work a line of the bench is."""

    INTEREST = auto()
    REVIEW = auto()
    VOTE = auto()
    OFFICE = auto()


@dataclass(frozen=True)
class Task:
    """One line: what it is about, what there is to do or to wait for, and where; `about` are its missions."""

    turn: Turn
    work: Work
    title: str
    words: Phrase
    url: str
    due: datetime | None = None
    about: tuple[UUID, ...] = ()
    zone: str = "UTC"  # what the day is told in


@dataclass(frozen=True)
class Filters:
    """What the address says; they survive every act."""

    turn: Turn | None = None
    work: Work | None = None

    def keeps(self, task: Task) -> bool:
        return self.turn in (None, task.turn) and self.work in (None, task.work)

    def query(self, **changes: str) -> str:
        """The part of the address behind the question mark, with some of it changed."""
        facts = {"turn": self.turn or "", "work": self.work or "", **changes}
        kept = [f"{name}={value}" for name, value in facts.items() if value]
        return "?" + "&".join(kept) if kept else ""


@dataclass
class Bench:
    """Everything the lines are made of, read once."""

    session: Session
    committee: Committee
    viewer: Viewer
    at: datetime
    missions: dict[UUID, Mission] = field(default_factory=dict)

    @property
    def mine(self) -> set[UUID]:
        return {seat.id for seat in self.viewer.seats_in(self.committee.id)}

    def holds(self, *roles: Role) -> bool:
        return any(seat.role in roles for seat in self.viewer.seats_in(self.committee.id))


def title_of(bench: Bench, decision: Decision) -> str:
    """The mission whose adoption is asked for; every other question is known by its own words."""
    mission = bench.missions.get(decision.mission_id) if decision.mission_id else None
    return mission.title if mission and decision.kind is DecisionKind.ADOPT else decision.question
