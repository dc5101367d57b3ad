"""The rows of an import: each becomes a submission of a pseudonymous author, with one version of its words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.columns import now
from app.models.person import Person
from app.models.submission import Submission, shuffled
from app.models.text_version import TextVersion
from app.nlp import languages
from app.rules import finding
from app.rules.importing import BadRow, Row, source_mark
from app.rules.moderation import HidingRule
from app.rules.phrases import phrase
from app.rules.words import N_, SubjectKind, SubmissionState
from app.services import events

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
OTHER_WORDS = N_(
    "The id %(key)s is already in this question with other words. If this file comes from another source, "
    "give the source a name."
)


@dataclass
class Batch:
    """Where rows go: the call, the mark of their source, and the authors seated so far."""

    call: Call
    source: str = ""
    authors: dict[str, UUID] = field(default_factory=dict)

    def key(self, row: Row) -> str:
        """What tells a row from every other of its call; the same id of two named sources is two rows."""
        return f"{source_mark(self.source)}{row.key}"

    def author_key(self, row: Row) -> str:
        """The same author of one source is the same person in every import; a row without one has its own."""
        source = f"/{source_mark(self.source)}" if self.source else ":"
        return f"{self.call.id}{source}{row.author or 'of ' + row.key}"


class Written(NamedTuple):
    """What came of some rows: salted hashes of the texts that came in, and those refused."""

    hashes: list[str]
    skipped: int
    refused: list[BadRow]


def write(session: Session, batch: Batch, rows: Sequence[Row]) -> Written:
    """Write the rows that are not there yet; one that is there with other words is refused, never swallowed."""
    known = known_words(session, batch, rows)
    fresh = [row for row in rows if batch.key(row) not in known]
    there = [row for row in rows if batch.key(row) in known]
    refused = [other_words(row) for row in there if known[batch.key(row)] not in (row.text, None)]
    skipped = len(there) - len(refused)
    if not fresh:
        return Written([], skipped, refused)
    seat_authors(session, batch, fresh)
    at = now()
    records = [record_of(batch, row, at) for row in fresh]
    session.connection().execute(WRITE, records)
    return Written(keep_texts(session, records), skipped, refused)


def known_words(session: Session, batch: Batch, rows: Sequence[Row]) -> dict[str, str | None]:
    """The words of the rows that are there already; None where they were erased since."""
    query = select(Submission.source_key, Submission.text).where(
        Submission.call_id == batch.call.id, col(Submission.source_key).in_([batch.key(row) for row in rows])
    )
    return {str(key): words or None for key, words in session.exec(query)}


def other_words(row: Row) -> BadRow:
    return BadRow(row.line, phrase(OTHER_WORDS, key=row.key.removeprefix("id:")))


def seat_authors(session: Session, batch: Batch, rows: Sequence[Row]) -> None:
    """Find or make the pseudonymous person of each row: no address, no name, no way to sign in."""
    wanted = {key: row for row in rows if (key := batch.author_key(row)) not in batch.authors}
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
    batch.authors.update({str(key): person_id for key, person_id in session.exec(query)})


def pseudonym(row: Row) -> str:
    return f"Participant {row.author[:80]}" if row.author else "Participant"


def record_of(batch: Batch, row: Row, at: datetime) -> dict[str, Any]:
    call = batch.call
    language = row.language or languages.detect(row.text, likely=call.languages)[0]
    language = "" if language == languages.UNKNOWN else language
    is_hidden = row.state is SubmissionState.HIDDEN
    return {
        "id": uuid4(),
        "call_id": call.id,
        "author_id": batch.authors[batch.author_key(row)],
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
        "key": batch.key(row),
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
