"""Who stands behind a group: endorsements given here, agreements that came with an import, and both as support."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session

from app.models.cluster import Cluster, projects_in
from app.models.grouping import Grouping
from app.services.clusters_counts import STATES
from app.services.counts import remembered

# Public voices are counted; what was withdrawn or hidden is told beside them.
SUPPORT = text(
    """
    SELECT count(*) FILTER (WHERE is_public) AS voices, count(DISTINCT author_id) FILTER (WHERE is_public) AS authors,
           coalesce(sum(endorsement_count) FILTER (WHERE is_public), 0) AS endorsements,
           coalesce(sum(imported_agrees) FILTER (WHERE is_public), 0) AS agrees,
           coalesce(sum(imported_disagrees) FILTER (WHERE is_public), 0) AS disagrees,
           coalesce(sum(support) FILTER (WHERE is_public), 0) AS support,
           count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn, count(*) FILTER (WHERE state = 'hidden') AS hidden
    FROM (SELECT submission.*, submission.state = ANY(:states) AS is_public
          FROM placement JOIN submission ON submission.id = placement.submission_id
          WHERE placement.grouping_id = :grouping AND placement.cluster_id = ANY(:homes)) AS voice
    """
)
SUPPORT_OF_EACH = text(
    """
    SELECT placement.cluster_id AS home, sum(submission.endorsement_count) AS endorsements,
           sum(submission.imported_agrees) AS agrees
    FROM placement JOIN submission ON submission.id = placement.submission_id
    WHERE placement.grouping_id = :grouping AND placement.cluster_id IS NOT NULL AND submission.state = ANY(:states)
    GROUP BY placement.cluster_id
    """
)


class Support(NamedTuple):
    """Who stands behind a group: endorsements are given here, agreements came with an import; support is both."""

    endorsements: int = 0
    agrees: int = 0

    @property
    def both(self) -> int:
        return self.endorsements + self.agrees


NOBODY = Support()


def supports_of(session: Session, grouping: Grouping, clusters: Sequence[Cluster]) -> dict[UUID, Support]:
    """Endorsements and agreements behind each group; it may be some seconds old, as totals may."""

    def find() -> dict[UUID, Support]:
        facts = {"grouping": grouping.id, "states": STATES}
        rows = session.connection().execute(SUPPORT_OF_EACH, facts)
        return {row.home: Support(int(row.endorsements), int(row.agrees)) for row in rows}

    own: dict[UUID, Support] = remembered(("support", grouping.call_id, grouping.id), find)
    found = dict(own)
    for cluster in clusters:
        if cluster.parent_id and cluster.id in own:
            above, mine = found.get(cluster.parent_id, NOBODY), own[cluster.id]
            found[cluster.parent_id] = Support(
                above.endorsements + mine.endorsements, above.agrees + mine.agrees
            )
    return found


def inside(cluster: Cluster, projects: Sequence[Cluster]) -> dict[str, Any]:
    """What the counts of a group are asked with: itself and its projects, and which voices are public."""
    homes = [cluster.id, *(project.id for project in projects)]
    return {"grouping": cluster.grouping_id, "homes": homes, "states": STATES}


def support_of(session: Session, cluster: Cluster) -> Row[Any]:
    """Voices, people, endorsements and votes of the source behind one group."""
    projects = projects_in(session, cluster.id)
    return session.connection().execute(SUPPORT, inside(cluster, projects)).one()
