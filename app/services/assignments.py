"""Assignments: many items given to many reviewers in one act, as proposed evenly or as somebody changed it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.errors import Conflict, Forbidden, NotAcceptable
from app.models.absence import away
from app.models.assignment import Assignment, assignments_on
from app.models.columns import now
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.review import Review, ReviewRound
from app.models.review_rounds import stepped_aside, waited_for
from app.models.seat import Seat
from app.rules import assigning
from app.rules.assigning import Item, Proposal
from app.rules.replay_kinds import GIVEN, Noun
from app.rules.words import N_, MissionState, Role, SubjectKind
from app.services import events, missions, reviews, reviews_rounds
from app.services.reviews_rounds import Reviewer

ASSIGNABLE = (MissionState.FRAMED, MissionState.IN_REVIEW)
MOST_ITEMS = 60


class NothingChosen(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose at least one item and one reviewer for it.")


class NoLongerPossible(Conflict):
    """Between the proposal and its confirmation somebody stepped aside, or the mission went on."""

    sentence: ClassVar[str] = N_(
        "Meanwhile this cannot be assigned as it was proposed: “%(title)s”. Nothing was assigned; look at it again."
    )


class SteppedAside(Forbidden):
    sentence: ClassVar[str] = N_(
        "You stepped aside from “%(title)s”: another holder of an office chooses its reviewers. Nothing was assigned."
    )


@dataclass(frozen=True)
class Row:
    """One item with everyone who could review it: who was asked, who is proposed, and who cannot be."""

    mission: Mission
    round: ReviewRound | None
    reviewers: list[Reviewer]
    has: frozenset[UUID]
    proposed: frozenset[UUID]
    wanting: int = 0


def assignable(session: Session, committee: Committee) -> list[tuple[Mission, ReviewRound | None]]:
    """Framed missions, and those in review before this committee, the oldest first."""
    query = (
        select(Mission)
        .where(Mission.organisation_id == committee.organisation_id, col(Mission.state).in_(ASSIGNABLE))
        .order_by(col(Mission.created_at), col(Mission.id))
        .limit(MOST_ITEMS)
    )
    missions = list(session.exec(query))
    rounds = select(ReviewRound).where(
        col(ReviewRound.mission_id).in_([each.id for each in missions]),
        col(ReviewRound.concluded_at).is_(None),
    )
    live = {each.mission_id: each for each in session.exec(rounds)}
    found = [(each, live.get(each.id)) for each in missions]
    return [pair for pair in found if pair[1] is None or pair[1].committee_id == committee.id]


def propose(session: Session, committee: Committee, wanted_items: Collection[UUID], wanted: int) -> list[Row]:
    """So many reviewers for each of these items; nothing is assigned by it."""
    found = [pair for pair in assignable(session, committee) if pair[0].id in set(wanted_items)]
    able = {each.id: reviewers_of(session, committee, each) for each, _round in found}
    has = {each.id: asked_of(session, asked) for each, asked in found}
    proposal = proposed(session, able, has, wanted)
    return [
        Row(
            mission, asked, able[mission.id], has[mission.id], proposal.chosen[mission.id],
            proposal.wanting.get(mission.id, 0),
        )
        for mission, asked in found
    ]  # fmt: skip


def reviewers_of(session: Session, committee: Committee, mission: Mission) -> list[Reviewer]:
    """Members, and alternates of members who cannot review it."""
    found = reviews_rounds.reviewers(session, committee, mission)
    shut = {each.seat.id for each in found if not each.can_review}
    return [each for each in found if each.seat.role is Role.MEMBER or each.seat.alternate_for_id in shut]


def asked_of(session: Session, asked: ReviewRound | None) -> frozenset[UUID]:
    if asked is None:
        return frozenset()
    return frozenset(session.exec(select(Review.seat_id).where(Review.round_id == asked.id)))


def proposed(
    session: Session, able: Mapping[UUID, list[Reviewer]], has: Mapping[UUID, frozenset[UUID]], wanted: int
) -> Proposal:
    """The pure rule, given who may, who is away, and how much each owes."""
    everyone = {each.seat.id: each for rows in able.values() for each in rows}
    gone = away(session, everyone, now())
    loads = owed(session, everyone)
    reviewers = [
        assigning.Reviewer(seat, each.group, loads[seat])
        for seat, each in everyone.items()
        if seat not in gone
    ]
    items = [
        Item(
            mission,
            frozenset(everyone) - {each.seat.id for each in rows if each.can_review},
            has[mission],
        )
        for mission, rows in able.items()
    ]
    return assigning.propose(items, reviewers, min(wanted, assigning.MOST_EACH))


def owed(session: Session, seats: Collection[UUID]) -> Counter[UUID]:
    """How many items each seat has still to review."""
    query = (
        select(Review.seat_id, Review.round_id)
        .join(ReviewRound, col(ReviewRound.id) == Review.round_id)
        .where(
            col(Review.seat_id).in_(seats),
            col(Review.filed_at).is_(None),
            col(ReviewRound.concluded_at).is_(None),
        )
        .distinct()
    )
    return Counter(seat for seat, _round in session.exec(query))


def end_of_day(day: date, zone: str) -> datetime:
    """Through the whole last day in this zone, by its last minute, so that every page tells this very day."""
    return datetime.combine(day, time(23, 59), ZoneInfo(zone))


def assign(
    session: Session, committee: Committee, pairs: Collection[tuple[UUID, UUID]], due: date, by: UUID,
    origin: str = "",
) -> list[Assignment]:  # fmt: skip
    """Give items to seats: framed missions are sent to review with it, in those in review more seats are asked.

    `due` is an instant, or a last day: then reviews are in by its end where each mission's question was asked.
    """
    wanted: dict[UUID, set[UUID]] = {}
    for mission_id, seat_id in pairs:
        wanted.setdefault(mission_id, set()).add(seat_id)
    open_items = {mission.id: (mission, asked) for mission, asked in assignable(session, committee)}
    if not wanted:
        raise NothingChosen()
    made: list[Assignment] = []
    for mission_id in sorted(wanted):
        if mission_id not in open_items:
            raise NoLongerPossible(title=getattr(session.get(Mission, mission_id), "title", ""))
        mission, asked = open_items[mission_id]
        require_concerned_by_none(session, mission, by)
        if asked is not None:
            reviews.hold(
                session, asked
            )  # Another act may be asking the same seats: what it did is seen below.
        require_able(session, committee, mission, asked, wanted[mission_id])
        until = due if isinstance(due, datetime) else end_of_day(due, missions.zone_of(session, mission))
        asked = ask(session, committee, mission, asked, wanted[mission_id], until, by, origin)
        assert asked.due_at is not None
        made += keep(session, committee, mission, wanted[mission_id], asked.due_at, by)
    events.record(
        session, "items_assigned", SubjectKind.COMMITTEE, committee.id, by=by,
        states={Noun.ASSIGNMENT: {GIVEN: [each.id for each in made]}},
    )  # fmt: skip
    session.flush()
    return made


def require_concerned_by_none(session: Session, mission: Mission, by: UUID) -> None:
    """Who stepped aside from an item does not choose its reviewers either."""
    aside = col(Seat.id).in_(stepped_aside(session, mission.id))
    if session.exec(select(Seat.id).where(aside, Seat.person_id == by)).first() is not None:
        raise SteppedAside(title=mission.title)


def require_able(
    session: Session, committee: Committee, mission: Mission, asked: ReviewRound | None, seats: set[UUID]
) -> None:
    """Nobody on their own or their organisation's item, nobody who stepped aside, nobody twice."""
    able = {each.seat.id for each in reviews_rounds.reviewers(session, committee, mission) if each.can_review}
    if seats - able or seats & asked_of(session, asked):
        raise NoLongerPossible(title=mission.title)


