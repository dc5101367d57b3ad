"""Whole numbers as ranges, "3-7,9": how one event tells of the many submissions that its act moved."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby


def written(numbers: Iterable[int]) -> str:
    """The numbers in order, each once; an import of a hundred thousand is "1-100000"."""
    runs = groupby(enumerate(sorted(set(numbers))), key=lambda pair: pair[1] - pair[0])
    ends = [(run[0][1], run[-1][1]) for run in (list(found) for _, found in runs)]
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ends)


def read(words: str) -> Iterator[int]:
    """Every number that was written; ValueError for what `written` does not write."""
    for run in words.split(",") if words else ():
        first, _, last = run.partition("-")
        yield from range(int(first), int(last or first) + 1)


def by_state(numbers: Mapping[str, Iterable[int]]) -> dict[str, str]:
    """For each state the submissions that are in it from now on; states that none moved to are left out."""
    return {state: told for state, found in numbers.items() if (told := written(found))}
