"""Texts made fit for a model: cleaned, cut into pieces it can read whole, put into batches of like length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CHUNK_OVERLAP = 16
MOST_CHUNKS = 24
# Within a batch shorter pieces are padded to the longest. Another batch costs about as much as so many tokens.
COST_OF_A_BATCH = 64

Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """A text, or the part of a long one, that a model can read whole.

    Attributes
    ----------
    text : str
    ids : tuple of int
        Its tokens with the model's own marks around them; empty where the runtime finds them itself.
    length : int
        Tokens without those marks, at least 1: the weight of the piece in its text.
    owner : int
        Row of the text it is from.
    """

    text: str
    ids: tuple[int, ...]
    length: int
    owner: int


def readable(text: str) -> str:
    """Drop what no tokenizer can read (lone surrogates, NUL) and the space around a text."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", " ").strip()


def chunk_starts(count: int, room: int) -> list[int]:
    """Place the chunks of a text of `count` tokens, each repeating the end of the one before."""
    if count <= room:
        return [0]
    overlap = min(CHUNK_OVERLAP, room // 4)
    return list(range(0, count - overlap, room - overlap))[:MOST_CHUNKS]


def parts(text: str, spans: Sequence[Span], room: int) -> list[tuple[str, int]]:
    """Cut one text of more than `room` tokens; each part with its number of tokens.

    Parameters
    ----------
    text : str
    spans : sequence of (int, int)
        Where each token begins and ends, in characters.
    room : int
        Tokens the model reads at once.
    """
    found = []
    for start in chunk_starts(len(spans), room):
        part = spans[start : start + room]
        found.append((text[part[0][0] : part[-1][1]], len(part)))
    return found


def batches(lengths: Sequence[int], budget: int, cost: int = COST_OF_A_BATCH) -> list[list[int]]:
    """Put texts of like length together, longest first, with as little padding as pays.

    Parameters
    ----------
    lengths : sequence of int
        Tokens of each text, without the two marks around it.
    budget : int
        Most tokens of a batch, padding and marks included; a longer text has a batch of its own.
    cost : int
        Most tokens of padding in a batch: where there would be more, another begins.

    Returns
    -------
    list of list of int
        Places in `lengths`; every place is in one batch.
    """
    found: list[list[int]] = []
    batch: list[int] = []
    padding = 0
    for place in sorted(range(len(lengths)), key=lambda one: (-lengths[one], one)):
        width = lengths[batch[0]] + 2 if batch else 0
        padding += max(0, width - lengths[place] - 2)
        if batch and (width * (len(batch) + 1) > budget or padding > cost):
            found.append(batch)
            batch, padding = [], 0
        batch.append(place)
    return [*found, batch] if batch else found
