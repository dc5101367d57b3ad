"""Imports: good rows become submissions, bad ones are reported, nothing comes in twice; calls made for a file."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import NotAcceptable
from app.models.call import Call
from app.models.columns import now
from app.models.organisation import Organisation
from app.models.submission import Submission
from app.nlp import languages
from app.rules import hashing, importing, phases, ranges, texts
from app.rules.importing import BadRow, Mapped, Row
from app.rules.phases import Act
from app.rules.texts import require_clean
from app.rules.words import N_, CallState, StakeholderGroup, SubjectKind
from app.services import counts, events, imports_rows
from app.services.imports_rows import Batch

BATCH = 1_000
FIRST_COUNTED = 4  # batches; for fewer rows statistics cost more than they save
SAMPLE = 500
COMMON = 0.05  # a language with fewer of the texts is more likely a misread text
Tell = Callable[[str, float], None]


@dataclass
class Report:
    """What came of a file: counts, and each bad row with its line and reason."""

    call: UUID
    imported: int = 0
    skipped: int = 0
    errors: list[BadRow] = field(default_factory=list)

    def add(self, imported: int, skipped: int, bad: Sequence[BadRow]) -> None:
        self.imported += imported
        self.skipped += skipped
        self.errors += sorted(bad, key=lambda row: row.line)

    @property
    def seen(self) -> int:
        """Rows of the file that were looked at."""
        return self.imported + self.skipped + len(self.errors)

    @property
    def sentence(self) -> str:
        return (
            f"{self.imported} texts came in, {self.skipped} were there already, "
            f"{len(self.errors)} could not be read (call {self.call})."
        )

    def as_facts(self) -> dict[str, Any]:
        return {
            "call": str(self.call),
            "imported": self.imported,
            "skipped": self.skipped,
            "errors": [{"line": each.line, "reason": each.reason.english} for each in self.errors],
        }


def bring_in(
    session: Session,
    call: Call,
    content: bytes,
    mapping: Mapped,
    encoding: str,
    by: UUID | None,
    tell: Tell,
    source: str = "",
) -> Report:
    """Import a file in one transaction: all its good rows, or none.

    `source` names where the texts come from; ids and authors of two sources have nothing to do with each other.
    """
    session.refresh(call, with_for_update=True)
    phases.require(Act.IMPORT, call_phase(call), times_of(call))
    if not call.languages:
        call.languages = languages_in(content, mapping, encoding)
    total = max(1, content.count(b"\n"))
    report = Report(call.id)
    commitments: list[str] = []
    last = last_imported(session, call.id)
    into = Batch(call, require_clean(source, texts.SOURCE))
    for number, batch in enumerate(batches(importing.rows(content, mapping, encoding), BATCH)):
        if number >= FIRST_COUNTED and number.bit_count() == 1:
            refresh_statistics(session)
        written = imports_rows.write(session, into, [row for row in batch if isinstance(row, Row)])
        bad = [*written.refused, *(row for row in batch if isinstance(row, BadRow))]
        report.add(len(written.hashes), written.skipped, bad)
        commitments += written.hashes
        tell("importing", min(0.99, report.seen / total))
    events.record(
        session, "submissions_imported", SubjectKind.CALL, call.id, by=by,
        imported=report.imported, skipped=report.skipped, refused=len(report.errors), texts=hashing.digest(commitments),
        states=imported_since(session, call.id, last),
    )  # fmt: skip
    counts.forget(call.id)
    tell("importing", 1.0)
    return report


def last_imported(session: Session, call_id: UUID) -> int:
    query = select(func.max(Submission.number)).where(
        Submission.call_id == call_id, col(Submission.source_key).is_not(None)
    )
    return session.exec(query).one() or 0


def refresh_statistics(session: Session) -> None:
    """Tell the planner how large the tables are by now: plans made for empty ones read every row for each new row."""
    session.connection().execute(text("ANALYZE person, submission, textversion"))


def imported_since(session: Session, call_id: UUID, number: int) -> dict[str, dict[str, str]]:
    """The state in which each imported submission begins, by its number: a hundred thousand take a line."""
    query = select(Submission.state, Submission.number).where(
        Submission.call_id == call_id,
        col(Submission.source_key).is_not(None),
        col(Submission.number) > number,
    )
    begun: dict[str, list[int]] = {}
    for state, each in session.exec(query):
        begun.setdefault(state, []).append(each or 0)
    return {SubjectKind.SUBMISSION: ranges.by_state(begun)}


def languages_in(content: bytes, mapping: Mapped, encoding: str) -> list[str]:
    """The languages that a file is really in: a short text alone is too little to tell, many together are not."""
    sample = [
        row.text for row in islice(importing.rows(content, mapping, encoding), SAMPLE) if isinstance(row, Row)
    ]
    found = Counter(languages.detect(each)[0] for each in sample)
    return [
        code for code, n in found.most_common() if n >= COMMON * len(sample) and code != languages.UNKNOWN
    ]


def batches(rows: Iterable[Row | BadRow], size: int) -> Iterator[list[Row | BadRow]]:
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


def new_call(
    session: Session, title: str, organisation_id: UUID, source_note: str, first: datetime | None
) -> Call:
    """A call for texts gathered elsewhere: it is over, so nobody can add to it, and can be grouped at once."""
    at = now()
    call = Call(
        title=title[:200],
        question=title[:500],
        organisation_id=organisation_id,
        opens_at=min(first, at)
        if first and first < at
        else at.replace(hour=0, minute=0, second=0, microsecond=0),
        closes_at=at,
        published_at=at,
        source_note=source_note,
        state=CallState.PUBLISHED,
    )
    session.add(call)
    session.flush()
    told: dict[str, Any] = dict(times_of(call).named())
    events.record(session, "call_published", SubjectKind.CALL, call.id, imported=True, **told)
    return call


def call_by_id(session: Session, raw: str) -> Call:
    try:
        call = session.get(Call, UUID(raw))
    except ValueError:
        call = None
    if call is None:
        raise CallUnknown()
    return call


def call_for_import(session: Session, title: str, organisation: str, source_note: str) -> Call:
    """A new call of the organisation of that name, made if need be; without a name, of the first there is."""
    query = select(Organisation)
    query = query.where(Organisation.name == organisation) if organisation else query
    found = session.exec(query.order_by(col(Organisation.created_at)).limit(1)).first()
    if found is None:
        found = Organisation(name=organisation or "Imported questions", group=StakeholderGroup.PUBLIC)
        session.add(found)
        session.flush()
        events.record(session, "organisation_added", SubjectKind.ORGANISATION, found.id)
    return new_call(session, require_clean(title, texts.TITLE), found.id, source_note, None)


class CallUnknown(NotAcceptable):
    sentence: ClassVar[str] = N_("There is no call with this id.")
