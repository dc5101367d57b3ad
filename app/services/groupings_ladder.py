"""The ladder of a run: packed and kept with it, and read again without the voices that left since."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session, select

from app.models.grouping import Grouping
from app.models.ladder import KeptLadder
from app.nlp.partition import UNGROUPED, Ladder, Rung

ID_BYTES = 16
LABEL = "<i4"
KNOWN = {field.name for field in fields(Rung)}


@dataclass(frozen=True)
class Curve:
    """The rungs of a run, coarse to fine, and the two on which its missions and its projects stand."""

    rungs: tuple[Rung, ...]
    mission: int
    project: int

    @property
    def last(self) -> int:
        return len(self.rungs) - 1


@dataclass(frozen=True)
class Steps:
    """The label of each voice on each rung; -1 took no part."""

    curve: Curve
    voices: tuple[UUID, ...]
    labels: NDArray[np.int32]

    def of(self, voices: Sequence[UUID]) -> Ladder:
        """The ladder of these voices in this order; one that the run did not read took no part."""
        place = {key: at for at, key in enumerate(self.voices)}
        rows = np.array([place.get(key, -1) for key in voices], dtype=np.int64)
        labels = np.where(rows >= 0, self.labels[:, rows], UNGROUPED).astype(np.int32)
        return Ladder(self.curve.rungs, labels)


def keep(
    session: Session, grouping: Grouping, voices: Sequence[UUID], ladder: Ladder, chosen: tuple[int, int]
) -> None:
    """Write the ladder beside its grouping."""
    session.add(
        KeptLadder(
            grouping_id=grouping.id,
            rungs=[vars(rung) for rung in ladder.rungs],
            mission=chosen[0],
            project=chosen[1],
            voices=zlib.compress(b"".join(key.bytes for key in voices)),
            labels=zlib.compress(np.ascontiguousarray(ladder.labels, dtype=LABEL).tobytes()),
        )
    )
    session.flush()


def curve(session: Session, grouping_id: UUID) -> Curve | None:
    """What the page draws, without unpacking anything; None for a run of so few voices that it had no choice."""
    query = select(KeptLadder.rungs, KeptLadder.mission, KeptLadder.project)
    row = session.exec(query.where(KeptLadder.grouping_id == grouping_id)).first()
    return None if row is None else Curve(tuple(map(rung, row[0])), row[1], row[2])


def steps(session: Session, grouping_id: UUID) -> Steps | None:
    kept = session.get(KeptLadder, grouping_id)
    if kept is None:
        return None
    ids = zlib.decompress(kept.voices)
    voices = tuple(UUID(bytes=ids[at : at + ID_BYTES]) for at in range(0, len(ids), ID_BYTES))
    labels = np.frombuffer(zlib.decompress(kept.labels), dtype=LABEL).reshape(len(kept.rungs), len(voices))
    return Steps(Curve(tuple(map(rung, kept.rungs)), kept.mission, kept.project), voices, labels)


def rung(facts: dict[str, Any]) -> Rung:
    return Rung(**{name: value for name, value in facts.items() if name in KNOWN})
