"""Whoever is gone leaves nothing in a bundle: whatever they said and wherever they stood, it is the same file."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from app.nlp.bundle import Act, Bundle, Inputs, files_of
from app.nlp.bundle_public import acts_of, is_telling, numbered, only
from app.nlp.grouping import group
from app.nlp.partition import Ladder, Partition, Previous
from app.nlp.regroup import settle
from app.nlp.ties import at_home
from tests.nlp.test_bundle import CORRECTIONS, EACH, made, themed

GONE = 47  # a text in the middle of the rows and of a theme
NEAR, FAR = 10, 4 * EACH + 7  # whom it nearly repeats


def run(said: int | None, previous: Previous | None) -> tuple[list[str], np.ndarray, Partition]:
    """A run in which the one who will be gone nearly repeats the text of another row, or says what nobody says."""
    texts, vectors = themed()
    other = np.eye(1, 24, 23, dtype=np.float32)[0] if said is None else vectors[said]
    vectors[GONE] = other + 0.001 * vectors[GONE]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts[GONE] = f"what is gone and was near {said}"
    found = group(
        texts, vectors, languages=["en"] * len(texts), authors=authors(said), corrections=CORRECTIONS,
        previous=previous, random_state=7,
    )  # fmt: skip
    return texts, vectors, found


def authors(said: int | None) -> list[int]:
    """The one who will be gone wrote another text too, or is an author of their own."""
    found = [at % 40 for at in range(6 * EACH + 5)]
    found[GONE] = 1000 if said is None else found[said]
    return found


def swapped(labels: np.ndarray, at: int | None, names: int) -> np.ndarray:
    """The same groups of all others under other numbers, as other sizes make them, and the one elsewhere."""
    found = np.where(labels >= 0, (labels * 7 + 3 + names) % 1009, -1)
    found[GONE] = -1 if at is None else found[at]
    return found.astype(np.int64)


def frozen(said: int | None, names: int, *, is_warm: bool = False, rungs: bool = False) -> Bundle:
    """A bundle in which all but what the one said and where it stood is the same."""
    _texts, _vectors, shown = run(NEAR, None)
    previous = None
    if is_warm:
        before = swapped(shown.missions, said, names), swapped(shown.projects, said, names)
        previous = Previous(*before, shown.resolutions, shown.breadths)
    texts, vectors, found = run(said, previous)
    count = len(texts)
    taken: tuple[Ladder | None, tuple[int, int] | None] = None, None
    if rungs:
        assert shown.ladder is not None
        taken = (
            Ladder(
                tuple(replace(rung, groups=names, stability=0.1 * names) for rung in shown.ladder.rungs),
                rung_labels(shown.ladder, said, names),
            ),
            (0, len(shown.ladder.rungs) - 1),
        )
    inputs = Inputs(("en",) * count, tuple(authors(said)), CORRECTIONS, 7, previous, *taken)
    parameters = {**shown.parameters, "unrelated": 0.1 * names}
    today = swapped(shown.missions, said, 5 + names), swapped(shown.projects, said, 5 + names)
    acts = (
        Act("keep_together", ((2, 9) if said is None else (2, 9, GONE),), "mission", in_run=True),
        Act("keep_together", ((2, said or 0, GONE)[1:],)), Act("keep_apart", ((GONE, 7),)),
        Act("move", ((GONE,),), "mission"), Act("merge", ((GONE,), (3, 4)), "mission"),
        Act("set_apart", ((5,) if said is None else (5, GONE),)), Act("gather", ((8, GONE),), "mission"),
    )  # fmt: skip
    ids = tuple(f"{at:010x}" for at in range(count))
    return Bundle(
        ids, tuple(texts), vectors, inputs, swapped(shown.missions, said, names),
        swapped(shown.projects, said, names), tuple("" for _at in range(count)), None if rungs else found.ties,
        parameters, tuple(f"s{at}" for at in range(count)), 0, today, acts,
    )  # fmt: skip


def rung_labels(ladder: Ladder, said: int | None, names: int) -> np.ndarray:
    return np.stack([swapped(labels.astype(np.int64), said, names) for labels in ladder.labels]).astype(
        np.int32
    )


def handed_out(bundle: Bundle) -> dict[str, bytes]:
    return files_of(only(bundle, [at != GONE for at in range(len(bundle.ids))]))


@pytest.mark.parametrize(
    "form", [{}, {"is_warm": True}, {"rungs": True}], ids=["cold", "warm", "other rungs"]
)
def test_what_is_handed_out_is_the_same_whatever_the_gone_said(form: dict[str, bool]) -> None:
    near_copy, elsewhere, alone = (
        frozen(said, names, **form) for names, said in enumerate((NEAR, FAR, None))
    )

    assert files_of(near_copy) != files_of(elsewhere)
    first = handed_out(near_copy)
    assert handed_out(elsewhere) == first
    assert handed_out(alone) == first


def test_a_twin_that_stays_shares_its_node_with_nobody() -> None:
    bundle = frozen(NEAR, 0)
    assert bundle.ties is not None
    assert bundle.ties.nodes[NEAR] == bundle.ties.nodes[GONE]

    left = only(bundle, [at != GONE for at in range(len(bundle.ids))])

    assert left.ties is not None
    assert (left.ties.nodes == left.ties.nodes[NEAR]).sum() == 1
    assert set(left.ties.nodes.tolist()) - {-1} == set(range(int(left.ties.nodes.max()) + 1))


@pytest.mark.parametrize(("shuffled", "least", "most"), [(0, 0.85, 1.0), (60, 0.0, 0.75), (124, 0.0, 0.45)])
def test_starting_from_labels_proves_nothing_of_labels_that_do_not_fit(
    shuffled: int, least: float, most: float
) -> None:
    bundle = made()
    chance = np.random.default_rng(4)
    some = np.sort(chance.permutation(len(bundle.ids))[:shuffled])
    order = np.arange(len(bundle.ids))
    order[some] = chance.permutation(some)
    wrong = replace(bundle, missions=bundle.missions[order], projects=bundle.projects[order])

    left = only(wrong, [at != GONE for at in range(len(bundle.ids))])

    assert left.ties is not None
    told = settle(left.ties, left.missions, left.projects)
    follow = 1 - len(told["mission"]["moved"]) / len(left.ids)
    assert least <= follow <= most


def test_nodes_are_at_home_where_they_are_pulled_most() -> None:
    pairs = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)]
    graph = np.zeros((7, 7), dtype=np.float32)
    for left, right in pairs:
        graph[left, right] = graph[right, left] = 1
    labels = np.array([0, 0, 1, 1, 1, 1, -1])

    found = at_home(sparse.csr_matrix(graph), labels, 1.0, np.arange(7))

    assert len({*found[[0, 1]]}) == 1
    assert len({*found[[3, 4, 5]]}) == 1
    assert len({*found.tolist()}) == 4
    nobody = at_home(sparse.csr_matrix((3, 3), dtype=np.float32), np.full(3, -1), 1.0, np.arange(3))
    assert nobody.tolist() == [0, 1, 2]


def test_nothing_changes_where_nobody_is_gone() -> None:
    bundle = frozen(NEAR, 0)

    assert only(bundle, [True] * len(bundle.ids)) is bundle


def test_leaving_out_one_after_the_other_is_leaving_out_both() -> None:
    bundle = frozen(NEAR, 0)
    one = only(bundle, [at != 60 for at in range(len(bundle.ids))])
    both = only(bundle, [at not in (60, GONE) for at in range(len(bundle.ids))])

    again = only(one, [at != GONE for at in range(len(one.ids))])

    assert files_of(again) == files_of(both)


def test_labels_are_numbered_by_those_who_have_them() -> None:
    assert numbered(np.array([5, -1, 2, 5, 0])).tolist() == [0, -1, 1, 0, 2]
    assert numbered(np.array([-1, -1])).tolist() == [-1, -1]
    assert numbered(np.zeros(0, dtype=np.int64)).tolist() == []


@pytest.mark.parametrize(
    ("kind", "before", "after", "is_told"),
    [
        ("move", [2], [1], True),
        ("move", [1], [0], False),
        ("keep_together", [3], [2], True),
        ("keep_together", [2], [1], False),
        ("keep_apart", [2], [1], False),
        ("gather", [2], [1], False),
        ("lock", [4], [1], False),
        ("lock", [1], [1], True),
        ("merge", [3, 1], [3, 0], False),
        ("merge", [3, 1], [1, 1], True),
        ("split", [2, 5], [1, 5], True),
        ("split", [2, 5], [0, 5], False),
        ("split", [2, 0], [2, 0], True),
    ],
)
def test_a_correction_is_told_by_enough_of_those_it_spoke_of(
    kind: str, before: list[int], after: list[int], is_told: bool
) -> None:
    assert is_telling(kind, before, after) is is_told


def test_the_rows_of_corrections_are_those_of_the_voices_that_stay() -> None:
    acts = (Act("split", ((0, 3), (5, 1)), "project", in_run=True), Act("move", ((4,),)))

    assert acts_of(acts, {0: 0, 1: 1, 5: 2}) == (Act("split", ((0,), (1, 2)), "project", in_run=True),)
