"""The log: every act that was seeded, and endorsements until there are as many events as wanted, linked and sealed."""

import heapq
from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.bench.country.world import Asked, Told, World
from app.models.endorsement import Endorsement
from app.models.event import Event
from app.rules import hashing
from app.services import events
from app.services.imports import Tell

BATCH = 20_000
COUNTED = text(
    "UPDATE submission SET endorsement_count = found.many FROM (SELECT e.submission_id, count(*) AS many "
    "FROM endorsement e JOIN submission s ON s.id = e.submission_id WHERE s.call_id = ANY(:calls) GROUP BY 1) found "
    "WHERE submission.id = found.submission_id"
)
SUPPORTED = text(
    "UPDATE cluster SET support = found.many FROM (SELECT top.id, sum(s.support) AS many FROM placement p "
    "JOIN cluster c ON c.id = p.cluster_id JOIN submission s ON s.id = p.submission_id "
    "CROSS JOIN LATERAL (VALUES (c.id), (c.parent_id)) top(id) WHERE c.call_id = ANY(:calls) GROUP BY 1) found "
    "WHERE cluster.id = found.id"
)


def seed(world: World, tell: Tell) -> int:
    """Write the whole log after what was there, in the order of its instants; answers how many events it has now."""
    while events.seal(world.session, BATCH):
        pass
    after, head = last(world)
    many = sum(own for _asked, own in owns(world, max(0, world.sizes.events - len(world.told) - after)))
    world.told.sort(key=lambda each: each.at)
    merged = heapq.merge(world.told, endorsed(world, many), key=lambda each: each.at)
    written = world.pour(Event, linked(world, merged, after, head, len(world.told) + many, tell))
    world.pour(Endorsement, endorsement_rows(world, many))
    calls = [each.key for each in world.asked]
    for statement in (COUNTED, SUPPORTED):
        world.session.execute(statement, {"calls": calls})
    world.session.execute(
        text("SELECT setval(pg_get_serial_sequence('event', 'id'), (SELECT max(id) FROM event))")
    )
    return after + written


def last(world: World) -> tuple[int, str]:
    found = world.session.execute(
        text("SELECT seq, hash FROM event WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1")
    )
    row = found.first()
    return (int(row[0]), str(row[1])) if row else (0, hashing.GENESIS)


def linked(
    world: World, told: Iterator[Told], after: int, head: str, many: int, tell: Tell
) -> Iterator[dict[str, Any]]:
    """Rows with their place in the chain: ids go on from the last one, as the database would give them."""
    first = int(world.session.execute(text("SELECT coalesce(max(id), 0) FROM event")).scalar_one())
    for place, each in zip(count(1), told, strict=False):
        facts = {
            "id": first + place, "kind": each.kind, "subject_kind": each.subject_kind, "subject_id": each.subject,
            "actor_id": each.by, "at": each.at, "facts": each.facts,
        }  # fmt: skip
        follows = hashing.event_hash(head, facts)
        yield {
            **facts, "seq": after + place, "previous_hash": head, "hash": follows, "sealed_at": world.now
        }  # fmt: skip
        head = follows
        if place % BATCH == 0:
            tell("events", place / many)


def owns(world: World, many: int) -> Iterator[tuple[Asked, int]]:
    """How many endorsements fall to each consultation, by its voices; nobody endorses a voice twice."""
    total, before = sum(len(each.voices) for each in world.asked), 0
    for asked in world.asked:
        upto = before + len(asked.voices)
        own = many * upto // total - many * before // total
        yield asked, min(own, len(asked.voices) * len(world.people))
        before = upto


def pair(world: World, asked: Asked, place: int) -> tuple[UUID, UUID]:
    """Which voice, and which person: every voice once before any is taken again."""
    turn, voice = divmod(place, len(asked.voices))
    return asked.voices[voice][0], world.people[(voice * 7 + turn) % len(world.people)].key


def endorsed(world: World, many: int) -> Iterator[Told]:
    """As acts, while each consultation was open, in order of time."""
    parts = (of_one(world, asked, own) for asked, own in owns(world, many))
    yield from heapq.merge(*parts, key=lambda each: each.at)


def of_one(world: World, asked: Asked, own: int) -> Iterator[Told]:
    step = (asked.closes - asked.opens) / max(1, own)
    for place in range(own):
        voice, who = pair(world, asked, place)
        at = asked.opens + step * place
        yield Told(at, "endorsement_given", "submission", str(voice), str(who), {"counts": True})


def endorsement_rows(world: World, many: int) -> Iterator[dict[str, Any]]:
    for asked, own in owns(world, many):
        for place in range(own):
            voice, who = pair(world, asked, place)
            yield {"submission_id": voice, "person_id": who, "created_at": asked.closes}
