"""Every page for every kind of person: nothing that axe finds against WCAG 2.2 AA, nothing wider than 320 pixels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session

from app.main import create_app
from app.models.submission import Submission
from app.rules.words import Choice, DecisionState
from app.services import ballots, sign_ins
from app.settings import Settings
from tests.browser import Tab, script, served
from tests.client import Browser
from tests.conftest import empty
from tests.page import Page
from tests.routes import walk
from tests.test_doors import addresses, wanted
from tests.world import World, make_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

pytestmark = pytest.mark.browser
AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AUDIT = """tags => axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})
  .then(found => found.violations.map(v => `${v.id}: ` + v.nodes.slice(0, 3).map(
    n => n.target.join(" ") + " " + n.html.slice(0, 120) + " " + (n.any[0]?.message ?? "")).join(" | ")))"""
# What reaches beyond the window, unless it stands in a region that scrolls by itself.
WIDE = """() => { const rolls = e => { for (let p = e; p && p !== document.body; p = p.parentElement)
    if (p.tagName !== "MAIN" && getComputedStyle(p).overflowX !== "visible") return true;
    return false; };
  return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 321 && !rolls(e))
    .slice(0, 3).map(e => `${e.tagName}.${e.className}`); }"""
RING = """() => { const shown = e => { const s = getComputedStyle(e);
    return e.matches(":focus-visible, :focus-within") && (s.outlineStyle !== "none" || s.boxShadow !== "none"); };
  const e = document.activeElement; return shown(e) || (e.closest("label") !== null && shown(e.closest("label"))); }"""
PEOPLE = (
    "visitor", "bob", "carol", "erin", "chair", "secretary", "alice", "standin", "dave", "tina", "rita",
)  # fmt: skip
NARROW, USUAL = {"width": 320, "height": 800}, {"width": 1280, "height": 900}


@dataclass
class Town:
    """The application served over one world, and which shapes of page were looked at already."""

    app: FastAPI
    engine: Engine
    world: World
    address: str
    chromium: "Chromium"
    known: set[str] = field(default_factory=set)

    def tab(self, name: str) -> Tab:
        context = self.chromium.new_context(viewport=USUAL, reduced_motion="reduce", locale="en-GB")  # type: ignore[arg-type]
        tab = Tab(context, self.address)
        return tab if name == "visitor" else tab.sign_in(self.token(name))

    def token(self, name: str) -> str:
        with Session(self.engine) as session:
            token = sign_ins.begin(session, self.world.people[name])
            session.commit()
            return token

    def new_shapes(self, name: str) -> list[str]:
        """The pages this person may open whose like nobody has looked at yet; no browser is needed to tell."""
        plain, found = Browser(self.app), []
        plain.follow_redirects = False
        if name != "visitor":
            plain.cookies.set("session", self.token(name))
        for path in pages_for(self, name):
            answer = plain.get(path)
            if "text/html" not in answer.headers.get("content-type", "") or answer.status_code == 303:
                continue
            if (key := shape(Page(answer.text, path))) not in self.known:
                self.known.add(key)
                found.append(path)
        return found


@pytest.fixture(scope="module")
def town(chromium: "Chromium", lasting_settings: Settings, engine: Engine) -> Iterator[Town]:
    settings = lasting_settings.model_copy(
        update={"drafting_url": "http://127.0.0.1:9/v1", "drafting_model": "none"}
    )
    app = create_app(settings)
    with Session(engine, expire_on_commit=False) as session:
        world = make_world(session)
    with served(app) as address:
        yield Town(app, engine, world, address, chromium)
    empty(engine)


def pages_for(town: Town, name: str) -> list[str]:
    """Every page this person may open, with records in every state."""
    found = []
    with Session(town.engine) as session:
        for each in walk(town.app):
            if each.method != "GET" or each.path.endswith(
                (".json", "/export", "/healthz", "/readyz", "/progress")
            ):
                continue
            for address, chosen in addresses(each, town.world):
                if "{token}" not in each.path and wanted(session, town.world, name, each, chosen) == "yes":
                    found.append(address)
    links = [f"/link/{token}" for token in town.world.tokens.values()] if name == "visitor" else []
    return [*dict.fromkeys(found), *links, "/no-such-page"]


def shape(page: Page) -> str:
    """What axe judges: elements with their classes and roles, not which words stand in them."""
    kept = ("class", "role", "type", "aria-current", "aria-live", "disabled", "hidden", "open", "lang")
    parts = [f"{e.tag} {[e.get(name) for name in kept]} {bool(e.text)}" for e in page.elements]
    return sha256("\n".join(dict.fromkeys(parts)).encode()).hexdigest()


def audit(tab: Tab, axe: str) -> list[str]:
    """In light and dark, and as wide as a phone held by someone who reads large type."""
    found: list[str] = []
    tab.page.evaluate(axe)
    for theme in ("light", "dark"):
        tab.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += [f"{theme}: {violation}" for violation in tab.page.evaluate(AUDIT, TAGS)]
    tab.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    found += [f"wider than 320: {element}" for element in tab.page.evaluate(WIDE)]
    tab.page.set_viewport_size(USUAL)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_can_be_used_by_everyone(town: Town, name: str) -> None:
    axe, tab, wrong = script(AXE), town.tab(name), []

    for path in town.new_shapes(name):
        tab.page.goto(town.address + path, wait_until="load")
        faults = [fault for fault in Page(tab.page.content(), path).faults() if not fault.startswith("</")]
        wrong += [f"{path}: {fault}" for fault in [*faults, *tab.complaints, *audit(tab, axe)]]
        tab.complaints.clear()
    tab.context.close()

    assert wrong == [], f"{len(wrong)}:\n" + "\n".join(wrong[:80])


def test_the_audit_sees_a_fault(town: Town) -> None:
    tab = town.tab("visitor")
    tab.page.goto(town.address + "/about")
    tab.page.evaluate("() => { document.querySelector('main').innerHTML = '<img src=x><div class=wide></div>';"
                      "document.querySelector('.wide').style.width = '900px'; }")  # fmt: skip
    tab.page.evaluate(script(AXE))

    assert any("image-alt" in violation for violation in tab.page.evaluate(AUDIT, TAGS))
    tab.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert tab.page.evaluate(WIDE) == ["DIV.wide"]


def test_the_keyboard_alone_submits(town: Town) -> None:
    tab, call = town.tab("bob"), town.world.calls["open"]
    tab.open(f"/calls/{call.id}/submissions/new")
    before = submissions_of(town)

    press_until(tab, "textarea#text", "Tab")
    tab.page.keyboard.type("Written without a mouse, with nothing but keys.")
    press_until(tab, f'form[action="/calls/{call.id}/submissions"] button:not([name])', "Tab")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(re.compile("/submissions/[0-9a-f-]{36}$"))

    assert "Written without a mouse" in tab.read().text
    assert submissions_of(town) == before + 1


def submissions_of(town: Town) -> int:
    from sqlalchemy import func, select

    with Session(town.engine) as session:
        query = select(func.count()).select_from(Submission).where(Submission.state != "draft")  # type: ignore[arg-type]
        return session.execute(query).scalar_one()


def test_the_keyboard_alone_votes(town: Town) -> None:
    tab, decision = town.tab("paula"), town.world.decisions[DecisionState.OPEN]
    tab.open(f"/decisions/{decision.id}")

    press_until(tab, 'input[name="choice"]', "Tab")
    tab.page.keyboard.press("Space")
    tab.page.keyboard.press("ArrowDown")
    press_until(tab, f'form[action="/decisions/{decision.id}/ballot"] button', "Tab")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(re.compile("/ballot$"))

    with Session(town.engine) as session:
        found = ballots.all_ballots(session, decision.id)
    assert [each.mark["choice"] for each in found if each.seat_id == town.world.records["seat_paula"].id] == [
        Choice.AGAINST
    ]


def press_until(tab: Tab, wanted_element: str, key: str, most: int = 120) -> None:
    """Press a key until this has the focus, which must then be seen."""
    for _press in range(most):
        tab.page.keyboard.press(key)
        if tab.page.evaluate(
            "selector => document.activeElement?.matches(selector) ?? false", wanted_element
        ):
            ring: Any = tab.page.evaluate(RING)
            assert ring, f"no focus ring on {wanted_element}"
            return
    pytest.fail(f"{most} times {key} never reached {wanted_element}")


def test_the_first_tab_leads_to_the_main_text(town: Town) -> None:
    tab = town.tab("visitor")
    tab.open("/calls")

    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("() => document.activeElement.getAttribute('href')") == "#main"
    tab.page.keyboard.press("Enter")

    tab.page.locator("#main:focus").wait_for()
