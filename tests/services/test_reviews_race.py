"""Two at once: two windows of one review, the last two reviewers, a conclusion against a filing."""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.errors import Refusal
from app.models.review import Review, ReviewRound, reviews_of
from app.models.seat import Seat
from app.rules.words import ReviewVerdict
from app.services import reviews, reviews_conclude
from tests import reviewed
from tests.services.chamber import Chamber, make_chamber

ANOTHER_ROUND = """
    INSERT INTO reviewround (id, committee_id, mission_id, number, mission_version, snapshot, opens_at, discussions,
        reason, changes, answer, created_at)
    SELECT gen_random_uuid(), committee_id, mission_id, 99, 1, '', now(), '{}', '', '[]', '', now()
    FROM reviewround WHERE concluded_at IS NULL
"""


@pytest.fixture
def chamber(db: Session) -> Chamber:
    return make_chamber(db)


@pytest.fixture
def asked(db: Session, chamber: Chamber) -> ReviewRound:
    made = reviewed.send(db, chamber)
    db.commit()
    return made


def at_once(engine: Engine, *acts: Callable[[Session], object]) -> list[str]:
    """Each act in a transaction of its own, all begun before any goes on; answers what each was refused with."""
    barrier, answers = Barrier(len(acts)), [""] * len(acts)

    def run(place: int) -> None:
        with Session(engine) as session:
            session.connection().execute(text("SELECT 1"))
            barrier.wait(20)
            try:
                acts[place](session)
                session.commit()
            except Refusal as refusal:
                answers[place] = type(refusal).__name__

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def filing(review_id: UUID, told: dict[str, str], version: int) -> Callable[[Session], object]:
    def act(session: Session) -> None:
        review = session.get_one(Review, review_id)
        person = session.get_one(Seat, review.seat_id).person_id
        reviews.file(session, review, told, version, person)

    return act


def test_two_windows_that_file_at_once_file_one_review(
    db: Session, clean: Engine, chamber: Chamber, asked: ReviewRound
) -> None:
    review = reviewed.review_of(db, asked, chamber.seats["citizens 1"])
    told = [reviewed.answers(chamber.mission, bold_note=note) for note in ("one", "two")]

    answers = at_once(clean, *(filing(review.id, each, review.version) for each in told))

    assert sorted(answers) == ["", "ReviewNotOpen"]
    db.refresh(review)
    assert review.answers["bold_note"] == ("one" if answers[0] == "" else "two")


def test_two_windows_that_keep_drafts_at_once_never_write_over_one_another(
    db: Session, clean: Engine, chamber: Chamber, asked: ReviewRound
) -> None:
    review = reviewed.review_of(db, asked, chamber.seats["citizens 1"])

    def keeping(note: str) -> Callable[[Session], object]:
        return lambda session: reviews.keep(
            session, session.get_one(Review, review.id), {"bold_note": note}, review.version
        )

    answers = at_once(clean, keeping("one"), keeping("two"))

    assert sorted(answers) == ["", "OtherReviewWindow"]
    db.refresh(review)
    assert review.version == 2


def test_the_last_two_reviewers_open_the_round_whoever_comes_last(
    db: Session, clean: Engine, chamber: Chamber, asked: ReviewRound
) -> None:
    names = list(chamber.seats)
    told = reviewed.answers(chamber.mission)
    for name in names[:-2]:
        reviewed.file(db, asked, chamber.seats[name], told)
    db.commit()
    last = [reviewed.review_of(db, asked, chamber.seats[name]) for name in names[-2:]]

    assert at_once(clean, *(filing(each.id, told, each.version) for each in last)) == ["", ""]

    db.refresh(asked)
    assert asked.opened_at is not None


def test_a_review_is_filed_before_a_round_is_stopped_or_not_at_all(
    db: Session, clean: Engine, chamber: Chamber, asked: ReviewRound
) -> None:
    review, chair = reviewed.review_of(db, asked, chamber.seats["citizens 1"]), chamber.chair.id

    def stop(session: Session) -> None:
        found = session.get_one(ReviewRound, asked.id)
        reviews_conclude.conclude(session, found, ReviewVerdict.STOPPED, "Too early.", [], chair)

    answers = at_once(clean, stop, filing(review.id, reviewed.answers(chamber.mission), review.version))

    db.expire_all()
    assert answers in (["", ""], ["", "ReviewNotOpen"])
    states = {each.state for each in reviews_of(db, asked.id)}
    assert states == ({"lapsed", "concluded"} if answers == ["", ""] else {"lapsed"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE review SET answers = '{}' WHERE filed_at IS NOT NULL",
        "UPDATE review SET filed_at = NULL, state = 'scheduled' WHERE filed_at IS NOT NULL",
        "UPDATE review SET words_hash = repeat('0', 64) WHERE filed_at IS NOT NULL",
        "DELETE FROM review WHERE filed_at IS NOT NULL",
        "UPDATE money SET amount = 1",
        "DELETE FROM money",
        "UPDATE reviewround SET verdict = 'ready'",
        ANOTHER_ROUND,
    ],
)
def test_the_database_keeps_what_is_filed_and_one_round_at_a_time(session: Session, statement: str) -> None:
    chamber = make_chamber(session)
    asked = reviewed.send(session, chamber)
    reviewed.file(session, asked, chamber.seats["citizens 1"], reviewed.answers(chamber.mission))

    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(statement))
