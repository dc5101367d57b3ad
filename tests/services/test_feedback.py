"""Answers to applications: each has one before the call is answered, told to its team and to nobody else."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.feedback import feedback_of
from app.models.notification import Notification
from app.models.outgoing_mail import OutgoingMail
from app.models.panel import PanelReview
from app.models.seed import AdoptedSeed
from app.rules.words import ApplicationState, CallState, ClusterLevel, ClusterState, ReviewState
from app.services import applications_send, awards, feedback, offers, outcomes, replay
from tests.offered import make_offer
from tests.services.awarded import ANSWER, Awarded, add, make_awarded

A = ApplicationState
ORIGIN = "https://comission.example"


def answered(awarded: Awarded, *titles: str) -> None:
    for title in titles or tuple(awarded.applications):
        feedback.answer(awarded.session, awarded.applications[title], ANSWER, awarded.carol.id, ORIGIN)


def concluded(session: Session, **changes: object) -> Awarded:
    awarded = make_awarded(session, **changes)
    awarded.certified()
    answered(awarded)
    feedback.conclude(session, awarded.call, awarded.carol.id, ORIGIN)
    return awarded


def test_nothing_is_answered_before_it_is_decided(session: Session) -> None:
    awarded = make_awarded(session)

    with pytest.raises(feedback.NothingDecided):
        answered(awarded, "Roofs")


def test_the_team_has_its_answer_by_mail_and_on_its_page_and_nobody_else(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    lead = awarded.leads["Sails"]
    lead.email_confirmed_at = now()
    session.flush()

    answered(awarded, "Sails")

    (told,) = session.exec(
        select(Notification).where(Notification.kind == "application_answered_declined")
    ).all()
    assert told.person_id == lead.id
    (letter,) = session.exec(select(OutgoingMail).where(OutgoingMail.to_address == lead.email)).all()
    for words in (ANSWER.reason, ANSWER.words, ANSWER.ask_whom, ANSWER.contest):
        assert words in letter.body
        assert words in letter.html
    assert f"{ORIGIN}/applications/{awarded.applications['Sails'].id}/answer" in letter.body


def reviewed(awarded: Awarded, title: str) -> list[str]:
    """Three seats of the panel have filed; answers their names."""
    application, found = awarded.applications[title], ("public 1", "third 1", "academia 1")
    for name, grade in zip(found, ("good", "excellent", "good"), strict=True):
        awarded.session.add(
            PanelReview(
                application_id=application.id, seat_id=awarded.chamber.seats[name].id, state=ReviewState.FILED,
                answers={"aim_grade": grade, "aim_note": f"Shade for {name}.", "way_grade": "poor",
                         "way_note": "It names no street.", "overall": "Worth a try."},
                words_hash="0" * 64, filed_at=now(), asked_by_id=awarded.carol.id,
            )
        )  # fmt: skip
    application.reviews_opened_at = now()
    awarded.session.flush()
    return [awarded.chamber.members[name].name for name in found]


@pytest.mark.parametrize("is_blind", [True, False])
def test_the_letter_tells_every_mark_with_its_words_and_no_reviewer_of_a_blind_call(
    session: Session, is_blind: bool
) -> None:
    awarded = make_awarded(session, is_blind=is_blind)
    names = reviewed(awarded, "Sails")
    awarded.certified()
    lead = awarded.leads["Sails"]
    lead.email_confirmed_at = now()
    session.flush()

    answered(awarded, "Sails")

    (letter,) = session.exec(select(OutgoingMail).where(OutgoingMail.to_address == lead.email)).all()
    for words in (
        "What changes",
        "Excellent",
        "Poor",
        "It names no street.",
        "Worth a try.",
        "Shade for third 1.",
    ):
        assert words in letter.body
    assert all((name in letter.body) is not is_blind for name in names)
    assert ("Reviewer 1" in letter.body) is is_blind


def test_a_later_answer_takes_the_place_of_the_earlier_which_stays(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    answered(awarded, "Sails")
    answered(awarded, "Sails")

    assert [each.number for each in feedback_of(session, awarded.applications["Sails"].id)] == [2, 1]
    with pytest.raises(DBAPIError):
        session.execute(text("UPDATE feedback SET reason = 'Another.'"))


def test_a_call_is_answered_only_when_every_application_has_its_answer(session: Session) -> None:
    awarded = make_awarded(session)
    add(awarded, "Tents", Decimal("50000"), A.INELIGIBLE)
    add(awarded, "Kites", Decimal("50000"))
    awarded.certified()
    applications_send.withdraw(session, awarded.applications["Roofs"], awarded.leads["Roofs"].id)
    answered(awarded, "Walls", "Trees", "Sails", "Kites")

    with pytest.raises(feedback.AnswersMissing) as refused:
        feedback.conclude(session, awarded.call, awarded.carol.id)
    assert refused.value.phrase.facts["missing"] == 1
    answered(awarded, "Tents")
    feedback.conclude(session, awarded.call, awarded.carol.id)

    assert awarded.call.state is CallState.ANSWERED
    assert awarded.call.answered_at is not None


def test_what_is_not_decided_keeps_the_call_open(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()
    answered(awarded)
    add(awarded, "Late", Decimal("50000"), A.IN_REVIEW)

    with pytest.raises(feedback.AnswersMissing):
        feedback.conclude(session, awarded.call, awarded.carol.id)


def test_an_answer_to_what_it_was_before_is_none_to_what_it_is_now(session: Session) -> None:
    awarded = make_awarded(session, budget=Decimal("200000"))
    awarded.certified()
    answered(awarded)
    assert feedback.missing(session, awarded.call.id) == 0

    awards.fall_out(session, awarded.applications["Roofs"], "They found no site.", awarded.carol.id)
    awards.move_up(session, awarded.applications["Walls"], "Roofs found no site.", awarded.carol.id)

    assert feedback.missing(session, awarded.call.id) == 2


def test_the_events_tell_the_answered_call_again(session: Session) -> None:
    awarded = concluded(session)

    found = replay.states_at(session).found
    assert found["call"][str(awarded.call.id)]["state"] == "answered"
    assert not [each for each in replay.differences(session).differing if each.noun == "application"]


def test_before_the_answer_only_how_many_came_in_is_told(session: Session) -> None:
    awarded = make_awarded(session)
    awarded.certified()

    found = outcomes.of_call(session, awarded.call)

    assert (found.received, found.listed, dict(found.counts), found.is_told) == (4, [], {}, False)


def test_afterwards_everyone_reads_who_was_selected_and_what_was_declined_and_why(session: Session) -> None:
    awarded = concluded(session)

    found = outcomes.of_call(session, awarded.call)
    declined = outcomes.of_call(session, awarded.call, "declined")

    assert [each.title for each in found.listed] == ["Roofs", "Walls", "Trees"]
    assert found.committed == Decimal("390000.01")
    assert found.counts == {A.SELECTED: 3, A.DECLINED: 1}
    assert [(each.title, each.reason) for each in declined.listed] == [("Sails", ANSWER.reason)]


def test_a_call_that_said_so_beforehand_tells_nothing_of_what_it_declined(session: Session) -> None:
    awarded = concluded(session, tells_declined=False)

    found = outcomes.of_call(session, awarded.call, "declined")

    assert found.states == (A.SELECTED,)
    assert [each.title for each in found.listed] == ["Roofs", "Walls", "Trees"]
    assert found.counts[A.DECLINED] == 1


def test_long_lists_come_in_pages(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "SHOWN", 2)
    awarded = concluded(session)

    first = outcomes.of_call(session, awarded.call)
    second = outcomes.of_call(session, awarded.call, "selected", first.next)

    assert [each.title for each in first.listed + second.listed] == ["Roofs", "Walls", "Trees"]
    assert second.next == ""


def test_roadmaps_are_offered_to_partners_once_their_call_is_answered(session: Session) -> None:
    awarded = make_awarded(session, budget=None, is_for_roadmaps=True)
    after = make_offer(session, follows_call_id=awarded.call.id)
    awarded.certified(awarded.drafted(rule="equal_shares", seats=2))
    assert offers.roadmaps(session, after.offer) == ()

    answered(awarded)
    feedback.conclude(session, awarded.call, awarded.carol.id)

    assert len(offers.roadmaps(session, after.offer)) == 2


def test_authors_of_a_seed_learn_what_became_of_it_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    awarded = make_awarded(session)
    taken, left = seed_in(awarded, "Roofs"), seed_in(awarded, "Sails")
    voices = {
        taken.id: [awarded.leads["Trees"].id],
        left.id: [awarded.leads["Trees"].id, awarded.leads["Walls"].id],
    }
    monkeypatch.setattr(feedback.missions_draft, "authors_in", lambda _session, cluster: voices[cluster.id])
    awarded.certified()
    answered(awarded)
    feedback.conclude(session, awarded.call, awarded.carol.id)

    told = session.exec(select(Notification).where(Notification.kind.startswith("seed_"))).all()
    assert {(each.kind, each.person_id) for each in told} == {
        ("seed_selected", awarded.leads["Trees"].id), ("seed_not_selected", awarded.leads["Walls"].id),
    }  # fmt: skip


def seed_in(awarded: Awarded, title: str) -> Cluster:
    """A project proposal that an application took up."""
    session, home = awarded.session, session_cluster(awarded)
    cluster = Cluster(
        call_id=home.call_id, grouping_id=home.grouping_id, level=ClusterLevel.PROJECT, parent_id=home.id,
        label=f"What people say of {title}", state=ClusterState.CONFIRMED, size=3,
    )  # fmt: skip
    session.add(cluster)
    session.flush()
    session.add(
        AdoptedSeed(
            application_id=awarded.applications[title].id, cluster_id=cluster.id, cluster_key=cluster.key,
            by_id=awarded.leads[title].id,
        )
    )  # fmt: skip
    session.flush()
    return cluster


def session_cluster(awarded: Awarded) -> Cluster:
    call = awarded.session.get_one(Call, awarded.chamber.mission.call_id)
    found = awarded.session.exec(select(Cluster).where(Cluster.call_id == call.id)).first()
    assert found is not None
    return found
