"""What a grouping says: two nested labels for each text, how sure they are, and why some texts have none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.nlp.small import Links
from app.nlp.ties import Ties
from app.nlp.vectors import Labels

UNGROUPED = -1


class Reason(StrEnum):
    """Why a text stands in no group; the words people read are chosen elsewhere."""

    NONE = ""
    EMPTY = "empty_text"
    FAR = "too_far_from_every_group"
    FEW = "too_few_alike"
    SET_APART = "set_apart_by_a_person"
    KEPT_APART = "kept_apart_by_a_person"


@dataclass(frozen=True)
class Previous:
    """Labels of an earlier grouping of the same rows, to start from and to keep the names of.

    Attributes
    ----------
    missions, projects : ndarray of shape (n_texts,)
        Label of each text then; -1 for a text that was ungrouped or is new since.
    resolutions : tuple of float, optional
        The two resolutions chosen then (mission, project), kept instead of searched for again.
    breadths : tuple of int, optional
        How many neighbours each text was tied to then at each level, kept for the same reason.
    """

    missions: Labels
    projects: Labels
    resolutions: tuple[float, float] | None = None
    breadths: tuple[int, int] | None = None


@dataclass(frozen=True)
class Rung:
    """One step of the ladder of resolutions that was looked at."""

    resolution: float
    groups: int
    stability: float
    silhouette: float
    score: float


@dataclass(frozen=True)
class Ladder:
    """Every rung that was looked at, kept so that a coarser or finer one can be taken without computing it again.

    Attributes
    ----------
    rungs : tuple of Rung
        Coarse to fine.
    labels : ndarray of shape (n_rungs, n_texts), int32
        Group of each text on each rung; -1 for a text that took no part.
    """

    rungs: tuple[Rung, ...]
    labels: NDArray[np.int32]


@dataclass(frozen=True)
class Measures:
    """How good a grouping is, in numbers.

    Attributes
    ----------
    cohesion : mapping of mission label to float
        Mean cosine of a mission's texts to the middle of the others, -1 to 1.
    separation : mapping of mission label to float
        That cohesion less the mean cosine to the nearest other mission, -2 to 2; the cohesion where there is no other.
    project_cohesion, project_separation : the same for projects.
    stability : float
        Mean adjusted Rand index, 0 to 1, between the missions and those found when the ties between texts are
        weighed at random; 1.0 where nothing was searched.
    ladder : tuple of Rung
    """

    cohesion: Mapping[int, float] = field(default_factory=dict)
    separation: Mapping[int, float] = field(default_factory=dict)
    project_cohesion: Mapping[int, float] = field(default_factory=dict)
    project_separation: Mapping[int, float] = field(default_factory=dict)
    stability: float = 1.0
    ladder: tuple[Rung, ...] = ()


@dataclass(frozen=True)
class Partition:
    """Two nested groupings of the same texts; -1 is ungrouped.

    Attributes
    ----------
    missions : ndarray of shape (n_texts,), int64
        Mission of each text. Larger missions have lower labels, except that labels of a previous grouping live on.
    projects : ndarray of shape (n_texts,), int64
        Project of each text, numbered across all missions; -1 where a text stands in its mission only.
        Every project lies inside one mission.
    weight : ndarray of shape (n_texts,), float32
        How well the text fits `nearest`: cosine to the middle of its other texts, clipped to 0 … 1.
    margin : ndarray of shape (n_texts,), float32
        How clearly that is the nearest mission: its cosine less the next mission's, as a share of the former, 0 … 1.
        0 is torn between two; 1 is nothing else near. With one mission only it equals `weight`.
    nearest : ndarray of shape (n_texts,), int64
        The text's mission, and for an ungrouped text the nearest one; -1 where there is no mission or no words.
    runner_up : ndarray of shape (n_texts,), int64
        The nearest mission other than `nearest`; -1 where there is none.
    reasons : tuple of Reason
        Why each ungrouped text is; `Reason.NONE` for the others.
    mission_of_project : mapping of project label to mission label
    measures : Measures
    parameters : mapping of str to float or int or str
        Everything needed, with the seed, to do it again.
    seed : int
    ladder : Ladder or None
        None for a set too small to have one.
    rungs : tuple of int or None
        The rungs of missions and of projects.
    ties : Ties or Links or None
        What the groups were found in: a graph, or the distances of a small set; None where they were taken from a
        ladder.
    """

    missions: Labels
    projects: Labels
    weight: NDArray[np.float32]
    margin: NDArray[np.float32]
    nearest: Labels
    runner_up: Labels
    reasons: tuple[Reason, ...]
    mission_of_project: Mapping[int, int]
    measures: Measures
    parameters: Mapping[str, float | int | str]
    seed: int
    ladder: Ladder | None = None
    rungs: tuple[int, int] | None = None
    ties: Ties | Links | None = field(default=None, compare=False, repr=False)

    @property
    def resolutions(self) -> tuple[float, float] | None:
        """The two resolutions chosen (mission, project), to hand to a later `Previous`; None for small sets."""
        found = self.parameters.get("mission_resolution"), self.parameters.get("project_resolution")
        return (float(found[0]), float(found[1])) if found[0] is not None and found[1] is not None else None

    @property
    def breadths(self) -> tuple[int, int] | None:
        """Neighbours each text was tied to (mission, project), to hand to a later `Previous`."""
        found = self.parameters.get("mission_breadth"), self.parameters.get("project_breadth")
        return (int(found[0]), int(found[1])) if found[0] is not None and found[1] is not None else None
