"""Starting and stopping what runs behind the pages: durable jobs, loops, and the model that warms."""

import atexit
import logging
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import monotonic, sleep
from uuid import uuid4

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SQLAlchemyDatasource
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from app.jobs import recovery, workplace
from app.jobs.loops import Loop
from app.jobs.warming import Warming
from app.jobs.workplace import Workplace
from app.nlp.embedding import Embedder
from app.services import jobs
from app.settings import Settings

# A constant: with the library's own default, a hash of our source, an upgrade would strand the queue.
APPLICATION_VERSION = "1"
QUEUES = (
    jobs.GROUPING.queue,
    jobs.EMBEDDING.queue,
    jobs.IMPORTING.queue,
    jobs.DRAFTING.queue,
    jobs.COUNTING.queue,
)


@dataclass(frozen=True)
class Pace:
    """Seconds between looks at the queues, between signs of life, and of silence that mean death."""

    look: float = 1.0
    beat: float = 2.0
    silence: float = 12.0


class Runtime:
    """What one process runs behind its pages, from `start` to `stop`."""

    def __init__(self, engine: Engine, model: Warming) -> None:
        self.model = model
        self._engine = engine
        self._place: Workplace | None = None
        self._loops: list[Loop] = []
        self._system_engine: Engine | None = None
        self._executor_id = ""

    def run_queues(self, settings: Settings, kind: str, pace: Pace) -> None:
        """Take jobs from the queues and run the loops.

        Each start has a new executor id: what an earlier process left unfinished is then found by
        the sweep, on this machine as on any other.
        """
        # What jobs do comes with these: a process that only answers pages does without.
        from app.jobs import everything

        self._executor_id = f"{kind}-{uuid4().hex[:12]}"
        # Connections of its own: the library's threads must not compete with the pages.
        self._system_engine = create_engine(self._engine.url, pool_size=5, max_overflow=5, pool_pre_ping=True)
        DBOS(config=_config(self._system_engine, self._executor_id))
        self._place = Workplace(self._engine, _source(self._engine), self.model, settings)
        workplace.enter(self._place)
        # The first sign of life precedes the first job, or a sweep elsewhere would take that away.
        recovery.beat(self._system_engine, self._executor_id, kind)
        DBOS.launch()
        for queue in QUEUES:
            # One heavy job of each sort at a time in a process; more processes do more at once.
            DBOS.register_queue(
                queue, worker_concurrency=1, polling_interval_sec=pace.look, on_conflict="always_update"
            )
        self._loops = everything.loops(
            self._place, self._system_engine, self._executor_id, kind, pace.beat, pace.silence
        )
        for loop in self._loops:
            loop.start()

    def stop(self, patience: float = 2.0) -> bool:
        """End everything; False where a thread is still deep in a computation when patience is out.

        A job there can no longer write, and another process takes it over. But it, or a model half
        loaded, would keep this process from ending in order, which is what `leave` is for.
        """
        if self._place is None or self._system_engine is None:
            return not self.model.is_loading
        self._place.leaving.set()
        for loop in self._loops:
            loop.stop()
        deadline = monotonic() + patience
        for loop in self._loops:
            loop.join(max(0.0, deadline - monotonic()))
        DBOS.destroy()
        while self._place.busy and monotonic() < deadline:
            sleep(0.02)
        recovery.leave(self._system_engine, self._executor_id)
        self._system_engine.dispose()
        idle = not self._place.busy and not self.model.is_loading
        self._place, self._loops = None, []
        return idle


def migrate(engine: Engine) -> None:
    """Create or renew the job library's own tables, which our migrations leave alone."""
    _quiet()
    url = engine.url.render_as_string(hide_password=False)
    DBOS.migrate(url, schema=jobs.SCHEMA)
    SQLAlchemyDatasource.migrate(url, schema=jobs.SCHEMA)


def start(
    engine: Engine,
    settings: Settings,
    *,
    embedder_factory: Callable[[], Embedder],
    run_queues: bool,
    kind: str = "web",
    pace: Pace = Pace(),
) -> Runtime:
    """Start this process's share of the work; call it outside any event loop, after `migrate`."""
    _quiet()
    runtime = Runtime(engine, Warming(embedder_factory()))
    if run_queues:
        runtime.run_queues(settings, kind, pace)
    if settings.warm_model:
        runtime.model.warm()
    return runtime


def wait_for_signal() -> None:
    """Sleep until the process is asked to end; for a worker, which has no web server to do this."""
    asked = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    asked.wait()


def leave(code: int = 0) -> None:
    """End the process now, even while a job's thread computes: what it did not commit is done again.

    What was registered to happen at exit still does: the embedded database is stopped by that.
    """
    atexit._run_exitfuncs()
    logging.shutdown()
    os._exit(code)


def _config(system_engine: Engine, executor_id: str) -> DBOSConfig:
    return {
        "name": jobs.APPLICATION,
        "system_database_engine": system_engine,
        "dbos_system_schema": jobs.SCHEMA,
        "serializer": DBOSPortableJSONSerializer(),
        "application_version": APPLICATION_VERSION,
        "executor_id": executor_id,
        "run_migrations": False,
        "max_executor_threads": 8,
        "log_level": "WARNING",
    }


def _source(engine: Engine) -> SQLAlchemyDatasource:
    return SQLAlchemyDatasource.create(
        engine.url.render_as_string(hide_password=False),
        engine=engine,
        schema=jobs.SCHEMA,
        serializer=DBOSPortableJSONSerializer(),
        sessionmaker=sessionmaker(class_=Session, expire_on_commit=False),
        run_migrations=False,
    )


def _quiet() -> None:
    """Let the library log through our handlers, and only what matters, not its advertisement."""
    library = logging.getLogger("dbos")
    if not library.handlers:
        library.addHandler(logging.NullHandler())
    library.setLevel(logging.WARNING)
