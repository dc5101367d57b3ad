"""Groups as people read them: what they say, for whom they speak, how sure the machine is, what is left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import mean
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, func, tuple_
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of, survivors
from app.models.grouping import Grouping, accepted_grouping
from app.models.mission import Mission
from app.models.placement import IS_UNSURE, Placement
from app.models.submission import Submission
from app.rules import keyset
from app.rules.agreement import Breadth
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import ClusterLevel, ClusterState
from app.services import groupings_words
from app.services.clusters_counts import NOTHING, Standing, standing
from app.services.clusters_summary import NONE, Shown, ids_in, shown
from app.services.clusters_support import NOBODY, SUPPORT, Support, inside, supports_of
from app.services.clusters_support import support_of as support_of
from app.services.clusters_voices import Voices, breadths_of, voices_of
from app.services.groupings_languages import Reading, reading

PAGE = 20


class Page(NamedTuple):
    """Some rows of a long list, and the cursor of the next ones."""

    rows: list[Submission]
    following: str | None


@dataclass(frozen=True)
class Group:
    """One group in a list, with its first public representatives."""

    cluster: Cluster
    quotes: list[Submission] = field(default_factory=list)
    odd: list[Submission] = field(default_factory=list)
    projects: list["Group"] = field(default_factory=list)
    mission: Mission | None = None
    support: Support = NOBODY
    model: str = ""
    breadth: Breadth = field(default_factory=lambda: Breadth({}))
    is_small: bool = False

    @property
    def is_small_and_broad(self) -> bool:
        """Fewer voices than groups have on average, and people of several stakeholder groups behind it."""
        return self.is_small and self.breadth.is_broad

    @property
    def reading(self) -> Reading:
        """How alike its voices are and how it stands to the others, in words; see `groupings_languages`."""
        return reading(self.model, self.cluster)

    @property
    def cohesion(self) -> str:
        return self.reading.cohesion

    @property
    def separation(self) -> str:
        return self.reading.separation


@dataclass(frozen=True)
class Groups:
    """Everything the page of suggested missions shows."""

    grouping: Grouping | None
    missions: list[Group]
    authors: int
    largest: int
    standing: Standing = NOTHING

    @property
    def concerns(self) -> list[Group]:
        """The groups that stand: one set aside is shown with its reason, and is no concern of the list."""
        return [one for one in self.missions if one.cluster.state is not ClusterState.SET_ASIDE]

    @property
    def can_be_judged(self) -> bool:
        return all(one.reading.is_judged for one in self.missions)

    @property
    def is_uncertain(self) -> bool:
        """Whether these groups are one way among several to read the voices."""
        return self.grouping is not None and groupings_words.is_uncertain(self.grouping)

    @property
    def spoken(self) -> int:
        return sum(one.cluster.size for one in self.concerns)


@dataclass(frozen=True)
class Evidence:
    """Everything one group's page shows."""

    group: Group
    parent: Cluster | None
    support: Row[tuple[int, ...]]
    all_authors: int
    voices: Voices
    grouping: Grouping
    now: Cluster | None
    merged_into: Cluster | None
    split_from: Cluster | None
    summary: Shown = NONE

    @property
    def is_uncertain(self) -> bool:
        """Whether this group is one way among several to read its voices."""
        return groupings_words.is_uncertain(self.grouping)

    @property
    def places(self) -> list[tuple[str, int]]:
        return [(side.name, side.voices) for side in self.voices.places]

    @property
    def share_of_authors(self) -> float:
        return self.support.authors / self.all_authors if self.all_authors else 0.0


def readable(session: Session, ids: Iterable[str | UUID]) -> dict[str, Submission]:
    """Those of these submissions whose words are public now: a withdrawn one disappears when the page is read."""
    keys = {UUID(str(key)) for key in ids}
    query = select(Submission).where(col(Submission.id).in_(keys), col(Submission.state).in_(PUBLIC_STATES))
    return {str(submission.id): submission for submission in session.exec(query)} if keys else {}


def of_call(session: Session, call: Call, quotes: int = 2, *, broadest_first: bool = False) -> Groups:
    """The suggested missions of a call, largest or broadest first; small ones are never hidden."""
    grouping = accepted_grouping(session, call.id)
    if grouping is None:
        return Groups(None, [], 0, 0)
    clusters = clusters_of(session, grouping.id)
    upper = [cluster for cluster in clusters if cluster.level is ClusterLevel.MISSION]
    words = readable(session, [key for cluster in upper for key in cluster.representatives])
    missions = missions_by_key(session, call.id)
    supports = supports_of(session, grouping, clusters)
    breadths = breadths_of(session, grouping, upper)
    usual = mean(one.size for one in upper) if upper else 0
    groups = [
        Group(
            cluster,
            [words[key] for key in cluster.representatives if key in words][:quotes],
            projects=[Group(one) for one in clusters if one.parent_id == cluster.id],
            mission=missions.get(cluster.key),
            support=supports.get(cluster.id, NOBODY),
            model=grouping.model,
            breadth=breadths[cluster.id],
            is_small=cluster.size < usual,
        )
        for cluster in upper
    ]
    if broadest_first:
        groups.sort(key=lambda one: one.breadth.rank)
    largest = max((one.size for one in upper), default=0)
    counted = standing(session, grouping, clusters)
    return Groups(grouping, groups, authors_of(session, call.id), largest, counted)


