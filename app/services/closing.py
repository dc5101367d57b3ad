"""Two-person closing: seats of two groups check a counted result and sign it; only then it can be certified."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions.asking import decision_phase
from app.conditions.taking_part import said_of
from app.errors import Conflict, Forbidden, Refusal, Unavailable
from app.models.closing import ClosingSignature, signers
from app.models.committee import Interest, interests_in
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import Seat
from app.rules import phases
from app.rules.phases import Act
from app.rules.phrases import Phrase
from app.rules.voting import electorate
from app.rules.voting.electorate import Voter
from app.rules.words import N_, InterestEffect, InterestKind, StakeholderGroup, SubjectKind
from app.services import decisions, decisions_lot, decisions_withheld, events, signatures

REMARK_NUMBER = 10  # of the kept texts of a decision; 1 and 2 are its text and its reasons


class MayNotSign(Forbidden):
    sentence: ClassVar[str] = N_(
        "A result is signed by seats that could vote on it, and not by anyone who stands for election in it or has "
        "declared an interest."
    )


class GroupSignedAlready(Conflict):
    sentence: ClassVar[str] = N_(
        "Your group has signed this result already. Someone of another group signs next."
    )


class ResultChanged(Conflict):
    sentence: ClassVar[str] = N_(
        "The result is not the one you were shown. Look at it again before you sign it."
    )


class DoesNotAddUp(Unavailable):
    """Nobody should put their name under it; the log shows what was counted."""

    sentence: ClassVar[str] = N_(
        "The stored ballots or the frozen question are not the ones that were counted. The result cannot be signed; "
        "please tell the platform."
    )


class NotSignedByTwo(Conflict):
    sentence: ClassVar[str] = N_(
        "Before it is certified, seats of two different groups check the result and sign it. Missing: %(missing)s."
    )


class OfficeConcerned(Forbidden):
    sentence: ClassVar[str] = N_(
        "Who has declared an interest in this does not certify it. Another holder of the office does."
    )


@dataclass(frozen=True)
class Signed:
    name: str
    group: StakeholderGroup
    at: datetime
    remark: str


@dataclass(frozen=True)
class Closing:
    """What the page shows: who signed, how many more are needed, and whether the viewer may sign now."""

    signed: list[Signed] = field(default_factory=list)
    missing: int = 0
    may_sign: bool = False
    result_hash: str = ""


def sign(
    session: Session,
    decision: Decision,
    person_id: UUID,
    seen: str,
    remark: str = "",
    at: datetime | None = None,
) -> ClosingSignature:
    """Sign the result as this person's seat; `seen` is the fingerprint of the result they were shown."""
    at = decisions.hold(session, decision, at)
    phases.require(Act.SIGN_RESULT, decision_phase(decision, at))
    require_settled(session, decision)
    if seen != signatures.result_hash(decision):
        raise ResultChanged()
    voter = signer(session, decision, person_id)
    if voter is None:
        raise MayNotSign()
    known = [each for each in signers(session, decision.id) if each.result_hash == seen]
    signature = ClosingSignature(
        decision_id=decision.id, seat_id=voter.seat_id, group=voter.group, speaks_for=speaks_for(decision, voter),
        place=len(known) + 1, result_hash=seen, remark=remark, signed_at=at,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(signature)
            session.flush()
    except IntegrityError as problem:
        raise GroupSignedAlready() from problem
    text_hash = ""
    if remark:
        number = REMARK_NUMBER + signature.place
        text_hash = events.keep_text(session, SubjectKind.DECISION, decision.id, number, remark, person_id)
    decisions.record(
        session, "result_signed", decision, at, person_id,
        seat=voter.seat_id, group=voter.group, number=signature.place, result_hash=seen, text_hash=text_hash,
    )  # fmt: skip
    return signature


def require_settled(session: Session, decision: Decision) -> None:
    """Nobody signs a tie whose lot is still to be drawn, nor what is not what was counted."""
    decisions_lot.require_ended(session, decision)
    if not decisions_withheld.still_adds_up(session, decision):
        raise DoesNotAddUp()


def signer(session: Session, decision: Decision, person_id: UUID) -> Voter | None:
    """The seat with which this person could sign: one that may vote, of somebody whom the matter does not concern."""
    return next((each for each in possible(session, decision) if each.person_id == person_id), None)


def possible(session: Session, decision: Decision, *, but_accused: bool = False) -> list[Voter]:
    """Who may sign; with `but_accused` also those of whom something was raised that is not resolved."""
    concerned = people_concerned(session, decision, but_accused=but_accused)
    return [each for each in decisions_withheld.voters(decision) if each.person_id not in concerned]


def people_concerned(session: Session, decision: Decision, *, but_accused: bool = False) -> set[UUID]:
    """Whoever declared an interest, of whatever effect, and whoever the vote is about."""
    found = [each for each in interests_in(session, *said_of(session, decision)) if is_tied_by(each)]
    seats = {each.seat_id for each in found if not (but_accused and each.raised_by_id and each.is_open)}
    named = {UUID(each["id"]) for each in decision.options if is_id(each["id"])}
    query = select(Seat.person_id).where(col(Seat.id).in_(seats | named))
    return set(session.exec(query)) | named


def is_tied_by(interest: Interest) -> bool:
    """Not who said that nothing ties them, nor what somebody raised and the chair found unfounded."""
    is_none = interest.kind is InterestKind.NOTHING or interest.effect is InterestEffect.UNFOUNDED
    return interest.superseded_at is None and not is_none


def is_id(option: str) -> bool:
    try:
        UUID(option)
    except ValueError:
        return False
    return True


def speaks_for(decision: Decision, voter: Voter) -> str:
    """Two signers are of different groups; where all voters are of one group, of different seats."""
    groups = {each.group for each in electorate.from_facts(decision.electorate)}
    return voter.group.value if len(groups) > 1 else str(voter.stands_for)


def valid(session: Session, decision: Decision) -> list[ClosingSignature]:
    """The signatures on the result as it is now; a lot drawn anew asks for new ones."""
    now = signatures.result_hash(decision)
    return [each for each in signers(session, decision.id) if each.result_hash == now]


def missing(session: Session, decision: Decision) -> int:
    """How many more have to sign: two of different groups, or as many as there can be.

    Whoever is accused waits to be cleared: to accuse everybody shall not make signatures needless.
    """
    able = {speaks_for(decision, each) for each in possible(session, decision, but_accused=True)}
    return max(0, min(2, len(able)) - len(valid(session, decision)))


def require_two(session: Session, decision: Decision, certifier: UUID) -> None:
    """Certification needs both signatures, and nobody certifies what concerns them."""
    if refusal := unsigned(session, decision, certifier):
        raise refusal


def unsigned(session: Session, decision: Decision, certifier: UUID | None) -> Refusal | None:
    """Why this person could not certify the result as it is signed now."""
    if certifier in people_concerned(session, decision):
        return OfficeConcerned()
    wanted = missing(session, decision)
    return NotSignedByTwo(missing=wanted) if wanted else None


def waits_for(session: Session, decision: Decision, certifier: UUID | None) -> Phrase | None:
    """What the form of a certification waits for: a lot, a count that is under way, signatures, or another office."""
    try:
        decisions_lot.require_ended(session, decision)
    except Refusal as refusal:
        return refusal.phrase
    found = unsigned(session, decision, certifier)
    return found.phrase if found else None


def shown(session: Session, decision: Decision, person_id: UUID | None, at: datetime) -> Closing:
    listed = valid(session, decision)
    query = select(Seat.id, Person.name).join(Person, col(Person.id) == Seat.person_id)
    names = dict(session.exec(query.where(col(Seat.id).in_([each.seat_id for each in listed]))).all())
    signed = [Signed(names.get(each.seat_id, ""), each.group, each.signed_at, each.remark) for each in listed]
    if not phases.allows(Act.SIGN_RESULT, decision_phase(decision, at)):
        return Closing(signed)
    own = signer(session, decision, person_id) if person_id else None
    done = {each.speaks_for for each in listed}
    may_sign = own is not None and speaks_for(decision, own) not in done and len(listed) < 2
    return Closing(signed, missing(session, decision), may_sign, signatures.result_hash(decision))
