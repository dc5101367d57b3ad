"""A large consultation for measuring: seeded texts through the same writing code as an import."""

from datetime import timedelta
from itertools import islice
from time import perf_counter
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session

from app.bench import texts
from app.db import transaction
from app.models.call import Call
from app.models.columns import now
from app.rules.words import SubjectKind
from app.services import events, imports
from app.services.imports import BATCH, Report, Tell


def seed_load(engine: Engine, count: int, seed: int, tell: Tell) -> dict[str, object]:
    """Fill a new open consultation with `count` voices; answers its id and the rows a second."""
    with transaction(engine) as session:
        call = imports.call_for_import(
            session, f"Measured with {count} voices", "", "Seeded texts, written by a program."
        )
        call.closes_at, call.languages = now() + timedelta(days=30), ["en", "es"]
        call_id = call.id
    source, started, written = texts.rows(count, seed), perf_counter(), 0
    authors: dict[str, UUID] = {}
    while batch := list(islice(source, BATCH)):
        with transaction(engine) as session:
            report = Report(call_id)
            imports.write(session, session.get_one(Call, call_id), batch, authors, report)
        written += len(batch)
        tell("seeding", written / count)
    seconds = perf_counter() - started
    with transaction(engine) as session:
        events.record(session, "submissions_imported", SubjectKind.CALL, call_id, imported=count)
    tidy(engine)
    return {
        "call": str(call_id),
        "submissions": count,
        "seconds": round(seconds, 2),
        "rows_per_second": round(count / seconds),
    }


def tidy(engine: Engine) -> None:
    """Statistics and visibility as a database that has run for a day would have them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE submission"))
        connection.execute(text("VACUUM ANALYZE textversion"))


def first_numbers(session: Session, call_id: UUID, count: int) -> list[UUID]:
    """Ids of the first voices of a call, for reading and endorsing them."""
    query = text("SELECT id FROM submission WHERE call_id = :call ORDER BY number LIMIT :count")
    return [row[0] for row in session.connection().execute(query, {"call": call_id, "count": count})]
