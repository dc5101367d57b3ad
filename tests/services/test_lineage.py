"""The thread's words: what is told of a stop that is not reached, and what a page does not say twice."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.rules.words import CallState
from app.services import lineage
from app.services.lineage import Station
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
    pytest.param({"state": CallState.CANCELLED, "cancelled_reason": "Asked twice."}, "No group so far", "No mission so far", id="cancelled"),
])  # fmt: skip
def test_a_stop_ahead_says_when(
    session: Session, changes: dict[str, object], groups: str, mission: str
) -> None:
    stations = lineage.of_call(session, make_call(session, **changes))

    assert stop(stations, "group").detail == groups
    assert stop(stations, "clause").detail == mission
    assert [each.key for each in stations if each.state == "next"] == ["group"]


def test_the_page_of_a_thing_says_its_state_and_other_pages_its_name(session: Session) -> None:
    mission, _scene = make_mission(session)

    here = stop(lineage.of_mission(session, mission), "clause")
    there = stop(lineage.around_call(session, session.get_one(type(_scene.call), mission.call_id)), "clause")

    assert here.state == "here"
    assert here.detail == "Candidate"
    assert there.detail == f"Candidate: {mission.title}"
