"""What the demonstration is made of, as its files hold it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
Row = dict[str, str]


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
    """Those with a vote of their own, or none yet, and those that were voted on together."""
    files = ("missions.toml", "missions_together.toml")
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
