"""Steps for products of 8-bit numbers, found by reading our own texts once with all digits."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as ops

from app.nlp.bert import Shape, Weights
from app.nlp.bert_graph import Graph, Grid, axes

TEXTS = Path(__file__).parent / "data" / "pairs.tsv"
MOST_TEXTS = 240
LETTER = 12  # every so many texts these are read once more as one long one
# How much of what makes inputs uneven is moved into the matrix: 0 nothing, 1 all. Least error on texts of others.
SMOOTHING = 0.7
DIGITS = 3
SELF = ("query", "key", "value")


@cache
def texts() -> tuple[str, ...]:
    """Texts to calibrate with: ours, in two languages, short ones and some long ones made of them."""
    with TEXTS.open(encoding="utf-8") as file:
        every = [row["one"] for row in csv.DictReader(file, delimiter="\t")]
    short = list(dict.fromkeys(every))[:: max(1, len(set(every)) // MOST_TEXTS)][:MOST_TEXTS]
    long = [" ".join(short[start : start + LETTER]) for start in range(0, len(short), LETTER)]
    return (*short, *long)


def calibrated(shape: Shape, weights: Weights, tokens: Sequence[Sequence[int]]) -> dict[str, Grid]:
    """Find the steps of each product from the least and the largest of each of its inputs.

    Parameters
    ----------
    shape : Shape
    weights : Weights
    tokens : sequence of sequences of int
        Texts as tokens, marks included.

    Returns
    -------
    dict of str to Grid
        By the name of the product. Rounded to three digits, so that machines that add in another order agree.

    References
    ----------
    G. Xiao et al., "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models",
    ICML 2023.
    """
    graph = Graph(shape, weights, taps=True)
    model = graph.model()
    names = list(graph.taps or {})
    nodes = [
        end(node, axes(0)) for node in (graph.taps or {}).values() for end in (ops.reduce_min, ops.reduce_max)
    ]
    ends = ov.Model(nodes, model.get_parameters(), "ends")
    request = ov.Core().compile_model(ends, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    found: list[NDArray[np.float32]] = []
    for text in tokens:
        ids = np.array([text], dtype=np.int32)
        answer = request.infer([ids, np.ones(ids.shape, dtype=np.float32)])
        rows = [np.array(answer[place]) for place in range(len(nodes))]
        pairs = zip(found or rows, rows, strict=True)
        found = [(np.maximum if place % 2 else np.minimum)(*pair) for place, pair in enumerate(pairs)]
    return {
        name: grid(found[2 * place], found[2 * place + 1], columns(weights, name))
        for place, name in enumerate(names)
    }


def columns(weights: Weights, name: str) -> NDArray[np.float32]:
    """Largest number in each column of the matrices that read one input."""
    parts = [f"{name}.{part}" for part in SELF] if name.endswith(".self") else [name]
    found: NDArray[np.float32] = np.maximum.reduce(
        [np.abs(weights[f"{part}.weight"]).max(axis=0) for part in parts]
    )
    return found


def grid(low: NDArray[np.float32], high: NDArray[np.float32], column: NDArray[np.float32]) -> Grid:
    """Divide each input by what evens it out, then put 256 steps over all of them."""
    largest = np.maximum(np.maximum(np.abs(low), np.abs(high)), 1e-3)
    scale = largest**SMOOTHING / np.maximum(column, 1e-4) ** (1 - SMOOTHING)
    even = short(scale / scale.mean())
    return Grid(float(short((low / even).min())), float(short((high / even).max())), even)


def short(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Keep the leading digits only."""
    size = np.power(10.0, DIGITS - 1 - np.floor(np.log10(np.maximum(np.abs(values), 1e-9))))
    found: NDArray[np.float32] = (np.round(values * size) / size).astype(np.float32)
    return found
