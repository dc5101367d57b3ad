"""Numbers as ranges: short for what stands together, and the same numbers when read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import ranges


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        pytest.param([], "", id="none"),
        pytest.param([7], "7", id="one"),
        pytest.param([5, 3, 4, 9, 3], "3-5,9", id="out of order and twice"),
        pytest.param(range(1, 100_001), "1-100000", id="an import"),
    ],
)
def test_what_stands_together_is_written_once(numbers: list[int], words: str) -> None:
    assert ranges.written(numbers) == words


@given(st.sets(st.integers(min_value=1, max_value=300)))
def test_what_is_written_is_read_again(numbers: set[int]) -> None:
    assert list(ranges.read(ranges.written(numbers))) == sorted(numbers)


def test_states_that_nothing_moved_to_are_left_out() -> None:
    assert ranges.by_state({"visible": [1, 2], "hidden": []}) == {"visible": "1-2"}
