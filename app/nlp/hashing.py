"""Vectors without a model: words and their parts hashed, for tests and for machines that have none."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from app.nlp.chunks import readable
from app.nlp.runtimes import Progress
from app.nlp.vectors import Vectors, unit

WORD = re.compile(r"\w+")


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
    def runtime(self) -> str:
        return "hashing"

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
