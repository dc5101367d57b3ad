"""Files that people send: which kinds are taken, how large and how many, and what they are called afterwards."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.errors import Refusal
from app.rules.words import N_

MEGABYTE = 1_000_000
LARGEST = 10 * MEGABYTE
MOST_FILES = 10
LARGEST_TOGETHER = 40 * MEGABYTE
LARGEST_OF_PERSON = 200 * MEGABYTE
LONGEST_NAME = 80
# What opens nothing by itself, and what can be read in twenty years. Anything else is saved as one of these first.
KINDS: Mapping[str, str] = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "text/plain": ".txt",
}
IMAGES = frozenset({"image/png", "image/jpeg"})
# Names that some systems take for devices.
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


class FileRefused(Refusal):
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("This file cannot be kept.")


class FileEmpty(FileRefused):
    sentence = N_("This file holds nothing.")


class FileTooLarge(FileRefused):
    status = 413
    sentence = N_("A file has at most 10 megabytes, and all of an application together at most 40.")


class TooManyFiles(FileRefused):
    sentence = N_("An application has at most ten files. Remove one first.")


class QuotaSpent(FileRefused):
    sentence = N_("The files in your drafts are too large together. Remove some of them first.")


class KindRefused(FileRefused):
    sentence = N_(
        "Only PDF, PNG, JPEG and plain text are taken, whatever a file is called. Save yours as one of these."
    )


class PictureRefused(FileRefused):
    sentence = N_("This picture cannot be read, or it is too large: at most 40 million pixels.")


class FoundHarmful(FileRefused):
    sentence = N_("The check for harmful files refused this one. It was not kept.")


@dataclass(frozen=True)
class Room:
    """What is taken already: in the application, and in all drafts of whoever sends."""

    files: int = 0
    together: int = 0
    of_person: int = 0


def require_room(size: int, room: Room) -> None:
    if not size:
        raise FileEmpty()
    if size > LARGEST or room.together + size > LARGEST_TOGETHER:
        raise FileTooLarge()
    if room.files >= MOST_FILES:
        raise TooManyFiles()
    if room.of_person + size > LARGEST_OF_PERSON:
        raise QuotaSpent()


def is_plain_text(content: bytes) -> bool:
    """Text that shows as such everywhere: UTF-8 without control characters, and no mark-up that a browser would run."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any(unicodedata.category(each) == "Cc" and each not in "\n\r\t" for each in text):
        return False
    return not re.match(r"\s*(<[!?a-z]|%!|#!)", text[:1_000], re.IGNORECASE)


def neutral(name: str, media_type: str) -> str:
    """A name that is safe in every system, header and page: letters, digits and hyphens, and the ending of its kind."""
    base = unicodedata.normalize("NFKC", name.replace("\\", "/").rsplit("/", 1)[-1])[:1_000]
    stem = base.rsplit(".", 1)[0] if "." in base[1:] else base
    kept = "".join(each if each.isalnum() else "-" for each in stem)
    bare = re.sub(r"-{2,}", "-", kept).strip("-")[:LONGEST_NAME].strip("-")
    if not bare or DEVICES.fullmatch(bare):
        bare = "file"
    return bare + KINDS[media_type]


def told_apart(name: str, taken: set[str]) -> str:
    """The name with a number where another file of the application has it already."""
    stem, dot, ending = name.rpartition(".")
    number, found = 2, name
    while found.casefold() in {each.casefold() for each in taken}:
        found, number = f"{stem}-{number}{dot}{ending}", number + 1
    return found
