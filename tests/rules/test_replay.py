"""Folding events into states: what each fact moves, and that what is not told is unknown, never wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.rules import hashing, replay
from app.rules.replay import Replay, Told
from app.rules.replay_kinds import Noun

OPENS = datetime(2026, 5, 1, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=30)
MINUTE = timedelta(minutes=1)


def told(kind: str, subject: str, key: str = "a", /, **facts: Any) -> Told:
    return Told(kind, subject, key, hashing.plain(facts))


def folded(*events: Told) -> Replay:
    found = Replay({1: "one", 2: "two", 3: "three"})
    for event in events:
        found.add(event)
    return found


BORN = told("submissions_imported", "call", states={"submission": {"visible": "1-2", "hidden": "3"}})


def states(found: Replay, noun: Noun) -> dict[str, str]:
    return {key: known["state"] for key, known in found.found[noun].items()}


def test_one_event_tells_of_a_whole_import_by_number() -> None:
    assert states(folded(BORN), Noun.SUBMISSION) == {"one": "visible", "two": "visible", "three": "hidden"}


def test_an_act_moves_its_subject_another_thing_and_many() -> None:
    found = folded(
        BORN,
        told(
            "mission_drafted", "mission", "m", cluster="k", cluster_state="promoted", states={"project": {}}
        ),
        told("grouping_accepted", "grouping", "g", states={"submission": {"grouped": "2"}}),
    )

    assert states(found, Noun.MISSION) == {"m": "candidate"}
    assert states(found, Noun.CLUSTER) == {"k": "promoted"}
    assert states(found, Noun.GROUPING) == {"g": "accepted"}
    assert states(found, Noun.SUBMISSION) == {"one": "visible", "two": "grouped", "three": "hidden"}
    assert found.unknown == set()


def test_counts_go_up_and_down_and_uncounted_ones_wait_for_the_address() -> None:
    found = folded(
        told("submission_submitted", "submission", "one", state="visible"),
        told("endorsement_given", "submission", "one", counts=True),
        told("endorsement_given", "submission", "one", counts=False),
        told("endorsement_taken_back", "submission", "one", counts=True),
        told("address_confirmed", "person", "p", endorsed="1"),
        told("comment_added", "statement", "s", submission="one"),
        told("comment_added", "statement", "t", submission="one"),
        told("comment_hidden", "statement", "s", submission="one", states={}),
        told("comment_withdrawn", "statement", "s", submission="one", counts=False),
    )

    assert found.found[Noun.SUBMISSION]["one"] == {"state": "visible", "endorsements": 1, "comments": 1}
    assert states(found, Noun.STATEMENT) == {"s": "withdrawn", "t": "visible"}


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OPENS - MINUTE, "published"),
        (OPENS, "open"),
        (CLOSES, "open"),
        (CLOSES + timedelta(days=2), "sensemaking"),
    ],
)
def test_the_clock_opens_and_closes_by_the_dates_as_they_were_moved(at: datetime, state: str) -> None:
    found = folded(
        told("call_published", "call", opens_at=OPENS, closes_at=CLOSES, answer_due=None),
        told("call_extended", "call", opens_at=OPENS, closes_at=CLOSES + timedelta(days=1), answer_due=None),
    )

    assert replay.effective(Noun.CALL, found.found[Noun.CALL]["a"], at) == state


def compared(found: Replay, **records: dict[str, Any]) -> tuple[int, int, list[str]]:
    result = replay.compare(found, records)
    return result.states, result.unknown, [f"{each.noun} {each.id}" for each in result.differing]


def test_what_agrees_what_differs_what_is_gone_and_what_no_event_tells_of() -> None:
    found = folded(
        told("mission_drafted", "mission", "same", cluster="k", cluster_state="promoted", states={}),
        told("mission_framed", "mission", "changed"),
        told("mission_framed", "mission", "gone"),
        told("question_put", "decision", "d"),
        told("question_withdrawn", "decision", "d"),
    )
    missions = {
        "same": {"state": "candidate"},
        "changed": {"state": "adopted"},
        "unheard": {"state": "framed"},
    }

    assert compared(found, mission=missions, cluster={"k": {"state": "promoted"}}) == (
        5,
        0,
        ["mission changed", "mission unheard", "mission gone"],
    )


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(told("grouping_accepted", "grouping", "g"), id="an earlier version told no states"),
        pytest.param(told("voices_taken_elsewhere", "submission", "two"), id="a kind of a later version"),
        pytest.param(
            told("voices_moved", "cluster", "k", states={"submission": {"grouped": "all"}}), id="no numbers"
        ),
        pytest.param(told("voices_moved", "cluster", "k", states=["submission"]), id="no table"),
        pytest.param(told("seat_given", "sofa", "k"), id="no such noun"),
    ],
)
def test_an_event_that_cannot_be_followed_makes_states_unknown_and_breaks_nothing(event: Told) -> None:
    records = {
        "one": {"state": "visible", "endorsements": 0, "comments": 0},
        "two": {"state": "grouped", "endorsements": 0, "comments": 0},
        "three": {"state": "hidden", "endorsements": 0, "comments": 0},
    }
    found = folded(BORN, event)

    assert replay.compare(found, {"submission": records}).unknown >= 1
    assert "submission two" not in compared(found, submission=records)[2]


def test_a_fact_that_is_missing_makes_only_its_subject_unknown() -> None:
    found = folded(BORN, told("submission_placed", "submission", "two"))
    records = {
        "one": {"state": "taken_up", "endorsements": 0, "comments": 0},
        "two": {"state": "grouped", "endorsements": 0, "comments": 0},
        "three": {"state": "hidden", "endorsements": 0, "comments": 0},
    }

    assert compared(found, submission=records) == (2, 1, ["submission one"])
