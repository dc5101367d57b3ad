"""What a proposal would change, group by group, counted as voices stand now: what a facilitator accepts or leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session

from app.models.cluster import Cluster, clusters_of
from app.models.grouping import Grouping
from app.models.submission import Submission
from app.rules.clusters import LEADS, in_words
from app.rules.words import ClusterLevel
from app.services.clusters import readable
from app.services.clusters_counts import STATES

MOVES_SHOWN = 4
PART, HALF = (
    0.25,
    0.5,
)  # of a group: a part that counts as a division of it, a share that counts as most of it
STANDS = """
    WITH stands AS (
        SELECT placement.grouping_id, placement.submission_id, placement.margin, home.key AS own, upper.key AS mission
        FROM placement JOIN submission ON submission.id = placement.submission_id AND submission.state = ANY(:states)
        LEFT JOIN cluster AS home ON home.id = placement.cluster_id
        LEFT JOIN cluster AS upper ON upper.id = coalesce(home.parent_id, home.id)
        WHERE placement.grouping_id IN (:now, :was)
    ), now AS (SELECT * FROM stands WHERE grouping_id = :now), was AS (SELECT * FROM stands WHERE grouping_id = :was)
    {asked}
"""
FLOWS = text(
    STANDS.format(
        asked="""
    SELECT was.mission AS before, now.mission AS after, was.submission_id IS NULL AS is_new, count(*) AS voices,
           count(*) FILTER (WHERE was.own IS DISTINCT FROM now.own) AS rearranged
    FROM now LEFT JOIN was USING (submission_id) GROUP BY was.mission, now.mission, is_new
    """
    )
)
# The surest moves into each group, and out of each into none.
MOVES = text(
    STANDS.format(
        asked="""
    SELECT * FROM (
        SELECT submission_id, was.mission AS before, now.mission AS after, now.margin AS margin,
               row_number() OVER (PARTITION BY coalesce(now.mission, was.mission), now.mission IS NULL
                                  ORDER BY now.margin DESC, submission_id) AS place
        FROM now JOIN was USING (submission_id) WHERE was.mission IS DISTINCT FROM now.mission
    ) AS ordered WHERE place <= :most ORDER BY place
    """
    )
)


class ChangeKind(StrEnum):
    NEW = "new"
    SPLIT_OFF = "split_off"
    TAKES_IN = "takes_in"
    GROWS = "grows"
    SHRINKS = "shrinks"
    CHANGES = "changes"
    REARRANGED = "rearranged"
    DISSOLVES = "dissolves"


@dataclass(frozen=True)
class Flow:
    """So many voices, from a group or to one; no group is the ungrouped pile."""

    cluster: Cluster | None
    voices: int


@dataclass(frozen=True)
class Moved:
    """One voice that changes its group, and how clearly: 0 is torn between two groups, 1 is nothing else near."""

    submission: Submission
    before: Cluster | None
    after: Cluster | None
    margin: float | None = 0.0

    @property
    def lead(self) -> str:
        """How clearly, in words to be translated when they are shown."""
        return in_words(self.margin or 0.0, LEADS)


@dataclass(frozen=True)
class Change:
    """What becomes of one group; of one that dissolves, `cluster` is as it was."""

    cluster: Cluster
    kind: ChangeKind
    size_before: int = 0
    size: int = 0
    came: list[Flow] = field(default_factory=list)
    left: list[Flow] = field(default_factory=list)
    joined: int = 0
    rearranged: int = 0
    origin: Cluster | None = None
    taken_in: list[Cluster] = field(default_factory=list)
    moves: list[Moved] = field(default_factory=list)

    @property
    def key(self) -> UUID:
        return self.cluster.key


@dataclass(frozen=True)
class Changes:
    """What can be accepted one by one; groups that stay; groups that end where the others take all their voices."""

    items: list[Change]
    kept: list[Cluster]
    ending: list[Change]
    moved: int = 0
    joined: int = 0
    ungrouped: int = 0
    ungrouped_before: int = 0

    @property
    def new(self) -> int:
        return sum(item.kind is not ChangeKind.DISSOLVES and not item.size_before for item in self.items)

    @property
    def gone(self) -> int:
        return len(self.ending) + sum(item.kind is ChangeKind.DISSOLVES for item in self.items)

    @property
    def staying(self) -> int:
        return len(self.kept) + len(self.items) + len(self.ending) - self.new - self.gone

    @property
    def rearranged(self) -> int:
        return sum(item.rearranged for item in self.items)

    @property
    def keys(self) -> frozenset[UUID]:
        return frozenset(item.key for item in self.items)


@dataclass
class Ground:
    """The groups of both sides by identity, and how many voices go from which to which."""

    was: dict[UUID, Cluster]
    now: dict[UUID, Cluster]
    flows: Sequence[Row[Any]]
    moves: Mapping[UUID, list[Moved]]


def changes(session: Session, grouping: Grouping, before: Grouping) -> Changes:
    facts = {"now": grouping.id, "was": before.id, "states": STATES}
    connection = session.connection()
    was, now = missions_by_key(session, before), missions_by_key(session, grouping)
    flows = connection.execute(FLOWS, facts).all()
    told = connection.execute(MOVES, {**facts, "most": MOVES_SHOWN}).all()
    ground = Ground(was, now, flows, moves_by_group(session, told, was, now))
    items: list[Change] = []
    kept: list[Cluster] = []
    ending: list[Change] = []
    for key, cluster in now.items():
        change = change_of(ground, key, cluster)
        if change is not None:
            items.append(change)
        elif key in was and voices_after(ground, key):
            kept.append(cluster)
    for key, cluster in was.items():
        gone = ending_of(ground, key, cluster)
        if gone is not None:
            (items if any(flow.cluster is None for flow in gone.left) else ending).append(gone)
    known = [row for row in flows if not row.is_new]
    return Changes(
        items,
        kept,
        ending,
        moved=sum(row.voices for row in known if row.before != row.after),
        joined=sum(row.voices for row in flows if row.is_new),
        ungrouped=sum(row.voices for row in flows if row.after is None),
        ungrouped_before=sum(row.voices for row in known if row.before is None),
    )


def missions_by_key(session: Session, grouping: Grouping) -> dict[UUID, Cluster]:
    return {one.key: one for one in clusters_of(session, grouping.id, ClusterLevel.MISSION)}


def moves_by_group(
    session: Session, told: Sequence[Row[Any]], was: Mapping[UUID, Cluster], now: Mapping[UUID, Cluster]
) -> dict[UUID, list[Moved]]:
    words = readable(session, [row.submission_id for row in told])
    found: dict[UUID, list[Moved]] = {}
    for row in told:
        submission = words.get(str(row.submission_id))
        if submission is not None:
            move = Moved(submission, was.get(row.before), now.get(row.after), row.margin)
            found.setdefault(row.after or row.before, []).append(move)
    return found


def change_of(ground: Ground, key: UUID, cluster: Cluster) -> Change | None:
    """What changes for a group of the proposal; None where exactly the same voices stand in it in the same way."""
    inward = [row for row in ground.flows if row.after == key]
    stayed = sum(row.voices for row in inward if row.before == key and not row.is_new)
    came = [
        Flow(ground.was.get(row.before), row.voices) for row in inward if not row.is_new and row.before != key
    ]
    joined = sum(row.voices for row in inward if row.is_new)
    left = [Flow(ground.now.get(row.after), row.voices) for row in ground.flows
            if row.before == key and row.after != key and not row.is_new]  # fmt: skip
    rearranged = sum(row.rearranged for row in inward if row.before == key and not row.is_new)
    total = stayed + joined + sum(flow.voices for flow in came)
    if not total or not (came or left or joined or rearranged or key not in ground.was):
        return None
    origin = origin_of(ground, came, total) if key not in ground.was else None
    taken_in = [] if origin else swallowed(ground, came)
    return Change(
        cluster,
        kind_of(key in ground.was, origin, taken_in, bool(came or joined), bool(left)),
        size_before=stayed + sum(flow.voices for flow in left),
        size=total,
        came=sorted(came, key=largest_first),
        left=sorted(left, key=largest_first),
        joined=joined,
        rearranged=rearranged,
        origin=origin,
        taken_in=taken_in,
        moves=ground.moves.get(key, []),
    )


def kind_of(
    is_known: bool, origin: Cluster | None, taken_in: Sequence[Cluster], gains: bool, loses: bool
) -> ChangeKind:
    if not is_known:
        return (
            ChangeKind.SPLIT_OFF if origin else ChangeKind.TAKES_IN if len(taken_in) > 1 else ChangeKind.NEW
        )
    if taken_in:
        return ChangeKind.TAKES_IN
    if gains and loses:
        return ChangeKind.CHANGES
    return ChangeKind.GROWS if gains else ChangeKind.SHRINKS if loses else ChangeKind.REARRANGED


def origin_of(ground: Ground, came: Sequence[Flow], total: int) -> Cluster | None:
    """The group that a new one is a part of: it goes on, and most of the new one comes from it."""
    for flow in came:
        whole = voices_before(ground, flow.cluster.key) if flow.cluster else None
        is_part = whole is not None and flow.voices >= max(PART * whole, HALF * total)
        if flow.cluster and flow.cluster.key in ground.now and is_part:
            return flow.cluster
    return None


def swallowed(ground: Ground, came: Sequence[Flow]) -> list[Cluster]:
    """Groups that are no more, and of which most voices came here."""
    return [
        flow.cluster for flow in came
        if flow.cluster and not voices_after(ground, flow.cluster.key)
        and flow.voices >= HALF * voices_before(ground, flow.cluster.key)
    ]  # fmt: skip


def ending_of(ground: Ground, key: UUID, cluster: Cluster) -> Change | None:
    """A group that the proposal has no more, and where its voices go."""
    out = [row for row in ground.flows if row.before == key and not row.is_new]
    if not out or voices_after(ground, key):
        return None
    left = sorted((Flow(ground.now.get(row.after), row.voices) for row in out), key=largest_first)
    size = sum(flow.voices for flow in left)
    return Change(cluster, ChangeKind.DISSOLVES, size_before=size, left=left, moves=ground.moves.get(key, []))


def voices_before(ground: Ground, key: UUID) -> int:
    return sum(row.voices for row in ground.flows if row.before == key)


def voices_after(ground: Ground, key: UUID) -> int:
    return sum(row.voices for row in ground.flows if row.after == key)


def largest_first(flow: Flow) -> tuple[int, str]:
    return -flow.voices, flow.cluster.label if flow.cluster else ""
