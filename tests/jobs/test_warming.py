"""The model loads behind the pages: they never wait for it, jobs do."""

from collections.abc import Sequence
from threading import Event

import pytest

from app.jobs.warming import Warming
from app.nlp.embedding import HashingEmbedder, Progress
from app.nlp.vectors import Vectors


class SlowEmbedder(HashingEmbedder):
    def __init__(self) -> None:
        super().__init__()
        self.may_load = Event()
        self.fails = 0

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        self.may_load.wait(10)
        if self.fails:
            self.fails -= 1
            raise OSError("the model's files are not there")
        return super().embed(texts, progress=progress)


def test_a_page_gets_no_model_until_it_is_loaded_and_never_waits() -> None:
    embedder = SlowEmbedder()
    model = Warming(embedder)
    model.warm()

    cold = model.ready()
    embedder.may_load.set()
    loaded = model.wait()

    assert cold is None
    assert loaded is embedder
    assert model.ready() is embedder


def test_a_load_that_failed_is_tried_again() -> None:
    embedder = SlowEmbedder()
    embedder.may_load.set()
    embedder.fails = 1
    model = Warming(embedder)

    with pytest.raises(OSError, match="files"):
        model.wait()

    assert model.ready() is None
    assert model.wait() is embedder
