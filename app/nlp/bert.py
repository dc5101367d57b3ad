"""The files of a model of the BERT family, read as they lie on disk: its shape and its weights, without torch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]

# Relatives of RoBERTa count positions from the number after that of their padding.
COUNTS_AFTER_PADDING = {"bert": False, "roberta": True, "xlm-roberta": True, "camembert": True}
KINDS: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}
MODULES = ("Transformer", "Pooling", "Normalize")
PARTS = {
    "config.json", "modules.json", "model.safetensors", "tokenizer.json", "sentence_bert_config.json",
    "tokenizer_config.json", "1_Pooling/config.json",
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """What its configuration says of a model; lengths are counted in numbers, `reads` in tokens."""

    layers: int
    heads: int
    width: int
    epsilon: float
    padding: int
    first_position: int
    reads: int


def is_readable(folder: Path) -> bool:
    """Whether this module knows everything the model does: mean of the last layer of a plain encoder."""
    if not all((folder / part).is_file() for part in PARTS):
        return False
    config, pooling = read(folder / "config.json"), read(folder / "1_Pooling" / "config.json")
    modules = [str(each["type"]).rsplit(".", 1)[-1] for each in read(folder / "modules.json")]
    asked = {key for key, value in pooling.items() if key.startswith("pooling_mode_") and value is True}
    mean = asked == {"pooling_mode_mean_tokens"} or pooling.get("pooling_mode") == "mean"
    return (
        mean
        and tuple(modules) in (MODULES, MODULES[:2])
        and config.get("model_type") in COUNTS_AFTER_PADDING
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder")
        and not changes_texts(folder)
        and all(kind in KINDS for kind in dtypes(folder / "model.safetensors"))
    )


def changes_texts(folder: Path) -> bool:
    """Whether sentence-transformers would put a prompt before each text, or write it in small letters."""
    path = folder / "config_sentence_transformers.json"
    prompts = path.is_file() and read(path).get("default_prompt_name")
    return bool(prompts or read(folder / "sentence_bert_config.json").get("do_lower_case"))


def shape_of(folder: Path) -> Shape:
    """Read the configuration of a model that `is_readable`."""
    config, sentence = read(folder / "config.json"), read(folder / "sentence_bert_config.json")
    longest = sentence.get("max_seq_length") or read(folder / "tokenizer_config.json").get("model_max_length")
    padding = int(config.get("pad_token_id") or 0)
    first = padding + 1 if COUNTS_AFTER_PADDING[config["model_type"]] else 0
    positions = int(config["max_position_embeddings"]) - first
    return Shape(
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        width=int(config["hidden_size"]),
        epsilon=float(config["layer_norm_eps"]),
        padding=padding,
        first_position=first,
        reads=min(int(longest or positions), positions),
    )


def weights_of(folder: Path) -> Weights:
    """Map the weights into memory; names begin at `embeddings.` and `encoder.`.

    The file is mapped, not read: processes of one machine share its pages.
    """
    path = folder / "model.safetensors"
    start, header = head(path)
    mapped = np.memmap(path, dtype=np.uint8, mode="r", offset=start)
    found: Weights = {}
    for name, fact in header.items():
        if fact["dtype"] not in KINDS:
            continue
        begin, end = fact["data_offsets"]
        array = mapped[begin:end].view(KINDS[fact["dtype"]]).reshape(fact["shape"])
        found[short(name)] = array.astype(np.float32, copy=False)
    return found


def short(name: str) -> str:
    """Drop what stands before the encoder's own names, for example `bert.`."""
    for part in ("embeddings.", "encoder."):
        if part in name:
            return name[name.index(part) :]
    return name


def dtypes(path: Path) -> set[str]:
    """Kinds of numbers among the weights; whole numbers, which only count positions, left out."""
    return {fact["dtype"] for fact in head(path)[1].values()} - {"I64", "I32"}


@cache
def head(path: Path) -> tuple[int, dict[str, Any]]:
    """Read where the numbers of a safetensors file begin, and what it says of each tensor."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        facts: dict[str, Any] = json.loads(file.read(size))
    facts.pop("__metadata__", None)
    return 8 + size, facts


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
