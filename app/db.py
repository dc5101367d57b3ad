"""The database: one engine, one transaction a request, committed before the answer leaves."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine, create_engine
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

STATEMENT_TIMEOUT_MS = 30_000


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
        connect_args={"options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC"},
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One transaction outside a request: jobs and commands."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


async def get_db(request: Request) -> AsyncIterator[Session]:
    """One request, one transaction; a refusal or an error rolls it back.

    Opening costs nothing: the connection is taken with the first statement. What talks to the database runs in a
    thread, and `routers.one_go` commits in the very thread of the act, so that here nothing is left to do.
    """
    session = Session(request.app.state.engine, expire_on_commit=False)
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
