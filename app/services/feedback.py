"""Feedback: every application has its answer, told to its team at once, before the call counts as answered."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.errors import Conflict
from app.i18n import _, speaking
from app.models.application import Application, teammates_of
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.feedback import Feedback, feedback_of, latest_feedback
from app.models.offer import Offer
from app.models.person import Person
from app.models.seed import AdoptedSeed
from app.rules import award as rules
from app.rules import phases
from app.rules.replay_kinds import Noun
from app.rules.words import N_, ApplicationState, CallState, SubjectKind
from app.services import (
    award_marks,
    awards,
    awards_ask,
    events,
    letters,
    missions_draft,
    notifications,
    stages,
)

A = ApplicationState
UNDECIDED = (A.SUBMITTED, A.IN_REVIEW, A.SHORTLISTED)


class NothingDecided(Conflict):
    sentence: ClassVar[str] = N_("Nothing is decided on this application yet, so there is nothing to answer.")


class AnswersMissing(Conflict):
    sentence: ClassVar[str] = N_(
        "A call is answered only when every application has its answer: %(missing)s are left."
    )


@dataclass(frozen=True)
class Answer:
    """What the agency says: why, what else may help, whom to ask, and how to contest it."""

    reason: str
    words: str
    ask_whom: str
    contest: str


@dataclass(frozen=True)
class Row:
    """One application with the answer to what became of it, if there is one."""

    application: Application
    answer: Feedback | None

    @property
    def is_decided(self) -> bool:
        return self.application.state in rules.ANSWERED

    @property
    def is_answered(self) -> bool:
        return is_answered(self.application, self.answer)


def is_answered(application: Application, answer: Feedback | None) -> bool:
    """An answer to what it was before is none to what it is now."""
    return answer is not None and answer.state is application.state


def answer(session: Session, application: Application, typed: Answer, by: UUID, origin: str = "") -> Feedback:
    """Answer one application; a later answer takes the place of an earlier one, which stays."""
    call = awards.hold(session, application)
    if application.state not in rules.ANSWERED:
        raise NothingDecided()
    number = len(feedback_of(session, application.id)) + 1
    made = Feedback(
        application_id=application.id, number=number, state=application.state, reason=typed.reason, words=typed.words,
        ask_whom=typed.ask_whom, contest=typed.contest, by_id=by,
    )  # fmt: skip
    session.add(made)
    application.outcome_reason = typed.reason
    session.flush()
    text_hash = awards.keep(session, application.id, f"{typed.reason}\n\n{typed.words}", by)
    events.record(
        session, "application_answered", SubjectKind.APPLICATION, application.id, by=by, call=call.id, number=number,
        state=application.state, text_hash=text_hash,
    )  # fmt: skip
    tell(session, application, call, made, origin)
    return made


def tell(session: Session, application: Application, call: Call, made: Feedback, origin: str) -> None:
    """The team finds it on its page, and in a letter with the whole answer."""
    people = [each.person_id for each in teammates_of(session, application.id) if each.joined_at is not None]
    kind, facts = f"application_answered_{made.state}", {"title": call.title}
    notifications.tell(session, people, kind, SubjectKind.APPLICATION, application.id, **facts)
    if not origin:
        return
    query = select(Person).where(
        col(Person.id).in_(people),
        col(Person.email).is_not(None),
        col(Person.email_confirmed_at).is_not(None),
    )
    offer = awards_ask.offer_for(session, call.id)
    page = f"{origin}/applications/{application.id}/answer"
    for person in session.exec(query.order_by(col(Person.id))):
        with speaking(person.locale):
            sentence = notifications.said(kind, facts).say(_, str)
            letters.queue(
                session, str(person.email), sentence, page, more=paragraphs(session, application, offer, made)
            )


def paragraphs(session: Session, application: Application, offer: Offer, made: Feedback) -> list[str]:
    """The whole answer in the language that is spoken now: why, the panel's marks with their words, and what to do."""
    told = [
        _("The reason: %(reason)s", reason=made.reason),
        made.words,
        *award_marks.paragraphs(*award_marks.of_application(session, application, offer)),
        _("Whom to ask: %(who)s", who=made.ask_whom),
        _("How to contest it: %(how)s", how=made.contest),
    ]
    return [each for each in told if each]


