"""What a group says, in at most five sentences that people wrote: how much each stands for, and what is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.cover import cover, numbered
from app.nlp.dissent import Dissent, Votes, dissenting, opposed
from app.nlp.families import CAMPAIGN, campaigns
from app.nlp.families import weights as voices
from app.nlp.quoting import Quotation, Told, quotable
from app.nlp.standing import near_enough, without_language
from app.nlp.vectors import Labels, Vectors, rows_by_label, unit

Embed = Callable[[Sequence[str]], Vectors]
Likeness = NDArray[np.float32]

MOST = 5
# Sentences that are embedded, over all groups and of one group; a text of one sentence has its vector already.
EMBEDDED_IN_ALL, EMBEDDED_AT_MOST, EMBEDDED_AT_LEAST = 2000, 400, 6
STARTED_FROM, STOOD_FOR = 240, 1200
# Texts whose sentences may be said, over all groups and of one group.
TRIED_IN_ALL, TRIED_AT_MOST, TRIED_AT_LEAST = 6000, 30, 8
PART_WORTH = 0.8
OTHER_LANGUAGE_WORTH = 0.85
# A sentence that people voted against is told as dissent; it sums a group up where nothing else does.
OPPOSED_WORTH = 0.4
LEAST = 0.02
# Likeness below this share of what is enough counts for nothing while sentences are chosen.
RAMP = 0.6


@dataclass(frozen=True)
class Point:
    """A sentence, the share of the group it stands for (0 to 1), and of how many voices; near-copies count once."""

    quotation: Quotation
    share: float
    voices: int


@dataclass(frozen=True)
class Summary:
    """What a group says, and what that leaves out.

    Attributes
    ----------
    points : tuple of Point
        At most five, the largest share first. No text is counted for two.
    left : Point or None
        A sentence of the largest part that no point stands for, and how large that part is.
    left_share : float
        All that no point stands for, 0 to 1.
    dissent : tuple of Dissent
        Sentences of the group against which many voted.
    campaigns : tuple of (row, size)
        Near-copies in it: one of each family, and how many they are.
    copied : tuple of tuple of int
        The rows of each of these families that are in the group.
    """

    points: tuple[Point, ...] = ()
    left: Point | None = None
    left_share: float = 0.0
    dissent: tuple[Dissent, ...] = ()
    campaigns: tuple[tuple[int, int], ...] = ()
    copied: tuple[tuple[int, ...], ...] = ()

    @property
    def covered(self) -> float:
        """Share of the group that the points stand for."""
        return sum(point.share for point in self.points)


@dataclass(frozen=True)
class Call:
    """Everything that was said, ready to be compared; of each group the sentences of `tried` texts may be said."""

    texts: Sequence[str]
    languages: Sequence[str]
    vectors: Vectors
    common: Mapping[str, Vectors]
    heads: Labels
    weights: NDArray[np.float32]
    people: Labels
    enough: float
    tried: int
    opposed: NDArray[np.bool_]


def summaries(
    texts: Sequence[str],
    vectors: Vectors,
    labels: Labels,
    languages: Sequence[str],
    words: Mapping[int, tuple[str, ...]],
    *,
    authors: Sequence[object] | None = None,
    heads: Labels | None = None,
    votes: Votes | None = None,
    embed: Embed | None = None,
    most_embedded: int = EMBEDDED_IN_ALL,
    enough: float | None = None,
) -> dict[int, Summary]:
    """Sum up each group in sentences of its own.

    Parameters
    ----------
    texts, languages : sequences of str, length n_texts
    vectors : ndarray of shape (n_texts, n_dimensions)
        Rows of unit length, as the model made them.
    labels : ndarray of shape (n_texts,)
        -1 is left out, and counts for how alike texts of different groups are.
    words : mapping of label to tuple of str
        Keywords of each group, best first.
    authors : sequence, length n_texts, optional
        No author is quoted twice in one summary.
    heads : ndarray of shape (n_texts,), optional
        Near-copies, as `app.nlp.families.families` returns them: a family counts once, and campaigns are named beside
        the summary and quoted in it only where nothing else is there.
    votes : pair of sequences of int, length n_texts, optional
        How many agreed and disagreed with each text.
    embed : callable, optional
        Turns sentences into unit vectors of the same model. Without it a text of several sentences is quoted by the
        one that reads best, and its own vector stands for that.
    most_embedded : int, default 2000
        Most sentences that are embedded in all.
    enough : float, optional
        How alike a sentence and a text it stands for must be (cosine); `app.nlp.standing.near_enough` when None.

    Returns
    -------
    dict of label to Summary

    Notes
    -----
    The sentences are chosen one by one, each for what it adds; each text is then counted for the nearest.

    References
    ----------
    H. Lin and J. Bilmes, "A class of submodular functions for document summarization", ACL 2011.
    """
    groups = rows_by_label(labels)
    call = compared(texts, vectors, labels, languages, authors, heads, votes, enough)
    share = int(np.clip(most_embedded // max(1, len(groups)), EMBEDDED_AT_LEAST, EMBEDDED_AT_MOST))
    budget = share if embed is not None else 0
    said = {label: sayable(call, rows, words.get(label, ()), budget) for label, rows in groups.items()}
    placed = places(call, said, embed)
    dissent = dissenting(texts, labels, languages, votes) if votes is not None else {}
    copies = campaigns(call.heads, labels)
    return {
        label: summed_up(call, rows, said[label], placed[label], dissent.get(label, ()), tuple(copies[label]))
        for label, rows in groups.items()
    }


def compared(
    texts: Sequence[str],
    vectors: Vectors,
    labels: Labels,
    languages: Sequence[str],
    authors: Sequence[object] | None,
    heads: Labels | None,
    votes: Votes | None,
    enough: float | None,
) -> Call:
    """Read once for all groups what their summaries need."""
    kin = np.arange(len(texts), dtype=np.int64) if heads is None else heads
    level, common = without_language(vectors, languages)
    people = kin if authors is None else numbered(authors)
    told = near_enough(level, labels) if enough is None else enough
    groups = len(np.unique(labels[labels >= 0]))
    tried = int(np.clip(TRIED_IN_ALL // max(1, groups), TRIED_AT_LEAST, TRIED_AT_MOST))
    against = np.zeros(len(texts), dtype=bool) if votes is None else opposed(votes)
    return Call(texts, languages, level, common, kin, voices(kin), people, told, tried, against)


def sayable(call: Call, rows: Labels, words: Sequence[str], budget: int) -> list[Told]:
    """The sentences that may be said for a group: of texts that cover it, without campaigns where there is more."""
    different = rows[np.unique(call.heads[rows], return_index=True)[1]]
    copied = np.bincount(np.searchsorted(np.unique(call.heads[rows]), call.heads[rows])) >= CAMPAIGN
    honest = different[~copied]
    pool = np.sort(honest if len(honest) else different)
    usual = Counter(call.languages[row] for row in pool.tolist()).most_common(1)[0][0]
    found: list[Told] = []
    room = budget
    for row in covering(call, pool):
        mine = quotable(call.texts[row], row, call.languages[row], words)
        if call.languages[row] != usual:
            mine = [one._replace(worth=one.worth * OTHER_LANGUAGE_WORTH) for one in mine]
        if call.opposed[row]:
            mine = [one._replace(worth=one.worth * OPPOSED_WORTH) for one in mine]
        if mine and not mine[0].as_text and room <= 0:
            mine = [mine[0]._replace(worth=mine[0].worth * PART_WORTH, as_text=True)]
        elif mine and not mine[0].as_text:
            mine = mine[:room]
            room -= len(mine)
        found += mine
    return found


def covering(call: Call, rows: Labels) -> list[int]:
    """A few dozen texts between them near everything that is said in these rows, those that cover most first."""
    tried = evenly(rows, STARTED_FROM)
    likeness = ramped(call.vectors[tried] @ call.vectors[evenly(rows, STOOD_FOR // 2)].T, call.enough)
    chosen = cover(likeness, call.weights[evenly(rows, STOOD_FOR // 2)], call.tried)
    rest = [at for at in np.argsort(-likeness.sum(axis=1), kind="stable").tolist() if at not in set(chosen)]
    return [int(tried[at]) for at in [*chosen, *rest][: call.tried]]


def evenly(rows: Labels, most: int) -> Labels:
    """At most so many rows, spread over all of them."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(np.int64))]


