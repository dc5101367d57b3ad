"""What the demonstration is made of, as its files hold it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
Row = dict[str, str]
APPLICATIONS = ("applications_1.toml", "applications_2.toml", "applications_3.toml")


def table(name: str) -> list[Row]:
    """The rows of a tab-separated file, by the names in its first line."""
    head, *lines = (FOLDER / name).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    columns = head.split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]


def document(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def people() -> list[Row]:
    return table("people.tsv")


@cache
def comments() -> list[Row]:
    return table("comments.tsv")


@cache
def cast() -> dict[str, Any]:
    return document("cast.toml")


@cache
def words() -> dict[str, Any]:
    return document("words.toml")


@cache
def missions() -> list[dict[str, Any]]:
    """Those with a vote of their own, or none yet, those voted on together, and those of the first question."""
    files = ("missions.toml", "missions_together.toml", "missions_first.toml")
    return [mission for name in files for mission in document(name)["missions"]]


def noticed(mission: dict[str, Any]) -> float | None:
    """The day on which the vote about a mission was announced; nothing where no vote is."""
    found: float | None = mission.get("decision", mission).get("noticed")
    return found


@cache
def questions() -> list[dict[str, Any]]:
    return list(document("questions.toml")["questions"])


def calls() -> list[dict[str, Any]]:
    return list(words()["calls"])


@cache
def voices(call_key: str) -> list[Row]:
    """The submissions of one call."""
    (name,) = [call["submissions"] for call in calls() if call["key"] == call_key]
    return table(name)


@cache
def applicants() -> list[Row]:
    """People who came with the innovation calls."""
    return table("applicants.tsv")


@cache
def offers() -> list[dict[str, Any]]:
    """The innovation calls: for trials, for water, and for roadmaps with the partnerships that follow."""
    return [*document("offers.toml")["offers"], *roads()["offers"]]


@cache
def roads() -> dict[str, Any]:
    """A call for roadmaps, what it was answered with and how that was judged, and the call that follows it."""
    return document("roads.toml")


@cache
def applications() -> list[dict[str, Any]]:
    """What the first innovation call was answered with."""
    return [item for name in APPLICATIONS for item in document(name)["applications"]]


@cache
def late() -> list[dict[str, Any]]:
    """What was ready when the call had closed."""
    return [item for name in APPLICATIONS for item in document(name).get("late", ())]


@cache
def drafts() -> list[dict[str, Any]]:
    """What is being written for the call that is open today."""
    return list(document("drafts.toml")["drafts"])


@cache
def course() -> dict[str, Any]:
    """What happened to the mission under way since its vote."""
    return document("course.toml")


@cache
def panel() -> dict[str, Any]:
    """What a panel says of the applications, and what each was answered."""
    return document("panel.toml")


@cache
def panel_reviews() -> list[Row]:
    return table("panel_reviews.tsv")


def judged() -> list[dict[str, Any]]:
    """The calls whose applications a panel has judged, each with its reviews and the vote at their end."""
    return [{**panel(), "reviews": panel_reviews(), "award": award()}, roads()["judged"]]


@cache
def award() -> dict[str, Any]:
    """The vote that divided the call's budget."""
    return document("award.toml")


@cache
def contracts() -> dict[str, Any]:
    """What the projects of the call agreed, showed, spent, and came to."""
    return document("contracts.toml")


def offer(key: str) -> dict[str, Any]:
    return next(each for each in offers() if each["key"] == key)
