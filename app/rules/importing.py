"""Reading texts from a file: each row is good, or is reported with its line and the reason."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum, auto
from hashlib import sha256
from typing import Any, ClassVar, TypeVar

from app.errors import NotAcceptable
from app.rules import texts
from app.rules.phases import OUR_TIME
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, StakeholderGroup, SubmissionKind, SubmissionState

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_CELL = 1024 * 1024
MOST_COLUMNS = 500
Word = TypeVar("Word", bound=StrEnum)
UTF_8, LATIN_1 = "utf-8", "latin-1"


class Column(StrEnum):
    """What a column of the file can hold; only the text is needed."""

    TEXT = auto()
    TITLE = auto()
    KEY = auto()
    AUTHOR = auto()
    MODERATED = auto()
    AGREES = auto()
    DISAGREES = auto()
    SAID_AT = auto()
    LANGUAGE = auto()
    PLACE = auto()
    GROUP = auto()
    KIND = auto()


Mapped = Mapping[Column, str]
POLIS: Mapped = {
    Column.TEXT: "comment-body",
    Column.KEY: "comment-id",
    Column.AUTHOR: "author-id",
    Column.MODERATED: "moderated",
    Column.AGREES: "agrees",
    Column.DISAGREES: "disagrees",
    Column.SAID_AT: "timestamp",
}
# Headers that files of other tools use, so that most need no mapping by hand.
USUAL: dict[Column, tuple[str, ...]] = {
    Column.TEXT: ("text", "comment-body", "body", "comment", "statement", "idea", "texto", "comentario"),
    Column.TITLE: ("title", "titulo", "título"),
    Column.KEY: ("id", "key", "comment-id", "number"),
    Column.AUTHOR: ("author", "author-id", "author_id", "user", "autor"),
    Column.MODERATED: ("moderated",),
    Column.AGREES: ("agrees", "agree", "likes", "endorsements", "votes"),
    Column.DISAGREES: ("disagrees", "disagree"),
    Column.SAID_AT: ("timestamp", "created_at", "created", "date", "fecha"),
    Column.LANGUAGE: ("language", "lang", "idioma"),
    Column.PLACE: ("place", "lugar", "district", "comuna"),
    Column.GROUP: ("group", "grupo"),
    Column.KIND: ("kind", "tipo"),
}
MODERATED = {
    "1": SubmissionState.VISIBLE,
    "0": SubmissionState.SUBMITTED,
    "-1": SubmissionState.HIDDEN,
    "": SubmissionState.VISIBLE,
}


class FileTooLarge(NotAcceptable):
    status: ClassVar[int] = 413
    sentence: ClassVar[str] = N_(
        "The file is larger than 20 MB. Split it, and import the parts one after another."
    )


class NotATable(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "This file has no first line with column names, so it cannot be read as a table."
    )


class TextColumnMissing(NotAcceptable):
    sentence: ClassVar[str] = N_("Say which column holds the text.")


@dataclass(frozen=True)
class Row:
    """One text as it stood in the file, cleaned."""

    line: int
    key: str
    author: str
    text: str
    title: str = ""
    state: SubmissionState = SubmissionState.VISIBLE
    agrees: int = 0
    disagrees: int = 0
    said_at: datetime | None = None
    language: str = ""
    place: str = ""
    group: StakeholderGroup | None = None
    kind: SubmissionKind = SubmissionKind.IDEA


@dataclass(frozen=True)
class BadRow:
    line: int
    reason: Phrase


class Wrong(ValueError):
    """What is wrong with one row, as a phrase."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason.english)
        self.reason = reason


def reads_as_utf_8(content: bytes) -> bool:
    """Whether every byte is UTF-8; where not, Latin-1 is offered, which reads anything."""
    try:
        codecs.decode(content, UTF_8)
    except UnicodeDecodeError:
        return False
    return True


def decoded(content: bytes, encoding: str) -> io.StringIO:
    """The file as text; bytes that are no UTF-8 are kept as marks, so that only their rows are bad."""
    if len(content) > LARGEST_FILE:
        raise FileTooLarge()
    if encoding == LATIN_1:
        return io.StringIO(content.decode(LATIN_1), newline="")
    return io.StringIO(content.decode("utf-8-sig", errors="surrogateescape"), newline="")


def headers(content: bytes, encoding: str = UTF_8) -> list[str]:
    """The names in the first line."""
    reader = table(content, encoding)
    # Bytes of another encoding stand as question marks, so that the line can be shown to whoever chooses columns.
    names = [name.strip().encode(UTF_8, "replace").decode() for name in next(reader, [])]
    if not any(names) or len(names) > MOST_COLUMNS:
        raise NotATable()
    return names


def table(content: bytes, encoding: str) -> Any:
    """A reader of the file's records; it knows the line it has come to as `line_num`."""
    csv.field_size_limit(LARGEST_FILE)
    stream = decoded(content, encoding)
    first = stream.readline()
    stream.seek(0)
    delimiter = max(",;\t", key=lambda each: (first.count(each), each == ","))
    return csv.reader(stream, delimiter=delimiter)


def guessed(names: list[str]) -> dict[Column, str]:
    """The columns recognised by their names."""
    lowered = {name.lower(): name for name in reversed(names)}
    found = {
        column: next((lowered[name] for name in usual if name in lowered), "")
        for column, usual in USUAL.items()
    }
    return {column: name for column, name in found.items() if name}


