"""What pages show today beside what a run said, and of whom the corrections since speak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.bundle import Bundle
from app.nlp.vectors import Labels


@dataclass(frozen=True)
class Today:
    """How the labels that pages show today differ from those of the run; people correct groups after they are accepted.

    Attributes
    ----------
    acts : int
        Corrections made, or taken back, since the run.
    elsewhere : tuple of int
        Texts that stand in another mission, and in another project, than the run said.
    named : int
        How many of these some such correction speaks of.
    """

    acts: int
    elsewhere: tuple[int, int]
    named: int


def today_of(bundle: Bundle) -> Today | None:
    """Count who stands elsewhere today than the run said, and of whom a correction since speaks."""
    if bundle.today is None:
        return None
    since = [act for act in bundle.acts if act.is_undone or not act.in_run]
    spoken = np.zeros(len(bundle.ids), dtype=bool)
    spoken[[row for act in since for side in act.sides for row in side]] = True
    missions, projects = (
        elsewhere(bundle.missions, bundle.today[0]),
        elsewhere(bundle.projects, bundle.today[1]),
    )
    named = int(((missions | projects) & spoken).sum())
    return Today(len(since), (int(missions.sum()), int(projects.sum())), named)


def elsewhere(then: Labels, now: Labels) -> NDArray[np.bool_]:
    """Which rows are not in the group that their group of then is now; of two that were merged the larger is."""
    both = (then >= 0) & (now >= 0)
    pairs, sizes = np.unique(np.stack([then[both], now[both]]), axis=1, return_counts=True)
    heirs: dict[int, int] = {}
    taken: set[int] = set()
    for at in np.argsort(-sizes, kind="stable"):
        old, new = int(pairs[0, at]), int(pairs[1, at])
        if old not in heirs and new not in taken:
            heirs[old] = new
            taken.add(new)
    expected = np.array([heirs.get(int(label), -1) for label in then], dtype=np.int64)
    found: NDArray[np.bool_] = (now != expected) | ((then >= 0) & (expected < 0))
    return found
