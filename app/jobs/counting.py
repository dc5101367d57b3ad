"""Counting votes: those whose announced end has passed, so that no chair can keep a result back, and long counts.

What is due stands in the decisions themselves, so a plain loop under a database lock finds it. Where a count takes
long the act that ended the vote queued a job for it.
"""

from functools import partial
from uuid import UUID

from dbos import DBOS
from sqlalchemy import Engine, update
from sqlmodel import Session, col

from app.jobs.loops import alone
from app.jobs.progress import Progress
from app.jobs.workplace import DEAD, current, durable
from app.models.count_run import CountRun, unfinished_counts
from app.services import count_runs, decisions_count, decisions_counting, jobs


def count_due(engine: Engine) -> bool:
    """Count one batch; answers whether more votes may be waiting."""
    counted = alone(engine, "counting", decisions_count.count_due)
    return counted == decisions_count.AT_ONCE


@durable(jobs.COUNTING)
def count(decision_id: str, attempt: str) -> None:
    """Killed anywhere, it is counted again elsewhere, to the same result; that is kept once."""
    place, key, number = current(), UUID(decision_id), int(attempt)
    tell = Progress(place, partial(_note, key, number))
    try:
        # No step of the job: what a step answers is kept by the job library, and ballots are nobody's but the vote's.
        with Session(place.engine) as session:
            found = decisions_counting.material(session, key, number)
        if found is None:
            return
        counted = decisions_counting.count(found, tell)
        tell("writing", 1.0)
        place.transaction(decisions_counting.settle, key, number, counted)
    except Exception:
        place.transaction(count_runs.fail, key, number)
        raise


def _note(decision_id: UUID, attempt: int, session: Session, stage: str, share: float, number: int) -> None:
    this = (col(CountRun.decision_id) == decision_id, col(CountRun.attempt) == attempt)
    note = update(CountRun).where(*this, col(CountRun.finished_at).is_(None))
    session.connection().execute(note.values(stage=stage, progress=share, round=number))


def tend(engine: Engine) -> bool:
    """Queue counts whose job was lost, and close those whose job has died of it too often."""
    alone(engine, "counts", _tend)
    return False


def _tend(session: Session) -> None:
    for run in unfinished_counts(session):
        status = DBOS.get_workflow_status(f"{jobs.COUNTING.name}-{count_runs.key_of(run)}")
        if status is None:
            count_runs.enqueue(session, run)
        elif status.status in DEAD:
            count_runs.fail(session, run.decision_id, run.attempt)
