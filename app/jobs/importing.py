"""Importing a file: one transaction at its end, so that a file comes in whole or not at all."""

from functools import partial
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from app.jobs.progress import Progress
from app.jobs.workplace import current, durable
from app.models.import_run import ImportRun, ImportState
from app.services import import_runs, jobs


@durable(jobs.IMPORTING)
def import_file(run_id: str) -> None:
    """Bring the file in; killed anywhere, it is begun again and nothing comes in twice."""
    place, key = current(), UUID(run_id)
    try:
        place.transaction(import_runs.run, key, Progress(place, partial(_note, key)))
    except Exception:
        place.transaction(import_runs.fail, key)
        raise


def _note(run_id: UUID, session: Session, _stage: str, share: float, _number: int) -> None:
    waiting = col(ImportRun.state).in_([ImportState.QUEUED, ImportState.RUNNING])
    note = update(ImportRun).where(col(ImportRun.id) == run_id, waiting)
    session.connection().execute(note.values(state=ImportState.RUNNING, progress=share))
