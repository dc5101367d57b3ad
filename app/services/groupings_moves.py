"""Every voice that changes its group in a run, at both levels: kept packed, read a page at a time."""

import io
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import numpy as np
from sqlmodel import Session

from app.models.kept_moves import KeptMoves
from app.nlp.partition import UNGROUPED
from app.nlp.vectors import Labels, Vectors, rows_by_label, unit
from app.rules.words import ClusterLevel


class Told(NamedTuple):
    """One voice that moves, between identities of groups; None is no group, and a margin nobody measured."""

    submission: UUID
    before: UUID | None
    after: UUID | None
    margin: float | None


class Listed(NamedTuple):
    """Some of the moves of one level, and how many there are of each."""

    rows: list[Told]
    totals: Mapping[ClusterLevel, int]


Every = Mapping[ClusterLevel, Sequence[Told]]


def keep(session: Session, grouping_id: UUID, every: Every) -> None:
    """Write all moves of a run beside it, in the order in which they are read."""
    if not every:  # the first grouping of a question
        return
    columns: dict[str, np.ndarray] = {}
    for level, told in every.items():
        keys = sorted({key for one in told for key in (one.before, one.after) if key}, key=str)
        place = {key: at for at, key in enumerate(keys)} | {None: UNGROUPED}
        columns |= {
            f"{level}_voices": packed([one.submission for one in told]),
            f"{level}_keys": packed(keys),
            f"{level}_before": np.array([place[one.before] for one in told], dtype="<i4"),
            f"{level}_after": np.array([place[one.after] for one in told], dtype="<i4"),
            f"{level}_margin": np.array(
                [np.nan if one.margin is None else one.margin for one in told], dtype="<f4"
            ),
        }
    held = io.BytesIO()
    np.savez_compressed(held, **columns)  # type: ignore[arg-type]
    session.merge(KeptMoves(grouping_id=grouping_id, content=held.getvalue()))
    session.flush()


def packed(keys: Sequence[UUID]) -> np.ndarray:
    return np.frombuffer(b"".join(key.bytes for key in keys), dtype=np.uint8).reshape(-1, 16)


def read(
    session: Session, grouping_id: UUID, level: ClusterLevel, start: int, count: int | None = None
) -> Listed | None:
    """Some moves of one level from a place on; None where a run of before kept none."""
    row = session.get(KeptMoves, grouping_id)
    if row is None:
        return None
    with np.load(io.BytesIO(row.content), allow_pickle=False) as columns:
        totals = {one: len(columns[f"{one}_after"]) for one in ClusterLevel}
        keys = [UUID(bytes=each.tobytes()) for each in columns[f"{level}_keys"]] + [None]
        some = slice(start, None if count is None else start + count)
        names = ("voices", "before", "after", "margin")
        found = zip(*(columns[f"{level}_{name}"][some] for name in names), strict=True)
        rows = [
            Told(UUID(bytes=voice.tobytes()), keys[before], keys[after], known(margin))
            for voice, before, after, margin in found
        ]
    return Listed(rows, totals)


def known(margin: float) -> float | None:
    return None if np.isnan(margin) else round(float(margin), 4)


def leads(vectors: Vectors, missions: Labels, projects: Labels, rows: Sequence[int]) -> dict[int, float]:
    """How much nearer each row is to the middle of its project than to that of the next one in its mission.

    0 is as near to another, 1 nothing else near; of a row in no project, or in the only one, there is nothing to say.
    """
    found: dict[int, float] = {}
    inside = rows_by_label(projects)
    middles = {label: unit(vectors[each].mean(axis=0)[None])[0] for label, each in inside.items()}
    homes: dict[int, list[int]] = {}
    for label, each in inside.items():
        homes.setdefault(int(missions[each[0]]), []).append(label)
    for home, labels in homes.items():
        some = np.array([row for row in rows if missions[row] == home and projects[row] >= 0], dtype=np.int64)
        if len(labels) < 2 or not len(some):
            continue
        likeness = vectors[some] @ np.stack([middles[label] for label in labels]).T
        mine = np.array([labels.index(int(label)) for label in projects[some]])
        own = likeness[np.arange(len(some)), mine].copy()
        likeness[np.arange(len(some)), mine] = -np.inf
        lead = np.maximum(0.0, own - likeness.max(axis=1)) / np.where(own > 0, own, np.inf)
        found |= {int(row): float(one) for row, one in zip(some, lead, strict=True)}
    return found
