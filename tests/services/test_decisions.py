"""The chair puts a question and gives notice: what is refused, what is frozen, and who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.models.columns import now
from app.models.decision import Decision
from app.models.mission import clauses_of, indicators_of
from app.models.notification import Notification
from app.rules.composition import NotConstituted
from app.rules.decisions import DecisionTimes, TimesNotSet
from app.rules.gates import GatesNotMet
from app.rules.moves import MoveForbidden
from app.rules.words import DecisionState, MissionState, SubjectKind, SubmissionState
from app.services import decisions, decisions_freeze, decisions_matter, events, people
from tests.people import make_committee, make_member, make_organisation
from tests.services.chamber import QUESTION, G, make_chamber


def test_a_question_is_drafted_on_a_framed_mission(session: Session) -> None:
    chamber = make_chamber(session)

    decision = chamber.put()

    assert decision.state is DecisionState.DRAFT
    assert chamber.mission.state is MissionState.FRAMED
    assert [e.kind for e in events.of_subject(session, SubjectKind.DECISION, decision.id)] == ["question_put"]


def test_one_question_on_a_mission_at_a_time(session: Session) -> None:
    chamber = make_chamber(session)
    chamber.put()

    with pytest.raises(decisions.AskedAlready):
        decisions.put_question(session, chamber.committee, chamber.mission, QUESTION, chamber.chair.id)


def test_a_mission_that_lacks_something_is_not_put_to_a_vote(session: Session) -> None:
    chamber = make_chamber(session)
    for indicator in indicators_of(session, chamber.mission.id):
        indicator.goal = None
    session.flush()

    with pytest.raises(GatesNotMet, match="a goal"):
        chamber.put()


def test_a_candidate_is_not_put_to_a_vote(session: Session) -> None:
    chamber = make_chamber(session)
    chamber.mission.state = MissionState.CANDIDATE
    session.flush()

    with pytest.raises(decisions_matter.NotFramed):
        chamber.put()


def test_a_committee_decides_on_its_own_organisations_missions(session: Session) -> None:
    chamber = make_chamber(session)
    stranger = make_committee(session, make_organisation(session, "Port Authority"), name="Port committee")

    with pytest.raises(decisions_matter.MissionElsewhere):
        decisions.put_question(session, stranger, chamber.mission, QUESTION, chamber.chair.id)


def test_notice_needs_every_group_seated(session: Session) -> None:
    chamber = make_chamber(session)
    people.end_seat(session, chamber.seats["academia 1"])

    with pytest.raises(NotConstituted, match="academia"):
        chamber.notice(opens_in=1)


@pytest.mark.parametrize(
    ("opens_in", "lasts"),
    [
        pytest.param(1, -1, id="closes before it opens"),
        pytest.param(1, 0, id="no time to vote"),
        pytest.param(-5, 1, id="over already"),
    ],
)
def test_notice_needs_a_time_to_vote(session: Session, opens_in: float, lasts: float) -> None:
    chamber = make_chamber(session)

    with pytest.raises(TimesNotSet):
        chamber.notice(opens_in, lasts, at=now())


def test_notice_freezes_everything_under_one_hash(session: Session) -> None:
    chamber = make_chamber(session)
    alternate = chamber.add_alternate("academia 1")

    decision = chamber.notice(opens_in=1)

    assert decision.state is DecisionState.NOTICED
    assert chamber.mission.state is MissionState.ON_BALLOT
    assert len(decision.electorate) == 9
    assert str(alternate.id) in {row["alternate_person_id"] for row in decision.electorate}
    assert decisions_freeze.is_intact(decision)
    assert [option["id"] for option in decision.options] == ["adopt"]
    assert len({option["snapshot"] for option in decision.options}) == 1
    session.expire(decision)
    assert decisions_freeze.is_intact(decision)


def test_new_seats_never_change_a_noticed_electorate(session: Session) -> None:
    chamber = make_chamber(session)
    decision = chamber.notice(opens_in=1)
    before = [dict(row) for row in decision.electorate]

    make_member(session, chamber.committee, "Newcomer", G.ACADEMIA)
    with pytest.raises(people.SeatVotes, match=QUESTION.rstrip("?")):
        people.end_seat(session, chamber.seats["citizens 2"])
    session.expire(decision)

    assert decision.electorate == before


@pytest.mark.parametrize(
    "change",
    [
        "question = 'Something else entirely?'",
        "options = '[]'",
        "rule = '{}'",
        "electorate = '[]'",
        "frozen_hash = 'x'",
        "opens_at = opens_at - interval '1 hour'",
        "closes_at = closes_at + interval '1 hour'",
        "noticed_at = now()",
        "state = 'draft'",
    ],
)
def test_the_database_itself_refuses_changes_after_notice(session: Session, change: str) -> None:
    decision = make_chamber(session).notice(opens_in=1)

    with pytest.raises(DBAPIError, match=r"frozen at notice|never becomes a draft"):
        session.connection().execute(
            text(f"UPDATE decision SET {change} WHERE id = :id"), {"id": decision.id}
        )


def test_a_noticed_question_is_noticed_once(session: Session) -> None:
    chamber = make_chamber(session)
    chamber.notice(opens_in=1)

    with pytest.raises(MoveForbidden):
        chamber.notice(opens_in=2)


def test_members_and_authors_are_told_once_each(session: Session) -> None:
    chamber = make_chamber(session)
    decision = chamber.notice(opens_in=1)

    told = session.exec(select(Notification).where(Notification.subject_id == decision.id)).all()
    by_kind = {
        kind: {n.person_id for n in told if n.kind == kind} for kind in ("vote_asked", "decision_noticed")
    }

    assert by_kind["vote_asked"] == {person.id for person in chamber.members.values()}
    assert by_kind["decision_noticed"] == {voice.author_id for voice in chamber.scene.voices}


def test_the_frozen_text_survives_later_edits_but_not_words_taken_back(session: Session) -> None:
    chamber = make_chamber(session)
    decision = chamber.notice(opens_in=1)
    clause = clauses_of(session, chamber.mission.id)[0]
    said = clause.text
    clause.text = "Changed later."
    session.flush()

    frozen = decisions_freeze.frozen_texts(session, decision)[0]
    assert frozen is not None
    assert frozen["clauses"][0]["text"] == said

    for voice in chamber.scene.voices:
        voice.state, voice.text = SubmissionState.WITHDRAWN, ""
    session.flush()
    frozen = decisions_freeze.frozen_texts(session, decision)[0]
    assert frozen is not None
    assert said not in str(frozen)


def test_a_drafted_question_can_be_removed_and_put_again(session: Session) -> None:
    chamber = make_chamber(session)
    decision = chamber.put()
    decisions.withdraw_question(session, decision, chamber.chair.id)

    assert session.get(Decision, decision.id) is None
    assert chamber.put().id != decision.id


def test_a_noticed_question_is_not_removed(session: Session) -> None:
    chamber = make_chamber(session)
    decision = chamber.notice(opens_in=1)

    with pytest.raises(Exception, match="not possible"):
        decisions.withdraw_question(session, decision, chamber.chair.id)


def test_history_is_told_at_its_own_instants(session: Session) -> None:
    chamber = make_chamber(session)
    then = now() - timedelta(days=30)
    decision = decisions.put_question(
        session, chamber.committee, chamber.mission, QUESTION, chamber.chair.id, at=then
    )
    chamber.decision = decision
    times = DecisionTimes(then + timedelta(days=1), then + timedelta(days=8))
    decisions.notice(session, decision, QUESTION, times, chamber.chair.id, at=then + timedelta(hours=1))

    at = {event.kind: event.at for event in events.of_subject(session, SubjectKind.DECISION, decision.id)}
    assert at == {"question_put": then, "decision_noticed": then + timedelta(hours=1)}
    assert decision.noticed_at == then + timedelta(hours=1)
