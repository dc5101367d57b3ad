"""Bundles that somebody made to do harm: whatever is in one, the answer is a sentence."""

import io
import json
import struct
import zipfile
from collections.abc import Callable

import numpy as np
import pytest

from app.nlp import bundle_files, regroup
from app.nlp.bundle import Bundle, files_of
from app.nlp.bundle_files import BadBundle, Files, array_bytes, document_bytes
from app.nlp.bundle_public import only
from app.nlp.partition import Previous
from tests.nlp.test_bundle import made, small_bundle, taken_rungs


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    first = made()
    return made(previous=Previous(first.missions, first.projects, (1.0, 2.0), (5, 5)))


def packed(bundle: Bundle, change: Callable[[Files], None], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """A bundle whose hashes are right, changed before they were taken."""
    assert bundle.structure is not None
    files = dict(files_of(bundle))
    told = regroup.settle(bundle.structure, bundle.missions, bundle.projects)
    files["settled.json"] = document_bytes(told)
    change(files)
    held = io.BytesIO()
    bundle_files.write(files, {}, held)
    if method == zipfile.ZIP_DEFLATED:
        return held
    again = io.BytesIO()
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(again, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return again


def table(header: str) -> bytes:
    said = header.encode().ljust(200) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(said)) + said


@pytest.mark.parametrize(
    "header",
    [
        f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({2**70}, 24)}}",
        f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({2**50}, 24)}}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 24)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1, 1)}",
        "{'descr': '<f4' (((((",
        "'''",
    ],
)
def test_a_table_whose_header_lies_is_refused(bundle: Bundle, header: str) -> None:
    def change(files: Files) -> None:
        files["vectors.npy"] = table(header)

    with pytest.raises(BadBundle):
        regroup.regroup(packed(bundle, change))


def act(sides: object) -> dict[str, object]:
    return {"kind": "move", "level": "mission", "sides": sides, "in_run": False, "is_undone": False}


@pytest.mark.parametrize(
    "settings",
    [
        {"corrections": [{"kind": "lock", "rows": 3}]},
        {"corrections": [{"kind": "pin", "row": [1, 2], "to_rows": 4}]},
        {"previous": {"resolutions": [-1, 0], "breadths": None}},
        {"seed": -1},
        {"absent": -1},
        {"absent": "many"},
        {"absent": [3]},
        {"acts": 7},
        {"acts": [{}]},
        {"acts": [act([[0, 125]])]},
        {"acts": [act([[-1]])]},
        {"acts": [act([["x"]])]},
        {"acts": [act(3)]},
        {"links": [0.5, 0.5]},
    ],
)
def test_settings_of_another_shape_are_refused(bundle: Bundle, settings: dict[str, object]) -> None:
    def change(files: Files) -> None:
        files["settings.json"] = document_bytes(json.loads(files["settings.json"]) | settings)

    with pytest.raises(BadBundle):
        regroup.regroup(packed(bundle, change))


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_a_damaged_archive_of_any_kind_is_refused(bundle: Bundle, method: int) -> None:
    content = bytearray(packed(bundle, lambda _files: None, method).getvalue())
    for at in range(60, len(content) // 3, 997):
        content[at] ^= 255

    with pytest.raises(BadBundle):
        regroup.regroup(io.BytesIO(bytes(content)))


def floats(*numbers: float) -> bytes:
    return array_bytes(np.array(numbers, dtype=np.float64))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("links_near.npy", floats(*[np.nan] * 66)),
        ("links_near.npy", floats(*[np.inf] * 66)),
        ("links_near.npy", floats(*[-1.0] * 66)),
        ("links_near.npy", floats(*[3.0] * 66)),
        ("links_near.npy", floats(*[1.0] * 65)),
        ("links_near.npy", floats()),
        ("links_near.npy", array_bytes(np.zeros((6, 11), dtype=np.float64))),
        ("links_near.npy", array_bytes(np.zeros(66, dtype=np.float32))),
        ("links_wide.npy", floats(*[1.0] * 500)),
        ("links_wide.npy", b""),
        ("nodes.npy", array_bytes(np.full(12, 10**12, dtype=np.int64))),
        ("nodes.npy", array_bytes(np.full(12, -2, dtype=np.int64))),
        ("nodes.npy", array_bytes(np.arange(12, dtype=np.int64) * 2)),
        ("nodes.npy", array_bytes(np.zeros(3, dtype=np.int64))),
        ("today.npy", array_bytes(np.zeros((2, 3), dtype=np.int64))),
        ("today.npy", array_bytes(np.full((2, 12), -7, dtype=np.int64))),
        ("today.npy", array_bytes(np.zeros((2, 12), dtype=np.float64))),
        ("settled.json", b"{}"),
    ],
)
def test_distances_and_labels_that_cannot_be_are_refused(name: str, content: bytes) -> None:
    def change(files: Files) -> None:
        files[name] = content

    with pytest.raises(BadBundle) as refused:
        regroup.regroup(packed(small_bundle(), change))

    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "similarities", [[2.0, 0.5], [0.5], [None, 1], ["x", "y"], {"a": 1}, [float("nan")] * 2]
)
def test_similarities_that_cannot_be_are_refused(similarities: object) -> None:
    def change(files: Files) -> None:
        files["settings.json"] = document_bytes(json.loads(files["settings.json"]) | {"links": similarities})

    with pytest.raises(BadBundle):
        regroup.regroup(packed(small_bundle(), change))


@pytest.mark.parametrize("absent", [0, 3])
def test_who_says_that_voices_are_gone_has_to_name_what_does_not_follow(bundle: Bundle, absent: int) -> None:
    """With voices gone no run is made again: then labels must follow from the ties, and the ties from the vectors."""

    def change(files: Files) -> None:
        files["settings.json"] = document_bytes(json.loads(files["settings.json"]) | {"absent": absent})
        lines = files["rows.tsv"].decode().split("\n")
        row = lines[1].split("\t")
        row[4] = str(int(row[4]) + 1)
        files["rows.tsv"] = "\n".join([lines[0], "\t".join(row), *lines[2:]]).encode()

    found = regroup.regroup(packed(bundle, change))

    assert (found.from_vectors is None) is (absent > 0)
    assert not found.is_same


def test_ties_that_are_not_those_of_the_vectors_are_found_where_voices_are_gone(bundle: Bundle) -> None:
    left = only(bundle, [at != 9 for at in range(len(bundle.ids))])

    def change(files: Files) -> None:
        weights = np.load(io.BytesIO(files["near_weights.npy"]))
        files["near_weights.npy"] = array_bytes(weights * np.float32(0.5))

    honest, changed = (
        regroup.regroup(packed(left, lambda _files: None)),
        regroup.regroup(packed(left, change)),
    )

    assert honest.is_same
    assert changed.same_ties is False
    assert not changed.is_same


def test_rungs_of_other_rows_are_refused() -> None:
    def change(files: Files) -> None:
        files["ladder.npy"] = array_bytes(np.zeros((2, 7), dtype=np.int32))

    with pytest.raises(BadBundle):
        regroup.regroup(packed(only(taken_rungs(), [at != 3 for at in range(125)]), change))
