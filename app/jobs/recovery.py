"""Signs of life, taking over the jobs of dead processes, and clearing away what was done long ago."""

import logging
from datetime import UTC, datetime, timedelta

from dbos import DBOS
from sqlalchemy import Engine
from sqlmodel import Session

from app.jobs.loops import alone
from app.models.heartbeat import Heartbeat

KEEP_FINISHED = timedelta(days=30)
KEEP_SILENT = timedelta(days=1)
BATCH = 500
FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

log = logging.getLogger(__name__)


def beat(engine: Engine, executor_id: str, kind: str) -> bool:
    with Session(engine) as session, session.begin():
        Heartbeat.beat(session, executor_id, kind)
    return False


def leave(engine: Engine, executor_id: str) -> None:
    """Say goodbye, so that others take over what is left unfinished without waiting for silence."""
    with Session(engine) as session, session.begin():
        Heartbeat.forget(session, executor_id)


def sweep(engine: Engine, executor_id: str, silence: timedelta) -> bool:
    """Queue again what processes now dead had begun.

    Without its hosted console the library never does so by itself. Who is dead is derived anew at
    each sweep, and a job moves only if it still belongs to one of them, so two sweeps do no harm.
    """
    alive = alone(engine, "jobs-sweep", lambda session: Heartbeat.alive(session, silence))
    if alive is not None:
        _take_over_from_others(alive | {executor_id})
    return False


def _take_over_from_others(alive: set[str]) -> None:
    begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    dead = sorted({job.executor_id for job in begun if job.executor_id} - alive)
    if dead:
        # The library's public resume does not ask whose job it is; this one does.
        DBOS._recover_pending_workflows(dead)
        log.warning("jobs_taken_over", extra={"executors": dead})


def retain(engine: Engine) -> bool:
    """Delete the records of jobs finished long ago; answers whether more are waiting."""
    return bool(alone(engine, "jobs-retention", _delete_finished))


def _delete_finished(session: Session) -> bool:
    Heartbeat.forget_silent(session, KEEP_SILENT)
    before = (datetime.now(UTC) - KEEP_FINISHED).isoformat()
    old = DBOS.list_workflows(
        status=FINISHED, completed_before=before, limit=BATCH, load_input=False, load_output=False
    )
    if old:
        DBOS.delete_workflows([job.workflow_id for job in old])
    return len(old) == BATCH
