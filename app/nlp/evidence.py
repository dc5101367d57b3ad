"""The words of every group, tried with the model at hand: names, keywords, texts that stand for it, and a summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.corrections import Level
from app.nlp.dissent import Votes, opposed
from app.nlp.families import families
from app.nlp.families import weights as voices
from app.nlp.keywords import Terms, keywords, terms_of
from app.nlp.labels import Label, label_groups
from app.nlp.representatives import representatives
from app.nlp.standing import near_enough, without_language
from app.nlp.summaries import Embed, Summary, summaries
from app.nlp.vectors import Labels, Vectors

OPPOSED_COST = 1.0


@dataclass(frozen=True)
class Said:
    """What was said, read once for all levels.

    Attributes
    ----------
    texts, languages : sequences of str, length n_texts
    raw : ndarray of shape (n_texts, n_dimensions)
        Unit vectors as the model made them.
    level : ndarray of shape (n_texts, n_dimensions)
        The same without what each language has in common.
    authors : sequence, length n_texts, or None
    votes : pair of sequences of int, or None
    heads : ndarray of shape (n_texts,)
        Near-copies, as `app.nlp.families.families` returns them.
    weights : ndarray of shape (n_texts,)
        A family of near-copies counts as one voice.
    terms : Terms
    """

    texts: Sequence[str]
    languages: Sequence[str]
    raw: Vectors
    level: Vectors
    authors: Sequence[object] | None
    votes: Votes | None
    heads: Labels
    weights: NDArray[np.float32]
    terms: Terms

    @property
    def costs(self) -> NDArray[np.floating] | None:
        """A voice that people voted against names a group only where nothing else does."""
        return None if self.votes is None else OPPOSED_COST * opposed(self.votes)


@dataclass(frozen=True)
class Words:
    """What is said of the groups of one level, by label."""

    keywords: dict[int, tuple[str, ...]]
    titles: dict[int, Label]
    representatives: dict[int, tuple[int, ...]]
    summaries: dict[int, Summary]


def read(
    texts: Sequence[str],
    raw: Vectors,
    languages: Sequence[str],
    *,
    authors: Sequence[object] | None = None,
    votes: Votes | None = None,
) -> Said:
    """Find copies and count words, once for all groups of all levels; arguments as for `Said`."""
    heads = families(texts, languages, raw)
    level = without_language(raw, languages)[0]
    return Said(
        texts, languages, raw, level, authors, votes, heads, voices(heads), terms_of(texts, languages)
    )


def words(
    said: Said,
    labels: Labels,
    *,
    embed: Embed | None = None,
    sum_up: Embed | None = None,
    taken: frozenset[str] = frozenset(),
    enough: float | None = None,
) -> Words:
    """Say what the groups of one level say.

    Parameters
    ----------
    said : Said
    labels : ndarray of shape (n_texts,)
        -1 is left out.
    embed, sum_up : callable, optional
        The model, to try names with, and to place single sentences with; see `label_groups` and `summaries`.
    taken : frozenset of str
        Names already in use.
    enough : float, optional
        See `summaries`.

    Returns
    -------
    Words
    """
    found = keywords(said.texts, said.level, labels, said.languages, weights=said.weights, terms=said.terms)
    titles = label_groups(
        said.texts, said.level, labels, said.languages, found,
        taken=taken, heads=said.heads, costs=said.costs, embed=embed, raw=said.raw,
    )  # fmt: skip
    speakers = representatives(
        said.texts, said.level, labels, authors=said.authors, heads=said.heads, languages=said.languages
    )
    told = summaries(
        said.texts, said.raw, labels, said.languages, found,
        authors=said.authors, heads=said.heads, votes=said.votes, embed=sum_up, enough=enough,
    )  # fmt: skip
    return Words(found, titles, speakers, told)


def both_levels(
    said: Said, missions: Labels, projects: Labels, embed: Embed | None = None
) -> dict[Level, Words]:
    """Say what the groups of both levels say, no name used twice.

    Parameters
    ----------
    said : Said
    missions, projects : ndarray of shape (n_texts,)
        -1 is left out.
    embed : callable, optional
        The model that made `said.raw`. With it names are tried against all groups, and single sentences of missions
        are embedded; projects are summed up by whole texts, which costs nothing more.
    """
    enough = near_enough(said.level, missions)
    upper = words(said, missions, embed=embed, sum_up=embed, enough=enough)
    taken = frozenset(title.text for title in upper.titles.values())
    return {
        Level.MISSION: upper,
        Level.PROJECT: words(said, projects, embed=embed, taken=taken, enough=enough),
    }
