"""Rounds of reviews: a mission is sent to the seats of a committee, more are asked or given time, or it is waived."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Conflict, NotAcceptable
from app.models.columns import now
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.person import Person
from app.models.review import Review, ReviewRound, latest_rounds, rounds_of
from app.models.review_rounds import is_opened, is_own, stepped_aside
from app.models.seat import Seat, live_seats_in
from app.rules import gates, hashing
from app.rules import missions as mission_rules
from app.rules import reviews as rules
from app.rules.gates import Gate
from app.rules.phrases import Phrase
from app.rules.replay_kinds import Noun
from app.rules.reviews import NotReviewed
from app.rules.words import (
    N_,
    MissionState,
    ReviewKind,
    ReviewState,
    ReviewVerdict,
    Role,
    ScopeKind,
    StakeholderGroup,
    SubjectKind,
)
from app.services import events, missions, reviews

GATE = N_("The committee's review")
MISSING = N_("Send it to reviewers, conclude their review as “Ready for a vote”, or waive it with a reason.")
REVIEWING = (Role.MEMBER, Role.ALTERNATE)


class OtherCommittee(Conflict):
    sentence: ClassVar[str] = N_("This committee decides on the missions of its own organisation.")


class NobodyAsked(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose at least one seat that shall review the mission.")


class DayTooSoon(NotAcceptable):
    sentence: ClassVar[str] = N_("The day by which reviews are in has to lie ahead.")


class NeverEarlier(NotAcceptable):
    sentence: ClassVar[str] = N_("Reviewers can be given more time, never less.")


class OpenedAlready(Conflict):
    sentence: ClassVar[str] = N_(
        "The reviews are open: everyone can read them, so their day is not moved any more."
    )


class UnderReview(Conflict):
    sentence: ClassVar[str] = N_("This mission is in review already.")


class NotAnswered(Conflict):
    sentence: ClassVar[str] = N_(
        "The last review asked for changes. Say first what became of them, on the page of the reviews."
    )


@dataclass(frozen=True)
class Reviewer:
    """A seat that could be asked, with its person, and why it cannot: stepped aside, or it is their own mission."""

    seat: Seat
    name: str
    group: StakeholderGroup | None
    is_aside: bool
    is_own: bool

    @property
    def can_review(self) -> bool:
        return not self.is_aside and not self.is_own


def reviewers(session: Session, committee: Committee, mission: Mission) -> list[Reviewer]:
    """Every seat with a group, members before alternates, each in the order of the groups."""
    seats = [
        each for each in live_seats_in(session, ScopeKind.COMMITTEE, committee.id) if each.role in REVIEWING
    ]
    groups = {each.id: each.group for each in seats}
    query = select(Person).where(col(Person.id).in_([each.person_id for each in seats]))
    people = {each.id: each for each in session.exec(query)}
    aside = stepped_aside(session, mission.id)
    order = list(StakeholderGroup)
    found = [
        Reviewer(
            seat, people[seat.person_id].name, group_of(seat, groups), seat.id in aside,
            is_own(session, mission, people[seat.person_id]),
        )
        for seat in seats
    ]  # fmt: skip
    return sorted(
        found,
        key=lambda each: (each.seat.role is Role.ALTERNATE, order.index(each.group) if each.group else 9),
    )


def group_of(seat: Seat, groups: Mapping[UUID, StakeholderGroup | None]) -> StakeholderGroup | None:
    """An alternate speaks for the group of the seat it stands in for."""
    return seat.group or (groups.get(seat.alternate_for_id) if seat.alternate_for_id else None)


def proposed(found: Sequence[Reviewer]) -> set[UUID]:
    """Whom one would ask: every member that can review, and the alternate of each that cannot."""
    able = {each.seat.id for each in found if each.can_review}
    shut = {each.seat.id for each in found if not each.can_review}
    return {
        each.seat.id
        for each in found
        if each.seat.id in able and (each.seat.role is Role.MEMBER or each.seat.alternate_for_id in shut)
    }


def send(
    session: Session, committee: Committee, mission: Mission, seats: Collection[UUID], due_at: datetime, by: UUID,
    origin: str = "", opens_at: datetime | None = None, *, asks_appraisal: bool = True,
) -> ReviewRound:  # fmt: skip
    """Send a framed mission to these seats; its text stays until they are done."""
    session.refresh(mission, with_for_update=True)
    if mission.organisation_id != committee.organisation_id:
        raise OtherCommittee()
    if mission.state is MissionState.IN_REVIEW:
        raise UnderReview()
    mission_rules.require_move(mission.state, MissionState.IN_REVIEW)
    gates.require_met(missions.facts_of(session, mission))
    require_answered(session, mission)
    at = now()
    if due_at <= max(at, opens_at or at):
        raise DayTooSoon()
    asked = new_round(session, committee, mission, by)
    asked.opens_at, asked.due_at = opens_at or at, due_at
    session.add(asked)
    session.flush()
    mission.state = MissionState.IN_REVIEW
    kinds = list(ReviewKind) if asks_appraisal else [ReviewKind.CRITERIA]
    made = add_reviews(session, committee, mission, asked, seats, kinds)
    if not made:
        raise NobodyAsked()
    events.record(
        session, "review_sent", SubjectKind.MISSION, mission.id, by=by, committee=committee.id, round=asked.id,
        opens_at=asked.opens_at, due_at=due_at, version=mission.version, snapshot=asked.snapshot,
        mission=mission.id, mission_state=mission.state,
        states={Noun.REVIEW: {ReviewState.SCHEDULED: [each.id for each in made]}},
    )  # fmt: skip
    session.flush()
    reviews.tell(session, mission, made, "review_asked", origin)
    return asked


def require_answered(session: Session, mission: Mission) -> None:
    latest = next(iter(rounds_of(session, mission.id)), None)
    if latest is not None and latest.verdict is ReviewVerdict.REWORK and latest.acted_at is None:
        raise NotAnswered()


def new_round(session: Session, committee: Committee, mission: Mission, by: UUID) -> ReviewRound:
    earlier = rounds_of(session, mission.id)
    return ReviewRound(
        committee_id=committee.id,
        mission_id=mission.id,
        number=earlier[0].number + 1 if earlier else 1,
        mission_version=mission.version,
        snapshot=hashing.digest(missions.snapshot(session, mission)),
        created_by_id=by,
    )


def add_reviews(
    session: Session, committee: Committee, mission: Mission, asked: ReviewRound, seats: Collection[UUID],
    kinds: Sequence[ReviewKind],
) -> list[Review]:  # fmt: skip
    """One review of each kind for each of these seats that can review and was not asked yet."""
    known = {each.seat_id for each in session.exec(select(Review).where(Review.round_id == asked.id))}
    able = {each.seat.id for each in reviewers(session, committee, mission) if each.can_review}
    made = [
        Review(round_id=asked.id, seat_id=seat_id, kind=kind)
        for seat_id in sorted(set(seats) & able - known)
        for kind in kinds
    ]
    session.add_all(made)
    session.flush()
    return made


def ask_more(
    session: Session, asked: ReviewRound, seats: Collection[UUID], by: UUID, origin: str = ""
) -> list[Review]:
    """Ask further seats; a round that is open already stays open, and what they write is marked as written after."""
    reviews.hold(session, asked)
    at = now()
    if asked.opened_at is None and is_opened(session, asked, at):
        asked.opened_at = min(at, asked.due_at or at)
    committee, mission = (
        session.get_one(Committee, asked.committee_id),
        session.get_one(Mission, asked.mission_id),
    )
    kinds = sorted({each.kind for each in session.exec(select(Review).where(Review.round_id == asked.id))})
    made = add_reviews(session, committee, mission, asked, seats, kinds)
    if not made:
        raise NobodyAsked()
    events.record(
        session, "review_asked", SubjectKind.MISSION, mission.id, by=by, round=asked.id,
        states={Noun.REVIEW: {ReviewState.SCHEDULED: [each.id for each in made]}},
    )  # fmt: skip
    session.flush()
    reviews.tell(session, mission, made, "review_asked", origin)
    return made


def extend(session: Session, asked: ReviewRound, due_at: datetime, by: UUID) -> None:
    """A later day, while the reviews are blind: nobody moves the day of what can be read."""
    reviews.hold(session, asked)
    if is_opened(session, asked):
        raise OpenedAlready()
    assert asked.due_at is not None
    if due_at <= asked.due_at:
        raise NeverEarlier()
    asked.due_at = due_at
    events.record(
        session,
        "review_extended",
        SubjectKind.MISSION,
        asked.mission_id,
        by=by,
        round=asked.id,
        due_at=due_at,
    )


def waive(session: Session, committee: Committee, mission: Mission, reason: str, by: UUID) -> ReviewRound:
    """Let this very text go to the vote unreviewed, for a reason that everyone reads."""
    session.refresh(mission, with_for_update=True)
    if mission.organisation_id != committee.organisation_id:
        raise OtherCommittee()
    mission_rules.require_move(mission.state, MissionState.ON_BALLOT)
    if mission.state is not MissionState.FRAMED:
        raise UnderReview()
    gates.require_met(missions.facts_of(session, mission))
    waived = new_round(session, committee, mission, by)
    waived.verdict, waived.reason = ReviewVerdict.WAIVED, reason
    waived.concluded_at, waived.concluded_by_id = now(), by
    session.add(waived)
    session.flush()
    number = len(events.versions(session, SubjectKind.MISSION, mission.id)) + 1
    told = events.keep_text(session, SubjectKind.MISSION, mission.id, number, reason, by)
    events.record(
        session, "review_waived", SubjectKind.MISSION, mission.id, by=by, committee=committee.id, round=waived.id,
        version=mission.version, snapshot=waived.snapshot, reason=told,
    )  # fmt: skip
    session.flush()
    return waived


def is_reviewed(session: Session, mission: Mission) -> bool:
    """What a vote rests on: reviewed and ready, or waived for this very text."""
    return rests_on(mission, latest_rounds(session, [mission.id]).get(mission.id))


def rests_on(mission: Mission, latest: ReviewRound | None) -> bool:
    """The same, of the latest round."""
    verdict, version = (latest.verdict, latest.mission_version) if latest else (None, 0)
    return rules.allows_vote(mission.state, mission.version, verdict, version)


def gate(session: Session, mission: Mission) -> Gate:
    """The review among the things that a vote needs."""
    is_met = is_reviewed(session, mission)
    return Gate("review", GATE, met=is_met, missing=None if is_met else Phrase(MISSING))


def require_reviewed(session: Session, mission: Mission) -> None:
    if not is_reviewed(session, mission):
        raise NotReviewed()
