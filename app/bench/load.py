"""A large consultation for measuring: seeded texts through the same writing code as an import."""

from datetime import timedelta
from itertools import islice
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session

from app import schema
from app.bench import texts
from app.conditions.asking import times_of
from app.db import transaction
from app.models.call import Call
from app.models.columns import now
from app.nlp.embedding import HashingEmbedder
from app.rules.words import SubjectKind
from app.services import events, imports, imports_rows
from app.services.imports import BATCH, Tell
from app.services.imports_rows import Batch


def seed_load(
    engine: Engine, count: int, seed: int, model: str, tell: Tell, *, is_demo: bool = False
) -> dict[str, object]:
    """Fill a new open consultation with `count` voices; answers its id and the rows a second.

    Its vectors are hashed words under the model's name: what an index search costs does not depend on what the
    vectors mean, and reading a hundred thousand texts with the real model takes a quarter of an hour.
    """
    with transaction(engine) as session:
        call = imports.call_for_import(
            session, f"Measured with {count} voices", "", "Seeded texts, written by a program."
        )
        call.is_demo = is_demo
        call.closes_at, call.languages = now() + timedelta(days=30), ["en", "es"]
        call_id = call.id
        times: dict[str, Any] = dict(times_of(call).named())
        events.record(session, "call_extended", SubjectKind.CALL, call_id, **times)
    source, started, written = texts.rows(count, seed), perf_counter(), 0
    authors: dict[str, UUID] = {}
    while batch := list(islice(source, BATCH)):
        with transaction(engine) as session:
            into = Batch(session.get_one(Call, call_id), authors=authors)
            imports_rows.write(session, into, batch)
        written += len(batch)
        if (written // BATCH).bit_count() == 1:
            tidy(engine)
        tell("seeding", written / count)
    seconds = perf_counter() - started
    with transaction(engine) as session:
        states = imports.imported_since(session, call_id, 0)
        events.record(
            session, "submissions_imported", SubjectKind.CALL, call_id, imported=count, states=states
        )
    give_vectors(engine, call_id, model, tell)
    tidy(engine)
    return {
        "call": str(call_id),
        "submissions": count,
        "seconds": round(seconds, 2),
        "rows_per_second": round(count / seconds),
    }


def give_vectors(engine: Engine, call_id: UUID, model: str, tell: Tell) -> None:
    """Write the vectors in one stream, then build the index of the model anew, as restoring a backup would."""
    embedder = HashingEmbedder()
    with transaction(engine) as session:
        session.connection().execute(text("SET LOCAL statement_timeout = 0"))
        query = text("SELECT id, text FROM submission WHERE call_id = :call ORDER BY number")
        rows = session.connection().execute(query, {"call": call_id}).all()
        schema.drop_vector_index(session.connection(), model)
        cursor = session.connection().connection.cursor()
        with cursor.copy(
            "COPY embedding (submission_id, model, call_id, text_hash, vector) FROM STDIN"
        ) as copy:
            for start in range(0, len(rows), BATCH):
                part = rows[start : start + BATCH]
                for (key, _text), vector in zip(
                    part, embedder.embed([each.text for each in part]), strict=True
                ):
                    copy.write_row((key, model, call_id, "", str(vector.tolist())))
                tell("vectors", start / len(rows))
    tell("indexing", 0.99)
    schema.ensure_vector_index(engine, model, embedder.dimensions)


def tidy(engine: Engine) -> None:
    """Statistics and visibility as a database that has run for a day would have them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE submission"))
        connection.execute(text("VACUUM ANALYZE textversion"))
        connection.execute(text("VACUUM ANALYZE embedding"))


def first_numbers(session: Session, call_id: UUID, count: int) -> list[UUID]:
    """Ids of the first voices of a call, for reading and endorsing them."""
    query = text("SELECT id FROM submission WHERE call_id = :call ORDER BY number LIMIT :count")
    return [row[0] for row in session.connection().execute(query, {"call": call_id, "count": count})]
