"""Signed notes and checkpoints: plain text that names what is true, with Ed25519 signatures below it.

The form is C2SP's signed note (https://c2sp.org/signed-note) with the type of Ed25519, so that tools made for
transparency logs can read and check it. A checkpoint has the form of C2SP's (https://c2sp.org/tlog-checkpoint):
origin, size, hash in base64. Our log is a chain and no tree: the third line is the hash of its last event.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.errors import Refusal
from app.rules.words import N_

ED25519 = b"\x01"
DASH = "— "  # an em dash and a space begin each line of a signature
LONGEST = 100_000
MOST_SIGNATURES = 100


class NotANote(Refusal):
    """Neither a signed note nor a checkpoint: nothing can be checked."""

    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("This is not a signed note: %(why)s")


@dataclass(frozen=True)
class PublicKey:
    """`name` says whose key it is; the id ties name, kind and key together and is not secret."""

    name: str
    raw: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(each.isspace() for each in self.name):
            raise ValueError("a key's name is text without spaces and without a plus sign")
        if len(self.raw) != 32:
            raise ValueError("an Ed25519 key has 32 bytes")

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    @property
    def text(self) -> str:
        """The key as it is published: name, id in hexadecimal, kind and key in base64."""
        return f"{self.name}+{self.id.hex()}+{encoded(ED25519 + self.raw)}"

    def holds(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def read_key(text: str) -> PublicKey:
    """A key as it is published; `NotANote` where its id is not that of its name and key."""
    try:
        name, identity, key = text.strip().split("+", 2)
        raw = base64.b64decode(key, validate=True)
        known = PublicKey(name, raw[1:])
    except (ValueError, binascii.Error) as problem:
        raise NotANote(why=N_("the key cannot be read.")) from problem
    if raw[:1] != ED25519 or identity != known.id.hex():
        raise NotANote(why=N_("the key cannot be read."))
    return known


@dataclass(frozen=True)
class Signer:
    """A private key with its name. Its text never leaves the process that holds it."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.name, self._key.public_key().public_bytes_raw())

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def line(self, text: str) -> str:
        """The line of this key's signature below a text."""
        return f"{DASH}{self.name} {encoded(self.public.id + self._key.sign(text.encode()))}\n"


def new_seed() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def sign(text: str, *signers: Signer) -> str:
    """The text, an empty line, and a line for each signature."""
    if not text.endswith("\n") or "\n\n" in text or text.startswith("\n"):
        raise ValueError("a note has no empty lines and ends with the end of a line")
    return text + "\n" + "".join(signer.line(text) for signer in signers)


@dataclass(frozen=True)
class Note:
    """A note as it was read: its text, and each signature's name, id of its key, and bytes."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def signed_by(self, keys: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
        """Which of these keys signed it. A signature of a known key that does not hold spoils the whole note."""
        known = {(key.name, key.id): key for key in keys}
        found: list[PublicKey] = []
        for name, identity, signature in self.signatures:
            key = known.get((name, identity))
            if key is None:
                continue
            if not key.holds(self.text.encode(), signature):
                raise NotANote(why=N_("a signature does not fit the text."))
            if key not in found:
                found.append(key)
        return tuple(found)


def read(note: str) -> Note:
    """A note as it is published, byte for byte."""
    if len(note) > LONGEST:
        raise NotANote(why=N_("it is too long."))
    text, gap, lines = note.rpartition("\n\n")
    listed = lines.split("\n")
    if not gap or not text or listed.pop() != "" or not 0 < len(listed) <= MOST_SIGNATURES:
        raise NotANote(why=N_("a text, an empty line and signatures are expected."))
    return Note(text + "\n", tuple(read_line(each) for each in listed))


def read_line(line: str) -> tuple[str, bytes, bytes]:
    name, _, value = line.removeprefix(DASH).partition(" ")
    try:
        raw = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error) as problem:
        raise NotANote(why=N_("a line of a signature cannot be read.")) from problem
    if not line.startswith(DASH) or not name or len(raw) != 4 + 64:
        raise NotANote(why=N_("a line of a signature cannot be read."))
    return name, raw[:4], raw[4:]


@dataclass(frozen=True)
class LogHead:
    """How long a log is and the hash of its last event, as its checkpoint says."""

    origin: str
    size: int
    head: str  # in hexadecimal, as everywhere else

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{encoded(bytes.fromhex(self.head))}\n"


def read_head(text: str) -> LogHead:
    """The first three lines of a checkpoint; more may follow and are not ours."""
    lines = text.split("\n")
    try:
        origin, size, head = lines[0], lines[1], base64.b64decode(lines[2], validate=True)
        if (
            not origin
            or not size.isascii()
            or not size.isdigit()
            or str(int(size)) != size
            or len(head) != 32
        ):
            raise ValueError
    except (IndexError, ValueError, binascii.Error) as problem:
        raise NotANote(why=N_("it is no checkpoint of a log.")) from problem
    return LogHead(origin, int(size), head.hex())
