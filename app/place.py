"""Where a process works: its settings, its database (embedded where none is named) and its schema."""

from pathlib import Path

from sqlalchemy import Engine

from app import schema
from app.database_server import ensure
from app.db import make_engine, transaction
from app.jobs import runtime
from app.nlp.embedding import Embedder, SentenceTransformerEmbedder, Wish
from app.services import terms
from app.settings import Settings


def embedder_of(settings: Settings) -> Embedder:
    """The model named in the settings; it is loaded when it is first used."""
    return SentenceTransformerEmbedder(settings.embedding_model, wish=Wish(settings.embedding_runtime))


def with_database(settings: Settings) -> Settings:
    """The same settings with an address: of the embedded server where the environment names none."""
    if settings.database_url:
        return settings
    return settings.model_copy(update={"database_url": ensure(Path(settings.var_dir))})


def open_engine(settings: Settings) -> Engine:
    return make_engine(settings.database_url, settings.pool_size)


def prepare(engine: Engine, settings: Settings) -> None:
    """Bring our tables, the job library's and the vector index up to date."""
    schema.migrate(engine)
    runtime.migrate(engine)
    with transaction(engine) as session:
        terms.ensure_all(session)
    embedder = embedder_of(settings)
    if not schema.has_vector_index(engine, embedder.name):
        # Only the loaded model knows its length, and loading takes seconds: asked once in a database's life.
        schema.ensure_vector_index(engine, embedder.name, embedder.dimensions)
