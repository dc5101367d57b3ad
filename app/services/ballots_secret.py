"""Secret ballots: that a seat has voted stands in one table, what was voted in another, and nothing joins the two.

While the vote is open, whoever runs the server could watch a ballot arrive: secrecy against the operator at that
moment is not promised, and the ballot page says so. Closing writes all ballots anew in one transaction.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.errors import Conflict
from app.models.ballot import BoxedBallot, SecretBallot, Voted, boxed_ballots, secret_ballots
from app.models.decision import Decision
from app.rules import hashing, phases, suppression
from app.rules.phases import Act
from app.rules.voting.profile import facts_of, read_mark
from app.rules.words import N_
from app.services import ballots_held, decisions, decisions_freeze
from app.services.ballots import NoBallotHere, voter_for

RECEIPT_LENGTH = 24
Boxed = TypeVar("Boxed", BoxedBallot, SecretBallot)


class VotedAlready(Conflict):
    sentence: ClassVar[str] = N_(
        "Your seat has voted. To change that ballot, write the key you were given with it: a secret ballot cannot be "
        "found in any other way."
    )


class KeyUnknown(Conflict):
    sentence: ClassVar[str] = N_("No ballot of this vote has this key. Nothing was changed.")


@dataclass(frozen=True)
class Receipt:
    """What a voter keeps: the code that will stand in the published list, and the key that changes the ballot."""

    code: str
    key: str


def key_hash(key: str) -> str:
    return hashlib.sha256(f"key|{key}".encode()).hexdigest()


def nonce_of(key: str) -> str:
    """Published with the ballot; nobody gets from it to the key."""
    return hashlib.sha256(f"nonce|{key}".encode()).hexdigest()[:32]


def cast(
    session: Session, decision: Decision, person_id: UUID, mark: dict[str, Any], key: str, replaced_key: str = "",
    at: datetime | None = None,
) -> Receipt:  # fmt: skip
    """Put a ballot into the box, or in the place of one whose key is given; sent twice it is recorded once.

    `key` is 128 random bits that came with the form. No event is written, and no time is kept.
    """
    at = decisions.hold(session, decision, at, shared=True)
    phases.require(Act.VOTE, decision_phase(decision, at))
    voter = voter_for(session, decision, person_id, at)
    if voter is None:
        raise NoBallotHere()
    asked = decisions_freeze.question_of(decision)
    marked = facts_of(asked.mark, read_mark(asked.mark, mark, asked.options), asked.options)
    if (known := with_key(session, decision.id, key)) is not None:
        return receipt_again(decision, known, marked, key)
    boxed = BoxedBallot(
        decision_id=decision.id, mark=marked, nonce=nonce_of(key), key_hash=key_hash(key),
        group=voter.group if asked.counts_by_group else None,
    )  # fmt: skip
    ballots_held.take(session, decision, voter)
    if replaced_key:
        replace(session, decision, boxed, replaced_key)
    else:
        put(session, Voted(decision_id=decision.id, seat_id=voter.seat_id), boxed)
    return Receipt(receipt(decision, boxed), key)


def with_key(session: Session, decision_id: UUID, key: str) -> BoxedBallot | None:
    query = select(BoxedBallot).where(
        BoxedBallot.decision_id == decision_id, BoxedBallot.key_hash == key_hash(key)
    )
    return session.exec(query).first()


def receipt_again(decision: Decision, known: BoxedBallot, mark: dict[str, Any], key: str) -> Receipt:
    if known.mark != mark:
        raise VotedAlready()
    return Receipt(receipt(decision, known), key)


def put(session: Session, voted: Voted, boxed: BoxedBallot) -> None:
    """Both rows or neither: the primary key of `voted` decides between two that come at once."""
    try:
        with session.begin_nested():
            session.add(voted)
            session.flush()
            session.add(boxed)
            session.flush()
    except IntegrityError as problem:
        raise VotedAlready() from problem


def replace(session: Session, decision: Decision, boxed: BoxedBallot, replaced_key: str) -> None:
    """Whoever holds the key of a ballot may put another in its place, once."""
    before = with_key(session, decision.id, replaced_key)
    if before is None:
        raise KeyUnknown()
    boxed.replaces_id, boxed.group = before.id, before.group
    try:
        with session.begin_nested():
            session.add(boxed)
            session.flush()
    except IntegrityError as problem:
        raise KeyUnknown() from problem


def receipt(decision: Decision, ballot: BoxedBallot | SecretBallot) -> str:
    """The code a voter keeps, to find their ballot in the published list."""
    facts = {
        "decision": ballot.decision_id,
        "frozen": decision.frozen_hash,
        "ballot": ballot.id,
        "mark": ballot.mark,
        "nonce": ballot.nonce,
    }
    return hashing.digest(facts)[:RECEIPT_LENGTH]


def committed(ballot: BoxedBallot | SecretBallot, *, withheld: bool = False) -> dict[str, Any]:
    """What the closing event commits to, and the pack publishes; without the group where groups are withheld."""
    group = "" if withheld else ballot.group or ""
    facts: dict[str, Any] = hashing.plain(
        {"ballot": ballot.id, "group": group, "mark": ballot.mark, "nonce": ballot.nonce}
    )
    return facts


def commitment(
    decision_id: UUID, ballots: Iterable[BoxedBallot | SecretBallot], *, withheld: bool = False
) -> str:
    return hashing.ballots_commitment(decision_id, [committed(each, withheld=withheld) for each in ballots])


def to_publish(listed: list[Boxed]) -> list[Boxed]:
    """All of them, or none where they are so few that whoever knows who voted would know what they said."""
    return [] if suppression.is_too_few(len(listed)) else listed


def published(session: Session, decision_id: UUID) -> list[SecretBallot]:
    """The ballots as anyone may read them after the count."""
    return to_publish(secret_ballots(session, decision_id))


def publish(session: Session, decision: Decision) -> None:
    """Write the ballots anew, all at once and in the order of their random ids, and empty the box."""
    rows = [
        {
            "id": each.id,
            "decision_id": each.decision_id,
            "group": each.group,
            "mark": each.mark,
            "nonce": each.nonce,
        }
        for each in boxed_ballots(session, decision.id)
    ]
    if rows:
        session.execute(insert(SecretBallot), rows)
    session.execute(delete(BoxedBallot).where(col(BoxedBallot.decision_id) == decision.id))
