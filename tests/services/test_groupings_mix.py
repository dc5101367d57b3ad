"""Accepting changes one group at a time: destinations decide, projects stay nested, corrections hold."""

import random
from collections.abc import Iterable

import numpy as np
import pytest

from app.nlp.corrections import Apart, Correction, Level, Lock, Pin, SetApart, Together
from app.services.groupings_mix import Side, breaking, mixed
from tests.rules.many import SCALE

A, B, C, D = range(4)
AWAY = -2  # a row that a grouping does not know


def side(missions: Iterable[int], projects: Iterable[int] = (), **homes: int) -> Side:
    at = np.array(list(missions), dtype=np.int64)
    inside = np.array(list(projects) or [-1] * len(at), dtype=np.int64)
    home_of = {int(project): int(at[row]) for row, project in enumerate(inside) if project >= 0}
    return Side(np.where(at == AWAY, -1, at), inside, at != AWAY, home_of)


def test_a_voice_goes_where_its_ticked_group_is_and_stays_otherwise() -> None:
    before, proposed = side([A, A, A, B, B, -1]), side([A, B, C, B, C, B])

    found = mixed(before, proposed, [B])

    assert found.missions.tolist() == [A, B, A, B, B, B]


def test_everything_ticked_is_the_proposal_and_nothing_ticked_is_what_was() -> None:
    before = side([A, A, B, B, -1, AWAY], [0, 0, 1, -1, -1, -1])
    proposed = side([A, C, B, C, B, C], [0, 2, 1, 2, 1, 2])

    every, none = mixed(before, proposed, [A, B, C]), mixed(before, proposed, [])

    assert (every.missions.tolist(), every.projects.tolist()) == ([A, C, B, C, B, C], [0, 2, 1, 2, 1, 2])
    assert (none.missions.tolist(), none.projects.tolist()) == ([A, A, B, B, -1, -1], [0, 0, 1, -1, -1, -1])
    assert none.waits.tolist() == [False] * 5 + [True]


def test_who_becomes_ungrouped_asks_the_group_that_is_left() -> None:
    before, proposed = side([A, A, B, B]), side([A, -1, B, -1])

    assert mixed(before, proposed, [A]).missions.tolist() == [A, -1, B, B]


def test_who_came_since_the_run_keeps_the_place_of_a_late_comer() -> None:
    before, proposed = side([A, A, B]), side([C, C, AWAY])

    assert mixed(before, proposed, [C]).missions.tolist() == [C, C, B]


def test_what_is_left_of_a_project_stands_in_its_mission_only() -> None:
    before, proposed = side([A, A, A, B], [0, 0, 0, -1]), side([A, A, C, C], [1, 1, -1, -1])

    found = mixed(before, proposed, [A])

    assert found.missions.tolist() == [A, A, A, B]
    assert found.projects.tolist() == [1, 1, -1, -1]
    assert mixed(before, proposed, [A], kept=[0]).projects.tolist() == [1, 1, 0, -1]


def test_a_project_goes_with_its_identity_and_what_is_left_behind_has_none() -> None:
    before, proposed = side([A, A, A, B], [0, 0, 0, -1]), side([B, B, C, B], [0, 0, -1, -1])

    found = mixed(before, proposed, [B])

    assert found.projects.tolist() == [0, 0, -1, -1]
    assert found.home_of[0] == B


def test_a_correction_holds_back_whoever_would_break_it() -> None:
    before, proposed = side([A, A, B]), side([B, B, C])
    rules = [Apart((0,), (2,)), Together((0, 1))]

    free, ruled = mixed(before, proposed, [B]), mixed(before, proposed, [B], rules=rules)

    assert free.missions.tolist() == [B, B, B]
    assert ruled.missions.tolist() == [A, A, B]
    assert ruled.held_back == 2


def test_a_project_whose_voices_are_all_held_back_keeps_its_identity() -> None:
    """It was proposed in another mission: a lock holds who is in it, and who it is."""
    before, proposed = side([A, A, B, B], [0, 0, -1, -1]), side([B, B, B, B], [0, 0, -1, -1])
    held = [Lock((0, 1), Level.PROJECT), Apart((0,), (2,))]

    found = mixed(before, proposed, [B], rules=held)

    assert found.projects.tolist() == [0, 0, -1, -1]
    assert found.home_of[0] == A


def test_a_project_that_a_correction_holds_lives_on_under_a_new_name() -> None:
    """Its identity goes to another mission with those who are free to go."""
    before, proposed = side([A] * 4, [0] * 4), side([B, B, C, C], [0, 0, 1, 1])
    rules = [Together((2, 3), Level.PROJECT)]

    found = mixed(before, proposed, [B], rules=rules)

    assert found.missions.tolist() == [B, B, A, A]
    assert found.projects.tolist() == [0, 0, 0 + found.spare, 0 + found.spare]
    assert found.home_of[0 + found.spare] == A


def labels(dice: random.Random, size: int, start: int) -> tuple[list[int], list[int]]:
    """Two nested levels; project numbers are free to mean the same project on both sides, in other missions."""
    home = [dice.randrange(start, start + 4) for _ in range(6)]
    projects = [dice.randrange(-1, 6) for _ in range(size)]
    missions = [home[project] if project >= 0 else dice.randrange(-1, start + 4) for project in projects]
    return missions, projects


def obeyed(dice: random.Random, sides: list[Side], size: int) -> list[Correction]:
    """Corrections of every kind that hold on both sides."""
    found: list[Correction] = []
    for _ in range(40):
        some = dice.sample(range(size), 4)
        level = dice.choice(list(Level))
        lock = dice.choice(sides)
        at = lock.missions if level is Level.MISSION else lock.projects
        group = tuple(int(row) for row in np.flatnonzero(at == at[some[0]]))
        found.append(
            dice.choice([
                Apart((some[0],), (some[1], some[2]), level), Together((some[0], some[1]), level),
                Pin(some[0], (some[1], some[2], some[3]), level), SetApart(some[0]), Lock(group, level),
            ])
        )  # fmt: skip
    return [
        rule for rule in found if all(not breaking([rule], one.missions, one.projects).any() for one in sides)
    ]


@pytest.mark.parametrize("seed", range(500 * SCALE))
def test_any_choice_is_consistent(seed: int) -> None:
    dice = random.Random(seed)
    size = dice.randrange(8, 40)
    before, proposed = side(*labels(dice, size, A)), side(*labels(dice, size, B))
    rules = obeyed(dice, [before, proposed], size)
    ticked = dice.sample(range(6), dice.randrange(0, 6))

    found = mixed(before, proposed, ticked, kept=dice.sample(range(6), 2), rules=rules)

    assert not breaking(rules, found.missions, found.projects).any()
    grouped = found.projects >= 0
    assert all(
        found.home_of[int(p)] == m
        for p, m in zip(found.projects[grouped], found.missions[grouped], strict=True)
    )
    for row in np.flatnonzero(found.takes):
        assert found.missions[row] == proposed.missions[row]
    for row in np.flatnonzero(~found.takes):
        assert found.missions[row] == before.missions[row]
    moved = found.missions != before.missions
    assert all(int(m) in ticked or m < 0 for m in found.missions[moved])
