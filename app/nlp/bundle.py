"""A grouping with everything it was made from, as arrays and documents that another machine can open."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from app.nlp.bundle_files import Files, array_bytes, document_bytes
from app.nlp.corrections import Apart, Correction, Level, Lock, Pin, SetApart, Together
from app.nlp.partition import Ladder, Previous
from app.nlp.small import Links
from app.nlp.ties import Rungs, Ties
from app.nlp.vectors import Labels, Vectors

ROWS, TEXTS, VECTORS, SETTINGS = "rows.tsv", "texts.jsonl", "vectors.npy", "settings.json"
COLUMNS = ("id", "submission", "author", "language", "mission", "project", "reason", "backing")
KINDS: dict[str, type[Correction]] = {
    "together": Together, "apart": Apart, "pin": Pin, "set_apart": SetApart, "lock": Lock,
}  # fmt: skip
TODAY, RUNGS = "today.npy", "ladder.npy"


@dataclass(frozen=True)
class Inputs:
    """What a run was given besides texts and vectors, by row.

    Attributes
    ----------
    languages : tuple of str
    authors : tuple of int
        A number for each author, which says nothing but whether two are the same.
    corrections : tuple of Correction
    seed : int
    previous : Previous or None
    ladder, rungs
        As `app.nlp.grouping.group` takes them; None unless a person took other rungs of an earlier run.
    backing : tuple of int or None
        How many people stood behind each text then; None where the run was not told.
    is_joined : bool
        Whether a person took some changes of a run and not others: then no run gives all its labels.
    """

    languages: tuple[str, ...]
    authors: tuple[int, ...]
    corrections: tuple[Correction, ...] = ()
    seed: int = 0
    previous: Previous | None = None
    ladder: Ladder | None = None
    rungs: tuple[int, int] | None = None
    is_joined: bool = False
    backing: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Act:
    """What a person corrected, as far as it speaks of voices of the bundle; why, by whom and when is not told.

    Attributes
    ----------
    kind : str
        move, set_apart, merge, split, gather (a group made of ungrouped texts), lock, keep_together or keep_apart.
    sides : tuple of tuple of int
        Rows: those who were moved, bound or locked; of a split those who left and those who stayed, of a merge those
        of either group.
    level : str
        mission or project; empty where both are meant.
    in_run : bool
        Whether the run was given it; otherwise it was made afterwards.
    is_undone : bool
        Whether it was taken back since.
    """

    kind: str
    sides: tuple[tuple[int, ...], ...]
    level: str = ""
    in_run: bool = False
    is_undone: bool = False


@dataclass(frozen=True)
class Bundle:
    """One grouping, as far as everybody may have it.

    Attributes
    ----------
    ids : tuple of str
        Opaque ids of the rows; they mean nothing outside this grouping.
    texts : tuple of str or None
        None where no words are kept.
    vectors : ndarray of shape (n_present, n_dimensions)
        Of the texts that are there, in their order.
    inputs : Inputs
    missions, projects : ndarray of shape (n_texts,)
        The labels that the run found.
    reasons : tuple of str
    ties : Ties or Links or None
    parameters : mapping
    submissions : tuple of str
        Public ids of the texts that are there; empty for the others.
    absent : int
        How many texts of the run, or of corrections it was given, are not in the bundle, as they are not public.
    today : tuple of ndarray of shape (n_texts,), or None
        Mission and project of each text as its pages show them when the bundle is taken.
    acts : tuple of Act
        What people had corrected when the run began, and have since.
    """

    ids: tuple[str, ...]
    texts: tuple[str | None, ...]
    vectors: Vectors
    inputs: Inputs
    missions: Labels
    projects: Labels
    reasons: tuple[str, ...]
    ties: Ties | Links | None
    parameters: Mapping[str, float | int | str]
    submissions: tuple[str, ...]
    absent: int = 0
    today: tuple[Labels, Labels] | None = None
    acts: tuple[Act, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all texts of the run are there."""
        return not self.absent and None not in self.texts

    @property
    def gone(self) -> int:
        return self.absent + sum(text is None for text in self.texts)

    @cached_property
    def structure(self) -> Ties | Links | Rungs | None:
        """What the labels follow from without any vector."""
        ladder, rungs = self.inputs.ladder, self.inputs.rungs
        if self.ties is None and ladder is not None and rungs is not None:
            return Rungs.of(*(ladder.labels[rung].astype(np.int64) for rung in rungs))
        return self.ties


