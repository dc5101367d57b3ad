"""A name for each group: a real quotation of at most twelve words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.nlp.tokens import HAN, is_stop, terms, tokens
from app.nlp.vectors import Labels, Vectors, centroids, compact, rows_by_label

MOST_WORDS = 12
LETTERS_PER_WORD = 2
READ = 30
KEYWORD_SHARE = 0.5
WHOLE_BONUS = 0.1
CLAUSES = re.compile(r"[.!?;:,()\[\]\n\r。！？；：，、（）…–—]+|\s-\s")
# What may lead back to a person is never put on a wall: addresses, links, handles, and anything like a phone number.
PERSONAL = re.compile(r"\S+@\S+|https?://|www\.|(?<!\w)@\w+|\+?\d(?:[\s()./-]*\d){5,}", re.IGNORECASE)


@dataclass(frozen=True)
class Label:
    """A quotation and the row it is from; an empty text with row -1 where nothing can be quoted."""

    text: str
    row: int


NOTHING = Label("", -1)


@dataclass(frozen=True)
class Candidate:
    """A piece of a text that might name its group."""

    text: str
    row: int
    is_whole: bool


def label_groups(
    texts: Sequence[str],
    vectors: Vectors,
    labels: Labels,
    languages: Sequence[str],
    words: dict[int, tuple[str, ...]],
    *,
    taken: frozenset[str] = frozenset(),
) -> dict[int, Label]:
    """Choose a quotation for each group.

    Parameters
    ----------
    texts : sequence of str, length n_texts
    vectors : ndarray of shape (n_texts, n_dimensions)
    labels : ndarray of shape (n_texts,)
        -1 is left out.
    languages : sequence of str, length n_texts
    words : dict of label to tuple of str
        Keywords of each group, best first.
    taken : frozenset of str
        Quotations already in use, which are not used again.

    Returns
    -------
    dict of label to Label
        Each text is a passage of its row, without leading or trailing stop words where it is not the whole text.
    """
    numbered, names = compact(labels)
    middles = centroids(vectors, numbered, len(names))
    used = set(taken)
    found: dict[int, Label] = {}
    for group, rows in rows_by_label(numbered).items():
        name = int(names[group])
        closeness = np.round(vectors[rows] @ middles[group], 5)
        near = np.argsort(-closeness, kind="stable")[:READ]
        order = [(int(rows[at]), float(closeness[at])) for at in near]
        found[name] = best_label(texts, order, languages, words.get(name, ()), used)
        if found[name] is NOTHING:
            found[name] = plain_label(texts, order, languages)
        used.add(found[name].text)
    return found


def best_label(
    texts: Sequence[str],
    order: Sequence[tuple[int, float]],
    languages: Sequence[str],
    words: Sequence[str],
    used: set[str],
) -> Label:
    """Choose the passage that is nearest the middle and says most of what the group is about."""
    best, best_score = NOTHING, -np.inf
    for row, closeness in order:
        for candidate in candidates(texts[row], row, languages[row]):
            if candidate.text in used:
                continue
            score = closeness + KEYWORD_SHARE * covered(candidate.text, languages[row], words)
            score += WHOLE_BONUS * candidate.is_whole
            if score > best_score + 1e-9:
                best, best_score = Label(candidate.text, row), score
    return best


def plain_label(texts: Sequence[str], order: Sequence[tuple[int, float]], languages: Sequence[str]) -> Label:
    """Quote the beginning of the text nearest the middle that points to nobody, whatever it says."""
    for row, _ in order:
        whole = " ".join(texts[row].split())
        found = tokens(whole, languages[row])[:MOST_WORDS]
        if found and not PERSONAL.search(whole):
            return Label(whole[found[0].start : found[-1].end][:140], row)
    return NOTHING


def covered(text: str, language: str, words: Sequence[str]) -> float:
    """Say how much of the keywords a passage holds, the better ones counting more; 0 to 1."""
    if not words:
        return 0.0
    held = set(terms(text, language))
    weights = [1.0 / (place + 1) for place in range(len(words))]
    return sum(weight for weight, word in zip(weights, words, strict=True) if word in held) / sum(weights)


def candidates(text: str, row: int, language: str) -> list[Candidate]:
    """List passages of a text that are short enough to be a name and point to nobody."""
    whole = " ".join(text.split())
    if PERSONAL.search(whole):
        # A number may begin in one clause and end in the next, so the whole text is passed over.
        return []
    if is_short(whole, language) and says_something(whole, language):
        return [Candidate(whole.rstrip(" .;:,"), row, is_whole=True)]
    found: list[Candidate] = []
    for clause in CLAUSES.split(text):
        passage = trimmed(clause, language)
        if passage and says_something(passage, language):
            found.append(Candidate(passage, row, is_whole=False))
    return found


def trimmed(clause: str, language: str) -> str:
    """Cut a clause to twelve words and take stop words off both ends."""
    clause = " ".join(clause.split())
    found = tokens(clause, language)
    meaning = [place for place, token in enumerate(found) if not is_stop(token, language)]
    if not meaning:
        return ""
    first = meaning[0]
    limit = first + (MOST_WORDS * LETTERS_PER_WORD if HAN.match(found[first].word) else MOST_WORDS)
    last = max(place for place in meaning if place < limit)
    return clause[found[first].start : found[last].end]


def is_short(text: str, language: str) -> bool:
    """Say whether a text is at most twelve words, or for Chinese twice as many characters."""
    found = tokens(text, language)
    han = sum(bool(HAN.match(token.word)) for token in found)
    return len(found) - han + han / LETTERS_PER_WORD <= MOST_WORDS and len(text) <= 120


def says_something(text: str, language: str) -> bool:
    """Say whether a passage holds at least two words with meaning."""
    return sum(not is_stop(token, language) for token in tokens(text, language)) >= 2 and len(text) <= 140
