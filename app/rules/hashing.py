"""Canonical JSON, digests, and the chain of events: what lets a stranger check that nothing was changed.

Canonical JSON follows RFC 8785 for the types we allow: text, whole numbers, true, false, null, lists
and objects. Decimal numbers are refused, because two languages may write the same one differently.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from fractions import Fraction
from typing import Any
from uuid import UUID

SAFE_INTEGER = 2**53 - 1  # RFC 8785 builds on I-JSON: larger whole numbers are not exact everywhere.
GENESIS = "0" * 64


def canonical(value: Any) -> bytes:
    """The one way to write this value as UTF-8 JSON; ValueError for what has no such way."""
    ordered = in_order(value)
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def in_order(value: Any) -> Any:
    """Check the types all the way down, and sort every object's keys as RFC 8785 does (by UTF-16 unit)."""
    if type(value) is str or value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise ValueError("a whole number beyond 2**53 - 1 has no canonical form")
        return value
    if isinstance(value, (list, tuple)):
        return [in_order(each) for each in value]
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("the keys of an object must be text")
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: in_order(value[key]) for key in keys}
    raise ValueError(f"a {type(value).__name__} has no canonical form")


def plain(value: Any) -> Any:
    """Turn what our rows hold (ids, instants, enums, fractions) into what canonical JSON can write."""
    # Most values are plain already, and a chain of a million events asks for each of them.
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(each) for each in value), key=canonical)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    return value


def instant(moment: datetime) -> str:
    """An instant in UTC to the microsecond; one without a zone names no instant and is refused."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in lower-case hexadecimal."""
    return hashlib.sha256(canonical(plain(value))).hexdigest()


def text_hash(words: str, salt: str) -> str:
    """What an event keeps of a text: HMAC-SHA-256 keyed with its salt; without the salt it says nothing."""
    return hmac.new(salt.encode(), words.encode(), hashlib.sha256).hexdigest()


def ballots_commitment(decision_id: UUID, ballots: Iterable[Mapping[str, Any]]) -> str:
    """One hash for all ballots of a decision, whatever order they came in."""
    listed = sorted((plain(dict(ballot)) for ballot in ballots), key=canonical)
    return digest({"decision": decision_id, "ballots": listed})


def link(previous: str, event_digest: str) -> str:
    """Join one event to all before it. Needs only digests, so that anyone can recompute the public log."""
    return digest({"event": event_digest, "previous": previous})


def event_hash(previous: str, event: Mapping[str, Any]) -> str:
    """The hash of an event (its id, kind, subject, actor, instant and facts) after the one before it."""
    return link(previous, digest(event))


@dataclass(frozen=True)
class Sealed:
    """An event as it stands in the log; `seq` is None while the sealer has not linked it yet."""

    event: Mapping[str, Any]
    seq: int | None = None
    previous_hash: str | None = None
    hash: str | None = None


@dataclass(frozen=True)
class Checkpoint:
    """How long the chain was, and its last hash, as written down elsewhere."""

    count: int
    head: str


@dataclass(frozen=True)
class Verification:
    """`count` events hold together, up to `head`; `first_bad` is the first place where they do not."""

    count: int
    unsealed: int
    head: str
    first_bad: int | None = None

    @property
    def holds(self) -> bool:
        return self.first_bad is None


def verify(events: Iterable[Sealed], checkpoint: Checkpoint | None = None) -> Verification:
    """Walk the log in order of `seq`. Only a checkpoint can show that the newest events were cut off."""
    count, unsealed, head, first_bad = 0, 0, GENESIS, None
    for each in events:
        if each.seq is None:
            unsealed += 1
            continue
        if first_bad is not None:
            continue
        follows = each.seq == count + 1 and each.previous_hash == head
        if not follows or each.hash != event_hash(head, each.event):
            first_bad = count + 1
            continue
        count, head = each.seq, each.hash
        if checkpoint is not None and count == checkpoint.count and head != checkpoint.head:
            first_bad = count
    if first_bad is None and checkpoint is not None and count < checkpoint.count:
        first_bad = count + 1
    return Verification(count, unsealed, head, first_bad)
