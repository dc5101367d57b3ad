"""The fast runtime: the model's own weights in an OpenVINO graph, as exact as this processor is fast at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np
import openvino as ov
from tokenizers import Tokenizer

from app.nlp.bert import shape_of, weights_of
from app.nlp.bert_graph import Graph
from app.nlp.chunks import Piece, parts
from app.nlp.int8 import calibrated, texts
from app.nlp.vectors import Vectors

if TYPE_CHECKING:
    from openvino import InferRequest

# Measured: for short texts plain kernels take 3 to 5 % less than those the library writes for whole attentions.
PLAIN_KERNELS = {"SNIPPETS_MODE": "DISABLE"}


class OpenVinoRuntime:
    """A model of the BERT family on OpenVINO's processor plugin.

    Parameters
    ----------
    folder : Path
        Files of a model for which `app.nlp.bert.is_readable` holds.
    threads : int
        Threads, each with batches of its own: they never wait for each other.
    int8 : bool, default False
        Multiply 8-bit whole numbers; otherwise the numbers are bfloat16 where the processor multiplies these
        (AVX512-BF16, AMX), and float32 elsewhere.
    lossless : bool, default False
        Take float32 in any case.

    References
    ----------
    J. Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers", NAACL 2019.
    """

    def __init__(self, folder: Path, threads: int, *, int8: bool = False, lossless: bool = False) -> None:
        self._shape = shape_of(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._marks = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        core = ov.Core()
        short = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") and not lossless
        exact = "bf16" if short else "f32"
        self._name = f"openvino-{'int8' if int8 else exact}"
        weights = weights_of(folder)
        grids = (
            calibrated(self._shape, weights, [piece.ids for piece in self.pieces(texts())]) if int8 else {}
        )
        graph = Graph(self._shape, weights, grids).model()
        compiled = compiled_model(core, graph, exact, threads)
        self._threads = threads
        self._requests: SimpleQueue[InferRequest] = SimpleQueue()
        # One more than there are threads: what somebody types never waits for a whole batch of a job to be fetched.
        for _ in range(threads + 1):
            self._requests.put(compiled.create_infer_request())

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimensions(self) -> int:
        return self._shape.width

    @property
    def at_once(self) -> int:
        return self._threads

    def pieces(self, words: Sequence[str]) -> list[Piece]:
        """Cut texts; a short one is its own only piece."""
        room = self._shape.reads - self._marks
        found: list[Piece] = []
        for row, (text, read) in enumerate(
            zip(words, self._tokenizer.encode_batch(list(words)), strict=True)
        ):
            length = len(read.ids) - self._marks
            if length <= room:
                found.append(Piece(text, tuple(read.ids), max(1, length), row))
                continue
            spans = [
                span for span, mark in zip(read.offsets, read.special_tokens_mask, strict=True) if not mark
            ]
            for part, count in parts(text, spans, room):
                ids = self._tokenizer.encode(part).ids
                # Cut off like the reference does, where a part happens to have more tokens than in its text.
                ids = ids if len(ids) <= room + self._marks else [*ids[: room + self._marks - 1], ids[-1]]
                found.append(Piece(part, tuple(ids), count, row))
        return found

    def encode(self, pieces: Sequence[Piece]) -> Vectors:
        """Run one batch; unit rows."""
        longest = max(len(piece.ids) for piece in pieces)
        ids = np.full((len(pieces), longest), self._shape.padding, dtype=np.int32)
        mask = np.zeros((len(pieces), longest), dtype=np.float32)
        for row, piece in enumerate(pieces):
            ids[row, : len(piece.ids)] = piece.ids
            mask[row, : len(piece.ids)] = 1
        request = self._requests.get()
        try:
            found = request.infer([ids, mask], share_inputs=True)[0]
            return np.array(found, dtype=np.float32)
        finally:
            self._requests.put(request)


def compiled_model(core: ov.Core, graph: ov.Model, exact: str, threads: int) -> ov.CompiledModel:
    """Compile for many batches at once, one thread each."""
    options = {"INFERENCE_PRECISION_HINT": exact, "NUM_STREAMS": threads, "INFERENCE_NUM_THREADS": threads}
    try:
        return core.compile_model(graph, "CPU", {**options, **PLAIN_KERNELS})
    except RuntimeError:  # a version without that switch
        return core.compile_model(graph, "CPU", options)
