"""A process of its own that is killed (SIGKILL) in the middle of an act, before its commit."""

import os
import signal
import warnings
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool
from sqlmodel import Session

Act = Callable[[Session], object]


def killed(engine: Engine, act: Act, after: int) -> None:
    """Do this in a forked process, which dies after so many statements, or all done and nothing committed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # It only runs the act, and never returns here.
        child = os.fork()
    if child == 0:
        try:
            die_in_the_middle(engine, act, after)
        finally:
            os._exit(1)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the act failed before the process was killed"
    assert os.WTERMSIG(status) == signal.SIGKILL


def die_in_the_middle(engine: Engine, act: Act, after: int) -> None:
    """Over a connection of its own: what the process it was forked from holds stays untouched."""
    done = 0

    def count(*_told: Any) -> None:
        nonlocal done
        done += 1
        if done >= after:
            os.kill(os.getpid(), signal.SIGKILL)

    own = create_engine(engine.url, poolclass=NullPool)
    event.listen(own, "after_cursor_execute", count)
    with Session(own, expire_on_commit=False) as session:
        act(session)
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)
