"""Meaning as numbers: texts to vectors, vectors to groups, groups to words. Usable without the rest of the app.

>>> from app.nlp import HashingEmbedder, explain
>>> texts = ["More shade at bus stops", "Shade trees at every bus stop", "Lower water prices"]
>>> result = explain(texts, HashingEmbedder())
>>> len(result.partition.missions)
3

`embed` turns texts into vectors, `group` vectors into two nested levels of groups, and `explain` does both and says
what each group says: its name, keywords, voices that stand for it, and a summary. `run` is `explain` for vectors
that are there already.
"""

from collections.abc import Sequence

from app.nlp.corrections import Apart, Conflict, Correction, Level, Lock, Pin, SetApart, Together
from app.nlp.dissent import Votes
from app.nlp.embedding import Embedder, HashingEmbedder, SentenceTransformerEmbedder
from app.nlp.grouping import group
from app.nlp.partition import Partition, Previous, Reason
from app.nlp.pipeline import Cluster, Progress, Result, run
from app.nlp.summaries import Summary
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
    "Summary",
    "Together",
    "embed",
    "explain",
    "group",
    "run",
]


def embed(texts: Sequence[str], embedder: Embedder | None = None) -> Vectors:
    """Turn texts into vectors whose angles say how near they are in meaning.

    Parameters
    ----------
    texts : sequence of str, length n_texts
    embedder : Embedder, optional
        The bundled sentence-transformers model (all-MiniLM-L6-v2, which reads English) when None.

    Returns
    -------
    ndarray of shape (n_texts, n_dimensions), float32
        Rows of unit length, so that a product of two is their cosine, -1 to 1; 384 dimensions for the bundled model.

    References
    ----------
    N. Reimers and I. Gurevych, "Sentence-BERT: sentence embeddings using Siamese BERT-networks", EMNLP 2019.
    """
    return (embedder or SentenceTransformerEmbedder()).embed(texts)


def explain(
    texts: Sequence[str],
    embedder: Embedder | None = None,
    *,
    languages: Sequence[str] | None = None,
    authors: Sequence[object] | None = None,
    votes: Votes | None = None,
    corrections: Sequence[Correction] = (),
    random_state: int = 0,
    progress: Progress | None = None,
) -> Result:
    """Embed texts, group them and say what each group says, in one call.

    Parameters
    ----------
    texts : sequence of str, length n_texts
    embedder : Embedder, optional
        As for `embed`; names and sentences of summaries are tried with it too.
    languages, authors, votes, corrections, random_state, progress
        As for `run`.

    Returns
    -------
    Result
        `missions` and `projects` are clusters, each with its title, keywords, representatives and `summary`;
        `partition` has the labels, margins and reasons, one row a text.

    Raises
    ------
    ValueError, Conflict
        As `group`.

    See Also
    --------
    group : the labels alone, with the method and its sources.
    """
    chosen = embedder or SentenceTransformerEmbedder()
    return run(
        texts,
        chosen.embed(texts),
        languages=languages,
        authors=authors,
        votes=votes,
        corrections=corrections,
        model=chosen.name,
        embed=chosen.embed,
        random_state=random_state,
        progress=progress,
    )
