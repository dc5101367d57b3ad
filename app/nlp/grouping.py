"""From texts and vectors to two nested levels of groups, with nobody asked how many there should be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.nlp.alignment import aligned
from app.nlp.constraints import Constraints
from app.nlp.corrections import Correction, Level
from app.nlp.enforcement import obey
from app.nlp.languages import LETTERS
from app.nlp.levels import LOOKED_AT, Search, most_breadth, searched, taken
from app.nlp.neighbours import nearest
from app.nlp.nodes import copies_of, melted
from app.nlp.outsiders import (
    Sorting,
    at_home,
    leave_small_projects,
    lonely,
    reasons_for,
    sort_out,
    voices,
)
from app.nlp.partition import Ladder, Partition, Previous
from app.nlp.scale import sampled, scale_of
from app.nlp.summing_up import summed_up
from app.nlp.vectors import Labels, Vectors, checked, same_length

SPARE = 5  # neighbours that turn out to be copies of others


def group(
    texts: Sequence[str],
    vectors: Vectors,
    *,
    languages: Sequence[str] | None = None,
    authors: Sequence[object] | None = None,
    backing: Sequence[int] | None = None,
    previous: Previous | None = None,
    corrections: Sequence[Correction] = (),
    random_state: int = 0,
    ladder: Ladder | None = None,
    rungs: tuple[int, int] | None = None,
) -> Partition:
    """Group texts by meaning into missions and, inside them, projects.

    Parameters
    ----------
    texts : sequence of str, length n_texts
    vectors : ndarray of shape (n_texts, n_dimensions)
        One vector per text; scaled to unit length here.
    languages : sequence of str, length n_texts, optional
        Language of each text; given, what vectors have only because of their language is taken out.
    authors : sequence, length n_texts, optional
        Who wrote each text. Many near-copies by one author make no group.
    backing : sequence of int, length n_texts, optional
        How many people besides its author stand behind each text. A group of few texts with as many people behind it
        as behind the middle one of the larger groups is not too small.
    previous : Previous, optional
        An earlier grouping of the same rows: texts that were together then tend to stay so, and groups keep
        their labels.
    corrections : sequence of Correction
        Every one of them holds in the result.
    random_state : int
        The same inputs and seed give the same result, bit for bit.
    ladder, rungs : Ladder and tuple of int, optional
        The ladder of an earlier result for the same rows, and which of its rungs to take for missions and projects:
        nothing is looked for again.

    Returns
    -------
    Partition
        Texts without words, unlike every group, or with too few alike are ungrouped, each with the reason.

    Raises
    ------
    ValueError
        If lengths differ, a vector holds NaN or infinity, a correction names a row that is not there, or the ladder
        is of other rows or has no such rungs.
    Conflict
        If two corrections cannot both hold.

    Notes
    -----
    Texts that say the same count once. A graph joins texts by the share of nearest neighbours they have in common;
    communities of high modularity are found at a ladder of resolutions; each rung is scored by how well its groups
    survive a random reweighting of the ties and by how clearly they separate; a coarse and a fine rung are kept. On
    the fine one ties then weigh how alike their ends are, which places texts better.

    References
    ----------
    V. Traag, L. Waltman, N. J. van Eck, "From Louvain to Leiden: guaranteeing well-connected communities", 2019.
    T. Lange et al., "Stability-based validation of clustering solutions", 2004.
    D. Chakrabarti, R. Kumar, A. Tomkins, "Evolutionary clustering", 2006 (starting from a previous grouping).
    """
    count = len(texts)
    untouched = checked(vectors, count)
    same_length(count, languages=languages, authors=authors, backing=backing)
    check_earlier(count, previous, ladder, rungs)
    compared = aligned(texts, untouched, languages)
    constraints = Constraints(corrections, untouched)
    constraints.join_identical(texts)
    empty = without_words(texts, untouched)
    active = (~empty | constraints.mission_forced) & ~np.isin(np.arange(count), list(constraints.set_apart))
    rows = np.flatnonzero(active)
    asked = compared if active.all() else compared[rows]
    lists = nearest(asked, most_breadth(len(rows), previous) + SPARE)
    copies, support = copies_of(untouched, rows, lists.first(LOOKED_AT))
    constraints.join_families(copies)
    nodes, vectors_of_nodes, sizes = melted(compared, constraints.atoms(Level.PROJECT), active)
    shown = np.isin(nodes, sampled(len(sizes)))
    scale = scale_of(vectors_of_nodes, sizes, melted(untouched, nodes, shown)[1])
    del untouched  # of very many texts they are gigabytes
    if ladder is not None and rungs is not None:
        found = taken(ladder, rungs, nodes, constraints)
    else:
        search = Search(vectors_of_nodes, sizes, nodes, scale, constraints, languages, previous, random_state)
        found = searched(search, lists)
    # What several people say word for word is a theme, however far from the others.
    alone = lonely(support, languages, scale) & (voices(nodes, authors) < scale.least)
    sorting = Sorting.start(
        compared, nodes, found.missions, found.projects, authors, alone, scale, previous, backing
    )
    sort_out(sorting, constraints)
    missions = obey(compared, sorting.missions, constraints, Level.MISSION)
    projects = obey(compared, nested(sorting, missions, constraints, previous), constraints, Level.PROJECT)
    projects = np.where(missions >= 0, projects, -1)
    reasons = reasons_for(missions, empty, sorting.reasons, constraints)
    return summed_up(
        compared, missions, projects, reasons, found, nodes, scale, constraints, previous, random_state
    )


def check_earlier(
    count: int, previous: Previous | None, ladder: Ladder | None, rungs: tuple[int, int] | None
) -> None:
    """What an earlier grouping left must be of these rows, and the rungs must be on its ladder."""
    if previous is not None:
        same_length(count, missions=previous.missions, projects=previous.projects)
    if ladder is not None:
        same_length(count, ladder=ladder.labels.T)
        if rungs is None or not 0 <= rungs[0] <= rungs[1] < len(ladder.rungs):
            raise ValueError(f"no rungs {rungs} on a ladder of {len(ladder.rungs)}")


def without_words(texts: Sequence[str], vectors: Vectors) -> NDArray[np.bool_]:
    """Say which texts hold no letter, or have no vector."""
    empty = np.array([LETTERS.search(text) is None for text in texts], dtype=bool)
    return empty | ~vectors.any(axis=1) if len(texts) else empty


def nested(sorting: Sorting, missions: Labels, constraints: Constraints, previous: Previous | None) -> Labels:
    """Projects inside the missions that corrections made; splinters of those that were divided are none."""
    if np.array_equal(missions, sorting.missions):
        return inside(sorting.projects, missions)
    sorting.missions, sorting.projects = missions.copy(), inside(sorting.projects, missions)
    home = at_home(sorting.projects, None if previous is None else previous.projects)
    leave_small_projects(sorting, constraints.forced(Level.PROJECT) | home)
    return inside(sorting.projects, missions)


def inside(projects: Labels, missions: Labels) -> Labels:
    """Split projects at the borders of missions; a text without a mission has no project."""
    kept = (projects >= 0) & (missions >= 0)
    pairs = projects.astype(np.int64) * (int(missions.max(initial=0)) + 1) + missions
    numbered = np.full(len(projects), -1, dtype=np.int64)
    numbered[kept] = np.unique(pairs[kept], return_inverse=True)[1]
    return numbered
