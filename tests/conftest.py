"""Fixtures: one migrated database a worker, one rolled-back session a test, a client that reads pages."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, text
from sqlmodel import Session

from app import i18n, schema
from app.database_server import ensure, stop
from app.db import make_engine
from app.main import create_app
from app.models.embedding import Embedding
from app.nlp.embedding import HashingEmbedder
from app.settings import Settings
from tests.browser import NONE_FOUND, launched
from tests.client import Browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

# Browsers and the job library look for a network that is not there; tests never need one.
os.environ.setdefault("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """One embedded PostgreSQL for all workers of a run: the first starts it, the last out stops it."""
    shared = (
        Path(tempfile.gettempdir())
        / f"comission-tests-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    )
    yield ensure(shared, fsync=False)
    if stop(shared):
        shutil.rmtree(shared, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(server_url: str, worker_id: str) -> str:
    """An empty, migrated database of this worker's own."""
    name = f"tests_{worker_id}"
    admin = make_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    url = server_url.replace("/comission", f"/{name}")
    engine = make_engine(url)
    from app.jobs import runtime

    schema.migrate(engine)
    runtime.migrate(engine)
    embedder = HashingEmbedder()
    schema.ensure_vector_index(engine, embedder.name, embedder.dimensions)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """For services: everything done in it is rolled back at the end, commits of the code under test included."""
    with engine.connect() as connection, connection.begin() as outer:
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def clean(engine: Engine) -> Iterator[Engine]:
    """For routers, races and jobs, which commit: the tables are emptied afterwards."""
    yield engine
    empty(engine)


def empty(engine: Engine) -> None:
    """Rows are deleted, and the room they took is given back: emptying a hundred tables takes ten times as long.

    Without the second step new rows would fill holes, and come in another order than they were added. The table with an
    index of nearest vectors is emptied all the same.
    """
    from app.models.tables import metadata

    names = [table.name for table in metadata.sorted_tables]
    holding = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        # Waits for whoever still writes, as emptying would.
        connection.execute(
            text("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE".format(", ".join(map(quoted, names))))
        )
        for name in connection.execute(text(holding)).scalars().all():
            act = "TRUNCATE" if name == Embedding.__tablename__ else "DELETE FROM"
            connection.execute(text(f"{act} {quoted(name)}"))
        connection.execute(RESTART)
        sized = connection.execute(SIZED, {"names": names}).scalars().all()
    if sized:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM {}".format(", ".join(map(quoted, sized)))))


SIZED = text(
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
    "AND relname = ANY(:names) AND pg_relation_size(oid) > 0"
)


def quoted(name: str) -> str:
    return f'"{name}"'


# Sequences of the tables start anew, so that the first submission of every test is number one.
RESTART = text(
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) "
    "FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
)


def make_settings(database_url: str, var_dir: Path) -> Settings:
    return Settings(
        environment="test", database_url=database_url, var_dir=var_dir, run_jobs=False, warm_model=False,
        secret_key="a-secret-for-tests-of-at-least-32-characters",
    )  # fmt: skip


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return make_settings(database_url, tmp_path)


@pytest.fixture(scope="module")
def lasting_settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """For a town that all tests of a file look at."""
    return make_settings(database_url, tmp_path_factory.mktemp("var"))


class Compiled(BytecodeCache):
    """Templates are compiled once in a process, not once for each test: half a second for a page."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (found := self._known.get((bucket.key, bucket.checksum))) is not None:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


COMPILED = Compiled()


@pytest.fixture
def app(settings: Settings, clean: Engine) -> FastAPI:
    app = create_app(settings, clean)
    app.state.templates.bytecode_cache = COMPILED
    return app


@pytest.fixture
def db(clean: Engine) -> Iterator[Session]:
    """A committing session beside a client: what it adds must be committed before the client asks."""
    with Session(clean, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def visitor(app: FastAPI) -> Iterator[Browser]:
    """A browser without JavaScript that nobody has signed in to."""
    with Browser(app) as browser:
        yield browser


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Chromium]":
    """A real browser; without one the test is skipped with one line, or fails where REQUIRE_BROWSER=1."""
    with launched() as browser:
        yield browser


@pytest.fixture(autouse=True)
def speaking_english() -> None:
    i18n.activate("en")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once, not for each test, that there was no browser."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(NONE_FOUND in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(NONE_FOUND)


@pytest.fixture
def spare(server_url: str, worker_id: str) -> Iterator[Engine]:
    """An empty database of its own, since going down would take the others' tables away."""
    name = f"spare_{worker_id}"
    admin = make_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = make_engine(server_url.replace("/comission", f"/{name}"))
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
