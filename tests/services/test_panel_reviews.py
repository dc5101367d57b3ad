"""Reviews of applications: evenly given, without conflicts, blind until all are in, side by side; blind calls."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.errors import NotFound
from app.models.application import Teammate
from app.models.columns import now
from app.models.committee import Interest
from app.models.notification import Notification
from app.models.organisation import Organisation
from app.models.panel import PanelReview, panel_reviews_of
from app.models.person import Person
from app.permissions import Permission, can
from app.rules.panel import ReviewLacks, StillBlind, TooFewReviews
from app.rules.reviews import ReviewNotOpen
from app.rules.words import (
    ApplicationState,
    CallState,
    Grade,
    InterestEffect,
    InterestKind,
    Role,
    ScopeKind,
)
from app.services import (
    applications_send,
    committees_bench,
    interests_items,
    interests_resolve,
    panel,
    panel_asking,
    panel_reviews,
    panel_show,
    replay,
)
from app.services.committees_tasks import Turn
from app.services.interests_items import Said
from app.services.panel_asking import CannotBeAsked, NobodyChosen
from app.services.panel_reviews import NotTheirsToReview
from app.services.reviews import OtherReviewWindow
from tests.judged import Judged, answers, make_judged
from tests.people import make_person, seat

P, A, C, G = Permission, ApplicationState, CallState, Grade
ORIGIN = "https://comission.example"


@pytest.fixture
def judged(session: Session) -> Judged:
    return make_judged(session)


def differing(session: Session) -> list[str]:
    return [
        each.id
        for each in replay.differences(session).differing
        if each.noun in ("application", "panel_review")
    ]


def test_reviews_are_given_evenly_and_never_to_those_who_may_not(session: Session) -> None:
    judged = make_judged(session, 4).in_review()
    ada, ben = judged.members[:2]
    ada.organisation_id = judged.first.organisation_id
    interests_items.say(
        session, judged.applications[1], ben.id, Said(InterestKind.MONEY, "I own a part of it.")
    )
    session.flush()

    rows = panel_asking.propose(session, judged.offered.call)

    assert [len(row.proposed) for row in rows] == [3, 3, 3, 3]
    assert judged.seats[0].id not in rows[0].proposed
    assert judged.seats[1].id not in rows[1].proposed
    loads = [sum(each.id in row.proposed for row in rows) for each in judged.seats]
    assert max(loads) - min(loads) <= 1
    pairs = [(row.application.id, each) for row in rows for each in row.proposed]
    made = panel_asking.ask(
        session, judged.offered.call, pairs, now() + timedelta(days=3), judged.offered.carol.id
    )
    assert len(made) == 12
    assert panel_asking.propose(session, judged.offered.call) == []
    assert differing(session) == []


def test_nobody_is_asked_for_what_is_theirs_twice_or_from_elsewhere(judged: Judged) -> None:
    session, call, carol = judged.session, judged.offered.call, judged.offered.carol.id
    judged.in_review()
    due = now() + timedelta(days=3)
    session.add(Teammate(application_id=judged.first.id, person_id=judged.members[0].id))
    session.flush()
    judged.asked(seats=[judged.seats[1]])
    elsewhere = seat(
        session, make_person(session, "Elsa"), Role.FACILITATOR, ScopeKind.ORGANISATION, call.organisation_id
    )

    for wrong in (judged.seats[0].id, judged.seats[1].id, elsewhere.id):
        with pytest.raises(CannotBeAsked):
            panel_asking.ask(session, call, [(judged.first.id, wrong)], due, carol)
    with pytest.raises(NobodyChosen):
        panel_asking.ask(session, call, [], due, carol)
    with pytest.raises(panel_asking.DayTooSoon):
        panel_asking.ask(session, call, [(judged.first.id, judged.seats[2].id)], now(), carol)
    other = make_judged(session, 1)
    with pytest.raises(NotFound):
        panel_asking.ask(session, call, [(other.first.id, judged.seats[2].id)], due, carol)


def review_row(judged: Judged, place: int) -> PanelReview:
    return PanelReview(
        application_id=judged.first.id, seat_id=judged.seats[place].id, asked_by_id=judged.chair.id
    )


@pytest.mark.parametrize("tie", ["team", "employer", "recused", "open", "elsewhere"])
def test_the_database_itself_keeps_those_who_may_not_from_reviewing(judged: Judged, tie: str) -> None:
    session, ada = judged.session, judged.members[0]
    row = review_row(judged, 0)
    if tie == "team":
        session.add(Teammate(application_id=judged.first.id, person_id=ada.id))
    elif tie == "employer":
        ada.organisation_id = judged.first.organisation_id
    elif tie == "elsewhere":
        row.seat_id = seat(session, ada, Role.ADMIN, ScopeKind.PLATFORM).id
    else:
        effect = InterestEffect.RECUSE if tie == "recused" else InterestEffect.DISCLOSE
        session.add(Interest(seat_id=row.seat_id, subject_kind="application", subject_id=judged.first.id,
                             kind=InterestKind.FAMILY, text="My sister.", effect=effect))  # fmt: skip
    session.flush()
    session.add(row)

    with pytest.raises(DBAPIError, match="review"), session.begin_nested():
        session.flush()


def interests_to_resolve(judged: Judged, person: Person) -> list[str]:
    """Where this person's workbench says that an interest waits for them."""
    found = committees_bench.tasks(judged.session, judged.panel, judged.viewer(person))
    return [each.url for each in found if each.turn is Turn.MINE and "/interest#" in each.url]


