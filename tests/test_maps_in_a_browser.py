"""The map of a mission and the lineage in a real browser: drawn under our policy, and clicked."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.main import create_app
from app.rules.words import LinkKind
from app.services import counts
from app.settings import Settings
from tests.browser import Tab, served
from tests.services.linked import Portfolio, key, make_portfolio

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

pytestmark = pytest.mark.browser
# Where a thing was drawn, by its name: a graph keeps a point, a flow keeps a bar.
PLACE = """([id, name]) => {
  const box = document.getElementById(id);
  const series = window.echarts.getInstanceByDom(box).getModel().getSeriesByIndex(0);
  const data = series.getData();
  const spot = data.getItemLayout(data.indexOfName(name));
  const [x, y] = Array.isArray(spot) ? series.coordinateSystem.dataToPoint(spot)
    : [series.layoutInfo.x + spot.x + spot.dx / 2, series.layoutInfo.y + spot.y + spot.dy / 2];
  const corner = box.getBoundingClientRect();
  return [corner.x + x, corner.y + y];
}"""
DRAWN = "id => document.querySelector(`#${id} canvas`) !== null"


def portfolio_in(engine: Engine) -> Portfolio:
    counts._kept.clear()
    with Session(engine, expire_on_commit=False) as session:
        made = make_portfolio(session)
        made.put("roofs", "energy")
        made.link("storage", LinkKind.DEPENDS_ON, "roofs")
        made.link("roofs", LinkKind.SPILLS_OVER_TO, key(made.abroad))
        session.commit()
    return made


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_drawn_is_clicked(
    chromium: "Chromium", settings: Settings, clean: Engine, width: int
) -> None:
    made = portfolio_in(clean)
    mission = f"/missions/{made.mission.id}"

    with served(create_app(settings)) as address:
        tab = Tab(chromium.new_context(viewport={"width": width, "height": 1000}), address)
        for path, box, name in (
            ("map", "mission-map", made.mission.title),
            ("lineage", "lineage", f"mission-{made.mission.id}"),
        ):
            tab.open(f"{mission}/{path}")
            tab.page.wait_for_function(DRAWN, arg=box)
            tab.page.locator(f"#{box}").scroll_into_view_if_needed()
            x, y = tab.page.evaluate(PLACE, [box, name])
            tab.page.mouse.click(x, y)
            tab.page.wait_for_url(f"{address}{mission}")
            tab.read()


def test_without_scripts_the_tables_say_it_all(
    chromium: "Chromium", settings: Settings, clean: Engine
) -> None:
    made = portfolio_in(clean)

    with served(create_app(settings)) as address:
        tab = Tab(chromium.new_context(java_script_enabled=False), address, scripts=False)
        shown = tab.open(f"/missions/{made.mission.id}/map").main.text
        told = tab.open(f"/missions/{made.mission.id}/lineage").main.text

    assert "Storage" in shown
    assert "depends on Roofs" in shown
    assert made.mission.title in told
