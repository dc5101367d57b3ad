"""Which links fit which ends, and that dependence never runs in a circle, whatever is asked for."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import links
from app.rules.words import LinkKind, LinkStatus, SubjectKind
from tests.rules.many import many

K, S = LinkKind, SubjectKind
WISHES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=40)


@pytest.mark.parametrize(("kind", "near", "far"), [
    pytest.param(K.DEPENDS_ON, S.PROJECT, S.MISSION, id="a project waits for projects"),
    pytest.param(K.COMPETES_WITH, S.MISSION, S.MISSION, id="missions do not compete"),
    pytest.param(K.SPILLS_OVER_TO, S.ORGANISATION, S.PROJECT, id="what spills over comes from a mission"),
    pytest.param(K.FOLLOWS, S.CALL, S.MISSION, id="a call follows by being opened, not by being linked"),
    pytest.param(K.DERIVES_FROM, S.PROJECT, S.SUBMISSION, id="voices are linked where they are quoted"),
])  # fmt: skip
def test_ends_that_do_not_fit(kind: LinkKind, near: SubjectKind, far: SubjectKind) -> None:
    with pytest.raises(links.EndsDoNotFit):
        links.require_ends(kind, near, far)


def test_every_kind_a_steward_may_choose_has_words_and_ends() -> None:
    assert set(links.SAID) == set(links.ENDS)
    for kind, ends in links.ENDS.items():
        for near, far in ends:
            links.require_ends(kind, near, far)


def test_a_verdict_needs_evidence_and_a_size_its_unit() -> None:
    links.require_tested(LinkStatus.UNTESTED, "")
    links.require_size(K.SPILLS_OVER_TO, has_size=True, unit="jobs")

    with pytest.raises(links.NoEvidence):
        links.require_tested(LinkStatus.REFUTED, "")
    with pytest.raises(links.NoUnit):
        links.require_size(K.SPILLS_OVER_TO, has_size=True, unit="")
    with pytest.raises(links.NoSize):
        links.require_size(K.DEPENDS_ON, has_size=True, unit="jobs")


def has_circle(edges: dict[int, set[int]]) -> bool:
    """The slow way: what has no edge left is taken away until nothing changes; what remains runs in circles."""
    left = set(edges) | {far for fars in edges.values() for far in fars}
    while free := {node for node in left if not edges.get(node, set()) & left}:
        left -= free
    return bool(left)


@many(300)
@given(WISHES)
def test_edges_let_in_one_by_one_never_close_a_circle(wishes: list[tuple[int, int]]) -> None:
    edges: dict[int, set[int]] = defaultdict(set)
    for near, far in wishes:
        would_close = bool(links.path(edges, far, near))
        tried = {node: set(fars) for node, fars in edges.items()}
        tried.setdefault(near, set()).add(far)

        assert would_close is has_circle(tried)
        if not would_close:
            edges[near].add(far)

    assert not has_circle(edges)


@many(200)
@given(WISHES)
def test_a_path_is_a_way_and_what_is_reached_has_one(wishes: list[tuple[int, int]]) -> None:
    edges: dict[int, set[int]] = defaultdict(set)
    for near, far in wishes:
        edges[near].add(far)

    found = links.reached(edges, 0)

    assert 0 not in found
    for node in range(8):
        way = links.path(edges, 0, node)
        if node != 0:
            assert bool(way) is (node in found)
        if len(way) > 1:
            assert (way[0], way[-1], len(way) - 1) == (0, node, found[node])
            assert all(far in edges[near] for near, far in pairwise(way))
