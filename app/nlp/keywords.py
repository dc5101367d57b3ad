"""What a group talks about in a few words: class-based TF-IDF, weighed by closeness to the group's middle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.nlp import unspaced
from app.nlp.tokens import spaced_terms
from app.nlp.vectors import Labels, Vectors, centroids, compact, unit

CANDIDATES = 60


def keywords(
    texts: Sequence[str], vectors: Vectors, labels: Labels, languages: Sequence[str], *, count: int = 5
) -> dict[int, tuple[str, ...]]:
    """Find the words that tell each group from the others.

    Parameters
    ----------
    texts : sequence of str, length n_texts
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length.
    labels : ndarray of shape (n_texts,)
        -1 is left out of the groups but counts for how common a word is.
    languages : sequence of str, length n_texts
        Whose stop words are taken out of each text.
    count : int, default 5
        Most words per group.

    Returns
    -------
    dict of label to tuple of str
        Best first; no two of one stem. Empty for a group whose texts hold only stop words.

    Notes
    -----
    A word's score is its closeness to the middle of the group times the square root of its class-based TF-IDF. A
    word is where the texts that use it are, so no model is needed here.

    References
    ----------
    M. Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", 2022.
    """
    numbered, names = compact(labels)
    counts, vocabulary = term_counts(documents_of(texts, languages))
    weights = class_weights(counts, numbered, len(names))
    places = word_places(counts, vectors)
    middles = centroids(vectors, numbered, len(names))
    found: dict[int, tuple[str, ...]] = {}
    for group, name in enumerate(names):
        row = weights[[group]]
        # The lowest word wins a tie, so that the order does not hang on how a sort came out.
        best = np.lexsort((row.indices, -np.round(row.data, 6)))[:CANDIDATES]
        columns = row.indices[best]
        closeness = np.clip(places[columns] @ middles[group], 0, 1)
        scores = closeness * np.sqrt(row.data[best])
        ranked = [vocabulary[columns[at]] for at in np.argsort(-np.round(scores, 6), kind="stable")]
        found[int(name)] = unlike(ranked, count)
    return found


def documents_of(texts: Sequence[str], languages: Sequence[str]) -> list[list[str]]:
    """List the terms of each text; where no spaces are written, the words that several of the texts share."""
    spaced = [spaced_terms(text, language) for text, language in zip(texts, languages, strict=True)]
    runs = [unspaced.runs(text, language) for text, language in zip(texts, languages, strict=True)]
    return [one + other for one, other in zip(spaced, unspaced.words(runs), strict=True)]


def term_counts(documents: Sequence[Sequence[str]]) -> tuple[sparse.csr_matrix, list[str]]:
    """Count terms: a matrix of shape (n_texts, n_terms), and the terms in alphabetical order.

    A text says a word once however often it repeats it, so that nobody shouts a group's name into being.
    """
    seen = Counter(term for document in documents for term in set(document))
    least = 2 if len(documents) > 20 else 1
    vocabulary = sorted(term for term, times in seen.items() if times >= least)
    column = {term: place for place, term in enumerate(vocabulary)}
    rows, columns = [], []
    for row, document in enumerate(documents):
        known = sorted({column[term] for term in document if term in column})
        rows.extend([row] * len(known))
        columns.extend(known)
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(documents), len(vocabulary))), vocabulary


def class_weights(counts: sparse.csr_matrix, labels: Labels, groups: int) -> sparse.csr_matrix:
    """Weigh terms per group: share within the group times log(1 + mean terms per group / occurrences)."""
    grouped = np.flatnonzero(labels >= 0)
    ones = np.ones(len(grouped), dtype=np.float32)
    member = sparse.csr_matrix((ones, (labels[grouped], grouped)), shape=(groups, len(labels)))
    totals = (member @ counts).tocsr()
    everywhere = np.asarray(counts.sum(axis=0)).ravel()
    mean = float(totals.sum()) / max(1, groups)
    rarity = np.log1p(mean / np.maximum(everywhere, 1.0))
    share = sparse.diags_array(1.0 / np.maximum(np.asarray(totals.sum(axis=1)).ravel(), 1.0))
    weights = (share @ totals @ sparse.diags_array(rarity)).tocsr()
    weights.sort_indices()
    return weights


def word_places(counts: sparse.csr_matrix, vectors: Vectors) -> NDArray[np.float32]:
    """Find the unit mean vector of the texts that use each word."""
    return unit(np.asarray((counts.T @ vectors.astype(np.float64)), dtype=np.float64))


def unlike(ranked: Sequence[str], count: int) -> tuple[str, ...]:
    """Take the best terms of which none repeats a word of a better one, in whatever form."""
    taken: list[str] = []
    for term in ranked:
        if not any(
            one_stem(word, known) for word in term.split() for other in taken for known in other.split()
        ):
            taken.append(term)
        if len(taken) == count:
            break
    return tuple(taken)


def one_stem(one: str, other: str) -> bool:
    """Say whether two words look like forms of one; crude, and meant only to tell repeats."""
    if unspaced.UNSPACED.match(one) or unspaced.UNSPACED.match(other):
        return one in other or other in one or bool({*unspaced.pairs(one)} & {*unspaced.pairs(other)})
    shared = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return one.rstrip("s") == other.rstrip("s") or shared >= max(4, min(len(one), len(other)) - 2)
