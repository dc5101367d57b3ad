"""Lines of groups of a secret vote: what is shown never tells what is hidden, tried by brute force."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.suppression import (
    LEAST,
    Line,
    Shown,
    TooFewVoters,
    require_enough,
    shown,
)
from tests.rules.many import many

Tables = Mapping[str, Line]


def every_line(voters: int, marks: int) -> list[Line]:
    return [line for line in product(range(voters + 1), repeat=marks) if sum(line) == voters]


def totals(table: Tables) -> Line:
    return tuple(map(sum, zip(*table.values(), strict=True)))


def weighted(table: Tables, weights: Mapping[str, Fraction]) -> tuple[Fraction, ...]:
    return tuple(
        sum((weights[group] * line[mark] for group, line in table.items()), Fraction(0))
        for mark in range(len(next(iter(table.values()))))
    )


def consistent(table: Tables, told: Shown, weights: Mapping[str, Fraction] | None) -> list[dict[str, Line]]:
    """Every table that an attacker cannot tell from the real one, by trying all there are."""
    marks = len(next(iter(table.values())))
    options = [
        [line] if group in told.groups else every_line(sum(line), marks) for group, line in table.items()
    ]
    tried = (dict(zip(table, lines, strict=True)) for lines in product(*options))
    found = [each for each in tried if totals(each) == totals(table)]
    if weights and told.weighted:
        found = [each for each in found if weighted(each, weights) == weighted(table, weights)]
    return found


TABLES = st.integers(2, 3).flatmap(
    lambda marks: st.dictionaries(
        st.sampled_from("abcd"),
        st.integers(0, 6).flatmap(lambda voters: st.sampled_from(every_line(voters, marks))),
        min_size=1, max_size=4 if marks == 2 else 3,
    )
)  # fmt: skip
WEIGHTS = st.fixed_dictionaries({group: st.fractions("1/3", 3, max_denominator=7) for group in "abcd"})


def derivable(table: Tables, told: Shown, weights: Mapping[str, Fraction] | None = None) -> set[str]:
    """Hidden groups with voters whose line is the same in every table that is possible."""
    possible = consistent(table, told, weights)
    assert dict(table) in possible
    hidden = [group for group, line in table.items() if group not in told.groups and sum(line)]
    return {group for group in hidden if len({each[group] for each in possible}) == 1}


@many(150)
@given(TABLES)
def test_no_hidden_line_follows_from_what_is_shown(table: Tables) -> None:
    told = shown(table)

    for group in told.groups:
        line = table[group]
        assert sum(line) == 0 or (sum(line) >= LEAST and sum(1 for mark in line if mark) > 1)
    follows = derivable(table, told)
    # What follows although no line is shown follows from the total alone, which every vote has to tell.
    assert not follows or not any(sum(table[group]) for group in told.groups)


@many(150)
@given(TABLES)
def test_the_hidden_ones_together_are_no_small_line_either(table: Tables) -> None:
    told = shown(table)
    kept = [line for group, line in table.items() if group not in told.groups]
    if not kept or not any(sum(table[group]) for group in told.groups):
        return

    rest = tuple(map(sum, zip(*kept, strict=True)))

    assert sum(rest) >= LEAST
    assert sum(1 for mark in rest if mark) > 1
    assert len(kept) > 1


@many(100)
@given(TABLES, WEIGHTS)
def test_an_exact_weighted_total_is_shown_only_if_it_is_no_fingerprint(
    table: Tables, weights: Mapping[str, Fraction]
) -> None:
    told = shown(table, weights)

    assert not told.weighted or not derivable(table, told, weights)


@many(100)
@given(TABLES)
def test_which_groups_are_hidden_for_size_says_nothing_of_what_they_said(table: Tables) -> None:
    """Another table with the same turnouts hides the same groups, or all of them."""
    marks = len(next(iter(table.values())))
    told = {shown(dict(zip(table, lines, strict=True))).groups for lines in product(
        *[every_line(sum(line), marks)[:4] for line in table.values()]
    )}  # fmt: skip
    silent = tuple(group for group, line in table.items() if not sum(line))

    assert len(told - {silent}) <= 1


@many(100)
@given(TABLES)
def test_what_is_said_of_a_group_anyway_is_taken_into_account(table: Tables) -> None:
    def verdict(group: str, line: Line) -> bool:
        return line[0] > line[1]

    told = shown(table, verdict=verdict)
    if not any(sum(table[group]) for group in told.groups):
        return
    possible = [
        each for each in consistent(table, told, None)
        if all(verdict(group, each[group]) == verdict(group, line) for group, line in table.items())
    ]  # fmt: skip

    for group, line in table.items():
        if group not in told.groups and sum(line):
            assert len({each[group] for each in possible}) > 1


def test_a_group_of_three_is_hidden_with_the_smallest_of_the_others() -> None:
    table = {"a": (2, 1), "b": (5, 4), "c": (3, 3), "d": (9, 1)}

    assert shown(table) == Shown(("b", "d"))


def test_a_group_of_one_mind_hides_every_line_so_that_nobody_knows_which_it_was() -> None:
    assert shown({"a": (6, 0), "b": (3, 3), "c": (4, 2)}) == Shown(())


def test_large_groups_of_several_minds_are_all_shown() -> None:
    assert shown({"a": (4, 1), "b": (3, 3), "c": (0, 0)}) == Shown(("a", "b", "c"))


def test_weights_that_are_fingerprints_are_not_summed_exactly() -> None:
    table = {"a": (1, 2), "b": (2, 1)}

    assert shown(table, {"a": Fraction(1), "b": Fraction(1)}).weighted
    assert not shown(table, {"a": Fraction(1), "b": Fraction(17, 10)}).weighted


def test_lines_of_thirty_seats_are_decided_at_once() -> None:
    table = dict.fromkeys("abc", (4, 3, 1)) | {"d": (2, 1, 0), "e": (2, 0, 1)}

    assert shown(table, {name: Fraction(2) for name in "abcde"}) == Shown(("a", "b", "c"))


def test_a_secret_vote_needs_five_seats() -> None:
    require_enough(5)
    with pytest.raises(TooFewVoters):
        require_enough(4)
