"""The end of a round: notes where grades differ, the chair's conclusion, and the answer to what was asked for."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict, NotAcceptable
from app.models.columns import now
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.review import Review, ReviewRound, live_round, reviews_of
from app.models.review_rounds import is_opened, stepped_aside
from app.models.seat import Seat
from app.rules import composition, merit
from app.rules import missions as mission_rules
from app.rules import reviews as rules
from app.rules.replay_kinds import Noun
from app.rules.reviews import GRADE, StillBlind
from app.rules.words import (
    N_,
    Criterion,
    Grade,
    MissionState,
    ReviewKind,
    ReviewState,
    ReviewVerdict,
    StakeholderGroup,
    SubjectKind,
)
from app.services import events, notifications, reviews

NOTES_AT_MOST = 50


class TooManyNotes(NotAcceptable):
    sentence: ClassVar[str] = N_("A criterion holds at most %(most)s notes.")


class NoChanges(NotAcceptable):
    sentence: ClassVar[str] = N_("Name at least one thing that has to change, one on each line.")


class NothingToAnswer(Conflict):
    sentence: ClassVar[str] = N_("Nothing waits for an answer here.")


class NothingToRelease(Conflict):
    sentence: ClassVar[str] = N_("This mission has no concluded review to set aside.")


def counted(session: Session, asked: ReviewRound, kind: ReviewKind = ReviewKind.CRITERIA) -> list[Review]:
    """Filed reviews of a kind, without those of seats that have stepped aside since."""
    aside = stepped_aside(session, asked.mission_id)
    filed = [each for each in reviews_of(session, asked.id) if each.kind is kind and each.filed_at]
    return [each for each in filed if each.seat_id not in aside]


def groups_of(session: Session, found: Sequence[Review]) -> dict[UUID, StakeholderGroup | None]:
    """The group that each review speaks for, by the id of the review."""
    seats = {each.id: session.get_one(Seat, each.seat_id) for each in found}
    return {key: group_of(session, seat) for key, seat in seats.items()}


def group_of(session: Session, seat: Seat) -> StakeholderGroup | None:
    if seat.group is None and seat.alternate_for_id is not None:
        return session.get_one(Seat, seat.alternate_for_id).group
    return seat.group


def grades_of(found: Sequence[Review], criterion: Criterion) -> list[Grade]:
    told = [each.answers.get(f"{criterion}_{GRADE}", "") for each in found]
    return [Grade(each) for each in told if each in set(Grade)]


def standing(session: Session, asked: ReviewRound) -> rules.Standing:
    """What still stands in the way of a conclusion; nothing of what was written before the round is open."""
    if not is_opened(session, asked):
        return rules.Standing(is_opened=False)
    found = counted(session, asked)
    heard = Counter(groups_of(session, found).values())
    committee = session.get_one(Committee, asked.committee_id)
    wanted = composition.standing(composition.from_facts(committee.composition), {})
    profiles = {each: merit.profile(grades_of(found, each)) for each in Criterion}
    return rules.Standing(
        True,
        tuple(each.group for each in wanted if each.bounds.least and not heard[each.group]),
        tuple(each for each in Criterion if profiles[each].is_far_apart and not asked.discussions.get(each)),
    )


def discuss(session: Session, asked: ReviewRound, criterion: Criterion, text: str, by: UUID) -> None:
    """Add a note on one criterion, once all reviews can be read; notes are only ever added."""
    reviews.hold(session, asked)
    if not is_opened(session, asked):
        raise StillBlind()
    notes: list[Any] = list(asked.discussions.get(criterion, []))
    if len(notes) >= NOTES_AT_MOST:
        raise TooManyNotes(most=NOTES_AT_MOST)
    notes.append({"by": str(by), "at": now().isoformat(), "text": text})
    asked.discussions = {**asked.discussions, criterion.value: notes}
    words = keep_words(session, asked.mission_id, text, by)
    events.record(
        session, "review_discussed", SubjectKind.MISSION, asked.mission_id, by=by, round=asked.id,
        criterion=criterion, words=words,
    )  # fmt: skip
    session.flush()


def keep_words(session: Session, mission_id: UUID, text: str, by: UUID) -> str:
    """Keep what was said beside the versions of the mission; answers the salted hash for the event."""
    number = len(events.versions(session, SubjectKind.MISSION, mission_id)) + 1
    return events.keep_text(session, SubjectKind.MISSION, mission_id, number, text, by)


def conclude(
    session: Session, asked: ReviewRound, verdict: ReviewVerdict, reason: str, changes: Sequence[str], by: UUID,
    origin: str = "",
) -> None:  # fmt: skip
    """The chair's word at the end: ready, to be worked on with named changes, or stopped before it was done."""
    reviews.hold(session, asked)
    rules.require_concludable(standing(session, asked), verdict)
    if verdict is ReviewVerdict.REWORK and not changes:
        raise NoChanges()
    mission = session.get_one(Mission, asked.mission_id)
    session.refresh(mission, with_for_update=True)
    after = rules.BECOMES[verdict]
    if after is not mission.state:
        mission_rules.require_move(mission.state, after, reason=reason)
    asked.verdict, asked.reason = verdict, reason
    asked.changes = list(changes) if verdict is ReviewVerdict.REWORK else []
    asked.concluded_at, asked.concluded_by_id, mission.state = now(), by, after
    asked.opened_at = asked.opened_at or asked.concluded_at
    moved = settle(session, asked, reason)
    words = keep_words(session, mission.id, reason, by)
    events.record(
        session, "review_concluded", SubjectKind.MISSION, mission.id, by=by, round=asked.id, verdict=verdict,
        reason=words, mission=mission.id, mission_state=mission.state, states={Noun.REVIEW: moved},
    )  # fmt: skip
    session.flush()
    seats = [session.get_one(Seat, each.seat_id).person_id for each in reviews_of(session, asked.id)]
    people = seats + notifications.followers(session, SubjectKind.MISSION, mission.id)
    notifications.tell(
        session, people, "review_concluded", SubjectKind.MISSION, mission.id, origin,
        title=mission.title, page="/reviews",
    )  # fmt: skip


