"""Any file of votes: its format by its name, or by how it begins."""

import re
from collections.abc import Callable, Sequence
from pathlib import PurePath

from app.rules.voting.files import abif, blt, pabulib, preflib, table
from app.rules.voting.files.text import lines_of
from app.rules.voting.files.vote_file import BadFile, VoteFile
from app.rules.voting.profile import MarkKind

Reader = Callable[[Sequence[str], MarkKind], VoteFile]
FORMATS: dict[str, Reader] = {
    ".abif": abif.read,
    ".blt": blt.read,
    ".csv": table.read,
    ".pb": pabulib.read,
    ".soc": preflib.read,
    ".soi": preflib.read,
    ".toc": preflib.read,
    ".toi": preflib.read,
    ".tsv": table.read,
}
# How a file begins whose name says nothing; asked in this order.
BEGINNINGS: tuple[tuple[str, Reader], ...] = (
    (r"META\s*;?\s*$", pabulib.read),
    (r"#\s*(FILE NAME|TITLE|DATA TYPE|NUMBER ALTERNATIVES|ALTERNATIVE NAME)", preflib.read),
    (r"\d+\s*$", preflib.read),
    (r"\d+\s+\d+\s*(#.*)?$", blt.read),
    (r"(=|\{|#|\d+\s*[:*]|[^,;\t]*>)", abif.read),
    (r"[^,;\t]*[,;\t]", table.read),
)


def read(name: str, content: bytes, wanted: MarkKind) -> VoteFile:
    """The votes of a file; `wanted` is what the rule counts, for formats whose numbers can mean several things.

    Raises
    ------
    BadFile
        With the line and what is wrong there.
    """
    lines = lines_of(content)
    reader = FORMATS.get(PurePath(name).suffix.lower()) or by_beginning(lines)
    found = reader(lines, wanted)
    if not found.options:
        raise BadFile(0, "the file names no options.")
    return found


def by_beginning(lines: Sequence[str]) -> Reader:
    begun = next(text for text in lines if text.strip()).strip()
    for pattern, reader in BEGINNINGS:
        if re.match(pattern, begun, re.IGNORECASE):
            return reader
    raise BadFile(0, f"this is none of the formats {', '.join(sorted(FORMATS))}.")
