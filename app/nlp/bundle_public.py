"""A bundle of what is public: whoever is gone leaves no row, no tie, no label and no number in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from app.nlp.bundle import Act, Bundle, Inputs
from app.nlp.grouping import group
from app.nlp.partition import Ladder, Previous, Rung
from app.nlp.small import Links
from app.nlp.ties import Ties
from app.nlp.vectors import Labels

Number = float | int | str
# What binds voices to each other says something of a voice that is gone when only one is left of it.
BINDING = frozenset({"keep_together", "keep_apart", "gather", "lock"})


def only(bundle: Bundle, present: Sequence[bool]) -> Bundle:
    """Leave out the rows that are not public any more, and tie those that stay anew; see `left` and `tied`."""
    return bundle if all(present) else tied(left(bundle, present))


def left(bundle: Bundle, present: Sequence[bool]) -> Bundle:
    """Leave out the rows that are not public any more, with every tie.

    The frozen graph cannot be handed out once a voice is gone. A node without a text still has its ties, and shows
    near whom somebody stood; and without that node the weights of the others differ from what their vectors make, so
    that anybody who computes them again finds the place. So the ties are made of the texts that stay, by the same
    steps, with the resolutions and breadths of the run and started from its labels; the labels stay those of the run,
    and the rows for which they do not follow are named. What comes out depends on the gone only through what pages
    show: how those who stay are grouped, and how many are gone. Labels, authors and rungs are numbered by those who
    stay, or gaps and sizes would tell. Rules about single rows are left out, as a core of five where others have six
    says who is missing; what people corrected is told as `Act`, without whoever is gone.

    Two things remain: a group of one is seen to have had others, here as on its page; and whoever took the bundle
    before has what was public then, and by comparing the two sees who is gone.

    Parameters
    ----------
    bundle : Bundle
        With the words and vectors of all rows that are present.
    present : sequence of bool, length n_texts

    Returns
    -------
    Bundle
        Without ties.
    """
    texts = [text is not None for text in bundle.texts]
    kept = [at for at, there in enumerate(present) if there and texts[at]]
    rows = np.array(kept, dtype=np.int64)
    vectors = bundle.vectors[np.cumsum(texts)[rows] - 1] if kept else bundle.vectors[:0]
    return replace(
        bundle,
        ids=tuple(bundle.ids[at] for at in kept),
        texts=tuple(bundle.texts[at] for at in kept),
        submissions=tuple(bundle.submissions[at] for at in kept),
        reasons=tuple(bundle.reasons[at] for at in kept),
        vectors=vectors,
        inputs=inputs_of(bundle, rows),
        missions=numbered(bundle.missions[rows]),
        projects=numbered(bundle.projects[rows]),
        ties=None,
        absent=bundle.absent + len(bundle.ids) - len(kept),
        today=None if bundle.today is None else (numbered(bundle.today[0][rows]), numbered(bundle.today[1][rows])),
        acts=acts_of(bundle.acts, {at: place for place, at in enumerate(kept)}),
    )  # fmt: skip


def tied(bundle: Bundle) -> Bundle:
    """Make the ties of a bundle from its vectors, as `app.nlp.regroup` will."""
    inputs = bundle.inputs
    if not bundle.ids:
        return replace(bundle, parameters={})
    found = group(
        [text or "" for text in bundle.texts],
        bundle.vectors,
        languages=inputs.languages,
        authors=inputs.authors,
        backing=inputs.backing,
        previous=inputs.previous,
        random_state=inputs.seed,
        ladder=inputs.ladder,
        rungs=inputs.rungs,
    )
    return replace(bundle, ties=started(bundle, found.ties), parameters=found.parameters)


def started(bundle: Bundle, ties: Ties | Links | None) -> Ties | Links | None:
    """Where somebody is gone, look at the ties from the labels of the run: from nothing, others would come out.

    Of a grouping that does not fit the ties next to nobody is at home, so that nothing is proved by starting from it.
    """
    return (
        ties.started(bundle.missions, bundle.projects) if bundle.absent and isinstance(ties, Ties) else ties
    )


def inputs_of(bundle: Bundle, rows: Labels) -> Inputs:
    inputs = bundle.inputs
    return replace(
        inputs,
        languages=tuple(inputs.languages[at] for at in rows),
        authors=tuple(numbered(np.array(inputs.authors, dtype=np.int64)[rows]).tolist()),
        backing=None if inputs.backing is None else tuple(inputs.backing[at] for at in rows),
        corrections=(),
        previous=previous_of(bundle, rows),
        ladder=ladder_of(inputs, rows),
        rungs=None if inputs.rungs is None else (0, 1),
    )


def previous_of(bundle: Bundle, rows: Labels) -> Previous | None:
    """The grouping of before, and what the run chose, so that it is not chosen again among fewer texts."""
    resolutions, breadths = (chosen(bundle.parameters, what) for what in ("resolution", "breadth"))
    before = bundle.inputs.previous
    if before is None and resolutions is None:
        return None
    nobody = np.full(len(rows), -1, dtype=np.int64)
    return Previous(
        nobody if before is None else numbered(before.missions[rows]),
        nobody if before is None else numbered(before.projects[rows]),
        None if resolutions is None else (float(resolutions[0]), float(resolutions[1])),
        None if breadths is None else (int(breadths[0]), int(breadths[1])),
    )


def chosen(
    parameters: Mapping[str, float | int | str], what: str
) -> tuple[float | int | str, float | int | str] | None:
    found = parameters.get(f"mission_{what}"), parameters.get(f"project_{what}")
    return None if found[0] is None or found[1] is None else (found[0], found[1])


def ladder_of(inputs: Inputs, rows: Labels) -> Ladder | None:
    """The two rungs that were taken, without what was measured on the texts of then."""
    if inputs.ladder is None or inputs.rungs is None:
        return None
    labels = [numbered(inputs.ladder.labels[rung][rows].astype(np.int64)) for rung in inputs.rungs]
    told = [Rung(inputs.ladder.rungs[rung].resolution, 0, 0.0, 0.0, 0.0) for rung in inputs.rungs]
    return Ladder(tuple(told), np.stack(labels).astype(np.int32))


def acts_of(acts: Sequence[Act], place: Mapping[int, int]) -> tuple[Act, ...]:
    """What people corrected, of those who stay."""
    found = []
    for act in acts:
        sides = tuple(tuple(sorted(place[row] for row in side if row in place)) for side in act.sides)
        if is_telling(act.kind, [len(side) for side in act.sides], [len(side) for side in sides]):
            found.append(replace(act, sides=sides))
    return tuple(found)


def is_telling(kind: str, before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether those who stay may tell a correction: not where a side is gone, or one is left of those it bound."""
    least = 2 if kind in BINDING and max(before, default=0) > 1 else 1
    return sum(after) > 0 and all(left >= min(least, were) for were, left in zip(before, after, strict=True))


def numbered(labels: Labels) -> Labels:
    """Number labels in the order in which rows have them; -1 stays."""
    names, firsts, found = np.unique(labels, return_index=True, return_inverse=True)
    order = np.argsort(np.where(names < 0, len(labels), firsts), kind="stable")
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    return np.where(labels < 0, -1, place[found]).astype(np.int64)
