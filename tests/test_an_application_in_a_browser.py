"""An application in a real browser: two people type into one form, neither reloads, and no word is lost."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.main import create_app
from app.models.application import Application
from app.services import applications_team, sign_ins
from app.settings import Settings
from tests.applied import make_offered
from tests.browser import Tab, served
from tests.people import make_person

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Response

pytestmark = pytest.mark.browser


def is_saving(answer: "Response") -> bool:
    return answer.request.method == "POST"


def test_two_people_type_into_one_application_at_once(
    chromium: "Chromium", settings: Settings, clean: Engine
) -> None:
    with Session(clean, expire_on_commit=False) as session:
        offered = make_offered(session)
        application = offered.written()
        mate = make_person(session, "Maria", password_hash="x")
        applications_team.invite(session, application, mate.email or "", offered.lead, "")
        applications_team.join(session, application, mate.id)
        tokens = [sign_ins.begin(session, each) for each in (offered.lead, mate)]
        session.commit()
    path = f"/applications/{application.id}/edit"

    with served(create_app(settings)) as address:
        one, other = (Tab(chromium.new_context(), address).sign_in(token) for token in tokens)
        for tab in (one, other):
            tab.open(path)
        for turn in ("first", "second"):
            with one.page.expect_response(is_saving):
                one.page.locator("[name=title]").fill(f"The lead's {turn} title")
            one.page.get_by_text("Saved at").or_(one.page.get_by_text("Both your words are kept")).wait_for()
            with other.page.expect_response(is_saving):
                other.page.locator("[name=route]").fill(f"Maria's {turn} route")
            other.page.get_by_text("Both your words are kept").wait_for()
        one.page.get_by_role("button", name="Save", exact=True).click()
        one.page.get_by_text("All that you typed is saved.").wait_for()
        one.read()

    with Session(clean) as session:
        kept = session.get_one(Application, application.id)
        assert (kept.title, kept.route) == ("The lead's second title", "Maria's second route")
