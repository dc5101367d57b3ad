"""The database of a test of jobs: what jobs do is committed, so everything they leave is removed."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'dbos' AND tablename NOT LIKE '%migrations'"


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
