"""One seeded demonstration for all tests that read it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from app import schema
from app.database_server import create_database
from app.db import make_engine
from app.demo import seed
from app.jobs import runtime
from app.models.person import Person
from app.nlp.embedding import HashingEmbedder
from app.nlp.vectors import Vectors


class PowerCut(Exception):
    pass


class Failing(HashingEmbedder):
    """A model that stops in the middle of the story."""

    def embed(self, texts: Any, *, progress: Any = None) -> Vectors:
        raise PowerCut


@pytest.fixture(scope="session")
def empty_engine(server_url: str, worker_id: str) -> Iterator[Engine]:
    engine = make_engine(create_database(server_url, f"demo_{worker_id}"))
    schema.migrate(engine)
    runtime.migrate(engine)
    embedder = HashingEmbedder()
    schema.ensure_vector_index(engine, embedder.name, embedder.dimensions)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def left_by_a_power_cut(empty_engine: Engine) -> int:
    """How many people there are after seeding stopped in its middle."""
    with pytest.raises(PowerCut):
        seed.seed_when_empty(empty_engine, Failing(), lambda _stage, _share: None)
    with Session(empty_engine) as session:
        return session.exec(select(func.count()).select_from(Person)).one()


@pytest.fixture(scope="session")
def seeded(empty_engine: Engine, left_by_a_power_cut: int) -> Engine:
    """A second start after the first was cut off completes the demonstration."""
    assert left_by_a_power_cut == 0
    assert seed.seed_when_empty(empty_engine, HashingEmbedder(), lambda _stage, _share: None)
    return empty_engine


@pytest.fixture
def demo(seeded: Engine) -> Iterator[Session]:
    with Session(seeded) as session:
        yield session
