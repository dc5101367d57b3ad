"""Labelled texts to measure grouping on: read from tables, embedded once, and kept by what they hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.bench.grouping_scores import numbered
from app.nlp.embedding import Embedder
from app.nlp.languages import detect_all
from app.nlp.vectors import Labels, Vectors

COLUMNS = (2, 3)


class Unusable(Exception):
    """A measurement that cannot be made; the words are for whoever asked for it."""


@dataclass(frozen=True)
class Labelled:
    """One table: a text a line, its label, and for some tables the label above that."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    parents: tuple[str, ...] = ()

    @property
    def truths(self) -> dict[str, Labels]:
        """What groupings are compared with, by name."""
        found = {"label": numbered(self.labels)}
        return {**found, "parent": numbered(self.parents)} if self.parents else found


@dataclass(frozen=True)
class Material:
    """A table with its vectors and languages, and the file through which they reach other processes."""

    table: Labelled
    vectors: Vectors
    languages: tuple[str, ...]
    path: Path


def read_folder(folder: Path) -> list[Labelled]:
    """Read every table of a folder, in the order of their names."""
    if not folder.is_dir():
        raise Unusable(f"{folder} is no folder.")
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise Unusable(
            f"{folder} holds no .tsv file: one text, its label and perhaps the label above it a line."
        )
    return [read_table(path) for path in paths]


def read_table(path: Path) -> Labelled:
    """Read one table; empty lines are passed over."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except UnicodeDecodeError as problem:
        raise Unusable(f"{path} is not UTF-8 from byte {problem.start} on.") from problem
    except OSError as problem:
        raise Unusable(f"{path}: {problem.strerror}.") from problem
    rows = [
        (number, line.rstrip("\r").split("\t")) for number, line in enumerate(lines, start=1) if line.strip()
    ]
    if not rows:
        raise Unusable(f"{path} holds no texts.")
    width = len(rows[0][1])
    for number, cells in rows:
        check_row(path, number, cells, width)
    columns = list(zip(*(cells for _, cells in rows), strict=True))
    return Labelled(path.stem, columns[0], columns[1], columns[2] if width == max(COLUMNS) else ())


def check_row(path: Path, number: int, cells: list[str], width: int) -> None:
    if len(cells) not in COLUMNS:
        raise Unusable(
            f"{path}, line {number}: a line is a text, its label and perhaps the label above it, with tabs between; "
            f"this one has {len(cells)} {'part' if len(cells) == 1 else 'parts'}."
        )
    if len(cells) != width:
        raise Unusable(f"{path}, line {number}: it has {len(cells)} parts where the first line has {width}.")
    if not all(cell.strip() for cell in cells):
        raise Unusable(f"{path}, line {number}: the text or a label is empty.")


def embedded(table: Labelled, embedder: Embedder, kept: Path, shared: Path) -> Material:
    """Give a table its vectors, from where they were kept if the same model read the same texts before.

    Parameters
    ----------
    kept : Path
        The folder that outlives this run.
    shared : Path
        The folder of this run, from which other processes read.
    """
    digest = hashlib.blake2b("\0".join([embedder.name, *table.texts]).encode(), digest_size=16).hexdigest()
    cache = kept / f"{table.name}-{digest}.npy"
    if cache.exists():
        vectors: Vectors = np.load(cache, allow_pickle=False)
    else:
        vectors = np.asarray(embedder.embed(table.texts), dtype=np.float32)
        kept.mkdir(parents=True, exist_ok=True)
        partly = cache.with_suffix(".partly.npy")
        np.save(partly, vectors)
        partly.replace(cache)  # whoever is interrupted leaves no half file behind
    languages = detect_all(table.texts)
    path = shared / f"{table.name}.npz"
    keep(path, vectors, table.texts, languages)
    return Material(table, vectors, languages, path)


def keep(path: Path, vectors: Vectors, texts: tuple[str, ...], languages: tuple[str, ...]) -> None:
    """Write what another process reads."""
    np.savez(
        path, vectors=vectors, texts=np.array(texts, dtype=str), languages=np.array(languages, dtype=str)
    )
