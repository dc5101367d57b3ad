"""The reference runtime: sentence-transformers, on a graphics card where there is one. Imports torch when loaded."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from app.nlp.chunks import Piece, Span, parts
from app.nlp.vectors import Vectors, unit


class SentenceTransformersRuntime:
    """A sentence-transformers model as its authors run it, never from the network.

    Parameters
    ----------
    model : str
        A folder, or the name of a model in the local cache.
    threads : int
        Threads for the matrix products.

    Notes
    -----
    Only safetensors weights are read and no code that came with a model is run.

    References
    ----------
    N. Reimers and I. Gurevych, "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks", EMNLP 2019.
    """

    def __init__(self, model: str, threads: int) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        # A bar for 23 MB would only stand among our own words on the console.
        disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(threads)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = SentenceTransformer(
            model,
            device=self._device,
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
        self.model.eval()

    @property
    def name(self) -> str:
        return f"sentence-transformers-{self._device}"

    @property
    def dimensions(self) -> int:
        found = self.model.get_embedding_dimension()
        if found is None:
            raise ValueError("the model does not say how many dimensions it has")
        return int(found)

    @property
    def at_once(self) -> int:
        return 1

    def pieces(self, texts: Sequence[str]) -> list[Piece]:
        """Cut texts; a short one is its own only piece."""
        room = max(8, (self.model.get_max_seq_length() or 256) - 2)
        found: list[Piece] = []
        for row, text in enumerate(texts):
            spans = self._spans(text)
            if len(spans) <= room:
                found.append(Piece(text, (), max(1, len(spans)), row))
            else:
                found += [Piece(part, (), count, row) for part, count in parts(text, spans, room)]
        return found

    def encode(self, pieces: Sequence[Piece]) -> Vectors:
        """Run one batch; unit rows."""
        texts = [piece.text for piece in pieces]
        found = self.model.encode(
            texts, batch_size=len(texts), convert_to_numpy=True, show_progress_bar=False
        )
        return unit(np.asarray(found, dtype=np.float32))

    def _spans(self, text: str) -> list[Span]:
        """Say where each token of a text begins and ends, in characters."""
        found = self.model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        return [(int(start), int(end)) for start, end in found["offset_mapping"]]
