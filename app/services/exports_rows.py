"""The tables of an export: public voices, groups and placements, read a batch at a time."""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlmodel import Session, col

from app.conditions.asking import call_phase
from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.grouping import Grouping, accepted_grouping
from app.models.organisation import Organisation
from app.models.placement import Placement
from app.models.submission import Submission
from app.models.submission_lists import IS_PUBLIC
from app.rules.words import CallKind, ClusterLevel, PlacedBy, SubjectKind
from app.services import exports_summaries, exports_topics, offers_show
from app.services.exports_summaries import SUMMARY_COLUMNS

BATCH = 2_000

SUBMISSION_COLUMNS = (
    ("id", "the voice's address is /submissions/ and this"),
    ("number", "its number on the platform"),
    ("kind", "need, idea, evidence or proposal"),
    ("state", "visible, grouped, taken_up or not_taken_up"),
    ("group", "stakeholder group its author named, if any"),
    ("place", "place its author named, if any"),
    ("language", "language of the text"),
    ("submitted", "day it was sent"),
    ("author", "a code for its author, the same within this file and different in the next"),
    ("endorsements", "people who endorsed it here"),
    ("imported_agrees", "people who agreed where it was imported from"),
    ("imported_disagrees", "people who disagreed where it was imported from"),
    ("comments", "comments on it"),
    ("mission_cluster", "mission-level group it stands in, if any"),
    ("project_cluster", "project-level group it stands in, if any"),
    ("goals", "sustainable development goals that a facilitator put on it, by number"),
    ("sectors", "sectors that a facilitator put on it, by code"),
    ("outcome", "the agency's reason for taking it up or not, once answered"),
    ("title", "its title, if any"),
    ("text", "its words"),
)
CLUSTER_COLUMNS = (
    ("id", "the group's address is /clusters/ and this"),
    ("key", "its identity, the same after the grouping runs again"),
    ("level", "mission or project"),
    ("parent", "the mission-level group around a project-level one"),
    ("label", "what it is called"),
    ("label_by", "machine or person"),
    ("keywords", "words that set it apart from other groups"),
    ("state", "suggested, confirmed, checked, promoted or set_aside"),
    ("reason", "why it was set aside, if it was"),
    ("size", "voices in it, withdrawn ones counted"),
    ("authors", "authors in it"),
    ("support", "endorsements and imported agreement together"),
    ("cohesion", "how alike its voices are, from 0 to 1"),
    ("separation", "how far it is from the nearest other group"),
    ("goals", "sustainable development goals that a facilitator put on it, by number"),
    ("sectors", "sectors that a facilitator put on it, by code"),
)
PLACEMENT_COLUMNS = (
    ("submission", "the voice"),
    ("cluster", "the deepest group it stands in; empty for none"),
    ("by", "machine or person"),
    ("weight", "how firmly it stands there, from 0 to 1"),
    ("nearest", "the next nearest group"),
    ("reason", "why it stands in no group, or why a person moved it"),
)


