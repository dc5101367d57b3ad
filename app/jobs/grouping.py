"""Grouping one call, or accepting some of a proposal: long work that nobody sees before its end."""

import logging
from functools import partial
from uuid import UUID

from dbos import DBOS
from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from app.jobs.loops import alone
from app.jobs.progress import Progress
from app.jobs.workplace import DEAD, Workplace, current, durable
from app.models.grouping import Grouping
from app.rules.words import GroupingState
from app.services import groupings, groupings_partial, jobs

log = logging.getLogger(__name__)


@durable(jobs.GROUPING)
def group(grouping_id: str) -> None:
    """Run the grouping; killed anywhere, it is begun again elsewhere and takes effect once."""
    place, key = current(), UUID(grouping_id)
    tell = progress(place, key)
    # No step of the job: what a row is about never changes, and a step more would strand jobs begun before it.
    with Session(place.engine) as session:
        is_part = groupings_partial.is_part(session, key)
    try:
        if is_part:
            for step in groupings_partial.STEPS:
                place.transaction(step, key, tell)
        else:
            place.transaction(groupings.run, key, place.model.wait(), tell)
    except Exception:
        log.exception("grouping_failed", extra={"grouping": grouping_id})
        place.transaction(groupings.fail, key)


def progress(place: Workplace, grouping_id: UUID) -> Progress:
    return Progress(place, partial(_note, grouping_id))


def _note(grouping_id: UUID, session: Session, stage: str, share: float, _number: int) -> None:
    """Skip the note where the row is locked: waiting for our own run's transaction would never end."""
    open_still = col(Grouping.state).in_([GroupingState.QUEUED, GroupingState.RUNNING])
    free = select(col(Grouping.id)).where(col(Grouping.id) == grouping_id, open_still)
    free = free.with_for_update(skip_locked=True, key_share=True)
    note = update(Grouping).where(col(Grouping.id).in_(free))
    session.execute(note.values(state=GroupingState.RUNNING, stage=stage, progress=share))


def tend(engine: Engine) -> bool:
    """Queue groupings whose job was lost, and close those whose job has died of it too often."""
    alone(engine, "groupings", _tend)
    return False


def _tend(session: Session) -> None:
    for grouping_id in groupings.unfinished(session):
        job = jobs.GROUPING
        status = DBOS.get_workflow_status(f"{job.name}-{grouping_id}")
        if status is None:
            jobs.enqueue(session, job, str(grouping_id), key=str(grouping_id))
        elif status.status in DEAD:
            groupings.fail(session, grouping_id)
