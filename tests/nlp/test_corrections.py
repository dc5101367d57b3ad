from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nlp import Apart, Conflict, Correction, Lock, Partition, Pin, Previous, SetApart, Together, group
from app.nlp.constraints import Constraints
from app.nlp.corrections import Level
from app.nlp.vectors import unit
from tests.nlp.sets import blobs
from tests.rules.many import many

TEXTS, VECTORS, _ = blobs(6, 12, seed=3, noise=1.3)
LATER_TEXTS, LATER_VECTORS, _ = blobs(6, 18, seed=3, noise=1.3)
ROWS = len(TEXTS)

rows = st.integers(0, ROWS - 1)
levels = st.sampled_from(Level)


def some(most: int, least: int = 1) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(rows, min_size=least, max_size=most, unique=True).map(tuple)


corrections = st.lists(
    st.one_of(
        st.builds(Together, some(6, 2), levels),
        st.builds(Apart, some(4), some(4), levels),
        st.builds(Pin, rows, some(5), levels),
        st.builds(SetApart, rows),
        st.builds(Lock, some(8), levels),
    ),
    max_size=8,
)


def labels_of(partition: Partition, level: Level) -> np.ndarray:
    return partition.missions if level is Level.MISSION else partition.projects


def is_kept(correction: Correction, partition: Partition) -> bool:
    match correction:
        case Together(rows=found, level=level):
            labels = labels_of(partition, level)[list(found)]
            return bool((labels == labels[0]).all() and labels[0] >= 0)
        case Apart(rows_a=left, rows_b=right, level=level):
            labels = labels_of(partition, level)
            shared = set(labels[list(left)].tolist()) & set(labels[list(right)].tolist())
            return shared <= {-1}
        case Pin(row=row, to_rows=others, level=level):
            labels = labels_of(partition, level)
            return bool(labels[row] >= 0 and labels[row] in labels[list(others)])
        case SetApart(row=row):
            return bool(partition.missions[row] == -1 and partition.projects[row] == -1)
        case Lock(rows=found, level=level):
            labels = labels_of(partition, level)
            label = labels[found[0]]
            return bool(label >= 0 and set(np.flatnonzero(labels == label).tolist()) == set(found))


def nests(partition: Partition) -> bool:
    inside = partition.projects >= 0
    pairs = set(zip(partition.projects[inside].tolist(), partition.missions[inside].tolist(), strict=True))
    return len(pairs) == len(partition.mission_of_project) and all(mission >= 0 for _, mission in pairs)


def without_conflicts(found: Sequence[Correction]) -> list[Correction]:
    """Leave out each correction that contradicts those before it, as people are made to."""
    kept: list[Correction] = []
    for correction in found:
        try:
            Constraints([*kept, correction], VECTORS)
        except Conflict:
            continue
        kept.append(correction)
    return kept


@many(50)
@given(corrections)
def test_every_correction_holds_or_two_are_named_as_contradicting(found: list[Correction]) -> None:
    try:
        partition = group(TEXTS, VECTORS, corrections=found)
    except Conflict as refusal:
        partition, conflict = None, refusal
    if partition is None:
        assert 0 <= conflict.earlier <= conflict.later < len(found)
        return

    assert all(is_kept(correction, partition) for correction in found)
    assert nests(partition)


@many(8)
@given(corrections)
def test_corrections_survive_new_texts_and_a_warm_start(found: list[Correction]) -> None:
    kept = without_conflicts(found)
    before = group(TEXTS, VECTORS, corrections=kept)
    texts = [*TEXTS, *LATER_TEXTS[:24]]
    vectors = np.concatenate([VECTORS, LATER_VECTORS[:24]])
    unknown = np.full(24, -1)
    previous = Previous(
        np.append(before.missions, unknown), np.append(before.projects, unknown), before.resolutions
    )

    after = group(texts, vectors, previous=previous, corrections=kept)

    assert all(is_kept(correction, after) for correction in kept)
    assert nests(after)


@pytest.mark.parametrize(
    ("found", "named"),
    [
        pytest.param([Together((0, 1)), Apart((0,), (1,))], (1, 0), id="together and apart"),
        pytest.param([SetApart(4), Together((4, 5))], (1, 0), id="set apart and together"),
        pytest.param([Lock((0, 1, 2)), Together((2, 3))], (1, 0), id="out of a lock"),
        pytest.param([Lock((0, 1)), Lock((1, 2))], (1, 0), id="two locks that overlap"),
        pytest.param([Lock((7, 8)), Pin(9, (7,))], (1, 0), id="a move into a lock"),
        pytest.param([Apart((3,), (3,))], (0, 0), id="a text apart from itself"),
        pytest.param([SetApart(1), Together((5, 6)), Apart((6,), (5,))], (2, 1), id="the right two of three"),
    ],
)
def test_contradictions_are_refused_with_the_two_named(
    found: list[Correction], named: tuple[int, int]
) -> None:
    with pytest.raises(Conflict) as refused:
        group(TEXTS, VECTORS, corrections=found)

    assert (refused.value.later, refused.value.earlier) == named


@pytest.mark.parametrize(
    "correction",
    [Together(()), Pin(0, ()), SetApart(ROWS), Apart((-1,), (2,))],
    ids=["none", "nowhere", "beyond", "below"],
)
def test_a_correction_about_no_row_is_a_programming_error(correction: Correction) -> None:
    with pytest.raises(ValueError, match="correction 0"):
        group(TEXTS, VECTORS, corrections=[correction])


def test_a_split_by_one_text_each_does_not_halve_the_group() -> None:
    before = group(TEXTS, VECTORS)
    label = before.missions[0]
    one, other = np.flatnonzero(before.missions == label)[:2]

    after = group(TEXTS, VECTORS, corrections=[Apart((int(one),), (int(other),))])

    sizes = np.bincount(after.missions[(before.missions == label) & (after.missions >= 0)])
    assert after.missions[one] != after.missions[other]
    assert sizes.max() >= 0.8 * (before.missions == label).sum()


def test_a_moved_text_stands_with_the_middle_of_those_it_was_moved_to() -> None:
    before = group(TEXTS, VECTORS)
    row = int(np.flatnonzero(before.missions == 0)[0])
    others = tuple(int(other) for other in np.flatnonzero(before.missions == 1))

    after = group(TEXTS, VECTORS, corrections=[Pin(row, others)])

    assert after.missions[row] == np.bincount(after.missions[list(others)]).argmax()


def test_a_correction_of_missions_leaves_no_splinters_of_projects() -> None:
    mission, project = np.repeat(np.arange(5), 48), np.repeat(np.arange(20), 12)
    texts = [f"theme {label} words number {row}" for row, label in enumerate(project)]
    for seed in (3, 4):  # seeds that left some
        random = np.random.default_rng(seed)
        wide, near = random.standard_normal((5, 384)), random.standard_normal((20, 384))
        vectors = unit(wide[mission] + 0.8 * near[project] + 1.3 * random.standard_normal((len(texts), 384)))
        before = group(texts, vectors)
        random = np.random.default_rng(seed)
        sides = [random.choice(len(texts), 6, replace=False).tolist() for _ in range(3)]
        rules = [Apart(tuple(one[:3]), tuple(one[3:]), Level.MISSION) for one in sides]

        after = group(texts, vectors, corrections=rules, previous=Previous(before.missions, before.projects))

        forced = Constraints(rules, vectors).forced(Level.PROJECT)
        sizes = np.bincount(after.projects[(after.projects >= 0) & ~forced])
        assert sizes[sizes > 0].min() > 1
