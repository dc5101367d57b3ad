"""Applications after the deadline: found eligible or not, put on the shortlist or declined, and interviews noted."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, select

from app.conditions.asking import call_phase, times_of
from app.errors import Conflict, Forbidden, NotAcceptable
from app.models.application import Application, teammates_of
from app.models.call import Call
from app.models.columns import now
from app.models.offer import Offer
from app.models.panel import InterviewNote, Judgement, shut_out
from app.rules import applications, hashing, moves, phases
from app.rules import panel as rules
from app.rules.moves import ReasonMissing
from app.rules.phases import Act
from app.rules.words import N_, ApplicationState, CallState, SubjectKind
from app.services import events, notifications, offers, panel_reviews

EVENTS = {
    ApplicationState.IN_REVIEW: "application_found_eligible",
    ApplicationState.INELIGIBLE: "application_found_ineligible",
    ApplicationState.SHORTLISTED: "application_shortlisted",
    ApplicationState.DECLINED: "application_declined",
}


class NotTheirsToJudge(Forbidden):
    sentence: ClassVar[str] = N_(
        "Nobody decides on what they or their organisation submitted, nor on what they stepped aside from."
    )


class NotAllChecked(Conflict):
    sentence: ClassVar[str] = N_("Applications still wait to be found eligible or not: %(many)s.")


class NotAllDecided(Conflict):
    sentence: ClassVar[str] = N_(
        "Applications in review still wait to be put on the shortlist or declined: %(many)s."
    )


class NotInterviewed(Conflict):
    sentence: ClassVar[str] = N_("Only those on the shortlist are interviewed.")


class DayAhead(NotAcceptable):
    sentence: ClassVar[str] = N_("An interview is noted once it was held: choose today or a day before.")


@dataclass(frozen=True)
class Held:
    """An application while its row, and that of its call, are locked."""

    application: Application
    call: Call
    offer: Offer


def hold(session: Session, application: Application, act: Act, by: UUID) -> Held:
    """Lock an application for an act of the agency or the panel; refused outside of its phases.

    Nothing happens before every application that can have been in time is in.
    """
    call = session.get_one(Call, application.call_id)
    session.refresh(call, with_for_update={"read": True})
    session.refresh(application, with_for_update=True)
    require_phase(call, act)
    offer = offers.offer_of(session, call)
    shut = shut_out(session, offer.panel_id, [application], [by])[application.id]
    if by in shut.from_reading:
        raise NotTheirsToJudge()
    return Held(application, call, offer)


def require_phase(call: Call, act: Act) -> None:
    phases.require(act, call_phase(call), times_of(call))
    if not applications.is_settled(now(), call.closes_at):
        raise rules.NotSettled()


def check(
    session: Session,
    application: Application,
    after: ApplicationState,
    reason: str,
    by: UUID,
    origin: str = "",
) -> None:
    """Find it eligible or not; putting a mistake right needs a reason, and no reviews that were asked for meanwhile."""
    held = hold(session, application, Act.CHECK_APPLICATIONS, by)
    if after not in (ApplicationState.IN_REVIEW, ApplicationState.INELIGIBLE):
        raise moves.MoveForbidden(before=application.state, after=after)
    judge(session, held, after, reason, by, origin)
    application.outcome_reason = reason if after is ApplicationState.INELIGIBLE else ""
    session.flush()


def decide(
    session: Session,
    application: Application,
    after: ApplicationState,
    reason: str,
    by: UUID,
    origin: str = "",
) -> None:
    """Put it on the shortlist or decline it, once it has its reviews and they can be read."""
    held = hold(session, application, Act.REVIEW_APPLICATIONS, by)
    if after not in (ApplicationState.SHORTLISTED, ApplicationState.DECLINED):
        raise moves.MoveForbidden(before=application.state, after=after)
    # First whether it is in review at all: one that is on the shortlist lacks no reviews.
    rules.require_move(application.state, after, reason)
    standing = panel_reviews.standing(session, held.offer, [application])[application.id]
    rules.require_reviewed(len(standing.counted), held.offer.reviews_wanted, is_open=standing.is_open)
    judge(session, held, after, reason, by, origin)
    application.outcome_reason = reason if after is ApplicationState.DECLINED else ""
    session.flush()


def judge(session: Session, held: Held, after: ApplicationState, reason: str, by: UUID, origin: str) -> None:
    """Make the move, keep it with its reason, record it, and tell the team at once, on their page and by mail."""
    application = held.application
    rules.require_move(application.state, after, reason)
    salt = secrets.token_hex(16)
    judged = Judgement(
        application_id=application.id,
        before=application.state,
        after=after,
        reason=reason,
        salt=salt,
        by_id=by,
    )
    session.add(judged)
    application.state, application.outcome_at = after, now()
    application.outcome_reason = reason or application.outcome_reason
    session.flush()
    events.record(
        session, EVENTS[after], SubjectKind.APPLICATION, application.id, by=by, call=held.call.id,
        reason=hashing.text_hash(reason, salt),
    )  # fmt: skip
    tell_team(session, application, held.call, origin)


def tell_team(session: Session, application: Application, call: Call, origin: str) -> None:
    people = [each.person_id for each in teammates_of(session, application.id) if each.joined_at is not None]
    kind = f"application_{application.state}"
    notifications.tell(
        session, people, kind, SubjectKind.APPLICATION, application.id, origin, title=call.title
    )


def note(
    session: Session, application: Application, held_on: date, present: str, text: str, by: UUID
) -> InterviewNote:
    """Write down what was said in an interview; a mistake is put right by another note."""
    held = hold(session, application, Act.INTERVIEW, by)
    if application.state not in rules.INTERVIEWED:
        raise NotInterviewed()
    if not text.strip() or not present.strip():
        raise ReasonMissing()
    if held_on > now().date() or held_on < held.call.closes_at.date():
        raise DayAhead()
    salt = secrets.token_hex(16)
    made = InterviewNote(
        application_id=application.id, held_on=held_on, present=present, text=text, salt=salt,
        words_hash=hashing.text_hash(hashing.canonical([held_on.isoformat(), present, text]).decode(), salt), by_id=by,
    )  # fmt: skip
    session.add(made)
    session.flush()
    events.record(
        session, "interview_noted", SubjectKind.APPLICATION, application.id, by=by, note=made.id,
        words=made.words_hash,
    )  # fmt: skip
    return made


def many_in(session: Session, call: Call, state: ApplicationState) -> int:
    query = select(func.count()).select_from(Application)
    return session.exec(query.where(Application.call_id == call.id, Application.state == state)).one()


def send_to_review(session: Session, call: Call, by: UUID) -> None:
    """All are found eligible or not: from now on the panel reviews those that are."""
    session.refresh(call, with_for_update=True)
    phases.require(Act.CHECK_APPLICATIONS, call_phase(call), times_of(call))
    phases.require_move(call_phase(call), CallState.REVIEW)
    if not applications.is_settled(now(), call.closes_at):
        raise rules.NotSettled()
    if many := many_in(session, call, ApplicationState.SUBMITTED):
        raise NotAllChecked(many=many)
    call.state = CallState.REVIEW
    events.record(session, "call_sent_to_review", SubjectKind.CALL, call.id, by=by)
    session.flush()


def close_shortlist(session: Session, call: Call, by: UUID) -> None:
    """Every application in review is on the shortlist or declined: the panel decides among the shortlisted."""
    session.refresh(call, with_for_update=True)
    phases.require_move(call_phase(call), CallState.DECISION)
    if many := many_in(session, call, ApplicationState.IN_REVIEW):
        raise NotAllDecided(many=many)
    call.state = CallState.DECISION
    events.record(session, "call_shortlisted", SubjectKind.CALL, call.id, by=by)
    session.flush()
