"""Phrases of two to five words that several texts share: a name where no quotation tells a group from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.nlp.names import WITHOUT_CAPITALS
from app.nlp.passages import covered, is_personal, stems_of
from app.nlp.stems import stem
from app.nlp.tokens import Token, is_stop, tokens
from app.nlp.unspaced import UNSPACED

MOST_WORDS = 5
SEVERAL = 3
# A phrase of several words may hold these between two words of meaning, and no other word of grammar.
JOINTS = frozenset(
    {"of", "for", "in", "and", "to"}
    | {"de", "del", "la", "el", "los", "las", "y", "en", "para", "al", "a"}
    | {"du", "des", "le", "les", "et", "da", "do", "dos", "das", "e"}
)


def phrases(
    texts: Sequence[str], rows: Sequence[int], languages: Sequence[str], words: Sequence[str], most: int
) -> list[str]:
    """Find what several of the texts call their subject.

    Parameters
    ----------
    texts, languages : sequences of str
    rows : sequence of int
        The texts to read, of different authors and no copies of each other.
    words : sequence of str
        Keywords of the group; a phrase holds at least one.
    most : int

    Returns
    -------
    list of str
        Phrases that stand in at least three of the texts, in the form that most of them use and with a capital, best
        first. They belong to nobody: no text needs to be named as their source.
    """
    scored: list[tuple[float, str]] = []
    for (_folded, language), forms in forms_of(texts, rows, languages).items():
        times = forms.total()
        if times < SEVERAL:
            continue
        form = max(forms.items(), key=lambda item: (item[1], item[0]))[0]
        held = covered(stems_of(form, language), words, language)
        if held > 0:
            scored.append((-held * times**0.5, form))
    found = dict.fromkeys(form[:1].upper() + form[1:] for _score, form in sorted(scored))
    return list(found)[:most]


def forms_of(
    texts: Sequence[str], rows: Sequence[int], languages: Sequence[str]
) -> dict[tuple[str, str], Counter[str]]:
    """For each phrase, folded, with its language: in how many of the texts each form of it stands."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        if is_personal(texts[row]):
            continue
        language = languages[row]
        said = {
            (stem(form.casefold(), language), language): form
            for form in spans(texts[row], language)
            if not names_somebody(form, language)
        }
        for key, form in said.items():
            found.setdefault(key, Counter())[form] += 1
    return found


def names_somebody(form: str, language: str) -> bool:
    """Whether a phrase may hold the name of a person: a capital after its first word."""
    return language not in WITHOUT_CAPITALS and any(word[:1].isupper() for word in form.split()[1:])


def spans(text: str, language: str) -> list[str]:
    """List the stretches of two to five words that begin and end with a word of meaning and hold no sign."""
    found = tokens(text, language)
    stretches: list[str] = []
    for first, token in enumerate(found):
        if is_stop(token, language) or UNSPACED.match(token.word):
            continue
        meant = 1
        for last in range(first + 1, min(len(found), first + MOST_WORDS)):
            if not goes_on(text, found[last - 1], found[last], language):
                break
            if is_stop(found[last], language):
                continue
            meant += 1
            stretches.append(text[token.start : found[last].end])
            if meant == MOST_WORDS - 1:
                break
    return stretches


def goes_on(text: str, before: Token, token: Token, language: str) -> bool:
    """Say whether a phrase may go on with this word: after one space, and through joints only."""
    if text[before.end : token.start] != " " or UNSPACED.match(token.word):
        return False
    return not is_stop(token, language) or token.word in JOINTS
