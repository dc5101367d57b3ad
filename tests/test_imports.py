"""No module of the application imports in a circle: each can be the first that is imported."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app"
Graph = dict[str, set[str]]


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(APP.parent).with_suffix("").parts).removesuffix(".__init__")


def imported(source: str, known: Graph) -> Iterator[str]:
    """Modules of the application that this one needs at once; what a function imports comes later."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                whole = f"{node.module}.{each.name}"
                yield whole if whole in known else node.module
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def graph() -> Graph:
    files = {name_of(each): each for each in APP.rglob("*.py")}
    found: Graph = {name: set() for name in files}
    for name, file in files.items():
        found[name] = {each for each in imported(file.read_text(), found) if each in found and each != name}
    return found


def test_nothing_is_imported_in_a_circle() -> None:
    found = graph()

    assert len(list(TopologicalSorter(found).static_order())) == len(found) > 700


def test_a_circle_would_be_seen() -> None:
    found = graph()
    found["app.rules.words"] = {"app.main"}

    with pytest.raises(CycleError):
        list(TopologicalSorter(found).static_order())
