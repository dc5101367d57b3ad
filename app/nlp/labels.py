"""A name for each group: a real quotation of at most twelve words, or a phrase of several that tells it better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.families import CAMPAIGN
from app.nlp.families import weights as voices
from app.nlp.passages import LONGEST, MOST_WORDS, candidates, covered, is_personal, passage_of, stems_of
from app.nlp.phrases import phrases
from app.nlp.tokens import tokens
from app.nlp.vectors import Labels, Vectors, centroids, compact, rows_by_label, unit

Embed = Callable[[Sequence[str]], Vectors]

# The texts nearest the middle that are read, over all groups and of one.
READ_IN_ALL, READ_AT_MOST, READ_AT_LEAST = 6000, 30, 10
KEYWORD_SHARE = 0.5
OTHER_LANGUAGE_COST = 0.15
# With a model at hand so many names are tried, over all groups and for one.
TRIED_IN_ALL, TRIED_AT_MOST, TRIED_AT_LEAST = 900, 10, 3
MARGIN_SHARE = 1.0
FAR_WORSE = 0.7
FEWEST_GROUPS = 3
PHRASES = 4


@dataclass(frozen=True)
class Label:
    """A name and the row it is quoted from; row -1 for a phrase that belongs to nobody, or for no name at all."""

    text: str
    row: int


NOTHING = Label("", -1)


@dataclass(frozen=True)
class Scored:
    """A name that a group might have, and how well it reads."""

    label: Label
    score: float


def label_groups(
    texts: Sequence[str],
    vectors: Vectors,
    labels: Labels,
    languages: Sequence[str],
    words: Mapping[int, tuple[str, ...]],
    *,
    taken: frozenset[str] = frozenset(),
    heads: Labels | None = None,
    costs: NDArray[np.floating] | None = None,
    embed: Embed | None = None,
    raw: Vectors | None = None,
) -> dict[int, Label]:
    """Choose a name for each group.

    Parameters
    ----------
    texts : sequence of str, length n_texts
    vectors : ndarray of shape (n_texts, n_dimensions)
    labels : ndarray of shape (n_texts,)
        -1 is left out.
    languages : sequence of str, length n_texts
    words : mapping of label to tuple of str
        Keywords of each group, best first.
    taken : frozenset of str
        Names already in use, which are not used again.
    heads : ndarray of shape (n_texts,), optional
        Near-copies, as `app.nlp.families.families` returns them: a family counts as one voice, and a campaign gives a
        group its name only where nothing else is there.
    costs : ndarray of shape (n_texts,), optional
        How much less welcome a quotation of each text is, in cosine: of one that people voted against, say.
    embed : callable, optional
        Turns names into unit vectors of the model that made `raw`. With it a few names of each group are tried, and
        one is preferred that ranks its own group first among all.
    raw : ndarray of shape (n_texts, n_dimensions), optional
        Vectors as the model made them, where `vectors` were moved; `vectors` when None.

    Returns
    -------
    dict of label to Label
        A passage of its row, without leading or trailing stop words where it is not the whole text, and with three
        dots where it was cut; or, where only that ranks its own group first, a phrase of three texts or more.
    """
    numbered, names = compact(labels)
    kin = np.arange(len(texts), dtype=np.int64) if heads is None else heads
    weights = voices(kin)
    middles = centroids(vectors * weights[:, None], numbered, len(names))
    read = int(np.clip(READ_IN_ALL // max(1, len(names)), READ_AT_LEAST, READ_AT_MOST))
    groups = rows_by_label(numbered).items()
    orders = [central(vectors, rows, middles[group], kin, read) for group, rows in groups]
    told = [words.get(int(name), ()) for name in names]
    tried = [
        quotations(texts, welcome(order, costs), languages, keywords, taken)
        for order, keywords in zip(orders, told, strict=True)
    ]
    if embed is not None and len(names) >= FEWEST_GROUPS:
        source = vectors if raw is None else raw
        centers = centroids(source * weights[:, None], numbered, len(names))

        def said_by_several(group: int) -> list[str]:
            return phrases(texts, [row for row, _ in orders[group]], languages, told[group], PHRASES)

        short = [shortened(found, len(names)) for found in tried]
        tried = helped(judged(short, embed, centers), embed, centers, said_by_several)
    return named(texts, languages, names.tolist(), tried, orders, taken)


def named(
    texts: Sequence[str],
    languages: Sequence[str],
    names: Sequence[int],
    tried: Sequence[Sequence[Scored]],
    orders: Sequence[Sequence[tuple[int, float]]],
    taken: frozenset[str],
) -> dict[int, Label]:
    """Give each group the best of its names that no group before it has."""
    used = set(taken)
    chosen: dict[int, Label] = {}
    for name, found, order in zip(names, tried, orders, strict=True):
        best = next((one.label for one in found if one.label.text not in used), NOTHING)
        chosen[name] = best if best is not NOTHING else plain_label(texts, order, languages)
        used.add(chosen[name].text)
    return chosen


def central(
    vectors: Vectors, rows: Labels, middle: Vectors, heads: Labels, read: int
) -> list[tuple[int, float]]:
    """The rows nearest the middle with their closeness, one of each family; campaigns come last."""
    closeness = np.round(vectors[rows] @ middle, 5)
    local = np.unique(heads[rows], return_inverse=True)[1]
    is_campaign = np.bincount(local)[local] >= CAMPAIGN
    order = np.lexsort((np.arange(len(rows)), -closeness, is_campaign))
    order = order[np.sort(np.unique(local[order], return_index=True)[1])]
    honest = order[~is_campaign[order]]
    order = (honest if len(honest) else order)[:read]
    return [(int(rows[at]), float(closeness[at])) for at in order]


def welcome(
    order: Sequence[tuple[int, float]], costs: NDArray[np.floating] | None
) -> Sequence[tuple[int, float]]:
    """The same rows, those that cost something as if they were farther away."""
    return order if costs is None else [(row, near - float(costs[row])) for row, near in order]


def quotations(
    texts: Sequence[str],
    order: Sequence[tuple[int, float]],
    languages: Sequence[str],
    words: Sequence[str],
    taken: frozenset[str],
) -> list[Scored]:
    """Passages near the middle that say most of what the group is about, best first."""
    spoken = Counter(languages[row] for row, _ in order)
    usual = max(spoken, key=lambda code: (spoken[code], code))
    found: list[Scored] = []
    for row, closeness in order:
        language = languages[row]
        cost = OTHER_LANGUAGE_COST * (language != usual)
        for one in candidates(texts[row], row, language):
            held = covered(stems_of(one.text, language), words, language)
            if one.text not in taken:
                found.append(
                    Scored(Label(one.text, row), closeness + one.bonus + KEYWORD_SHARE * held - cost)
                )
    return sorted(found, key=lambda one: -round(one.score, 9))


def shortened(found: Sequence[Scored], groups: int) -> list[Scored]:
    """As many names as can be tried, no two the same, and none that reads far worse than the best."""
    found = [one for one in found if one.score >= found[0].score - FAR_WORSE]
    most = int(np.clip(TRIED_IN_ALL // max(1, groups), TRIED_AT_LEAST, TRIED_AT_MOST))
    return list({one.label.text: one for one in reversed(found)}.values())[::-1][:most]


@dataclass(frozen=True)
class Judged:
    """The names of a group in the order of how well they tell it, and how many groups the first is nearer to."""

    names: list[Scored]
    rank: int


def judged(tried: Sequence[Sequence[Scored]], embed: Embed, middles: Vectors) -> list[Judged]:
    """Order the names of each group by whether their own vector is nearest to it, and then by how they read.

    What all groups have in common is taken out, or a name would be near every group of a call about one thing.
    """
    said = list(dict.fromkeys(one.label.text for found in tried for one in found))
    place = {text: at for at, text in enumerate(said)}
    common = middles.mean(axis=0)
    near = unit(embed(said) - common) @ unit(middles - common).T if said else np.zeros((0, len(middles)))
    ordered: list[Judged] = []
    for group, found in enumerate(tried):
        told = [standing(near[place[one.label.text]], group) for one in found]
        keys = sorted(
            (rank, -round(one.score + MARGIN_SHARE * margin, 6), at)
            for at, (one, (rank, margin)) in enumerate(zip(found, told, strict=True))
        )
        ordered.append(Judged([found[at] for *_rest, at in keys], keys[0][0] if keys else len(middles)))
    return ordered


def helped(
    found: Sequence[Judged], embed: Embed, middles: Vectors, phrases_of: Callable[[int], list[str]]
) -> list[list[Scored]]:
    """Where no quotation ranks its group first, a phrase that ranks it better goes before them."""
    wanting = {at: phrases_of(at) for at, one in enumerate(found) if one.rank > 0}
    tried = [[Scored(Label(text, -1), 0.0) for text in wanting.get(at, ())] for at in range(len(found))]
    better = judged(tried, embed, middles)
    return [
        [*other.names, *one.names] if other.rank < one.rank else one.names
        for one, other in zip(found, better, strict=True)
    ]


def standing(near: NDArray[np.floating], group: int) -> tuple[int, float]:
    """How many groups a name is nearer to than to its own, and how much nearer it is to its own than to any other."""
    own = float(near[group])
    others = np.delete(near, group)
    return int((others > own).sum()), own - float(others.max(initial=-1.0))


def plain_label(texts: Sequence[str], order: Sequence[tuple[int, float]], languages: Sequence[str]) -> Label:
    """Quote the beginning of the text nearest the middle that points to nobody, whatever it says."""
    for row, _ in order:
        whole = " ".join(texts[row].split())
        found = tokens(whole, languages[row])[:MOST_WORDS]
        if found and not is_personal(whole):
            return Label(passage_of(whole, whole[found[0].start : found[-1].end][:LONGEST]), row)
    return NOTHING
