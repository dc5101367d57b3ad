"""Two chairs give the same reviewer the same item at the same instant: one of them does, the other is told."""

from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from app.models.assignment import Assignment
from app.models.columns import now
from app.models.committee import Committee
from app.models.review import Review, ReviewRound
from app.rules.words import ReviewKind, Role, ScopeKind
from app.services import assignments, reviews, reviews_rounds
from tests.people import make_person, seat
from tests.services.chamber import Chamber, make_chamber, nothing_ties
from tests.services.racing import Act, Rivals, meeting, together, without

ONE_ASSIGNMENT, ONE_REVIEW = "one_assignment_per_item_and_seat", "review.one_review_per_seat_and_kind"
WANTED = "citizens 1"


def in_review(engine: Engine) -> tuple[Chamber, list[UUID]]:
    """A mission that one seat reviews already, and two who may ask further seats."""
    with Session(engine, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        deputy = make_person(session, "Deputy")
        seat(session, deputy, Role.DEPUTY, ScopeKind.COMMITTEE, chamber.committee.id)
        nothing_ties(session, chamber.mission, chamber.seats.values())
        for each in session.exec(select(ReviewRound)):
            session.delete(each)
        session.flush()
        giving(chamber, chamber.chair.id, "public 1")(session, None)
        session.commit()
    return chamber, [chamber.chair.id, deputy.id]


def giving(chamber: Chamber, by: UUID, *names: str) -> Act:
    pairs = [(chamber.mission.id, chamber.seats[name].id) for name in names]
    committee, due = chamber.committee.id, now() + timedelta(days=5)
    return lambda session, _decision: assignments.assign(
        session, session.get_one(Committee, committee), pairs, due, by
    )


def standing(engine: Engine, chamber: Chamber) -> tuple[int, int]:
    """How many assignments of the wanted seat there are, and how many reviews by the five criteria."""
    wanted = chamber.seats[WANTED].id
    with Session(engine) as session:
        given = session.exec(select(func.count()).where(col(Assignment.seat_id) == wanted)).one()
        asked = select(func.count()).where(Review.seat_id == wanted, Review.kind == ReviewKind.CRITERIA)
        return given, session.exec(asked).one()


def given_by_two(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], tuple[int, int]]:
    """What two are answered without the lock when both have read before either writes, and what stands then."""
    chamber, two = in_review(engine)
    with monkeypatch.context() as patch:
        patch.setattr(reviews, "hold", lambda _session, _asked: None)
        for owner, name in ((reviews_rounds, "reviewers"), (assignments, "assignments_on")):
            patch.setattr(owner, name, meeting(getattr(owner, name), Barrier(2)))
        answers = together(engine, chamber, [giving(chamber, by, WANTED) for by in two])
    return sorted(answers), standing(engine, chamber)


def test_a_reviewer_is_given_an_item_once_and_nothing_of_the_other_act_is_kept(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second also wanted somebody else: all of it is refused, as when it had come later."""
    chamber, (chair, deputy) = in_review(races)
    rivals = Rivals(races, chamber)
    with monkeypatch.context() as patch:
        patch.setattr(assignments, "require_able", rivals.pausing(assignments.require_able))
        answers = rivals.run(giving(chamber, chair, WANTED), giving(chamber, deputy, WANTED, "academia 1"))

    assert answers == ("done", "NoLongerPossible")
    assert standing(races, chamber) == (1, 1)
    with Session(races) as session:
        assert session.exec(select(func.count()).select_from(Assignment)).one() == 2


def test_the_constraints_alone_keep_it_to_one(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert given_by_two(races, monkeypatch) == (sorted(["done", "IntegrityError"]), (1, 1))


def test_without_lock_and_constraints_it_would_be_given_twice(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without(races, ONE_ASSIGNMENT, ONE_REVIEW):
        assert given_by_two(races, monkeypatch) == (["done", "done"], (2, 2))
