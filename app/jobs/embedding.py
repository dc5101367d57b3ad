"""Embedding: submissions without a vector of the model in use, found in the rows, embedded in batches."""

from time import monotonic
from uuid import UUID, uuid4

from dbos import DBOS
from sqlmodel import Session

from app.jobs.loops import alone
from app.jobs.workplace import Workplace, current, durable
from app.services import embeddings, groupings, jobs

BATCH = 256
WAVE = 32 * BATCH
SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
SHARE_OF_TIME = 20
WAITING = ["ENQUEUED", "PENDING"]


@durable(jobs.EMBEDDING)
def embed(submission_ids: list[str]) -> None:
    """Embed one batch, then give each a place in the accepted grouping of its call."""
    place, ids = current(), [UUID(key) for key in submission_ids]
    embedder = place.model.wait()
    place.transaction(embeddings.embed_batch, ids, embedder)
    place.stay()
    place.transaction(groupings.place_new, ids)


class CatchUp:
    """Queues a wave of batches when the last one is through.

    This is how every submission gets its vector: nobody who submits waits for a queue, what is
    missing is read from the rows, and so a lost queue loses nothing.
    """

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._last: list[UUID] = []
        self._pause = SHORTEST_PAUSE
        self._not_before = 0.0

    def __call__(self) -> bool:
        if monotonic() >= self._not_before:
            alone(self._place.engine, "catch-up", self._queue_wave)
        return False

    def _queue_wave(self, session: Session) -> None:
        if DBOS.list_workflows(name=jobs.EMBEDDING.name, status=WAITING, limit=1, load_input=False):
            return
        began = monotonic()
        missing = embeddings.missing(session, self._place.model.name, WAVE)
        self._rest(missing, monotonic() - began)
        for start in range(0, len(missing), BATCH):
            batch = [str(key) for key in missing[start : start + BATCH]]
            jobs.enqueue(session, jobs.EMBEDDING, batch, key=uuid4().hex)

    def _rest(self, missing: list[UUID], took: float) -> None:
        """Wait ever longer where a wave comes back undone, for example because the model will not load.

        And wait in proportion to what looking costs: among a million rows that is a second.
        """
        undone = bool(missing) and missing == self._last
        self._pause = min(2 * self._pause, LONGEST_PAUSE) if undone else SHORTEST_PAUSE
        self._last, self._not_before = missing, monotonic() + max(self._pause, SHARE_OF_TIME * took)
