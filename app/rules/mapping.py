"""The map of a mission: challenge, mission, sectors, projects; and what stands on it without what it should hang on."""

from collections.abc import Iterable, Mapping
from enum import StrEnum, auto
from typing import TypeVar

from app.rules.words import N_

Key = TypeVar("Key")


class Layer(StrEnum):
    """From what is asked to what is done about it; outside lies what the mission bears on."""

    CHALLENGE = auto()
    MISSION = auto()
    SECTOR = auto()
    PROJECT = auto()
    OUTSIDE = auto()


L = Layer
# A thing of this layer hangs on something of that one; without it, it is an orphan.
HANGS_ON: dict[Layer, Layer] = {L.MISSION: L.SECTOR, L.SECTOR: L.PROJECT, L.PROJECT: L.SECTOR}
ORPHANED: dict[Layer, str] = {
    L.MISSION: N_("No sector is named for this mission, and none of its projects stands in one."),
    L.SECTOR: N_("The mission names this sector, and no project stands in it."),
    L.PROJECT: N_("This project stands in no sector."),
}


def orphans(layers: Mapping[Key, Layer], edges: Iterable[tuple[Key, Key]]) -> set[Key]:
    """Which things lack what they should hang on, whichever way round an edge is told."""
    beside: dict[Key, set[Layer]] = {key: set() for key in layers}
    for one, other in edges:
        beside[one].add(layers[other])
        beside[other].add(layers[one])
    return {key for key, layer in layers.items() if layer in HANGS_ON and HANGS_ON[layer] not in beside[key]}
