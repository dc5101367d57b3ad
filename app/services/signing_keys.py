"""The platform's own key: where it is kept, how it begins and is handed over, and which keys there were."""

import base64
import os
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from sqlmodel import Session

from app.errors import Conflict
from app.models.columns import now
from app.models.signature import SigningKey, keys
from app.rules import notes
from app.rules.notes import PublicKey, Signer
from app.rules.words import N_, SubjectKind
from app.services import events
from app.settings import Settings

FILE, NEXT = "signing-key", "signing-key.next"


class KeyNotReadable(Conflict):
    sentence: ClassVar[str] = N_(
        "The signing key cannot be read. It is a name, a space and 32 bytes in base64."
    )


class KeyRetired(Conflict):
    """Two machines with a key of their own each, or a copy of an older var folder."""

    sentence: ClassVar[str] = N_(
        "This process holds a signing key that another has taken the place of. Give every machine the newest one as "
        "SIGNING_KEY."
    )


def name_of(settings: Settings) -> str:
    """Whose key it is: the address of the log without its scheme, as logs name themselves."""
    parts = urlsplit(settings.origin)
    return f"{parts.netloc}{parts.path}/events"


def fresh(settings: Settings) -> Signer:
    return Signer(name_of(settings), notes.new_seed())


def written(signer: Signer) -> str:
    return f"{signer.name} {notes.encoded(signer.seed)}\n"


def parsed(text: str) -> Signer:
    try:
        name, seed = text.split()
        signer = Signer(name, base64.b64decode(seed, validate=True))
        _ = signer.public
    except ValueError as problem:
        raise KeyNotReadable() from problem
    return signer


def signer(settings: Settings) -> Signer:
    """The key of the settings, or of the file under var, which the first start makes for its owner alone."""
    if settings.signing_key:
        return parsed(settings.signing_key)
    path = Path(settings.var_dir) / FILE
    if not path.exists():
        keep(path, fresh(settings), replace=False)
    return parsed(path.read_text())


def keep(path: Path, signer: Signer, *, replace: bool) -> None:
    """Write the key so that it is there whole or not at all, and readable by nobody else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(written(signer))
        file.flush()
        os.fsync(file.fileno())
    if replace:
        temporary.replace(path)
        return
    try:
        os.link(temporary, path)  # The first of two processes that start together makes the key.
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def present(session: Session, signer: Signer, previous: Signer | None = None) -> SigningKey:
    """The row of this key, which must be the newest; a key that was never seen begins now, with its event."""
    known, public = keys(session), signer.public.text
    if known and known[0].public == public:
        return known[0]
    if any(each.public == public for each in known):
        raise KeyRetired()
    return begin(session, signer, known[0] if known else None, previous)


def begin(session: Session, signer: Signer, last: SigningKey | None, previous: Signer | None) -> SigningKey:
    """Write a key into the list and into the log. The key before it signs too, where it is at hand."""
    number = last.number + 1 if last else 1
    at = now()
    text = (
        f"comission-key/1\nnumber {number}\nkey {signer.public.text}\n"
        f"after {last.public if last else 'none'}\nsince {at.isoformat()}\n"
    )
    hands_over = previous is not None and last is not None and previous.public.text == last.public
    signers = (signer, previous) if hands_over and previous else (signer,)
    row = SigningKey(
        number=number,
        name=signer.name,
        public=signer.public.text,
        note=notes.sign(text, *signers),
        began_at=at,
    )
    session.add(row)
    session.flush()
    events.record(
        session, "signing_key_added", SubjectKind.KEY, row.id, number=number, key=signer.public.text,
        handed_over=hands_over,
    )  # fmt: skip
    session.flush()
    return row


class KeyInSettings(Conflict):
    sentence: ClassVar[str] = N_(
        "The key stands in SIGNING_KEY. Put a new one there (comission keys --new) and the old one into "
        "PREVIOUS_SIGNING_KEY; the next start hands over."
    )


def rotate(session: Session, settings: Settings) -> SigningKey:
    """Begin a new key, signed by the old one. It lies beside the old file until `settle` finds it in the list."""
    if settings.signing_key:
        raise KeyInSettings()
    settle(session, settings)
    old = signer(settings)
    present(session, old)
    new = fresh(settings)
    keep(Path(settings.var_dir) / NEXT, new, replace=True)
    return present(session, new, old)


def settle(session: Session, settings: Settings) -> None:
    """After a rotation, or one that broke off: the new file takes the old one's place if its key is in the list."""
    waiting = Path(settings.var_dir) / NEXT
    if settings.signing_key or not waiting.exists():
        return
    newest = keys(session)[:1]
    if newest and newest[0].public == parsed(waiting.read_text()).public.text:
        waiting.replace(waiting.with_name(FILE))


def at_hand(session: Session, settings: Settings) -> tuple[Signer, SigningKey]:
    """The key to sign with, in the list of keys."""
    settle(session, settings)
    own = signer(settings)
    previous = parsed(settings.previous_signing_key) if settings.previous_signing_key else None
    return own, present(session, own, previous)


def public_keys(session: Session) -> list[PublicKey]:
    return [notes.read_key(each.public) for each in keys(session)]


def was_handed_over(row: SigningKey, before: SigningKey | None) -> bool:
    """Whether the key before this one signed for it too; a key that was lost could not."""
    if before is None:
        return True
    return bool(notes.read(row.note).signed_by([notes.read_key(before.public)]))


def told(session: Session) -> list[dict[str, object]]:
    """What `comission keys` lists, the newest first."""
    return [{"number": each.number, "key": each.public, "since": each.began_at} for each in keys(session)]
