"""The files of a bundle: a zip whose manifest names every file with its hash, read without trusting any of it."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

FORMAT, VERSION = "comission grouping bundle", 1
MANIFEST = "manifest.json"
# Compressed as little as helps: ties are numbers, and a hundred thousand voices have millions of them.
EFFORT = 1
LARGEST_IN_ALL = 4 << 30
LARGEST_MANIFEST = 1 << 20
MOST_FILES = 40
NO_TABLE = (KeyError, ValueError, EOFError, OSError, MemoryError, SyntaxError, OverflowError, TokenError)
UNREADABLE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError,
    lzma.LZMAError,
)  # fmt: skip


class BadBundle(ValueError):
    """A file that is no bundle, or one that somebody changed; the message is one sentence for people."""


Files = dict[str, bytes]


def array_bytes(array: NDArray[Any]) -> bytes:
    """Write an array as a .npy file, the same bytes on every machine."""
    held = io.BytesIO()
    kind = array.dtype.newbyteorder("<")
    np.lib.format.write_array(held, np.ascontiguousarray(array, dtype=kind), allow_pickle=False)
    return held.getvalue()


def read_array(files: Mapping[str, bytes], name: str, kind: str, dimensions: int) -> NDArray[Any]:
    """Read one array of a known type and number of dimensions; nothing in it is ever run."""
    try:
        found = np.lib.format.read_array(io.BytesIO(files[name]), allow_pickle=False, max_header_size=1000)
    except NO_TABLE as error:
        raise BadBundle(f"{name} is missing or is no table of numbers.") from error
    if found.dtype != np.dtype(kind) or found.ndim != dimensions:
        raise BadBundle(f"{name} holds other numbers than it should.")
    if found.dtype.kind == "f" and not np.isfinite(found).all():
        raise BadBundle(f"{name} holds numbers that are none.")
    return np.asarray(found)


def document_bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1).encode()


def read_document(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        found = json.loads(files[name])
    except (KeyError, ValueError, RecursionError) as error:
        raise BadBundle(f"{name} is missing or cannot be read.") from error
    if not isinstance(found, dict):
        raise BadBundle(f"{name} holds something else than it should.")
    return found


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write(files: Mapping[str, bytes], facts: Mapping[str, Any], to: Path | IO[bytes]) -> str:
    """Write a bundle; the same files make the same zip, byte for byte.

    Returns
    -------
    str
        The hash of the manifest, by which the whole bundle is known.
    """
    listed = {name: {"sha256": digest(content), "bytes": len(content)} for name, content in files.items()}
    manifest = document_bytes({"format": FORMAT, "version": VERSION, "files": listed, **facts})
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=EFFORT) as archive:
        for name, content in {MANIFEST: manifest, **dict(sorted(files.items()))}.items():
            # A fixed date, so that the same grouping is the same file whenever it is written.
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return digest(manifest)


def read(source: Path | IO[bytes], *, largest: int = LARGEST_IN_ALL) -> tuple[dict[str, Any], Files, str]:
    """Read a bundle into memory; nothing of it is written anywhere, so its names can lead nowhere.

    Returns
    -------
    manifest : dict
    files : dict of str to bytes
    fingerprint : str
        The hash of the manifest.

    Raises
    ------
    BadBundle
        If it is no zip, holds other files than its manifest names, a file was changed, or it would unpack to more
        than `largest` bytes.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            entries = checked_entries(archive.infolist(), largest)
            manifest = archive.read(entries.pop(MANIFEST))
            told = read_document({MANIFEST: manifest}, MANIFEST)
            listed = listed_files(told, entries)
            files = {name: archive.read(entry) for name, entry in entries.items()}
    except UNREADABLE as error:
        raise BadBundle(
            "This is no bundle, or it was damaged on the way: the archive cannot be read."
        ) from error
    for name, content in files.items():
        if digest(content) != listed[name]:
            raise BadBundle(f"{name} was changed: it is not what the manifest says.")
    return told, files, digest(manifest)


def checked_entries(infos: list[zipfile.ZipInfo], largest: int) -> dict[str, zipfile.ZipInfo]:
    """Refuse, before a byte is unpacked, what is too much or is named as no file of a bundle is."""
    entries = {info.filename: info for info in infos}
    if len(infos) > MOST_FILES or len(entries) < len(infos):
        raise BadBundle("The archive holds too many files, or two of one name.")
    for name, info in entries.items():
        if not name.replace(".", "").replace("_", "").isalnum() or name.startswith(".") or info.is_dir():
            raise BadBundle("The archive holds a file whose name could lead out of it.")
        if info.flag_bits & 1:
            raise BadBundle("The archive is locked with a password.")
    if sum(info.file_size for info in infos) > largest:
        raise BadBundle("The archive would unpack to more than a bundle can be.")
    if MANIFEST not in entries or entries[MANIFEST].file_size > LARGEST_MANIFEST:
        raise BadBundle("This is no bundle: it has no manifest.")
    return entries


def listed_files(manifest: Mapping[str, Any], entries: Mapping[str, zipfile.ZipInfo]) -> dict[str, str]:
    """The hash of each file, if the manifest names exactly the files that are there."""
    if manifest.get("format") != FORMAT or manifest.get("version") != VERSION:
        raise BadBundle("This is no bundle that this version of CoMission can read.")
    told = manifest.get("files")
    if not isinstance(told, dict) or set(told) != set(entries):
        raise BadBundle("The archive holds other files than its manifest names.")
    try:
        return {name: str(one["sha256"]) for name, one in told.items()}
    except (TypeError, KeyError) as error:
        raise BadBundle("The manifest does not say what its files are.") from error
