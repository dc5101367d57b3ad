"""The thread's words: what is told of a stop that is not reached, and what a page does not say twice."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.models.decision import Decision
from app.models.mission import Mission
from app.models.money import Money
from app.rules.words import CallState, DecisionState, MoneyKind
from app.services import lineage, lineage_stations, missions_withdraw, submissions
from app.services.lineage_stations import Station, Thread
from tests.factories import make_call
from tests.services.drafted import make_mission

WEEK = timedelta(days=7)


def stop(stations: list[Station], key: str) -> Station:
    return next(each for each in stations if each.key == key)


@pytest.mark.parametrize(("changes", "groups", "mission"), [
    pytest.param({"closes_at": now() + WEEK}, f"from {now() + WEEK:%-d %B %Y}", "", id="open"),
    pytest.param(
        {"closes_at": now() - WEEK, "sense_until": now() + WEEK}, f"until {now() + WEEK:%-d %B %Y}", "",
        id="making sense",
    ),
    pytest.param({"closes_at": now() - WEEK}, "", "", id="no date named"),
    pytest.param({"state": CallState.ANSWERED}, "No group so far", "No mission so far", id="answered"),
])  # fmt: skip
def test_a_stop_ahead_says_when(
    session: Session, changes: dict[str, object], groups: str, mission: str
) -> None:
    stations = lineage.of_call(session, make_call(session, **changes))

    assert stop(stations, "group").detail == groups
    assert stop(stations, "clause").detail == mission
    assert [each.key for each in stations if each.state == "next"] == ["group"]


def test_a_cancelled_question_says_so_and_promises_nothing(session: Session) -> None:
    call = make_call(session, state=CallState.CANCELLED, cancelled_reason="Asked twice.")

    stations = lineage.of_call(session, call)

    assert stop(stations, "group").detail == "The question was cancelled"
    assert {each.detail for each in stations[2:]} == {"Not reached"}
    assert [each.key for each in stations if each.state == "next"] == []


def test_the_thread_of_a_withdrawn_voice_says_when_it_was_withdrawn(session: Session) -> None:
    _mission, scene = make_mission(session)
    voice = scene.voices[0]
    voice.submitted_at = now() - WEEK
    submissions.withdraw(session, voice, voice.author_id)

    here = stop(lineage.of_submission(session, voice), "voice")

    assert (here.detail, here.when) == ("Withdrawn by its author", voice.withdrawn_at)


def test_the_page_of_a_thing_says_its_state_and_other_pages_its_name(session: Session) -> None:
    mission, _scene = make_mission(session)

    here = stop(lineage.of_mission(session, mission), "clause")
    there = stop(lineage.around_call(session, session.get_one(type(_scene.call), mission.call_id)), "clause")

    assert here.state == "here"
    assert here.detail == "Candidate"
    assert there.detail == f"Candidate: {mission.title}"


def test_a_withdrawn_mission_is_not_on_its_way_to_a_vote(session: Session) -> None:
    mission, scene = make_mission(session)
    missions_withdraw.withdraw(session, mission, "It repeats another one.", mission.version, scene.carol.id)

    assert stop(lineage.of_mission(session, mission), "ballot").detail == "Withdrawn before a vote"


def vote(mission_id: UUID, state: DecisionState, opens_in: timedelta = -WEEK) -> Decision:
    opens = now() + opens_in
    times = {"opens_at": opens, "closes_at": opens + 2 * WEEK, "closed_at": None}
    if state in (DecisionState.CERTIFIED, DecisionState.CARRIED):
        times["closed_at"] = times["certified_at"] = now() - WEEK / 2
    return Decision(mission_id=mission_id, committee_id=uuid4(), question="Adopt it?", state=state, **times)


def test_several_votes_are_counted_and_none_hides_the_others(session: Session) -> None:
    call = make_call(session)
    open_vote, carried = vote(uuid4(), DecisionState.OPEN), vote(uuid4(), DecisionState.CERTIFIED)
    lost = vote(uuid4(), DecisionState.LOST)

    found = lineage_stations.ballot(Thread(call, "voice", decisions=[lost, carried, open_vote]))

    assert (found.label, found.detail) == ("Votes", "3 votes, open now: 1")
    assert found.url == f"/missions?call={call.id}"
    assert found.when == carried.certified_at


def test_two_votes_on_one_mission_stand_on_its_page(session: Session) -> None:
    mission = uuid4()
    twice = [vote(mission, DecisionState.NOTICED, WEEK), vote(mission, DecisionState.INQUORATE)]

    found = lineage_stations.ballot(Thread(make_call(session), "clause", decisions=twice))

    assert (found.detail, found.state) == ("2 votes", "past")
    assert found.url == f"/missions/{mission}#decisions"


def test_one_vote_is_told_by_what_it_came_to(session: Session) -> None:
    carried = vote(uuid4(), DecisionState.CARRIED)
    carried.outcome = "carried"

    found = lineage_stations.ballot(Thread(make_call(session), "voice", decisions=[carried]))

    assert (found.label, found.detail, found.url) == ("Ballot", "Carried", f"/decisions/{carried.id}")


def test_committed_money_is_reached_and_announced_money_is_not(session: Session) -> None:
    mission, scene = make_mission(session)
    assert stop(lineage.of_mission(session, mission), "money").detail == "None committed yet"
    add_money(session, mission, MoneyKind.ANNOUNCED)
    assert stop(lineage.of_mission(session, mission), "money").state != "past"

    add_money(session, mission, MoneyKind.COMMITTED)

    found = stop(lineage.of_mission(session, mission), "money")
    assert (found.state, found.detail) == ("past", "1,000\u00a0CLP committed")
    assert found.url == f"/missions/{mission.id}/money"
    assert stop(lineage.of_call(session, scene.call), "money").detail == "1,000\u00a0CLP committed"


def add_money(session: Session, mission: Mission, kind: MoneyKind) -> None:
    session.add(
        Money(mission_id=mission.id, kind=kind, source="Budget", year=2027, amount=1000, currency="CLP")
    )
    session.flush()


def test_the_thread_of_a_mission_says_which_voices_it_counts(session: Session) -> None:
    mission, _scene = make_mission(session)

    found = stop(lineage.of_mission(session, mission), "voice").detail

    assert found.endswith(("in its group", "behind its text"))


def test_the_groups_of_a_question_stand_at_the_groups(session: Session) -> None:
    call = make_call(session)

    stations = lineage.of_call(session, call, "group")

    assert [each.key for each in stations if each.state == "here"] == ["group"]
