"""Learning to suggest goals and sectors, as soon as the model is loaded for something else."""

from functools import partial

from app.jobs.loops import alone
from app.jobs.workplace import Workplace
from app.services import topics_learn


class Learning:
    """Looks until everything is learned; never loads the model itself, which takes seconds and memory."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._is_done = False

    def __call__(self) -> bool:
        embedder = self._place.model.ready()
        if not self._is_done and embedder is not None:
            learn = partial(topics_learn.learn, embedder=embedder)
            self._is_done = alone(self._place.engine, "learning", learn) is not None
        return False
