"""Meaning as numbers: texts to vectors, vectors to groups, groups to words. Usable without the rest of the app.

>>> from app.nlp import HashingEmbedder, explain
>>> texts = ["More shade at bus stops", "Shade trees at every bus stop", "Lower water prices"]
>>> result = explain(texts, HashingEmbedder())
>>> len(result.partition.missions)
3
"""

from collections.abc import Sequence

from app.nlp.corrections import Apart, Conflict, Correction, Level, Lock, Pin, SetApart, Together
from app.nlp.embedding import Embedder, HashingEmbedder, SentenceTransformerEmbedder
from app.nlp.grouping import group
from app.nlp.partition import Partition, Previous, Reason
from app.nlp.pipeline import Cluster, Progress, Result, run
from app.nlp.vectors import Vectors

__all__ = [
    "Apart",
    "Cluster",
    "Conflict",
    "Correction",
    "Embedder",
    "HashingEmbedder",
    "Level",
    "Lock",
    "Partition",
    "Pin",
    "Previous",
    "Reason",
    "Result",
    "SentenceTransformerEmbedder",
    "SetApart",
    "Together",
    "embed",
    "explain",
    "group",
    "run",
]


def embed(texts: Sequence[str], embedder: Embedder | None = None) -> Vectors:
    """Embed texts with the bundled model, or with another embedder; one unit row per text."""
    return (embedder or SentenceTransformerEmbedder()).embed(texts)


def explain(
    texts: Sequence[str],
    embedder: Embedder | None = None,
    *,
    corrections: Sequence[Correction] = (),
    random_state: int = 0,
    progress: Progress | None = None,
) -> Result:
    """Embed texts, group them and explain the groups, in one call."""
    chosen = embedder or SentenceTransformerEmbedder()
    return run(
        texts,
        chosen.embed(texts),
        corrections=corrections,
        model=chosen.name,
        embed=chosen.embed,
        random_state=random_state,
        progress=progress,
    )
