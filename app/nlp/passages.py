"""Passages of a text that are short enough to be a name: its title, whole sentences, clauses, beginnings of clauses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.nlp.sentences import sentences
from app.nlp.stems import stem
from app.nlp.tokens import Token, is_stop, terms, tokens
from app.nlp.unspaced import UNSPACED

MOST_WORDS = 12
LETTERS_PER_WORD = 2
FEWEST_CHARACTERS = 8  # of a cut passage where no spaces are written
LONGEST = 140
SENTENCES_READ = 40
CUT = "…"
# What reads best: a title, a whole sentence, a whole clause, and last a piece that was cut out.
TITLE_BONUS, SENTENCE_BONUS, CLAUSE_BONUS, PIECE_BONUS = 0.35, 0.25, 0.1, -0.1
# A clause may begin with what tied it to the one before; the rest reads well without it.
TIES = frozenset(
    {"and", "because", "but", "if", "or", "so", "that", "when", "which", "while", "who", "then"}
    | {"cuando", "o", "pero", "porque", "pues", "que", "si", "u", "y"}
    | {"car", "et", "mais", "ou", "mas", "aber", "dass", "oder", "und", "weil", "wenn"}
)
# What follows one of these was not said for itself: "if the dam is built, we leave" asks for no dam.
CONDITIONS = frozenset(
    {"if", "unless", "whether", "although", "though", "except", "si", "aunque", "excepto", "salvo"}
    | {"wenn", "falls", "obwohl"}
)
# A passage never begins after one of these: it would say the opposite.
NEGATIONS = frozenset(
    {"no", "not", "never", "none", "nobody", "nothing", "nor", "neither", "cannot", "without", "against"}
    | {"nunca", "jamás", "nada", "nadie", "ni", "ningún", "ninguna", "ninguno", "sin", "tampoco", "contra"}
    | {"ne", "pas", "jamais", "rien", "sans", "contre", "não", "nem", "nenhum", "nenhuma", "sem"}
    | {"nicht", "nie", "kein", "keine", "keinen", "keiner", "keinem", "ohne", "gegen", "nichts", "niemand"}
)
CLAUSES = re.compile(r"[.,](?!\d)|[!?;:()\[\]\n\r。！？；：，、（）…–—]+|\s-\s")
# What may lead back to a person is never put on a wall: addresses, links, handles, and anything like a phone number.
PERSONAL = re.compile(r"\S@\S|https?://|www\.|(?<!\w)@\w+|\+?\d(?:[\s()./-]*\d){5,}", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A piece of a text that might name its group."""

    text: str
    row: int
    bonus: float


def candidates(text: str, row: int, language: str) -> list[Candidate]:
    """List passages of a text that are short enough to be a name and point to nobody.

    Parameters
    ----------
    text : str
    row : int
        Its number, kept in the result.
    language : str

    Returns
    -------
    list of Candidate
        Its title, when its first line is short, whole sentences, whole clauses, and failing these the beginnings of
        longer clauses; none of a text in which something may lead back to a person.
    """
    if is_personal(text):
        # A number may begin in one clause and end in the next, so the whole text is passed over.
        return []
    found: list[Candidate] = []
    has_title = "\n" in text.strip()
    for place, sentence in enumerate(sentences(text)[:SENTENCES_READ]):
        words = tokens(sentence.text, language)
        if is_short(sentence.text, words):
            bonus = TITLE_BONUS if has_title and not place else SENTENCE_BONUS
            if says_something(sentence.text, words, language):
                found.append(Candidate(sentence.text.rstrip(" .;:,。"), row, bonus))
            continue
        for clause in CLAUSES.split(sentence.text):
            found += of_clause(clause, row, language)
    return found


def is_personal(text: str) -> bool:
    """Say whether something in a text may lead back to a person."""
    return PERSONAL.search(" ".join(text.split())) is not None


def of_clause(clause: str, row: int, language: str) -> list[Candidate]:
    """The clause where it is short enough, else its beginning; nothing where that says nothing."""
    if is_condition(clause):
        return []
    whole = untied(clause)
    words = tokens(whole, language)
    if is_short(whole, words):
        return [Candidate(whole, row, CLAUSE_BONUS)] if says_something(whole, words, language) else []
    passage = trimmed(clause, language)
    says = says_something(passage, tokens(passage, language), language)
    return [Candidate(passage, row, PIECE_BONUS)] if says else []


def is_condition(clause: str) -> bool:
    """Say whether a clause begins with a condition, after conjunctions."""
    for word in clause.split():
        if word.casefold() in CONDITIONS:
            return True
        if word.casefold() not in TIES:
            return False
    return False


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
    if any(negates(token) for token in found[:first]):
        first = 0
    limit = first + (MOST_WORDS * LETTERS_PER_WORD if UNSPACED.match(found[first].word) else MOST_WORDS)
    last = max(place for place in meaning if place < limit)
    if last + 1 < len(found) and UNSPACED.match(found[last].word):
        last = last_end(found, first, last, language)
    return passage_of(clause, clause[found[first].start : found[last].end])


def negates(token: Token) -> bool:
    """Whether a word turns what follows into its opposite."""
    return token.word in NEGATIONS or token.word.endswith("n't")


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


def is_short(text: str, words: Sequence[Token]) -> bool:
    """Say whether a text is at most twelve words, or for Chinese twice as many characters."""
    if len(text) > 120:
        return False
    han = sum(bool(UNSPACED.match(token.word)) for token in words)
    return len(words) - han + han / LETTERS_PER_WORD <= MOST_WORDS


def says_something(text: str, words: Sequence[Token], language: str) -> bool:
    """Say whether a passage holds at least two words with meaning, and three in all."""
    meant = sum(not is_stop(token, language) for token in words)
    return meant >= 2 and len(words) >= 3 and len(text) <= LONGEST


def stems_of(text: str, language: str) -> set[str]:
    """What a passage is about: its words and pairs of words, forms of one as one."""
    return {stem(term, language) for term in terms(text, language)}


def covered(held: set[str], words: Sequence[str], language: str) -> float:
    """Say how much of the keywords is among the stems held.

    Parameters
    ----------
    held : set of str
        As `stems_of` returns them.
    words : sequence of str
        Keywords, best first: the second counts half as much as the first, the third a third.
    language : str
        Of the text that holds the stems.

    Returns
    -------
    float
        0 to 1; 0 for no keywords.
    """
    if not words:
        return 0.0
    weights = [1.0 / (place + 1) for place in range(len(words))]
    told = sum(
        w for w, word in zip(weights, words, strict=True) if word in held or stem(word, language) in held
    )
    return told / sum(weights)
