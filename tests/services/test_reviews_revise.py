"""A filed review is revised: unseen until the round opens, then in the open with a reason; what was filed is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.models.columns import telling
from app.models.review import EarlierReview, Review, ReviewRound
from app.rules import hashing
from app.rules.replay_kinds import Noun
from app.rules.reviews import ReviewIncomplete, ReviewNotOpen
from app.rules.words import Criterion, Grade, ReviewVerdict
from app.services import reviews_conclude, reviews_revise, reviews_rounds, reviews_show
from app.services.reviews import OtherReviewWindow
from app.services.reviews_revise import RevisionNeedsReason
from tests import reviewed
from tests.replayed import begin
from tests.services.chamber import Chamber, make_chamber

REASON = "The figures of the ministry convinced me."


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session, is_reviewed=False)


@pytest.fixture
def asked(session: Session, chamber: Chamber) -> ReviewRound:
    return reviewed.send(session, chamber)


def revise(chamber: Chamber, name: str, review: Review, told: dict[str, str], reason: str = "") -> None:
    by = chamber.members[name].id
    reviews_revise.revise(chamber.session, review, told, review.version, by, reason)


def bold(session: Session, chamber: Chamber, name: str) -> reviews_show.Said:
    judged = reviews_show.rounds(session, chamber.mission)[0].judged[0]
    return next(each for each in judged.said if each.name == chamber.members[name].name)


def test_before_the_round_opens_it_is_revised_unseen_and_the_old_one_kept(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    memory = begin(session)
    told = reviewed.answers(chamber.mission)
    review = reviewed.file(session, asked, chamber.seats["third 1"], told)
    first = (dict(review.answers), review.words_hash, review.salt)

    revise(chamber, "third 1", review, told | {"bold_grade": "poor"})
    memory.remember(session, "revised")

    (kept,) = reviews_revise.earlier(session, review)
    assert (kept.answers, kept.words_hash, kept.salt) == first
    assert kept.words_hash == hashing.text_hash(hashing.canonical(kept.answers).decode(), kept.salt)
    assert (review.answers["bold_grade"], kept.reason) == ("poor", "")
    assert review.words_hash == hashing.text_hash(hashing.canonical(review.answers).decode(), review.salt)
    assert reviews_show.rounds(session, chamber.mission)[0].judged == []
    found = [each for comparison in memory.compared(session).values() for each in comparison.differing]
    assert [each for each in found if each.noun is Noun.REVIEW] == []

    for name, seat in chamber.seats.items():
        if name != "third 1":
            reviewed.file(session, asked, seat, told)
    said = bold(session, chamber, "third 1")
    assert (said.grade, said.is_late, list(said.before)) == (Grade.POOR, False, [])


def test_after_it_opened_a_revision_needs_a_reason_and_stands_beside_the_old_grade(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    told = reviewed.answers(chamber.mission)
    reviews = {name: reviewed.file(session, asked, seat, told) for name, seat in chamber.seats.items()}
    before = Grade(told["bold_grade"])
    assert asked.opened_at is not None

    with telling(asked.opened_at + timedelta(hours=1)):
        with pytest.raises(RevisionNeedsReason):
            revise(chamber, "third 1", reviews["third 1"], told | {"bold_grade": "poor"})
        revise(chamber, "third 1", reviews["third 1"], told | {"bold_grade": "poor"}, REASON)

    said = bold(session, chamber, "third 1")
    assert (said.grade, said.is_late) == (Grade.POOR, True)
    assert [(each.grade, each.reason) for each in said.before] == [(before, REASON)]
    crossing = reviews_show.rounds(session, chamber.mission)[0].judged[
        list(Criterion).index(Criterion.CROSSING)
    ]
    assert all(not each.before for each in crossing.said)


def test_a_revision_is_whole_knows_the_latest_and_changes_something(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    told = reviewed.answers(chamber.mission)
    review = reviewed.file(session, asked, chamber.seats["third 1"], told)

    with pytest.raises(ReviewIncomplete):
        revise(chamber, "third 1", review, told | {"bold_grade": ""})
    with pytest.raises(OtherReviewWindow):
        reviews_revise.revise(
            session, review, told | {"bold_grade": "poor"}, review.version - 1, chamber.members["third 1"].id
        )
    revise(chamber, "third 1", review, told)

    assert reviews_revise.earlier(session, review) == []
    assert review.answers["bold_grade"] == told["bold_grade"]


def test_nothing_is_revised_that_is_not_filed_or_whose_round_is_concluded(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    told = reviewed.answers(chamber.mission)
    draft = reviewed.review_of(session, asked, chamber.seats["third 1"])
    with pytest.raises(ReviewNotOpen):
        revise(chamber, "third 1", draft, told)

    reviews = {name: reviewed.file(session, asked, seat, told) for name, seat in chamber.seats.items()}
    reviews_conclude.conclude(session, asked, ReviewVerdict.READY, "It holds.", [], chamber.chair.id)

    with pytest.raises(ReviewNotOpen):
        revise(chamber, "third 1", reviews["third 1"], told | {"bold_grade": "poor"}, REASON)
    assert not reviews_revise.may_revise(session, reviews["third 1"])
    assert reviews_rounds.is_reviewed(session, chamber.mission)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE review SET answers = '{}' WHERE filed_at IS NOT NULL",
        "UPDATE review SET words_hash = 'x' WHERE filed_at IS NOT NULL",
        "UPDATE review SET filed_at = NULL, state = 'scheduled' WHERE filed_at IS NOT NULL",
        "DELETE FROM review WHERE filed_at IS NOT NULL",
        "UPDATE earlierreview SET reason = 'Because.'",
        "DELETE FROM earlierreview",
    ],
)
def test_the_database_loses_nothing_that_was_filed(
    session: Session, chamber: Chamber, asked: ReviewRound, change: str
) -> None:
    told = reviewed.answers(chamber.mission)
    review = reviewed.file(session, asked, chamber.seats["third 1"], told)
    revise(chamber, "third 1", review, told | {"bold_grade": "poor"})
    assert session.get(EarlierReview, (review.id, 1)) is not None

    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(change))
