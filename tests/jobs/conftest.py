"""The database of a test of jobs: what jobs do is committed, so everything they leave is removed."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.jobs import runtime
from tests.jobs import errands

ROOT = Path(__file__).resolve().parents[2]
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'dbos' AND tablename NOT LIKE '%migrations'"

Start = Callable[..., runtime.Runtime]
Worker = Callable[..., AbstractContextManager[subprocess.Popen[str]]]
Count = Callable[[str], int]


@pytest.fixture
def engine(engine: Engine) -> Iterator[Engine]:
    """The worker's database, with a table where the test's jobs write what they did."""
    forget_jobs(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE effect (errand text, number int)"))
    yield engine
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE effect"))
    forget_jobs(engine)


def forget_jobs(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM heartbeat"))
        for table in connection.execute(text(TABLES)).scalars().all():
            connection.execute(text(f'DELETE FROM dbos."{table}"'))


@pytest.fixture
def start(clean: Engine) -> Iterator[Start]:
    """Start this process's runtime; a second start stands for another process after this one."""
    started: list[runtime.Runtime] = []

    def begin(pace: runtime.Pace = errands.QUICK) -> runtime.Runtime:
        started.append(errands.start(clean, pace))
        return started[-1]

    yield begin

    for one in started:
        one.stop()


@pytest.fixture
def a_worker(clean: Engine) -> Worker:
    """A process of its own that runs jobs, and can be killed."""

    @contextmanager
    def begin(module: str = "tests.jobs.errands") -> Iterator[subprocess.Popen[str]]:
        command = [
            sys.executable,
            "-m",
            module,
            clean.url.render_as_string(hide_password=False),
        ]
        worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "started\n"
            yield worker
        finally:
            worker.kill()
            worker.wait()

    return begin


@pytest.fixture
def count(engine: Engine) -> Count:
    """Count the rows of a table, with a condition where one follows its name."""

    def rows(table_and_condition: str) -> int:
        with engine.begin() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table_and_condition}")).scalar_one())

    return rows
