"""Signatures: the platform's keys, what it signed of each decision, and checkpoints of the log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Text, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from app.models.columns import created, key, to, word
from app.rules.words import SignedFor


class SigningKey(SQLModel, table=True):
    """A public key, kept for ever so that what it signed can be checked; the newest one signs."""

    __tablename__ = "signing_key"

    id: UUID = key()
    number: int = Field(unique=True)
    name: str = Field(max_length=200)
    public: str = Field(max_length=300, unique=True)  # as published: name, id, key
    # The handing over: the new key's text, signed by the new key and by the one before it.
    note: str = Field(sa_type=Text)
    began_at: datetime = created()


class Signature(SQLModel, table=True):
    """One signed note about one decision; never changed."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("decision_id", "purpose", name="signed_once_for_each_purpose"),)

    id: UUID = key()
    decision_id: UUID = to("decision.id")
    purpose: SignedFor = word(SignedFor)
    digest: str = Field(max_length=64)
    key_id: UUID = to("signing_key.id")
    note: str = Field(sa_type=Text)
    signed_at: datetime = created()


class SignedLog(SQLModel, table=True):
    """How many events of a decision the log holds, and their hashes, signed; never changed, another follows."""

    __tablename__ = "signed_log"
    __table_args__ = (UniqueConstraint("decision_id", "size", name="a_log_is_signed_once_for_each_length"),)

    id: UUID = key()
    decision_id: UUID = to("decision.id")
    size: int
    key_id: UUID = to("signing_key.id")
    note: str = Field(sa_type=Text)
    signed_at: datetime = created()


class LogCheckpoint(SQLModel, table=True):
    """How long the log was and its last hash, signed; never changed."""

    __tablename__ = "log_checkpoint"

    id: UUID = key()
    size: int = Field(sa_column=Column(BigInteger, unique=True, nullable=False))
    head: str = Field(max_length=64)
    key_id: UUID = to("signing_key.id")
    note: str = Field(sa_type=Text)
    signed_at: datetime = created()


def keys(session: Session) -> list[SigningKey]:
    """Every key there was, the newest first."""
    return list(session.exec(select(SigningKey).order_by(col(SigningKey.number).desc())))


def signatures_of(session: Session, decision_id: UUID) -> list[Signature]:
    query = select(Signature).where(Signature.decision_id == decision_id)
    return list(session.exec(query.order_by(col(Signature.signed_at), col(Signature.purpose))))


def signed_log_of(session: Session, decision_id: UUID) -> SignedLog | None:
    """The latest, which holds the most events."""
    query = select(SignedLog).where(SignedLog.decision_id == decision_id)
    return session.exec(query.order_by(col(SignedLog.size).desc()).limit(1)).first()


def latest_checkpoint(session: Session) -> LogCheckpoint | None:
    return session.exec(select(LogCheckpoint).order_by(col(LogCheckpoint.size).desc()).limit(1)).first()


def first_checkpoint_over(session: Session, seq: int) -> LogCheckpoint | None:
    """The earliest checkpoint that holds the event of this number."""
    query = select(LogCheckpoint).where(LogCheckpoint.size >= seq)
    return session.exec(query.order_by(col(LogCheckpoint.size)).limit(1)).first()


def checkpoints(session: Session, before: int, limit: int) -> list[LogCheckpoint]:
    query = select(LogCheckpoint).where(LogCheckpoint.size < before)
    return list(session.exec(query.order_by(col(LogCheckpoint.size).desc()).limit(limit)))
