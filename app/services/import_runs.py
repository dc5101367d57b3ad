"""An import through the page: upload, choose the columns, queue, and what its job does with it."""

from hashlib import sha256
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, Refusal
from app.models.call import Call
from app.models.columns import now
from app.models.import_run import ImportRun, ImportState
from app.rules import importing, texts
from app.rules.importing import BadRow, Column
from app.rules.phrases import phrase
from app.rules.texts import require_clean
from app.rules.words import N_
from app.services import imports, jobs
from app.services.imports import Tell

MOST_REPORTED = 500
BROKEN = N_("The import broke off and nothing came in. Please try again.")


class AlreadyStarted(Conflict):
    sentence: ClassVar[str] = N_("This file is being imported, or was already.")


def upload(session: Session, call: Call, name: str, content: bytes, by: UUID, source: str = "") -> ImportRun:
    """Keep a file until its columns are chosen; a file that is no table is refused at once."""
    named = require_clean(source, texts.SOURCE)
    encoding = importing.UTF_8
    if len(content) > importing.LARGEST_FILE:
        raise importing.FileTooLarge()
    names = importing.headers(content, encoding)
    guessed = {column.value: header for column, header in importing.guessed(names).items()}
    run = ImportRun(
        call_id=call.id,
        person_id=by,
        name=name[:200],
        source=named,
        content=content,
        content_hash=sha256(content).hexdigest(),
        encoding=encoding,
        mapping=guessed,
    )
    session.add(run)
    session.flush()
    return run


def start(session: Session, run: ImportRun, mapping: dict[Column, str], encoding: str) -> None:
    """Queue the import with the columns chosen, in the same transaction."""
    session.refresh(run, with_for_update=True)
    if run.state is not ImportState.UPLOADED:
        raise AlreadyStarted()
    if not mapping.get(Column.TEXT):
        raise importing.TextColumnMissing()
    run.mapping = {column.value: header for column, header in mapping.items() if header}
    run.encoding, run.state = encoding, ImportState.QUEUED
    jobs.enqueue(session, jobs.IMPORTING, str(run.id), key=str(run.id))


def run(session: Session, run_id: UUID, tell: Tell) -> None:
    """The job: everything in one transaction; done a second time it changes nothing.

    The row itself is written only at the end: progress is told on it from another connection meanwhile.
    """
    waiting = session.get(ImportRun, run_id)
    if (
        waiting is None
        or waiting.content is None
        or waiting.state not in (ImportState.QUEUED, ImportState.RUNNING)
    ):
        return
    call = session.get_one(Call, waiting.call_id)
    mapping = {Column(column): header for column, header in waiting.mapping.items()}
    try:
        with session.begin_nested():
            report = imports.bring_in(
                session,
                call,
                waiting.content,
                mapping,
                waiting.encoding,
                waiting.person_id,
                tell,
                waiting.source,
            )
    except Refusal as refusal:
        finish(session, waiting, ImportState.FAILED)
        waiting.errors = [{"line": 0, "sentence": refusal.sentence, "facts": {}}]
        return
    finish(session, waiting, ImportState.DONE)
    waiting.imported, waiting.skipped, waiting.error_count = (
        report.imported,
        report.skipped,
        len(report.errors),
    )
    waiting.errors = [kept(each) for each in report.errors[:MOST_REPORTED]]


def kept(bad: BadRow) -> dict[str, object]:
    """A bad row as plain data, its sentence untranslated: it is said in the language of who reads it."""
    facts = {name: str(value) for name, value in bad.reason.facts.items()}
    return {"line": bad.line, "sentence": bad.reason.sentence, "facts": facts}


def finish(session: Session, run: ImportRun, state: ImportState) -> None:
    session.refresh(run, with_for_update=True)
    run.state, run.finished_at, run.progress, run.content = state, now(), 1.0, None


def fail(session: Session, run_id: UUID) -> None:
    run = session.get(ImportRun, run_id)
    if run is not None and run.state in (ImportState.QUEUED, ImportState.RUNNING):
        finish(session, run, ImportState.FAILED)
        run.errors = [{"line": 0, "sentence": BROKEN, "facts": {}}]


def problems(run: ImportRun) -> list[tuple[int, object]]:
    """Each bad row's line and its reason, to be said in the reader's language."""
    return [(each["line"], phrase(each["sentence"], **each["facts"])) for each in run.errors]
