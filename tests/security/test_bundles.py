"""Bundles that somebody made to do harm: whatever is in one, the answer is a sentence."""

import io
import json
import struct
import zipfile
from collections.abc import Callable

import pytest

from app.nlp import bundle_files, regroup
from app.nlp.bundle import Bundle, files_of
from app.nlp.bundle_files import BadBundle, Files, document_bytes
from app.nlp.partition import Previous
from tests.nlp.test_bundle import made


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    first = made()
    return made(previous=Previous(first.missions, first.projects, (1.0, 2.0), (5, 5)))


def packed(bundle: Bundle, change: Callable[[Files], None], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """A bundle whose hashes are right, changed before they were taken."""
    assert bundle.ties is not None
    files = dict(files_of(bundle))
    told = regroup.settle(bundle.ties, bundle.missions, bundle.projects)
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


@pytest.mark.parametrize(
    "settings",
    [
        {"corrections": [{"kind": "lock", "rows": 3}]},
        {"corrections": [{"kind": "pin", "row": [1, 2], "to_rows": 4}]},
        {"previous": {"resolutions": [-1, 0], "breadths": None}},
        {"seed": -1},
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
