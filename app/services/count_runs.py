"""Counts that take long: begun in the act that ends the vote or draws the lot, and never two of one vote at a time.

What a count under a budget finds of other rules is kept here too, however long it took.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict
from app.models.columns import now
from app.models.count_run import CountRun
from app.models.decision import Decision
from app.rules.voting.portfolios import Portfolio
from app.rules.words import N_
from app.services import jobs


class BeingCounted(Conflict):
    sentence: ClassVar[str] = N_(
        "The ballots are being counted just now. The result stands here as soon as that is done."
    )


def begin(
    session: Session, decision: Decision, by: UUID | None, at: datetime, lot_value: str | None = None
) -> CountRun:
    """Queue the count with the act that asks for it; the decision's row is held, so only one begins."""
    run = session.get(CountRun, decision.id, populate_existing=True)
    if run is not None and run.is_running:
        raise BeingCounted()
    run = run or CountRun(decision_id=decision.id, attempt=0)
    run.attempt += 1
    run.lot_value, run.begun_by_id, run.begun_at = lot_value, by, at
    run.stage, run.progress, run.round = "", 0.0, 0
    run.finished_at = run.failed_at = None
    session.add(run)
    session.flush()
    enqueue(session, run)
    return run


def enqueue(session: Session, run: CountRun) -> None:
    jobs.enqueue(session, jobs.COUNTING, str(run.decision_id), str(run.attempt), key=key_of(run))


def key_of(run: CountRun) -> str:
    return f"{run.decision_id}-{run.attempt}"


def of(session: Session, decision_id: UUID) -> CountRun | None:
    """The count of this vote that runs, or that broke off; None once it is done, and where it took no time."""
    run = session.get(CountRun, decision_id)
    return run if run is not None and run.finished_at is None else None


def running(session: Session, decision_id: UUID, attempt: int) -> CountRun | None:
    """This very attempt, as long as it is not over."""
    run = session.get(CountRun, decision_id, populate_existing=True)
    return run if run is not None and run.attempt == attempt and run.is_running else None


def compared(session: Session, decision_id: UUID) -> dict[str, Any]:
    """What each rule would choose under the same budget, as the latest count found; empty where nothing is compared."""
    run = session.get(CountRun, decision_id)
    return run.compared if run is not None else {}


def keep(session: Session, decision_id: UUID, at: datetime, found: Sequence[Portfolio]) -> None:
    """Of a count that was done at once, with the result: every page of the result tells it."""
    run = session.get(CountRun, decision_id) or CountRun(decision_id=decision_id, attempt=0, begun_at=at)
    finish(run, at, found)
    session.add(run)


def finish(run: CountRun, at: datetime, found: Sequence[Portfolio]) -> None:
    run.finished_at, run.failed_at, run.stage, run.progress = at, None, "done", 1.0
    run.compared = {
        each.rule: {"selected": list(each.count.selected), "tied": list(each.count.tied)} for each in found
    }


def require_none(session: Session, decision: Decision) -> None:
    """Nothing is signed or certified while another result may be on its way."""
    if of(session, decision.id) is not None:
        raise BeingCounted()


def fail(session: Session, decision_id: UUID, attempt: int) -> None:
    """It broke off; nothing of the vote is touched, and the chair may have it counted again."""
    if (run := running(session, decision_id, attempt)) is not None:
        run.failed_at = now()
