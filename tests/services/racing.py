"""What races need: a database in which constraints may be dropped, acts at the same instant, one against another."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, func, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool
from sqlmodel import Session, select

from app import schema
from app.db import make_engine
from app.errors import Refusal
from app.models.decision import Decision
from app.rules.words import Choice
from app.services import decisions_count
from tests.conftest import empty
from tests.services.chamber import Chamber, make_chamber

PATIENCE = 1.5
SECRET = {"quorum": "1/2", "required": [], "weights": {}, "tie": {"measure": "none", "lot": ""}, "secret": True,
          "excused": []}  # fmt: skip
SUPERMAJORITY = {"name": "supermajority", "version": 1, "share": "2/3"}


@pytest.fixture(scope="module")
def scratch_url(server_url: str, worker_id: str) -> Iterator[str]:
    """A database of its own, since constraints are dropped in it."""
    name = f"races_{worker_id}"
    admin = make_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server_url.replace("/comission", f"/{name}")
    engine = make_engine(url)
    schema.migrate(engine)
    engine.dispose()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def races(scratch_url: str) -> Iterator[Engine]:
    engine = create_engine(scratch_url, poolclass=NullPool)
    yield engine
    empty(engine)


@contextmanager
def without(engine: Engine, *guards: str) -> Iterator[None]:
    """Take away what prevents the race: constraints `table.name`, or unique indexes; put back as they were.

    The database is the race's own, and it is emptied before: what was let in meanwhile would not fit them.
    """
    ways = [way_back(engine, each) for each in guards]
    carry_out(engine, [drop for drop, _back in ways])
    try:
        yield
    finally:
        empty(engine)
        carry_out(engine, [back for _drop, back in ways])


def way_back(engine: Engine, guard: str) -> tuple[str, str]:
    """How this constraint or index is dropped, and made again as the database itself describes it."""
    table, _point, name = guard.rpartition(".")
    with engine.connect() as connection:
        if not table:
            index = connection.execute(
                text("SELECT pg_get_indexdef(CAST(:name AS regclass))"), {"name": name}
            )
            return f"DROP INDEX {name}", index.scalar_one()
        query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"
        found = connection.execute(text(query), {"name": name}).scalar_one()
    return f"ALTER TABLE {table} DROP CONSTRAINT {name}", f"ALTER TABLE {table} ADD CONSTRAINT {name} {found}"


def carry_out(engine: Engine, statements: list[str]) -> None:
    with engine.begin() as connection:
        for each in statements:
            connection.execute(text(each))


def opened(engine: Engine, *, secret: bool = False) -> Chamber:
    with Session(engine, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        if secret:
            decision = chamber.put()
            decision.rule, decision.terms = SUPERMAJORITY, SECRET
            session.flush()
        chamber.notice(opens_in=-1)
        session.commit()
    return chamber


def counted(engine: Engine) -> Chamber:
    with Session(engine, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        decision = chamber.notice(opens_in=-1)
        chamber.cast_all(Choice.FOR)
        decisions_count.close(session, decision, None)
        session.commit()
    return chamber


Act = Callable[[Session, Any], object]


def run(engine: Engine, chamber: Chamber, act: Act) -> str:
    """One request: done, or the name of its refusal, by the service or the database; what is refused is undone."""
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            act(session, session.get_one(Decision, chamber.decision.id) if chamber.decision else None)
    except (Refusal, IntegrityError) as refusal:
        return type(refusal).__name__
    return "done"


def together(engine: Engine, chamber: Chamber, acts: list[Act]) -> list[str]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: run(engine, chamber, act), acts))


def waiting(found: Callable[..., Any], barrier: Barrier) -> Callable[..., Any]:
    """The same, but everyone has read before anyone writes."""

    def read(*args: Any, **options: Any) -> Any:
        answer = found(*args, **options)
        barrier.wait()
        return answer

    return read


def meeting(found: Callable[..., Any], barrier: Barrier) -> Callable[..., Any]:
    """The same, but everyone has read before anyone writes, unless a lock keeps them apart: then nobody waits."""

    def read(*args: Any, **options: Any) -> Any:
        answer = found(*args, **options)
        with suppress(BrokenBarrierError):
            barrier.wait(PATIENCE)
        return answer

    return read


def no_lock(session: Session, decision: Decision, at: Any = None, *, shared: bool = False) -> Any:
    """`decisions.hold` without holding anything."""
    session.refresh(decision)
    return at or session.exec(select(func.clock_timestamp())).one()


class Rivals:
    """`first` reads and pauses before it writes; `second` runs meanwhile, or waits for it if something holds it."""

    def __init__(self, engine: Engine, chamber: Chamber) -> None:
        self.engine, self.chamber = engine, chamber
        self.has_read, self.second_is_done = Event(), Event()

    def pausing(self, found: Callable[..., Any]) -> Callable[..., Any]:
        def read(*args: Any, **options: Any) -> Any:
            answer = found(*args, **options)
            self.has_read.set()
            self.second_is_done.wait(PATIENCE)
            return answer

        return read

    def run(self, first: Act, second: Act) -> tuple[str, str]:
        def follow() -> str:
            assert self.has_read.wait(30)
            try:
                return run(self.engine, self.chamber, second)
            finally:
                self.second_is_done.set()

        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(run, self.engine, self.chamber, first)
            other = pool.submit(follow)
            return one.result(60), other.result(60)
