"""A group split by examples: a person chooses some voices for each side, the others go to the nearer one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import numpy as np
from sqlmodel import Session, col, select

from app.errors import NotAcceptable
from app.models.cluster import Cluster
from app.models.correction import Correction, standing_corrections
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.nlp.seeds import Sides, divided
from app.rules.disclosure import PUBLIC_STATES
from app.rules.words import N_, CorrectionKind
from app.services import corrections
from app.services.corrections_ground import Changed, current, held, home_ids, placements_in
from app.services.groupings_material import stored_vectors

SHOWN, OFFERED = 40, 24
TORN = 0.05  # a lead below it is called unsure in the preview


class ExamplesOfBoth(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose at least one example for each side.")


@dataclass(frozen=True)
class Sorted:
    """One voice of the preview: the side it goes to, whether a person chose that, and how clearly it is nearer."""

    submission: Submission
    leaves: bool
    is_example: bool
    lead: float

    @property
    def is_torn(self) -> bool:
        return not self.is_example and self.lead < TORN


@dataclass(frozen=True)
class Preview:
    """What a split would do: counts of each side, and of each the least sure voices first."""

    staying: int
    leaving: int
    torn: int
    rows: Sequence[Sorted]


def offered(
    session: Session, grouping: Grouping, group: Cluster, chosen: Collection[UUID]
) -> list[Submission]:
    """Voices to choose examples from: those chosen already, those that speak for the group, then the least typical."""
    speaking = [UUID(key) for key in (*group.representatives, *group.odd)]
    inside = (
        select(Submission, Placement.weight)
        .join(Placement, col(Placement.submission_id) == Submission.id)
        .where(
            Placement.grouping_id == grouping.id,
            col(Placement.cluster_id).in_(home_ids(session, group)),
            col(Submission.state).in_(PUBLIC_STATES),
        )
    )
    first = dict.fromkeys([*sorted(chosen), *speaking])
    named = {one.id: one for one, _weight in session.exec(inside.where(col(Submission.id).in_(list(first))))}
    others = inside.where(col(Submission.id).not_in(list(first)))
    rest = session.exec(others.order_by(col(Placement.margin), col(Submission.number)).limit(OFFERED))
    ordered = [named[key] for key in first if key in named] + [one for one, _weight in rest]
    return ordered[: max(OFFERED, len(chosen))]


def sides(
    session: Session, grouping: Grouping, group: Cluster, staying: Sequence[UUID], leaving: Sequence[UUID]
) -> tuple[list[UUID], Sides]:
    """Every voice of the group on its side; what earlier corrections bind together stays together."""
    members = [one.submission_id for one in placements_in(session, group)]
    row_of = {key: row for row, key in enumerate(members)}
    if not staying or not leaving or set(staying) & set(leaving):
        raise ExamplesOfBoth()
    if not {*staying, *leaving} <= row_of.keys():
        raise Changed()
    known = stored_vectors(session, grouping.call_id, grouping.model, members)
    size = len(next(iter(known.values()))) if known else 1
    empty = np.zeros(size, dtype=np.float32)
    vectors = np.vstack([known.get(key, empty) for key in members])
    follows, anchors = bonds(session, grouping, row_of)
    found = divided(
        vectors,
        [row_of[key] for key in staying],
        [row_of[key] for key in leaving],
        follows=follows,
        anchors=anchors,
    )
    return members, found


def bonds(
    session: Session, grouping: Grouping, row_of: dict[UUID, int]
) -> tuple[list[list[int]], list[tuple[int, list[int]]]]:
    """Which voices of a group go together, and which go with most of those they were moved to."""
    follows: list[list[int]] = []
    anchors: list[tuple[int, list[int]]] = []
    for one in standing_corrections(session, grouping.call_id):
        rows = [row_of[UUID(key)] for key in one.payload.get("submissions", []) if UUID(key) in row_of]
        if one.kind is CorrectionKind.KEEP_TOGETHER and len(rows) > 1:
            follows.append(rows)
        elif one.kind is CorrectionKind.MOVE:
            held_by = [row_of[UUID(key)] for key in one.payload["anchors"] if UUID(key) in row_of]
            anchors += [(row, held_by) for row in rows]
    return follows, anchors


def preview(session: Session, cluster: Cluster, staying: Sequence[UUID], leaving: Sequence[UUID]) -> Preview:
    """Who would go where; nothing is changed."""
    grouping = held(session, cluster.call_id)
    group = current(session, grouping, cluster.id)
    members, found = sides(session, grouping, group, staying, leaving)
    examples = {*staying, *leaving}
    order = sorted(range(len(members)), key=lambda row: (float(found.lead[row]), str(members[row])))
    public = readable(session, members)
    known = [row for row in order if members[row] in public]
    rows = [
        Sorted(
            public[members[row]], bool(found.leaves[row]), members[row] in examples, float(found.lead[row])
        )
        for row in known
    ]
    shown = [side[:SHOWN] for side in ([r for r in rows if not r.leaves], [r for r in rows if r.leaves])]
    leaves = sum(row.leaves for row in rows)
    torn = sum(row.is_torn for row in rows)
    return Preview(len(rows) - leaves, leaves, torn, [*shown[0], *shown[1]])


def readable(session: Session, ids: Sequence[UUID]) -> dict[UUID, Submission]:
    query = select(Submission).where(col(Submission.id).in_(ids), col(Submission.state).in_(PUBLIC_STATES))
    return {one.id: one for one in session.exec(query)}


def split(
    session: Session,
    cluster: Cluster,
    staying: Sequence[UUID],
    leaving: Sequence[UUID],
    by: UUID,
    label: str = "",
    seen: str | None = None,
) -> tuple[Correction, Cluster]:
    """Split a group as the preview showed it."""
    grouping = held(session, cluster.call_id)
    group = current(session, grouping, cluster.id, seen)
    members, found = sides(session, grouping, group, staying, leaving)
    gone = [key for row, key in enumerate(members) if found.leaves[row]]
    seeds = {"left": sorted(leaving), "stayed": sorted(staying)}
    return corrections.split(session, group, gone, by, label, seen, seeds)
