"""Corrections in a real browser, with JavaScript and without: offered, refused, undone, split by examples."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.main import create_app
from app.models.cluster import Cluster, clusters_of
from app.models.correction import standing_corrections
from app.models.grouping import accepted_grouping
from app.rules.words import CallState, ClusterLevel, CorrectionKind
from app.services import groupings, sign_ins
from app.settings import Settings
from tests.browser import Tab, served
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation
from tests.services.voices import EMBEDDER, make_themes, silent
from tests.test_accessibility import AUDIT, AXE, TAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

pytestmark = pytest.mark.browser
K = CorrectionKind


@pytest.mark.parametrize(
    ("width", "scripts"), [(1280, True), (390, False)], ids=["wide", "narrow, no JavaScript"]
)
def test_a_facilitator_corrects_at_the_bench(
    chromium: "Chromium", settings: Settings, clean: Engine, width: int, scripts: bool
) -> None:
    with Session(clean, expire_on_commit=False) as session:
        agency = make_organisation(session)
        call = make_themes(session, make_call(session, agency, state=CallState.SENSEMAKING))[0]
        groupings.group_now(session, call.id, EMBEDDER, silent)
        token = sign_ins.begin(session, make_facilitator(session, agency))
        session.commit()
        grouping = accepted_grouping(session, call.id)
        assert grouping is not None
        first, second, third = clusters_of(session, grouping.id, ClusterLevel.MISSION)[:3]
    bench = f"/calls/{call.id}/workbench"

    with served(create_app(settings)) as address:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, reduced_motion="reduce",
            bypass_csp=True,
        )  # fmt: skip
        tab = Tab(context, address, scripts=scripts).sign_in(token)
        tab.open(f"{bench}?cluster={first.id}")
        tick(tab, 0)
        tab.page.select_option("select[name=target]", str(second.id))
        tab.press("Move")
        tab.page.get_by_role("heading", name="like these").wait_for()
        audited(tab, scripts)
        tab.press("Leave all as they are")

        tab.open(f"{bench}?cluster={third.id}")
        keep(tab, "Keep together")
        tab.open(f"{bench}?cluster={third.id}")
        keep(tab, "Keep apart")
        tab.page.get_by_text("This contradicts an earlier correction").first.wait_for()
        audited(tab, scripts)
        tab.press("Undo the earlier one")
        assert tab.page.locator("input[name=voice]").nth(0).is_checked()
        assert tab.page.locator("input[name=voice]").nth(1).is_checked()
        audited(tab, scripts)
        unfold(tab)
        tab.press("Keep apart")

        split(tab, first, scripts)
        assert tab.complaints == []
    with Session(clean) as session:
        kinds = [one.kind for one in standing_corrections(session, call.id)]
    assert kinds == [K.MOVE, K.KEEP_APART, K.SPLIT]


def split(tab: Tab, group: Cluster, scripts: bool) -> None:
    tab.open(f"/clusters/{group.id}/split")
    audited(tab, scripts)
    for place, side in ((0, "stay"), (1, "leave")):
        tab.page.locator(f'input[value="{side}"]').nth(place).press("Space")
    tab.press("Show who would go where")
    assert tab.page.get_by_role("heading", name="Who would go where").is_visible()
    audited(tab, scripts)
    tab.press("Split like this")
    assert tab.page.get_by_text("The group is split").is_visible()


def tick(tab: Tab, *places: int) -> None:
    for place in places:
        tab.page.locator("input[name=voice]").nth(place).press("Space")


def unfold(tab: Tab) -> None:
    folded = tab.page.locator(".bench-do details").first
    if folded.get_attribute("open") is None:
        folded.locator("summary").click()


def keep(tab: Tab, button: str) -> None:
    tick(tab, 0, 1)
    unfold(tab)
    tab.press(button)


def audited(tab: Tab, scripts: bool) -> None:
    """What axe finds; without JavaScript there is nothing to ask it with, and only the width is looked at."""
    if not scripts:
        box = tab.page.locator("main").bounding_box()
        size = tab.page.viewport_size
        assert box is not None
        assert size is not None
        assert box["width"] <= size["width"]
        return
    tab.page.evaluate(AXE.read_text())
    assert tab.page.evaluate(AUDIT, TAGS) == []
