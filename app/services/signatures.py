"""What the platform signs: what each notice froze, each count, each certification, and how long the log is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, and_, col, exists, func, select

from app.errors import Unavailable
from app.i18n import _, speaking
from app.models.closing import signers
from app.models.columns import now
from app.models.decision import Decision
from app.models.event import Event
from app.models.person import Person
from app.models.seat import live_seats_in
from app.models.signature import LogCheckpoint, Signature, SignedLog, SigningKey, latest_checkpoint
from app.rules import hashing, notes
from app.rules.disclosure import COUNTED_STATES, PUBLIC_DECISION_STATES
from app.rules.hashing import Checkpoint, Verification
from app.rules.notes import LogHead, PublicKey, Signer
from app.rules.words import N_, DecisionState, ScopeKind, SignedFor, SubjectKind
from app.services import events, mail, signing_keys
from app.settings import Settings

FORMAT = "comission-signature/1"
AT_ONCE = 50
# Where nothing is counted for long, a checkpoint a day still bounds how much of the log could be rewritten unseen.
LONGEST_UNSIGNED = timedelta(days=1)
# In which states there is something to sign for a purpose.
HAS = {
    SignedFor.NOTICE: PUBLIC_DECISION_STATES,
    SignedFor.COUNT: COUNTED_STATES,
    SignedFor.CERTIFICATION: frozenset(
        {DecisionState.CERTIFIED, DecisionState.CHALLENGED, DecisionState.UPHELD, DecisionState.DISMISSED}
    ),
}
COUNTED = "decision_counted"


class LogRewritten(Unavailable):
    """Signing on would put the platform's name under a log that contradicts what it has signed before."""

    sentence: ClassVar[str] = N_(
        "The log does not hold the event of its last checkpoint any more. Nothing is signed until that is explained."
    )


def sign_due(session: Session, settings: Settings) -> int:
    """Sign what waits: decisions for each purpose, then the log if a count or a day went by; answers how many."""
    signer, key = signing_keys.at_hand(session, settings)
    signed = 0
    for purpose in SignedFor:
        for decision in unsigned(session, purpose):
            sign(session, decision, purpose, signer, key)
            signed += 1
    for decision_id, size in unsigned_logs(session):
        sign_log(session, decision_id, size, signer, key)
        signed += 1
    if is_checkpoint_due(session):
        checkpoint = make_checkpoint(session, signer, key)
        if checkpoint is not None:
            tell(session, checkpoint, settings)
            signed += 1
    return signed


def unsigned(session: Session, purpose: SignedFor) -> list[Decision]:
    is_signed = exists().where(
        col(Signature.decision_id) == col(Decision.id), col(Signature.purpose) == purpose
    )
    query = select(Decision).where(col(Decision.state).in_(HAS[purpose]), ~is_signed)
    return list(session.exec(query.order_by(col(Decision.created_at)).limit(AT_ONCE)))


def sealed_events(session: Session, decision_id: UUID) -> list[Event]:
    """The events of a decision that stand in the chain, in its order."""
    query = select(Event).where(
        Event.subject_kind == SubjectKind.DECISION,
        Event.subject_id == decision_id,
        col(Event.seq).is_not(None),
    )
    return list(session.exec(query.order_by(col(Event.seq))))


def unsigned_logs(session: Session) -> list[tuple[UUID, int]]:
    """Counted decisions of which the chain holds more events than were signed, and how many it holds."""
    signed = (
        select(func.coalesce(func.max(SignedLog.size), 0))
        .where(col(SignedLog.decision_id) == col(Decision.id))
        .correlate(Decision)
        .scalar_subquery()
    )
    of_decision = (Event.subject_kind == SubjectKind.DECISION, Event.subject_id == Decision.id)
    query = (
        select(Decision.id, func.count())
        .join(Event, and_(*of_decision, col(Event.seq).is_not(None)))
        .where(col(Decision.state).in_(COUNTED_STATES))
        .group_by(col(Decision.id))
        .having(func.count() > signed)
        .limit(AT_ONCE)
    )
    return list(session.exec(query))


def sign_log(session: Session, decision_id: UUID, size: int, signer: Signer, key: SigningKey) -> None:
    """Sign which events there are: who leaves one out of a pack, the last one too, contradicts it."""
    hashes = [event.hash for event in sealed_events(session, decision_id)[:size]]
    lines = [
        FORMAT,
        "log",
        f"decision {decision_id}",
        f"events {size}",
        f"hashes {hashing.digest(hashes)}",
        "",
    ]
    note = notes.sign("\n".join(lines), signer)
    session.add(SignedLog(decision_id=decision_id, size=size, key_id=key.id, note=note))
    session.flush()


def sign(
    session: Session, decision: Decision, purpose: SignedFor, signer: Signer, key: SigningKey
) -> Signature:
    text = "\n".join([FORMAT, purpose.value, *lines(session, decision, purpose), ""])
    digest = hashing.digest(text)
    signature = Signature(
        decision_id=decision.id, purpose=purpose, digest=digest, key_id=key.id, note=notes.sign(text, signer)
    )
    session.add(signature)
    session.flush()
    return signature