@dataclass(frozen=True)
class Table:
    """One CSV file: its name, its columns with what they mean, and its rows as they are read."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: Iterator[Sequence[Any]]

    @property
    def heads(self) -> list[str]:
        return [name for name, _told in self.columns]


def tables(session: Session, call: Call, secret: bytes) -> list[Table]:
    grouping = accepted_grouping(session, call.id)
    clusters = clusters_of(session, grouping.id) if grouping else []
    homes = {cluster.id: cluster for cluster in clusters}
    return [
        Table("submissions", SUBMISSION_COLUMNS, submission_rows(session, call, grouping, homes, secret)),
        Table("clusters", CLUSTER_COLUMNS, cluster_rows(session, clusters)),
        Table("summaries", SUMMARY_COLUMNS, exports_summaries.rows(session, clusters)),
        Table("placements", PLACEMENT_COLUMNS, placement_rows(session, call, grouping)),
    ]


def call_facts(session: Session, call: Call) -> dict[str, Any]:
    names = (
        "id", "kind", "title", "question", "brief", "timezone", "opens_at", "closes_at", "sense_until", "check_until",
        "answer_due", "languages", "places", "expected", "cancelled_reason", "is_demo", "source_note",
    )  # fmt: skip
    asked_by = session.get_one(Organisation, call.organisation_id).name
    facts = {**{name: getattr(call, name) for name in names}, "phase": call_phase(call), "asked_by": asked_by}
    return facts | ({"offer": offers_show.facts(session, call)} if call.kind is CallKind.INNOVATION else {})


def public_voices(call: Call, grouping: Grouping | None, *more: Any) -> Select[Any]:
    """Public voices with their place in the accepted grouping, in the order of their numbers."""
    joined = (col(Placement.submission_id) == Submission.id) & (
        col(Placement.grouping_id) == (grouping.id if grouping else None)
    )
    return (
        select(col(Submission.number).label("after"), *more)
        .outerjoin(Placement, joined)
        .where(col(Submission.call_id) == call.id, IS_PUBLIC)
        .order_by(col(Submission.number))
        .limit(BATCH)
    )


def batches(session: Session, query: Select[Any]) -> Iterator[Row[Any]]:
    """A batch after the last one read, until there is none: memory stays the same at any size."""
    after = -1
    while True:
        rows = session.connection().execute(query.where(col(Submission.number) > after)).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].after


def submission_rows(
    session: Session, call: Call, grouping: Grouping | None, homes: dict[UUID, Cluster], secret: bytes
) -> Iterator[Sequence[Any]]:
    shown = ("id", "number", "kind", "state", "group", "place", "language", "submitted_at", "author_id")
    counted = ("endorsement_count", "imported_agrees", "imported_disagrees", "comment_count")
    words = ("outcome_reason", "title", "text")
    columns = [col(getattr(Submission, name)) for name in (*shown, *counted, *words)]
    query = public_voices(call, grouping, *columns, col(Placement.cluster_id))
    for row, codes in with_topics(session, batches(session, query)):
        mission, project = levels(homes, row.cluster_id)
        yield (
            row.id, row.number, row.kind.value, row.state.value, row.group.value if row.group else "", row.place,
            row.language, row.submitted_at.date().isoformat() if row.submitted_at else "",
            pseudonym(secret, row.author_id), row.endorsement_count, row.imported_agrees, row.imported_disagrees,
            row.comment_count, mission, project, *codes, row.outcome_reason, row.title, row.text,
        )  # fmt: skip


def with_topics(session: Session, rows: Iterator[Row[Any]]) -> Iterator[tuple[Row[Any], tuple[str, str]]]:
    """Each voice with its goals and sectors, looked up for a batch at a time."""
    for some in in_batches(rows):
        found = exports_topics.codes_on(session, SubjectKind.SUBMISSION, [row.id for row in some])
        yield from ((row, found.get(row.id, exports_topics.NOTHING)) for row in some)


def in_batches(rows: Iterator[Row[Any]]) -> Iterator[list[Row[Any]]]:
    while some := list(islice(rows, BATCH)):
        yield some


def levels(homes: dict[UUID, Cluster], cluster_id: UUID | None) -> tuple[UUID | str, UUID | str]:
    """The mission-level and the project-level group of a placement."""
    home = homes.get(cluster_id) if cluster_id else None
    if home is None:
        return "", ""
    if home.level is ClusterLevel.MISSION:
        return home.id, ""
    return home.parent_id or "", home.id


def pseudonym(secret: bytes, author_id: UUID) -> str:
    """One code for one author, for nobody to follow from one export to the next."""
    return "author-" + hmac.new(secret, author_id.bytes, sha256).hexdigest()[:16]


def cluster_rows(session: Session, clusters: Sequence[Cluster]) -> Iterator[Sequence[Any]]:
    found = exports_topics.codes_on(session, SubjectKind.CLUSTER, [each.key for each in clusters])
    for each in clusters:
        yield (
            each.id, each.key, each.level.value, each.parent_id or "", each.label, each.label_by.value,
            ", ".join(each.keywords), each.state.value, each.state_reason, each.size, each.authors, each.support,
            round(each.cohesion, 4), round(each.separation, 4), *found.get(each.key, exports_topics.NOTHING),
        )  # fmt: skip


def placement_rows(session: Session, call: Call, grouping: Grouping | None) -> Iterator[Sequence[Any]]:
    """Only of public voices: a row of a hidden one would say what it was about."""
    if grouping is None:
        return
    names = ("cluster_id", "by", "weight", "nearest_id", "reason")
    query = public_voices(
        call, grouping, col(Submission.id), *(col(getattr(Placement, name)) for name in names)
    )
    for row in batches(session, query):
        by = row.by.value if isinstance(row.by, PlacedBy) else ""
        weight = "" if row.weight is None else round(row.weight, 4)
        yield row.id, row.cluster_id or "", by, weight, row.nearest_id or "", row.reason or ""