def test_an_open_interest_stops_a_review_until_the_chair_has_resolved_it(judged: Judged) -> None:
    session, ada = judged.session, judged.members[0]
    judged.in_review()
    review = next(each for each in judged.asked() if each.seat_id == judged.seats[0].id)
    said = interests_items.say(
        session, judged.first, ada.id, Said(InterestKind.EMPLOYER, "I worked there once.")
    )
    assert not can(session, judged.viewer(ada), P.WRITE_PANEL_REVIEW, judged.first)
    with pytest.raises(NotTheirsToReview):
        judged.file(review)
    assert interests_to_resolve(judged, judged.chair) == [
        f"/applications/{judged.first.id}/interest#interest-{said[0].id}"
    ]
    assert interests_to_resolve(judged, ada) == []

    interests_resolve.resolve(
        session, judged.first, said[0].id, judged.chair.id, InterestEffect.DISCLOSE, "Long ago."
    )
    judged.file(review)

    assert review.filed_at is not None


def test_who_steps_aside_after_filing_counts_no_more_and_their_own_page_is_shut(judged: Judged) -> None:
    session, ada = judged.session, judged.members[0]
    judged.in_review()
    judged.asked()
    judged.filed()

    interests_items.say(
        session, judged.first, ada.id, Said(InterestKind.MONEY, "A loan.", InterestEffect.RECUSE)
    )

    assert not can(session, judged.viewer(ada), P.READ_SELECTION, judged.first)
    with pytest.raises(TooFewReviews):
        panel.decide(session, judged.first, A.SHORTLISTED, "Strong.", judged.chair.id)
    assert (
        next(row.application.id for row in panel_asking.propose(session, judged.offered.call))
        == judged.first.id
    )


def test_reviews_are_blind_to_the_others_until_all_are_in(judged: Judged) -> None:
    session = judged.session
    judged.in_review()
    reviews = judged.asked()
    viewers = [judged.viewer(each) for each in (judged.members[1], judged.chair, judged.offered.carol)]

    for review in reviews[:2]:
        judged.file(review, words="xqblind words")
        for viewer in viewers:
            page = panel_show.dossier(session, judged.first, viewer)
            assert (page.judged, page.overall, page.weights[0][1]) == ([], [], 0)
    with pytest.raises(StillBlind):
        panel.decide(session, judged.first, A.SHORTLISTED, "Strong.", judged.chair.id)
    judged.file(reviews[2], G.POOR)

    page = panel_show.dossier(session, judged.first, viewers[0])
    assert page.judged[0].marked.profile.steps == 2
    assert {said.grade for said in page.judged[0].said} == {G.GOOD, G.POOR}
    opened = session.exec(select(Notification).where(Notification.kind == "panel_opened")).all()
    assert len(opened) == 3


