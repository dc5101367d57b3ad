"""Of two corrections that cannot both hold the later is refused, and both are named; each pair of kinds."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import Session

from app.models.correction import Correction, standing_corrections
from app.models.placement import Placement
from app.rules.words import CorrectionKind as K
from app.services import (
    corrections,
    corrections_gather,
    corrections_keep,
    corrections_seeds,
    corrections_truth,
    corrections_undo,
    corrections_voices,
)
from app.services.corrections_told import Contradicts
from tests.services.test_corrections import Bench, snapshot

Act = Callable[["Town"], Correction]


class Town(Bench):
    """Five groups, and the acts on them by names of voices: w0 is the first voice about water."""

    def id(self, name: str) -> UUID:
        themes = {"w": "water", "b": "buses", "s": "solar"}
        return self.themes[themes[name[0]]][int(name[1])]

    def ids(self, names: str) -> list[UUID]:
        return [self.id(name) for name in names.split()]

    def move(self, names: str, theme: str, instead: tuple[UUID, ...] = ()) -> Correction:
        seen = self.seen(*self.ids(names))
        return corrections_voices.move(self.session, self.call, seen, self.of(theme), self.carol.id, instead)

    def set_apart(self, names: str, instead: tuple[UUID, ...] = ()) -> Correction:
        seen = self.seen(*self.ids(names))
        return corrections_voices.set_apart(
            self.session, self.call, seen, "Off the question.", self.carol.id, instead
        )

    def together(self, names: str, instead: tuple[UUID, ...] = ()) -> Correction:
        seen = self.seen(*self.ids(names))
        return corrections_keep.keep_together(self.session, self.call, seen, self.carol.id, "", instead)

    def apart(self, names: str, instead: tuple[UUID, ...] = ()) -> Correction:
        seen = self.seen(*self.ids(names))
        return corrections_keep.keep_apart(self.session, self.call, seen, self.carol.id, "", instead)

    def split(self, theme: str, names: str) -> Correction:
        return corrections.split(self.session, self.of(theme), self.ids(names), self.carol.id, "Part")[0]

    def seeds(self, theme: str, stay: str, leave: str) -> Correction:
        group, by = self.of(theme), self.carol.id
        return corrections_seeds.split(self.session, group, self.ids(stay), self.ids(leave), by, "Part")[0]

    def gather(self, names: str) -> Correction:
        return corrections_gather.gather(self.session, self.call, self.seen(*self.ids(names)), self.carol.id)[
            0
        ]

    def merge(self, kept: str, gone: str) -> Correction:
        return corrections.merge(self.session, self.of(kept), self.of(gone), self.carol.id)

    def lock(self, theme: str) -> Correction:
        return corrections.lock(self.session, self.of(theme), self.carol.id)

    def rename(self, theme: str) -> Correction:
        return corrections.rename(self.session, self.of(theme), "Another name", self.carol.id)

    def out(self, name: str) -> None:
        """A voice that no machine grouped."""
        place = self.session.get_one(Placement, (self.grouping.id, self.id(name)))
        place.cluster_id = None
        self.session.flush()

    def merge_parts(self) -> Correction:
        made = self.mission_of(self.id("w0"))
        assert made is not None
        return corrections.merge(self.session, self.of("water"), made, self.carol.id)


@pytest.fixture
def town(session: Session) -> Town:
    return Town(session)


OLDER: dict[str, Act] = {
    "move": lambda town: town.move("w0 w1", "buses"),
    "set apart": lambda town: town.set_apart("w0"),
    "keep together": lambda town: town.together("w0 w1"),
    "keep apart": lambda town: town.apart("w0 b0"),
    "split": lambda town: town.seeds("water", stay="w2 w3 w4", leave="w0 w1"),
    "merge": lambda town: town.merge("water", "buses"),
    "lock": lambda town: town.lock("water"),
    "rename": lambda town: town.rename("water"),
}
CONTRADICT: list[tuple[str, str, Act]] = [
    ("move", "move", lambda town: town.move("w0", "solar")),
    ("move", "set apart", lambda town: town.set_apart("w0")),
    ("move", "keep apart", lambda town: town.apart("w0 w1")),
    ("move", "split", lambda town: town.split("buses", "w0")),
    ("set apart", "move", lambda town: town.move("w0", "buses")),
    ("set apart", "keep together", lambda town: town.together("w0 w1")),
    ("set apart", "gather", lambda town: (town.out("w1"), town.gather("w0 w1"))[1]),
    ("keep together", "move", lambda town: town.move("w0", "buses")),
    ("keep together", "set apart", lambda town: town.set_apart("w1")),
    ("keep together", "keep apart", lambda town: town.apart("w0 w1")),
    ("keep together", "split", lambda town: town.split("water", "w0")),
    ("keep together", "seeds", lambda town: town.seeds("water", stay="w0", leave="w1")),
    ("keep apart", "move", lambda town: town.move("w0", "buses")),
    ("keep apart", "keep together", lambda town: town.together("w0 b0")),
    ("keep apart", "merge", lambda town: town.merge("water", "buses")),
    ("split", "move", lambda town: town.move("w0", "water")),
    ("split", "keep together", lambda town: town.together("w0 w2")),
    ("split", "merge", lambda town: town.merge_parts()),
    ("merge", "split", lambda town: town.split("water", "b0 b1 b2 b3 b4")),
    ("lock", "move out", lambda town: town.move("w0", "buses")),
    ("lock", "move in", lambda town: town.move("b0", "water")),
    ("lock", "set apart", lambda town: town.set_apart("w0")),
    ("lock", "keep together", lambda town: town.together("w0 b0")),
    ("lock", "keep apart", lambda town: town.apart("w0 w1")),
    ("lock", "split", lambda town: town.split("water", "w0")),
    ("lock", "merge", lambda town: town.merge("buses", "water")),
]
AGREE: list[tuple[str, str, Act]] = [
    ("move", "keep together", lambda town: town.together("w0 w2")),
    ("move", "merge", lambda town: town.merge("water", "buses")),
    ("move", "lock", lambda town: town.lock("buses")),
    ("set apart", "set apart", lambda town: town.set_apart("w0 w1")),
    ("set apart", "keep apart", lambda town: town.apart("w0 w1")),
    ("keep together", "keep together", lambda town: town.together("w1 w2")),
    ("keep together", "move", lambda town: town.move("w0 w1", "buses")),
    ("keep together", "merge", lambda town: town.merge("water", "buses")),
    ("keep apart", "keep apart", lambda town: town.apart("w0 s0")),
    ("keep apart", "set apart", lambda town: town.set_apart("w0")),
    ("split", "set apart", lambda town: town.set_apart("w0")),
    ("split", "move", lambda town: town.move("w0", "solar")),
    ("split", "keep apart", lambda town: town.apart("w0 w2")),
    ("merge", "move", lambda town: town.move("b0", "solar")),
    ("merge", "set apart", lambda town: town.set_apart("b0")),
    ("merge", "keep apart", lambda town: town.apart("w0 b0")),
    ("merge", "merge", lambda town: town.merge("solar", "water")),
    ("merge", "lock", lambda town: town.lock("water")),
    ("lock", "rename", lambda town: town.rename("water")),
    ("rename", "rename", lambda town: town.rename("water")),
    ("rename", "merge", lambda town: town.merge("water", "buses")),
]


def named(pairs: list[tuple[str, str, Act]]) -> list[object]:
    return [pytest.param(older, newer, id=f"{older} then {said}") for older, said, newer in pairs]


@pytest.mark.parametrize(("older", "newer"), named(CONTRADICT))
def test_the_later_is_refused_and_both_are_named(town: Town, older: str, newer: Act) -> None:
    first = OLDER[older](town)
    before = snapshot(town)

    with pytest.raises(Contradicts) as refused, town.session.begin_nested():
        newer(town)

    town.session.expire_all()
    assert refused.value.older == first.id
    said = refused.value.phrase.english
    assert "Carol" in said
    assert str(refused.value.facts["older"]) in said
    assert str(refused.value.facts["newer"]) in said
    assert refused.value.facts["when"] == first.created_at
    assert [one.id for one in standing_corrections(town.session, town.call.id)] == [first.id]
    assert {voice for voice, home in snapshot(town).items() if home != before[voice]} <= {town.id("w1")}


@pytest.mark.parametrize(("older", "newer"), named(AGREE))
def test_what_can_both_hold_is_not_refused_and_holds_in_the_next_run(
    town: Town, older: str, newer: Act
) -> None:
    first = OLDER[older](town)
    second = newer(town)

    for _run in range(2):
        assert corrections_truth.holding(town.session, town.grouping) >= {first.id, second.id}
        town.run_again()
    assert town.grouping.parameters["rules_left_out"] == 0


def test_every_pair_of_kinds_was_thought_of() -> None:
    """A kind that is not in the tables has no pair tried."""
    kinds = {kind.value.replace("_", " ") for kind in K}

    assert {older for older, *_rest in [*CONTRADICT, *AGREE]} == kinds == set(OLDER)
    assert kinds - {newer for _older, newer, _act in [*CONTRADICT, *AGREE]} == set()


# With these undone there is nothing left that the later one could be done to.
NEEDS_IT = {
    ("move", "split"),
    ("set apart", "gather"),
    ("split", "move"),
    ("split", "merge"),
    ("merge", "split"),
}


@pytest.mark.parametrize(("older", "newer"), named([pair for pair in CONTRADICT if pair[:2] not in NEEDS_IT]))
def test_the_earlier_one_undone_the_later_holds(town: Town, older: str, newer: Act) -> None:
    corrections_undo.undo(town.session, OLDER[older](town), town.carol.id)

    made = newer(town)

    assert corrections_truth.holding(town.session, town.grouping) == {made.id}


@pytest.mark.parametrize(
    "act",
    ["move", "set_apart", "together", "apart"],
    ids=["move", "set apart", "keep together", "keep apart"],
)
def test_a_person_lets_the_later_take_the_place_of_the_earlier_for_its_voices(town: Town, act: str) -> None:
    """The earlier one goes on binding its other voices, and binds all of them again when the later is undone."""
    older = town.move("w0 w1 w2", "buses") if act != "together" else town.set_apart("w0 w1 w2")
    acts: dict[str, Act] = {
        "move": lambda town: town.move("w0", "solar", (older.id,)),
        "set_apart": lambda town: town.set_apart("w0", (older.id,)),
        "together": lambda town: town.together("w0 w4", (older.id,)),
        "apart": lambda town: town.apart("w0 w1", (older.id,)),
    }
    newer = acts[act](town)

    town.run_again()
    assert corrections_truth.holding(town.session, town.grouping) == {older.id, newer.id}
    with pytest.raises(Contradicts) as refused, town.session.begin_nested():
        town.move("w2", "school")
    assert refused.value.older == older.id
    town.session.expire_all()
    corrections_undo.undo(town.session, newer, town.carol.id)
    town.run_again()
    assert corrections_truth.holding(town.session, town.grouping) == {older.id}


def test_undoing_what_a_later_correction_stands_on_is_refused_too(town: Town) -> None:
    older = town.move("w0", "buses")
    newer = town.together("w0 b0")

    with pytest.raises(Contradicts) as refused, town.session.begin_nested():
        corrections_undo.undo(town.session, older, town.carol.id)

    town.session.expire_all()
    assert refused.value.older == newer.id
    assert "Undo (" in refused.value.phrase.english
    corrections_undo.undo(town.session, newer, town.carol.id)
    corrections_undo.undo(town.session, older, town.carol.id)
    assert standing_corrections(town.session, town.call.id) == []
