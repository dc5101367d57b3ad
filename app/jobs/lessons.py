"""Reading lessons for what they mean, as soon as the model is loaded for something else."""

from functools import partial

from app.jobs.loops import alone
from app.jobs.workplace import Workplace
from app.services import lessons_meaning


class Meaning:
    """Looks for lessons without a vector; never loads the model itself, which takes seconds and memory."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def __call__(self) -> bool:
        embedder = self._place.model.ready()
        if embedder is None:
            return False
        read = alone(self._place.engine, "lessons", partial(lessons_meaning.embed_missing, embedder=embedder))
        return read == lessons_meaning.BATCH
