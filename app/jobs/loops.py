"""Loops: short acts repeated in a thread of their own, done by one process at a time."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import TypeVar

from sqlalchemy import Engine, func, select
from sqlmodel import Session

Answer = TypeVar("Answer")
REST_AFTER_FAILURE = 5.0

log = logging.getLogger(__name__)


class Loop:
    """Repeats an act until stopped; the act answers whether more is waiting to be done at once."""

    def __init__(self, name: str, act: Callable[[], bool], *, every: float) -> None:
        self._name, self._act, self._every = name, act, every
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end; `join` waits for that."""
        self._stopping.set()

    def join(self, timeout: float) -> None:
        self._thread.join(timeout)

    def _run(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                pause = 0.0 if self._act() else self._every
            except Exception:
                # The database may be restarting, or the mail server away: what is to do is
                # still in the rows, so the next round finds it.
                if not self._stopping.is_set():
                    log.exception("loop_failed", extra={"loop": self._name})
                pause = REST_AFTER_FAILURE


def alone(engine: Engine, name: str, act: Callable[[Session], Answer]) -> Answer | None:
    """Run the act in one transaction; None, and nothing done, where another process is at it."""
    with Session(engine) as session, session.begin():
        free = session.execute(select(func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0))))
        return act(session) if free.scalar_one() else None