def ramped(alike: Likeness, enough: float) -> Likeness:
    """0 where two are not alike, 1 where they are alike enough, and between the two in proportion."""
    low = RAMP * enough
    found: Likeness = np.clip((alike - low) / (enough - low), 0, 1).astype(np.float32)
    return found


def places(call: Call, said: Mapping[int, Sequence[Told]], embed: Embed | None) -> dict[int, Vectors]:
    """Where each sentence is: embedded, or where its text is when it is the whole of it or no model is at hand."""
    parts = [one for told in said.values() for one in told if not one.as_text]
    made: dict[Quotation, Vectors] = {}
    if parts and embed is not None:
        different = {text: at for at, text in enumerate(dict.fromkeys(one.text for one in parts))}
        vectors = embed(list(different))[[different[one.text] for one in parts]]
        means = np.stack([call.common[call.languages[one.quotation.row]] for one in parts])
        made = dict(zip((one.quotation for one in parts), unit(vectors - means), strict=True))
    width = call.vectors.shape[1]
    return {
        label: np.stack([made.get(one.quotation, call.vectors[one.quotation.row]) for one in told])
        if told
        else np.zeros((0, width), dtype=np.float32)
        for label, told in said.items()
    }


def summed_up(
    call: Call,
    rows: Labels,
    said: Sequence[Told],
    placed: Vectors,
    dissent: tuple[Dissent, ...],
    copies: tuple[tuple[int, int], ...],
) -> Summary:
    """Choose the sentences of one group and count what each stands for."""
    looked = evenly(rows, STOOD_FOR)
    weights = call.weights[looked]
    alike = placed @ call.vectors[looked].T
    of = np.array([one.quotation.row for one in said], dtype=np.int64)
    worth = np.array([one.worth for one in said])
    once = [call.people[of], call.heads[of]] if len(said) else []
    chosen = cover(ramped(alike, call.enough), weights, MOST, worth=worth, once=once, least=LEAST)
    total = max(float(weights.sum()), 1e-9)
    nearest = alike[chosen].argmax(axis=0) if chosen else np.zeros(len(looked), dtype=np.int64)
    stood = alike[chosen].max(axis=0) >= call.enough if chosen else np.zeros(len(looked), dtype=bool)
    points = []
    for place, at in enumerate(chosen):
        mine = stood & (nearest == place)
        told = float(weights[mine].sum())
        count = round(told * len(rows) / len(looked)) or int(mine.any())
        points.append(Point(said[at].quotation, round(told / total, 4), count))
    points = sorted((one for one in points if one.voices), key=lambda one: -one.share)
    left_share = round(float(weights[~stood].sum()) / total, 4)
    left = largest_left(call, looked[~stood], total, len(rows) / max(1, len(looked)))
    copied = [rows[call.heads[rows] == call.heads[row]] for row, _size in copies]
    return Summary(
        tuple(points), left, left_share, dissent, copies, tuple(tuple(map(int, one)) for one in copied)
    )


def largest_left(call: Call, rows: Labels, total: float, scale: float) -> Point | None:
    """A sentence of the largest part that nothing stands for."""
    if not len(rows):
        return None
    tried = evenly(rows, STARTED_FROM)
    near = call.vectors[tried] @ call.vectors[rows].T >= call.enough
    size = np.round(near @ call.weights[rows], 5)
    for at in np.argsort(-size, kind="stable").tolist():
        row = int(tried[at])
        quoted = quotable(call.texts[row], row, call.languages[row])
        if quoted:
            count = max(1, round(float(size[at]) * scale))
            return Point(quoted[0].quotation, round(float(size[at]) / total, 4), count)
    return None
