"""Reviews for tests: a review that was waived, one whole set of answers, a round among seats."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.models.columns import now
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.review import Review, ReviewRound, reviews_of, rounds_of
from app.models.seat import Seat
from app.rules import reviews as rules
from app.rules.words import Criterion, Grade, ReviewKind, ReviewVerdict
from app.services import reviews, reviews_rounds


def waive(session: Session, committee: Committee, mission: Mission) -> ReviewRound:
    """As if its chair had waived the review of this very text; no act, for tests of what comes after."""
    number = len(rounds_of(session, mission.id)) + 1
    waived = ReviewRound(
        committee_id=committee.id, mission_id=mission.id, number=number, mission_version=mission.version,
        verdict=ReviewVerdict.WAIVED, reason="It was reviewed on paper.", concluded_at=now(),
    )  # fmt: skip
    session.add(waived)
    session.flush()
    return waived


def answers(mission: Mission, grade: Grade = Grade.GOOD, **changes: str) -> dict[str, str]:
    """A review of the five criteria that lacks nothing: each goes by the mission's title."""
    told: dict[str, str] = {}
    for criterion in Criterion:
        told |= {f"{criterion}_grade": grade.value, f"{criterion}_quote": mission.title}
    return {**told, "solution": "none", **changes}


def appraisal(**changes: str) -> dict[str, str]:
    """An appraisal that lacks nothing."""
    told: dict[str, str] = {}
    for row in rules.ROWS:
        told |= {
            f"{row}_fixing": "Prices mislead.",
            f"{row}_shaping": "It opens a way.",
            f"{row}_supports": "shaping",
        }
    return {**told, **changes}


def send(session: Session, town: Any, days: float = 7, *, asks_appraisal: bool = False) -> ReviewRound:
    """Send a chamber's mission to all its members that can review it."""
    seats = [seat.id for seat in town.seats.values()]
    due = now() + timedelta(days=days)
    return reviews_rounds.send(
        session, town.committee, town.mission, seats, due, town.chair.id, asks_appraisal=asks_appraisal
    )


def review_of(
    session: Session, asked: ReviewRound, seat: Seat, kind: ReviewKind = ReviewKind.CRITERIA
) -> Review:
    query = select(Review).where(Review.round_id == asked.id, Review.seat_id == seat.id, Review.kind == kind)
    return session.exec(query).one()


def file(session: Session, asked: ReviewRound, seat: Seat, told: dict[str, str]) -> Review:
    review = review_of(session, asked, seat)
    reviews.file(session, review, told, review.version, seat.person_id)
    return review


def file_all(session: Session, asked: ReviewRound, mission: Mission, grade: Grade = Grade.GOOD) -> None:
    """Every seat that was asked files the same."""
    for review in reviews_of(session, asked.id):
        told = answers(mission, grade) if review.kind is ReviewKind.CRITERIA else appraisal()
        person: UUID = session.get_one(Seat, review.seat_id).person_id
        reviews.file(session, review, told, review.version, person)
