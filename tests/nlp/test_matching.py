import numpy as np
import pytest

from app.nlp.matching import Move, diff, matches, renamed

OLD = np.array([0] * 10 + [1] * 8 + [2] * 6 + [-1] * 2)


def test_groups_are_matched_one_to_one_by_what_they_share() -> None:
    new = np.array([5] * 10 + [3] * 8 + [4] * 6 + [-1] * 2)

    assert matches(OLD, new) == {0: 5, 1: 3, 2: 4}
    assert matches(np.full(4, -1), np.zeros(4, dtype=int)) == {}


def test_numbers_live_on_and_no_number_ever_means_two_groups() -> None:
    new = np.array([7] * 5 + [8] * 5 + [1] * 8 + [2] * 6 + [9] * 2)

    named = renamed(new, OLD)

    assert named[10] == 1
    assert named[18] == 2
    assert {int(named[0]), int(named[5])} == {0, 3}
    assert named[24] == 4


def test_without_a_past_the_largest_comes_first() -> None:
    assert renamed(np.array([4, 4, 9, 9, 9, -1, 2]), None).tolist() == [1, 1, 0, 0, 0, -1, 2]


def test_nothing_changed_is_an_empty_diff() -> None:
    found = diff(OLD, OLD)

    assert found.kept == (0, 1, 2)
    assert not (found.grown)
    assert not (found.moved)
    assert not (found.new)
    assert not (found.gone)
    assert not (found.split)
    assert not (found.merged)


def test_a_diff_tells_splits_merges_moves_and_newcomers() -> None:
    new = OLD.copy()
    new[:5] = 3
    new[18:24] = 1
    new[24] = 1

    found = diff(OLD, new, margin=np.linspace(0, 1, 26), is_new=np.arange(26) == 24)

    assert set(found.split[0]) == {0, 3}
    assert set(found.merged[1]) == {1, 2}
    assert found.gone == (2,)
    assert len(found.new) == 1
    assert all(move.row != 24 for move in found.moved)
    assert Move(18, 2, 1, pytest.approx(18 / 25)) in found.moved
    assert found.grown[1] == (7, 0)


def test_labels_of_different_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="26 old labels but 1 new"):
        diff(OLD, OLD[:1])
