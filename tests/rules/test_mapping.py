"""What stands on a mission's map without what it should hang on."""

from app.rules.mapping import HANGS_ON, ORPHANED, Layer, orphans

L = Layer
LAYERS = {
    "call": L.CHALLENGE,
    "mission": L.MISSION,
    "water": L.SECTOR,
    "roofs": L.PROJECT,
    "abroad": L.OUTSIDE,
}


def test_a_chain_from_mission_to_project_has_no_orphan() -> None:
    assert orphans(LAYERS, [("call", "mission"), ("mission", "water"), ("water", "roofs")]) == set()


def test_a_sector_without_a_project_and_a_project_without_a_sector_are_orphans() -> None:
    assert orphans(LAYERS, [("call", "mission"), ("mission", "water")]) == {"water", "roofs"}


def test_a_mission_without_sectors_is_one_and_what_lies_outside_never_is() -> None:
    assert orphans(LAYERS, [("roofs", "abroad")]) == {"mission", "water", "roofs"}


def test_the_way_round_in_which_an_edge_is_told_makes_no_difference() -> None:
    assert orphans(LAYERS, [("water", "mission"), ("roofs", "water")]) == set()


def test_every_orphan_is_told_why() -> None:
    assert set(ORPHANED) == set(HANGS_ON)
