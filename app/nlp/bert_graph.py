"""A model of the BERT family written out as an OpenVINO graph, from its own weights: no export, no torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as ops

from app.nlp.bert import Shape, Weights

# Stands for minus infinity before a softmax: far below every real score, and exact enough in 16 bits.
FAR_BELOW = 1e4
LEVELS = 256
Node = Any


@dataclass(frozen=True)
class Grid:
    """The 256 steps on which the inputs of one matrix product are rounded.

    Attributes
    ----------
    low, high : float
        Ends of the steps, after division by `scale`.
    scale : ndarray of shape (n_inputs,)
        What each input is divided by, and its column of the matrix multiplied by: large inputs would
        otherwise leave no steps for the others (SmoothQuant).
    """

    low: float
    high: float
    scale: NDArray[np.float32]


class Graph:
    """Writes out the graph; with `grids` its products are of 8-bit numbers, with `taps` their inputs come out too."""

    def __init__(
        self, shape: Shape, weights: Weights, grids: Mapping[str, Grid] | None = None, *, taps: bool = False
    ) -> None:
        self._shape, self._weights, self._grids = shape, weights, grids or {}
        self.taps: dict[str, Node] | None = {} if taps else None

    def model(self) -> ov.Model:
        """Two inputs, `ids` and `mask` (1 for a token, 0 for padding) of shape (texts, tokens); unit rows out."""
        ids = ops.parameter(ov.PartialShape([-1, -1]), ov.Type.i32, "ids")
        mask = ops.parameter(ov.PartialShape([-1, -1]), ov.Type.f32, "mask")
        size = ops.shape_of(ids, "i32")
        hidden = self._embedded(ids, size)
        seen = ops.multiply(ops.subtract(ops.unsqueeze(mask, axes(1, 2)), number(1.0)), number(FAR_BELOW))
        for layer in range(self._shape.layers):
            hidden = self._layer(hidden, seen, size, f"encoder.layer.{layer}.")
        texts = ops.reshape(hidden, ops.concat([size, whole(self._shape.width)], 0), False)
        summed = ops.reduce_sum(ops.multiply(texts, ops.unsqueeze(mask, axes(2))), axes(1))
        # A mean and a sum have the same direction, which is all that stays.
        found = ops.normalize_l2(summed, axes(1), 1e-12, "max")
        return ov.Model([found, *(self.taps or {}).values()], [ids, mask], "sentences")

    def _embedded(self, ids: Node, size: Node) -> Node:
        """Words, places and the one kind of text there is, added up; rows are tokens from here on."""
        shape, first = self._shape, self._shape.first_position
        places = self._weights["embeddings.position_embeddings.weight"][first:]
        places = places + self._weights["embeddings.token_type_embeddings.weight"][0]
        length = ops.gather(size, whole(1), axis(0))
        used = ops.slice(constant(places), whole(0), length, whole(1), whole(0))
        words = ops.gather(constant(self._weights["embeddings.word_embeddings.weight"]), ids, axis(0))
        both = ops.add(words, ops.unsqueeze(used, axes(0)))
        rows = ops.reshape(both, whole(-1, shape.width), False)
        return self._normal(rows, "embeddings.LayerNorm")

    def _layer(self, hidden: Node, seen: Node, size: Node, at: str) -> Node:
        mixed = self._attention(hidden, seen, size, at + "attention.")
        hidden = self._normal(ops.add(mixed, hidden), at + "attention.output.LayerNorm")
        wide = ops.gelu(self._product(hidden, at + "intermediate.dense"), "erf")
        back = self._product(wide, at + "output.dense")
        return self._normal(ops.add(back, hidden), at + "output.LayerNorm")

    def _attention(self, hidden: Node, seen: Node, size: Node, at: str) -> Node:
        shape = self._shape
        each = shape.width // shape.heads
        split = ops.concat([size, whole(shape.heads, each)], 0)

        def part(name: str, scale: float = 1.0) -> Node:
            rows = self._product(hidden, f"{at}self.{name}", scale, tap=f"{at}self")
            return ops.transpose(ops.reshape(rows, split, False), whole(0, 2, 1, 3))

        query, key, value = part("query", 1 / math.sqrt(each)), part("key"), part("value")
        scores = ops.add(ops.matmul(query, key, False, True), seen)
        found = ops.matmul(ops.softmax(scores, -1), value, False, False)
        rows = ops.reshape(ops.transpose(found, whole(0, 2, 1, 3)), whole(-1, shape.width), False)
        return self._product(rows, at + "output.dense")

    def _product(self, rows: Node, name: str, scale: float = 1.0, *, tap: str = "") -> Node:
        """Multiply by a matrix and add its bias; `scale` goes into both, which costs nothing later."""
        matrix, bias = self._weights[name + ".weight"] * scale, self._weights[name + ".bias"] * scale
        tap = tap or name
        if self.taps is not None:
            self.taps.setdefault(tap, rows)
        grid = self._grids.get(tap)
        if grid is None:
            return ops.add(ops.matmul(rows, constant(matrix), False, True), constant(bias[None]))
        ends = [constant((end * grid.scale)[None]) for end in (grid.low, grid.high)]
        rows = ops.fake_quantize(rows, *ends, number(grid.low), number(grid.high), LEVELS)
        return ops.add(ops.matmul(rows, rounded(matrix * grid.scale), False, True), constant(bias[None]))

    def _normal(self, rows: Node, name: str) -> Node:
        """Layer normalisation."""
        even = ops.mvn(rows, axes(-1), True, self._shape.epsilon, "INSIDE_SQRT")
        scaled = ops.multiply(even, constant(self._weights[name + ".weight"]))
        return ops.add(scaled, constant(self._weights[name + ".bias"]))


def rounded(matrix: NDArray[np.float32]) -> Node:
    """Write a matrix as whole numbers from -127 to 127 and one factor for each of its rows."""
    factor = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-12) / 127
    small = np.clip(np.round(matrix / factor), -127, 127).astype(np.int8)
    return ops.multiply(ops.convert(ops.constant(small), "f32"), constant(factor))


def constant(array: NDArray[np.float32]) -> Node:
    return ops.constant(np.ascontiguousarray(array, dtype=np.float32))


def number(value: float) -> Node:
    return ops.constant(np.array([value], dtype=np.float32))


def whole(*values: int) -> Node:
    return ops.constant(np.array(values, dtype=np.int32))


def axes(*values: int) -> Node:
    return ops.constant(np.array(values, dtype=np.int64))


def axis(value: int) -> Node:
    return ops.constant(np.int64(value))
