"""Opening a bundle: nothing in it is believed before it fits together."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.nlp.bundle import (
    COLUMNS,
    KINDS,
    ROWS,
    RUNGS,
    SETTINGS,
    TEXTS,
    TODAY,
    VECTORS,
    Act,
    Bundle,
    Inputs,
)
from app.nlp.bundle_files import BadBundle, Files, read_array, read_document
from app.nlp.corrections import Correction, Level
from app.nlp.partition import Ladder, Previous, Rung
from app.nlp.small import Links
from app.nlp.ties import Ties
from app.nlp.vectors import Labels

MOST_LINKED = 1000  # far more than a set has that is grouped by links


def opened(files: Files) -> Bundle:
    """Read a bundle from its files.

    Raises
    ------
    BadBundle
        If a file is missing, or what they say does not fit together.
    """
    settings, rows = read_document(files, SETTINGS), read_rows(files)
    texts = read_texts(files, rows["id"])
    count = len(rows["id"])
    vectors = read_array(files, VECTORS, "<f4", 2)
    if len(vectors) != sum(text is not None for text in texts):
        raise BadBundle("There are not as many vectors as texts.")
    try:
        inputs = Inputs(
            tuple(rows["language"]),
            tuple(int(one) for one in rows["author"]),
            tuple(read_correction(one) for one in settings["corrections"]),
            int(settings["seed"]),
            read_previous(files, settings["previous"], count),
            *read_ladder(files, settings, count),
            bool(settings["joined"]),
            read_backing(rows["backing"]),
        )
        labels = [
            np.array([int(one) for one in rows[level]], dtype=np.int64) for level in ("mission", "project")
        ]
        ties = read_links(files, settings.get("links"), count) or read_ties(
            files, settings["resolutions"], count
        )
        absent, acts = int(settings.get("absent", 0)), read_acts(settings.get("acts", ()), count)
        parameters = {str(name): value for name, value in settings["parameters"].items()}
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        if isinstance(error, BadBundle):
            raise
        raise BadBundle("The settings do not say what a run needs.") from error
    return Bundle(
        tuple(rows["id"]), texts, vectors, inputs, labels[0], labels[1], tuple(rows["reason"]), ties, parameters,
        tuple(rows["submission"]), checked_count(absent), read_today(files, count), acts,
    )  # fmt: skip


def read_rows(files: Files) -> dict[str, list[str]]:
    try:
        lines = io.StringIO(files[ROWS].decode(), newline="")
        table = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (KeyError, UnicodeDecodeError, csv.Error) as error:
        raise BadBundle(f"{ROWS} is missing or is no table.") from error
    if table and tuple(table[0]) == COLUMNS[:-1]:  # written before backing was told
        table = [[*row, name] for row, name in zip(table, COLUMNS[-1:] + ("",) * len(table), strict=False)]
    if not table or tuple(table[0]) != COLUMNS or any(len(row) != len(COLUMNS) for row in table):
        raise BadBundle(f"{ROWS} has other columns than it should.")
    found = {name: [row[at] for row in table[1:]] for at, name in enumerate(COLUMNS)}
    if len(set(found["id"])) < len(found["id"]):
        raise BadBundle(f"{ROWS} names a row twice.")
    return found


def read_backing(column: Sequence[str]) -> tuple[int, ...] | None:
    """How many stood behind each text; None where nobody said."""
    return None if not any(column) else tuple(int(one) for one in column)


def read_texts(files: Files, ids: Sequence[str]) -> tuple[str | None, ...]:
    found: dict[str, str] = {}
    try:
        for line in files[TEXTS].decode("utf-8", "surrogatepass").split("\n")[:-1]:
            one = json.loads(line)
            found[str(one["id"])] = str(one["text"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise BadBundle(f"{TEXTS} is missing or cannot be read.") from error
    if set(found) - set(ids) or list(found) != [key for key in ids if key in found]:
        raise BadBundle(f"{TEXTS} holds other rows than {ROWS}, or in another order.")
    return tuple(found.get(key) for key in ids)


def read_correction(document: Mapping[str, Any]) -> Correction:
    facts: dict[str, Any] = {
        name: Level(value)
        if name == "level"
        else tuple(map(int, value))
        if isinstance(value, list)
        else int(value)
        for name, value in document.items()
        if name != "kind"
    }
    return KINDS[document["kind"]](**facts)


def read_acts(documents: Sequence[Mapping[str, Any]], count: int) -> tuple[Act, ...]:
    found = []
    for one in documents:
        sides = tuple(tuple(int(row) for row in side) for side in one["sides"])
        if not all(0 <= row < count for side in sides for row in side):
            raise BadBundle("A correction speaks of a row that is not there.")
        said = str(one["kind"]), sides, str(one["level"])
        found.append(Act(*said, bool(one["in_run"]), bool(one["is_undone"])))
    return tuple(found)


def checked_count(absent: int) -> int:
    if absent < 0:
        raise BadBundle("The settings say that fewer than no voices are gone.")
    return absent


def read_today(files: Files, count: int) -> tuple[Labels, Labels] | None:
    if TODAY not in files:
        return None
    labels = read_array(files, TODAY, "<i8", 2)
    if labels.shape != (2, count) or labels.min(initial=0) < -1:
        raise BadBundle(f"{TODAY} is of other rows.")
    return labels[0], labels[1]


def read_previous(files: Files, document: Mapping[str, Any] | None, count: int) -> Previous | None:
    if document is None:
        return None
    labels = read_array(files, "previous.npy", "<i8", 2)
    if labels.shape != (2, count):
        raise BadBundle("previous.npy is of other rows.")
    resolutions, breadths = document["resolutions"], document["breadths"]
    return Previous(
        labels[0],
        labels[1],
        (float(resolutions[0]), float(resolutions[1])) if resolutions else None,
        (int(breadths[0]), int(breadths[1])) if breadths else None,
    )


def read_ladder(
    files: Files, settings: Mapping[str, Any], count: int
) -> tuple[Ladder | None, tuple[int, int] | None]:
    if settings["ladder"] is None or settings["rungs"] is None:
        return None, None
    labels = read_array(files, RUNGS, "<i4", 2)
    rungs = tuple(Rung(**rung) for rung in settings["ladder"])
    mission, project = (int(one) for one in settings["rungs"])
    if labels.shape != (len(rungs), count) or not 0 <= mission <= project < len(rungs):
        raise BadBundle("ladder.npy is of other rows.")
    return Ladder(rungs, labels), (mission, project)


def read_ties(files: Files, resolutions: Sequence[Any] | None, count: int) -> Ties | None:
    if resolutions is None:
        return None
    nodes, atoms = read_nodes(files, count), read_array(files, "atoms.npy", "<i8", 1)
    cores = read_array(files, "cores.npy", "<i8", 2)
    if int(nodes.max(initial=-1)) + 1 != len(atoms) or cores.shape != (2, len(atoms)):
        raise BadBundle("nodes.npy, atoms.npy and cores.npy do not fit together.")
    for numbers in (atoms, cores):
        if numbers.size and not 0 <= numbers.min() <= numbers.max() < len(atoms):
            raise BadBundle("atoms.npy or cores.npy numbers what is not there.")
    near = read_graph(files, "near", len(atoms))
    wide = read_graph(files, "wide", len(atoms)) if "wide_starts.npy" in files else near
    mission, project = (float(one) for one in resolutions)
    if not (0 < mission < np.inf and 0 < project < np.inf):
        raise BadBundle("The resolutions are none.")
    return Ties(nodes, near, wide, atoms, (cores[0], cores[1]), (mission, project))


def read_links(files: Files, similarities: Sequence[Any] | None, count: int) -> Links | None:
    if similarities is None:
        return None
    nodes = read_nodes(files, count)
    near, wide = (read_array(files, f"links_{name}.npy", "<f8", 1) for name in ("near", "wide"))
    size = int(nodes.max(initial=-1)) + 1
    if size > MOST_LINKED or len(near) != size * (size - 1) // 2:
        raise BadBundle("nodes.npy and links_near.npy do not fit together.")
    for distances in (near, wide):
        if len(distances) and not 0 <= distances.min() <= distances.max() <= 2:
            raise BadBundle("The links hold distances that cannot be.")
    mission, project = (float(one) for one in similarities)
    if not (-1 <= mission <= 1 and -1 <= project <= 1):
        raise BadBundle("The similarities of the links are none.")
    found = Links(nodes, near, wide, (mission, project))
    parts = int(found.projects().max(initial=-1)) + 1
    if len(wide) != parts * (parts - 1) // 2:
        raise BadBundle("links_near.npy and links_wide.npy do not fit together.")
    return found


def read_nodes(files: Files, count: int) -> Labels:
    """The node of each row; every node 0 … m-1 has a row."""
    nodes = read_array(files, "nodes.npy", "<i8", 1)
    if len(nodes) != count or nodes.min(initial=0) < -1:
        raise BadBundle("nodes.npy is of other rows.")
    if len(np.unique(nodes[nodes >= 0])) != int(nodes.max(initial=-1)) + 1:
        raise BadBundle("nodes.npy numbers what is not there.")
    return nodes


def read_graph(files: Files, name: str, count: int) -> sparse.csr_matrix:
    starts = read_array(files, f"{name}_starts.npy", "<i8", 1)
    ends, weights = (
        read_array(files, f"{name}_ends.npy", "<i4", 1),
        read_array(files, f"{name}_weights.npy", "<f4", 1),
    )
    fits = len(starts) == count + 1 and len(ends) == len(weights) == int(starts[-1]) and starts[0] == 0
    if not fits or (np.diff(starts) < 0).any() or (len(ends) and not 0 <= ends.min() <= ends.max() < count):
        raise BadBundle(f"The ties {name} lead to rows that are not there.")
    if (weights < 0).any():
        raise BadBundle(f"The ties {name} weigh less than nothing.")
    upper = sparse.csr_matrix((weights, ends, starts), shape=(count, count))
    return symmetric(upper)


def symmetric(upper: sparse.csr_matrix) -> sparse.csr_matrix:
    """Put back the half below the diagonal, in the order in which a fresh graph has its ties."""
    whole = (upper + sparse.triu(upper, k=1).T).tocsr()
    whole.sort_indices()
    return whole


def same_graph(one: sparse.csr_matrix, other: sparse.csr_matrix) -> bool:
    """Whether two graphs have the same ties with the same weights, bit for bit."""
    left, right = (sparse.triu(graph, k=0).tocsr() for graph in (one, other))
    for graph in (left, right):
        graph.sort_indices()
    return all(equal(getattr(left, name), getattr(right, name)) for name in ("indptr", "indices", "data"))


def equal(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one.shape == other.shape and bool((one == other).all())
