"""Every route asks for a permission or says why it is open to all; every POST is checked for forgery."""

import importlib
import inspect
import pkgutil
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI

from app import main, routers
from app.main import create_app
from app.permissions import Permission
from app.settings import Settings
from tests.client import Browser
from tests.routes import Guarded, every_route, walk

# Asked in templates, in services' lists or inside another route, never by a route of their own.
ASKED_ELSEWHERE: dict[Permission, str] = {
    Permission.ENTER_ITEM: "a template asks before it shows the ballot",
    Permission.SUBMIT: "inside the route: a visitor's text is kept before they are asked to sign in",
}
LONGEST_ROUTE = 15
Known = list[Guarded]


@pytest.fixture(scope="module")
def known() -> Known:
    settings = Settings(
        environment="test", database_url="postgresql+psycopg://nobody@127.0.0.1:1/none", run_jobs=False,
        secret_key="a-secret-for-tests-of-at-least-32-characters",
    )  # fmt: skip
    return walk(create_app(settings))


def test_the_walk_finds_the_pages(known: Known) -> None:
    paths = {str(each) for each in known}

    assert {"GET /", "GET /calls/{call_id}", "POST /calls/{call_id}/submissions", "GET /healthz"} <= paths


def test_every_route_asks_a_permission_or_says_why_not(known: Known) -> None:
    assert [str(each) for each in known if not each.permissions and not each.public.strip()] == []


def test_no_route_both_asks_and_is_public(known: Known) -> None:
    assert [str(each) for each in known if each.permissions and each.public] == []


def test_a_record_in_the_address_is_loaded_with_a_permission(known: Known) -> None:
    """`{token}` is itself the permission; any other name in an address is a record somebody may not see."""
    loose = [str(each) for each in known if "_id}" in each.path and not each.permissions]

    assert loose == []


def test_routes_are_read_or_sent_and_every_sending_is_checked(known: Known) -> None:
    assert {each.method for each in known} <= {"GET", "HEAD", "POST"}
    assert [str(each) for each in known if each.method == "POST" and not each.checks_csrf] == []


def test_every_page_knows_who_asks(known: Known) -> None:
    bare = {str(each) for each in known if not each.knows_viewer}

    assert bare <= {"GET /healthz", "GET /readyz"}


def test_no_two_routes_share_an_address(known: Known) -> None:
    shapes = [
        f"{each.method} {'/'.join('{}' if '{' in part else part for part in each.path.split('/'))}"
        for each in known
    ]

    assert sorted({shape for shape in shapes if shapes.count(shape) > 1}) == []


def test_every_permission_is_asked_somewhere(known: Known) -> None:
    by_routes = {permission for each in known for permission in each.permissions}

    assert {p for p in Permission if p not in by_routes} == set(ASKED_ELSEWHERE)


def test_every_router_is_part_of_the_application() -> None:
    found = set()
    for module in pkgutil.iter_modules(routers.__path__, "app.routers."):
        loaded = importlib.import_module(module.name)
        if isinstance(getattr(loaded, "router", None), APIRouter):
            found.add(module.name)

    assert found == {noun.__name__ for noun in main.NOUNS}


def test_routes_are_plain_and_short(known: Known) -> None:
    long, waiting = [], []
    for each in known:
        body = inspect.getsource(each.route.endpoint)
        lines = [line for line in body.split("->", 1)[-1].splitlines()[1:] if line.strip()]
        if len(lines) > LONGEST_ROUTE + 10:
            long.append(f"{each} {len(lines)}")
        if inspect.iscoroutinefunction(each.route.endpoint):
            waiting.append(str(each))

    assert long == []
    assert waiting == []


def test_a_form_without_its_token_changes_nothing_and_is_refused(app: FastAPI, visitor: Browser) -> None:
    """On every route that takes a form: no token, a wrong one, and another site's page."""
    for each in (route for route in walk(app) if route.method == "POST"):
        path = "/".join(str(uuid4()) if "{" in part else part for part in each.path.split("/"))

        assert visitor.post(path, data={}).status_code == 403, f"{each} without a token"
        assert visitor.post(path, data={"csrf_token": "0" * 64}).status_code == 403, f"{each} with a guess"


def test_a_form_sent_from_another_site_is_refused(app: FastAPI, visitor: Browser) -> None:
    token = visitor.token()
    for each in (route for route in walk(app) if route.method == "POST"):
        path = "/".join(str(uuid4()) if "{" in part else part for part in each.path.split("/"))
        answer = visitor.post(path, data={"csrf_token": token}, headers={"Sec-Fetch-Site": "cross-site"})

        assert answer.status_code == 403, str(each)


def test_no_address_shadows_another(app: FastAPI, known: Known) -> None:
    """`/calls/new` must not be taken for a call whose id is “new”: the fixed one comes first."""
    order = [(next(iter(route.methods or ())), route.path) for route in every_route(app.routes)]
    for place, (method, path) in enumerate(order):
        for earlier_method, earlier in order[:place]:
            mine, theirs = path.split("/"), earlier.split("/")
            covers = len(mine) == len(theirs) and all(
                "{" in t or t == m for m, t in zip(mine, theirs, strict=True)
            )
            assert not (covers and method == earlier_method and earlier != path), (
                f"{earlier} hides {method} {path}"
            )
