"""Attachments: their kind is read off their bytes, pictures lose what they say besides, and strays are swept away."""

import io
import os
import struct
import sys
import time
import zlib
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from PIL import Image
from sqlmodel import Session, select

from app.errors import NotFound, Unavailable
from app.models.attachment import Attachment, attachments_of
from app.rules.files import FoundHarmful, KindRefused, PictureRefused, TooManyFiles
from app.rules.phases import PhaseForbids
from app.services import applications_send, attachments
from app.services.attachments import FORGOTTEN_AFTER, Keeper, add, sweep
from app.services.files_store import Folder, new_name
from tests.applied import Offered, close, make_offered

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"
PLACE = "Iquique 20.2 S"


@pytest.fixture
def offered(session: Session) -> Offered:
    return make_offered(session)


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(Folder(tmp_path / "files"))


def picture(kind: str, **options: object) -> bytes:
    """A picture that says where it was taken."""
    image = Image.new("RGB", (40, 30), (200, 120, 20))
    exif = image.getexif()
    exif[0x010E] = PLACE
    written = io.BytesIO()
    image.save(written, kind, exif=exif, **options)
    return written.getvalue()


def bomb() -> bytes:
    """A small PNG that would be a hundred million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def kept(offered: Offered, keeper: Keeper, name: str, content: bytes) -> Attachment:
    return add(offered.session, keeper, offered.begun(), name, content, offered.lead.id)


@pytest.mark.parametrize(("content", "kind", "name"), [
    (PDF, "application/pdf", "plan.pdf"), (b"Plain words.", "text/plain", "plan.txt"),
    (picture("PNG"), "image/png", "plan.png"), (picture("JPEG"), "image/jpeg", "plan.jpg"),
])  # fmt: skip
def test_a_file_is_what_its_bytes_say(
    offered: Offered, keeper: Keeper, content: bytes, kind: str, name: str
) -> None:
    found = kept(offered, keeper, "plan.exe", content)

    assert (found.media_type, found.name) == (kind, name)
    assert keeper.store.get(found.stored_as)
    assert "plan" not in found.stored_as


@pytest.mark.parametrize("content", [
    b"MZ\x90\x00\x03", b"PK\x03\x04\x14\x00", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
    b"<!DOCTYPE html><script>x</script>", b"GIF89a\x01\x00", b"\x7fELF\x02", b"\x89PNG\r\n",
    b"\xff\xfe\x00\x01",
])  # fmt: skip
def test_other_kinds_are_refused_whatever_they_are_called(
    offered: Offered, keeper: Keeper, content: bytes
) -> None:
    with pytest.raises((KindRefused, PictureRefused)):
        kept(offered, keeper, "plan.pdf", content)
    assert attachments_of(offered.session, offered.begun().id) == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_loses_what_it_says_of_its_place(offered: Offered, keeper: Keeper, kind: str) -> None:
    given = picture(kind)
    assert PLACE.encode() in given

    found = kept(offered, keeper, "photo", given)

    there = keeper.store.get(found.stored_as)
    assert PLACE.encode() not in there
    with Image.open(io.BytesIO(there)) as image:
        assert image.size == (40, 30)
        assert dict(image.getexif()) == {}


def test_a_picture_bomb_harms_nobody(offered: Offered, keeper: Keeper) -> None:
    began = time.monotonic()

    with pytest.raises(PictureRefused):
        kept(offered, keeper, "photo.png", bomb())
    assert time.monotonic() - began < attachments.SECONDS


def test_a_picture_with_something_behind_it_is_kept_without_it(offered: Offered, keeper: Keeper) -> None:
    found = kept(offered, keeper, "photo.jpg", picture("JPEG") + b"<script>alert(1)</script>")

    assert b"<script>" not in keeper.store.get(found.stored_as)


def test_ten_files_and_no_more(offered: Offered, keeper: Keeper) -> None:
    for number in range(10):
        kept(offered, keeper, f"plan {number}.txt", b"words")

    with pytest.raises(TooManyFiles):
        kept(offered, keeper, "one more.txt", b"words")


def test_files_are_part_of_what_the_receipt_covers_and_stay_afterwards(
    offered: Offered, keeper: Keeper
) -> None:
    found = kept(offered, keeper, "plan.pdf", PDF)
    application = offered.submitted()

    told = applications_send.receipt_file(offered.session, application)

    assert told["content"]["files"] == [{"name": "plan.pdf", "sha256": found.sha256}]
    with pytest.raises(applications_send.NotADraft):
        attachments.remove(offered.session, application, found)


def test_nothing_is_added_after_the_deadline(offered: Offered, keeper: Keeper) -> None:
    application = offered.begun()
    close(offered)

    with pytest.raises(PhaseForbids):
        add(offered.session, keeper, application, "plan.pdf", PDF, offered.lead.id)


def test_a_file_of_another_application_is_not_found(offered: Offered, keeper: Keeper) -> None:
    found = kept(offered, keeper, "plan.pdf", PDF)
    other = make_offered(offered.session).begun()

    with pytest.raises(NotFound):
        attachments.find(offered.session, other, found.id)


def test_the_operators_scanner_has_the_first_word(offered: Offered, tmp_path: Path) -> None:
    script = "import sys; sys.exit(b'virus' in sys.stdin.buffer.read())"
    keeper = Keeper(Folder(tmp_path), (sys.executable, "-c", script))

    kept(offered, keeper, "good.txt", b"fine words")
    with pytest.raises(FoundHarmful):
        kept(offered, keeper, "bad.txt", b"a virus")
    with pytest.raises(FoundHarmful):
        kept(offered, Keeper(Folder(tmp_path), ("/no/such/scanner",)), "good.txt", b"fine words")


def test_what_belongs_to_nothing_is_swept_and_nothing_else(offered: Offered, keeper: Keeper) -> None:
    assert isinstance(keeper.store, Folder)
    found, stray, fresh = kept(offered, keeper, "plan.pdf", PDF), new_name(), new_name()
    for name in (stray, fresh):
        keeper.store.put(name, b"nobody's")
    old = time.time() - FORGOTTEN_AFTER.total_seconds() - 60
    for name in (found.stored_as, stray):
        os.utime(keeper.store.path(name), (old, old))

    assert sweep(offered.session, keeper.store) == 1

    assert keeper.store.get(found.stored_as) == PDF
    assert keeper.store.get(fresh) == b"nobody's"
    with pytest.raises(FileNotFoundError):
        keeper.store.get(stray)


def test_a_deleted_draft_takes_its_files_with_it(offered: Offered, keeper: Keeper) -> None:
    found = kept(offered, keeper, "plan.pdf", PDF)
    applications_send.delete_draft(offered.session, offered.begun())
    assert isinstance(keeper.store, Folder)
    old = time.time() - FORGOTTEN_AFTER.total_seconds() - 60
    os.utime(keeper.store.path(found.stored_as), (old, old))

    assert offered.session.exec(select(Attachment)).all() == []
    assert sweep(offered.session, keeper.store) == 1


def test_a_name_that_is_not_ours_reaches_no_file(tmp_path: Path) -> None:
    for name in ("../secret", "/etc/passwd", "a" * 63, "A" * 64, "."):
        with pytest.raises(ValueError, match="64 hexadecimal"):
            Folder(tmp_path).get(name)


def test_few_pictures_are_made_at_once_and_a_slot_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever many people send together, pictures fill no more memory than two of them."""
    monkeypatch.setattr(attachments, "PATIENCE", 0.01)
    monkeypatch.setattr(attachments, "_slots", BoundedSemaphore(1))
    for _again in range(2):
        with pytest.raises(PictureRefused):
            attachments.without_metadata(b"no picture")

    with attachments._slots, pytest.raises(Unavailable):
        attachments.without_metadata(picture("PNG"))
