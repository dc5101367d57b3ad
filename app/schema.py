"""The schema: brought to its newest version, and the vector index of the model in use."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

ROOT = Path(__file__).parent.parent
ONE_AT_A_TIME = 7_302_001
log = logging.getLogger(__name__)


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config(ROOT / "alembic.ini")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> None:
    """Bring the schema to head in one transaction; several processes starting at once wait for each other."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
        command.upgrade(alembic_config(connection), "head")


def is_current(connection: Connection) -> bool:
    """Whether the schema is the one this code was written for."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def index_name(model: str) -> str:
    return "embedding_" + "".join(c if c.isalnum() else "_" for c in model.lower())[:50]


def has_vector_index(engine: Engine, model: str) -> bool:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT to_regclass(:name)"), {"name": index_name(model)})
        return found.scalar() is not None


def ensure_vector_index(engine: Engine, model: str, dimensions: int) -> None:
    """Index the vectors of one model: each model has its own length, so each has its own partial index."""
    name = index_name(model)
    quoted = model.replace("'", "''")
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(
            text(
                f"CREATE INDEX IF NOT EXISTS {name} ON embedding "
                f"USING hnsw ((vector::vector({int(dimensions)})) vector_cosine_ops) WHERE model = '{quoted}'"
            )
        )


def drop_vector_index(connection: Connection, model: str) -> None:
    """Before very many vectors are written at once: building the index afterwards is far quicker."""
    connection.execute(text(f"DROP INDEX IF EXISTS {index_name(model)}"))
