"""The idea map: every public voice as a point, near those of like meaning; for looking, never for counting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, text
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of, survivors
from app.models.grouping import Grouping, accepted_grouping
from app.models.placement import IS_UNSURE, UNSURE_FACTS, UNSURE_SQL, Placement
from app.models.submission import Submission
from app.rules import keyset
from app.rules.disclosure import PUBLIC_STATES
from app.rules.texts import shortened
from app.rules.words import ClusterLevel, ClusterState
from app.services import clusters_counts, counts, groupings_words
from app.services.clusters_counts import NOTHING, Standing

SHORT = 160
TEXTS_AT_MOST = 2_000
PAGE = 50
NO_GROUP = -1
POINTS = text(
    f"""
    SELECT placement.submission_id, placement.x, placement.y, coalesce(home.parent_id, home.id) AS mission_id,
           {UNSURE_SQL} AS is_unsure,
           CASE WHEN :with_texts THEN left(coalesce(nullif(submission.title, ''), submission.text), :short) END AS words
    FROM placement JOIN submission ON submission.id = placement.submission_id
    LEFT JOIN cluster AS home ON home.id = placement.cluster_id
    WHERE placement.grouping_id = :grouping AND submission.state = ANY(:states)
          AND (NOT :only_unsure OR {UNSURE_SQL})
    ORDER BY submission.number
    """  # noqa: S608  # no part of it comes from outside
)


@dataclass(frozen=True)
class Map:
    """What the page around the drawing says."""

    grouping: Grouping | None
    missions: list[Cluster]
    standing: Standing = NOTHING
    unsure: int = 0

    @property
    def is_uncertain(self) -> bool:
        """Whether the groups drawn are one way among several to read the voices."""
        return self.grouping is not None and groupings_words.is_uncertain(self.grouping)

    @property
    def concerns(self) -> int:
        """Groups that stand: those set aside are drawn and are no concern."""
        return sum(one.state is not ClusterState.SET_ASIDE for one in self.missions)

    @property
    def largest(self) -> Cluster | None:
        standing = [one for one in self.missions if one.state is not ClusterState.SET_ASIDE]
        return max(standing, key=lambda one: (one.size, str(one.id)), default=None)


@dataclass(frozen=True)
class Entry:
    """One voice of the table: its place, its mission, or the group nearest to it where it has none."""

    submission: Submission
    placement: Placement
    mission: Cluster | None
    nearest: Cluster | None


@dataclass(frozen=True)
class Listing:
    """The map as a table, some voices at a time."""

    rows: Sequence["Entry"]
    following: str | None


def overview(session: Session, call: Call) -> Map:
    grouping = accepted_grouping(session, call.id)
    if grouping is None:
        return Map(None, [])
    groups = missions(session, grouping)
    return Map(
        grouping, groups, clusters_counts.standing(session, grouping, groups), unsure_in(session, grouping)
    )


def unsure_in(session: Session, grouping: Grouping) -> int:
    """How many public voices the machine is unsure of; some seconds old at most, as all totals are."""

    def counted() -> int:
        query = (
            select(func.count())
            .select_from(Placement)
            .join(Submission, col(Submission.id) == Placement.submission_id)
        )
        public = col(Submission.state).in_(PUBLIC_STATES)
        return session.exec(query.where(Placement.grouping_id == grouping.id, public, IS_UNSURE)).one()

    found: int = counts.remembered(("unsure", grouping.call_id, grouping.id), counted)
    return found


def missions(session: Session, grouping: Grouping) -> list[Cluster]:
    return clusters_of(session, grouping.id, ClusterLevel.MISSION)


def points(session: Session, call: Call, *, only_unsure: bool = False) -> dict[str, Any]:
    """Columns of equal length, one entry a voice; with many voices the words are asked for one by one."""
    grouping = accepted_grouping(session, call.id)
    if grouping is None:
        return {"groups": [], "id": [], "x": [], "y": [], "group": [], "unsure": [], "text": []}
    groups = missions(session, grouping)
    place = {cluster.id: at for at, cluster in enumerate(groups)}
    facts = {
        "grouping": grouping.id,
        "states": [state.value for state in PUBLIC_STATES],
        "with_texts": grouping.size <= TEXTS_AT_MOST,
        "short": SHORT + 1,
        "only_unsure": only_unsure,
        **UNSURE_FACTS,
    }
    rows = session.connection().execute(POINTS, facts).all()
    return {
        "groups": [{"id": str(one.id), "label": one.label, "size": one.size} for one in groups],
        "id": [str(row.submission_id) for row in rows],
        "x": [round(row.x, 4) for row in rows],
        "y": [round(row.y, 4) for row in rows],
        "group": [place.get(row.mission_id, NO_GROUP) for row in rows],
        "unsure": [int(row.is_unsure) for row in rows],
        "text": texts(rows),
    }


def texts(rows: Sequence[Row[Any]]) -> list[str] | None:
    return [shortened(row.words or "", SHORT) for row in rows] if len(rows) <= TEXTS_AT_MOST else None


def words(session: Session, call: Call, submission_id: UUID) -> str | None:
    """The beginning of one voice, if everyone may read it."""
    query = select(Submission).where(
        Submission.id == submission_id,
        Submission.call_id == call.id,
        col(Submission.state).in_(PUBLIC_STATES),
    )
    found = session.exec(query).first()
    return shortened(found.title or found.text, SHORT) if found else None


def table(
    session: Session, grouping: Grouping, cursor: str | None = None, *, only_unsure: bool = False
) -> Listing:
    """The same facts for those who cannot use the drawing."""
    query = (
        select(Submission, Placement)
        .join(Placement, col(Placement.submission_id) == Submission.id)
        .where(Placement.grouping_id == grouping.id, col(Submission.state).in_(PUBLIC_STATES))
        .order_by(col(Submission.number))
        .limit(PAGE + 1)
    )
    if only_unsure:
        query = query.where(IS_UNSURE)
    if cursor:
        (number,) = keyset.decode(cursor, "map", (int,))
        query = query.where(col(Submission.number) > number)
    rows = list(session.exec(query))
    live = survivors(session, grouping.id)
    listed = [
        Entry(
            submission,
            placement,
            mission_of(live, placement.cluster_id),
            live.get(placement.nearest_id) if placement.nearest_id else None,
        )
        for submission, placement in rows[:PAGE]
    ]
    more = len(rows) > PAGE
    return Listing(listed, keyset.encode("map", [rows[PAGE - 1][0].number or 0]) if more else None)


def mission_of(clusters: dict[UUID, Cluster], home: UUID | None) -> Cluster | None:
    cluster = clusters.get(home) if home else None
    return clusters.get(cluster.parent_id) if cluster and cluster.parent_id else cluster
