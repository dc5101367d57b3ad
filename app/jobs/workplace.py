"""What a running job may use: the database, the model, and the question whether the process is leaving."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from threading import Event
from typing import Concatenate, ParamSpec, TypeVar

from dbos import DBOS, SQLAlchemyDatasource
from sqlalchemy import Engine
from sqlmodel import Session

from app.jobs.warming import Warming
from app.services.jobs import Job
from app.settings import Settings

P = ParamSpec("P")
Answer = TypeVar("Answer")

# A job that takes its process with it (out of memory, say) is not begun for ever.
ATTEMPTS = 5
# How a job ends that will not be begun again by itself.
DEAD = ["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

log = logging.getLogger(__name__)


class Leaving(BaseException):
    """The process is stopping: the job lets go, stays unfinished, and another process takes it over.

    Not an Exception: a job that ends with one of those is recorded as failed.
    """


@dataclass(frozen=True)
class Workplace:
    engine: Engine
    source: SQLAlchemyDatasource
    model: Warming
    settings: Settings
    leaving: Event = field(default_factory=Event)
    busy: list[str] = field(default_factory=list)

    def transaction(
        self, act: Callable[Concatenate[Session, P], Answer], *args: P.args, **kwargs: P.kwargs
    ) -> Answer:
        """Run the act as one step of the job: its effects and the note that it is done commit together.

        So each step takes effect exactly once, whenever the process dies. Read committed, because a
        step may compute for minutes and must not fail over what others wrote meanwhile.
        """

        def in_session() -> Answer:
            return act(self.source.sql_session(), *args, **kwargs)  # type: ignore[arg-type]

        name = f"{act.__module__}.{act.__qualname__}"
        return self.source.run_tx_step({"name": name, "isolation_level": "READ COMMITTED"}, in_session)

    def stay(self) -> None:
        """Leave the job here if the process is stopping; long work calls this now and then."""
        if self.leaving.is_set():
            raise Leaving

    @contextmanager
    def at_work(self, job: Job) -> Iterator[None]:
        self.busy.append(job.name)
        try:
            yield
        finally:
            self.busy.remove(job.name)


_current: list[Workplace] = []


def enter(workplace: Workplace) -> None:
    """Make this the workplace of the process; the job library keeps one per process, and so do we."""
    _current[:] = [workplace]


def current() -> Workplace:
    if not _current:
        raise RuntimeError("Jobs run only between runtime.start() and stop().")
    return _current[0]


def durable(job: Job) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Register what is done for a job: begun again, from the step it was at, if its process dies."""

    def register(act: Callable[P, None]) -> Callable[P, None]:
        @DBOS.workflow(name=job.name, max_recovery_attempts=ATTEMPTS)
        @wraps(act)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            place = current()
            with place.at_work(job):
                place.stay()
                try:
                    act(*args, **kwargs)
                except Exception:
                    log.exception("job_failed", extra={"job": job.name, "id": DBOS.workflow_id})
                    raise

        return run

    return register
