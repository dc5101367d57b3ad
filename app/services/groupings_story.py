"""What a grouping would change, told in people's words: labels in place of keys, counts in place of rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.cluster import Cluster, clusters_of
from app.models.grouping import Grouping
from app.rules.disclosure import PUBLIC_GROUPING_STATES
from app.rules.words import ClusterLevel
from app.services import groupings_moves
from app.services.clusters import readable
from app.services.groupings_changes import Moved
from app.services.groupings_identity import plain

MOVES_SHOWN, MOVES_A_PAGE = 20, 50


@dataclass(frozen=True)
class Grown:
    cluster: Cluster
    gained: int
    lost: int


@dataclass(frozen=True)
class Parts:
    """One group and those it became, or those it was made of."""

    whole: Cluster
    parts: list[Cluster]


@dataclass(frozen=True)
class Story:
    """The difference to the grouping it was compared with; `is_first` where there was none."""

    is_first: bool
    missions: list[Cluster]
    projects: int
    kept: list[Cluster] = field(default_factory=list)
    grown: list[Grown] = field(default_factory=list)
    new: list[Cluster] = field(default_factory=list)
    gone: list[Cluster] = field(default_factory=list)
    split: list[Parts] = field(default_factory=list)
    merged: list[Parts] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    moved_count: int = 0
    joined: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def changes_nothing(self) -> bool:
        return not (self.is_first or self.grown or self.new or self.gone or self.moved_count or self.joined)


def story(session: Session, grouping: Grouping) -> Story:
    clusters = clusters_of(session, grouping.id)
    missions = [one for one in clusters if one.level is ClusterLevel.MISSION]
    projects = len(clusters) - len(missions)
    facts = grouping.diff
    if not facts:
        return Story(True, missions, projects)
    now = {str(one.key): one for one in clusters}
    old = before(session, grouping, facts)
    return Story(
        False,
        missions,
        projects,
        kept=known(facts["kept"], now),
        grown=[
            Grown(now[one["key"]], one["gained"], one["lost"]) for one in facts["grown"] if one["key"] in now
        ],
        new=known(facts["new"], now),
        gone=known(facts["gone"], old),
        split=parts(facts["split"], "into", old, now),
        merged=parts(facts["merged"], "of", now, old),
        moved=moved(session, facts["moved"]["texts"][:MOVES_SHOWN], old, now),
        moved_count=facts["moved"]["count"],
        joined=facts["joined"],
        counts={"before": facts["before"], "after": facts["after"]},
    )


class Moves(NamedTuple):
    """One page of the moves of one level, the clearest first.

    Of `total` a run of an earlier version kept only so many; `gone` of this page are public no more.
    """

    level: ClusterLevel
    rows: list[Moved]
    totals: Mapping[ClusterLevel, int]
    kept: int
    pages: int
    gone: int = 0

    @property
    def total(self) -> int:
        return self.totals[self.level]


def moves(session: Session, grouping: Grouping, level: ClusterLevel, page: int) -> Moves:
    """Who changes groups, from where, to where, and how clearly, as the run found it."""
    start = (page - 1) * MOVES_A_PAGE
    listed = groupings_moves.read(session, grouping.id, level, start, MOVES_A_PAGE)
    if listed is None:
        told = grouping.diff.get("moved", {"count": 0, "texts": []})
        texts = told["texts"] if level is ClusterLevel.MISSION else []
        totals, kept = {ClusterLevel.MISSION: told["count"], ClusterLevel.PROJECT: 0}, len(texts)
        some = texts[start : start + MOVES_A_PAGE]
    else:
        totals, kept = dict(listed.totals), listed.totals[level]
        some = [plain(one) for one in listed.rows]
    now = {str(one.key): one for one in clusters_of(session, grouping.id)}
    old = before(session, grouping, grouping.diff, [one["from"] for one in some]) if some else {}
    rows = moved(session, some, old, now)
    return Moves(level, rows, totals, kept, max(1, -(-kept // MOVES_A_PAGE)), len(some) - len(rows))


def before(
    session: Session, grouping: Grouping, facts: Mapping[str, Any], more: Iterable[str | None] = ()
) -> dict[str, Cluster]:
    """The groups of the grouping it was compared with, by identity."""
    keys = {*facts["gone"], *(one["key"] for one in facts["split"])}
    keys |= {key for one in facts["merged"] for key in one["of"]}
    keys |= {key for key in (*more, *(one["from"] for one in facts["moved"]["texts"])) if key}
    # What a proposal that was never accepted calls them is for facilitators.
    shown = select(Grouping.id).where(col(Grouping.state).in_(PUBLIC_GROUPING_STATES))
    query = select(Cluster).where(
        Cluster.call_id == grouping.call_id,
        col(Cluster.key).in_([UUID(key) for key in keys]),
        Cluster.grouping_id != grouping.id,
        col(Cluster.grouping_id).in_(shown),
    )
    found = {str(one.key): one for one in session.exec(query.order_by(col(Cluster.size)))} if keys else {}
    compared = shown_before(session, grouping)
    if compared is not None:
        found |= {str(one.key): one for one in clusters_of(session, compared.id)}
    return found


def shown_before(session: Session, grouping: Grouping) -> Grouping | None:
    """What everyone saw when it was accepted, or when it was found where it was not accepted."""
    until = grouping.accepted_at or grouping.finished_at or grouping.created_at
    query = select(Grouping).where(
        Grouping.call_id == grouping.call_id,
        Grouping.id != grouping.id,
        col(Grouping.state).in_(PUBLIC_GROUPING_STATES),
        col(Grouping.accepted_at) <= until,
    )
    return session.exec(query.order_by(col(Grouping.accepted_at).desc(), col(Grouping.id)).limit(1)).first()


def known(keys: Sequence[str], clusters: Mapping[str, Cluster]) -> list[Cluster]:
    return [clusters[key] for key in keys if key in clusters]


def parts(
    told: Sequence[Mapping[str, Any]],
    name: str,
    wholes: Mapping[str, Cluster],
    pieces: Mapping[str, Cluster],
) -> list[Parts]:
    return [Parts(wholes[one["key"]], known(one[name], pieces)) for one in told if one["key"] in wholes]


def moved(
    session: Session,
    told: Sequence[Mapping[str, Any]],
    old: Mapping[str, Cluster],
    now: Mapping[str, Cluster],
) -> list[Moved]:
    words = readable(session, [one["submission"] for one in told])
    return [
        Moved(words[one["submission"]], old.get(one["from"] or ""), now.get(one["to"] or ""), one["margin"])
        for one in told
        if one["submission"] in words
    ]
