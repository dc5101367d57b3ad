"""What people corrected, as the pipeline is told: the later of two that contradict each other holds."""

from typing import Any
from uuid import uuid4

import pytest

from app.models.correction import Correction
from app.nlp.corrections import Apart, Level, Lock, Pin, SetApart, Together
from app.rules.words import CorrectionKind as K
from app.services.corrections_standing import rules

ROWS = {name: row for row, name in enumerate("abcdef")}
MISSION = Level.MISSION


def correction(kind: K, **payload: Any) -> Correction:
    return Correction(call_id=uuid4(), person_id=uuid4(), kind=kind, payload={"level": "mission", **payload})


def moved(*names: str, to: str) -> Correction:
    return correction(K.MOVE, submissions=list(names), anchors=list(to))


def merged(kept: str, gone: str) -> Correction:
    return correction(K.MERGE, kept_members=list(kept), gone_members=list(gone))


def split(left: str, stayed: str) -> Correction:
    return correction(K.SPLIT, left=list(left), stayed=list(stayed))


def apart(*names: str) -> Correction:
    return correction(K.SET_APART, submissions=list(names))


def kept_together(names: str) -> Correction:
    return correction(K.KEEP_TOGETHER, submissions=list(names))


def kept_apart(names: str) -> Correction:
    return correction(K.KEEP_APART, submissions=list(names))


def instead(older: Correction, newer: Correction) -> list[Correction]:
    """A person let the later take the place of the earlier for its voices."""
    newer.payload = {**newer.payload, "instead": [str(older.id)]}
    return [older, newer]


@pytest.mark.parametrize(("corrections", "wanted"), [
    pytest.param([moved("a", to="cd")],
                 [Together((2, 3), MISSION), Pin(0, (2, 3), MISSION)], id="a move pins to a group held together"),
    pytest.param([moved("a", to="b"), moved("a", to="c")], [Pin(0, (2,), MISSION)], id="the last move holds"),
    pytest.param([moved("a", to="b"), apart("a")], [SetApart(0)], id="set apart after a move"),
    pytest.param([apart("a"), moved("a", to="b")], [Pin(0, (1,), MISSION)], id="moved after being set apart"),
    pytest.param([merged("ab", "cd")], [Together((0, 1, 2, 3), MISSION)], id="a merge joins"),
    pytest.param([merged("ab", "cd"), moved("a", to="ef")],
                 [Together((4, 5), MISSION), Together((1, 2, 3), MISSION), Pin(0, (4, 5), MISSION)],
                 id="moved out of a merge"),
    pytest.param([split("ab", "cd")],
                 [Together((0, 1), MISSION), Apart((0, 1), (2, 3), MISSION)], id="a split parts"),
    pytest.param([merged("ab", "cd"), split("ac", "bd")],
                 [Together((0, 2), MISSION), Together((1, 3), MISSION), Together((0, 2), MISSION),
                  Apart((0, 2), (1, 3), MISSION)], id="a merge is cut by a later split"),
    pytest.param([split("ab", "cd"), merged("ab", "cd")],
                 [Together((0, 1), MISSION), Together((0, 1, 2, 3), MISSION)], id="a split is healed by a later merge"),
    pytest.param([correction(K.LOCK, members=list("ab"))], [Lock((0, 1), MISSION)], id="a lock"),
    pytest.param([kept_together("ab")], [Together((0, 1), MISSION)], id="kept together"),
    pytest.param([kept_apart("abc")],
                 [Apart((0,), (1,), MISSION), Apart((0,), (2,), MISSION), Apart((1,), (2,), MISSION)], id="kept apart"),
    pytest.param([kept_apart("ab"), moved("a", to="c")],
                 [Apart((0,), (1,), MISSION), Pin(0, (2,), MISSION)], id="a move frees nobody of being kept apart"),
    pytest.param([merged("ab", "cd"), kept_apart("ac")],
                 [Together((1, 3), MISSION), Apart((0,), (2,), MISSION)], id="a merge yields to voices kept apart"),
    pytest.param([split("ab", "cd"), kept_together("ac")],
                 [Together((0, 1), MISSION), Apart((0, 1), (3,), MISSION), Together((0, 2), MISSION)],
                 id="of a split the loose voice follows the one it is kept with"),
    pytest.param([moved("a", to="bc"), kept_apart("bc")],
                 [Apart((1,), (2,), MISSION)], id="who is kept apart holds no place together"),
    pytest.param([split("ab", "cd"), moved("a", to="e")],
                 [Together((1,), MISSION), Apart((0, 1), (2, 3), MISSION), Pin(0, (4,), MISSION)],
                 id="a chosen voice that moves on stays apart from those it left"),
    pytest.param(instead(kept_together("ab"), moved("a", to="c")),
                 [Pin(0, (2,), MISSION)], id="a later one in the place of an earlier frees its voices"),
    pytest.param([correction(K.RENAME, label="x")], [], id="a name binds no text"),
    pytest.param([moved("a", "gone", to="cz")], [Pin(0, (2,), MISSION)], id="texts that left bind nobody"),
])  # fmt: skip
def test_standing_corrections(corrections: list[Correction], wanted: list[object]) -> None:
    assert rules(corrections, ROWS) == wanted