def missions_by_key(session: Session, call_id: UUID) -> dict[UUID, Mission]:
    found = session.exec(select(Mission).where(Mission.call_id == call_id))
    return {mission.cluster_key: mission for mission in found if mission.cluster_key}


def authors_of(session: Session, call_id: UUID) -> int:
    query = select(func.count(func.distinct(Submission.author_id))).where(
        Submission.call_id == call_id, col(Submission.state).in_(PUBLIC_STATES)
    )
    return session.exec(query).one()


def evidence(session: Session, cluster: Cluster) -> Evidence:
    """What one group rests on; a group of an earlier grouping also names the group it is today."""
    grouping = session.get_one(Grouping, cluster.grouping_id)
    clusters = clusters_of(session, grouping.id)
    projects = [one for one in clusters if one.parent_id == cluster.id]
    supports = supports_of(session, grouping, clusters) if projects else {}
    facts = inside(cluster, projects)
    wanted = [key for one in (cluster, *projects) for key in (*one.representatives, *one.odd)]
    wanted += ids_in(cluster.summary)
    words = readable(session, wanted)
    mission = missions_by_key(session, cluster.call_id).get(cluster.key)
    inner = [with_words(one, words, support=supports.get(one.id, NOBODY)) for one in projects]
    return Evidence(
        group=replace(with_words(cluster, words, inner, mission), model=grouping.model),
        parent=session.get(Cluster, cluster.parent_id) if cluster.parent_id else None,
        support=session.connection().execute(SUPPORT, facts).one(),
        all_authors=authors_of(session, cluster.call_id),
        voices=voices_of(session, facts),
        grouping=grouping,
        now=now_of(session, cluster),
        merged_into=session.get(Cluster, cluster.merged_into_id) if cluster.merged_into_id else None,
        split_from=session.get(Cluster, cluster.split_from_id) if cluster.split_from_id else None,
        summary=shown(cluster.summary, words),
    )


def with_words(
    cluster: Cluster,
    words: dict[str, Submission],
    projects: Sequence[Group] = (),
    mission: Mission | None = None,
    support: Support = NOBODY,
) -> Group:
    quotes = [words[key] for key in cluster.representatives if key in words]
    return Group(
        cluster, quotes, [words[key] for key in cluster.odd if key in words], list(projects), mission, support
    )


def now_of(session: Session, cluster: Cluster) -> Cluster | None:
    """The same group in the grouping everyone sees, if this one is of an earlier grouping."""
    accepted = accepted_grouping(session, cluster.call_id)
    if accepted is None or accepted.id == cluster.grouping_id:
        return None
    query = select(Cluster).where(Cluster.grouping_id == accepted.id, Cluster.key == cluster.key)
    return session.exec(query).first()


def members(session: Session, cluster: Cluster, cursor: str | None = None, projects_too: bool = True) -> Page:
    """The public voices of a group, the most supported first, some at a time."""
    homes = [cluster.id]
    if projects_too:
        query = select(Cluster.id).where(
            Cluster.parent_id == cluster.id, col(Cluster.merged_into_id).is_(None)
        )
        homes += session.exec(query).all()
    found = (
        select(Submission)
        .join(Placement, col(Placement.submission_id) == Submission.id)
        .where(
            Placement.grouping_id == cluster.grouping_id,
            col(Placement.cluster_id).in_(homes),
            col(Submission.state).in_(PUBLIC_STATES),
        )
        .order_by(col(Submission.support).desc(), col(Submission.number).desc())
        .limit(PAGE + 1)
    )
    if cursor:
        support, number = keyset.decode(cursor, "members", (int, int))
        mine = tuple_(col(Submission.support), col(Submission.number))
        found = found.where(mine < (support, number))
    rows = list(session.exec(found))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = keyset.encode("members", [last.support or 0, last.number or 0]) if last else None
    return Page(rows[:PAGE], following)


class Pile(NamedTuple):
    """Some ungrouped voices: each with its place, the reason, and the group that comes nearest."""

    rows: Sequence[tuple[Submission, Placement, Cluster | None]]
    following: str | None


def ungrouped(
    session: Session, grouping: Grouping, cursor: str | None = None, *, only_unsure: bool = False
) -> Pile:
    """What was left ungrouped and why, in the order people submitted it."""
    query = (
        select(Submission, Placement)
        .join(Placement, col(Placement.submission_id) == Submission.id)
        .where(
            Placement.grouping_id == grouping.id,
            col(Placement.cluster_id).is_(None),
            col(Submission.state).in_(PUBLIC_STATES),
        )
        .order_by(col(Submission.number))
        .limit(PAGE + 1)
    )
    if only_unsure:
        query = query.where(IS_UNSURE)
    if cursor:
        (number,) = keyset.decode(cursor, "ungrouped", (int,))
        query = query.where(col(Submission.number) > number)
    live = survivors(session, grouping.id)
    rows = [
        (submission, placement, live.get(placement.nearest_id) if placement.nearest_id else None)
        for submission, placement in session.exec(query)
    ]
    more = len(rows) > PAGE
    return Pile(rows[:PAGE], keyset.encode("ungrouped", [rows[PAGE - 1][0].number or 0]) if more else None)
