"""How many voices, authors and supporters a group has; counted anew whenever somebody joins or leaves it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from app.models.cluster import Cluster

# A mission holds its own voices and those of its projects. Counts stay when words go: no state is asked here.
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
    WHERE target.id = ANY(:clusters)
    GROUP BY GROUPING SETS ((1), (1, 2), (1, 3)) ORDER BY voices DESC, by_group, by_language
    """
)
TOTAL, BY_GROUP, BY_LANGUAGE = 3, 1, 2


def recount(session: Session, clusters: Sequence[Cluster]) -> None:
    """Count the given clusters and the missions around them."""
    known = {cluster.id: cluster for cluster in clusters}
    for cluster in clusters:
        if cluster.parent_id and cluster.parent_id not in known:
            known[cluster.parent_id] = session.get_one(Cluster, cluster.parent_id)
    if not known:
        return
    session.flush()
    groups: dict[UUID, dict[str, int]] = {key: {} for key in known}
    languages: dict[UUID, dict[str, int]] = {key: {} for key in known}
    for cluster in known.values():
        cluster.size = cluster.authors = cluster.support = 0
    for row in session.connection().execute(COUNTS, {"clusters": list(known)}):
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
