"""The demo's content hangs together: every key exists, lengths and shares hold, the certified vote carries."""

import tomllib
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.demo import content
from app.rules.moderation import CHOOSABLE
from app.rules.words import (
    CallState,
    Choice,
    DecisionState,
    Direction,
    IndicatorLens,
    InterestEffect,
    InterestKind,
    MissionState,
    Origin,
    Role,
    StakeholderGroup,
    SubmissionKind,
)

DEMO = Path(__file__).parents[2] / "app" / "demo"
SUBMISSION_FILES = (
    "submissions.tsv",
    "submissions_open.tsv",
    "submissions_answered.tsv",
    "submissions_first.tsv",
)
COLUMNS = [
    "key",
    "author",
    "kind",
    "language",
    "place",
    "group",
    "title",
    "text",
    "days_after_opening",
    "endorsers",
]
INDICATOR_FIELDS = {
    "name",
    "lens",
    "baseline",
    "baseline_at",
    "unit",
    "direction",
    "goal",
    "due",
    "source",
    "owner",
}


def rows(name: str) -> list[dict[str, str]]:
    head, *lines = (DEMO / name).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    columns = head.split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]


def words(name: str) -> dict[str, Any]:
    return tomllib.loads((DEMO / name).read_text(encoding="utf-8"))


PEOPLE = {row["key"]: row for name in ("people.tsv", "applicants.tsv") for row in rows(name)}
VOICES = {row["key"]: row for name in SUBMISSION_FILES for row in rows(name)}
CAST, MISSIONS, WORDS = words("cast.toml"), content.missions(), words("words.toml")
CALLS = {call["key"]: call for call in WORDS["calls"]}
SEATS = {seat["key"]: seat for account in CAST["accounts"] for seat in account["seats"] if "key" in seat}


def sources(mission: dict[str, Any]) -> list[str]:
    parts = [*mission["clauses"], *mission["routes"], *mission.get("decision", {}).get("dissents", [])]
    return [*mission["grows_from"], *(key for part in parts for key in part.get("sources", []))]


def supporters(mission: dict[str, Any]) -> set[str]:
    return {VOICES[key]["group"] for clause in mission["clauses"] for key in clause["sources"]}


def mission_of(state: MissionState) -> dict[str, Any]:
    found = next(mission for mission in MISSIONS if mission["state"] == state and "noticed" not in mission)
    return dict(found)


def test_files_are_plain_tables_with_unique_keys() -> None:
    for name in (*SUBMISSION_FILES, "people.tsv", "comments.tsv"):
        raw = (DEMO / name).read_bytes()
        assert b"\r" not in raw
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert raw.endswith(b"\n")
    assert sum(len(rows(name)) for name in SUBMISSION_FILES) == len(VOICES)
    assert len(rows("people.tsv")) + len(rows("applicants.tsv")) == len(PEOPLE)


@pytest.mark.parametrize("name", SUBMISSION_FILES)
def test_submissions_have_known_words_and_sane_sizes(name: str) -> None:
    for row in rows(name):
        assert list(row) == COLUMNS, row["key"]
        assert row["kind"] in set(SubmissionKind), row["key"]
        assert row["group"] in set(StakeholderGroup), row["key"]
        assert row["language"] in ("en", "es"), row["key"]
        assert row["author"] in PEOPLE, row["key"]
        assert row["text"] == row["text"].strip(), row["key"]
        assert 10 <= len(row["text"]) <= 5000, row["key"]
        assert len(row["title"]) <= 120, row["key"]
        assert 0 <= int(row["endorsers"]) <= 45, row["key"]
        assert row["group"] == PEOPLE[row["author"]]["group"], row["key"]


def test_every_place_and_day_fits_its_call() -> None:
    for call in CALLS.values():
        open_for = call["days"]["closes"] - call["days"]["opens"]
        for row in rows(call["submissions"]):
            assert row["place"] in call["places"], row["key"]
            assert 0 <= int(row["days_after_opening"]) < open_for, row["key"]
            said = call["days"]["opens"] + int(row["days_after_opening"])
            assert said <= 0, f"{row['key']} would be submitted in the future"


def test_the_main_consultation_is_large_and_mixed() -> None:
    voices = rows("submissions.tsv")
    spanish = sum(row["language"] == "es" for row in voices) / len(voices)
    assert len(voices) >= 240
    assert 0.15 <= spanish <= 0.30
    assert max(Counter(row["author"] for row in voices).values()) <= 4
    assert {row["group"] for row in voices} == set(StakeholderGroup)
    lengths = [len(row["text"]) for row in voices]
    assert min(lengths) < 30
    assert sum(length > 1500 for length in lengths) >= 3
    texts = Counter(row["text"] for row in voices)
    assert max(texts.values()) == 1


def test_calls_are_dated_in_order_and_say_what_they_ask() -> None:
    for call in CALLS.values():
        days = list(call["days"].values())
        assert days == sorted(days)
        assert call["state"] in set(CallState)
        assert len(call["question"]) <= 400
        assert len(call["title"]) <= 200
        assert call["brief"].count("\n\n") == call["brief_es"].count("\n\n") == 2


def test_everything_said_about_a_submission_finds_it() -> None:
    named = [row["submission"] for row in rows("comments.tsv")]
    named += [
        item["submission"] for part in ("hidden", "withdrawn", "reports", "checkings") for item in WORDS[part]
    ]
    named += [key for part in ("answers", "set_apart") for item in WORDS[part] for key in item["submissions"]]
    named += [key for mission in MISSIONS for key in sources(mission)]
    assert [key for key in named if key not in VOICES] == []
    gone = {item["submission"] for part in ("hidden", "withdrawn") for item in WORDS[part]}
    assert not gone & {key for mission in MISSIONS for key in sources(mission)}
    assert all(row["author"] in PEOPLE for row in rows("comments.tsv"))
    assert all(report["author"] in PEOPLE for report in WORDS["reports"])
    assert all(item["rule"] in CHOOSABLE and item["note"] for item in WORDS["hidden"])


