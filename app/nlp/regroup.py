"""Making a grouping again from its bundle: from the frozen ties, and from texts and vectors where all are there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from app.nlp import bundle_files
from app.nlp.bundle import Bundle
from app.nlp.bundle_files import BadBundle
from app.nlp.bundle_public import started
from app.nlp.bundle_reading import equal, opened, same_graph
from app.nlp.bundle_today import Today, today_of
from app.nlp.corrections import Conflict, check_rows
from app.nlp.grouping import group
from app.nlp.small import Links
from app.nlp.ties import Rungs, Ties
from app.nlp.vectors import Labels

SETTLED = "settled.json"
LAST_DIGIT, LAST_DIGIT_OF_SCALE = 5e-6, 2e-4  # distances are rounded to six places, and what is near to four
Structure = Ties | Links | Rungs


@dataclass(frozen=True)
class Settled:
    """What a run did with each text after communities were found: kept with its community, or moved by name.

    Attributes
    ----------
    moved : ndarray of shape (n_moved,)
        Rows that stand elsewhere than most of their community: left out, put right by a person, too few.
    labels : ndarray of shape (n_moved,)
    of_community : ndarray of shape (n_communities,)
        The label that most of a community got.
    """

    moved: Labels
    labels: Labels
    of_community: Labels


@dataclass(frozen=True)
class Level:
    """How one level came out again; `differing` rows have another label than the bundle says."""

    follow: int
    settled: int
    differing: int


@dataclass(frozen=True)
class Regrouped:
    """The answer of a bundle that was made again.

    Attributes
    ----------
    rows, gone : int
        Texts in the bundle, and how many of the run are not in it, because they are not public any more.
    structure : str
        What labels were rebuilt from: "ties", "links", "rungs", or nothing.
    from_ties : tuple of Level or None
        Missions and projects rebuilt from it.
    from_vectors : tuple of int or None
        Rows whose mission, and whose project, came out otherwise from the vectors; None where a text is gone, and
        where a person took some changes of the run and not others.
    same_ties : bool or None
        Whether the vectors make the very ties of the bundle; None where words are missing, or a person took the levels
        from a ladder.
    today : Today or None
    fingerprint : str
    facts : dict
        The manifest.
    """

    rows: int
    gone: int
    structure: str
    from_ties: tuple[Level, Level] | None
    from_vectors: tuple[int, int] | None
    same_ties: bool | None
    today: Today | None
    fingerprint: str
    facts: dict[str, Any]

    @property
    def is_rebuilt(self) -> bool:
        """Whether anything could be made again at all."""
        return self.from_ties is not None or self.from_vectors is not None

    @property
    def is_same(self) -> bool:
        """Whether everything that could be made again came out the same."""
        ties_differ = self.from_ties is not None and any(one.differing for one in self.from_ties)
        vectors_differ = self.from_vectors is not None and any(self.from_vectors)
        return self.is_rebuilt and not ties_differ and not vectors_differ and self.same_ties is not False


def regroup(source: Path | IO[bytes], *, largest: int = bundle_files.LARGEST_IN_ALL) -> Regrouped:
    """Read a bundle, make its grouping again, and compare label by label.

    Parameters
    ----------
    source : Path or binary file
    largest : int
        Bytes it may unpack to.

    Returns
    -------
    Regrouped

    Raises
    ------
    BadBundle
        If it is no bundle, was changed, or does not fit together.

    Notes
    -----
    Communities follow from the ties and two resolutions, and need no word. Whom a run leaves out afterwards, and what
    corrections move, is read off vectors; a bundle lists these rows with the label they got. With texts and vectors
    there, the ties are made again too, and where nobody is gone the whole run: all must agree.
    """
    manifest, files, fingerprint = bundle_files.read(source, largest=largest)
    bundle = opened(files)
    structure = bundle.structure
    # Bundles of before named no rows where a person took other rungs.
    if isinstance(structure, Rungs) and SETTLED not in files:
        structure = None
    from_ties = None
    if structure is not None:
        from_ties = rebuilt(structure, bundle, bundle_files.read_document(files, SETTLED))
    from_vectors, same_ties = run_again(bundle) if bundle.ids and None not in bundle.texts else (None, None)
    return Regrouped(
        len(bundle.ids), bundle.gone, "" if structure is None else type(structure).__name__.lower(), from_ties,
        from_vectors, same_ties, today_of(bundle), fingerprint, manifest,
    )  # fmt: skip


def of_texts(ties: Structure, communities: Labels) -> Labels:
    """Hand communities of nodes down to their texts; -1 for one that takes no part."""
    return np.append(communities, -1)[ties.nodes].astype(np.int64)


def settle(
    ties: Structure, missions: Labels, projects: Labels, found: tuple[Labels, Labels] | None = None
) -> dict[str, Any]:
    """Write down what no graph tells: which label each community got, and the rows that stand elsewhere.

    `found` are the communities of the nodes, where they are known; they follow from the ties.
    """
    found = found or ties.communities()
    return {
        name: document(settled_of(of_texts(ties, communities), labels))
        for name, communities, labels in (("mission", found[0], missions), ("project", found[1], projects))
    }


def settled_of(communities: Labels, labels: Labels) -> Settled:
    count = int(communities.max(initial=-1)) + 1
    of_community = np.full(count, -1, dtype=np.int64)
    inside = communities >= 0
    pairs, sizes = np.unique(np.stack([communities[inside], labels[inside]]), axis=1, return_counts=True)
    # Ascending by size, so that the commonest label of a community is written last; the lower label on a tie.
    for at in np.lexsort((-pairs[1], sizes)):
        of_community[pairs[0, at]] = pairs[1, at]
    expected = np.where(inside, np.append(of_community, -1)[communities], -1)
    moved = np.flatnonzero(expected != labels)
    return Settled(moved, labels[moved], of_community)


def document(settled: Settled) -> dict[str, Any]:
    return {
        "of_community": settled.of_community.tolist(),
        "moved": settled.moved.tolist(),
        "labels": settled.labels.tolist(),
    }


def rebuilt(structure: Structure, bundle: Bundle, told: dict[str, Any]) -> tuple[Level, Level]:
    found = structure.communities()
    levels = [
        level_of(of_texts(structure, communities), labels, told.get(name))
        for name, communities, labels in (
            ("mission", found[0], bundle.missions),
            ("project", found[1], bundle.projects),
        )
    ]
    return levels[0], levels[1]


def level_of(communities: Labels, labels: Labels, told: Any) -> Level:
    """Compare one level with what its communities and the rows settled by name make of it."""
    try:
        of_community, moved, moved_to = (
            np.array(told[name], dtype=np.int64) for name in ("of_community", "moved", "labels")
        )
        if moved.ndim != 1 or moved.shape != moved_to.shape or of_community.ndim != 1:
            raise BadBundle("settled.json does not fit its rows.")
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadBundle("settled.json is missing or cannot be read.") from error
    if len(moved) and not 0 <= moved.min() <= moved.max() < len(labels):
        raise BadBundle("settled.json names rows that are not there.")
    known = np.append(of_community, -1)
    inside = (communities >= 0) & (communities < len(of_community))
    made = np.where(inside, known[np.where(inside, communities, -1)], -1)
    made[moved] = moved_to
    # A row listed by name must stand elsewhere than its community, or a list of all rows would prove anything.
    idle = int((np.where(inside, known[np.where(inside, communities, -1)], -1)[moved] == moved_to).sum())
    differing = int((made != labels).sum()) + idle + int((communities >= len(of_community)).sum())
    return Level(len(labels) - len(moved), len(moved), differing)


def run_again(bundle: Bundle) -> tuple[tuple[int, int] | None, bool | None]:
    """Group texts and vectors anew as the run did."""
    inputs = bundle.inputs
    try:
        check_rows(inputs.corrections, len(bundle.ids))
        again = group(
            [text or "" for text in bundle.texts],
            bundle.vectors,
            languages=inputs.languages,
            authors=inputs.authors,
            backing=inputs.backing,
            previous=inputs.previous,
            corrections=inputs.corrections,
            random_state=inputs.seed,
            ladder=inputs.ladder,
            rungs=inputs.rungs,
        )
    except (Conflict, ValueError, TypeError, IndexError, ArithmeticError) as error:
        raise BadBundle(f"The run cannot be made again from what the bundle says: {error}.") from error
    differing = None
    if not inputs.is_joined and bundle.is_whole:
        differing = (
            int((again.missions != bundle.missions).sum()),
            int((again.projects != bundle.projects).sum()),
        )
    if bundle.ties is None:
        return differing, None
    ties = started(bundle, again.ties)
    return differing, ties is not None and same_ties(bundle.ties, ties)


def same_ties(one: Ties | Links, other: Ties | Links) -> bool:
    if isinstance(one, Links) or isinstance(other, Links):
        return isinstance(one, Links) and isinstance(other, Links) and same_links(one, other)
    return (
        equal(one.nodes, other.nodes)
        and equal(one.atoms, other.atoms)
        and all(equal(*pair) for pair in zip(one.cores, other.cores, strict=True))
        and same_graph(one.near, other.near)
        and same_graph(one.wide, other.wide)
    )


def same_links(one: Links, other: Links) -> bool:
    """Distances are rounded, and another machine may round the last digit otherwise; ties are shares, and do not."""
    distances = (one.near, other.near), (one.wide, other.wide)
    scales = np.array(one.similarities), np.array(other.similarities)
    return (
        equal(one.nodes, other.nodes)
        and all(alike(left, right, LAST_DIGIT) for left, right in distances)
        and alike(*scales, LAST_DIGIT_OF_SCALE)
    )


def alike(one: NDArray[np.float64], other: NDArray[np.float64], up_to: float) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=0, atol=up_to))
