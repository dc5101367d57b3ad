"""A committee reviews a mission: sent, written as drafts, filed blind, read together, concluded."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.conditions.asking import Ask
from app.conditions.seeing import may_see
from app.errors import Refusal
from app.models.columns import now, telling
from app.models.committee import Interest
from app.models.event import Event
from app.models.mission import clauses_of
from app.models.notification import Notification
from app.models.outgoing_mail import OutgoingMail
from app.models.project import Project
from app.models.review import Review, ReviewRound, reviews_of
from app.models.review_rounds import is_opened, is_own
from app.models.seat import live_seats_of
from app.rules.reviews import NotConcludable, NotReviewed, ReviewIncomplete, ReviewNotOpen, StillBlind
from app.rules.words import (
    Criterion,
    Grade,
    InterestEffect,
    InterestKind,
    MissionState,
    ReviewKind,
    ReviewState,
    ReviewVerdict,
    SubjectKind,
    SubmissionState,
)
from app.services import (
    decisions,
    missions_edit,
    objections,
    replay,
    reviews,
    reviews_conclude,
    reviews_rounds,
    reviews_show,
    submissions,
)
from app.services.reviews import NotTheirs, OtherReviewWindow
from app.services.reviews_rounds import DayTooSoon, NeverEarlier, NobodyAsked, NotAnswered, OpenedAlready
from app.viewer import Viewer
from tests import reviewed
from tests.people import make_organisation, make_person
from tests.services.chamber import QUESTION, Chamber, make_chamber

V = ReviewVerdict


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session, is_reviewed=False)


@pytest.fixture
def asked(session: Session, chamber: Chamber) -> ReviewRound:
    return reviewed.send(session, chamber)


def sees(session: Session, chamber: Chamber, name: str, review: Review) -> bool:
    person = chamber.members.get(name) or getattr(chamber, name)
    viewer = Viewer(person, tuple(live_seats_of(session, person.id)))
    return may_see(Ask(session, viewer, review))


def test_sending_a_mission_asks_every_seat_and_freezes_its_text(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    mission = chamber.mission

    assert mission.state is MissionState.IN_REVIEW
    assert {each.seat_id for each in reviews_of(session, asked.id)} == {s.id for s in chamber.seats.values()}
    told = session.exec(select(Notification).where(Notification.kind == "review_asked")).all()
    assert {each.person_id for each in told} == {each.id for each in chamber.members.values()}
    with pytest.raises(missions_edit.NotEditable):
        missions_edit.retitle(session, mission, "Another title", mission.version, chamber.scene.carol.id)


def test_nobody_is_asked_about_what_is_their_own(session: Session, chamber: Chamber) -> None:
    firm = make_organisation(session, "Panels Ltd")
    chamber.members["private 1"].organisation_id = firm.id
    chamber.members["public 1"].organisation_id = chamber.mission.organisation_id
    session.add(Project(mission_id=chamber.mission.id, title="Ours", lead_organisation_id=firm.id))
    chamber.scene.voices[0].author_id = chamber.members["citizens 2"].id
    session.add(recusal(chamber, "academia 1"))
    session.flush()

    asked = reviewed.send(session, chamber)

    barred = {"private 1", "public 1", "citizens 2", "academia 1"}
    assert {each.seat_id for each in reviews_of(session, asked.id)} == {
        seat.id for name, seat in chamber.seats.items() if name not in barred
    }
    assert not is_own(session, chamber.mission, chamber.members["citizens 1"])


def recusal(chamber: Chamber, name: str) -> Interest:
    return Interest(
        seat_id=chamber.seats[name].id, subject_kind=SubjectKind.MISSION, subject_id=chamber.mission.id,
        kind=InterestKind.EMPLOYER, effect=InterestEffect.RECUSE,
    )  # fmt: skip


def test_the_alternate_is_proposed_where_a_seat_cannot_review(session: Session, chamber: Chamber) -> None:
    chamber.add_alternate("academia 1")
    chamber.add_alternate("citizens 1")
    session.add(recusal(chamber, "academia 1"))
    session.flush()

    found = reviews_rounds.reviewers(session, chamber.committee, chamber.mission)

    expected = {name for name in chamber.seats if name not in ("academia 1", "alternate of citizens 1")}
    assert reviews_rounds.proposed(found) == {chamber.seats[name].id for name in expected}


@pytest.mark.parametrize(
    ("seats", "days", "problem"), [([], 7, NobodyAsked), (None, -1, DayTooSoon), (None, 0, DayTooSoon)]
)
def test_what_cannot_be_sent(
    session: Session, chamber: Chamber, seats: list | None, days: float, problem: type[Refusal]
) -> None:
    wanted = [each.id for each in chamber.seats.values()] if seats is None else seats

    with pytest.raises(problem), session.begin_nested():
        reviews_rounds.send(
            session,
            chamber.committee,
            chamber.mission,
            wanted,
            now() + timedelta(days=days),
            chamber.chair.id,
        )

    session.refresh(chamber.mission)
    assert chamber.mission.state is MissionState.FRAMED


def test_reviews_are_blind_until_all_are_in(session: Session, chamber: Chamber, asked: ReviewRound) -> None:
    names = list(chamber.seats)
    told = reviewed.answers(chamber.mission)
    first = reviewed.file(session, asked, chamber.seats[names[0]], told)
    draft = reviewed.review_of(session, asked, chamber.seats[names[1]])
    reviews.keep(session, draft, {"bold_note": "mine"}, draft.version)

    for reader in (*names[1:], "chair", "secretary"):
        assert not sees(session, chamber, reader, first), reader
    assert sees(session, chamber, names[0], first)
    assert sees(session, chamber, names[1], draft)
    shown = reviews_show.rounds(session, chamber.mission)[0]
    assert (shown.is_open, shown.judged, shown.solutions) == (False, [], [])
    assert (shown.standing.silent, shown.standing.apart) == ((), ())

    for name in names[1:]:
        reviewed.file(session, asked, chamber.seats[name], told)

    assert asked.opened_at is not None
    assert all(sees(session, chamber, reader, first) for reader in (*names, "chair"))
    assert len(reviews_show.rounds(session, chamber.mission)[0].judged) == len(Criterion)


def test_reviews_open_when_their_day_is_over_and_drafts_never_do(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    filed = reviewed.file(session, asked, chamber.seats["citizens 1"], reviewed.answers(chamber.mission))
    draft = reviewed.review_of(session, asked, chamber.seats["citizens 2"])
    reviews.keep(session, draft, {"bold_note": "mine"}, draft.version)

    assert not is_opened(session, asked, asked.due_at - timedelta(seconds=1))
    assert is_opened(session, asked, asked.due_at)
    with telling(asked.due_at + timedelta(hours=1)):
        assert sees(session, chamber, "citizens 3", filed)
        assert not sees(session, chamber, "citizens 3", draft)
        reviewed.file(session, asked, chamber.seats["citizens 2"], reviewed.answers(chamber.mission))
        people = reviews_show.people_of(session, asked)
    assert [each.name for each in people if each.is_late] == [chamber.members["citizens 2"].name]


def test_a_seat_that_steps_aside_is_not_waited_for_nor_counted(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    told = reviewed.answers(chamber.mission)
    for name, seat in chamber.seats.items():
        if name != "private 2":
            reviewed.file(session, asked, seat, told | ({"bold_grade": "poor"} if name == "public 1" else {}))
    assert not is_opened(session, asked)

    session.add_all([recusal(chamber, "private 2"), recusal(chamber, "public 1")])
    session.flush()

    assert is_opened(session, asked)
    bold = reviews_show.rounds(session, chamber.mission)[0].judged[0]
    assert bold.profile.counts == (0, 0, len(chamber.seats) - 2, 0, 0, 0)
    assert [each.counts for each in bold.said].count(False) == 1
    with pytest.raises(NotTheirs):
        reviewed.file(session, asked, chamber.seats["private 2"], told)


def test_no_trace_of_a_blind_review_is_in_events_notifications_or_mails(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    told = reviewed.answers(chamber.mission, Grade.REJECTED, bold_note="xqsecret")
    reviewed.file(session, asked, chamber.seats["citizens 1"], told)

    rows = [
        *session.exec(select(Event)),
        *session.exec(select(Notification)),
        *session.exec(select(OutgoingMail)),
    ]
    everything = " ".join(str(each) for each in rows)
    assert "xqsecret" not in everything
    assert "rejected" not in everything
    event = session.exec(select(Event).where(Event.kind == "review_filed")).one()
    assert set(event.facts) == {"round", "review", "review_state", "words"}


def test_an_incomplete_review_is_kept_and_not_filed(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    seat = chamber.seats["citizens 1"]
    told = reviewed.answers(
        chamber.mission, bold_quote="words of another text", crossing_evidence="javascript:1"
    )

    with pytest.raises(ReviewIncomplete) as refused:
        reviewed.file(session, asked, seat, told)

    assert list(refused.value.problems) == ["bold_quote", "crossing_evidence"]
    review = reviewed.review_of(session, asked, seat)
    assert (review.state, review.filed_at) == (ReviewState.SCHEDULED, None)
    assert review.answers["bold_quote"] == "words of another text"


@pytest.mark.parametrize(
    ("evidence", "is_fine"),
    [
        ("https://example.org/study?year=2025", True),
        ("ftp://example.org", False),
        ("https://user:secret@example.org", False),
        ("https://", False),
        ("https://exa mple.org", False),
        ("#999999999", False),
        ("/missions", False),
        ("/submissions/not-a-number", False),
    ],
)
def test_evidence_leads_somewhere(
    session: Session, chamber: Chamber, asked: ReviewRound, evidence: str, is_fine: bool
) -> None:
    told = reviewed.answers(chamber.mission, bold_quote="", bold_evidence=evidence)

    if is_fine:
        assert reviewed.file(session, asked, chamber.seats["third 1"], told).filed_at
    else:
        with pytest.raises(ReviewIncomplete):
            reviewed.file(session, asked, chamber.seats["third 1"], told)


def test_a_voice_and_a_clause_of_ours_are_evidence_while_they_can_be_read(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    voice, clause = chamber.scene.voices[0], clauses_of(session, chamber.mission.id)[0]
    for name, evidence in (("third 1", f"#{voice.number}"), ("third 2", f"/missions/x#clause-{clause.id}")):
        told = reviewed.answers(chamber.mission, bold_quote="", bold_evidence=evidence)
        assert reviewed.file(session, asked, chamber.seats[name], told).filed_at

    voice.state, voice.hidden_rule = SubmissionState.HIDDEN, "insult"
    session.flush()

    told = reviewed.answers(chamber.mission, bold_quote="", bold_evidence=f"/submissions/{voice.id}")
    with pytest.raises(ReviewIncomplete):
        reviewed.file(session, asked, chamber.seats["citizens 1"], told)


def test_words_that_are_taken_back_go_from_the_quotations_too(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    clause = clauses_of(session, chamber.mission.id)[0]
    told = reviewed.answers(chamber.mission, bold_quote=clause.text)
    for seat in chamber.seats.values():
        reviewed.file(session, asked, seat, told)
    voice = next(each for each in chamber.scene.voices if each.text == clause.text)

    submissions.withdraw(session, voice, voice.author_id)

    said = reviews_show.rounds(session, chamber.mission)[0].judged[0].said
    assert {each.quote for each in said} == {""}
    assert all(each.is_taken_back for each in said)


def test_two_windows_never_lose_either_s_words(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    review = reviewed.review_of(session, asked, chamber.seats["citizens 1"])
    seen = review.version
    reviews.keep(session, review, {"bold_note": "one window"}, seen)

    for act in (reviews.keep, reviews.file):
        by = (chamber.members["citizens 1"].id,) if act is reviews.file else ()
        with pytest.raises(OtherReviewWindow), session.begin_nested():
            act(session, review, {"bold_note": "another"}, seen, *by)

    assert review.answers["bold_note"] == "one window"
    assert reviews.keep(session, review, {"bold_note": "one window"}, seen) == review.version == seen + 1
    assert reviews.keep(session, review, {"bold_note": "another"}, review.version) == seen + 2


def test_what_is_filed_is_not_written_in_again(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    seat = chamber.seats["citizens 1"]
    review = reviewed.file(session, asked, seat, reviewed.answers(chamber.mission))

    with pytest.raises(ReviewNotOpen):
        reviews.keep(session, review, {}, review.version)
    with pytest.raises(ReviewNotOpen):
        reviewed.file(session, asked, seat, reviewed.answers(chamber.mission, Grade.POOR))


def test_a_difference_of_more_than_two_grades_is_talked_about_before_the_conclusion(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    chair = chamber.chair.id
    for name, seat in chamber.seats.items():
        grade = Grade.POOR if name == "citizens 1" else Grade.EXCELLENT
        reviewed.file(session, asked, seat, reviewed.answers(chamber.mission, inventive_grade=grade.value))
    assert reviews_conclude.standing(session, asked).apart == (Criterion.INVENTIVE,)

    with pytest.raises(NotConcludable), session.begin_nested():
        reviews_conclude.conclude(session, asked, V.READY, "It is ready.", [], chair)
    reviews_conclude.discuss(session, asked, Criterion.INVENTIVE, "Citizens know the machine already.", chair)
    reviews_conclude.conclude(session, asked, V.READY, "It is ready.", [], chair)

    assert {each.state for each in reviews_of(session, asked.id)} == {ReviewState.CONCLUDED}
    assert chamber.mission.state is MissionState.IN_REVIEW
    decision = decisions.put_question(session, chamber.committee, chamber.mission, QUESTION, chair)
    assert decision.mission_id == chamber.mission.id


def test_nothing_is_said_or_concluded_while_reviews_are_blind(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    with pytest.raises(StillBlind):
        reviews_conclude.discuss(session, asked, Criterion.BOLD, "I think …", chamber.chair.id)
    with pytest.raises(NotConcludable), session.begin_nested():
        reviews_conclude.conclude(session, asked, V.READY, "Ready.", [], chamber.chair.id)


def test_a_group_without_a_review_keeps_the_round_from_its_conclusion(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    for name, seat in chamber.seats.items():
        if not name.startswith("academia"):
            reviewed.file(session, asked, seat, reviewed.answers(chamber.mission))

    with telling(asked.due_at + timedelta(hours=1)):
        with pytest.raises(NotConcludable, match="academia"), session.begin_nested():
            reviews_conclude.conclude(session, asked, V.READY, "Ready.", [], chamber.chair.id)
        reviews_conclude.conclude(
            session, asked, V.STOPPED, "Nobody from academia came.", [], chamber.chair.id
        )

    assert chamber.mission.state is MissionState.FRAMED
    states = [each.state for each in reviews_of(session, asked.id)]
    assert (states.count(ReviewState.LAPSED), states.count(ReviewState.CONCLUDED)) == (1, 8)


def test_what_has_to_change_is_answered_before_the_next_review(session: Session, chamber: Chamber) -> None:
    asked, mission, carol = reviewed.send(session, chamber), chamber.mission, chamber.scene.carol.id
    reviewed.file_all(session, asked, mission)
    with pytest.raises(reviews_conclude.NoChanges), session.begin_nested():
        reviews_conclude.conclude(session, asked, V.REWORK, "Not yet.", [], chamber.chair.id)
    reviews_conclude.conclude(session, asked, V.REWORK, "Not yet.", ["Name a day."], chamber.chair.id)
    assert mission.state is MissionState.RETURNED
    missions_edit.retitle(session, mission, "Power made where we live by 2034", mission.version, carol)
    missions_edit.frame(session, mission, mission.version, carol)

    with pytest.raises(NotAnswered), session.begin_nested():
        reviewed.send(session, chamber)
    reviews_conclude.answer(session, asked, "The title names the year now.", carol)

    assert {each.state for each in reviews_of(session, asked.id)} == {ReviewState.ACTED}
    assert reviewed.send(session, chamber).number == 2


def test_no_vote_without_a_review_or_a_waiver_of_this_very_text(session: Session, chamber: Chamber) -> None:
    mission, chair = chamber.mission, chamber.chair.id
    with pytest.raises(NotReviewed), session.begin_nested():
        decisions.put_question(session, chamber.committee, mission, QUESTION, chair)

    reviews_rounds.waive(session, chamber.committee, mission, "It was reviewed on paper.", chair)
    assert reviews_rounds.is_reviewed(session, mission)
    missions_edit.retitle(session, mission, "Another title", mission.version, chamber.scene.carol.id)

    assert not reviews_rounds.is_reviewed(session, mission)
    with pytest.raises(NotReviewed), session.begin_nested():
        decisions.put_question(session, chamber.committee, mission, QUESTION, chair)


def test_a_reviewed_mission_can_be_taken_back(session: Session, chamber: Chamber) -> None:
    asked = reviewed.send(session, chamber)
    with pytest.raises(reviews_conclude.NothingToRelease):
        reviews_conclude.release(session, chamber.mission, "Too early.", chamber.chair.id)
    reviewed.file_all(session, asked, chamber.mission)
    reviews_conclude.conclude(session, asked, V.READY, "Ready.", [], chamber.chair.id)

    reviews_conclude.release(session, chamber.mission, "A source was taken back.", chamber.chair.id)

    assert chamber.mission.state is MissionState.FRAMED


def test_reviewers_get_more_time_and_never_less(
    session: Session, chamber: Chamber, asked: ReviewRound
) -> None:
    chair, due = chamber.chair.id, asked.due_at
    with pytest.raises(NeverEarlier):
        reviews_rounds.extend(session, asked, due - timedelta(hours=1), chair)
    reviews_rounds.extend(session, asked, due + timedelta(days=1), chair)
    assert asked.due_at == due + timedelta(days=1)

    with telling(asked.due_at), pytest.raises(OpenedAlready):
        reviews_rounds.extend(session, asked, due + timedelta(days=9), chair)


def test_who_is_asked_later_does_not_close_an_open_round(session: Session, chamber: Chamber) -> None:
    chamber.add_alternate("citizens 1")
    seats = [seat.id for name, seat in chamber.seats.items() if not name.startswith("alternate")]
    due = now() + timedelta(days=7)
    asked = reviews_rounds.send(session, chamber.committee, chamber.mission, seats, due, chamber.chair.id)
    for review in reviews_of(session, asked.id):
        session.add(recusal_of(chamber, review))
    session.flush()
    assert is_opened(session, asked)

    more = reviews_rounds.ask_more(
        session, asked, [chamber.seats["alternate of citizens 1"].id], chamber.chair.id
    )

    assert [each.kind for each in more] == [ReviewKind.CRITERIA, ReviewKind.MARKET_SHAPING]
    assert is_opened(session, asked)


def recusal_of(chamber: Chamber, review: Review) -> Interest:
    return Interest(
        seat_id=review.seat_id, subject_kind=SubjectKind.MISSION, subject_id=chamber.mission.id,
        kind=InterestKind.OTHER, effect=InterestEffect.RECUSE,
    )  # fmt: skip


def test_an_appraisal_shows_what_each_reviewer_s_evidence_speaks_for(
    session: Session, chamber: Chamber
) -> None:
    asked = reviewed.send(session, chamber, asks_appraisal=True)
    reviewed.file_all(session, asked, chamber.mission)

    framed = reviews_show.rounds(session, chamber.mission)[0].framed

    assert [each.row for each in framed] == [
        "justification",
        "business_case",
        "assumptions",
        "evaluation",
        "risk",
    ]
    assert all(each.counts == {"fixing": 0, "shaping": 9, "both": 0} for each in framed)


def test_the_log_rebuilds_the_state_of_every_review(session: Session, chamber: Chamber) -> None:
    asked = reviewed.send(session, chamber)
    states = replay.states_at(session).found["review"]
    assert {each["state"] for each in states.values()} == {"scheduled"}
    reviewed.file_all(session, asked, chamber.mission)
    reviews_conclude.conclude(session, asked, V.REWORK, "Not yet.", ["Name a day."], chamber.chair.id)
    reviews_conclude.answer(session, asked, "The title names the year now.", chamber.scene.carol.id)

    compared = replay.differences(session)

    assert [each for each in compared.differing if each.noun == "review"] == []
    assert {each["state"] for each in replay.states_at(session).found["review"].values()} == {"acted"}


def test_an_objection_does_not_keep_a_mission_from_its_review(session: Session, chamber: Chamber) -> None:
    objections.make(session, chamber.mission, make_person(session, "Olga"), "Not like this.", "one", None)

    assert reviewed.send(session, chamber).number == 1
