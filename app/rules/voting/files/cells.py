"""The cells of a table: rows with their lines, and quotation marks that are never closed."""

import csv
from collections.abc import Iterator, Sequence

from app.rules.voting.files.vote_file import LONGEST_CELL, BadFile

Row = tuple[int, list[str]]


def rows_of(lines: Sequence[str], delimiter: str) -> Iterator[Row]:
    """Each row in which anything stands, with the last line it takes."""
    reader = csv.reader(lines, delimiter=delimiter)
    begun = 1
    try:
        for cells in reader:
            # Said here too: another part of the process may have raised what the reader itself refuses.
            if max(map(len, cells), default=0) > LONGEST_CELL:
                raise BadFile(begun, "this line cannot be taken apart (a cell has no end).")
            if is_open(lines[begun - 1 : reader.line_num]):
                raise BadFile(begun, "a quotation mark is opened here and never closed.")
            begun = reader.line_num + 1
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as problem:
        raise BadFile(begun, f"this line cannot be taken apart ({problem}).") from problem


def is_open(lines: Sequence[str]) -> bool:
    """Whether a row takes several lines because a mark of it has no other: it swallowed rows after it."""
    return len(lines) > 1 and sum(line.count('"') for line in lines) % 2 == 1