def test_when_the_day_is_over_what_is_in_is_read_and_too_few_decide_nothing(judged: Judged) -> None:
    session = judged.session
    judged.in_review()
    reviews = judged.asked()
    judged.file(reviews[0])
    judged.first.reviews_due_at = now() - timedelta(minutes=1)
    session.flush()

    page = panel_show.dossier(session, judged.first, judged.viewer(judged.chair))
    assert len(page.judged[0].said) == 1
    with pytest.raises(TooFewReviews) as few:
        panel.decide(session, judged.first, A.SHORTLISTED, "Strong.", judged.chair.id)
    assert "1 of the 3 reviews" in few.value.phrase.english
    assert judged.first.id in {
        each.application.id for each in panel_asking.propose(session, judged.offered.call)
    }

    judged.asked(seats=judged.seats[3:])
    page = panel_show.dossier(session, judged.first, judged.viewer(judged.chair))
    assert page.standing.is_open, "what could be read is not shut again"
    judged.file(panel_reviews_of(session, [judged.first.id])[3])
    late = panel_show.dossier(session, judged.first, judged.viewer(judged.chair)).judged[0].said[1]
    assert late.by.is_late


def test_a_filed_review_stays_and_one_that_lacks_something_is_kept_as_a_draft(judged: Judged) -> None:
    session, ada = judged.session, judged.members[0]
    judged.in_review()
    review = next(each for each in judged.asked() if each.seat_id == judged.seats[0].id)

    with pytest.raises(ReviewLacks) as lacks:
        panel_reviews.file(session, review, answers() | {"use_note": ""}, 1, ada.id)
    assert set(lacks.value.problems) == {"use_note"}
    assert review.answers["way_grade"] == "good"
    with pytest.raises(OtherReviewWindow):
        panel_reviews.keep(session, review, answers(words="From another window."), 1, ada.id)

    panel_reviews.file(session, review, answers(), review.version, ada.id)
    with pytest.raises(ReviewNotOpen):
        panel_reviews.keep(session, review, answers(words="Better so."), review.version, ada.id)
    review.answers = {}
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.flush()


def test_marks_are_weighed_by_the_criteria_and_never_averaged(judged: Judged) -> None:
    judged.in_review()
    judged.asked()
    judged.filed(None, G.EXCELLENT, G.GOOD, G.REJECTED)

    page = panel_show.dossier(judged.session, judged.first, judged.viewer(judged.chair))

    first = page.judged[0].marked
    assert (first.weight, first.profile.majority, first.profile.steps) == (60, G.GOOD, 5)
    assert dict(page.weights) == {
        G.EXCELLENT: 0, G.VERY_GOOD: 0, G.GOOD: 100, G.PASSABLE: 100, G.POOR: 100, G.REJECTED: 100,
    }  # fmt: skip


def test_a_blind_panel_reads_what_is_proposed_and_not_who_proposes_it(session: Session) -> None:
    judged = make_judged(session, 1, is_blind=True)
    firm = session.get_one(Organisation, judged.first.organisation_id).name
    judged.in_review()
    for fields in session.exec(select(applications_send.ApplicationVersion)):
        if fields.application_id == judged.first.id:
            fields.fields = fields.fields | {
                "title": f"Light by {firm.upper()}",
                "answer-use": f"We, {firm}, know.",
            }
    session.flush()

    page = panel_show.dossier(session, judged.first, judged.viewer(judged.members[0]))

    assert firm.lower() not in str((page.title, page.fields, page.written)).lower()
    assert (page.organisation, page.team, page.files, page.findings, page.history) == (None, [], [], [], [])
    assert not can(session, judged.viewer(judged.members[0]), P.READ_APPLICATION, judged.first)
    agency = panel_show.dossier(session, judged.first, judged.viewer(judged.offered.carol))
    assert agency.organisation is not None
    assert firm in agency.fields["answer-use"]


def test_in_a_blind_call_whoever_sees_the_names_reviews_nothing(session: Session) -> None:
    judged = make_judged(session, 1, is_blind=True).in_review()
    ada = judged.members[0]
    seat(session, ada, Role.FACILITATOR, ScopeKind.ORGANISATION, judged.offered.agency.id)

    row = panel_asking.propose(session, judged.offered.call)[0]

    assert judged.seats[0].id not in row.proposed
    assert next(each for each in row.candidates if each.seat.id == judged.seats[0].id).shut_by
    with pytest.raises(CannotBeAsked):
        judged.asked(seats=judged.seats[:1])
