"""Cursors: where a page of a long list starts, as an opaque word in the address."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.errors import Refusal
from app.rules.hashing import canonical, plain
from app.rules.words import N_

LONGEST = 1_000
BIGGEST = 2**53 - 1
Value = int | str | datetime | UUID
MOMENT: tuple[type[Value], ...] = (datetime, UUID)  # lists in the order in which things were said


class CursorMalformed(Refusal):
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = N_(
        "This address points to a page that does not exist. Start at the first page."
    )


def encode(sort: str, values: Sequence[Value]) -> str:
    """The sort and the values of the last row shown, to start after it."""
    return base64.urlsafe_b64encode(canonical([sort, *plain(list(values))])).decode().rstrip("=")


def decode(cursor: str, sort: str, shape: Sequence[type[Value]]) -> tuple[Value, ...]:
    """The values, each of the type that `shape` names; whatever else the address says is refused."""
    try:
        found = json.loads(base64.b64decode(padded(cursor), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as broken:
        raise CursorMalformed() from broken
    if not isinstance(found, list) or len(found) != len(shape) + 1 or found[0] != sort:
        raise CursorMalformed()
    return tuple(read(value, kind) for value, kind in zip(found[1:], shape, strict=True))


def padded(cursor: str) -> bytes:
    if len(cursor) > LONGEST:
        raise CursorMalformed()
    return cursor.encode("ascii") + b"=" * (-len(cursor) % 4)


def read(value: object, kind: type[Value]) -> Value:
    """One value of the expected type: a cursor comes from outside and is trusted with nothing."""
    if kind is int:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= BIGGEST:
            return value
        raise CursorMalformed()
    if not isinstance(value, str) or "\x00" in value or not value.isprintable():
        raise CursorMalformed()
    return value if kind is str else parsed(value, kind)


def parsed(value: str, kind: type[Value]) -> Value:
    try:
        if kind is UUID:
            return UUID(value)
        moment = datetime.fromisoformat(value)
    except ValueError as broken:
        raise CursorMalformed() from broken
    if moment.tzinfo is None:
        raise CursorMalformed()
    return moment
