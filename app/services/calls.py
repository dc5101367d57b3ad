"""Calls: drafting, publishing, extending, cancelling and moving a question through its phases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import Conflict, NotAcceptable
from app.models.application import Application, Teammate
from app.models.call import Call
from app.models.columns import now
from app.models.condition import Condition
from app.models.grouping import Grouping
from app.models.import_run import ImportRun
from app.models.mission import Mission
from app.models.offer import Offer
from app.models.submission import Submission
from app.rules import phases
from app.rules.disclosure import PUBLIC_STATES
from app.rules.phases import Act, CallTimes
from app.rules.words import N_, CallKind, CallState, SubjectKind
from app.services import checking, events, notifications, offers, stages


class StaleCall(Conflict):
    sentence: ClassVar[str] = N_(
        "A colleague changed this call while you were editing. Your text is below; reload to see theirs first."
    )


class AnswersMissing(Conflict):
    sentence: ClassVar[str] = N_(
        "Every group needs an answer with a reason before the question counts as answered."
    )


class NoLongerADraft(Conflict):
    sentence: ClassVar[str] = N_(
        "Only a draft can be removed. A question that people may have read is cancelled, with a reason."
    )


class DraftHoldsSomething(Conflict):
    sentence: ClassVar[str] = N_(
        "This draft holds texts or files that somebody brought in, so it is not removed. Publish the question, and "
        "cancel it with a reason if it was a mistake."
    )


class NotYourAgency(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose an organisation that you are a facilitator of.")


@dataclass(frozen=True)
class CallText:
    """What the editor holds; instants are aware of their zone."""

    organisation_id: UUID
    title: str
    question: str
    brief: str
    timezone: str
    times: CallTimes
    languages: list[str]
    places: list[str]
    translations: dict[str, dict[str, str]]
    kind: CallKind = CallKind.CONSULTATION


def latest_zone(session: Session, agencies: Sequence[UUID]) -> str:
    """The time zone of the latest call of these agencies, in which the next one is likely to be dated."""
    query = select(Call.timezone).where(col(Call.organisation_id).in_(agencies))
    found = session.exec(query.order_by(col(Call.created_at).desc(), col(Call.id)).limit(1)).first()
    return found or "UTC"


def create(session: Session, text: CallText, by: UUID, mission_id: UUID | None = None) -> Call:
    """A draft that only its agency's facilitators see; an innovation call begins with an empty offer for a mission."""
    require_order(text.times)
    call = Call(
        organisation_id=text.organisation_id, title="", question="", created_by_id=by, kind=text.kind,
        **dates(text.times),
    )  # fmt: skip
    write(call, text)
    session.add(call)
    session.flush()
    if call.kind is CallKind.INNOVATION:
        session.add(Offer(call_id=call.id, mission_id=mission_id))
    events.record(
        session, "call_drafted", SubjectKind.CALL, call.id, by=by,
        organisation=call.organisation_id, call_kind=call.kind, **dates(text.times),
    )  # fmt: skip
    return call


def edit(session: Session, call: Call, text: CallText, version: int, by: UUID) -> Call:
    """Change a call that nobody has answered yet; two editors at once never lose either's words."""
    session.refresh(call, with_for_update=True)
    phases.require(Act.EDIT, call_phase(call), times_of(call))
    if call.version != version:
        raise StaleCall()
    if call.state is CallState.PUBLISHED:
        phases.extend(times_of(call), text.times, now())
    require_order(text.times)
    write(call, text)
    for name, value in dates(text.times).items():
        setattr(call, name, value)
    call.version += 1
    events.record(
        session, "call_edited", SubjectKind.CALL, call.id, by=by, version=call.version, **dates(text.times)
    )
    return call


def write(call: Call, text: CallText) -> None:
    call.organisation_id, call.timezone = text.organisation_id, text.timezone
    call.title, call.question, call.brief = text.title, text.question, text.brief
    call.languages, call.places, call.translations = text.languages, text.places, text.translations


def dates(times: CallTimes) -> dict[str, Any]:
    return dict(times.named())


def require_order(times: CallTimes) -> None:
    if times.opens_at is None or times.closes_at is None or not times.in_order():
        raise phases.DatesOutOfOrder()


