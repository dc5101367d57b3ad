"""Of texts near each other: which probably say the same, and which are only about the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.embedding import Embedder
from app.nlp.tokens import is_stop, tokens

BEGINNING = 5  # letters that two forms of a word share


@dataclass(frozen=True)
class Bar:
    """From which cosine on a text counts; the same for every call.

    Chosen on one half of our 656 pairs (`data/pairs.tsv`, halves by the hash of the first text), with the bundled
    model; on the other half "the same" was right for 32 of 33 English pairs named so, which finds 32 of 51, and for
    5 of 5 Spanish ones, which finds 5 of 65. "Related" or the same was right for 88 of 90 English ones. A cosine
    says next to nothing of languages the model does not read: there only texts in nearly the same words are near
    enough, and what else is related is for shared words to say. `tests/nlp/test_closeness.py` counts again.

    Attributes
    ----------
    same : float
        From here on two texts probably say the same, if what differs between them is alike as well.
    related : float or None
        From here on they are about the same; None where the model cannot tell.
    """

    same: float
    related: float | None


READ = Bar(same=0.52, related=0.35)
UNREAD = Bar(same=0.70, related=None)
# The words in which two texts differ are few and stand alone, so they come out less alike than the texts do.
SLACK = 0.2


def same(
    typed: str, others: Sequence[str], cosines: Sequence[float], bar: Bar, embedder: Embedder, language: str
) -> NDArray[np.bool_]:
    """Say which texts probably say the same as one.

    Two texts may be alike in all but the words that matter ("open the clinic", "open the post office"). So what
    stands in one only is compared with what stands in the other only; where one only adds words, nothing differs.

    Parameters
    ----------
    typed : str
    others : sequence of str
    cosines : sequence of float
        Of each of the others to the one.
    bar : Bar
    embedder : Embedder
    language : str
        ISO 639-1 code of the one.

    Returns
    -------
    ndarray of bool of shape (n_others,)
    """
    found = np.asarray(cosines) >= bar.same
    differing = {
        place: both
        for place in np.flatnonzero(found).tolist()
        if all(both := apart(typed, others[place], language))
    }
    if differing:
        vectors = embedder.embed([part for both in differing.values() for part in both])
        alike = np.einsum("ij,ij->i", vectors[::2], vectors[1::2])
        found[list(differing)] = alike + SLACK >= bar.same
    return found


def apart(one: str, other: str, language: str) -> tuple[str, str]:
    """The words with a meaning of their own that stand in one of two texts only, in their order."""
    mine, theirs = words(one, language), words(other, language)
    shared = {beginning(word) for word in mine} & {beginning(word) for word in theirs}
    left, right = (
        " ".join(word for word in each if beginning(word) not in shared) for each in (mine, theirs)
    )
    return left, right


def words(text: str, language: str) -> list[str]:
    return [token.word for token in tokens(text, language) if not is_stop(token, language)]


def beginning(word: str) -> str:
    """The first letters of a word, without accents."""
    plain = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))[:BEGINNING]
