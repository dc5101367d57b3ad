"""Taking all public data of a call along: one zip of tables and documents, written in batches to a file."""

import csv
import io
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, ClassVar
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session

from app.errors import NotAcceptable, NotFound, Unavailable
from app.models.call import Call
from app.models.columns import now
from app.models.organisation import Organisation
from app.rules.hashing import plain
from app.rules.texts import csv_safe
from app.rules.words import N_
from app.services import exports_missions, exports_rows
from app.services.counts import public_total
from app.services.exports_rows import Table

AT_ONCE = 2
# Spreadsheets take a file without this mark for an older encoding.
MARK = "\ufeff"
_slots = BoundedSemaphore(AT_ONCE)

README = """CoMission: the public data of one question

Question: {question}
Asked by: {who}
Made on: {made}
{note}
What is in here
- call.json: the question, its dates and who asks; of an innovation call what it offers, on which terms.
- submissions.csv: every voice that is public now, with its group and its outcome.
- clusters.csv: the groups of the accepted grouping; a project lies in a mission.
- summaries.csv: what each group says, in sentences of its voices, with what that leaves out.
- placements.csv: which voice stands in which group, how firmly, and why some stand in none.
- missions.json: missions with clauses, where each clause comes from, indicator, targets, routes
  and the conditions on public money.
- decisions.json: what a committee was asked; results and ballots only once the vote is counted.
{columns}
What is not in here
Names, addresses and accounts: an author is a code made for this file alone. Words that were hidden by moderators
or withdrawn by their authors, and drafts. Anything about a vote before it is counted.

Cells that a spreadsheet would take for a formula have an apostrophe in front.

Licence
People wrote these texts to be read and worked with in this question. Quote them with the question and the date.
{licence}"""


class ExportsBusy(Unavailable):
    sentence: ClassVar[str] = N_("Other exports are being made at the moment. Please try again in a minute.")


class NoFolder(NotAcceptable):
    sentence: ClassVar[str] = N_("There is no folder %(folder)s to write to.")


@contextmanager
def slot() -> Iterator[None]:
    """Few exports at once in one process: each reads a whole call."""
    if not _slots.acquire(blocking=False):
        raise ExportsBusy()
    try:
        yield
    finally:
        _slots.release()


def alone(session: Session, what: str) -> None:
    """Until the transaction ends nobody else does this, in no process."""
    free = select_columns(func.pg_try_advisory_xact_lock(func.hashtextextended(f"alone {what}", 0)))
    if not session.connection().execute(free).scalar_one():
        raise ExportsBusy()


def call(
    session: Session, call_id: UUID, out: Path, tell: Callable[[str, float], None] | None = None
) -> dict[str, int]:
    """Write the public data of a call to a zip file; answers how many rows of what are in it.

    `tell` hears the name of the table being written and the share of the whole behind it, 0 to 1.
    """
    found = session.get(Call, call_id)
    if found is None:
        raise NotFound()
    if not out.absolute().parent.is_dir():
        raise NoFolder(folder=out.parent)
    pseudonyms = secrets.token_bytes(32)
    tables = exports_rows.tables(session, found, pseudonyms)
    documents = {
        "call.json": exports_rows.call_facts(session, found),
        "missions.json": exports_missions.missions_of_call(session, found.id),
        "decisions.json": exports_missions.decisions_of_call(session, found.id),
    }
    most = public_total(session, call_id)
    counts = {
        name.removesuffix(".json"): len(facts) for name, facts in documents.items() if isinstance(facts, list)
    }
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", readme(session, found, tables))
        for name, facts in documents.items():
            archive.writestr(name, json.dumps(plain(facts), ensure_ascii=False, indent=2, default=str))
        for place, table in enumerate(tables):
            rows: Iterable[Sequence[Any]] = table.rows
            if tell is not None:
                behind, part = place / len(tables), 1 / len(tables)
                rows = heard(rows, partial(share_told, tell, table.name, behind, part, most))
            counts[table.name] = write(archive, f"{table.name}.csv", table.heads, rows)
    return counts


def share_told(
    tell: Callable[[str, float], None], name: str, behind: float, part: float, most: int, done: int
) -> None:
    tell(name, behind + part * min(1.0, done / max(1, most)))


def heard(rows: Iterable[Sequence[Any]], share: Callable[[int], None]) -> Iterator[Sequence[Any]]:
    """The same rows; every thousandth says how many there were."""
    share(0)
    for number, row in enumerate(rows, 1):
        if number % 1_000 == 0:
            share(number)
        yield row


def write(archive: ZipFile, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """One table, row by row: however many there are, only a batch is in memory."""
    count = 0
    with archive.open(name, "w", force_zip64=True) as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        text.write(MARK)
        lines = csv.writer(text)
        lines.writerow(heads)
        for row in rows:
            lines.writerow([csv_safe(cell) for cell in row])
            count += 1
        text.flush()
        text.detach()
    return count


def readme(session: Session, found: Call, tables: Sequence[Table]) -> str:
    columns = "".join(
        f"\n{table.name}.csv\n" + "".join(f"- {head}: {told}\n" for head, told in table.columns)
        for table in tables
    )
    note = "This is a demonstration: people and texts are invented.\n" if found.is_demo else ""
    return README.format(
        question=found.question,
        who=session.get_one(Organisation, found.organisation_id).name,
        made=now().date().isoformat(),
        note=note,
        columns=columns,
        licence=f"{found.source_note}\n" if found.source_note else "",
    )
