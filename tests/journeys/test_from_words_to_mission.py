"""The main thread in a real browser, with jobs running behind it and letters sent by SMTP."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import main
from app.models.call import Call
from app.models.mission import Mission
from app.nlp.embedding import HashingEmbedder
from app.rules.words import MissionState
from app.services import sign_ins
from app.settings import Settings
from tests.browser import Tab, served
from tests.jobs.conftest import forget_jobs
from tests.journeys import story
from tests.page import Page

if TYPE_CHECKING:
    from email.message import Message as Letter

    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Response

pytestmark = pytest.mark.browser


class Letterbox(Message):
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Letter] = []

    def handle_message(self, message: "Letter") -> None:
        self.letters.append(message)

    def letter_to(self, address: str, seconds: float = 20.0) -> str:
        """The first letter to this address, waited for: a loop sends what was queued."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for letter in self.letters:
                if letter["To"] == address:
                    return letter.get_payload(decode=True).decode("utf-8")  # type: ignore[union-attr]
            time.sleep(0.05)
        pytest.fail(f"no letter reached {address}")


@pytest.fixture
def letterbox() -> Iterator[tuple[str, Letterbox]]:
    """A mail server of this machine's own."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    box = Letterbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield f"smtp://127.0.0.1:{port}", box
    server.stop()


@pytest.fixture
def address(
    settings: Settings, clean: Engine, letterbox: tuple[str, Letterbox], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The whole application: pages, jobs, letters, and a model that needs no file."""
    monkeypatch.setattr(main, "embedder_of", lambda _settings: HashingEmbedder())
    forget_jobs(clean)
    whole = {"run_jobs": True, "warm_model": True, "smtp_url": letterbox[0]}
    with served(main.create_app(settings.model_copy(update=whole))) as address:
        yield address
    forget_jobs(clean)


@pytest.fixture
def tab_of(chromium: "Chromium", address: str) -> Callable[[], Tab]:
    return lambda: Tab(chromium.new_context(locale="en-GB"), address)


def grouped(carol: story.Hand, bench: str) -> Page:
    """Carol watches the progress; the page changes by itself when the grouping is done."""
    assert isinstance(carol, Tab)
    done = carol.page.get_by_role("button", name="Accept and show it to everyone")
    done.wait_for(timeout=60_000)
    carol.page.wait_for_load_state("load")
    return carol.read()


def keeps(words: str) -> Callable[["Response"], bool]:
    """Whether this answers a draft that had these words in it."""
    return lambda answer: "/drafts/" in answer.url and words in (answer.request.post_data or "")


def test_from_words_to_a_mission_and_back(
    db: Session, clean: Engine, tab_of: Callable[[], Tab], letterbox: tuple[str, Letterbox]
) -> None:
    tabs: dict[str, Tab] = {}

    def hand(name: str) -> Tab:
        if name not in tabs:
            tabs[name] = tab_of()
            if name != "citizen":
                token = sign_ins.begin(db, scene.people[name])
                db.commit()
                tabs[name].sign_in(token)
        return tabs[name]

    scene = story.set_the_scene(db, hand, lambda: Session(clean), grouped, letterbox[1].letter_to)
    story.walk(scene)

    assert {name: tab.complaints for name, tab in tabs.items() if tab.complaints} == {}
    assert db.exec(select(Mission.state)).all() == [MissionState.ADOPTED]


def test_voices_close_to_mine_appear_while_i_type_and_my_words_survive_the_tab(
    db: Session, clean: Engine, tab_of: Callable[[], Tab]
) -> None:
    scene = story.set_the_scene(
        db, lambda _name: tab_of(), lambda: Session(clean), grouped, lambda _address: ""
    )
    tab, call = tab_of(), db.get_one(Call, scene.call.id)
    tab.open(f"/calls/{call.id}/submissions/new")

    # The draft is kept whole before the tab goes: slow typing keeps parts of it first.
    with tab.page.expect_response(keeps("roof")):
        tab.page.locator("textarea#text").press_sequentially("solar panels on the school roof", delay=5)
    tab.page.get_by_text("something close").wait_for()
    assert tab.page.locator(".voices .voice").count() == 5
    assert "31 typed" in tab.page.locator("#text-count").inner_text()

    tab.page.close()
    tab.page = tab.context.new_page()
    tab.open(f"/calls/{call.id}/submissions/new")
    assert tab.page.locator("textarea#text").input_value() == "solar panels on the school roof"