def preview(content: bytes, encoding: str = UTF_8, most: int = 8) -> list[list[str]]:
    """The first rows as they stand, each cell shortened, for choosing columns."""
    reader = table(content, encoding)
    next(reader, None)
    rows = [row for _number, row in zip(range(most), reader, strict=False)]
    return [[cell.encode(UTF_8, "replace").decode()[:160] for cell in row[:MOST_COLUMNS]] for row in rows]


def rows(content: bytes, mapping: Mapped, encoding: str = UTF_8) -> Iterator[Row | BadRow]:
    """Every row of the file in order, good or bad."""
    names = headers(content, encoding)
    places = {column: names.index(name) for column, name in mapping.items() if name in names}
    if Column.TEXT not in places:
        raise TextColumnMissing()
    reader = table(content, encoding)
    next(reader)
    seen: dict[str, int] = {}
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield one(cells, places, line, seen)
        line = reader.line_num + 1


def one(cells: list[str], places: Mapping[Column, int], line: int, seen: dict[str, int]) -> Row | BadRow:
    given = {column: cells[at].strip() if at < len(cells) else "" for column, at in places.items()}
    try:
        return good(given, line, seen)
    except Wrong as wrong:
        return BadRow(line, wrong.reason)


def good(given: Mapping[Column, str], line: int, seen: dict[str, int]) -> Row:
    text = given[Column.TEXT]
    if any("\udc80" <= character <= "\udcff" for character in text):
        raise Wrong(phrase(N_("The text is not in UTF-8. Try the import again as Latin-1.")))
    if not text:
        raise Wrong(phrase(N_("The text is missing.")))
    if len(text) > LARGEST_CELL:
        raise Wrong(phrase(N_("The text is far too long.")))
    cleaned = texts.clean(text, texts.IMPORTED_SUBMISSION)
    if cleaned.problem is not None:
        raise Wrong(cleaned.problem)
    author = line_of(given, Column.AUTHOR, 100)
    return Row(
        line=line,
        key=key_of(given, cleaned.text, author, line, seen),
        author=author,
        text=cleaned.text,
        title=line_of(given, Column.TITLE, 200),
        state=state_of(given),
        agrees=count_of(given, Column.AGREES),
        disagrees=count_of(given, Column.DISAGREES),
        said_at=moment_of(given),
        language=line_of(given, Column.LANGUAGE, 8).lower()[:2],
        place=line_of(given, Column.PLACE, 100),
        group=one_of(StakeholderGroup, given.get(Column.GROUP, "")),
        kind=one_of(SubmissionKind, given.get(Column.KIND, "")) or SubmissionKind.IDEA,
    )


def line_of(given: Mapping[Column, str], column: Column, longest: int) -> str:
    """A short cell, cleaned; what cannot be kept of it is left out, since it is not the text itself."""
    return texts.clean_line(given.get(column, "")[:longest], texts.Limits(0, longest)).text


def key_of(given: Mapping[Column, str], text: str, author: str, line: int, seen: dict[str, int]) -> str:
    """The row's own id; without one, its words and author: the same text twice then has a number."""
    key = line_of(given, Column.KEY, 100)
    if key:
        if key in seen:
            raise Wrong(phrase(N_("The id %(key)s is in line %(line)s already."), key=key, line=seen[key]))
        seen[key] = line
        return f"id:{key}"
    digest = sha256(f"{author}\n{text}".encode()).hexdigest()[:40]
    seen[digest] = seen.get(digest, 0) + 1
    return f"text:{digest}:{seen[digest]}"


def source_mark(source: str) -> str:
    """What stands before the ids of a named source, of one length whatever the name."""
    return f"{sha256(source.casefold().encode()).hexdigest()[:16]}/" if source else ""


def state_of(given: Mapping[Column, str]) -> SubmissionState:
    raw = given.get(Column.MODERATED, "")
    if raw not in MODERATED:
        raise Wrong(phrase(N_("The moderation “%(raw)s” is not 1, 0 or -1."), raw=raw[:20]))
    return MODERATED[raw]


def count_of(given: Mapping[Column, str], column: Column) -> int:
    raw = given.get(column, "")
    if not raw:
        return 0
    if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
        raise Wrong(phrase(N_("The count “%(raw)s” is not a whole number."), raw=raw[:20]))
    return int(raw)


def moment_of(given: Mapping[Column, str]) -> datetime | None:
    """An instant in seconds or milliseconds since 1970, or as ISO 8601; a day that nobody can read is left out."""
    raw = given.get(Column.SAID_AT, "")
    try:
        if raw.isdigit():
            seconds = int(raw) / (1000 if len(raw) > 11 else 1)
            return in_our_time(datetime.fromtimestamp(seconds, UTC))
        found = datetime.fromisoformat(raw)
    except (ValueError, OverflowError, OSError):
        return None
    return in_our_time(found if found.tzinfo else found.replace(tzinfo=UTC))


def in_our_time(moment: datetime) -> datetime | None:
    """Years at either end of the calendar can be kept, and then not be told in every zone."""
    return moment if moment.year in OUR_TIME else None


def one_of(words: type[Word], raw: str) -> Word | None:
    return words(raw.lower()) if raw.lower() in {each.value for each in words} else None
