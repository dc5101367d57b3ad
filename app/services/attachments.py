"""Attachments: a file is looked at, cleaned and kept with its application; what belongs to nothing is swept away."""

import hashlib
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from threading import BoundedSemaphore
from uuid import UUID

import puremagic
from sqlmodel import Session

from app.errors import NotFound, Unavailable
from app.models.application import Application
from app.models.attachment import Attachment, attachments_of, kept_for, stored_names
from app.models.person import Person
from app.rules import files
from app.rules.files import FoundHarmful, KindRefused, PictureRefused, Room
from app.services.applications import hold_draft
from app.services.files_store import Store, new_name, store_of
from app.settings import Settings

STRIPPER = Path(__file__).parent.parent / "strip_image.py"
SECONDS = 20
PATIENCE = 5.0  # seconds: whoever waits holds a connection to the database
_slots = BoundedSemaphore(2)
FORGOTTEN_AFTER = timedelta(hours=6)
SWEPT_AT_ONCE = 200


@dataclass(frozen=True)
class Keeper:
    """Where files go, and the command that looks for harmful ones first; none where the operator named none."""

    store: Store
    scanner: tuple[str, ...] = ()


def keeper_of(settings: Settings) -> Keeper:
    return Keeper(store_of(settings), tuple(shlex.split(settings.file_scanner)))


def add(
    session: Session, keeper: Keeper, application: Application, name: str, given: bytes, by: UUID
) -> Attachment:
    """Keep one file of a draft. It is stored before its row: what a failure leaves belongs to nothing and is swept."""
    hold_draft(session, application)
    person = session.get_one(Person, by)
    session.refresh(person, with_for_update=True)  # Two uploads of one person count each other.
    there = attachments_of(session, application.id)
    room = Room(len(there), sum(each.size for each in there), kept_for(session, by))
    files.require_room(len(given), room)
    media_type = kind_of(given)
    scan(keeper, given)
    content = without_metadata(given) if media_type in files.IMAGES else given
    files.require_room(len(content), room)
    made = Attachment(
        application_id=application.id,
        name=files.told_apart(files.neutral(name, media_type), {each.name for each in there}),
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        given_sha256=hashlib.sha256(given).hexdigest(),
        stored_as=new_name(),
        by_id=by,
    )
    keeper.store.put(made.stored_as, content)
    session.add(made)
    session.flush()
    return made


def kind_of(given: bytes) -> str:
    """What the bytes themselves say; the name and what the browser said count for nothing.

    A file that begins as one kind and holds another behind it is still served as the first alone, to be saved only.
    """
    try:
        found = [match.mime_type for match in puremagic.magic_string(given)]
    except (puremagic.PureError, ValueError):
        found = []
    for media_type, begins in BEGINNINGS.items():
        if given.startswith(begins) and media_type in found:
            return media_type
    if files.is_plain_text(given):
        return "text/plain"
    raise KindRefused()


BEGINNINGS = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}


def without_metadata(given: bytes) -> bytes:
    """The picture alone, made anew by a process of its own that has little time and little memory.

    A large picture fills much of that memory: so few are made at once that together they never fill the machine.
    """
    command = [sys.executable, "-X", "utf8", str(STRIPPER)]
    if not _slots.acquire(timeout=PATIENCE):
        raise Unavailable()
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        raise PictureRefused() from problem
    finally:
        _slots.release()
    if not done.stdout:
        raise PictureRefused()
    return done.stdout


def scan(keeper: Keeper, given: bytes) -> None:
    """Ask the operator's scanner: it reads the file from its input and answers 0 where it found nothing."""
    if not keeper.scanner:
        return
    try:
        subprocess.run(list(keeper.scanner), input=given, capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as problem:
        raise FoundHarmful() from problem


def find(session: Session, application: Application, attachment_id: UUID) -> Attachment:
    found = session.get(Attachment, attachment_id)
    if found is None or found.application_id != application.id:
        raise NotFound()
    return found


def remove(session: Session, application: Application, attachment: Attachment) -> None:
    """Take a file out of a draft; the sweeper forgets what it held."""
    hold_draft(session, application)
    session.delete(attachment)
    session.flush()


def sweep(session: Session, store: Store) -> int:
    """Forget what belongs to no application: of drafts that were thrown away, of uploads that failed half-way."""
    swept, old = 0, store.older_than(FORGOTTEN_AFTER)
    while names := list(islice(old, SWEPT_AT_ONCE)):
        for name in set(names) - stored_names(session, names):
            store.delete(name)
            swept += 1
    return swept
