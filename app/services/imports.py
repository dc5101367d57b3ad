"""Imports: good rows become submissions of pseudonymous authors, bad ones are reported, nothing comes in twice."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.conditions import call_phase, times_of
from app.errors import NotAcceptable
from app.models.call import Call
from app.models.columns import now
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.submission import Submission, shuffled
from app.models.text_version import TextVersion
from app.nlp import languages
from app.rules import finding, hashing, importing, phases, ranges, texts
from app.rules.importing import BadRow, Mapped, Row
from app.rules.moderation import HidingRule
from app.rules.phases import Act
from app.rules.texts import require_clean
from app.rules.words import N_, CallState, StakeholderGroup, SubjectKind, SubmissionState
from app.services import counts, events

BATCH = 1_000
SAMPLE = 500
COMMON = 0.05  # a language with fewer of the texts is more likely a misread text
Tell = Callable[[str, float], None]

WRITE = text(
    'INSERT INTO submission (id, call_id, author_id, kind, state, title, text, language, place, "group", created_at, '
    "submitted_at, version, endorsement_count, comment_count, imported_agrees, imported_disagrees, source_key, "
    "shuffle, hidden_rule, hidden_reason, hidden_at, outcome_reason, search) "
    "VALUES (:id, :call_id, :author_id, :kind, :state, "
    ":title, :text, :language, :place, :group, :said_at, :said_at, 1, 0, 0, :agrees, :disagrees, :key, :shuffle, "
    ":rule, :reason, :hidden_at, '', setweight(to_tsvector(CAST(:configuration AS regconfig), :folded_title), 'A') || "
    "setweight(to_tsvector(CAST(:configuration AS regconfig), :folded_text), 'B'))"
)
REJECTED = N_("The moderators of the source had rejected it.")


@dataclass
class Report:
    """What came of a file: counts, and each bad row with its line and reason."""

    call: UUID
    imported: int = 0
    skipped: int = 0
    errors: list[BadRow] = field(default_factory=list)

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
    session: Session, call: Call, content: bytes, mapping: Mapped, encoding: str, by: UUID | None, tell: Tell
) -> Report:
    """Import a file in one transaction: all its good rows, or none."""
    session.refresh(call, with_for_update=True)
    phases.require(Act.IMPORT, call_phase(call), times_of(call))
    if not call.languages:
        call.languages = languages_in(content, mapping, encoding)
    total = max(1, content.count(b"\n"))
    report = Report(call.id)
    commitments: list[str] = []
    last = last_imported(session, call.id)
    authors: dict[str, UUID] = {}
    for batch in batches(importing.rows(content, mapping, encoding), BATCH):
        report.errors += [row for row in batch if isinstance(row, BadRow)]
        commitments += write(session, call, [row for row in batch if isinstance(row, Row)], authors, report)
        tell("importing", min(0.99, (report.imported + report.skipped + len(report.errors)) / total))
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


def write(
    session: Session, call: Call, rows: list[Row], authors: dict[str, UUID], report: Report
) -> list[str]:
    """Write the rows that are not there yet; answers the salted hashes of their texts."""
    known = known_keys(session, call.id, [row.key for row in rows])
    fresh = [row for row in rows if row.key not in known]
    report.skipped += len(rows) - len(fresh)
    report.imported += len(fresh)
    if not fresh:
        return []
    seat_authors(session, call, fresh, authors)
    at = now()
    records = [record_of(call, row, authors[author_key(call, row)], at) for row in fresh]
    session.connection().execute(WRITE, records)
    return keep_texts(session, records)


def known_keys(session: Session, call_id: UUID, keys: list[str]) -> set[str | None]:
    query = select(Submission.source_key).where(
        Submission.call_id == call_id, col(Submission.source_key).in_(keys)
    )
    return set(session.exec(query))


def author_key(call: Call, row: Row) -> str:
    """The same author of the same call is the same person in every import; a row without one has its own."""
    return f"{call.id}:{row.author or 'of ' + row.key}"


def seat_authors(session: Session, call: Call, rows: list[Row], authors: dict[str, UUID]) -> None:
    """Find or make the pseudonymous person of each row: no address, no name, no way to sign in."""
    wanted = {author_key(call, row): row for row in rows if author_key(call, row) not in authors}
    if not wanted:
        return
    people = [
        {
            "id": uuid4(),
            "pseudonym_key": key,
            "name": pseudonym(row),
            "locale": "en",
            "place": "",
            "created_at": now(),
        }
        for key, row in wanted.items()
    ]
    session.connection().execute(
        insert(Person).on_conflict_do_nothing(index_elements=["pseudonym_key"]), people
    )
    query = select(Person.pseudonym_key, Person.id).where(col(Person.pseudonym_key).in_(list(wanted)))
    authors.update({str(key): person_id for key, person_id in session.exec(query)})


def pseudonym(row: Row) -> str:
    return f"Participant {row.author[:80]}" if row.author else "Participant"


def record_of(call: Call, row: Row, author_id: UUID, at: datetime) -> dict[str, Any]:
    language = row.language or languages.detect(row.text, call.languages or None)[0]
    language = "" if language == languages.UNKNOWN else language
    is_hidden = row.state is SubmissionState.HIDDEN
    return {
        "id": uuid4(),
        "call_id": call.id,
        "author_id": author_id,
        "kind": row.kind.value,
        "state": row.state.value,
        "title": row.title,
        "text": row.text,
        "language": language,
        "place": row.place,
        "group": row.group.value if row.group else None,
        "said_at": row.said_at or at,
        "agrees": row.agrees,
        "disagrees": row.disagrees,
        "key": row.key,
        "shuffle": shuffled(),
        "rule": HidingRule.REJECTED_IN_SOURCE.value if is_hidden else "",
        "reason": REJECTED if is_hidden else "",
        "hidden_at": at if is_hidden else None,
        "configuration": finding.configuration(language),
        "folded_title": finding.folded(row.title),
        "folded_text": finding.folded(row.text),
    }


def keep_texts(session: Session, records: list[dict[str, Any]]) -> list[str]:
    """One version of each text with its salted hash; the import's event commits to all of them at once."""
    versions = [
        events.version_of(SubjectKind.SUBMISSION, each["id"], each["text"], each["author_id"])
        for each in records
    ]
    session.connection().execute(insert(TextVersion), versions)
    return [version["hash"] for version in versions]


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