def ask(
    session: Session, committee: Committee, mission: Mission, asked: ReviewRound | None, seats: set[UUID],
    due: datetime, by: UUID, origin: str,
) -> ReviewRound:  # fmt: skip
    if asked is None:
        return reviews_rounds.send(session, committee, mission, seats, due, by, origin)
    reviews_rounds.ask_more(session, asked, seats, by, origin)
    return asked


def keep(
    session: Session, committee: Committee, mission: Mission, seats: set[UUID], due: datetime, by: UUID
) -> list[Assignment]:
    known = {each.seat_id: each for each in assignments_on(session, [mission.id])}
    made = []
    for seat_id in sorted(seats):
        if (earlier := known.get(seat_id)) is not None:
            # Of an earlier round: the seat is asked anew, and what was asked then is over.
            earlier.due, earlier.assigned_at, earlier.assigned_by_id, earlier.reminded_at = (
                due,
                now(),
                by,
                None,
            )
            made.append(earlier)
            continue
        made.append(
            Assignment(
                committee_id=committee.id, mission_id=mission.id, seat_id=seat_id, due=due, assigned_by_id=by
            )
        )
    session.add_all(made)
    session.flush()
    return made


def still_owed(session: Session, committee: Committee) -> list[tuple[ReviewRound, Review]]:
    """Every review that a live round of this committee waits for, one for each seat, the first due first."""
    query = select(ReviewRound).where(
        ReviewRound.committee_id == committee.id, col(ReviewRound.concluded_at).is_(None)
    )
    found: dict[tuple[UUID, UUID], tuple[ReviewRound, Review]] = {}
    for asked in session.exec(query.order_by(col(ReviewRound.due_at), col(ReviewRound.id))):
        for review in waited_for(session, asked, now()):
            found.setdefault((asked.id, review.seat_id), (asked, review))
    return list(found.values())
