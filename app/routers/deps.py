"""What routes need, as named types: the database, who asks, a record they may act on, a checked form."""

from collections.abc import Callable
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import bindparam, literal
from sqlmodel import Session, SQLModel, col, select

from app import permissions
from app.db import Db as Db
from app.errors import Forbidden, NotFound
from app.models.call import Call
from app.models.person import Person
from app.permissions import Permission
from app.routers import cookies
from app.routers.one_go import OneGo, later
from app.rules.words import N_
from app.services import sign_ins, tokens
from app.viewer import Viewer

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
Record = TypeVar("Record", bound=SQLModel)


class ForgedForm(Forbidden):
    """No token, another browser's token, or a page elsewhere: nothing is done."""

    sentence = N_(
        "This form is too old or came from another site. Nothing was changed: reload the page and send it again."
    )


class NoToken(Forbidden):
    """A program that does not say for whom it acts."""

    sentence = N_(
        "Send a token of yours with it, in the line “Authorization: Bearer TOKEN”. Nothing was changed."
    )


async def check_csrf(request: Request) -> None:
    """Every unsafe request carries our token and, where the browser says so, comes from our own pages.

    What was typed is noted for the page of a refusal, but never what another site put into a form. A program's own
    token needs none of ours: no browser sends it along, and with it no cookie counts.
    """
    if request.method not in UNSAFE or cookies.bearer(request):
        return
    site = request.headers.get("sec-fetch-site")
    if site not in (None, "same-origin", "none"):
        raise ForgedForm()
    given = request.headers.get("X-CSRF-Token")
    form = None if given else await request.form()
    token = given or (form.get("csrf_token") if form else None)
    matches = isinstance(token, str) and cookies.csrf_matches(request, token)
    if form and (matches or site == "same-origin"):
        request.state.form = form
    if not matches:
        raise NoToken() if request.url.path.startswith(cookies.FOR_PROGRAMS) else ForgedForm()


async def current_viewer(request: Request, db: Db) -> Any:
    """Found once a request, before anything else; templates and permissions ask the same viewer."""
    request.state.db = db

    def find_viewer() -> Viewer:
        if token := cookies.bearer(request):
            known = request.state.viewer = tokens.viewer(db, token)
            return known
        known = request.state.viewer = sign_ins.viewer(
            db,
            cookies.read(request, "session"),
            visitor_hash=cookies.visitor_hash(request),
            address=client_address(request),
            secret=cookies.settings_of(request).secret_key,
        )
        return known

    return later(db, find_viewer)


def client_address(request: Request) -> str:
    """The network address of the client; behind proxies of ours, the one the outermost of them saw.

    A proxy may add a line of its own below the one that the client wrote, so all of them are read.
    """
    hops = cookies.settings_of(request).forwarded_hops
    lines = ",".join(request.headers.getlist("x-forwarded-for"))
    forwarded = [part.strip() for part in lines.split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        return network_of(forwarded[-hops])
    return network_of(request.client.host) if request.client else ""


def network_of(address: str) -> str:
    """One household holds 2**64 addresses of version 6, and has no more tries for that."""
    try:
        told = ip_address(address)
    except ValueError:
        return address
    if isinstance(told, IPv4Address):
        return address
    return str(told.ipv4_mapped or IPv6Address(int(told) >> 64 << 64))


CurrentViewer = Annotated[Viewer, Depends(current_viewer)]


def noun_router(prefix: str = "", **options: Any) -> APIRouter:
    """A router whose every POST is checked for forgery and whose every page knows its viewer.

    Its dependencies come before those of a route, which therefore find the viewer and the database on the request and
    need not name them again: FastAPI walks the whole tree of names for each request.
    """
    dependencies = [Depends(check_csrf), Depends(current_viewer)]
    return APIRouter(prefix=prefix, dependencies=dependencies, route_class=OneGo, **options)


def record_id(raw: object) -> UUID:
    try:
        return UUID(str(raw))
    except ValueError:
        raise NotFound() from None


def find(db: Session, model: type[Record], raw: object) -> Record:
    """The record of an id in the address; anything that is no id, or no record, is not found."""
    row = db.exec(neighbours_query(model), params={"key": record_id(raw)}).first()
    if row is None:
        raise NotFound()
    found: Record = row[0]
    return found


@cache
def neighbours_query(model: Any) -> Any:
    """The record, with its call and its author: every permission asks for the one, every page names the other.

    They come in the same statement and stay in the session, where the next who asks finds them. The statement is made
    once: making one costs as much as running it.
    """
    query: Any = select(model, literal(True))
    if hasattr(model, "call_id"):
        may_have_none = model.__table__.c.call_id.nullable
        query = query.add_columns(Call).join(Call, col(Call.id) == model.call_id, isouter=may_have_none)
    if hasattr(model, "author_id"):
        query = query.add_columns(Person).outerjoin(Person, col(Person.id) == model.author_id)
    return query.where(model.id == bindparam("key"))


def load(model: type[Record], *, to: Permission, param: str = "") -> Any:
    """The record named in the address, if the viewer may do this to it: `Annotated[Call, load(Call, to=…)]`."""
    name = param or f"{model.__name__.lower()}_id"

    async def loader(request: Request) -> Any:
        db: Session = request.state.db

        def find_record() -> Record:
            record = find(db, model, request.path_params.get(name))
            permissions.demand(db, request.state.viewer, to, record)
            return record

        return later(db, find_record)

    loader.permission = to  # type: ignore[attr-defined]
    return Depends(loader)


def needs(permission: Permission) -> Any:
    """For acts on no record: `dependencies=[needs(Permission.MANAGE_PEOPLE)]`."""

    async def asker(request: Request) -> None:
        db: Session = request.state.db
        later(db, lambda: permissions.demand(db, request.state.viewer, permission))

    asker.permission = permission  # type: ignore[attr-defined]
    return Depends(asker)


def public(reason: str) -> Callable[..., Any]:
    """Mark a route that needs no permission, with the reason why; `test_routes.py` wants one or the other."""

    def mark(route: Callable[..., Any]) -> Callable[..., Any]:
        route.public = reason  # type: ignore[attr-defined]
        return route

    return mark
