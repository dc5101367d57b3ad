"""The database: one engine, one transaction a request, committed before the answer leaves."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session as AnySession
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

PARAMETERS = {
    "statement_timeout": "30s",
    "timezone": "UTC",
    # A search for few rows of one call among many goes on along the index until enough are found.
    "hnsw.iterative_scan": "strict_order",
}


def make_engine(url: str, pool_size: int = 12) -> Engine:
    """A pool that refuses to wait for ever: a full pool or a long statement becomes an error, not a hang.

    Connections are not asked whether they live before each use: after a restart of the database one request is
    answered 503, the pool is thrown away, and the next one works.
    """
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=5,
        hide_parameters=True,  # What people typed, and the hashes of their passwords, stand in no log.
        connect_args={"options": " ".join(f"-c {name}={value}" for name, value in PARAMETERS.items())},
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One transaction outside a request: jobs and commands."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


class RequestSession(Session):
    """The session of one request: a record stays in it, so that no page reads the same row twice."""


@event.listens_for(RequestSession, "loaded_as_persistent")
def hold(session: AnySession, record: object) -> None:
    session.info.setdefault("held", []).append(record)


def session_of(request: Request) -> Session:
    """A transaction for acts; for readers none, as each statement sees the newest committed state anyway.

    Leaving BEGIN and COMMIT out is a fifth of what a list costs. A reader whose statements must agree with each other
    is marked `one_snapshot`.
    """
    engine: Engine = request.app.state.engine
    if request.method in ("GET", "HEAD"):
        is_one = getattr(request.scope.get("endpoint"), "one_snapshot", False)
        engine = at_level(engine, "REPEATABLE READ" if is_one else "AUTOCOMMIT")
    return RequestSession(engine, expire_on_commit=False)


@lru_cache(8)
def at_level(engine: Engine, isolation_level: str) -> Engine:
    """The same pool, at another isolation level."""
    return engine.execution_options(isolation_level=isolation_level)


Route = TypeVar("Route", bound=Callable[..., object])


def one_snapshot(route: Route) -> Route:
    """Mark a reader that tells of the database as it is at one instant: an export, a verification."""
    route.one_snapshot = True  # type: ignore[attr-defined]
    return route


async def get_db(request: Request) -> AsyncIterator[Session]:
    """One request, one transaction; a refusal or an error rolls it back.

    Opening costs nothing: the connection is taken with the first statement. What talks to the database runs in a
    thread, and `routers.one_go` commits in the very thread of the act, so that here nothing is left to do.
    """
    session = session_of(request)
    try:
        yield session
        if session.info.get("waiting"):
            raise RuntimeError("this route never asked what it had to: it is not a route of a noun")
        if session.in_transaction():
            await run_in_threadpool(session.commit)
    finally:
        if session.in_transaction():
            await run_in_threadpool(session.close)
        session.close()


Db = Annotated[Session, Depends(get_db, scope="function")]
