"""A name for each group: a real quotation of at most twelve words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.nlp.tokens import Token, is_stop, terms, tokens
from app.nlp.unspaced import UNSPACED
from app.nlp.vectors import Labels, Vectors, centroids, compact, rows_by_label

MOST_WORDS = 12
LETTERS_PER_WORD = 2
FEWEST_CHARACTERS = 8  # of a cut passage where no spaces are written
CUT = "…"
READ = 30
KEYWORD_SHARE = 0.5
TITLE_BONUS, SENTENCE_BONUS, CLAUSE_BONUS = 0.2, 0.1, 0.05
OTHER_LANGUAGE_COST = 0.15
SENTENCES = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|[\n\r]+")
# A clause may begin with what tied it to the one before; the rest reads well without it.
TIES = frozenset(
    {"and", "because", "but", "if", "or", "so", "that", "when", "which", "while", "who", "then"}
    | {"cuando", "o", "pero", "porque", "pues", "que", "si", "u", "y"}
    | {"car", "et", "mais", "ou", "mas", "aber", "dass", "oder", "und", "weil", "wenn"}
)
CLAUSES = re.compile(r"[.,](?!\d)|[!?;:()\[\]\n\r。！？；：，、（）…–—]+|\s-\s")
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
    bonus: float


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
        Each text is a passage of its row, without leading or trailing stop words where it is not the whole text,
        and with three dots where it was cut.
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
    spoken = Counter(languages[row] for row, _ in order)
    usual = max(spoken, key=lambda code: (spoken[code], code))
    best, best_score = NOTHING, -np.inf
    for row, closeness in order:
        for candidate in candidates(texts[row], row, languages[row]):
            score = (
                closeness + candidate.bonus + KEYWORD_SHARE * covered(candidate.text, languages[row], words)
            )
            score -= OTHER_LANGUAGE_COST * (languages[row] != usual)
            if candidate.text not in used and score > best_score + 1e-9:
                best, best_score = Label(candidate.text, row), score
    return best


def plain_label(texts: Sequence[str], order: Sequence[tuple[int, float]], languages: Sequence[str]) -> Label:
    """Quote the beginning of the text nearest the middle that points to nobody, whatever it says."""
    for row, _ in order:
        whole = " ".join(texts[row].split())
        found = tokens(whole, languages[row])[:MOST_WORDS]
        if found and not PERSONAL.search(whole):
            return Label(passage_of(whole, whole[found[0].start : found[-1].end][:140]), row)
    return NOTHING


def covered(text: str, language: str, words: Sequence[str]) -> float:
    """Say how much of the keywords a passage holds, the better ones counting more; 0 to 1."""
    if not words:
        return 0.0
    held = set(terms(text, language))
    weights = [1.0 / (place + 1) for place in range(len(words))]
    return sum(weight for weight, word in zip(weights, words, strict=True) if word in held) / sum(weights)


def candidates(text: str, row: int, language: str) -> list[Candidate]:
    """List passages of a text that are short enough to be a name and point to nobody: its title, when its first
    line is short, whole sentences, whole clauses, and failing these the beginnings of longer clauses."""
    if PERSONAL.search(" ".join(text.split())):
        # A number may begin in one clause and end in the next, so the whole text is passed over.
        return []
    found: list[Candidate] = []
    sentences = [sentence for sentence in map(str.strip, SENTENCES.split(text)) if sentence]
    has_title = "\n" in text.strip()
    for place, sentence in enumerate(sentences):
        if is_short(sentence, language):
            bonus = TITLE_BONUS if has_title and not place else SENTENCE_BONUS
            found.append(Candidate(sentence.rstrip(" .;:,"), row, bonus))
            continue
        for clause in CLAUSES.split(sentence):
            whole = untied(clause)
            is_whole = is_short(whole, language)
            passage = whole if is_whole else trimmed(clause, language)
            found.append(Candidate(passage, row, CLAUSE_BONUS if is_whole else 0.0))
    return [one for one in found if says_something(one.text, language)]


def untied(clause: str) -> str:
    """Drop the conjunctions a clause begins with."""
    words = clause.split()
    while words and words[0].casefold() in TIES:
        words = words[1:]
    return " ".join(words)


def trimmed(clause: str, language: str) -> str:
    """Cut a clause to twelve words and take stop words off both ends; where it goes on, three dots say so."""
    clause = " ".join(clause.split())
    found = tokens(clause, language)
    meaning = [place for place, token in enumerate(found) if not is_stop(token, language)]
    if not meaning:
        return ""
    first = meaning[0]
    limit = first + (MOST_WORDS * LETTERS_PER_WORD if UNSPACED.match(found[first].word) else MOST_WORDS)
    last = max(place for place in meaning if place < limit)
    if last + 1 < len(found) and UNSPACED.match(found[last].word):
        last = last_end(found, first, last, language)
    return passage_of(clause, clause[found[first].start : found[last].end])


def last_end(found: Sequence[Token], first: int, last: int, language: str) -> int:
    """Go back to where a word surely ends: before a character of grammar, a sign or a space."""
    ends = (
        place
        for place in range(last, first + FEWEST_CHARACTERS, -1)
        if is_stop(found[place + 1], language) or found[place + 1].start > found[place].end
    )
    return next(ends, last)


def passage_of(whole: str, passage: str) -> str:
    """A passage that ends before its text does says so."""
    rest = whole[whole.find(passage) + len(passage) :]
    return passage + CUT if any(letter.isalnum() for letter in rest) else passage


def is_short(text: str, language: str) -> bool:
    """Say whether a text is at most twelve words, or for Chinese twice as many characters."""
    found = tokens(text, language)
    han = sum(bool(UNSPACED.match(token.word)) for token in found)
    return len(found) - han + han / LETTERS_PER_WORD <= MOST_WORDS and len(text) <= 120


def says_something(text: str, language: str) -> bool:
    """Say whether a passage holds at least two words with meaning, and three in all."""
    found = tokens(text, language)
    return sum(not is_stop(token, language) for token in found) >= 2 and len(found) >= 3 and len(text) <= 140
