"""The reviews of a mission as a reader may see them: who is asked, and, once a round is open, what was said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.person import Person
from app.models.review import Review, ReviewRound, reviews_of, rounds_of
from app.models.review_rounds import is_opened, stepped_aside
from app.models.seat import Seat
from app.rules import merit
from app.rules import reviews as rules
from app.rules.merit import Profile
from app.rules.reviews import EVIDENCE, GRADE, NOTE, QUOTE, SOLUTION, SOLUTION_WORDS, SUPPORTS, Standing
from app.rules.words import Criterion, Grade, ReviewKind, ReviewState, StakeholderGroup
from app.services import reviews_check, reviews_conclude, reviews_revise
from app.services.reviews_check import Words


@dataclass(frozen=True)
class Asked:
    """One reviewer of a round: whose seat, and what is known of their reviews."""

    name: str
    group: StakeholderGroup | None
    seat: Seat
    reviews: list[Review]
    is_aside: bool
    is_late: bool

    @property
    def is_in(self) -> bool:
        return all(each.filed_at for each in self.reviews)


@dataclass(frozen=True)
class Before:
    """What somebody said of a criterion before they revised it in the open, and why they did."""

    grade: Grade | None
    reason: str
    at: datetime


@dataclass(frozen=True)
class Said:
    """What one reviewer said of one criterion, or of the solution; `quote` is empty where its words were taken back."""

    name: str
    group: StakeholderGroup | None
    grade: Grade | None = None
    quote: str = ""
    is_taken_back: bool = False
    evidence: str = ""
    link: str | None = None
    note: str = ""
    counts: bool = True
    is_late: bool = False
    before: Sequence["Before"] = ()


@dataclass(frozen=True)
class Judged:
    """One criterion: the profile of all, of each group, and what each reviewer said."""

    criterion: Criterion
    profile: Profile
    groups: list[tuple[StakeholderGroup, Profile]]
    said: list[Said]
    notes: list[dict[str, Any]]


@dataclass(frozen=True)
class Framed:
    """One row of the appraisal: what each reviewer wrote in both columns, and which framing that supports."""

    row: str
    title: str
    said: list[dict[str, Any]]
    counts: dict[str, int]


@dataclass(frozen=True)
class RoundShown:
    """A round; everything after `is_open` is empty until it is."""

    asked: ReviewRound
    committee: Committee
    people: list[Asked]
    is_open: bool
    standing: Standing
    judged: list[Judged] = field(default_factory=list)
    solutions: list[Said] = field(default_factory=list)
    framed: list[Framed] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return self.asked.concluded_at is None

    @property
    def many_in(self) -> int:
        return sum(each.is_in for each in self.people)

    @property
    def asks_two(self) -> bool:
        return any(len(each.reviews) > 1 for each in self.people)

    @property
    def solution_named(self) -> int:
        return sum(bool(each.quote or each.is_taken_back) for each in self.solutions)


def rounds(session: Session, mission: Mission) -> list[RoundShown]:
    """The rounds of a mission, the latest first."""
    return [round_shown(session, mission, asked) for asked in rounds_of(session, mission.id)]


def round_shown(session: Session, mission: Mission, asked: ReviewRound) -> RoundShown:
    people = people_of(session, asked)
    is_open = is_opened(session, asked)
    standing = reviews_conclude.standing(session, asked)
    shown = RoundShown(asked, session.get_one(Committee, asked.committee_id), people, is_open, standing)
    if not is_open or not people:
        return shown
    words = reviews_check.words_of(session, mission)
    filed = [(each, review) for each in people for review in each.reviews if review.filed_at]
    criteria = [pair for pair in filed if pair[1].kind is ReviewKind.CRITERIA]
    appraisals = [pair for pair in filed if pair[1].kind is ReviewKind.MARKET_SHAPING]
    shown.judged.extend(judged(session, mission, asked, each, criteria, words) for each in Criterion)
    shown.solutions.extend(solution_said(each, review, words) for each, review in criteria)
    if any(review.kind is ReviewKind.MARKET_SHAPING for each in people for review in each.reviews):
        shown.framed.extend(framed(row, appraisals) for row in rules.ROWS)
    return shown


def people_of(session: Session, asked: ReviewRound) -> list[Asked]:
    """Everyone asked, in the order of the groups; seats in one statement, people in another."""
    mine: dict[UUID, list[Review]] = {}
    for review in reviews_of(session, asked.id):
        mine.setdefault(review.seat_id, []).append(review)
    seats = session.exec(select(Seat).where(col(Seat.id).in_(mine))).all()
    names = dict(
        session.exec(
            select(Person.id, Person.name).where(col(Person.id).in_({each.person_id for each in seats}))
        ).all()
    )
    aside, order = stepped_aside(session, asked.mission_id), list(StakeholderGroup)
    since = opened_since(asked)
    found = [
        Asked(
            names[seat.person_id], reviews_conclude.group_of(session, seat), seat, mine[seat.id], seat.id in aside,
            any(each.filed_at and since and each.filed_at > since for each in mine[seat.id]),
        )
        for seat in seats
    ]  # fmt: skip
    return sorted(found, key=lambda each: (order.index(each.group) if each.group else 9, each.name))


def opened_since(asked: ReviewRound) -> datetime | None:
    """From when on the reviews could be read; None while they cannot."""
    if asked.opened_at is not None:
        return asked.opened_at
    return asked.due_at if asked.due_at is not None and asked.due_at <= now() else None


def judged(
    session: Session, mission: Mission, asked: ReviewRound, criterion: Criterion,
    filed: Sequence[tuple[Asked, Review]], words: Words,
) -> Judged:  # fmt: skip
    said = [criterion_said(session, mission, each, review, criterion, words) for each, review in filed]
    counted = [each for each in said if each.counts and each.grade is not None]
    groups = [
        (group, merit.profile(each.grade for each in counted if each.group is group and each.grade))
        for group in StakeholderGroup
    ]
    return Judged(
        criterion,
        merit.profile(each.grade for each in counted if each.grade),
        [(group, profile) for group, profile in groups if profile.total],
        said,
        notes_of(session, asked, criterion),
    )


def criterion_said(
    session: Session, mission: Mission, each: Asked, review: Review, criterion: Criterion, words: Words
) -> Said:
    told = {part: review.answers.get(f"{criterion}_{part}", "") for part in (GRADE, QUOTE, EVIDENCE, NOTE)}
    is_gone = bool(told[QUOTE]) and words.hides(told[QUOTE])
    return Said(
        each.name,
        each.group,
        graded(told[GRADE]),
        "" if is_gone else told[QUOTE],
        is_gone,
        told[EVIDENCE],
        reviews_check.address_of(session, mission, told[EVIDENCE]) if told[EVIDENCE] else None,
        told[NOTE],
        not each.is_aside,
        each.is_late,
        before(session, review, criterion),
    )


def before(session: Session, review: Review, criterion: Criterion) -> list[Before]:
    """The revisions of a criterion that others could see happen; those of before the round opened stay unseen."""
    found = reviews_revise.earlier(session, review)
    after = [*(each.answers for each in found[1:]), review.answers] if found else []
    keys = [f"{criterion}_{part}" for part in (GRADE, QUOTE, EVIDENCE, NOTE)]
    return [
        Before(graded(each.answers.get(keys[0], "")), each.reason, each.replaced_at)
        for each, then in zip(found, after, strict=True)
        if each.reason and any(each.answers.get(key) != then.get(key) for key in keys)
    ]


def graded(told: str) -> Grade | None:
    return Grade(told) if told in set(Grade) else None


def solution_said(each: Asked, review: Review, words: Words) -> Said:
    quote = review.answers.get(SOLUTION_WORDS, "") if review.answers.get(SOLUTION) == rules.NAMES else ""
    is_gone = bool(quote) and words.hides(quote)
    return Said(
        each.name, each.group, quote="" if is_gone else quote, is_taken_back=is_gone, counts=not each.is_aside
    )


def notes_of(session: Session, asked: ReviewRound, criterion: Criterion) -> list[dict[str, Any]]:
    notes = asked.discussions.get(criterion, [])
    people = {UUID(each["by"]) for each in notes}
    names = (
        dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all())
        if people
        else {}
    )
    return [
        {
            "name": names.get(UUID(each["by"]), ""),
            "at": datetime.fromisoformat(each["at"]),
            "text": each["text"],
        }
        for each in notes
    ]


def framed(row: str, filed: Sequence[tuple[Asked, Review]]) -> Framed:
    said = [
        {
            "name": each.name,
            "group": each.group,
            "counts": not each.is_aside,
            **{
                part: review.answers.get(f"{row}_{part}", "")
                for part in (rules.FIXING, rules.SHAPING, SUPPORTS)
            },
        }
        for each, review in filed
    ]
    counts = {
        framing: sum(each["counts"] and each[SUPPORTS] == framing for each in said)
        for framing in rules.FRAMINGS
    }
    return Framed(row, rules.ROWS[row][0], said, counts)


@dataclass(frozen=True)
class Mine:
    """One review that the reader is asked for."""

    review: Review
    asked: ReviewRound
    state: ReviewState

    @property
    def is_begun(self) -> bool:
        return any(self.review.answers.values())


def mine(session: Session, mission: Mission, seats: Sequence[UUID]) -> list[Mine]:
    """The reader's own reviews of this mission, those of the latest round first."""
    query = (
        select(Review, ReviewRound)
        .join(ReviewRound, col(ReviewRound.id) == Review.round_id)
        .where(ReviewRound.mission_id == mission.id, col(Review.seat_id).in_(seats))
        .order_by(col(ReviewRound.number).desc(), col(Review.kind))
    )
    at = now()
    return [
        Mine(review, asked, rules.phase(review.state, asked.opens_at, at))
        for review, asked in session.exec(query)
    ]
