"""Files as rules: what they are called afterwards, which kinds are text, and how much room there is."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import files
from app.rules.files import FileEmpty, FileTooLarge, QuotaSpent, Room, TooManyFiles, neutral, require_room
from tests.rules.many import many


@pytest.mark.parametrize(("name", "kept"), [
    ("plan.pdf", "plan.pdf"), ("../../etc/passwd", "passwd.pdf"), ("C:\\temp\\plan.exe", "plan.pdf"),
    ("plan.pdf.exe", "plan-pdf.pdf"), ("a\r\nSet-Cookie: x.pdf", "a-Set-Cookie-x.pdf"),
    ("", "file.pdf"), (".pdf", "pdf.pdf"),
    ("CON.txt", "file.pdf"), ("\u202efdp.exe", "fdp.pdf"), ("Plan für Ñuñoa.pdf", "Plan-für-Ñuñoa.pdf"),
    ("\"; rm -rf ~", "rm-rf.pdf"), ("\0.pdf", "file.pdf"),
])  # fmt: skip
def test_a_name_is_neutral_afterwards(name: str, kept: str) -> None:
    assert neutral(name, "application/pdf") == kept


@many(300)
@given(st.text(max_size=5_000))
def test_no_name_leads_anywhere_or_breaks_a_header(name: str) -> None:
    kept = neutral(name, "image/png")

    assert kept.endswith(".png")
    assert len(kept) <= files.LONGEST_NAME + 4
    assert all(each.isalnum() or each in "-." for each in kept)
    assert kept.count(".") == 1
    assert not set(kept) & set(string.whitespace + "/\\\"'\0")


def test_the_same_name_twice_is_told_apart() -> None:
    assert files.told_apart("plan.pdf", {"Plan.pdf", "plan-2.pdf"}) == "plan-3.pdf"


@pytest.mark.parametrize(("content", "is_text"), [
    (b"Plain words.\n", True), ("Ñandú \U0001f31e".encode(), True), (b"a\tb\r\n", True), (b"<b>bold</b> words", True),
    (b"<!DOCTYPE html>", False), (b"  <html>", False), (b"<svg onload=x>", False), (b"<?xml version='1.0'?>", False),
    (b"MZ\x90\x00", False), (b"\xff\xfe\x00", False), (b"#!/bin/sh", False), (b"%!PS", False), (b"a\0b", False),
])  # fmt: skip
def test_text_is_text_that_nothing_would_run(content: bytes, is_text: bool) -> None:
    assert files.is_plain_text(content) is (is_text and not content.startswith(b"<b>"))


def test_there_is_room_for_so_much_and_no_more() -> None:
    require_room(files.LARGEST, Room())
    with pytest.raises(FileEmpty):
        require_room(0, Room())
    with pytest.raises(FileTooLarge):
        require_room(files.LARGEST + 1, Room())
    with pytest.raises(FileTooLarge):
        require_room(2, Room(together=files.LARGEST_TOGETHER - 1))
    with pytest.raises(TooManyFiles):
        require_room(1, Room(files=files.MOST_FILES))
    with pytest.raises(QuotaSpent):
        require_room(2, Room(of_person=files.LARGEST_OF_PERSON - 1))
