"""Goals and sectors in a real browser: applied and taken off in place, by keyboard, without losing one's place."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.main import create_app
from app.services import embeddings, sign_ins, terms, topics_learn
from app.settings import Settings
from tests.browser import Tab, served
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation
from tests.services.test_topics import SOLAR
from tests.services.voices import EMBEDDER, voice

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

pytestmark = pytest.mark.browser
FOCUSED = "() => document.activeElement.textContent"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_suggestion_is_applied_and_taken_off_in_place(
    chromium: "Chromium", settings: Settings, clean: Engine, width: int
) -> None:
    with Session(clean, expire_on_commit=False) as session:
        terms.ensure_all(session)
        topics_learn.learn(session, EMBEDDER)
        agency = make_organisation(session)
        made = voice(session, make_call(session, agency), SOLAR)
        embeddings.embed_batch(session, [made.id], EMBEDDER)
        token = sign_ins.begin(session, make_facilitator(session, agency))
        session.commit()

    with served(create_app(settings)) as address:
        context = chromium.new_context(viewport={"width": width, "height": 900})
        tab = Tab(context, address).sign_in(token)
        tab.open(f"/submissions/{made.id}")
        topics = tab.page.locator("#topics")
        energy = topics.locator("li", has_text="Goal 7")
        tab.press(energy.get_by_role("button", name="Apply"), key="Enter")
        topics.get_by_text("now stands on it").wait_for()
        focused = tab.page.evaluate(FOCUSED)
        where = tab.page.url
        tab.press(energy.get_by_role("button", name="Take off"))
        topics.get_by_text("no longer stands on it").wait_for()
        again = energy.get_by_role("button", name="Apply").count()

    assert "now stands on it" in focused
    assert where.endswith(f"/submissions/{made.id}")
    assert again == 1
