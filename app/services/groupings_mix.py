"""Accepting some changes of a proposal and not others: where each voice stands then. Numbers only, no rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nlp.corrections import Apart, Level, Lock, Pin, SetApart, Together, rows_of
from app.nlp.corrections import Correction as Rule
from app.nlp.partition import UNGROUPED
from app.nlp.vectors import Labels

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Side:
    """One grouping of the voices: the mission and project of each row, and the mission of each project.

    A group is the same number on both sides of a change if it is the same group. `is_placed` is false of a row that
    this grouping does not know, which is something else than ungrouped.
    """

    missions: Labels
    projects: Labels
    is_placed: Mask
    home_of: Mapping[int, int]


@dataclass(frozen=True)
class Mixed:
    """Where each row stands; `takes` are rows that follow the proposal, `waits` those that have no place yet.

    A project number from `spare` on is what is left of the project that many below, whose identity went elsewhere.
    `held_back` counts rows that would have moved into an accepted group, had a correction not forbidden it.
    """

    missions: Labels
    projects: Labels
    takes: Mask
    waits: Mask
    home_of: Mapping[int, int]
    spare: int
    held_back: int = 0


def mixed(
    before: Side, proposed: Side, ticked: Iterable[int], kept: Iterable[int] = (), rules: Sequence[Rule] = ()
) -> Mixed:
    """Let the proposed group of a row decide: where it is ticked the row goes there, else it stays.

    Parameters
    ----------
    ticked
        Missions whose change is accepted; of one that ends, its voices that the proposal leaves ungrouped go.
    kept
        Projects that a person judged: they live on inside a mission that is accepted, if voices are left in them.
    rules
        Corrections on rows. A change that would break one is held back, together with every row bound to it; since
        everything held back is as it was before, what held before holds.
    """
    chosen = frozenset(ticked)
    takes = following(before, proposed, np.array(sorted(chosen), dtype=np.int64))
    wanted = int(takes.sum())
    lasting = {*kept, *projects_of_rules(before, rules)}
    spare = 1 + max((*before.home_of, *proposed.home_of), default=-1)
    while True:
        missions, projects, home_of = standing(before, proposed, takes, chosen, lasting, spare)
        broken = breaking(rules, missions, projects) & takes & before.is_placed
        if not broken.any():
            waits = proposed.is_placed & ~takes & ~before.is_placed
            return Mixed(missions, projects, takes, waits, home_of, spare, wanted - int(takes.sum()))
        takes &= ~bound(rules, broken)


def projects_of_rules(before: Side, rules: Sequence[Rule]) -> set[int]:
    """Projects in which a correction holds voices."""
    rows = [row for rule in rules if not isinstance(rule, SetApart) and rule.level is Level.PROJECT
            for row in rows_of(rule)]  # fmt: skip
    found = before.projects[rows] if rows else before.projects[:0]
    return {int(project) for project in found if project >= 0}


def following(before: Side, proposed: Side, ticked: Labels) -> Mask:
    """Rows whose proposed place is accepted; a row that becomes ungrouped asks the group it would leave."""
    goes_in = (proposed.missions >= 0) & np.isin(proposed.missions, ticked)
    goes_out = (proposed.missions < 0) & (before.missions >= 0) & np.isin(before.missions, ticked)
    stays_out = (proposed.missions < 0) & (before.missions < 0)
    return proposed.is_placed & (goes_in | goes_out | stays_out)


def standing(
    before: Side, proposed: Side, takes: Mask, ticked: frozenset[int], lasting: set[int], spare: int
) -> tuple[Labels, Labels, dict[int, int]]:
    """Both levels of every row, each project inside one mission, and which that is."""
    missions = np.where(takes, proposed.missions, before.missions)
    projects = np.where(takes, proposed.projects, before.projects)
    taken = {project: home for project, home in proposed.home_of.items() if home in ticked}
    home_of = {**before.home_of, **taken}
    stays = np.flatnonzero(~takes & (projects >= 0))
    for project in map(int, np.unique(projects[stays])):
        home, rows = before.home_of[project], stays[projects[stays] == project]
        if project in taken and taken[project] == home:
            continue
        if project in lasting and project in taken and not (takes & (projects == project)).any():
            home_of[project] = home  # nobody went along: the identity stays where its voices are
        elif project in lasting and project in taken:
            projects[rows], home_of[project + spare] = project + spare, home
        # What is left of a project in a mission that takes its new form has no place there, unless a person's word
        # holds it; and where its identity went elsewhere, what is left behind has no name of its own.
        elif project in taken or (home in ticked and project not in lasting):
            projects[rows] = UNGROUPED
    nowhere = ~takes & ~before.is_placed
    missions[nowhere] = projects[nowhere] = UNGROUPED
    return missions, projects, home_of


def breaking(rules: Sequence[Rule], missions: Labels, projects: Labels) -> Mask:
    """Rows that a rule which does not hold speaks of."""
    wrong = np.zeros(len(missions), dtype=bool)
    for rule in rules:
        wrong[list(offenders(rule, missions, projects))] = True
    return wrong


def offenders(rule: Rule, missions: Labels, projects: Labels) -> Iterable[int]:
    match rule:
        case SetApart(row=row):
            return (row,) if missions[row] >= 0 else ()
        case Pin(row=row, to_rows=others, level=level):
            labels = missions if level is Level.MISSION else projects
            near = labels[list(others)]
            return () if labels[row] >= 0 and (near == labels[row]).any() else (row, *others)
        case Together(rows=rows, level=level):
            labels = missions if level is Level.MISSION else projects
            here = labels[list(rows)]
            return () if here[0] >= 0 and (here == here[0]).all() else rows
        case Lock(rows=rows, level=level):
            labels = missions if level is Level.MISSION else projects
            return locked_out(labels, list(rows))
        case Apart(rows_a=left, rows_b=right, level=level):
            levels = (missions, projects) if level is Level.MISSION else (projects,)
            return [row for labels in levels for row in meeting(labels, list(left), list(right))]


def locked_out(labels: Labels, rows: list[int]) -> Iterable[int]:
    """Everybody concerned, where the rows of a lock are not together or others are with them."""
    here = labels[rows]
    inside = np.flatnonzero(labels == here[0]) if here[0] >= 0 else np.array([], dtype=np.int64)
    return () if set(inside.tolist()) == set(rows) else {*rows, *inside.tolist()}


def meeting(labels: Labels, left: list[int], right: list[int]) -> Iterable[int]:
    """Rows of two sides that share a group."""
    shared = np.intersect1d(labels[left], labels[right])
    shared = shared[shared >= 0]
    return [row for row in (*left, *right) if labels[row] in shared]


def bound(rules: Sequence[Rule], rows: Mask) -> Mask:
    """These rows, and every row that a rule keeps together with one of them."""
    found, size = rows.copy(), -1
    ties = [list(rule.rows) for rule in rules if isinstance(rule, (Together, Lock))]
    ties += [[rule.row, *rule.to_rows] for rule in rules if isinstance(rule, Pin)]
    while size != int(found.sum()):
        size = int(found.sum())
        for tie in ties:
            if found[tie].any():
                found[tie] = True
    return found
