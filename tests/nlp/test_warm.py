"""How a re-run starts from the groups of before."""

import numpy as np
from scipy import sparse

from app.nlp.corrections import Level
from app.nlp.outsiders import at_home
from app.nlp.partition import Previous
from app.nlp.warm import before_of, parted

ROWS = np.arange(6)


def test_a_mission_that_was_not_divided_was_one_project() -> None:
    previous = Previous(np.array([0, 0, 1, 1, 1, -1]), np.array([-1, -1, 0, 0, -1, -1]))

    projects = before_of(previous, ROWS, Level.PROJECT)

    assert projects is not None
    assert projects[0] == projects[1] >= 0
    assert projects[0] != projects[2]
    assert projects[4] == projects[5] == -1


def test_nothing_was_before_the_first_grouping() -> None:
    assert before_of(None, ROWS, Level.MISSION) is None


def test_projects_are_looked_for_inside_missions() -> None:
    tied = sparse.csr_matrix(np.ones((4, 4)) - np.eye(4))

    graph, bound = parted(tied, np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]))

    assert graph[0, 1] == 1
    assert graph[1, 2] == 0
    assert bound[0] == bound[1]
    assert len({bound[1], bound[2], bound[3]}) == 3


def test_at_home_is_who_is_with_most_of_the_group_of_before() -> None:
    before = np.array([0, 0, 0, 1, 1, -1])
    labels = np.array([7, 7, 8, 8, -1, 8])

    assert at_home(labels, before).tolist() == [True, True, False, True, False, False]
    assert not at_home(labels, None).any()
