"""Grouping one call, or accepting some of a proposal: long work that nobody sees before its end."""

import logging
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from dbos import DBOS
from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from app.jobs.loops import alone
from app.jobs.workplace import Workplace, current, durable
from app.models.grouping import Grouping
from app.rules.words import GroupingState
from app.services import groupings, groupings_partial, jobs

DEAD = ["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
AT_MOST_EVERY = 0.3

log = logging.getLogger(__name__)


@durable(jobs.GROUPING)
def group(grouping_id: str) -> None:
    """Run the grouping; killed anywhere, it is begun again elsewhere and takes effect once."""
    place, key = current(), UUID(grouping_id)
    # No step of the job: what a row is about never changes, and a step more would strand jobs begun before it.
    with Session(place.engine) as session:
        is_part = groupings_partial.is_part(session, key)
    try:
        if is_part:
            for step in groupings_partial.STEPS:
                place.transaction(step, key, Progress(place, key))
        else:
            place.transaction(groupings.run, key, place.model.wait(), Progress(place, key))
    except Exception:
        log.exception("grouping_failed", extra={"grouping": grouping_id})
        place.transaction(groupings.fail, key)


@dataclass
class Progress:
    """Tells the page how far a run is, in short transactions of its own, and lets go of it on the way out."""

    place: Workplace
    grouping_id: UUID
    _stage: str = ""
    _told: float = field(default=0.0)

    def __call__(self, stage: str, share: float) -> None:
        self.place.stay()
        if stage == self._stage and monotonic() - self._told < AT_MOST_EVERY:
            return
        self._stage, self._told = stage, monotonic()
        with Session(self.place.engine) as session, session.begin():
            _note(session, self.grouping_id, stage, share)


def _note(session: Session, grouping_id: UUID, stage: str, share: float) -> None:
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
