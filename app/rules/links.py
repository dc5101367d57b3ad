"""How one thing may bear on another: which ends each kind of link has, and that dependence never runs in a circle."""

from collections import deque
from collections.abc import Collection, Mapping
from typing import ClassVar, TypeVar

from app.errors import Conflict, NotAcceptable
from app.rules.words import N_, LinkKind, LinkStatus, SubjectKind

K, S = LinkKind, SubjectKind
Key = TypeVar("Key")
# What a steward may link with what, from what is theirs. The thread's own links are made where words are quoted.
ENDS: dict[LinkKind, frozenset[tuple[SubjectKind, SubjectKind]]] = {
    K.DERIVES_FROM: frozenset({(S.PROJECT, S.PROJECT)}),
    K.COMPLEMENTS: frozenset({(S.PROJECT, S.PROJECT), (S.MISSION, S.MISSION)}),
    K.COMPETES_WITH: frozenset({(S.PROJECT, S.PROJECT)}),
    K.DEPENDS_ON: frozenset({(S.PROJECT, S.PROJECT), (S.MISSION, S.MISSION)}),
    K.SPILLS_OVER_TO: frozenset(
        {(near, far) for near in (S.MISSION, S.PROJECT) for far in (S.MISSION, S.PROJECT, S.ORGANISATION)}
    ),
}
# What is linked on a map; the thread's links to voices, groups and clauses, of which there may be thousands, are not.
MAPPED = frozenset({S.PROJECT, S.MISSION, S.ORGANISATION})
# Said one way round, these hold the other way round too.
MUTUAL = frozenset({K.COMPLEMENTS, K.COMPETES_WITH})
# Only what spills over has a size of its own: everything else is counted where its money stands.
SIZED = frozenset({K.SPILLS_OVER_TO})
SAID: dict[LinkKind, str] = {
    K.DERIVES_FROM: N_("builds on"),
    K.COMPLEMENTS: N_("complements"),
    K.COMPETES_WITH: N_("competes with"),
    K.DEPENDS_ON: N_("depends on"),
    K.SPILLS_OVER_TO: N_("spills over to"),
}


class EndsDoNotFit(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "These two cannot be linked in this way. Choose another kind, or another end."
    )


class LinksItself(NotAcceptable):
    sentence: ClassVar[str] = N_("Nothing is linked with itself. Choose another end.")


class StaysInside(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "What spills over leaves the mission. For two projects of one mission choose another kind of link."
    )


class NoEvidence(NotAcceptable):
    sentence: ClassVar[str] = N_("Say by which evidence the assumption was tested.")


class NoUnit(NotAcceptable):
    sentence: ClassVar[str] = N_("Say what the size is counted in, for example: CLP a year.")


class NoSize(NotAcceptable):
    sentence: ClassVar[str] = N_("Only what spills over has a size.")


class CircleOfDependence(Conflict):
    sentence: ClassVar[str] = N_("This would close a circle, in which each waits for the other: %(path)s.")


def require_ends(kind: LinkKind, near: SubjectKind, far: SubjectKind) -> None:
    if (near, far) not in ENDS.get(kind, ()):
        raise EndsDoNotFit()


def require_tested(status: LinkStatus, evidence: str) -> None:
    """A verdict on an assumption rests on evidence."""
    if status is not LinkStatus.UNTESTED and not evidence:
        raise NoEvidence()


def require_size(kind: LinkKind, *, has_size: bool, unit: str) -> None:
    if has_size and kind not in SIZED:
        raise NoSize()
    if has_size and not unit:
        raise NoUnit()


def path(edges: Mapping[Key, Collection[Key]], start: Key, goal: Key) -> list[Key]:
    """The shortest way along the edges, both ends included; empty where there is none."""
    came: dict[Key, Key | None] = {start: None}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == goal:
            return way_back(came, here)
        for following in edges.get(here, ()):
            if following not in came:
                came[following] = here
                waiting.append(following)
    return []


def way_back(came: Mapping[Key, Key | None], end: Key) -> list[Key]:
    steps, here = [end], came[end]
    while here is not None:
        steps.append(here)
        here = came[here]
    return steps[::-1]


def reached(edges: Mapping[Key, Collection[Key]], start: Key) -> dict[Key, int]:
    """Everything that the edges lead to, with the number of steps; the start itself is not among it."""
    found: dict[Key, int] = {start: 0}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for following in edges.get(here, ()):
            if following not in found:
                found[following] = found[here] + 1
                waiting.append(following)
    del found[start]
    return found
