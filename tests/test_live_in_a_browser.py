"""What others say appears beside what one is typing: nothing typed is touched, the focus stays, and it is announced."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.main import create_app
from app.models.mission import Mission
from app.models.person import Person
from app.models.statement import Statement
from app.rules.words import AnswerState
from app.services import conversations, objections, sign_ins
from app.settings import Settings
from tests.browser import Tab, script, served
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber
from tests.test_accessibility import AXE, audit

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

pytestmark = pytest.mark.browser
LOOK = """state => { Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
  askForNews(); }"""
ASK = "() => htmx.trigger('[data-news]', 'news')"


@dataclass
class Hall:
    """Olga's window on a mission, and the world in which others speak."""

    tab: Tab
    engine: Engine
    chamber: Chamber
    first: Statement
    other: Person

    def says(self, words: str, parent: Statement | None = None) -> None:
        with Session(self.engine) as session:
            mission, person = (
                session.get_one(Mission, self.chamber.mission.id),
                session.get_one(Person, self.other.id),
            )
            conversations.say(session, mission, person, words, words, parent.id if parent else None)
            session.commit()

    def hears_nothing_new(self) -> None:
        """Ask once more and wait until what came, if anything, stands on the page."""
        page = self.tab.page
        page.evaluate("""() => { document.addEventListener("htmx:afterRequest",
          () => { document.documentElement.dataset.heard = ""; }, {once: true}); }""")
        page.evaluate(ASK)
        page.locator("html[data-heard]").wait_for(state="attached")


@pytest.fixture
def hall(chromium: "Chromium", settings: Settings, clean: Engine) -> Iterator[Hall]:
    with Session(clean, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        olga, rob = make_person(session, "Olga"), make_person(session, "Rob")
        first = conversations.say(session, chamber.mission, rob, "Who pays for it?", "first")
        token = sign_ins.begin(session, olga)
        session.commit()
    with served(create_app(settings)) as address:
        context = chromium.new_context(
            reduced_motion="reduce", viewport={"width": 1280, "height": 900}, locale="en"
        )
        # The page asks when a test says so, and not every few seconds as well.
        context.add_init_script("window.setInterval = () => 0")
        yield Hall(Tab(context, address).sign_in(token), clean, chamber, first, rob)
        context.close()


def test_new_comments_and_replies_come_beside_what_is_typed(hall: Hall) -> None:
    page = hall.tab.page
    hall.tab.open(f"/missions/{hall.chamber.mission.id}/comments")
    page.locator("#comment").fill("I am still writing this")
    page.locator(f"#said-{hall.first.id} summary").first.click()
    reply = page.locator(f"#reply-{hall.first.id}")
    reply.press_sequentially("And half of a reply")

    hall.says("A new comment of Rob's.")
    hall.says("A new reply of Rob's.", hall.first)
    page.evaluate(ASK)
    page.get_by_text("A new comment of Rob's.").wait_for()
    page.get_by_text("A new reply of Rob's.").wait_for()

    assert page.locator("#comment").input_value() == "I am still writing this"
    assert reply.input_value() == "And half of a reply"
    assert page.evaluate("document.activeElement.id") == f"reply-{hall.first.id}"
    assert page.locator("#news-words").inner_text() == "2 new entries stand below."
    assert page.locator(f"#replies-{hall.first.id} > li").count() == 1
    hall.hears_nothing_new()
    assert page.get_by_text("A new comment of Rob's.").count() == 1
    assert hall.tab.complaints == []


def test_nothing_is_asked_while_nobody_looks(hall: Hall) -> None:
    page, asked = hall.tab.page, []
    hall.tab.open(f"/missions/{hall.chamber.mission.id}/comments")
    page.on("request", lambda request: asked.append(request.url) if "/news" in request.url else None)

    page.evaluate(LOOK, "hidden")
    # What a page asks for is told in order: had it asked while hidden, that would be heard before this answer.
    page.evaluate("() => fetch('/healthz').then(answer => answer.text())")
    assert asked == []
    with page.expect_response(lambda answer: "/news" in answer.url):
        page.evaluate(LOOK, "visible")
    assert len(asked) == 1


def test_objections_and_their_answers_come_by_themselves(hall: Hall) -> None:
    page, carol = hall.tab.page, hall.chamber.scene.carol
    hall.tab.open(f"/missions/{hall.chamber.mission.id}/objections")
    page.locator("#objection").fill("Half of my own objection")
    with Session(hall.engine) as session:
        mission, rob = (
            session.get_one(Mission, hall.chamber.mission.id),
            session.get_one(Person, hall.other.id),
        )
        made = objections.make(session, mission, rob, "The roofs are too weak for it.", "one")
        session.commit()
        page.evaluate(ASK)
        page.get_by_text("The roofs are too weak for it.").wait_for()
        objections.answer(
            session, made, session.get_one(Person, carol.id), AnswerState.DECLINED, "They were measured."
        )
        session.commit()
        made_id = made.id
    page.evaluate(ASK)
    page.get_by_text("They were measured.").wait_for()

    assert "Declined" in page.locator(f"#state-{made_id}").inner_text()
    assert page.locator("#objection").input_value() == "Half of my own objection"
    hall.tab.page.evaluate(script(AXE))
    assert audit(hall.tab, script(AXE)) == []
    assert hall.tab.complaints == []


def test_without_javascript_a_link_reloads_the_page(hall: Hall, chromium: "Chromium") -> None:
    context = chromium.new_context(java_script_enabled=False)
    tab = Tab(context, hall.tab.address, scripts=False)
    tab.open(f"/missions/{hall.chamber.mission.id}/comments")
    hall.says("Said in between.")

    tab.press(tab.page.get_by_text("Reload to see what is new"))

    assert tab.page.get_by_text("Said in between.").count() == 1
    context.close()
