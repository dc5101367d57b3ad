"""How many voices, authors and supporters a group has: public voices, counted anew whenever that changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from app.models.cluster import Cluster
from app.models.grouping import Grouping, accepted_grouping
from app.models.placement import Placement
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import ClusterLevel, SubmissionState
from app.services import counts

STATES = [state.value for state in PUBLIC_STATES]
# A mission holds its own voices and those of its projects.
COUNTS = text(
    """
    SELECT target.id AS cluster_id, submission."group" AS by_group, submission.language AS by_language,
           GROUPING(submission."group", submission.language) AS kind, count(*) AS voices,
           count(DISTINCT submission.author_id) AS authors,
           coalesce(sum(submission.endorsement_count + submission.imported_agrees), 0) AS support
    FROM cluster AS target
    JOIN cluster AS home ON (home.id = target.id OR home.parent_id = target.id) AND home.merged_into_id IS NULL
    JOIN placement ON placement.cluster_id = home.id
    JOIN submission ON submission.id = placement.submission_id
    WHERE target.id = ANY(:clusters) AND submission.state = ANY(:states)
    GROUP BY GROUPING SETS ((1), (1, 2), (1, 3)) ORDER BY voices DESC, by_group, by_language
    """
)
TOTAL, BY_GROUP, BY_LANGUAGE = 3, 1, 2
PILE = text(
    "SELECT count(*) FROM placement JOIN submission ON submission.id = placement.submission_id "
    "WHERE placement.grouping_id = :grouping AND placement.cluster_id IS NULL AND submission.state = ANY(:states)"
)
# By state: what stands in no group, and what is public no more.
BESIDE = text(
    "SELECT submission.state AS state, count(*) AS voices "
    "FROM placement JOIN submission ON submission.id = placement.submission_id WHERE placement.grouping_id = :grouping "
    "AND (placement.cluster_id IS NULL OR submission.state <> ALL(:states)) GROUP BY submission.state"
)
HOMES_OF_THE_GONE = text(
    "SELECT DISTINCT placement.cluster_id FROM placement JOIN submission ON submission.id = placement.submission_id "
    "WHERE placement.grouping_id = :grouping AND placement.cluster_id IS NOT NULL AND submission.state <> ALL(:states)"
)


@dataclass(frozen=True)
class Standing:
    """The public voices of a call as they stand in the grouping that everyone sees; `gone` are beside them."""

    voices: int = 0
    grouped: int = 0
    ungrouped: int = 0
    withdrawn: int = 0
    hidden: int = 0

    @property
    def unplaced(self) -> int:
        """Voices so new that they have no place yet."""
        return max(0, self.voices - self.grouped - self.ungrouped)


NOTHING = Standing()


def standing(session: Session, grouping: Grouping, clusters: Sequence[Cluster]) -> Standing:
    """What the list, the thread, the groups and the map all say; `clusters` are the live ones of the grouping."""
    found: dict[str, int] = counts.remembered(
        ("beside", grouping.call_id, grouping.id), lambda: beside(session, grouping)
    )
    return Standing(
        voices=counts.public_total(session, grouping.call_id),
        grouped=sum(one.size for one in clusters if one.level is ClusterLevel.MISSION),
        ungrouped=sum(found.get(state, 0) for state in STATES),
        withdrawn=found.get(SubmissionState.WITHDRAWN, 0),
        hidden=found.get(SubmissionState.HIDDEN, 0),
    )


def beside(session: Session, grouping: Grouping) -> dict[str, int]:
    """Voices outside every group, and those that may no longer be read, by state."""
    rows = session.connection().execute(BESIDE, {"grouping": grouping.id, "states": STATES})
    return {str(row.state): int(row.voices) for row in rows}


def recount(session: Session, clusters: Sequence[Cluster]) -> None:
    """Count the given clusters and the missions around them."""
    known = {cluster.id: cluster for cluster in clusters}
    for cluster in clusters:
        if cluster.parent_id and cluster.parent_id not in known:
            known[cluster.parent_id] = session.get_one(Cluster, cluster.parent_id)
    if not known:
        return
    session.flush()
    # Two who leave at once are counted one after the other: whoever comes second sees what the first one did.
    held = select(Cluster.id).where(col(Cluster.id).in_(known)).order_by(col(Cluster.id))
    session.exec(held.with_for_update(key_share=True)).all()
    groups: dict[UUID, dict[str, int]] = {key: {} for key in known}
    languages: dict[UUID, dict[str, int]] = {key: {} for key in known}
    for cluster in known.values():
        cluster.size = cluster.authors = cluster.support = 0
    for row in session.connection().execute(COUNTS, {"clusters": list(known), "states": STATES}):
        cluster = known[row.cluster_id]
        if row.kind == TOTAL:
            cluster.size, cluster.authors, cluster.support = row.voices, row.authors, row.support
        elif row.kind == BY_GROUP and row.by_group:
            groups[cluster.id][row.by_group] = row.voices
        elif row.kind == BY_LANGUAGE and row.by_language:
            languages[cluster.id][row.by_language] = row.voices
    for key, cluster in known.items():
        cluster.groups, cluster.languages = groups[key], languages[key]
    session.flush()


def recount_pile(session: Session, grouping: Grouping) -> None:
    session.flush()
    facts = {"grouping": grouping.id, "states": STATES}
    grouping.ungrouped = session.connection().execute(PILE, facts).scalar_one()


def follow(session: Session, call_id: UUID, submission_id: UUID) -> None:
    """A voice became public or ceased to be: the group it stands in is counted anew."""
    session.flush()
    grouping = accepted_grouping(session, call_id)
    place = session.get(Placement, (grouping.id, submission_id)) if grouping else None
    if place is not None and place.cluster_id is not None:
        recount(session, [session.get_one(Cluster, place.cluster_id)])


def recount_the_left(session: Session, grouping: Grouping) -> None:
    """Voices that left the public pages since a run read them are in its counts no more."""
    facts = {"grouping": grouping.id, "states": STATES}
    homes = session.connection().execute(HOMES_OF_THE_GONE, facts).scalars().all()
    recount(session, [session.get_one(Cluster, key) for key in homes])
    recount_pile(session, grouping)
