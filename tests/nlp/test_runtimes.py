import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.nlp import bert, int8, runtimes
from app.nlp.chunks import Piece, batches
from app.nlp.embedding import SentenceTransformerEmbedder, Wish, encoded, files_of
from app.nlp.runtimes import NotOnThisProcessor, chosen
from app.nlp.vectors import Vectors, unit

BUNDLED = files_of("all-MiniLM-L6-v2")
FILLER = "The weather has been the same for many years in this place. "
TEXTS = [
    "The electricity bill is too high",
    "Necesitamos agua limpia en el pueblo, y una respuesta clara",
    "",
    "?",
    "太阳能电池板 on every roof",
    FILLER * 60 + "We pay too much for power.",
    "night buses " * 130,
]


class Halves:
    """A runtime whose vectors are known: two directions, by whether a piece has an even length."""

    name, dimensions, at_once = "halves", 2, 3

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def pieces(self, texts: list[str]) -> list[Piece]:
        return [Piece(text, (), len(text), row) for row, text in enumerate(texts)]

    def encode(self, pieces: list[Piece]) -> Vectors:
        self.sizes.append(len(pieces))
        return unit(np.array([[1, 0] if piece.length % 2 else [0, 1] for piece in pieces]))


def test_a_batch_ends_where_its_padding_costs_more_than_another_would() -> None:
    found = batches([10] * 30 + [9] * 3 + [8] * 40, budget=1000, cost=20)

    # Three of 9 and eight of 8 beside those of 10 are padded by 19 tokens; one more would make 21.
    assert [len(batch) for batch in found] == [30 + 3 + 8, 32]


def test_batches_worked_on_at_once_come_back_in_their_order() -> None:
    texts = ["x" * (1 + row % 90) for row in range(400)]
    model = Halves()

    rows = {
        piece.owner: row
        for batch, found in encoded(model, model.pieces(texts))
        for piece, row in zip(batch, found, strict=True)
    }

    assert sum(model.sizes) == 400
    assert len(model.sizes) > 5
    assert all(rows[place][0] == len(text) % 2 for place, text in enumerate(texts))


def test_a_text_that_comes_several_times_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Halves()
    embedder = SentenceTransformerEmbedder()
    monkeypatch.setattr(embedder, "_runtime", model)

    vectors = embedder.embed(["abc", "de", " abc ", "abc\x00"])

    assert sum(model.sizes) == 2
    assert vectors.tolist() == [[1, 0], [0, 1], [1, 0], [1, 0]]


def test_without_openvino_or_with_other_models_sentence_transformers_does_the_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(runtimes, "has_cuda", lambda: False)

    assert chosen(Wish.AUTO, None) == "sentence-transformers"
    assert chosen(Wish.AUTO, tmp_path) == "sentence-transformers"
    assert chosen(Wish.REFERENCE, BUNDLED) == "sentence-transformers"
    monkeypatch.setattr(runtimes, "find_spec", lambda name: None)
    assert chosen(Wish.AUTO, BUNDLED) == "sentence-transformers"


def test_a_graphics_card_goes_before_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "has_cuda", lambda: True)

    assert chosen(Wish.AUTO, BUNDLED) == "sentence-transformers"


def test_int8_is_refused_where_it_would_round_differently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "has_int8", lambda: False)

    with pytest.raises(NotOnThisProcessor):
        SentenceTransformerEmbedder(wish=Wish.INT8)


def test_a_model_that_pools_or_computes_otherwise_is_left_to_the_reference(tmp_path: Path) -> None:
    assert BUNDLED is not None
    copy = tmp_path / "model"
    copy.mkdir()
    for path in BUNDLED.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(BUNDLED)
            target.parent.mkdir(exist_ok=True)
            target.symlink_to(path)
    assert bert.is_readable(copy)

    for name, change in (
        ("1_Pooling/config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}),
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"position_embedding_type": "relative_key"}),
        ("config.json", {"model_type": "mpnet"}),
    ):
        kept = json.loads((BUNDLED / name).read_text("utf-8"))
        (copy / name).unlink()
        (copy / name).write_text(json.dumps(kept | change), "utf-8")
        assert not bert.is_readable(copy), change
        (copy / name).unlink()
        (copy / name).symlink_to(BUNDLED / name)
    assert bert.is_readable(copy)


