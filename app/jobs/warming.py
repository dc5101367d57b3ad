"""The embedding model, loaded once per process in a background thread, so that no page ever waits for it."""

import logging
from concurrent.futures import Future
from threading import Lock, Thread

from app.nlp.embedding import Embedder

log = logging.getLogger(__name__)


class Warming:
    """Loads its model when told to or on first need; a failed load is tried again on the next need."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = Lock()
        self._loading: Future[Embedder] | None = None

    @property
    def name(self) -> str:
        """Say which model it is, without loading it."""
        return self._embedder.name

    @property
    def runtime(self) -> str:
        """Say what computes it here; more exactly once it is loaded."""
        return self._embedder.runtime

    def warm(self) -> Future[Embedder]:
        """Start loading behind the caller's back, unless that has been done."""
        with self._lock:
            if self._loading is None or (self._loading.done() and self._loading.exception()):
                self._loading = Future()
                Thread(target=self._load, args=(self._loading,), name="warm-model", daemon=True).start()
            return self._loading

    def ready(self) -> Embedder | None:
        """Answer at once: the model, or None while it is not loaded. For pages."""
        loading = self._loading
        if loading is None or not loading.done() or loading.exception():
            return None
        return self._embedder

    @property
    def is_loading(self) -> bool:
        return self._loading is not None and not self._loading.done()

    def wait(self) -> Embedder:
        """Answer when it is loaded, however long that takes. For jobs."""
        return self.warm().result()

    def _load(self, loading: Future[Embedder]) -> None:
        try:
            # The first text costs more than those after it, so it had better be nobody's.
            self._embedder.embed(["warm"])
            loading.set_result(self._embedder)
        except Exception as error:
            log.exception("model_failed_to_load")
            loading.set_exception(error)
