"""A first review on a phone: by keyboard alone and without scripts, from the interest asked to what is filed."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.main import create_app
from app.models.review import Review
from app.rules.words import Criterion, Grade
from app.services import sign_ins
from app.settings import Settings
from tests import reviewed
from tests.browser import Tab, served
from tests.services.chamber import make_chamber, nothing_ties

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
MOST_KEYS = 75  # pressed for a whole review, five grades with a clause each
FOCUSED = "(() => { const a = document.activeElement; return [a.name, a.value, a.innerText].join('|'); })()"


class Keys:
    """Somebody who has a keyboard only; counts what they press."""

    def __init__(self, page: "Page") -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
        self.pressed += times

    def reach(self, wanted: str) -> None:
        """Tab on until the focus is on it; a control that cannot be reached fails."""
        for _ in range(60):
            self.press("Tab")
            if wanted in str(self.page.evaluate(FOCUSED)):
                return
        pytest.fail(f"the keyboard does not come to {wanted}")

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.press("Enter")


def test_a_review_is_written_on_a_phone_by_keyboard_without_scripts(
    chromium: "Chromium", settings: Settings, clean: Engine
) -> None:
    with Session(clean, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        asked = reviewed.send(session, chamber)
        review = reviewed.review_of(session, asked, chamber.seats["citizens 1"])
        path = f"/missions/{chamber.mission.id}/reviews/{review.id}"
        token = sign_ins.begin(session, chamber.members["citizens 1"])
        session.commit()

    with served(create_app(settings)) as address:
        context = chromium.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
        tab = Tab(context, address, scripts=False).sign_in(token)
        tab.page.goto(f"{address}/me")
        keys = Keys(tab.page)
        keys.reach(chamber.mission.title)
        keys.enter()
        keys.reach("Nothing ties me to it")
        keys.enter()
        assert tab.page.url == address + path
        assert tab.page.locator(".criterion .optional").count() == len(Criterion) + 1  # why, and a solution

        keys.pressed = 0
        for criterion in Criterion:
            keys.reach(f"{criterion}_grade")
            keys.press("Space")
            keys.press("ArrowDown", 2)
            keys.reach(f"{criterion}_clause")
            keys.press("ArrowDown")
        keys.reach("solution|none")
        keys.press("Space")
        keys.reach("File this review")
        keys.enter()
        assert keys.pressed <= MOST_KEYS
        assert "Your review is filed" in tab.page.locator("#notices").inner_text()
        assert tab.complaints == []

    with Session(clean) as session:
        kept = session.exec(select(Review).where(Review.id == review.id)).one()
    assert kept.filed_at is not None
    assert {each: kept.answers[f"{each}_grade"] for each in Criterion} == dict.fromkeys(Criterion, Grade.GOOD)


def test_what_is_folded_opens_where_something_is_missing(
    chromium: "Chromium", settings: Settings, clean: Engine
) -> None:
    with Session(clean, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        asked = reviewed.send(session, chamber)
        review = reviewed.review_of(session, asked, chamber.seats["citizens 1"])
        nothing_ties(session, chamber.mission, chamber.seats.values())
        path = f"/missions/{chamber.mission.id}/reviews/{review.id}"
        token = sign_ins.begin(session, chamber.members["citizens 1"])
        session.commit()

    with served(create_app(settings)) as address:
        context = chromium.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
        tab = Tab(context, address, scripts=False).sign_in(token)
        tab.open(path)
        assert not tab.page.locator("#bold_quote").is_visible()
        tab.page.get_by_role("button", name="File this review").press("Enter")
        tab.page.wait_for_load_state()

        assert tab.page.locator("#bold_quote").is_visible()
        assert tab.page.locator("#bold_evidence").is_visible()
