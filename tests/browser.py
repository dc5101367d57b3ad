"""A real browser over a real server: every page it comes to is checked, and so is what its console says."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from fastapi import FastAPI

from tests.page import Page as Read

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response

ARGUMENTS = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
NAMES = ("chromium", "chromium-browser", "google-chrome")
NONE_FOUND = "no Chromium here (CHROMIUM names one): tests in a real browser are skipped"
PATIENCE_MS = 45_000  # A machine may be busy with much else; what comes is not waited for any longer.
# What Chromium says of a page that answered 4xx, which our refusals do on purpose.
EXPECTED = "Failed to load resource: the server responded with a status of 4"
# Marks the document until htmx has answered this very control; a new document comes without the mark.
AWAIT = """control => {
  document.documentElement.dataset.awaits = "";
  const mine = asked => ["click", "submit"].includes(asked.triggeringEvent?.type)
    && [control, control.form].some(each => each && asked.elt.contains(each));
  document.addEventListener("htmx:afterRequest", function heard(event) {
    if (!mine(event.detail.requestConfig) || event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    document.removeEventListener("htmx:afterRequest", heard);
    setTimeout(() => delete document.documentElement.dataset.awaits, 3 * htmx.config.defaultSettleDelay);
  }); }"""


def chromium() -> str | None:
    wanted = os.environ.get("CHROMIUM", "")
    if wanted:
        return wanted if Path(wanted).exists() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def launched() -> Iterator["Browser"]:
    """Chromium, or one clear line why not; with REQUIRE_BROWSER=1 a missing one is a failure."""
    path = chromium()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(NONE_FOUND.replace("are skipped", "cannot run, and REQUIRE_BROWSER=1"))
        pytest.skip(NONE_FOUND)
    from playwright.sync_api import sync_playwright

    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *root])
        yield browser
        browser.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application on a free port of this machine, in a thread; answers its address."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
        thread = threading.Thread(target=lambda: server.run(sockets=[door]), daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < deadline, "the server is not up after half a minute"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=20)


class Tab:
    """One person's browser window; `open` and `fill` check every page they come to."""

    def __init__(self, context: "BrowserContext", address: str, *, scripts: bool = True) -> None:
        self.address, self.context, self.scripts = address, context, scripts
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page.on("console", self.heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("response", self.answered)
        self.page.on("dialog", lambda question: question.accept())

    def heard(self, message: Any) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.complaints.append(f"{message.type}: {message.text}")

    def answered(self, response: "Response") -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} from {response.url}")

    def sign_in(self, token: str) -> "Tab":
        self.context.add_cookies([{"name": "session", "value": token, "url": self.address}])
        return self

    def open(self, path: str, *, status: int = 200) -> Read:
        response = self.page.goto(self.address + path, wait_until="load")
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        return self.read()

    def fill(
        self, page: Read, action: str, fields: dict[str, object] | None = None, button: str = ""
    ) -> Read:
        """Fill in the form that goes there on the page now open, and press its button as a person would."""
        wanted = page.form(action, button=button)
        same = [each for each in page.forms if each.action == wanted.action]
        place = next(number for number, each in enumerate(same) if each.element is wanted.element)
        form = self.page.locator(f'form[action="{wanted.action}"]').nth(place)
        self.unfold(form.locator("xpath=ancestor::details[not(@open)]/summary"))
        for name, value in (fields or {}).items():
            control = form.locator(f'[name="{name}"]')
            self.unfold(control.first.locator("xpath=ancestor::details[not(@open)]/summary"))
            self.type(control, value)
        pressed = (
            form.locator("button").filter(has_text=button).first if button else form.locator("button").first
        )
        self.unfold(pressed.locator("xpath=ancestor::details[not(@open)]/summary"))
        return self.press(pressed)

    def press(self, control: "str | Locator", key: str = "") -> Read:
        """Press this, or the first button of this name, by pointer or by key; the page as the answer left it.

        What is waited for is the answer to this very control: a page that asks for something else meanwhile, or
        that is the old one still and idle, is not taken for it.
        """
        if isinstance(control, str):
            control = self.page.get_by_role("button", name=control, exact=True)
        control = control.first
        if self.scripts:
            control.evaluate(AWAIT)
            self.hit(control, key)
            self.page.locator("html:not([data-awaits])").wait_for(state="attached")
            self.page.wait_for_load_state("load")
        else:
            with self.page.expect_navigation(wait_until="load"):
                self.hit(control, key)
        return self.read()

    @staticmethod
    def hit(control: "Locator", key: str) -> None:
        control.press(key) if key else control.click()

    @staticmethod
    def unfold(summaries: Any) -> None:
        """Open what is folded, the outermost first."""
        while summaries.count():
            summaries.first.click()

    @staticmethod
    def type(control: Any, value: object) -> None:
        kind = control.first.evaluate("each => each.tagName === 'SELECT' ? 'select' : each.type")
        if kind == "select":
            control.first.select_option(str(value))
        elif kind in ("radio", "checkbox"):
            chosen = control.and_(control.page.locator(f'[value="{value}"]'))
            # By the keyboard: a bar that stays at the edge of the window may lie over what a pointer aims at.
            if not chosen.first.is_checked():
                chosen.first.press("Space")
            assert chosen.first.is_checked()
        else:
            control.first.fill(str(value))  # Its label is checked on every page; the name is what is sent.

    def read(self) -> Read:
        """The page as it is now, free of faults and complaints."""
        path = self.page.url.removeprefix(self.address).split("#")[0]
        found = Read(self.page.content(), path)
        faults = [fault for fault in found.faults() if not fault.startswith("</")]
        assert faults == [], f"{path}: {faults}"
        assert self.complaints == [], f"{path}: {self.complaints}"
        return found


def script(path: Path) -> str:
    """The text of a script from npm; without it the test says how to get it."""
    assert path.exists(), f"{path} is missing: `make test` installs it"
    return path.read_text("utf-8")
