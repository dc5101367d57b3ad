"""What a group talks about in a few words: class-based TF-IDF, weighed by closeness to the group's middle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from app.nlp import unspaced
from app.nlp.stems import stem
from app.nlp.stopwords import stop_words
from app.nlp.tokens import spaced_terms
from app.nlp.vectors import Labels, Vectors, centroids, compact, unit

CANDIDATES = 60
FEWEST_TEXTS, EVERYWHERE = 30, 1 / 6
SMALL = 20  # in a set of so few texts a word need not stand in two of them


@dataclass(frozen=True)
class Terms:
    """Which text says what.

    Attributes
    ----------
    counts : csr_matrix of shape (n_texts, n_terms)
        1 where a text uses a term in any form, however often, so that nobody shouts a group's name into being.
    vocabulary : list of str
        The commonest form of each term.
    """

    counts: sparse.csr_matrix
    vocabulary: list[str]


def keywords(
    texts: Sequence[str],
    vectors: Vectors,
    labels: Labels,
    languages: Sequence[str],
    *,
    count: int = 5,
    weights: NDArray[np.floating] | None = None,
    terms: Terms | None = None,
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
        Whose stop words are taken out of each text, and whose stemmer folds the rest.
    count : int, default 5
        Most words per group.
    weights : ndarray of shape (n_texts,), optional
        How much of a voice each text is, 0 to 1, as `app.nlp.families.weights` says; all 1 when None.
    terms : Terms, optional
        What `terms_of` found in the same texts, where several partitions of them are described.

    Returns
    -------
    dict of label to tuple of str
        Best first, each in its commonest form; no two of one stem. Empty for a group whose texts hold only stop
        words.

    Notes
    -----
    A word's score is its closeness to the middle of the group times the square root of its class-based TF-IDF. A
    word is where the texts that use it are, so no model is needed here.

    References
    ----------
    M. Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", 2022.
    """
    numbered, names = compact(labels)
    known = terms or terms_of(texts, languages)
    counts = known.counts
    if weights is not None:
        counts = sparse.diags_array(np.asarray(weights, dtype=np.float32)).dot(counts).tocsr()
    weighed = class_weights(counts, numbered, len(names))
    chosen = [best_columns(weighed, group) for group in range(len(names))]
    places = word_places(counts, vectors, chosen)
    middles = centroids(vectors if weights is None else vectors * weights[:, None], numbered, len(names))
    found: dict[int, tuple[str, ...]] = {}
    for name, middle, (columns, share) in zip(names, middles, chosen, strict=True):
        closeness = np.clip([places[column] @ middle for column in columns], 0, 1)
        scores = np.asarray(closeness) * np.sqrt(share)
        ranked = [known.vocabulary[columns[at]] for at in np.argsort(-np.round(scores, 6), kind="stable")]
        found[int(name)] = unlike(ranked, count)
    return found


def terms_of(texts: Sequence[str], languages: Sequence[str]) -> Terms:
    """Read the words and pairs of words of each text, forms of one word as one.

    Parameters
    ----------
    texts, languages : sequences of str, length n_texts

    Returns
    -------
    Terms
        Terms in alphabetical order; those of a single text are left out where there are more than twenty texts.
    """
    folded: dict[tuple[str, str], int] = {}
    column_of: dict[str, int] = {}
    forms = Counter[tuple[int, str]]()
    rows: list[int] = []
    columns: list[int] = []
    for row, (document, language) in enumerate(zip(documents_of(texts, languages), languages, strict=True)):
        said: set[int] = set()
        for term in set(document):
            column = folded.get((term, language))
            if column is None:
                column = column_of.setdefault(stem(term, language), len(column_of))
                folded[term, language] = column
            forms[column, term] += 1
            said.add(column)
        rows.extend([row] * len(said))
        columns.extend(said)
    ones = np.ones(len(rows), dtype=np.float32)
    counts = sparse.csr_matrix((ones, (rows, columns)), shape=(len(texts), len(column_of)))
    least = 2 if len(texts) > SMALL else 1
    kept = np.flatnonzero(np.asarray(counts.sum(axis=0)).ravel() >= least)
    shown = commonest(forms)
    order = sorted(kept.tolist(), key=lambda column: (shown[column], column))
    return Terms(counts[:, order].tocsr(), [shown[column] for column in order])


def commonest(forms: Counter[tuple[int, str]]) -> dict[int, str]:
    """The form of each term that most texts use; the first in the alphabet on a tie."""
    best: dict[int, tuple[int, str]] = {}
    for (column, form), times in forms.items():
        mine = (-times, form)
        if column not in best or mine < best[column]:
            best[column] = mine
    return {column: form for column, (_times, form) in best.items()}


def documents_of(texts: Sequence[str], languages: Sequence[str]) -> list[list[str]]:
    """List the terms of each text; where no spaces are written, the words that several of the texts share."""
    spaced = [spaced_terms(text, language) for text, language in zip(texts, languages, strict=True)]
    for code, words in everywhere(spaced, languages).items():
        for row, language in enumerate(languages):
            if language == code:
                spaced[row] = [term for term in spaced[row] if words.isdisjoint(term.split(" "))]
    runs = [unspaced.runs(text, language) for text, language in zip(texts, languages, strict=True)]
    return [one + other for one, other in zip(spaced, unspaced.words(runs), strict=True)]


def everywhere(documents: Sequence[Sequence[str]], languages: Sequence[str]) -> dict[str, set[str]]:
    """The words that stand in every sixth text of a language without a list of stop words: most are its grammar."""
    sizes = Counter(languages)
    unlisted = {code for code, size in sizes.items() if size >= FEWEST_TEXTS and not stop_words(code)}
    counts: dict[str, Counter[str]] = {code: Counter() for code in unlisted}
    for document, code in zip(documents, languages, strict=True):
        if code in unlisted:
            counts[code].update({term for term in document if " " not in term})
    return {
        code: {word for word, times in found.items() if times >= EVERYWHERE * sizes[code]}
        for code, found in counts.items()
    }


def best_columns(weighed: sparse.csr_matrix, group: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The terms that tell a group best by class-based TF-IDF, and how well; the lowest column wins a tie."""
    start, end = weighed.indptr[group], weighed.indptr[group + 1]
    indices, data = weighed.indices[start:end], weighed.data[start:end]
    best = np.lexsort((indices, -np.round(data, 6)))[:CANDIDATES]
    return indices[best].astype(np.int64), data[best].astype(np.float64)


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


def word_places(
    counts: sparse.csr_matrix,
    vectors: Vectors,
    chosen: Sequence[tuple[NDArray[np.int64], NDArray[np.float64]]],
) -> dict[int, Vectors]:
    """Find the unit mean vector of the texts that use each of the chosen words."""
    columns = np.unique(np.concatenate([found for found, _ in chosen])) if chosen else np.zeros(0, np.int64)
    places = unit(np.asarray(counts[:, columns].T @ vectors))
    return dict(zip(columns.tolist(), places, strict=True))


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
