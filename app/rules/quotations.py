"""Whether words that somebody quotes stand in a text: letters count, their dress does not."""

import re
import unicodedata
from collections.abc import Iterable

SAME = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
                      "–": "-", "—": "-", "‑": "-", "\u00a0": " "})  # fmt: skip
LEFT_OUT = re.compile(r"\[?(?:…|\.\.\.)\]?")
AROUND = " \t\n\"'.,;:!?"


def plain(text: str) -> str:
    """Lower case, one space between words, one kind of quotation mark and dash."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(SAME)).casefold().split())


def pieces(quoted: str) -> list[str]:
    """A quotation in the parts between its dots; marks around it are not part of the words."""
    return [piece for each in LEFT_OUT.split(quoted) if (piece := plain(each).strip(AROUND))]


def stands_in(quoted: str, texts: Iterable[str]) -> bool:
    """Whether one text holds all parts of a quotation in their order; a quotation of nothing stands nowhere."""
    parts = pieces(quoted)
    return bool(parts) and any(holds(plain(text), parts) for text in texts)


def holds(text: str, parts: list[str]) -> bool:
    place = 0
    for part in parts:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return True