def test_each_answered_call_answers_every_voice_once() -> None:
    for call in CALLS.values():
        if call["state"] != CallState.ANSWERED:
            continue
        given = [answer for answer in WORDS["answers"] if answer["call"] == call["key"]]
        answered = [key for answer in given for key in answer["submissions"]]
        assert sorted(answered) == sorted(row["key"] for row in rows(call["submissions"]))
        assert all(answer["text"] and answer["reason"] for answer in given)


def test_the_cast_sits_where_it_may() -> None:
    scopes = {"platform", CAST["committee"]["key"], *(each["key"] for each in CAST["organisations"])}
    emails = [account["email"] for account in CAST["accounts"]]
    assert len(set(emails)) == len(emails)
    assert all(email.endswith("@example.org") for email in emails)
    organisations = {each["name"] for each in CAST["organisations"]}
    for account in CAST["accounts"]:
        person = PEOPLE[account["person"]]
        assert not account["seats"] or person["organisation"] in organisations | {""}
        for seat in account["seats"]:
            assert seat["role"] in set(Role)
            assert seat["scope"] in scopes
            assert seat.get("alternate_for", "public_1") in SEATS
            assert seat.get("group", person["group"]) == person["group"]


def test_nine_seats_fill_the_five_groups_as_composed() -> None:
    held = Counter(seat["group"] for seat in SEATS.values())
    composition = CAST["committee"]["composition"]
    assert sum(held.values()) == 9
    assert set(composition) == set(StakeholderGroup)
    assert all(limits["min"] <= held[group] <= limits["max"] for group, limits in composition.items())


def test_no_voter_or_their_organisation_wrote_what_they_vote_on() -> None:
    voters = [
        PEOPLE[account["person"]]
        for account in CAST["accounts"]
        if any("group" in s for s in account["seats"])
    ]
    authors = [PEOPLE[VOICES[key]["author"]] for mission in MISSIONS for key in sources(mission)]
    assert not {voter["key"] for voter in voters} & {author["key"] for author in authors}
    behind = {voter["organisation"] for voter in voters} - {""}
    assert not behind & {author["organisation"] for author in authors}


def test_missions_on_the_ballot_pass_every_gate_and_one_has_no_baseline() -> None:
    for mission in MISSIONS:
        assert mission["call"] in CALLS
        assert len(mission["title"]) <= 200
        assert mission["sdg"]
        assert 3 <= len(mission["clauses"]) <= 5
        assert all(clause["sources"] for clause in mission["clauses"])
        assert all(c["origin"] in set(Origin) and len(c["section"]) <= 60 for c in mission["clauses"])
        assert len({route["route"] for route in mission["routes"]}) >= 3
        assert len(supporters(mission)) >= 3
        assert mission["indicator"]["lens"] in (IndicatorLens.USER, IndicatorLens.SYSTEM)
        assert mission["indicator"]["direction"] in set(Direction)
    gaps = {mission["key"]: INDICATOR_FIELDS - set(mission["indicator"]) for mission in MISSIONS}
    refused = mission_of(MissionState.CANDIDATE)["key"]
    assert gaps.pop(refused) == {"baseline", "baseline_at"}
    assert set(map(frozenset, gaps.values())) == {frozenset()}


def test_decisions_are_dated_and_voted_on_by_the_seats() -> None:
    for mission in MISSIONS:
        decision = mission.get("decision")
        if decision is None:
            continue
        assert decision["state"] in set(DecisionState)
        assert len(decision["question"]) <= 400
        assert mission["title"] in decision["question"]
        seats = [ballot["seat"] for ballot in decision["ballots"]]
        assert len(set(seats)) == len(seats)
        assert set(seats) <= set(SEATS)
        assert all(ballot["choice"] in set(Choice) for ballot in decision["ballots"])
        assert all(item["kind"] in set(InterestKind) for item in decision["interests"])
        assert all(item["effect"] in set(InterestEffect) for item in decision["interests"])
    vote = mission_of(MissionState.ON_BALLOT)["decision"]
    assert vote["noticed"] <= vote["opens"] < 0 < vote["closes"]
    assert len(vote["ballots"]) < len(SEATS)


def test_the_certified_decision_carries_by_group_majority() -> None:
    decision = mission_of(MissionState.ADOPTED)["decision"]
    assert decision["noticed"] <= decision["opens"] < decision["closes"] <= decision["certified"] < 0
    cast: dict[str, Counter[str]] = defaultdict(Counter)
    for ballot in decision["ballots"]:
        cast[SEATS[ballot["seat"]]["group"]][ballot["choice"]] += 1
    seats = Counter(seat["group"] for seat in SEATS.values())
    for group in StakeholderGroup:
        assert 2 * sum(cast[group].values()) > seats[group], f"{group} has no quorum"
        assert cast[group][Choice.FOR] > cast[group][Choice.AGAINST], f"{group} is not in favour"
    overall = sum(cast.values(), Counter[str]())
    assert overall == {Choice.FOR: 7, Choice.AGAINST: 1, Choice.ABSTAIN: 1}
    assert Fraction(overall[Choice.FOR], overall[Choice.FOR] + overall[Choice.AGAINST]) >= Fraction(2, 3)
    assert decision["reasons"]
    assert {dissent["seat"] for dissent in decision["dissents"]} == {"citizens_3"}
