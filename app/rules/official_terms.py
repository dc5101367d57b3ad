"""Reading the official list of goals and targets of sustainable development, as the United Nations publish it.

JSON: a list of goals, each with its `targets`, or a flat list; every entry has a `code` and its words in
`description`, `title`, `label` or `text`. CSV: a table with a column `code` and one of these, or lines that begin with
"Goal 1." or "1.1", as the global indicator framework has them. Indicators ("1.1.1") are passed over.
"""

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, ClassVar

from app.errors import Refusal
from app.rules.words import N_

MOST_BYTES = 5_000_000
LONGEST = 2_000
CODE_COLUMNS = ("code", "target", "target_code", "goal_code", "id", "number", "código", "codigo")
WORDS_COLUMNS = (
    "description",
    "text",
    "title",
    "label",
    "name",
    "official",
    "descripción",
    "descripcion",
    "texto",
)
GOAL_LINE = re.compile(r"(?:goal|objetivo)\s+(\d{1,2})\s*[.:]?\s+(\S.*)", re.IGNORECASE | re.DOTALL)
CODE_LINE = re.compile(r"(\d{1,2}(?:\.[0-9a-f]{1,2})?)[.:)]?\s+(\S.*)", re.IGNORECASE | re.DOTALL)
CODE = re.compile(r"(?:goal|objetivo)?\s*(\d{1,2}(?:\.[0-9a-f]{1,2})?)[.*]?", re.IGNORECASE)
INDICATOR = re.compile(r"\d{1,2}\.[0-9a-f]{1,2}\.\d{1,2}\b.*", re.IGNORECASE | re.DOTALL)


class FileRefused(Refusal):
    """One clear line: what is wrong, and where."""

    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("This file is not taken: %(why)s")


def refused(why: str) -> FileRefused:
    return FileRefused(why=why)


def parse(content: bytes, known: Collection[str]) -> dict[str, str]:
    """The words of every known code, once each.

    Raises
    ------
    FileRefused
        With the line or entry that cannot be read, a code that is no goal or target, one that is told twice in other
        words, or the codes that are missing.
    """
    if len(content) > MOST_BYTES:
        raise refused(f"it is larger than {MOST_BYTES // 1_000_000} megabytes.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise refused(f"it is not UTF-8 at byte {problem.start}.") from problem
    if not text.strip():
        raise refused("it is empty.")
    entries = from_json(text) if text.lstrip()[0] in "[{" else from_csv(text)
    found = collected(entries, known)
    if missing := [code for code in known if code not in found]:
        named = ", ".join(missing[:8]) + (" …" if len(missing) > 8 else "")
        raise refused(f"it names {len(found)} of {len(known)} goals and targets; missing: {named}.")
    return found


def collected(entries: Iterable[tuple[str, str, str]], known: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for where, code, words in entries:
        code, words = code.lower(), " ".join(words.replace("\x00", "").split())
        if code not in known:
            raise refused(f"{where}: {code} is no goal or target.")
        if not words:
            raise refused(f"{where}: {code} has no words.")
        if len(words) > LONGEST:
            raise refused(f"{where}: the words of {code} are longer than {LONGEST} characters.")
        if found.setdefault(code, words) != words:
            raise refused(f"{where}: {code} stands twice, in other words.")
    return found


def from_json(text: str) -> Iterator[tuple[str, str, str]]:
    try:
        told = json.loads(text)
    except ValueError as problem:
        raise refused(f"it is no JSON: {problem}.") from problem
    except RecursionError as problem:
        raise refused("its JSON is nested too deeply.") from problem
    yield from entries(told if isinstance(told, list) else list(told.values()), "entry")


def entries(told: list[Any], where: str) -> Iterator[tuple[str, str, str]]:
    """Goals and, in each, its targets."""
    for number, each in enumerate(told, 1):
        place = f"{where} {number}"
        if isinstance(each, list):
            yield from entries(each, place)
            continue
        if not isinstance(each, dict):
            raise refused(f"{place} is no object with a code and words.")
        code = CODE.fullmatch(str(each.get("code", "")).strip())
        if code is None:
            raise refused(f"{place} has no code such as 7 or 7.2.")
        yield place, code.group(1), words_in(each)
        yield from entries(each.get("targets") or [], f"{place}, target")


def words_in(each: dict[str, Any]) -> str:
    """The longest of what it says: a list has a short title and a whole description, in either column."""
    return max((str(each.get(name) or "") for name in WORDS_COLUMNS), key=len)


def from_csv(text: str) -> Iterator[tuple[str, str, str]]:
    lines = text.splitlines()
    delimiter = max(",;\t", key=lambda sign: sum(line.count(sign) for line in lines[:20]))
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as problem:
        raise refused(f"it is no table: {problem}.") from problem
    heads = [cell.strip().lower() for cell in rows[0]]
    code = next((heads.index(name) for name in CODE_COLUMNS if name in heads), None)
    words = [place for place, name in enumerate(heads) if name in WORDS_COLUMNS]
    if code is None or not words:
        yield from from_lines(rows)
        return
    for number, row in enumerate(rows[1:], 2):
        cells = [*row, *[""] * len(heads)]
        if not any(cell.strip() for cell in row) or INDICATOR.fullmatch(cells[code].strip()):
            continue
        found = CODE.fullmatch(cells[code].strip())
        if found is None:
            raise refused(f"line {number}: “{cells[code].strip()[:40]}” is no code such as 7 or 7.2.")
        yield f"line {number}", found.group(1), max((cells[place] for place in words), key=len)


def from_lines(rows: Iterable[list[str]]) -> Iterator[tuple[str, str, str]]:
    """The framework as it is printed: the first cell that begins with a code has the words behind it."""
    is_any = False
    for number, row in enumerate(rows, 1):
        for cell in row:
            told = cell.strip()
            found = (
                None if INDICATOR.fullmatch(told) else GOAL_LINE.fullmatch(told) or CODE_LINE.fullmatch(told)
            )
            if found is not None:
                is_any = True
                yield f"line {number}", found.group(1), found.group(2)
                break
    if not is_any:
        raise refused("no column is called code, and no line begins with “Goal 1.” or “1.1”.")
