"""A request in one go: who asks, what they may, the record, the act and its commit, in one thread.

FastAPI would send each dependency to a thread of its own, which cost more than most pages do. So a dependency here only
notes what is to be found (`later`), and the route finds it right before the act, in the same thread and transaction.
"""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from fastapi.routing import APIRoute
from sqlmodel import Session
from starlette.responses import Response


class Later:
    """A value that is found when its turn comes; dependencies are found in the order in which they were asked for."""

    def __init__(self, find: Callable[[], Any]) -> None:
        self._find = find
        self.value: Any = None

    def settle(self) -> None:
        self.value = self._find()


def later(session: Session, find: Callable[[], Any]) -> Any:
    """Note something to be found before the act; the route puts its value in the place of what this answers."""
    noted = Later(find)
    session.info.setdefault("waiting", []).append(noted)
    return noted


class OneGo(APIRoute):
    """The route of every noun."""

    def __init__(self, path: str, endpoint: Callable[..., Response], **options: Any) -> None:
        super().__init__(path, in_one_go(endpoint), **options)


def in_one_go(act: Callable[..., Response]) -> Callable[..., Response]:
    if not {"db", "request"} & set(signature(act).parameters):
        raise ValueError(f"{act.__module__}.{act.__name__} needs its request or its database")

    @wraps(act)
    def route(**given: Any) -> Response:
        session: Session = given["db"] if "db" in given else given["request"].state.db
        try:
            for noted in session.info.pop("waiting"):
                noted.settle()
            found = {
                name: value.value if isinstance(value, Later) else value for name, value in given.items()
            }
            response = act(**found)
            session.commit()
        except BaseException:
            session.close()  # rolls back, and leaves what the page of the refusal shows readable
            raise
        return response

    return route