@pytest.mark.model
def test_the_fast_runtime_says_what_the_reference_says_long_texts_included() -> None:
    pytest.importorskip("openvino")
    fast, slow = SentenceTransformerEmbedder(), SentenceTransformerEmbedder(wish=Wish.REFERENCE)

    cosines = np.einsum("ij,ij->i", fast.embed(TEXTS), slow.embed(TEXTS))

    assert fast.runtime.startswith("openvino-")
    assert slow.runtime.startswith("sentence-transformers-")
    assert fast.name == slow.name
    assert cosines.min() > 0.9995


@pytest.mark.model
@pytest.mark.skipif(not runtimes.has_int8(), reason="needs a processor with VNNI or AMX")
def test_eight_bits_lose_little_and_their_vectors_have_a_name_of_their_own() -> None:
    pytest.importorskip("openvino")
    exact, small = SentenceTransformerEmbedder(), SentenceTransformerEmbedder(wish=Wish.INT8)
    voices = unread()

    cosines = np.einsum("ij,ij->i", exact.embed(voices), small.embed(voices))

    assert (exact.name, small.name) == ("all-MiniLM-L6-v2", "all-MiniLM-L6-v2+int8")
    assert small.runtime == "openvino-int8"
    assert 0.9965 < cosines.mean() < 0.9999
    assert cosines.min() > 0.96


@pytest.mark.model
def test_the_fast_runtime_cuts_long_texts_where_the_reference_does() -> None:
    pytest.importorskip("openvino")
    fast, slow = SentenceTransformerEmbedder(), SentenceTransformerEmbedder(wish=Wish.REFERENCE)

    mine, theirs = fast.loaded.pieces(TEXTS), slow.loaded.pieces(TEXTS)

    assert [(piece.text, piece.length, piece.owner) for piece in mine] == [
        (piece.text, piece.length, piece.owner) for piece in theirs
    ]


@pytest.mark.model
@pytest.mark.parametrize("kind", ["bert", "xlm-roberta"])
def test_other_models_of_the_family_come_out_the_same(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openvino")
    make_model(kind, tmp_path)
    assert bert.is_readable(tmp_path)
    from app.nlp.runtime_openvino import OpenVinoRuntime

    fast = SentenceTransformerEmbedder(str(tmp_path), threads=2)
    monkeypatch.setattr(fast, "_runtime", OpenVinoRuntime(tmp_path, threads=2, lossless=True))
    slow = SentenceTransformerEmbedder(str(tmp_path), threads=2, wish=Wish.REFERENCE)

    cosines = np.einsum("ij,ij->i", fast.embed(TEXTS), slow.embed(TEXTS))

    assert fast.dimensions == slow.dimensions == 32
    assert cosines.min() > 0.99999


def unread() -> list[str]:
    """Texts nobody calibrated with: the other halves of our pairs, and the demonstration's."""
    with int8.TEXTS.open(encoding="utf-8") as file:
        others = [row["other"] for row in csv.DictReader(file, delimiter="\t")]
    with (int8.TEXTS.parents[2] / "demo" / "submissions.tsv").open(encoding="utf-8") as file:
        demo = [row["text"] for row in csv.DictReader(file, delimiter="\t")]
    return sorted({*others, *demo} - set(int8.texts()))[::4]


def make_model(kind: str, folder: Path) -> None:
    """A small model with random weights and the bundled model's words."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

    torch.manual_seed(7)
    options = {
        "vocab_size": 30522, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
        "intermediate_size": 64, "max_position_embeddings": 66, "initializer_range": 0.3,
    }  # fmt: skip
    if kind == "bert":
        inner = BertModel(BertConfig(**options))
    else:
        inner = XLMRobertaModel(XLMRobertaConfig(**options, type_vocab_size=1, pad_token_id=0))
    plain = folder / "plain"
    inner.save_pretrained(plain)
    AutoTokenizer.from_pretrained(str(BUNDLED)).save_pretrained(plain)
    words = Transformer(str(plain), max_seq_length=40)
    SentenceTransformer(modules=[words, Pooling(32)], device="cpu").save(str(folder))


def test_a_process_with_the_fast_runtime_never_imports_torch() -> None:
    pytest.importorskip("openvino")
    code = (
        "import sys; from app.nlp import embed; embed(['more shade at bus stops', 'menos polvo'])\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout

    assert told.splitlines()[-1] == "[]"
