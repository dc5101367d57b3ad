"""Importing a file: one transaction at its end, so that a file comes in whole or not at all."""

from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from app.jobs.workplace import Workplace, current, durable
from app.models.import_run import ImportRun, ImportState
from app.services import import_runs, jobs

AT_MOST_EVERY = 0.3


@durable(jobs.IMPORTING)
def import_file(run_id: str) -> None:
    """Bring the file in; killed anywhere, it is begun again and nothing comes in twice."""
    place, key = current(), UUID(run_id)
    try:
        place.transaction(import_runs.run, key, Progress(place, key))
    except Exception:
        place.transaction(import_runs.fail, key)
        raise


@dataclass
class Progress:
    """Tells the page how far it is, in short transactions of its own."""

    place: Workplace
    run_id: UUID
    _told: float = field(default=0.0)

    def __call__(self, _stage: str, share: float) -> None:
        self.place.stay()
        if monotonic() - self._told < AT_MOST_EVERY:
            return
        self._told = monotonic()
        waiting = col(ImportRun.state).in_([ImportState.QUEUED, ImportState.RUNNING])
        note = update(ImportRun).where(col(ImportRun.id) == self.run_id, waiting)
        with Session(self.place.engine) as session, session.begin():
            session.connection().execute(note.values(state=ImportState.RUNNING, progress=share))
