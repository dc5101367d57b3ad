"""What a facilitator sees at the workbench: the state of the grouping, and what is most worth checking first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, cast, func, text, tuple_
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.correction import Correction
from app.models.grouping import Grouping, accepted_grouping
from app.models.person import Person
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules import keyset
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import ClusterLevel, GroupingState, PlacedBy, SubmissionState
from app.services import corrections_ground
from app.services.groupings_run import UNFINISHED

UNSURE = 0.1
TO_CHECK = 20
PAGE = 40
HISTORY = 30
STEPS = 1_000  # margins this close count as equal, so that a page ends at a whole number
# The beginnings of names of models that read English only; with them, other languages group by chance.
ENGLISH_ONLY = (
    "all-minilm",
    "all-mpnet",
    "all-distilroberta",
    "all-roberta",
    "gte-small",
    "bge-small-en",
    "hashing",
)
COUNTS = text(
    """
    SELECT placement.cluster_id,
           count(*) FILTER (WHERE placement.margin < :unsure AND placement.by = 'machine') AS unsure
    FROM placement WHERE placement.grouping_id = :grouping AND placement.cluster_id IS NOT NULL
    GROUP BY placement.cluster_id
    """
)


@dataclass(frozen=True)
class Line:
    """One group in the list, with how many of its voices the machine was unsure of."""

    cluster: Cluster
    unsure: int
    stamp: str
    projects: list["Line"] = field(default_factory=list)


@dataclass(frozen=True)
class Doubt:
    """One voice, where it stands, and the other group it might belong to."""

    submission: Submission
    placement: Placement
    home: Cluster | None
    other: Cluster | None

    @property
    def token(self) -> str:
        """What a form sends back: the voice, and where the form saw it."""
        return f"{self.submission.id}:{self.placement.cluster_id or ''}"


@dataclass(frozen=True)
class Bench:
    call: Call
    accepted: Grouping | None
    latest: Grouping | None
    lines: list[Line]
    languages: list[tuple[str, int]]
    public: int
    queue: int
    unplaced: int
    model: str
    history: list[tuple[Correction, str]]

    @property
    def reads_only_english(self) -> bool:
        return self.model.rsplit("/", 1)[-1].lower().startswith(ENGLISH_ONLY)

    @property
    def foreign(self) -> list[tuple[str, int]]:
        """Languages the model cannot read, with their voices."""
        return (
            [(code, n) for code, n in self.languages if code and code != "en"]
            if self.reads_only_english
            else []
        )

    @property
    def labels(self) -> dict[str, str]:
        """Names of groups by identity, for the history."""
        every = [line for mission in self.lines for line in (mission, *mission.projects)]
        return {str(line.cluster.key): line.cluster.label for line in every}


def bench(session: Session, call: Call, model: str) -> Bench:
    accepted = accepted_grouping(session, call.id)
    latest = session.exec(
        select(Grouping).where(Grouping.call_id == call.id).order_by(col(Grouping.created_at).desc()).limit(1)
    ).first()
    languages = spoken(session, call.id)
    public = sum(n for _, n in languages)
    return Bench(
        call=call,
        accepted=accepted,
        latest=latest,
        lines=lines(session, accepted) if accepted else [],
        languages=languages,
        public=public,
        queue=waiting(session, call.id),
        unplaced=unplaced(session, call.id, accepted) if accepted else public,
        model=accepted.model if accepted else model,
        history=history(session, call.id),
    )


def spoken(session: Session, call_id: UUID) -> list[tuple[str, int]]:
    query = (
        select(Submission.language, func.count())
        .where(Submission.call_id == call_id, col(Submission.state).in_(PUBLIC_STATES))
        .group_by(col(Submission.language))
        .order_by(func.count().desc(), col(Submission.language))
    )
    return list(session.exec(query).all())


def waiting(session: Session, call_id: UUID) -> int:
    query = select(func.count()).where(
        col(Submission.call_id) == call_id, col(Submission.state) == SubmissionState.SUBMITTED
    )
    return session.exec(query).one()


def unplaced(session: Session, call_id: UUID, accepted: Grouping) -> int:
    """Public voices that came since and have no place yet."""
    placed = select(Placement.submission_id).where(Placement.grouping_id == accepted.id)
    query = select(func.count()).where(
        col(Submission.call_id) == call_id,
        col(Submission.state).in_(PUBLIC_STATES),
        col(Submission.id).not_in(placed),
    )
    return session.exec(query).one()


def lines(session: Session, grouping: Grouping) -> list[Line]:
    clusters = clusters_of(session, grouping.id)
    found = session.connection().execute(COUNTS, {"grouping": grouping.id, "unsure": UNSURE})
    unsure = {row.cluster_id: row.unsure for row in found}

    def line(cluster: Cluster, inside: Sequence[Line] = ()) -> Line:
        total = unsure.get(cluster.id, 0) + sum(one.unsure for one in inside)
        return Line(cluster, total, corrections_ground.stamp(cluster), list(inside))

    inside: dict[UUID, list[Line]] = {}
    for cluster in clusters:
        if cluster.parent_id:
            inside.setdefault(cluster.parent_id, []).append(line(cluster))
    upper = [cluster for cluster in clusters if cluster.level is ClusterLevel.MISSION]
    return [line(cluster, inside.get(cluster.id, ())) for cluster in upper]


def history(session: Session, call_id: UUID) -> list[tuple[Correction, str]]:
    """The latest corrections with who made them, undone ones included."""
    query = (
        select(Correction, Person.name)
        .join(Person, col(Person.id) == Correction.person_id)
        .where(Correction.call_id == call_id)
        .order_by(col(Correction.created_at).desc(), col(Correction.id))
        .limit(HISTORY)
    )
    return list(session.exec(query).all())


def doubts(session: Session, grouping: Grouping, homes: Sequence[UUID] | None = None) -> list[Doubt]:
    """The voices the machine was least sure of, most doubtful first: those a person's minute helps most."""
    query = chosen(grouping).where(Placement.by == PlacedBy.MACHINE, col(Placement.cluster_id).is_not(None))
    if homes is not None:
        query = query.where(col(Placement.cluster_id).in_(homes))
    query = query.order_by(col(Placement.margin), col(Placement.submission_id)).limit(TO_CHECK)
    return with_clusters(session, grouping, list(session.exec(query)))


