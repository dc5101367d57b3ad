"""Every way to run the model, on the same texts in one run: how fast and how like sentence-transformers as it comes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.bench import texts as generated
from app.nlp.embedding import BUNDLED_MODEL, SentenceTransformerEmbedder, Wish, encoded, files_of
from app.nlp.runtimes import Runtime, has_int8
from app.nlp.vectors import Vectors, unit

TEXTS = 600
ROUNDS = 3
NEIGHBOURS = 10
COLUMNS = ("text", "comment-body")
DEFAULTS = "sentence-transformers, its defaults"

Way = Callable[[Sequence[str]], Vectors]


def measure(
    file: Path | None, count: int, rounds: int, tell: Callable[[str, float], None], model: str = BUNDLED_MODEL
) -> dict[str, Any]:
    """Embed the same texts in each way in turn, one thread each; CPU seconds are the process's own."""
    texts = list(dict.fromkeys(read(file) if file else invented(count)))[:count]
    ways = every_way(model)
    vectors, seconds = {}, {name: list[float]() for name in ways}
    for way in ways.values():
        way(texts[:40])
    for turn in range(rounds):
        for place, (name, way) in enumerate(ways.items()):
            tell(name, (turn + place / len(ways)) / rounds)
            started = process_time()
            vectors[name] = way(texts)
            seconds[name].append(process_time() - started)
    return {
        "model": model,
        "texts": len(texts),
        "source": file.name if file else "generated",
        "tokens_per_text": round(tokens(model, texts), 1),
        "runtimes": [facts(name, vectors, seconds, len(texts)) for name in ways],
    }


def every_way(model: str) -> dict[str, Way]:
    """As it comes, through our batches, and on each runtime this machine has."""
    reference = SentenceTransformerEmbedder(model, threads=1, wish=Wish.REFERENCE)
    ways: dict[str, Way] = {
        DEFAULTS: as_it_comes(reference),
        "sentence-transformers, our batches": reference.embed,
    }
    folder = files_of(model)
    if folder is None or SentenceTransformerEmbedder(model).runtime == Wish.REFERENCE:
        return ways
    from app.nlp.runtime_openvino import OpenVinoRuntime

    exact = OpenVinoRuntime(folder, 1, lossless=True)
    short = OpenVinoRuntime(folder, 1)
    found = [exact] if exact.name == short.name else [exact, short]
    if has_int8():
        found.append(OpenVinoRuntime(folder, 1, int8=True))
    return ways | {runtime.name: through(runtime) for runtime in found}


def as_it_comes(reference: SentenceTransformerEmbedder) -> Way:
    reference.warm()
    model = reference.loaded.model  # type: ignore[attr-defined]

    def way(texts: Sequence[str]) -> Vectors:
        return unit(np.asarray(model.encode(list(texts), show_progress_bar=False)))

    return way


def through(runtime: Runtime) -> Way:
    """As the application does it, without reading a text twice that comes twice: there is none here."""

    def way(texts: Sequence[str]) -> Vectors:
        pieces = runtime.pieces(texts)
        rows = np.zeros((len(texts), runtime.dimensions), dtype=np.float32)
        for batch, found in encoded(runtime, pieces):
            np.add.at(rows, [piece.owner for piece in batch], found * np.array([[p.length] for p in batch]))
        return unit(rows)

    return way


def facts(
    name: str, vectors: dict[str, Vectors], seconds: dict[str, list[float]], count: int
) -> dict[str, Any]:
    """One row: ratios of the same round, so that whatever else the machine does meets both alike."""
    ratios = [one / other for one, other in zip(seconds[DEFAULTS], seconds[name], strict=True)]
    cosines = np.einsum("ij,ij->i", vectors[name], vectors[DEFAULTS])
    return {
        "runtime": name,
        "texts_per_cpu_second": round(count / median(seconds[name]), 1),
        "ratio": round(median(ratios), 2),
        "cosine_mean": round(float(cosines.mean()), 6),
        "cosine_min": round(float(cosines.min()), 6),
        "neighbours_kept": round(overlap(vectors[name], vectors[DEFAULTS]), 4),
    }


def overlap(one: Vectors, other: Vectors) -> float:
    """Share of each text's ten nearest that are the same in both."""
    mine, theirs = nearest(one), nearest(other)
    kept = [len(set(a) & set(b)) / len(a) for a, b in zip(mine.tolist(), theirs.tolist(), strict=True)]
    return float(np.mean(kept))


def nearest(vectors: Vectors) -> NDArray[np.int64]:
    closeness = vectors @ vectors.T
    np.fill_diagonal(closeness, -2)
    return np.argsort(-closeness, axis=1, kind="stable")[:, : min(NEIGHBOURS, len(vectors) - 1)]


def tokens(model: str, texts: Sequence[str]) -> float:
    """Mean tokens of a text, without marks."""
    embedder = SentenceTransformerEmbedder(model, threads=1)
    return sum(piece.length for piece in embedder.loaded.pieces(texts)) / len(texts)


def invented(count: int) -> list[str]:
    return [row.text for row in islice(generated.rows(count, seed=1), count)]


def read(file: Path) -> list[str]:
    """Texts of a table: the column named for them, or the first."""
    with file.open(encoding="utf-8", newline="") as lines:
        delimiter = "\t" if file.suffix == ".tsv" else ","
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    heads = [head.strip().lower() for head in rows[0]]
    column = next((heads.index(name) for name in COLUMNS if name in heads), None)
    found = rows if column is None else rows[1:]
    return [row[column or 0] for row in found if row[column or 0].strip()]


def table(measured: dict[str, Any]) -> str:
    """The same facts as Markdown."""
    lines = [
        (
            f"{measured['texts']:,} texts ({measured['source']}, {measured['tokens_per_text']} tokens in the mean), "
            f"one thread each, in turns; {measured['model']}."
        ),
        "",
        "| runtime | texts per CPU second | against the default | cosine, mean | cosine, least | ten nearest kept |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row['runtime']} | {row['texts_per_cpu_second']} | {row['ratio']} | {row['cosine_mean']:.5f} "
        f"| {row['cosine_min']:.4f} | {row['neighbours_kept']:.3f} |"
        for row in measured["runtimes"]
    ]
    return "\n".join(lines)