def rows(session: Session, call_id: UUID, after: int, limit: int) -> list[Row]:
    """Applications that came in and were not withdrawn, by number, with their answers; one more than the page holds."""
    query = select(Application).where(
        Application.call_id == call_id, col(Application.state).not_in((A.DRAFT, A.WITHDRAWN)),
        col(Application.number) > after,
    )  # fmt: skip
    found = session.exec(query.order_by(col(Application.number)).limit(limit + 1)).all()
    given = latest_feedback(session, [each.id for each in found])
    return [Row(each, given.get(each.id)) for each in found]


def missing(session: Session, call_id: UUID) -> int:
    """How many applications are undecided, or have no answer to what became of them; withdrawn ones need none."""
    latest = (
        select(func.max(Feedback.number))
        .where(Feedback.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    answered = (
        select(Feedback.id)
        .where(
            Feedback.application_id == Application.id,
            Feedback.number == latest,
            Feedback.state == Application.state,
        )
        .exists()
    )
    query = (
        select(func.count())
        .select_from(Application)
        .where(
            Application.call_id == call_id, col(Application.state).not_in((A.DRAFT, A.WITHDRAWN)), ~answered
        )
    )
    return session.exec(query).one()


def conclude(session: Session, call: Call, by: UUID, origin: str = "") -> None:
    """The call is answered: what became of its applications is public, and whose words they built on is told."""
    session.refresh(call, with_for_update=True)
    phases.require_move(call.state, CallState.ANSWERED)
    if left := missing(session, call.id):
        raise AnswersMissing(missing=left)
    call.state, call.answered_at = CallState.ANSWERED, now()
    events.record(session, "call_answered", SubjectKind.CALL, call.id, by=by, states={Noun.SUBMISSION: {}})
    session.flush()
    followers = notifications.followers(session, SubjectKind.CALL, call.id)
    offer = awards_ask.offer_for(session, call.id)
    if offer.mission_id is not None:
        followers += notifications.followers(session, SubjectKind.MISSION, offer.mission_id)
    notifications.tell(
        session,
        followers,
        "offer_answered",
        SubjectKind.CALL,
        call.id,
        origin,
        title=call.title,
        page="/outcome",
    )
    tell_seeds(session, call, origin)
    stages.tell_selected(session, call.id, origin)


def tell_seeds(session: Session, call: Call, origin: str) -> None:
    """Whoever's words an application built on learns what became of it, once; not by which one."""
    query = (
        select(AdoptedSeed.cluster_id, Application.state)
        .join(Application, col(Application.id) == AdoptedSeed.application_id)
        .where(Application.call_id == call.id, col(Application.state).in_(list(rules.ANSWERED)))
    )
    became: dict[UUID, bool] = {}
    for cluster_id, state in session.exec(query.order_by(col(AdoptedSeed.created_at))):
        became[cluster_id] = became.get(cluster_id, False) or state is A.SELECTED
    told: set[UUID] = set()
    for cluster_id in sorted(became, key=lambda each: not became[each]):
        people = set(missions_draft.authors_in(session, session.get_one(Cluster, cluster_id))) - told
        told |= people
        kind = "seed_selected" if became[cluster_id] else "seed_not_selected"
        notifications.tell(
            session, people, kind, SubjectKind.CALL, call.id, origin, title=call.title, page="/outcome"
        )


def usual(session: Session, call_id: UUID) -> tuple[str, str]:
    """Whom to ask and how to contest, as the latest answer to this call says; empty before the first."""
    query = (
        select(Feedback.ask_whom, Feedback.contest)
        .join(Application, col(Application.id) == Feedback.application_id)
        .where(Application.call_id == call_id)
    )
    return session.exec(query.order_by(col(Feedback.created_at).desc()).limit(1)).first() or ("", "")
