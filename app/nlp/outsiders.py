"""Who belongs nowhere: texts far from every group, and groups of too few voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.constraints import Constraints
from app.nlp.corrections import Level
from app.nlp.languages import ONE_THING
from app.nlp.partition import UNGROUPED, Previous, Reason
from app.nlp.scale import FIT_SHARE, Scale
from app.nlp.vectors import Labels, Vectors, centroids, compact, own_similarities, rows_by_label, similarities

LONELY_SPREAD = 0.8
FEWEST_TO_JUDGE = 20


@dataclass
class Sorting:
    """Labels of texts while those that belong nowhere are taken out."""

    vectors: Vectors
    nodes: Labels
    missions: Labels
    projects: Labels
    voices: Labels | None
    lonely: NDArray[np.bool_]
    scale: Scale
    reasons: list[Reason]
    at_home: dict[Level, NDArray[np.bool_]]
    backing: Labels

    @classmethod
    def start(
        cls,
        vectors: Vectors,
        nodes: Labels,
        missions: Labels,
        projects: Labels,
        authors: Sequence[object] | None,
        lonely: NDArray[np.bool_],
        scale: Scale,
        previous: Previous | None = None,
        backing: Sequence[int] | None = None,
    ) -> Sorting:
        """Hand the labels of nodes down to their texts."""
        reasons = [Reason.NONE] * len(nodes)
        backed = (
            np.zeros(len(nodes), dtype=np.int64) if backing is None else np.asarray(backing, dtype=np.int64)
        )
        missions, projects = handed(missions, nodes), handed(projects, nodes)
        home = {Level.MISSION: at_home(missions, None if previous is None else previous.missions),
                Level.PROJECT: at_home(projects, None if previous is None else previous.projects)}  # fmt: skip
        return cls(
            vectors, nodes, missions, projects, numbered(authors), lonely, scale, reasons, home, backed
        )

    def count_voices(self, rows: Labels) -> int:
        """Count how many speak in some rows: authors or different texts, whichever is more."""
        return max(self.count_authors(rows), len(np.unique(self.nodes[rows])))

    def count_authors(self, rows: Labels) -> int:
        """Count who wrote some rows; every text where nobody knows."""
        return len(rows) if self.voices is None else len(np.unique(self.voices[rows]))

    def count_people(self, rows: Labels) -> int:
        """Count how many stand behind some rows, by what they wrote or by supporting it."""
        return self.count_voices(rows) + int(self.backing[rows].sum())


def at_home(labels: Labels, before: Labels | None) -> NDArray[np.bool_]:
    """Say which texts are where most of their group of before is; none where there was no grouping."""
    found = np.zeros(len(labels), dtype=bool)
    for rows in rows_by_label(before).values() if before is not None else ():
        kept = rows[labels[rows] >= 0]
        if len(kept):
            found[kept] = labels[kept] == np.bincount(labels[kept]).argmax()
    return found


def handed(labels: Labels, nodes: Labels) -> Labels:
    """Give each text the label of its node; -1 to one without a node."""
    padded = np.append(labels, UNGROUPED)
    return np.asarray(padded[nodes], dtype=np.int64)


def voices(nodes: Labels, authors: Sequence[object] | None) -> Labels:
    """Count for each text how many people say the same; copies by one author are one voice."""
    who = numbered(authors)
    pairs = np.stack([nodes, np.arange(len(nodes)) if who is None else who])
    said = np.unique(pairs[:, nodes >= 0], axis=1)[0]
    return np.append(np.bincount(said, minlength=int(nodes.max(initial=-1)) + 1), 0)[nodes].astype(np.int64)


def numbered(authors: Sequence[object] | None) -> Labels | None:
    """Number authors in the order they appear."""
    if authors is None:
        return None
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(author, len(numbers)) for author in authors], dtype=np.int64)


def sort_out(sorting: Sorting, constraints: Constraints) -> Sorting:
    """Leave out what belongs nowhere, and give it the reason.

    What a person put into a group stays, and so does what is still with most of its group of before.

    Parameters
    ----------
    sorting : Sorting
        Changed in place.
    constraints : Constraints

    Returns
    -------
    Sorting
        The one given.
    """
    missions = constraints.mission_forced | sorting.at_home[Level.MISSION]
    leave_far_texts(sorting, missions)
    leave_small_missions(sorting, missions)
    leave_small_projects(sorting, constraints.forced(Level.PROJECT) | sorting.at_home[Level.PROJECT])
    return sorting


def leave_far_texts(sorting: Sorting, forced: np.ndarray) -> None:
    """Move texts that fit their group badly to the nearest that they fit, or out."""
    missions, names = compact(sorting.missions)
    if not len(names):
        return
    scores = similarities(sorting.vectors, missions, len(names))
    own = np.where(missions >= 0, scores[np.arange(len(scores)), missions], 0.0)
    projects, project_names = compact(sorting.projects)
    own = np.maximum(own, own_similarities(sorting.vectors, projects, len(project_names)))
    best = scores.argmax(axis=1)
    for row in np.flatnonzero((missions >= 0) & ((own < sorting.scale.fit) | sorting.lonely) & ~forced):
        fits = scores[row, best[row]] >= sorting.scale.fit and not sorting.lonely[row]
        place(sorting, int(row), int(names[best[row]]) if fits else UNGROUPED, Reason.FAR)


def lonely(support: NDArray[np.float32], languages: Sequence[str] | None, scale: Scale) -> NDArray[np.bool_]:
    """Say which texts have nobody near them: far below what is usual among texts of their language.

    Parameters
    ----------
    support : ndarray of shape (n_texts,)
        Mean cosine of each text to its nearest others, before anything was taken out of the vectors; NaN for none.
    languages : sequence of str, length n_texts, optional
    scale : Scale

    Returns
    -------
    ndarray of bool, shape (n_texts,)
    """
    found = np.zeros(len(support), dtype=bool)
    if scale.strangers >= ONE_THING:
        return found
    spoken = np.asarray(languages if languages is not None else [""] * len(support), dtype=str)
    for code in np.unique(spoken):
        rows = np.flatnonzero((spoken == code) & ~np.isnan(support))
        if len(rows) < FEWEST_TO_JUDGE:
            continue
        low, middle, high = np.quantile(support[rows], [0.25, 0.5, 0.75])
        # In a narrow set even the oddest text is near the others; nobody is lonely above a fifth of the way from
        # strangers to sameness, counted from what strangers are in this language.
        strangers = min(scale.strangers, float(middle))
        fence = min(low - LONELY_SPREAD * (high - low), strangers + FIT_SHARE * (1 - strangers))
        found[rows] = support[rows] < np.round(fence, 5)
    return found


def leave_small_missions(sorting: Sorting, forced: np.ndarray) -> None:
    """Dissolve missions of too few voices, smallest first; their texts go to the nearest that they fit, or out."""
    groups = rows_by_label(sorting.missions)
    small = [label for label, rows in groups.items() if sorting.count_voices(rows) < sorting.scale.least]
    broad = broadly_supported(sorting, groups, small)
    small = [label for label in small if label not in broad and not forced[groups[label]].any()]
    if not small:
        return
    staying, names = compact(np.where(np.isin(sorting.missions, small), UNGROUPED, sorting.missions))
    scores = similarities(sorting.vectors, staying, len(names)) if len(names) else None
    for label in small:
        for row in groups[label]:
            best = -1 if scores is None else int(scores[row].argmax())
            fits = scores is not None and scores[row, best] >= sorting.scale.fit
            place(sorting, int(row), int(names[best]) if fits else UNGROUPED, Reason.FEW)


def broadly_supported(sorting: Sorting, groups: dict[int, Labels], small: Sequence[int]) -> set[int]:
    """Which of the small groups have as many people behind them as the middle one of the others.

    What one author wrote is no group, however many support it.
    """
    large = [sorting.count_people(rows) for label, rows in groups.items() if label not in set(small)]
    if not large or not sorting.backing.any():
        return set()
    usual = float(np.median(large))
    return {
        label
        for label in small
        if sorting.count_authors(groups[label]) > 1 and sorting.count_people(groups[label]) >= usual
    }


def place(sorting: Sorting, row: int, label: int, reason: Reason) -> None:
    """Put a text into another mission, without a project, or out for a reason."""
    sorting.missions[row] = label
    sorting.projects[row] = UNGROUPED
    sorting.reasons[row] = reason if label == UNGROUPED else Reason.NONE


def leave_small_projects(sorting: Sorting, forced: np.ndarray) -> None:
    """Dissolve projects of too few voices; their texts join the nearest project of their mission that they fit."""
    groups = rows_by_label(sorting.projects)
    small = [
        label for label, rows in groups.items() if sorting.count_voices(rows) < sorting.scale.least_project
    ]
    small = [label for label in small if not forced[groups[label]].any()]
    sorting.projects[np.isin(sorting.projects, small)] = UNGROUPED
    projects, names = compact(sorting.projects)
    if not len(names):
        return
    mission = np.array([sorting.missions[np.argmax(projects == at)] for at in range(len(names))])
    middles = centroids(sorting.vectors, projects, len(names)).T
    for row in np.flatnonzero((sorting.missions >= 0) & (projects < 0)):
        siblings = np.where(mission == sorting.missions[row], sorting.vectors[row] @ middles, -np.inf)
        if siblings.max() >= sorting.scale.project_link:
            sorting.projects[row] = names[siblings.argmax()]


def reasons_for(
    missions: Labels, empty: np.ndarray, found: Sequence[Reason], constraints: Constraints
) -> tuple[Reason, ...]:
    """Say of each text why it is ungrouped."""

    def reason(row: int) -> Reason:
        if missions[row] >= 0:
            return Reason.NONE
        if row in constraints.set_apart:
            return Reason.SET_APART
        if empty[row]:
            return Reason.EMPTY
        if found[row] is Reason.NONE:
            return Reason.KEPT_APART
        return found[row] if len(missions) > 1 else Reason.FEW

    return tuple(reason(row) for row in range(len(missions)))
