"""The workbench in a real browser: one click ticks a voice, and a refused act keeps the tick."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.main import create_app
from app.rules.words import CallState
from app.services import groupings, sign_ins
from app.settings import Settings
from tests.browser import Tab, served
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation
from tests.services.voices import EMBEDDER, silent, voice

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_one_click_ticks_a_voice_and_a_refusal_keeps_it(
    chromium: "Chromium", settings: Settings, clean: Engine, width: int
) -> None:
    with Session(clean, expire_on_commit=False) as session:
        agency = make_organisation(session)
        call = make_call(session, agency, state=CallState.SENSEMAKING)
        for text in ("A slide for small children", "Benches under trees", "Dogs need a field"):
            voice(session, call, text)
        groupings.group_now(session, call.id, EMBEDDER, silent)
        token = sign_ins.begin(session, make_facilitator(session, agency))
        bench = f"/calls/{call.id}/workbench?show=ungrouped"
        session.commit()

    with served(create_app(settings)) as address:
        context = chromium.new_context(viewport={"width": width, "height": 900})
        tab = Tab(context, address).sign_in(token)
        tab.open(bench)
        boxes = tab.page.locator("input[name=voice]")
        boxes.first.click()
        ticked = boxes.first.is_checked()
        tab.press("Make a group of these")
        tab.page.get_by_text("Choose at least two voices").wait_for()
        kept = boxes.first.is_checked()
        boxes.nth(1).click()
        tab.press("Make a group of these")
        tab.page.get_by_text("They now stand in a group of their own.").wait_for()

    assert (ticked, kept) == (True, True)
