"""Whether the demonstration is shown here: then every page says that its people and texts are invented."""

from threading import Lock
from time import monotonic

from sqlalchemy import Engine, exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from app.models.call import Call

SECONDS = 10.0


class DemoFlag:
    """Asked at most every ten seconds until the answer is yes, on a connection of its own.

    A page of an error needs the answer too, when the transaction of its request has failed already.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_up = False
        self._asked: float | None = None
        self._asking = Lock()

    def __bool__(self) -> bool:
        if not self._is_up and self._asking.acquire(blocking=False):
            try:
                if self._asked is None or monotonic() - self._asked > SECONDS:
                    self._is_up = self._ask()
                    self._asked = monotonic()
            finally:
                self._asking.release()
        return self._is_up

    def _ask(self) -> bool:
        try:
            with self._engine.connect() as connection:
                return bool(connection.execute(select(exists().where(col(Call.is_demo)))).scalar_one())
        except SQLAlchemyError:
            return False
