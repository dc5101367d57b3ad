"""Who stands behind what in the demonstration: drawn by chance, and the same people each time."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from math import log
from random import Random
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.demo import content
from app.demo.content import Row
from app.demo.seed_people import accounts
from app.demo.story import Act, Stage
from app.models.columns import telling
from app.models.endorsement import Endorsement
from app.models.submission import Submission
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import SubjectKind
from app.services import events

NEIGHBOURS = 4.0  # people of the same place are so much likelier to endorse


def endorsing(row: Row, begins: datetime, until: datetime) -> Iterator[Act]:
    """Most endorse soon after a text is sent, some much later."""
    chance = Random(f"endorsers of {row['key']}")  # noqa: S311
    for key in drawn(chance, row, int(row["endorsers"])):
        at = begins + (until - begins) * min(chance.expovariate(4.0), chance.uniform(0.5, 0.99))
        yield Act(at, who=(key,), together=endorse, about=row["key"])


def drawn(chance: Random, row: Row, many: int) -> list[str]:
    """Everyone but the author and those who hold a seat, drawn without putting back."""
    candidates = [
        person
        for person in content.people()
        if person["key"] != row["author"] and not accounts().get(person["key"], {}).get("seats")
    ]
    luck = {
        person["key"]: -log(1 - chance.random()) / (NEIGHBOURS if person["place"] == row["place"] else 1.0)
        for person in candidates
    }
    return sorted(luck, key=luck.__getitem__)[:many]


def endorse(stage: Stage, acts: list[Act]) -> None:
    """Rows, counts and events of several endorsements; what was hidden meanwhile is not there to be endorsed."""
    given = [act for act in acts if stage.voices[act.about].state in PUBLIC_STATES]
    if not given:
        return
    rows: list[dict[str, Any]] = [
        {
            "submission_id": stage.voices[act.about].id,
            "person_id": stage.person(act.who[0]),
            "counts": True,
            "created_at": act.at,
        }
        for act in given
    ]
    connection = stage.session.connection()
    connection.execute(insert(Endorsement), rows)
    for act, row in zip(given, rows, strict=True):
        with telling(act.at):
            events.record(
                stage.session, "endorsement_given", SubjectKind.SUBMISSION, row["submission_id"],
                by=row["person_id"], counts=True,
            )  # fmt: skip
    stage.session.flush()
    many = Counter(row["submission_id"] for row in rows)
    counted = update(Submission).where(col(Submission.id) == bindparam("voice"))
    connection.execute(
        counted.values(endorsement_count=col(Submission.endorsement_count) + bindparam("more")),
        [{"voice": key, "more": more} for key, more in many.items()],
    )
