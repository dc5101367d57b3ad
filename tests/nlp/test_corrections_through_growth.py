"""Corrections are constraints with memory: whatever is corrected, and however much comes after, none is violated."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.nlp import Apart, Conflict, Correction, Lock, Partition, Pin, Previous, SetApart, Together, group
from app.nlp.constraints import Constraints
from app.nlp.corrections import Level
from tests.nlp.sets import blobs
from tests.nlp.test_corrections import is_kept, nests
from tests.rules.many import many

# The same blobs with more in each: the first texts are the standing ones, the others are the growth. A case is drawn
# below thirty texts, where texts are linked, and above, where communities are found.
TEXTS, VECTORS, KIND = blobs(5, 24, seed=11, noise=1.3)
ORDER = np.random.default_rng(11).permutation(len(TEXTS))
LEVELS = st.sampled_from(Level)


@dataclass(frozen=True)
class Round:
    """What people correct, and how many texts come before the next run."""

    corrections: tuple[Correction, ...]
    growth: int


def corrections(standing: int) -> st.SearchStrategy[tuple[Correction, ...]]:
    """Corrections of every kind, about texts that are there already."""
    row = st.integers(0, standing - 1)

    def some(most: int, least: int = 1) -> st.SearchStrategy[tuple[int, ...]]:
        return st.lists(row, min_size=least, max_size=most, unique=True).map(tuple)

    one = st.one_of(
        st.builds(Together, some(5, 2), LEVELS),
        st.builds(Apart, some(3), some(3), LEVELS),
        st.builds(Pin, row, some(4), LEVELS),
        st.builds(SetApart, row),
        st.builds(Lock, some(7, 2), LEVELS),
    )
    return st.lists(one, min_size=1, max_size=5).map(tuple)


@st.composite
def histories(draw: st.DrawFn) -> tuple[int, list[Round]]:
    start = draw(st.sampled_from([12, 20, 33]))
    rounds, standing = [], start
    for _round in range(draw(st.integers(2, 3))):
        growth = draw(st.integers(0, 15))
        rounds.append(Round(draw(corrections(standing)), growth))
        standing += growth
    return start, rounds


def accepted(standing: Sequence[Correction], more: Sequence[Correction], count: int) -> list[Correction]:
    """Those that contradict what stands are refused, as people are refused."""
    kept = list(standing)
    for correction in more:
        try:
            Constraints([*kept, correction], VECTORS[ORDER[:count]])
        except Conflict:
            continue
        kept.append(correction)
    return kept


def run(count: int, corrections: Sequence[Correction], before: Partition | None) -> Partition:
    rows = ORDER[:count]
    previous = None
    if before is not None:
        new = np.full(count - len(before.missions), -1)
        labels = (np.append(before.missions, new), np.append(before.projects, new))
        previous = Previous(*labels, before.resolutions)
    return group([TEXTS[row] for row in rows], VECTORS[rows], previous=previous, corrections=corrections)


@many(50)
@given(histories())
def test_no_correction_is_violated_by_any_growth(history: tuple[int, list[Round]]) -> None:
    count, rounds = history
    standing: list[Correction] = []
    before = run(count, standing, None)

    for each in rounds:
        standing = accepted(standing, each.corrections, count)
        before = run(count, standing, before)
        assert [one for one in standing if not is_kept(one, before)] == []
        count += each.growth
        before = run(count, standing, before)
        assert [one for one in standing if not is_kept(one, before)] == []
        assert nests(before)


def test_the_same_rows_and_corrections_give_the_same_groups() -> None:
    found = [Together((0, 5, 9)), Apart((1,), (2,)), SetApart(3), Lock((6, 7)), Pin(4, (0,))]

    first, again = (run(60, found, run(40, found, None)) for _time in range(2))

    assert (first.missions == again.missions).all()
    assert (first.projects == again.projects).all()
