"""Who speaks in a group and who agrees: by stakeholder group, place and language, with votes and endorsements."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from app.models.cluster import Cluster
from app.models.grouping import Grouping
from app.rules.agreement import Breadth, Division, Side, division
from app.services.clusters_counts import STATES
from app.services.counts import remembered

MOST_PLACES = 8
HERE = "placement.grouping_id = :grouping AND placement.cluster_id = ANY(:homes) AND submission.state = ANY(:states)"
SIDES = text(
    f"""
    SELECT submission."group" AS by_group, submission.place AS by_place, submission.language AS by_language,
           GROUPING(submission."group", submission.place, submission.language) AS kind,
           count(*) AS voices, count(DISTINCT submission.author_id) AS people,
           coalesce(sum(submission.imported_agrees), 0) AS agrees,
           coalesce(sum(submission.imported_disagrees), 0) AS disagrees
    FROM placement JOIN submission ON submission.id = placement.submission_id
    WHERE {HERE}
    GROUP BY GROUPING SETS (((submission."group")), ((submission.place)), ((submission.language)))
    ORDER BY voices DESC, by_group, by_place, by_language
    """  # noqa: S608  # no part of it comes from outside
)
BY_GROUP, BY_PLACE, BY_LANGUAGE = 0b011, 0b101, 0b110
ENDORSERS = text(
    f"""
    SELECT person."group" AS by_group, count(DISTINCT person.id) AS people
    FROM placement JOIN submission ON submission.id = placement.submission_id
    JOIN endorsement ON endorsement.submission_id = submission.id AND endorsement.counts
    JOIN person ON person.id = endorsement.person_id
    WHERE {HERE} AND person."group" IS NOT NULL
    GROUP BY person."group"
    """  # noqa: S608
)
# Everyone behind every group of a grouping, author or endorser, once for each stakeholder group.
BEHIND = text(
    """
    SELECT mission, by_group, count(DISTINCT person_id) AS people FROM (
        SELECT coalesce(home.parent_id, home.id) AS mission, submission."group" AS by_group,
               submission.author_id AS person_id
        FROM placement JOIN cluster AS home ON home.id = placement.cluster_id
        JOIN submission ON submission.id = placement.submission_id
        WHERE placement.grouping_id = :grouping AND submission.state = ANY(:states)
        UNION ALL
        SELECT coalesce(home.parent_id, home.id), person."group", person.id
        FROM placement JOIN cluster AS home ON home.id = placement.cluster_id
        JOIN submission ON submission.id = placement.submission_id
        JOIN endorsement ON endorsement.submission_id = submission.id AND endorsement.counts
        JOIN person ON person.id = endorsement.person_id
        WHERE placement.grouping_id = :grouping AND submission.state = ANY(:states)
    ) AS behind
    WHERE by_group IS NOT NULL GROUP BY mission, by_group ORDER BY mission, by_group
    """
)


NOBODY_YET = Side("")


@dataclass(frozen=True)
class Voices:
    """The sides of one group, those with most voices first."""

    groups: tuple[Side, ...] = ()
    places: tuple[Side, ...] = ()
    languages: tuple[Side, ...] = ()
    whole: Side = NOBODY_YET

    @cached_property
    def behind(self) -> tuple[Side, ...]:
        """Stakeholder groups that speak or endorse here."""
        return tuple(side for side in self.groups if side.stands_behind)

    @cached_property
    def division(self) -> Division:
        return division(self.groups)


def voices_of(session: Session, facts: dict[str, Any]) -> Voices:
    """Everyone in one group; `facts` as `clusters_support.inside` gives them."""
    found: dict[int, list[Side]] = {BY_GROUP: [], BY_PLACE: [], BY_LANGUAGE: []}
    connection = session.connection()
    endorsers = {row.by_group: int(row.people) for row in connection.execute(ENDORSERS, facts)}
    votes = [0, 0]
    for row in connection.execute(SIDES, facts):
        name = {BY_GROUP: row.by_group, BY_PLACE: row.by_place, BY_LANGUAGE: row.by_language}[row.kind]
        if row.kind == BY_GROUP:
            votes = [votes[0] + int(row.agrees), votes[1] + int(row.disagrees)]
        if name:
            given = endorsers.pop(name, 0) if row.kind == BY_GROUP else 0
            found[row.kind].append(
                Side(name, row.voices, row.people, given, int(row.agrees), int(row.disagrees))
            )
    found[BY_GROUP] += [Side(name, endorsers=people) for name, people in sorted(endorsers.items())]
    return Voices(
        tuple(found[BY_GROUP]),
        tuple(found[BY_PLACE][:MOST_PLACES]),
        tuple(found[BY_LANGUAGE]),
        Side("", agrees=votes[0], disagrees=votes[1]),
    )


def breadths_of(session: Session, grouping: Grouping, missions: Sequence[Cluster]) -> dict[UUID, Breadth]:
    """How broad the support of each mission is; it may be some seconds old, as totals may."""

    def find() -> dict[UUID, dict[str, int]]:
        people: dict[UUID, dict[str, int]] = {}
        for row in session.connection().execute(BEHIND, {"grouping": grouping.id, "states": STATES}):
            people.setdefault(row.mission, {})[row.by_group] = int(row.people)
        return people

    found = remembered(("breadth", grouping.call_id, grouping.id), find)
    heard = len({group for each in found.values() for group in each})
    return {one.id: Breadth(found.get(one.id, {}), heard) for one in missions}
