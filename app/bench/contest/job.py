"""One piece of work: which vectors, which rows of them, what to do, and where to write what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEED = 42


@dataclass
class Job:
    """As it stands in the file of jobs.

    Attributes
    ----------
    act : str
        "group", or what else the one who is measured can do.
    vectors : str
        An npz file with `vectors` and `texts`, and `languages` for ours.
    out : str
        The JSON file to write.
    rows : str
        An npy file with the rows to take, in order; empty for all.
    k : list of int
        Numbers of groups, for those who must be told.
    labels : str
        An npy file with a label for each row taken, for acts that describe groups.
    old : int
        How many of the rows taken were there first.
    """

    act: str
    vectors: str
    out: str
    rows: str = ""
    k: list[int] = field(default_factory=list)
    labels: str = ""
    old: int = 0
    seed: int = SEED

    @cached_property
    def material(self) -> Material:
        with np.load(self.vectors, allow_pickle=False) as kept:
            rows = np.load(self.rows) if self.rows else np.arange(len(kept["vectors"]))
            languages = [str(each) for each in kept["languages"][rows]] if "languages" in kept else []
            return Material(
                np.ascontiguousarray(kept["vectors"][rows]),
                [str(text) for text in kept["texts"][rows]],
                languages,
                np.load(self.labels) if self.labels else None,
            )


@dataclass(frozen=True)
class Material:
    """What a job works on."""

    vectors: NDArray[np.float32]
    texts: list[str]
    languages: list[str]
    labels: NDArray[np.int64] | None


@dataclass
class Found:
    """Labels of each level by name (-1: in none), and whatever else is told."""

    levels: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    # The same with every ungrouped text in its nearest group, where the one who is measured says which that is.
    filled: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def as_facts(self) -> dict[str, Any]:
        return {
            "levels": {name: labels.tolist() for name, labels in self.levels.items()},
            "filled": {name: labels.tolist() for name, labels in self.filled.items()},
            **self.extra,
        }
