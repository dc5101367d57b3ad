"""Pages as PDF files: of HTML that is ours alone, with no address fetched, and our own fonts."""

import logging
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from threading import BoundedSemaphore
from typing import Any, ClassVar

from app.errors import NotAcceptable, Refusal, Unavailable
from app.rules.words import N_

log = logging.getLogger(__name__)
LONGEST = 2_000_000  # letters of HTML
PATIENCE = 10.0  # seconds in which the file before may be finished
# Making one keeps a processor busy for a second: one after another, so that pages stay fast meanwhile.
_slot = BoundedSemaphore(1)


class NoPapersHere(Refusal):
    status: ClassVar[int] = 501
    sentence: ClassVar[str] = N_(
        "This server cannot make PDF files: a library of its system is missing. Print the page instead: it is made for "
        "paper, and every browser can save it as PDF."
    )


class PapersBusy(Unavailable):
    sentence: ClassVar[str] = N_(
        "Other PDF files are being made at the moment. Please try again in a minute."
    )


class PaperTooLong(NotAcceptable):
    sentence: ClassVar[str] = N_("This page is too long for a PDF file. Print the page instead.")


@cache
def printer() -> Any:
    """What makes the files, or None where its libraries cannot be loaded; asked once, at the first need."""
    try:
        return import_module("app.services.papers_print")
    except (ImportError, OSError) as problem:
        log.warning("pdf_unavailable", extra={"problem": type(problem).__name__})
        return None


def may_print() -> bool:
    """Whether a file can be asked for, as far as that is known without loading anything for it."""
    if printer.cache_info().currsize:
        return printer() is not None
    return find_spec("weasyprint") is not None


def require_printer() -> None:
    if printer() is None:
        raise NoPapersHere()


def make(html: str, origin: str) -> bytes:
    """The file; links lead to `origin`. The HTML is of a template of ours, in which what people wrote is escaped."""
    require_printer()
    if len(html) > LONGEST:
        raise PaperTooLong()
    if not _slot.acquire(timeout=PATIENCE):
        raise PapersBusy()
    try:
        made: bytes = printer().pdf(html, origin)
        return made
    finally:
        _slot.release()
