"""The main thread through plain pages and real forms, without JavaScript; and the log of it, replayed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import main
from app.models.grouping import Grouping
from app.models.outgoing_mail import OutgoingMail
from app.nlp.embedding import HashingEmbedder
from app.services import groupings
from app.settings import Settings
from tests.client import Browser
from tests.journeys import story
from tests.page import Page
from tests.replayed import begin
from tests.services.voices import silent


class PlainHand:
    """A person at a browser without JavaScript; whoever watches is told what they did."""

    def __init__(self, browser: Browser, did: Callable[[str], None]) -> None:
        self.browser, self.did = browser, did

    def open(self, path: str) -> Page:
        return self.browser.open(path)

    def fill(
        self, page: Page, action: str, fields: dict[str, object] | None = None, button: str = ""
    ) -> Page:
        after = self.browser.hand_in(page.form(action, button=button), fields, button=button)
        self.did(f"{action} {button}")
        return after


@pytest.fixture
def app(settings: Settings, clean: Engine, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """With a model that is ready at once, as the page of a new voice asks it for similar ones."""
    monkeypatch.setattr(main, "embedder_of", lambda _settings: HashingEmbedder())
    return main.create_app(settings.model_copy(update={"warm_model": True}), clean)


@pytest.fixture
def browser_of(app: FastAPI) -> Iterator[Callable[[], Browser]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Browser(app))


def test_from_words_to_a_mission_and_back(
    db: Session, clean: Engine, browser_of: Callable[[], Browser]
) -> None:
    hands: dict[str, PlainHand] = {}

    def did(act: str) -> None:
        with Session(clean) as session:
            memory.remember(session, f"{len(memory.kept)}: {act}")

    def hand(name: str) -> PlainHand:
        if name not in hands:
            browser = browser_of()
            signed_in = browser if name == "citizen" else browser.sign_in(db, scene.people[name])
            hands[name] = PlainHand(signed_in, did)
        return hands[name]

    def group(carol: story.Hand, bench: str) -> Page:
        """What a worker does behind the page."""
        assert "Waiting for its turn" in carol.open(bench).text
        with Session(clean) as session:
            queued = session.exec(select(Grouping)).one()
            groupings.run(session, queued.id, HashingEmbedder(), silent)
            session.commit()
        did("the run is done")
        return carol.open(bench)

    def letter(address: str) -> str:
        """What waits to be sent."""
        with Session(clean) as session:
            return session.exec(select(OutgoingMail).where(OutgoingMail.to_address == address)).one().body

    scene = story.set_the_scene(db, hand, lambda: Session(clean), group, letter)
    memory = begin(db)

    story.walk(scene)

    assert len(memory.kept) > 20
    assert memory.wrong(db) == {}