def lines(session: Session, decision: Decision, purpose: SignedFor) -> Iterator[str]:
    """What is signed, a line each; a later purpose repeats the earlier ones, so that it stands alone."""
    assert decision.noticed_at is not None
    yield f"decision {decision.id}"
    yield f"frozen {decision.frozen_hash}"
    yield f"noticed {hashing.instant(decision.noticed_at)}"
    if purpose is SignedFor.NOTICE:
        return
    assert decision.closed_at is not None
    yield f"outcome {decision.outcome}"
    yield f"ballots {decision.ballots_hash}"
    yield f"result {result_hash(decision)}"
    yield f"closed {hashing.instant(decision.closed_at)}"
    if purpose is SignedFor.COUNT:
        return
    assert decision.certified_at is not None
    yield f"reasons {hashing.digest(decision.reasons)}"
    for each in signers(session, decision.id):
        if each.result_hash == result_hash(decision):
            yield f"signer {each.seat_id} {each.group}"
    yield f"certified {hashing.instant(decision.certified_at)}"


def result_hash(decision: Decision) -> str:
    """The fingerprint of the result as everyone may read it."""
    return hashing.digest(decision.result)


def is_checkpoint_due(session: Session) -> bool:
    """Whether a count was sealed since the last checkpoint, or anything at all more than a day ago."""
    last = latest_checkpoint(session)
    size = last.size if last else 0
    since = select(Event.id).where(col(Event.seq) > size)
    if session.exec(since.where(Event.kind == COUNTED).limit(1)).first() is not None:
        return True
    is_old = last is None or last.signed_at <= now() - LONGEST_UNSIGNED
    return is_old and session.exec(since.limit(1)).first() is not None


def make_checkpoint(session: Session, signer: Signer, key: SigningKey) -> LogCheckpoint | None:
    """Sign the log as long as it is sealed now; None where nothing came since the last checkpoint."""
    last = latest_checkpoint(session)
    if last is not None and not still_holds(session, last):
        raise LogRewritten()
    newest = session.exec(
        select(Event).where(col(Event.seq).is_not(None)).order_by(col(Event.seq).desc()).limit(1)
    ).first()
    if newest is None or newest.seq is None or newest.hash is None or (last and newest.seq <= last.size):
        return None
    head = LogHead(signer.name, newest.seq, newest.hash)
    checkpoint = LogCheckpoint(
        size=newest.seq, head=newest.hash, key_id=key.id, note=notes.sign(head.text, signer)
    )
    session.add(checkpoint)
    session.flush()
    return checkpoint


def on_demand(session: Session, settings: Settings) -> str:
    """A checkpoint of the log as it is sealed now, told to the witnesses; the latest one where nothing came since."""
    signer, key = signing_keys.at_hand(session, settings)
    made = make_checkpoint(session, signer, key)
    if made is not None:
        tell(session, made, settings)
    latest = made or latest_checkpoint(session)
    return latest.note if latest else ""


def still_holds(session: Session, last: LogCheckpoint) -> bool:
    return session.exec(select(Event.hash).where(Event.seq == last.size)).first() == last.head


def tell(session: Session, checkpoint: LogCheckpoint, settings: Settings) -> None:
    """Mail a checkpoint to the witnesses, and to the committees whose counts it is the first to hold."""
    before = session.exec(
        select(func.max(LogCheckpoint.size)).where(col(LogCheckpoint.size) < checkpoint.size)
    ).one()
    counted = session.exec(
        select(Event.subject_id).where(
            Event.subject_kind == SubjectKind.DECISION,
            Event.kind == COUNTED,
            col(Event.seq) > (before or 0),
            col(Event.seq) <= checkpoint.size,
        )
    ).all()
    to = {each.strip(): "en" for each in settings.witnesses.split(",") if each.strip()}
    to |= {each.email: each.locale for each in seated(session, counted) if each.email}
    for address, locale in sorted(to.items()):
        with speaking(locale):
            subject = _("Signed checkpoint of the public log: %(size)s events") % {"size": checkpoint.size}
            body = _(
                "Please keep this message. It says how long the public log is and what its last event is. If the log "
                "is ever rewritten, it will no longer agree with what stands below, and you can show it."
            )
            how = _("To compare the log with it, paste it here:")
            mail.queue(
                session, address, subject,
                f"{body}\n\n{checkpoint.note}\n{how} {settings.origin}/events/verification\n",
            )  # fmt: skip


def seated(session: Session, decisions: Sequence[UUID]) -> list[Person]:
    """Everyone with a confirmed address in the committees of these decisions."""
    committees = session.exec(select(Decision.committee_id).where(col(Decision.id).in_(decisions))).all()
    people = {
        seat.person_id
        for committee in set(committees)
        for seat in live_seats_in(session, ScopeKind.COMMITTEE, committee, now())
    }
    query = select(Person).where(col(Person.id).in_(people), col(Person.email_confirmed_at).is_not(None))
    return list(session.exec(query))


@dataclass(frozen=True)
class Compared:
    """A checkpoint held against the log as it is now. `signed_by` are keys of ours that signed it."""

    given: LogHead
    signed_by: tuple[PublicKey, ...]
    found: Verification

    @property
    def is_ours(self) -> bool:
        return bool(self.signed_by)

    @property
    def holds(self) -> bool:
        return self.found.holds


def compare(session: Session, note: str) -> Compared:
    """Whether the log still holds what a checkpoint says, whoever kept it; the whole chain is walked."""
    read = notes.read(note.replace("\r\n", "\n").strip("\n") + "\n")
    head = notes.read_head(read.text)
    signed_by = read.signed_by(signing_keys.public_keys(session))
    return Compared(head, signed_by, events.verify(session, Checkpoint(head.size, head.head)))
