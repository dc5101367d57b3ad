"""Which rungs of a ladder become missions and projects, and the one ladder that is kept of both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.nlp.ladders import Step
from app.nlp.partition import Ladder, Rung
from app.nlp.vectors import Labels

LARGEST_SHARE = 0.4
FEWEST_MISSIONS, MOST_MISSIONS = 4, 25
READABLE, READABLE_COST = 16, 0.15
# The scores of one set at two seeds differ by about as much: rungs closer than this are as good as each other.
AS_GOOD, SLACK = 0.06, 0.02
FAR_WORSE = 1.0


def chosen_missions(steps: Sequence[Step], nodes: int) -> int:
    """Choose the rung of missions among those of a number of groups that people can keep in view."""
    within = [at for at, step in enumerate(steps) if FEWEST_MISSIONS <= step.rung.groups <= MOST_MISSIONS]
    balanced = [at for at in within if steps[at].largest_share <= LARGEST_SHARE]
    wanted = float(np.clip(np.sqrt(nodes / 2), FEWEST_MISSIONS, READABLE))
    among = balanced or within or list(range(len(steps)))
    groups = np.array([max(1, steps[at].rung.groups) for at in among])
    scores = np.array([steps[at].rung.score for at in among])
    # A little less for each doubling away from what can be kept in view.
    scores -= READABLE_COST * np.abs(np.log2(groups / wanted))
    return middle_rung(steps, among, np.exp((scores - scores.max()) / SLACK))


def chosen_projects(steps: Sequence[Step], missions: Rung) -> int:
    """Choose the rung of projects among those of twice as many groups as missions; the finest of those as good.

    Where every finer rung holds and separates far worse than the missions do, these have no parts worth naming:
    the rung nearest to the missions is taken.
    """
    finer = [at for at, step in enumerate(steps) if step.rung.groups >= 2 * missions.groups]
    if not finer or max(steps[at].rung.score for at in finer) < missions.score - FAR_WORSE:
        finer = [min(range(len(steps)), key=lambda at: abs(steps[at].rung.groups - missions.groups))]
    scores = np.array([steps[at].rung.score for at in finer])
    as_good = 1 / (1 + np.exp((scores.max() - AS_GOOD - scores) / SLACK))
    # The chance that a rung is the finest that is as good as the best: it is, and no finer one is.
    finest = as_good * np.append(np.cumprod(1 - as_good[::-1])[-2::-1], 1.0)
    return middle_rung(steps, finer, finest)


def middle_rung(steps: Sequence[Step], among: Sequence[int], weights: NDArray[np.float64]) -> int:
    """Choose the rung nearest to the weighted mean number of groups, as a ratio.

    The single best rung would jump when a few texts more or less tip the balance between two that are as good.
    """
    groups = np.array([max(1, steps[at].rung.groups) for at in among], dtype=np.float64)
    middle = float((weights * np.log(groups)).sum() / weights.sum())
    return among[int(np.argmin(np.round(np.abs(np.log(groups) - middle), 9)))]


def nearest_rung(steps: Sequence[Step], resolution: float) -> int:
    """Find the rung whose resolution is nearest, as a ratio."""
    return min(range(len(steps)), key=lambda at: abs(np.log(steps[at].rung.resolution / resolution)))


def one_ladder(
    coarse: Sequence[Step], fine: Sequence[Step], at: tuple[int, int], chosen: tuple[Labels, Labels]
) -> tuple[Ladder, tuple[int, int]]:
    """Make one ladder of nodes: the coarser rungs of missions, then those of projects that are finer.

    The two rungs chosen hold the very groups that were found on them, and the others what was looked at.
    """
    most = MOST_MISSIONS if coarse is not fine else 0
    lower = [place for place, step in enumerate(coarse) if place <= at[0] or step.rung.groups <= most]
    above = at[0] if coarse is fine else -1
    least = 0 if coarse is fine else max(coarse[place].rung.groups for place in lower)
    upper = [
        place
        for place, step in enumerate(fine)
        if place == at[1] or (place > above and step.rung.groups > least)
    ]
    rungs = [coarse[place].rung for place in lower] + [fine[place].rung for place in upper]
    labels = [chosen[0] if place == at[0] else coarse[place].labels for place in lower]
    labels += [chosen[1] if place == at[1] else fine[place].labels for place in upper]
    places = lower.index(at[0]), len(lower) + upper.index(at[1])
    return Ladder(tuple(rungs), np.array(labels, dtype=np.int32)), places
