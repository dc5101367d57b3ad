"""Reviews of a mission on its way: opened by signals or by hand; those who took part are asked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from app.errors import Conflict, Forbidden, NotAcceptable
from app.models.call import Call
from app.models.columns import now
from app.models.course import CourseReview, Recall, course_reviews_of, open_course_review, recalls_of
from app.models.link import Link
from app.models.milestone import Milestone
from app.models.mission import Mission, every_indicator_of
from app.models.money import standing_readings
from app.models.statement import Statement
from app.rules.phases import CallTimes
from app.rules.replay_kinds import Noun
from app.rules.words import (
    N_,
    CourseKind,
    CourseVerdict,
    Felt,
    IndicatorLens,
    LinkKind,
    MissionState,
    StatementKind,
    StatementState,
    SubjectKind,
)
from app.services import (
    calls,
    events,
    lessons,
    missions_course,
    notifications,
    recalls,
    reviews_conclude,
    signals,
)
from app.services.calls import CallText

CHANGES_AT_MOST = 30


class NotUnderWay(Conflict):
    sentence: ClassVar[str] = N_("Only a mission under way or paused is reviewed on its way.")


class ReviewIsOpen(Conflict):
    sentence: ClassVar[str] = N_("A review of this mission is open already. Conclude it first.")


class ReviewIsConcluded(Conflict):
    sentence: ClassVar[str] = N_("This review is concluded: it stays as it is.")


class NotAsked(Forbidden):
    sentence: ClassVar[str] = N_(
        "Only those who took part in this mission are asked here: with a voice, or in an application."
    )


class NoUserEvidence(Conflict):
    sentence: ClassVar[str] = N_(
        "Nothing in this review comes from those the mission is for. Wait for an answer of somebody who took part, or "
        "add a reading of what people experience."
    )


class ChangesMissing(NotAcceptable):
    sentence: ClassVar[str] = N_("Name at least one thing that changes, one on each line.")


class LessonMissing(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "Write at least one lesson: what others should know who try something like it."
    )


class NextTooFar(NotAcceptable):
    sentence: ClassVar[str] = N_("The next review is on a day to come, half a year from now at the latest.")


class LedToCall(Conflict):
    sentence: ClassVar[str] = N_("This review has led to a question already.")


class AdaptsNothing(Conflict):
    sentence: ClassVar[str] = N_("A question follows from a review that is concluded with “adapt”.")


@dataclass(frozen=True)
class Conclusion:
    """What the chair says at the end: changes and lessons are one each."""

    verdict: CourseVerdict
    reason: str
    changes: Sequence[str] = ()
    lessons: Sequence[str] = ()
    next_on: date | None = None


def open_review(
    session: Session, mission: Mission, kind: CourseKind, by: UUID | None, origin: str = ""
) -> CourseReview:
    """Open a review with the signals of this instant, and ask those who took part again."""
    session.refresh(mission, with_for_update=True)
    if mission.state not in signals.UNDER_WAY:
        raise NotUnderWay()
    if open_course_review(session, mission.id) is not None:
        raise ReviewIsOpen()
    found = signals.gather(session, mission)
    number = max((each.number for each in course_reviews_of(session, mission.id)), default=0) + 1
    review = CourseReview(
        mission_id=mission.id, number=number, kind=kind, signals=[each.as_facts() for each in found], opened_by_id=by,
    )  # fmt: skip
    session.add(review)
    session.flush()
    asked = recalls.ask_again(session, mission, review, origin)
    events.record(
        session, "course_review_opened", SubjectKind.MISSION, mission.id, by=by, review=review.id, number=number,
        signals=[each.key for each in found], asked=asked,
    )  # fmt: skip
    tell(session, mission, review, "course_review_opened", origin)
    return review


def tell(session: Session, mission: Mission, review: CourseReview, kind: str, origin: str) -> None:
    people = notifications.followers(session, SubjectKind.MISSION, mission.id)
    notifications.tell(
        session, people, kind, SubjectKind.MISSION, mission.id, origin, title=mission.title,
        page=f"/course/{review.id}",
    )  # fmt: skip


def open_due(session: Session, origin: str = "") -> int:
    """Open a review of every active mission that a new signal asks for; answers how many were opened."""
    query = select(Mission).where(Mission.state == MissionState.ACTIVE).order_by(col(Mission.id))
    opened = 0
    for mission in session.exec(query).all():
        if open_course_review(session, mission.id) is None and signals.fresh(session, mission):
            open_review(session, mission, CourseKind.REFLEXIVE, None, origin)
            opened += 1
    return opened


def hold(session: Session, review: CourseReview) -> None:
    session.refresh(review, with_for_update=True)
    if review.concluded_at is not None:
        raise ReviewIsConcluded()


def answer(session: Session, review: CourseReview, person_id: UUID, felt: Felt) -> None:
    """What somebody who took part says of the mission since; it may change until the review is concluded."""
    hold(session, review)
    recall = session.get(Recall, (review.id, person_id))
    if recall is None:
        raise NotAsked()
    recall.felt, recall.answered_at = felt, now()
    events.record(
        session,
        "course_review_answered",
        SubjectKind.MISSION,
        review.mission_id,
        by=person_id,
        review=review.id,
    )
    session.flush()


def has_user_evidence(session: Session, review: CourseReview, mission: Mission) -> bool:
    """Whether somebody who took part answered, or what people experience was read since the review before."""
    if any(each.felt is not None for each in recalls_of(session, [review.id])):
        return True
    earlier = [each.concluded_at for each in course_reviews_of(session, mission.id) if each.concluded_at]
    since = max(earlier, default=missions_course.started(mission))
    lived = [each.id for each in every_indicator_of(session, mission.id) if each.lens is IndicatorLens.USER]
    return any(each.created_at > since and not each.is_forecast for each in standing_readings(session, lived))


def require_concludable(session: Session, review: CourseReview, mission: Mission, said: Conclusion) -> None:
    """Refuse a verdict that changes nothing and says so to nobody."""
    if not has_user_evidence(session, review, mission):
        raise NoUserEvidence()
    if said.verdict is not CourseVerdict.CONTINUE and not said.changes:
        raise ChangesMissing()
    if review.kind is CourseKind.END:
        if not said.lessons:
            raise LessonMissing()
        return
    today = now().date()
    if said.next_on is None or not today < said.next_on <= today + signals.AT_LEAST_EVERY:
        raise NextTooFar()


def conclude(session: Session, review: CourseReview, said: Conclusion, by: UUID, origin: str = "") -> None:
    """The chair's word at the end: continue, adapt, scale or stop, with what changes; a review at the end stops."""
    hold(session, review)
    mission = session.get_one(Mission, review.mission_id)
    is_end = review.kind is CourseKind.END
    said = Conclusion(CourseVerdict.STOP, said.reason, said.changes, said.lessons) if is_end else said
    require_concludable(session, review, mission, said)
    review.verdict, review.reason, review.changes = said.verdict, said.reason, list(said.changes)
    review.next_on, review.concluded_at, review.concluded_by_id = said.next_on, now(), by
    learned = [lesson(session, mission, review, each, by) for each in said.lessons]
    words = reviews_conclude.keep_words(session, mission.id, said.reason, by)
    visible = {StatementState.VISIBLE: [each.id for each in learned]}
    events.record(
        session, "course_review_concluded", SubjectKind.MISSION, mission.id, by=by, review=review.id,
        verdict=said.verdict, words=words, states={Noun.STATEMENT: visible},
    )  # fmt: skip
    session.flush()
    tell(session, mission, review, "course_review_concluded", origin)


