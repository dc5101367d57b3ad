"""Consultations that were answered: voices, the accepted grouping, and where every voice stands in it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.bench.country import phrasing
from app.bench.country.world import MISSIONS_A_CALL, YEARS, Asked, World
from app.models import call, cluster, grouping, submission
from app.models.text_version import TextVersion
from app.rules import hashing, ranges
from app.rules.words import (
    CallState,
    ClusterLevel,
    ClusterState,
    GroupingState,
    SubjectKind,
    SubmissionState,
)

WAYS = 8  # groups of the project level in each of the mission level
SEARCHABLE = text(
    "UPDATE submission SET search = setweight(to_tsvector('english', text), 'B') WHERE call_id = ANY(:calls)"
)


def seed(world: World) -> None:
    sizes, began = world.sizes, world.now - timedelta(days=365 * YEARS)
    for number, body in enumerate(world.bodies):
        opens = began + timedelta(days=number * 400 / sizes.calls)
        world.asked.append(Asked(world.key(), body, opens, opens + timedelta(days=60)))
    world.pour(call.Call, [call_row(world, each, number) for number, each in enumerate(world.asked)])
    world.pour(grouping.Grouping, [grouping_row(world, each) for each in world.asked])
    world.pour(cluster.Cluster, (row for each in world.asked for row in clusters(world, each)))
    first = following_number(world)
    for number, each in enumerate(world.asked):
        first = seed_voices(world, each, first, sizes.voices(number))
    world.session.execute(SEARCHABLE, {"calls": [each.key for each in world.asked]})


def following_number(world: World) -> int:
    """The number that the database would give the next voice."""
    found = world.session.execute(text("SELECT coalesce(max(number), 0) + 1 FROM submission")).scalar_one()
    return int(found)


def call_row(world: World, asked: Asked, number: int) -> dict[str, Any]:
    closes = asked.closes
    times = {
        "opens_at": asked.opens, "closes_at": closes, "sense_until": closes + timedelta(days=20),
        "check_until": closes + timedelta(days=35), "answer_due": closes + timedelta(days=60),
    }  # fmt: skip
    told: dict[str, Any] = {name: hashing.instant(at) for name, at in times.items()}
    world.say(asked.opens, "call_drafted", SubjectKind.CALL, asked.key, call_kind="consultation", **told)
    world.say(asked.opens, "call_published", SubjectKind.CALL, asked.key, **told)
    title = f"What should {phrasing.WHERE[number % len(phrasing.WHERE)]} solve together? ({number + 1})"
    return {
        "id": asked.key, "state": CallState.ANSWERED, "title": title, "question": title,
        "brief": "Say what you need, and what you would do.", "organisation_id": asked.body.agency, **times,
        "languages": ["en"], "is_demo": True, "source_note": "Seeded by a program, to measure with.",
        "created_at": asked.opens, "published_at": asked.opens, "checking_at": times["sense_until"],
        "answered_at": times["answer_due"],
    }  # fmt: skip


def grouping_row(world: World, asked: Asked) -> dict[str, Any]:
    asked.grouping, at = world.key(), asked.closes + timedelta(days=1)
    world.say(at, "grouping_started", SubjectKind.GROUPING, asked.grouping, call=asked.key)
    return {
        "id": asked.grouping, "call_id": asked.key, "state": GroupingState.ACCEPTED, "model": "seeded", "progress": 1.0,
        "created_at": at, "finished_at": at, "accepted_at": at,
    }  # fmt: skip


def clusters(world: World, asked: Asked) -> Iterator[dict[str, Any]]:
    """One group of the mission level for each mission; its ways stand after it."""
    usual = {"grouping_id": asked.grouping, "call_id": asked.key, "parent_id": None, "size": 0}
    for place in range(MISSIONS_A_CALL):
        key, identity = world.key(), world.key()
        asked.groups.append((key, identity))
        label = f"{phrasing.WHAT[place % len(phrasing.WHAT)]} for everyone"
        yield {
            **usual, "id": key, "key": identity, "level": ClusterLevel.MISSION, "label": label,
            "keywords": label.split(), "state": ClusterState.PROMOTED,
        }  # fmt: skip
        for way in range(WAYS):
            yield {
                **usual, "id": world.key(), "key": world.key(), "level": ClusterLevel.PROJECT, "parent_id": key,
                "label": f"{label}, {phrasing.WHERE[way]}", "keywords": label.split(), "state": ClusterState.CONFIRMED,
            }  # fmt: skip


def seed_voices(world: World, asked: Asked, first: int, many: int) -> int:
    """Voices with their first version, placed in the groups in turn; answers the number after the last."""
    window = (asked.closes - asked.opens) / max(1, many)
    rows = [voice(world, asked, first + each, asked.opens + window * each) for each in range(many)]
    asked.voices = [(row["id"], row["number"]) for row in rows]
    world.pour(submission.Submission, rows)
    world.pour(TextVersion, (version(world, row) for row in rows))
    world.session.execute(
        text("SELECT setval(pg_get_serial_sequence('submission', 'number'), :last)"), {"last": first + many}
    )
    world.session.execute(PLACE, {"grouping": asked.grouping, "call": asked.key})
    world.session.execute(MEASURE, {"grouping": asked.grouping})
    tell(world, asked, first, many)
    return first + many + 1


def voice(world: World, asked: Asked, number: int, at: datetime) -> dict[str, Any]:
    who = world.people[number % len(world.people)]
    return {
        "id": world.key(), "number": number, "call_id": asked.key, "author_id": who.key,
        "state": SubmissionState.GROUPED,
        "text": phrasing.voice(number), "language": "en", "place": "", "group": who.group, "created_at": at,
        "submitted_at": at, "shuffle": world.random.getrandbits(31),
    }  # fmt: skip


def version(world: World, row: dict[str, Any]) -> dict[str, Any]:
    salt = f"{world.random.getrandbits(128):032x}"
    return {
        "id": world.key(), "subject_kind": SubjectKind.SUBMISSION, "subject_id": row["id"], "number": 1,
        "words": row["text"], "salt": salt, "hash": hashing.text_hash(row["text"], salt), "author_id": row["author_id"],
        "created_at": row["created_at"],
    }  # fmt: skip


PLACE = text(
    "INSERT INTO placement (grouping_id, submission_id, cluster_id, weight, margin, by, reason, x, y) "
    "SELECT :grouping, s.id, c.id, 1, 0.5, 'machine', '', (c.place % 20) + random(), c.place / 20 + random() "
    "FROM submission s JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many "
    "FROM cluster WHERE grouping_id = :grouping AND level = 'project') c ON s.number % c.many = c.place "
    "WHERE s.call_id = :call"
)
MEASURE = text(
    "UPDATE cluster SET size = found.many, authors = found.people, representatives = found.first FROM ("
    " SELECT coalesce(top.id, c.id) AS id, count(*) AS many, count(DISTINCT s.author_id) AS people,"
    " to_jsonb((array_agg(s.id::text ORDER BY s.number))[1:5]) AS first"
    " FROM placement p JOIN cluster c ON c.id = p.cluster_id JOIN submission s ON s.id = p.submission_id"
    " CROSS JOIN LATERAL (VALUES (c.id), (c.parent_id)) top(id)"
    " WHERE p.grouping_id = :grouping GROUP BY 1) found WHERE cluster.id = found.id"
)


def tell(world: World, asked: Asked, first: int, many: int) -> None:
    """That the voices came in with a file, and were grouped; told by their numbers, as ranges."""
    numbers = ranges.written(range(first, first + many))
    world.say(
        asked.opens, "submissions_imported", SubjectKind.CALL, asked.key, imported=many,
        states={"submission": {"grouped": numbers}},
    )  # fmt: skip
    found = world.session.execute(
        text("SELECT state, array_agg(id::text) FROM cluster WHERE grouping_id = :key GROUP BY state"),
        {"key": asked.grouping},
    )
    states = {state: sorted(ids) for state, ids in found}
    at, key = asked.closes + timedelta(days=1), asked.grouping or UUID(int=0)
    world.say(
        at, "grouping_proposed", SubjectKind.GROUPING, key, call=asked.key, submissions=many,
        states={"cluster": {"suggested": [each for ids in states.values() for each in ids]}},
    )  # fmt: skip
    world.say(
        at, "grouping_accepted", SubjectKind.GROUPING, key, call=asked.key,
        states={"cluster": states, "submission": {"grouped": numbers}},
    )  # fmt: skip
    world.say(asked.closes + timedelta(days=60), "call_answered", SubjectKind.CALL, asked.key, states={})
