"""What people type, made safe to keep and to show without changing what it says.

Refused, with the reason: NUL, lone surrogates, too short, too long, nothing visible.
Changed: normalised to NFC; line ends to \\n; other control characters, direction overrides and isolates,
zero-width spaces and tag characters are dropped; runs of spaces become one, of empty lines one; a letter
keeps four combining marks at most (no living script needs more), the rest of the pile is dropped.
A single endless word is kept: the style sheet breaks it.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from app.errors import Refusal
from app.rules.phrases import Phrase, phrase
from app.rules.words import N_

MARKS_AT_MOST = 4
JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c")  # Persian, Indic scripts, emoji, right-to-left marks
# Number signs of Arabic, Syriac and Kaithi count as formats for Unicode, yet they are seen.
SHOWN_FORMATS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and symbols that show nothing
LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
SURROGATES = re.compile("[\ud800-\udfff]")
SPACES = re.compile(r"[^\S\n]+")
# Most texts hold nothing that could be dropped or normalised, and are spared the walk over every character.
HARMLESS = re.compile("[\n\t\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u20a0-\u20bf]*")
EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Limits:
    """How long a text may be, in characters as they are kept."""

    minimum: int
    maximum: int
    one_line: bool = False


SUBMISSION = Limits(10, 5_000)
IMPORTED_SUBMISSION = Limits(1, 5_000)
DRAFT = Limits(0, 5_000)
SUBMISSION_TITLE = Limits(0, 200, one_line=True)
COMMENT = Limits(2, 2_000)
REASON = Limits(3, 2_000)
OPTIONAL_REASON = Limits(0, 2_000)
OBJECTION = Limits(10, 2_000)
ANSWER = Limits(10, 5_000)
REMARK = Limits(0, 2_000)
TITLE = Limits(3, 200, one_line=True)
QUESTION = Limits(10, 500, one_line=True)
BRIEF = Limits(0, 20_000)
CLAUSE = Limits(3, 5_000)
NAME = Limits(2, 100, one_line=True)
LABEL = Limits(2, 120, one_line=True)
PLACE = Limits(0, 100, one_line=True)
SHORT = Limits(0, 200, one_line=True)
SOURCE = Limits(0, 80, one_line=True)


@dataclass(frozen=True)
class Cleaned:
    """The text to keep, or to show again in the form, and what is wrong with it if anything is."""

    text: str
    problem: Phrase | None = None


class TextRefused(Refusal):
    """For callers without a form: imports, the command line, services."""

    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("This text cannot be kept: %(problem)s")


def clean(raw: str, limits: Limits) -> Cleaned:
    """Normalise a text and check its length; a refused text comes back as far as it can be shown."""
    if "\x00" in raw or SURROGATES.search(raw):
        shown = SURROGATES.sub("\ufffd", raw.replace("\x00", "\ufffd"))[: limits.maximum]
        return Cleaned(
            shown, phrase(N_("It contains a character that cannot be stored. Type the text again, please."))
        )
    if len(raw) > 4 * limits.maximum + 1_000:
        # Far beyond the limit even after cleaning: not worth the work, which a flood would make us do.
        return Cleaned(raw[: limits.maximum], too_long(len(raw), limits))
    text = tidy(raw)
    if limits.one_line:
        text = " ".join(text.split())
    return Cleaned(text, length_problem(text, limits))


def shortened(text: str, most: int) -> str:
    """The beginning of a text, cut where a word or a sentence ends, with three dots where it goes on."""
    if len(text) <= most:
        return text
    head = text[:most]
    ends = [head.rfind(sign) for sign in " 。！？，、；"]
    whole = head[: max(ends)] if max(ends) > most // 2 else head
    return whole.rstrip(" .,;:。，、；") + "…"


def require_clean(raw: str, limits: Limits) -> str:
    cleaned = clean(raw, limits)
    if cleaned.problem is not None:
        raise TextRefused(problem=cleaned.problem)
    return cleaned.text


def clean_line(raw: str, limits: Limits = NAME) -> Cleaned:
    """A name or a title: one line, never with a line end that could start a header of a mail."""
    return clean(raw, Limits(limits.minimum, limits.maximum, one_line=True))


def tidy(raw: str) -> str:
    """Everything that `clean` changes, and no check."""
    text = LINE_ENDS.sub("\n", raw)
    if not HARMLESS.fullmatch(text):
        # NFC takes a few letters apart, so that the marks are counted again after it.
        text = unpile(unicodedata.normalize("NFC", unpile(text)))
    return spaced(text)


def spaced(text: str) -> str:
    """One space between words, one empty line at most between paragraphs, none around."""
    lines = (SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def unpile(text: str) -> str:
    """Drop characters that steer or hide, and marks beyond the fourth on one letter."""
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if is_dropped(character, category):
            continue
        if category in ("Mn", "Me"):
            marks += 1
            if marks > MARKS_AT_MOST:
                continue
        elif character in JOINERS:
            if kept and kept[-1] in JOINERS:
                continue
        else:
            marks = 0
        kept.append(character)
    return "".join(kept)


def is_dropped(character: str, category: str) -> bool:
    if category == "Cc":
        return character not in "\n\t"
    return category == "Cf" and character not in JOINERS and character not in SHOWN_FORMATS


def shown_length(text: str) -> int:
    """Characters that a reader sees, so that ten joiners between ten spaces are not twenty characters."""
    return len(spaced("".join(each for each in text if each not in JOINERS and each not in BLANKS)))


def length_problem(text: str, limits: Limits) -> Phrase | None:
    length = shown_length(text)
    if limits.minimum and not length:
        return phrase(N_("Please write something here."))
    if length < limits.minimum:
        return phrase(
            N_("This is too short: it needs at least %(minimum)s characters and has %(length)s."),
            minimum=limits.minimum,
            length=length,
        )
    return too_long(len(text), limits) if len(text) > limits.maximum else None


def too_long(length: int, limits: Limits) -> Phrase:
    return phrase(
        N_("This is too long: at most %(maximum)s characters fit and it has %(length)s."),
        maximum=limits.maximum,
        length=length,
    )


FORMULA = re.compile("[\\s\ufeff\x00-\x1f]*[=+\\-@|\uff1d\uff0b\uff0d\uff20]|[\t\r]")
NUMBER = re.compile(r"-?\d+([.,]\d+)?")


def csv_safe(cell: object) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe goes before it. Plain numbers stay."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text
