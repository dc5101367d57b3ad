"""What people say of missions: comments, and pledges of organisations."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from app.bench.country.world import Aim, World
from app.models import pledge, statement
from app.rules.words import MissionState, StatementKind, SubjectKind

COMMENTS, PLEDGES = 10, 2


def seed(world: World) -> None:
    comments = [row for aim in world.aims for row in comment_rows(world, aim)]
    world.pour(statement.Statement, comments)
    made = [
        pair for aim in world.aims if aim.state is not MissionState.WITHDRAWN for pair in pledges(world, aim)
    ]
    world.pour(statement.Statement, [words for words, _pledge in made])
    world.pour(pledge.Pledge, [promise for _words, promise in made])


def comment_rows(world: World, aim: Aim) -> Iterator[dict[str, Any]]:
    for place in range(COMMENTS):
        who, key, at = world.pick(world.people), world.key(), aim.at + timedelta(days=12 + place)
        world.say(at, "words_said", SubjectKind.STATEMENT, key, by=who.key, mission=aim.key)
        yield {
            "id": key, "kind": StatementKind.COMMENT, "subject_kind": SubjectKind.MISSION, "subject_id": aim.key,
            "author_id": who.key, "group": who.group, "created_at": at,
            "text": "Count the small villages too: there it is needed first.",
        }  # fmt: skip


def pledges(world: World, aim: Aim) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for place in range(PLEDGES):
        who, key, at = world.pick(world.people), world.key(), aim.at + timedelta(days=70)
        world.say(at, "pledge_made", SubjectKind.STATEMENT, key, by=who.key, organisation=who.organisation)
        yield (
            {
                "id": key, "kind": StatementKind.PLEDGE, "subject_kind": SubjectKind.MISSION, "subject_id": aim.key,
                "author_id": who.key, "group": who.group, "created_at": at, "text": "We train ten people a year.",
            },
            {
                "statement_id": key, "mission_id": aim.key, "organisation_id": who.organisation,
                "due": (at + timedelta(days=400 + 300 * place)).date(), "proof": "A list of those who finished.",
            },
        )  # fmt: skip
