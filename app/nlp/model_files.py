"""Which files a model's vectors came from, as one hash: two machines that say the same read texts alike."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from app.nlp.embedding import model_folder

PIECE = 1 << 20
# What decides about vectors: weights, words, and how the pieces of a sentence become one vector.
DECIDING = ("*.safetensors", "config.json", "tokenizer.json", "modules.json", "*/config.json")


@lru_cache(maxsize=8)
def model_hash(model: str) -> str:
    """Hash the files of a model (hex, SHA-256); the hash of its name where it has none, as a hashing embedder.

    Only what is on this machine is read; a model that stands in a cache under another layout is told by its name.
    """
    digest = hashlib.sha256(model.rsplit("/", 1)[-1].encode())
    folder = folder_of(model)
    found = sorted({path for wanted in DECIDING for path in folder.glob(wanted)}) if folder else []
    for path in found:
        assert folder is not None
        digest.update(f"\n{path.relative_to(folder).as_posix()}\n".encode())
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    return digest.hexdigest()


def folder_of(model: str) -> Path | None:
    if model.startswith("hashing-"):
        return None
    try:
        folder = Path(model_folder(model))
    except ImportError:
        return None
    if folder.is_dir():
        return folder
    return cached(model)


def cached(model: str) -> Path | None:
    """Find a model in the cache of the hub, without asking the network."""
    try:
        from huggingface_hub import snapshot_download

        name = model if "/" in model else f"sentence-transformers/{model}"
        return Path(snapshot_download(name, local_files_only=True))
    except Exception:  # whatever a cache that is not there raises
        return None
