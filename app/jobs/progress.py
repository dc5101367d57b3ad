"""How far a job is, told to the page in short transactions of its own; on the way a job hears that it should go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from sqlmodel import Session

from app.jobs.workplace import Workplace

AT_MOST_EVERY = 0.3

# Writes down a stage, the share that is done, and a number that grows while the share stands still.
Note = Callable[[Session, str, float, int], None]


@dataclass
class Progress:
    """Each stage is told at once, and within a stage a few times a second."""

    place: Workplace
    note: Note
    _stage: str | None = None
    _told: float = field(default=0.0)

    def __call__(self, stage: str, share: float, number: int = 0) -> None:
        self.place.stay()
        if stage == self._stage and monotonic() - self._told < AT_MOST_EVERY:
            return
        self._stage, self._told = stage, monotonic()
        with Session(self.place.engine) as session, session.begin():
            self.note(session, stage, share, number)
