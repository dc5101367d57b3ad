"""Every route of the application with what guards it, read from the application itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.permissions import Permission
from app.routers.deps import check_csrf, current_viewer


@dataclass(frozen=True)
class Guarded:
    method: str
    path: str
    permissions: tuple[Permission, ...]
    public: str
    checks_csrf: bool
    knows_viewer: bool
    route: APIRoute

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def asked(dependant: Dependant) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from asked(each)


def every_route(routes: list[Any]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from every_route(route.original_router.routes)


def walk(app: FastAPI) -> list[Guarded]:
    return [
        guarded(route, method) for route in every_route(app.routes) for method in sorted(route.methods or ())
    ]


def guarded(route: APIRoute, method: str) -> Guarded:
    calls = list(asked(route.dependant))
    return Guarded(
        method=method,
        path=route.path,
        permissions=tuple(call.permission for call in calls if hasattr(call, "permission")),
        public=getattr(route.endpoint, "public", ""),
        checks_csrf=check_csrf in calls,
        knows_viewer=current_viewer in calls,
        route=route,
    )