def files_of(bundle: Bundle) -> Files:
    """Write a bundle as files."""
    inputs = bundle.inputs
    settings: dict[str, Any] = {
        "seed": inputs.seed,
        "parameters": dict(bundle.parameters),
        "corrections": [correction_document(one) for one in inputs.corrections],
        "resolutions": list(bundle.ties.resolutions) if isinstance(bundle.ties, Ties) else None,
        "links": list(bundle.ties.similarities) if isinstance(bundle.ties, Links) else None,
        "previous": previous_document(inputs.previous),
        "ladder": [vars(rung) for rung in inputs.ladder.rungs] if inputs.ladder else None,
        "rungs": list(inputs.rungs) if inputs.rungs else None,
        "joined": inputs.is_joined,
        "absent": bundle.absent,
        "acts": [vars(act) for act in bundle.acts],
    }
    files = {
        SETTINGS: document_bytes(settings),
        ROWS: rows_bytes(bundle),
        TEXTS: texts_bytes(bundle),
        VECTORS: array_bytes(np.asarray(bundle.vectors, dtype=np.float32)),
    }
    if inputs.previous is not None:
        labels = np.stack([inputs.previous.missions, inputs.previous.projects]).astype(np.int64)
        files["previous.npy"] = array_bytes(labels)
    if inputs.ladder is not None:
        files[RUNGS] = array_bytes(np.asarray(inputs.ladder.labels, dtype=np.int32))
    if bundle.today is not None:
        files[TODAY] = array_bytes(np.stack(bundle.today).astype(np.int64))
    return files | (links_files(bundle.ties) if isinstance(bundle.ties, Links) else ties_files(bundle.ties))


def rows_bytes(bundle: Bundle) -> bytes:
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerow(COLUMNS)
    inputs = bundle.inputs
    writer.writerows(
        zip(
            bundle.ids, bundle.submissions, inputs.authors, inputs.languages, bundle.missions.tolist(),
            bundle.projects.tolist(), bundle.reasons, inputs.backing or [""] * len(bundle.ids), strict=True,
        )
    )  # fmt: skip
    return table.getvalue().encode()


def texts_bytes(bundle: Bundle) -> bytes:
    told = (
        json.dumps({"id": key, "text": text}, ensure_ascii=False)
        for key, text in zip(bundle.ids, bundle.texts, strict=True)
        if text is not None
    )
    return "".join(f"{line}\n" for line in told).encode("utf-8", "surrogatepass")


def ties_files(ties: Ties | None) -> Files:
    """Write two symmetric graphs as the ties above their diagonals, which is half of them."""
    if ties is None:
        return {}
    files = {
        "nodes.npy": array_bytes(ties.nodes.astype(np.int64)),
        "atoms.npy": array_bytes(ties.atoms.astype(np.int64)),
        "cores.npy": array_bytes(np.stack(ties.cores).astype(np.int64)),
    }
    for name, graph in (("near", ties.near), ("wide", ties.wide)):
        if name == "wide" and ties.wide is ties.near:
            continue
        upper = sparse.triu(graph, k=0).tocsr()
        upper.sort_indices()
        files[f"{name}_starts.npy"] = array_bytes(upper.indptr.astype(np.int64))
        files[f"{name}_ends.npy"] = array_bytes(upper.indices.astype(np.int32))
        files[f"{name}_weights.npy"] = array_bytes(upper.data.astype(np.float32))
    return files


def links_files(links: Links) -> Files:
    return {
        "nodes.npy": array_bytes(links.nodes.astype(np.int64)),
        "links_near.npy": array_bytes(links.near.astype(np.float64)),
        "links_wide.npy": array_bytes(links.wide.astype(np.float64)),
    }


def correction_document(one: Correction) -> dict[str, Any]:
    kind = next(name for name, sort in KINDS.items() if isinstance(one, sort))
    return {
        "kind": kind,
        **{
            name: value.value
            if isinstance(value, Level)
            else list(value)
            if isinstance(value, tuple)
            else value
            for name, value in vars(one).items()
        },
    }


def previous_document(previous: Previous | None) -> dict[str, Any] | None:
    if previous is None:
        return None
    return {
        "resolutions": list(previous.resolutions) if previous.resolutions else None,
        "breadths": list(previous.breadths) if previous.breadths else None,
    }