def voices(
    session: Session, grouping: Grouping, cluster: Cluster | None, cursor: str | None
) -> tuple[list[Doubt], str | None]:
    """The voices of one group, or the ungrouped pile: the least sure first, some at a time."""
    query = chosen(grouping)
    if cluster is None:
        query = query.where(col(Placement.cluster_id).is_(None))
    else:
        query = query.where(col(Placement.cluster_id).in_(corrections_ground.home_ids(session, cluster)))
    order = cast(func.floor(col(Placement.margin) * STEPS), Integer)
    if cursor:
        margin, number = keyset.decode(cursor, "bench", (int, int))
        query = query.where(tuple_(order, col(Submission.number)) > (margin, number))
    rows = list(session.exec(query.order_by(order, col(Submission.number)).limit(PAGE + 1)))
    following = None
    if len(rows) > PAGE:
        submission, placement = rows[PAGE - 1]
        following = keyset.encode("bench", [floor(placement.margin * STEPS), submission.number or 0])
    return with_clusters(session, grouping, rows[:PAGE]), following


def chosen(grouping: Grouping) -> Any:
    return (
        select(Submission, Placement)
        .join(Placement, col(Placement.submission_id) == Submission.id)
        .where(Placement.grouping_id == grouping.id, col(Submission.state).in_(PUBLIC_STATES))
    )


def with_clusters(
    session: Session, grouping: Grouping, rows: Sequence[tuple[Submission, Placement]]
) -> list[Doubt]:
    wanted = {key for _, one in rows for key in (one.cluster_id, one.nearest_id) if key}
    query = select(Cluster).where(col(Cluster.id).in_(wanted), Cluster.grouping_id == grouping.id)
    clusters = {cluster.id: cluster for cluster in session.exec(query)} if wanted else {}
    return [
        Doubt(submission, one, clusters.get(one.cluster_id), clusters.get(one.nearest_id))  # type: ignore[arg-type]
        for submission, one in rows
    ]


def is_busy(grouping: Grouping | None) -> bool:
    return grouping is not None and grouping.state in UNFINISHED


def is_proposed(grouping: Grouping | None) -> bool:
    return grouping is not None and grouping.state is GroupingState.PROPOSED
