"""What is typed while a saving is under way: the form is sent once that has answered, and saves nothing afterwards."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.main import create_app
from app.models.review import Review, ReviewRound
from app.services import sign_ins
from app.settings import Settings
from tests import reviewed
from tests.browser import Tab, served
from tests.services.chamber import make_chamber, nothing_ties

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Route
    from playwright.sync_api import Browser as Chromium

pytestmark = pytest.mark.browser


def test_words_typed_during_a_saving_are_no_other_windows(
    chromium: "Chromium", settings: Settings, clean: Engine
) -> None:
    with Session(clean, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        for each in session.exec(select(ReviewRound)):
            session.delete(each)
        session.flush()
        nothing_ties(session, chamber.mission, chamber.seats.values())
        asked = reviewed.send(session, chamber)
        review = reviewed.review_of(session, asked, chamber.seats["citizens 1"])
        token = sign_ins.begin(session, chamber.members["citizens 1"])
        session.commit()
    path = f"/missions/{chamber.mission.id}/reviews/{review.id}"
    held: list[tuple[Route, APIResponse]] = []

    with served(create_app(settings)) as address:
        tab = Tab(chromium.new_context(), address).sign_in(token)
        tab.open(path)
        # The first saving reaches the server, and its answer stays on the way.
        tab.page.route(f"**{path}/draft", lambda route: held.append((route, route.fetch())), times=1)
        tab.page.locator("[name=bold_note]").fill("Half a thought")
        while not held:
            tab.page.wait_for_timeout(20)
        tab.page.locator("[name=bold_note]").fill("A whole thought")
        tab.page.get_by_role("button", name="Keep as a draft").click()
        assert tab.page.url.endswith(path)
        route, answer = held[0]
        route.fulfill(response=answer)
        tab.page.get_by_text("Your draft is kept. Nobody else reads it.").wait_for()
        tab.read()

    with Session(clean) as session:
        assert session.get_one(Review, review.id).answers["bold_note"] == "A whole thought"