def lesson(session: Session, mission: Mission, review: CourseReview, text: str, by: UUID) -> Statement:
    """What others should know: it stands under the mission, and its event is that of the conclusion."""
    statement = Statement(
        kind=StatementKind.LESSON, subject_kind=SubjectKind.MISSION, subject_id=mission.id, author_id=by, text=text,
    )  # fmt: skip
    session.add(statement)
    session.flush()
    events.keep_text(session, SubjectKind.STATEMENT, statement.id, 1, text, by)
    lessons.keep(session, statement, mission.id, review_id=review.id)
    return statement


def lessons_of(session: Session, mission_id: UUID) -> list[Statement]:
    """Those of the mission as a whole and of its own milestones; the others stand with their projects."""
    own = select(Milestone.id).where(Milestone.mission_id == mission_id, col(Milestone.project_id).is_(None))
    of_mission = and_(Statement.subject_kind == SubjectKind.MISSION, Statement.subject_id == mission_id)
    of_own = and_(Statement.subject_kind == SubjectKind.MILESTONE, col(Statement.subject_id).in_(own))
    query = select(Statement).where(
        Statement.kind == StatementKind.LESSON,
        or_(of_mission, of_own),
        Statement.state == StatementState.VISIBLE,
    )
    return list(session.exec(query.order_by(col(Statement.created_at), col(Statement.id))))


def ask_anew(session: Session, review: CourseReview, by: UUID) -> Call:
    """Draft a question that follows from a review that adapts: both lead to each other from then on."""
    session.refresh(review, with_for_update=True)
    if review.verdict is not CourseVerdict.ADAPT:
        raise AdaptsNothing()
    if review.call_id is not None:
        raise LedToCall()
    mission = session.get_one(Mission, review.mission_id)
    first, at = session.get_one(Call, mission.call_id), now()
    text = CallText(
        mission.organisation_id, mission.title, first.question, review.reason, first.timezone,
        CallTimes(at + timedelta(days=7), at + timedelta(days=35)), list(first.languages), list(first.places), {},
    )  # fmt: skip
    call = calls.create(session, text, by)
    session.add(
        Link(
            kind=LinkKind.FOLLOWS, from_kind=SubjectKind.CALL, from_id=call.id, to_kind=SubjectKind.MISSION,
            to_id=mission.id, by_id=by,
        )
    )  # fmt: skip
    review.call_id = call.id
    events.record(
        session, "course_review_led_to_call", SubjectKind.MISSION, mission.id, by=by, review=review.id,
        follows=call.id,
    )  # fmt: skip
    session.flush()
    return call


def behind(session: Session, call: Call) -> tuple[Mission, CourseReview] | None:
    """The review that a question follows from, with its mission."""
    query = select(Mission, CourseReview).where(
        CourseReview.call_id == call.id, col(Mission.id) == CourseReview.mission_id
    )
    return session.exec(query).first()
