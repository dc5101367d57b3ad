"""Signed notes: read and written as C2SP says, and nothing in them can be changed unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import notes
from app.rules.notes import LogHead, NotANote, PublicKey, Signer
from tests.rules.many import many

# The example of the specification's own library (c2sp.org/signed-note), made by none of our code.
KNOWN_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
KNOWN_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
ONE, OTHER = Signer("town.example/events", bytes(range(32))), Signer("paper.example/w", bytes(range(1, 33)))
TEXT = "town.example/events\n12\n" + notes.encoded(b"\7" * 32) + "\n"


def test_a_note_that_another_program_signed_is_read_and_holds() -> None:
    key = notes.read_key(KNOWN_KEY)

    assert key.text == KNOWN_KEY
    assert notes.read(KNOWN_NOTE).signed_by([key]) == (key,)


def test_our_note_is_the_text_an_empty_line_and_a_signature_of_each() -> None:
    note = notes.sign(TEXT, ONE, OTHER)

    assert note.startswith(TEXT + "\n— town.example/events ")
    assert notes.read(note).signed_by([OTHER.public, ONE.public]) == (ONE.public, OTHER.public)


def test_signatures_of_unknown_keys_count_for_nothing() -> None:
    stranger = Signer(ONE.name, bytes([9]) * 32)

    assert notes.read(notes.sign(TEXT, stranger)).signed_by([ONE.public]) == ()


@many(300)
@given(st.data())
def test_one_changed_byte_is_always_seen(data: st.DataObject) -> None:
    raw = bytearray(notes.sign(TEXT, ONE).encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    try:
        signed_by = notes.read(raw.decode()).signed_by([ONE.public])
    except (NotANote, UnicodeDecodeError):
        return

    assert signed_by == ()


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    head = LogHead("town.example/events", 12, "07" * 32)

    assert head.text == TEXT
    assert notes.read_head(head.text) == head
    assert notes.read_head(head.text + "more\n") == head


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", "a\n01\nBw==\n", "a\n-1\nBw==\n", "\n1\n" + TEXT.split("\n")[2], "a\n²\n" + "A" * 44],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        notes.read_head(text)


@pytest.mark.parametrize(
    "note", ["", "\n", "a\n", "a\n\n", "a\n\n— b c\n", "a\n\nb\n", KNOWN_NOTE + "x", KNOWN_NOTE[:-1]]
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NotANote):
        notes.read(note)


def test_a_key_whose_id_is_another_keys_is_refused() -> None:
    with pytest.raises(NotANote):
        notes.read_key(KNOWN_KEY.replace("530d903a", "530d903b"))
    with pytest.raises(ValueError):
        PublicKey("two words", bytes(32))


def test_a_signer_never_shows_its_key() -> None:
    assert repr(ONE) == "Signer('town.example/events')"
