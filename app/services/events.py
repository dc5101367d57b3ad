"""The log of acts: one event in each act's own transaction, linked into one chain by the sealer."""

import secrets
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.event import Event
from app.models.text_version import TextVersion
from app.rules import hashing, replay_kinds
from app.rules.hashing import Checkpoint, Sealed, Verification
from app.rules.words import SubjectKind

VERIFY_BATCH = 5_000


def record(
    session: Session,
    kind: str,
    subject_kind: SubjectKind,
    subject_id: UUID,
    by: UUID | None = None,
    **facts: Any,
) -> Event:
    """Write the event of an act: ids, states and salted hashes, never words or names.

    What the act made of its subject and of everything else stands in `facts` as `rules.replay` reads it.
    """
    replay_kinds.require_known(kind)
    event = Event(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        actor_id=by,
        at=now(),
        facts=hashing.plain(facts),
    )
    session.add(event)
    return event


def keep_text(
    session: Session,
    subject_kind: SubjectKind,
    subject_id: UUID,
    number: int,
    words: str,
    by: UUID | None = None,
) -> str:
    """Keep one version of a text and answer the salted hash that its event carries."""
    version = version_of(subject_kind, subject_id, words, by, number)
    session.add(TextVersion(**version))
    return str(version["hash"])


def version_of(
    subject_kind: SubjectKind, subject_id: UUID, words: str, by: UUID | None = None, number: int = 1
) -> dict[str, Any]:
    """The columns of one version, for writing many at once."""
    salt = secrets.token_hex(16)
    return {
        "id": uuid4(),
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "number": number,
        "words": words,
        "salt": salt,
        "hash": hashing.text_hash(words, salt),
        "author_id": by,
        "created_at": now(),
    }


def erase_texts(session: Session, subject_kind: SubjectKind, subject_id: UUID) -> None:
    """Withdrawn consent: words and salt go, the hash in the event says nothing without them."""
    for version in versions(session, subject_kind, subject_id):
        version.words = version.salt = None


def versions(session: Session, subject_kind: SubjectKind, subject_id: UUID) -> list[TextVersion]:
    query = select(TextVersion).where(
        TextVersion.subject_kind == subject_kind, TextVersion.subject_id == subject_id
    )
    return list(session.exec(query.order_by(col(TextVersion.number))))


def of_subject(session: Session, subject_kind: SubjectKind, subject_id: UUID) -> list[Event]:
    query = select(Event).where(Event.subject_kind == subject_kind, Event.subject_id == subject_id)
    return list(session.exec(query.order_by(col(Event.id))))


def facts_of(event: Any) -> dict[str, Any]:
    """What the hash of an event covers, from its record or from a row of its columns."""
    return {
        "id": event.id,
        "kind": event.kind,
        "subject_kind": event.subject_kind.value,
        "subject_id": str(event.subject_id),
        "actor_id": str(event.actor_id) if event.actor_id else None,
        "at": event.at,
        "facts": event.facts,
    }


def seal(session: Session, limit: int) -> int:
    """Link the oldest unsealed events, in order of writing; the caller makes sure that one sealer works at a time."""
    last = session.exec(
        select(Event).where(col(Event.seq).is_not(None)).order_by(col(Event.seq).desc()).limit(1)
    ).first()
    seq, head = (last.seq or 0, last.hash or hashing.GENESIS) if last else (0, hashing.GENESIS)
    waiting = session.exec(
        select(Event).where(col(Event.seq).is_(None)).order_by(col(Event.id)).limit(limit)
    ).all()
    at = now()
    for event in waiting:
        seq += 1
        event.seq, event.previous_hash, event.sealed_at = seq, head, at
        head = event.hash = hashing.event_hash(head, facts_of(event))
    session.flush()
    return len(waiting)


def unsealed(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Event).where(col(Event.seq).is_(None))).one()


def verify(session: Session, checkpoint: Checkpoint | None = None) -> Verification:
    """Walk the whole chain and say whether it holds, and how many events are not yet sealed."""

    def rows() -> Any:
        # Columns, not records: nothing of a long log stays in the session.
        query = select_columns(Event.__table__).order_by(col(Event.seq).nulls_last(), col(Event.id))  # type: ignore[attr-defined]
        for event in session.connection().execute(query.execution_options(yield_per=VERIFY_BATCH)):
            yield Sealed(facts_of(event), event.seq, event.previous_hash, event.hash)

    return hashing.verify(rows(), checkpoint)
