import base64
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import keyset
from app.rules.keyset import CursorMalformed
from tests.rules.many import many

NOON = datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)


def test_a_cursor_gives_back_what_went_in():
    key = uuid4()

    cursor = keyset.encode("newest", [NOON, 42, key, "Calama"])

    assert keyset.decode(cursor, "newest", [datetime, int, UUID, str]) == (NOON, 42, key, "Calama")
    assert cursor.isascii()
    assert not set(cursor) & set("=+/&?")


def written(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "%%%%", "é", "\x00", "=" * 8, "A" * 2_000, written(b"{}"), written(b"null"), written(b'["newest"]'),
        written(b'["oldest",1]'), written(b'["newest","1"]'), written(b'["newest",true]'), written(b'["newest",1.5]'),
        written(b'["newest",1,2]'), written(b'["newest",[1]]'), written(b'["newest",99999999999999999999]'),
        written(b"\xff\xfe"), written(b"[" * 600), written(b'["newest",NaN]'),
    ],
)  # fmt: skip
def test_a_broken_cursor_is_refused_plainly(cursor):
    with pytest.raises(CursorMalformed) as refused:
        keyset.decode(cursor, "newest", [int])

    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("not a uuid", UUID), ("2026-13-01T00:00:00Z", datetime), ("2026-01-01T00:00:00", datetime),
        (7, datetime), (7, str), ("a\x00b", str), ("", UUID),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused(value, kind):
    with pytest.raises(CursorMalformed):
        keyset.decode(written(keyset.canonical(["newest", value])), "newest", [kind])


@many()
@given(st.text() | st.binary().map(written))
def test_no_cursor_from_outside_breaks_anything(cursor):
    try:
        read = keyset.decode(cursor, "newest", [datetime, int])
    except CursorMalformed:
        return
    assert [type(each) for each in read] == [datetime, int]
