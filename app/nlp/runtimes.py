"""What runs a model here: which programs this machine has, what its processor can do, and which fits best."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from app.nlp.chunks import Piece
from app.nlp.vectors import Vectors

Progress = Callable[[int, int], None]

INT8_FLAGS = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})


class Wish(StrEnum):
    """What the operator asks for: the fastest that changes nothing, 8-bit whole numbers, or the reference."""

    AUTO = "auto"
    INT8 = "int8"
    REFERENCE = "sentence-transformers"


class Runtime(Protocol):
    """A model, loaded: it cuts texts into pieces and turns pieces into vectors."""

    @property
    def name(self) -> str:
        """Say what computes and how exactly, for /readyz and the row of each grouping."""
        ...

    @property
    def dimensions(self) -> int: ...

    @property
    def at_once(self) -> int:
        """How many batches it works on at the same time."""
        ...

    def pieces(self, texts: Sequence[str]) -> list[Piece]:
        """Cut texts into what the model can read whole."""
        ...

    def encode(self, pieces: Sequence[Piece]) -> Vectors:
        """Turn one batch into unit rows; called by `at_once` threads at the same time."""
        ...


class NotOnThisProcessor(ValueError):
    """8-bit numbers were asked for, and this machine would round them differently from the others."""


def chosen(wish: Wish, folder: Path | None) -> Wish | str:
    """Choose without loading anything.

    Parameters
    ----------
    wish : Wish
    folder : Path, optional
        Where the model's files are; None while nobody knows.

    Returns
    -------
    str
        "openvino", "int8" or "sentence-transformers".

    Raises
    ------
    NotOnThisProcessor
        If int8 is asked for where it cannot run as it does elsewhere. Vectors of two kinds are never mixed
        silently, so there is no falling back.
    """
    from app.nlp.bert import is_readable

    fast = find_spec("openvino") is not None and folder is not None and is_readable(folder)
    if wish is Wish.INT8:
        if not fast or not has_int8():
            raise NotOnThisProcessor(
                "EMBEDDING_RUNTIME=int8 needs OpenVINO, a model of the BERT family and a processor with VNNI or AMX."
            )
        return "int8"
    if wish is Wish.REFERENCE or not fast or has_cuda():
        return "sentence-transformers"
    return "openvino"


def cores() -> int:
    """Count the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def has_int8() -> bool:
    """Whether products of 8-bit numbers are summed without overflow, which older instructions do not do."""
    try:
        words = Path("/proc/cpuinfo").read_text("utf-8").split()
    except OSError:
        return False
    return not INT8_FLAGS.isdisjoint(words)


@cache
def has_cuda() -> bool:
    """Whether torch could use a graphics card; torch itself is not imported for the question."""
    torch = find_spec("torch")
    if torch is None or torch.origin is None:
        return False
    if not any((Path(torch.origin).parent / "lib").glob("libtorch_cuda*")):
        return False
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    count = ctypes.c_int(0)
    return driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0 and count.value > 0
