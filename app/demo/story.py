"""The demonstration's past as dated acts, told in order through the services that people use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from uuid import UUID

from sqlmodel import Session

from app.models.application import Application
from app.models.call import Call
from app.models.columns import telling
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.organisation import Organisation
from app.models.panel import PanelReview
from app.models.person import Person
from app.models.project import Project
from app.models.seat import Seat
from app.models.submission import Submission
from app.nlp.embedding import Embedder

Tell = Callable[[str, float], None]
# Dates are announced in the call's own day: four hours after midnight UTC is midnight in the north of Chile.
MIDNIGHT, MORNING = 3, 12
SLEEP = 10


@dataclass(frozen=True)
class Calendar:
    """Days count from the day of seeding: 0 is that day, -7 a week before."""

    now: datetime

    def at(self, day: float, hour: float = MORNING) -> datetime:
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=day, hours=hour)

    def past(self, day: float, hour: float = MORNING) -> datetime:
        """The same, and never ahead: what has been done was done before now."""
        return min(self.at(day, hour), self.now - timedelta(minutes=5))

    def waking(self, after: datetime, days: int, key: str) -> datetime:
        """Some hour of the day on which people write, the same for the same key."""
        return after + timedelta(days=days, minutes=Random(f"hour {key}").uniform(5, (24 - SLEEP) * 60))  # noqa: S311


@dataclass
class Stage:
    """Everyone and everything of the demonstration by its key in the files."""

    session: Session
    calendar: Calendar
    embedder: Embedder
    tell: Tell
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    committees: dict[str, Committee] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    voices: dict[str, Submission] = field(default_factory=dict)
    homes: dict[str, UUID] = field(default_factory=dict)  # the group each mission is drafted from
    missions: dict[str, Mission] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    asked: dict[tuple[str, int], UUID] = field(default_factory=dict)  # questions about an innovation call
    applications: dict[tuple[str, str], Application] = field(default_factory=dict)  # by call and person
    reviews: dict[UUID, list[PanelReview]] = field(default_factory=dict)  # of each application
    projects: dict[str, Project] = field(default_factory=dict)  # by the person who leads it
    done: float = 0.0
    whole: float = 1.0

    def within(self, weight: float) -> Tell:
        """Progress inside one long act, as a share of the whole story."""
        return lambda words, share: self.tell(words, (self.done + weight * share) / self.whole)

    def person(self, key: str) -> UUID:
        return self.people[key].id


@dataclass(frozen=True)
class Act:
    """What somebody did at an instant; `who` are the keys of the people who must have an account by then.

    Acts of one kind that follow one another may be written `together`: two thousand endorsements one by one
    would take most of the time of seeding.
    """

    at: datetime
    do: Callable[[Stage], None] | None = None
    who: tuple[str, ...] = ()
    together: Callable[[Stage, list["Act"]], None] | None = None
    about: str = ""
    weight: float = 1.0


def play(stage: Stage, acts: Iterable[Act]) -> None:
    """Do every act at its own instant, the earliest first."""
    ordered = sorted(acts, key=lambda act: act.at)
    stage.whole = sum(act.weight for act in ordered)
    for together, run in groupby(ordered, key=lambda act: act.together):
        several = list(run)
        if together is not None:
            together(stage, several)
        else:
            for act in several:
                perform(stage, act)
        stage.done += sum(act.weight for act in several)
        stage.tell("telling the story", stage.done / stage.whole)


def perform(stage: Stage, act: Act) -> None:
    assert act.do is not None
    with telling(act.at):
        act.do(stage)
        stage.session.flush()