def publish(session: Session, call: Call, by: UUID, origin: str = "") -> None:
    session.refresh(call, with_for_update=True)
    phases.require_move(call.state, CallState.PUBLISHED)
    phases.require_publishable(times_of(call), now())
    if call.kind is CallKind.INNOVATION:
        offers.require_complete(session, call)
    call.state, call.published_at = CallState.PUBLISHED, now()
    events.record(session, "call_published", SubjectKind.CALL, call.id, by=by, **dates(times_of(call)))
    if call.kind is CallKind.INNOVATION:
        stages.tell_published(session, call, origin)


# Everything that can stand in a call; each of them is somebody's work.
HELD = (Submission, Grouping, Mission, ImportRun)


def holds_something(session: Session, call: Call) -> bool:
    return any(session.exec(select(kind.id).where(kind.call_id == call.id).limit(1)).first() for kind in HELD)


def delete_draft(session: Session, call: Call, version: int, by: UUID) -> None:
    """Remove a draft that nobody but its agency has seen and that holds nothing; the log keeps that it was there."""
    session.refresh(call, with_for_update=True)
    if call.state is not CallState.DRAFT:
        raise NoLongerADraft()
    if call.version != version:
        raise StaleCall()
    if holds_something(session, call):
        raise DraftHoldsSomething()
    events.record(
        session, "call_deleted", SubjectKind.CALL, call.id, by=by, organisation=call.organisation_id
    )
    for condition in session.exec(select(Condition).where(Condition.call_id == call.id)):
        session.delete(condition)
    session.flush()
    session.delete(call)
    session.flush()


def extend(session: Session, call: Call, times: CallTimes, by: UUID) -> None:
    """Move dates later, never earlier; announced to everyone who took part."""
    session.refresh(call, with_for_update=True)
    phases.require(Act.EXTEND, call_phase(call), times_of(call))
    for name, value in dates(phases.extend(times_of(call), times, now())).items():
        setattr(call, name, value)
    events.record(session, "call_extended", SubjectKind.CALL, call.id, by=by, **dates(times))


def cancel(session: Session, call: Call, reason: str, by: UUID, origin: str) -> None:
    session.refresh(call, with_for_update=True)
    phases.require(Act.CANCEL, call_phase(call), times_of(call))
    phases.require_move(call_phase(call), CallState.CANCELLED, reason=reason)
    call.cancelled_reason, call.state, call.cancelled_at = reason, CallState.CANCELLED, now()
    commitment = events.keep_text(session, SubjectKind.CALL, call.id, call.version, reason, by)
    events.record(session, "call_cancelled", SubjectKind.CALL, call.id, by=by, reason=commitment)
    tell_authors(session, call, "call_cancelled", origin)
    told = applicants_of(session, call.id)
    notifications.tell(session, told, "call_cancelled", SubjectKind.CALL, call.id, origin, title=call.title)


def start_checking(session: Session, call: Call, by: UUID, origin: str) -> None:
    """Show authors how they were understood, and ask whether it is what they meant."""
    session.refresh(call, with_for_update=True)
    phases.require(Act.START_CHECKING, call_phase(call), times_of(call))
    call.state, call.checking_at = CallState.CHECKING, now()
    events.record(session, "checking_started", SubjectKind.CALL, call.id, by=by)
    reached = checking.reached(session, call.id)
    notifications.tell(
        session, reached.asked, "checking_asked", SubjectKind.CALL, call.id, origin, title=call.title
    )
    for author, voice in reached.alone.items():
        notifications.tell(session, [author], "checking_alone", SubjectKind.SUBMISSION, voice, origin)


def archive(session: Session, call: Call, by: UUID) -> None:
    session.refresh(call, with_for_update=True)
    phases.require_move(call.state, CallState.ARCHIVED)
    call.state = CallState.ARCHIVED
    events.record(session, "call_archived", SubjectKind.CALL, call.id, by=by)


def authors_of(session: Session, call_id: UUID) -> list[UUID]:
    """Everyone whose words in this call are public."""
    query = select(Submission.author_id).where(
        Submission.call_id == call_id, col(Submission.state).in_(PUBLIC_STATES)
    )
    return [author for author in session.exec(query.distinct()) if author is not None]


def applicants_of(session: Session, call_id: UUID) -> list[UUID]:
    """Everyone who writes, or wrote, on an application to this call."""
    query = (
        select(Teammate.person_id)
        .join(Application, col(Application.id) == Teammate.application_id)
        .where(Application.call_id == call_id)
    )
    return list(session.exec(query.distinct()))


def tell_authors(session: Session, call: Call, kind: str, origin: str) -> None:
    notifications.tell(
        session, authors_of(session, call.id), kind, SubjectKind.CALL, call.id, origin, title=call.title
    )
