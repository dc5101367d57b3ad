"""Where a mission's words come from: each source as a reader may see it, a quotation or a tombstone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from app.models.cluster import Cluster
from app.models.link import Link
from app.models.submission import Submission
from app.rules.disclosure import PUBLIC_STATES, TOMBSTONE_STATES
from app.rules.words import StakeholderGroup, SubjectKind, SubmissionState
from app.services import similar
from app.services.counts import remembered

EXCERPT = 420
SHOWN = [*PUBLIC_STATES, *TOMBSTONE_STATES]
# A voice is stood for when it is as close to one of the sentences as what "similar voices" would show.
COVERED = text(
    """
    SELECT count(*) AS voices, count(*) FILTER (WHERE nearest <= :within) AS covered FROM (
        SELECT min(told.vector <=> standing.vector) AS nearest
        FROM placement
        JOIN cluster AS home ON home.id = placement.cluster_id AND home.merged_into_id IS NULL
        JOIN embedding AS told ON told.submission_id = placement.submission_id
        JOIN embedding AS standing ON standing.model = told.model AND standing.submission_id = ANY(:standing)
        WHERE placement.grouping_id = :grouping AND (home.id = :cluster OR home.parent_id = :cluster)
        GROUP BY told.submission_id
    ) AS distances
    """
)


@dataclass(frozen=True)
class Source:
    """One voice behind a clause; `text` is empty where its words may not be read."""

    id: UUID
    number: int
    state: SubmissionState
    text: str
    language: str
    place: str
    group: StakeholderGroup | None
    submitted_at: datetime | None
    endorsements: int = 0
    agrees: int = 0

    @property
    def is_readable(self) -> bool:
        return self.state in PUBLIC_STATES

    @property
    def url(self) -> str:
        return f"/submissions/{self.id}"


@dataclass(frozen=True)
class Coverage:
    """How many of a group's voices say something close to one of the sentences that stand for it."""

    voices: int
    covered: int

    @property
    def share(self) -> float:
        return self.covered / self.voices if self.voices else 0.0


def voices(session: Session, ids: Iterable[UUID]) -> dict[UUID, Source]:
    """The submissions with these ids that are public or left a tombstone, in one statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    columns = (
        col(Submission.id), col(Submission.number), col(Submission.state),
        func.left(Submission.text, EXCERPT + 1).label("text"), col(Submission.language), col(Submission.place),
        col(Submission.group), col(Submission.submitted_at), col(Submission.endorsement_count),
        col(Submission.imported_agrees),
    )  # fmt: skip
    query = select(*columns).where(col(Submission.id).in_(wanted), col(Submission.state).in_(SHOWN))
    found = {}
    for row in session.connection().execute(query):
        if row.state in PUBLIC_STATES:
            words = row.text if len(row.text) <= EXCERPT else row.text[:EXCERPT].rstrip() + "…"
            found[row.id] = Source(
                row.id,
                row.number,
                row.state,
                words,
                row.language,
                row.place,
                row.group,
                row.submitted_at,
                row.endorsement_count,
                row.imported_agrees,
            )
        else:
            found[row.id] = Source(row.id, row.number, row.state, "", "", "", None, None)
    return found


def submission_ids(links: Iterable[Link]) -> list[UUID]:
    return [link.to_id for link in links if link.to_kind is SubjectKind.SUBMISSION]


def cluster_ids(links: Iterable[Link]) -> list[UUID]:
    return [link.to_id for link in links if link.to_kind is SubjectKind.CLUSTER]


def clusters(session: Session, ids: Iterable[UUID]) -> dict[UUID, Cluster]:
    wanted = set(ids)
    rows = session.scalars(select(Cluster).where(col(Cluster.id).in_(wanted))) if wanted else ()
    return {cluster.id: cluster for cluster in rows}


def picked(known: dict[UUID, Source], ids: Sequence[str]) -> list[Source]:
    """Readable voices in the order a group lists them."""
    found = (known.get(UUID(each)) for each in ids)
    return [each for each in found if each is not None and each.is_readable]


def coverage(session: Session, cluster: Cluster, standing: Sequence[Source]) -> Coverage | None:
    """None while no voice of the group can be compared."""

    def count() -> Coverage:
        values = {
            "within": 1 - similar.CLOSE_ENOUGH,
            "standing": [each.id for each in standing],
            "grouping": cluster.grouping_id,
            "cluster": cluster.id,
        }
        row = session.connection().execute(COVERED, values).one()
        return Coverage(row.voices, row.covered)

    if not standing:
        return None
    found: Coverage = remembered(("coverage", cluster.id, *(each.id for each in standing)), count)
    return found if found.voices else None
