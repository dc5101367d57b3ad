"""Ballots on a phone in a real browser: by keyboard, told how far one is, without faults; results without any too."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.main import create_app
from app.models.ballot import Ballot
from app.services import sign_ins
from app.settings import Settings
from tests.browser import Tab, script, served
from tests.services.chamber import make_chamber
from tests.services.chamber_votes import STAGED, notice, stage
from tests.test_accessibility import AUDIT, AXE, TAGS, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
OPEN = ("consent", "approval", "irv", "majority judgment", "score")


def faults(page: "Page") -> list[str]:
    """What axe finds, and what stands wider than the narrowest window."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(script(AXE))
    width = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 800})
    found = [*page.evaluate(AUDIT, TAGS), *page.evaluate(WIDE)]
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > 320:
        found.append(f"the page is {wide} wide")
    page.set_viewport_size(width or {"width": 390, "height": 800})
    return [str(each) for each in found]


def test_ballots_are_filled_in_on_a_phone_by_keyboard(
    chromium: "Chromium", settings: Settings, clean: Engine
) -> None:
    paths = {}
    with Session(clean, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        for name in OPEN:
            paths[name] = f"/decisions/{notice(chamber, STAGED[name]).id}"
        token = sign_ins.begin(session, chamber.members["citizens 1"])
        session.commit()

    with served(create_app(settings)) as address:
        context = chromium.new_context(viewport={"width": 390, "height": 800}, reduced_motion="reduce")
        tab = Tab(context, address).sign_in(token)
        found = {}
        for name, path in paths.items():
            tab.open(path)
            found[name] = faults(tab.page)

        tab.open(paths["irv"])
        told = tab.page.locator(".mark-count")
        assert told.inner_text() == "0 of 4 ranked."
        tab.page.get_by_label("One place better: Water kept where it rains").press("Enter")
        tab.page.get_by_label("One place better: Light without diesel").press("Enter")
        assert told.inner_text() == "Light without diesel: 2. 2 of 4 ranked."
        tab.page.get_by_label("One place better: Light without diesel").press("Enter")
        assert tab.page.evaluate("document.activeElement.dataset.of") == "rank-option-3"
        tab.press("Cast my ballot", key="Enter")
        tab.page.get_by_role("heading", name="Your ballot is recorded").wait_for()
        found["recorded"] = faults(tab.page)

        tab.open(paths["majority judgment"])
        for at in range(1, 5):
            tab.page.locator(f"[name=grade-option-{at}][value='3']").press("Space")
        assert tab.page.locator(".mark-count").inner_text() == "4 of 4 graded."
        tab.press("Cast my ballot", key="Enter")
        tab.page.get_by_role("heading", name="Your ballot is recorded").wait_for()

    assert {name: each for name, each in found.items() if each} == {}
    with Session(clean) as session:
        marks = [ballot.mark for ballot in session.exec(select(Ballot))]
    assert {"ranking": [["option-3"], ["option-2"]]} in marks
    assert {"grades": {f"option-{at}": 3 for at in range(1, 5)}} in marks


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_picture_of_a_result_has_a_fault(
    chromium: "Chromium", settings: Settings, clean: Engine, theme: str
) -> None:
    paths = {}
    with Session(clean, expire_on_commit=False) as session:
        for name, staged in STAGED.items():
            paths[name] = f"/decisions/{stage(make_chamber(session), staged).id}"
        session.commit()

    with served(create_app(settings)) as address:
        context = chromium.new_context(
            viewport={"width": 390, "height": 800}, color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )  # fmt: skip
        tab = Tab(context, address)
        found = {}
        for name, path in paths.items():
            tab.open(path)
            found[name] = faults(tab.page)

    assert {name: each for name, each in found.items() if each} == {}