def settle(session: Session, asked: ReviewRound, reason: str) -> dict[ReviewState, list[UUID]]:
    """Filed reviews are concluded, the others are not filed any more; answers which became what."""
    moved: dict[ReviewState, list[UUID]] = {}
    for review in reviews_of(session, asked.id):
        after = ReviewState.CONCLUDED if review.filed_at else ReviewState.LAPSED
        if review.state is after:
            continue
        rules.require_move(review.state, after, reason=reason)
        review.state = after
        moved.setdefault(after, []).append(review.id)
    return moved


def answer(session: Session, asked: ReviewRound, text: str, by: UUID) -> None:
    """What became of every change that was asked for: the mission can be sent to its reviewers again."""
    session.refresh(asked, with_for_update=True)
    if asked.verdict is not ReviewVerdict.REWORK or asked.acted_at is not None:
        raise NothingToAnswer()
    asked.answer, asked.acted_at = text, now()
    acted = [each for each in reviews_of(session, asked.id) if each.state is ReviewState.CONCLUDED]
    for review in acted:
        rules.require_move(review.state, ReviewState.ACTED, reason=text)
        review.state = ReviewState.ACTED
    words = keep_words(session, asked.mission_id, text, by)
    events.record(
        session, "review_answered", SubjectKind.MISSION, asked.mission_id, by=by, round=asked.id, words=words,
        states={Noun.REVIEW: {ReviewState.ACTED: [each.id for each in acted]}},
    )  # fmt: skip
    session.flush()


def release(session: Session, mission: Mission, reason: str, by: UUID) -> None:
    """Take a reviewed mission back to be framed anew, because something has changed; its review stays readable."""
    session.refresh(mission, with_for_update=True)
    if mission.state is not MissionState.IN_REVIEW or live_round(session, mission.id) is not None:
        raise NothingToRelease()
    mission_rules.require_move(mission.state, MissionState.FRAMED, reason=reason)
    mission.state = MissionState.FRAMED
    words = keep_words(session, mission.id, reason, by)
    events.record(
        session, "review_set_aside", SubjectKind.MISSION, mission.id, by=by, state=mission.state, reason=words
    )
    session.flush()
