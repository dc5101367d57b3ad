import subprocess
import sys

import numpy as np
import pytest

from app.nlp.chunks import batches, chunk_starts, readable
from app.nlp.embedding import HashingEmbedder, SentenceTransformerEmbedder


def test_hashing_puts_like_texts_near_each_other() -> None:
    vectors = HashingEmbedder().embed(
        ["More shade at bus stops", "Shade trees at bus stops", "Lower water prices"]
    )

    assert vectors.shape == (3, 384)
    assert vectors[0] @ vectors[1] > 0.4 > vectors[0] @ vectors[2]
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\ud800", "😀", "a" * 5000], ids=repr)
def test_every_text_has_a_finite_unit_vector(text: str) -> None:
    vector = HashingEmbedder().embed([text])[0]

    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1)


def test_hashing_is_the_same_in_every_process() -> None:
    code = "from app.nlp.embedding import HashingEmbedder as E; print(E().embed(['water for all']).tobytes().hex())"

    outputs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)
    }

    assert len(outputs) == 1


def test_importing_the_embedder_does_not_import_torch() -> None:
    code = "import sys, app.nlp; print(sorted({'torch', 'sentence_transformers'} & set(sys.modules)))"

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout

    assert told.strip() == "[]"


def test_batches_hold_every_text_once_within_the_budget() -> None:
    lengths = [3, 200, 50, 50, 1, 256, 7]

    found = batches(lengths, 300)

    assert sorted(place for batch in found for place in batch) == list(range(7))
    assert all((max(lengths[at] for at in batch) + 2) * len(batch) <= 300 for batch in found)


def test_chunks_of_a_long_text_overlap_and_reach_its_end() -> None:
    starts = chunk_starts(600, 254)

    assert starts == [0, 238, 476]
    assert chunk_starts(254, 254) == [0]


def test_what_no_tokenizer_can_read_is_dropped() -> None:
    assert readable(" a\ud800b\x00c ") == "ab c"


@pytest.mark.model
def test_the_bundled_model_knows_what_is_alike_and_reads_long_texts_to_the_end() -> None:
    embedder = SentenceTransformerEmbedder()
    filler = "The weather has been the same for many years in this place. " * 40
    seen: list[tuple[int, int]] = []

    vectors = embedder.embed(
        [
            "The electricity bill is too high",
            "We pay too much for power",
            "A second football stadium",
            "",
            filler,
            filler + "We pay too much for power. " * 20,
        ],
        progress=lambda done, total: seen.append((done, total)),
    )

    assert embedder.dimensions == vectors.shape[1] == 384
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]
    assert vectors[5] @ vectors[1] > vectors[4] @ vectors[1] + 0.1
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert seen[-1] == (6, 6)
