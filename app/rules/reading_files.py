"""Readings from a table (CSV): each line is a reading, or is reported with its number and what is wrong."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from app.errors import NotAcceptable
from app.rules import importing, texts
from app.rules.phrases import Phrase, phrase
from app.rules.texts import Limits
from app.rules.words import N_

LINES_AT_MOST = 2000
LARGEST = Decimal(10) ** 13
SOURCE = Limits(2, 300, one_line=True)
# The names that a column may have in its first line.
NAMES: dict[str, tuple[str, ...]] = {
    "at": ("day", "at", "date", "fecha", "día", "dia"),
    "value": ("value", "valor"),
    "low": ("low", "lowest", "min", "mínimo", "minimo"),
    "high": ("high", "highest", "max", "máximo", "maximo"),
    "source": ("source", "fuente"),
    "indicator": ("indicator", "indicador"),
    "forecast": ("forecast", "pronóstico", "pronostico"),
}
NEEDED = ("at", "value", "source")
YES = frozenset({"yes", "true", "1", "sí", "si"})


class ColumnsMissing(NotAcceptable):
    sentence: ClassVar[str] = N_("The first line has to name at least the columns day, value and source.")


class TooManyLines(NotAcceptable):
    sentence: ClassVar[str] = N_("A file of readings holds at most %(most)s lines.")


class NotATextFile(NotAcceptable):
    sentence: ClassVar[str] = N_("This is not a table of text (CSV, in UTF-8).")


@dataclass(frozen=True)
class Line:
    """One reading as it stood in the file; `indicator` is its name, "" for the mission's first."""

    line: int
    at: date
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    source: str
    indicator: str = ""
    is_forecast: bool = False


@dataclass(frozen=True)
class BadLine:
    line: int
    problem: Phrase


def lines(content: bytes) -> tuple[list[Line], list[BadLine]]:
    """The good lines and the bad ones, in order."""
    if b"\0" in content or not importing.reads_as_utf_8(content):
        raise NotATextFile()
    names = [name.casefold() for name in importing.headers(content)]
    places = {
        column: next((names.index(each) for each in usual if each in names), None)
        for column, usual in NAMES.items()
    }
    if any(places[each] is None for each in NEEDED):
        raise ColumnsMissing()
    good: list[Line] = []
    bad: list[BadLine] = []
    reader = importing.table(content, importing.UTF_8)
    next(reader)
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(good) + len(bad) >= LINES_AT_MOST:
                raise TooManyLines(most=LINES_AT_MOST)
            told = {
                column: cells[place].strip() if place is not None and place < len(cells) else ""
                for column, place in places.items()
            }
            found = line(reader.line_num, told)
            if isinstance(found, Line):
                good.append(found)
            else:
                bad.append(found)
    except csv.Error as problem:
        raise NotATextFile() from problem
    return good, bad


def line(number: int, told: dict[str, str]) -> Line | BadLine:
    try:
        at = date.fromisoformat(told["at"])
    except ValueError:
        return BadLine(number, phrase(N_("“%(day)s” is no day, written as 2026-03-31."), day=told["at"][:40]))
    try:
        value, low, high = (decimal(told[name]) for name in ("value", "low", "high"))
    except (InvalidOperation, ValueError):
        return BadLine(number, phrase(N_("A value is no number, written with a point before its decimals.")))
    if value is None:
        return BadLine(number, phrase(N_("The value is missing.")))
    source = texts.clean(told["source"][:300], SOURCE)
    if source.problem is not None:
        return BadLine(number, phrase(N_("It does not say where the number comes from.")))
    is_forecast = told["forecast"].casefold() in YES
    return Line(number, at, value, low, high, source.text, told["indicator"], is_forecast)


def decimal(told: str) -> Decimal | None:
    """A number of a size that is kept; None where nothing stands."""
    if not told:
        return None
    found = Decimal(told)
    if not found.is_finite() or abs(found) > LARGEST:
        raise ValueError(told)
    return found
