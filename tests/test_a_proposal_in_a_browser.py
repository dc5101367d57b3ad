"""A proposal in a real browser: sliding shows other groups at once, changes are ticked, nothing is in anyone's way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.main import create_app
from app.models.grouping import Grouping, accepted_grouping
from app.rules.words import CallState, ClusterLevel, GroupingState
from app.services import groupings, groupings_moves, groupings_partial, sign_ins
from app.services.groupings_moves import Told
from app.settings import Settings
from tests.browser import Tab, served
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation
from tests.services.proposals import World, carry_out
from tests.services.voices import EMBEDDER, silent
from tests.test_accessibility import AXE, audit, script

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium

pytestmark = pytest.mark.browser


@dataclass
class Bench:
    """A facilitator's window, and the world behind it."""

    tab: Tab
    engine: Engine
    world: World
    proposal: Grouping

    @property
    def path(self) -> str:
        return f"/groupings/{self.proposal.id}"

    def waits_for(self, words: str) -> None:
        self.tab.page.get_by_text(words).first.wait_for()

    def slide(self, name: str, key: str) -> None:
        self.tab.page.locator(f"#step-{name}").press(key)


@pytest.fixture(params=["en", "es"])
def bench(
    request: pytest.FixtureRequest, chromium: "Chromium", settings: Settings, clean: Engine
) -> Iterator[Bench]:
    with Session(clean, expire_on_commit=False) as session:
        agency = make_organisation(session)
        carol = make_facilitator(session, agency)
        carol.locale = request.param
        world = World(session, make_call(session, agency, state=CallState.SENSEMAKING), carol)
        proposal = world.propose()
        world.give_ladder(proposal)
        proposal.measures = {"stability": 0.4}
        token = sign_ins.begin(session, carol)
        session.commit()
        with served(create_app(settings)) as address:
            context = chromium.new_context(
                locale=request.param, reduced_motion="reduce", viewport={"width": 1280, "height": 900}
            )
            yield Bench(Tab(context, address).sign_in(token), clean, world, proposal)
            context.close()


@pytest.mark.parametrize("bench", ["en"], indirect=True)
def test_sliding_shows_other_groups_at_once_and_keeps_the_slider(bench: Bench) -> None:
    bench.tab.open(bench.path)

    bench.slide("mission", "ArrowLeft")

    bench.waits_for("Step 1 for missions, step 3 for project proposals.")
    bench.waits_for("2 missions, 10 project proposals")
    focus = bench.tab.page.evaluate("document.activeElement.id")
    assert focus == "step-mission"
    bench.slide("project", "Home")
    bench.waits_for("Project proposals divide missions")
    assert bench.tab.page.get_by_role("button", name="Use these levels").count() == 0
    assert bench.tab.complaints == []


@pytest.mark.parametrize("bench", ["en"], indirect=True)
def test_other_levels_become_the_proposal(bench: Bench) -> None:
    bench.tab.open(bench.path)
    bench.slide("mission", "ArrowLeft")
    bench.waits_for("2 missions, 10 project proposals")

    bench.tab.page.get_by_role("button", name="Use these levels").click()
    bench.waits_for("The groups at these levels are being worked out")
    with Session(bench.engine) as session, session.begin():
        made = session.exec(select(Grouping).where(Grouping.state == GroupingState.QUEUED)).one()
        groupings.run(session, made.id, EMBEDDER, silent)
        made_id = made.id

    bench.waits_for("It waits for your decision")
    assert bench.tab.page.url.endswith(str(made_id))
    with Session(bench.engine) as session:
        assert session.get_one(Grouping, bench.proposal.id).state is GroupingState.DISCARDED
        assert session.get_one(Grouping, made_id).state is GroupingState.PROPOSED
    assert bench.tab.complaints == []


@pytest.mark.parametrize("bench", ["en"], indirect=True)
def test_changes_are_left_out_by_a_click_on_their_words(bench: Bench) -> None:
    bench.tab.open(bench.path)
    page = bench.tab.page

    page.get_by_text("“solar” shrinks from 5 voices to 3").click()
    page.get_by_text("“buses” takes in “mining”").click()
    page.get_by_text("The clearest moves").first.click()
    page.get_by_role("button", name="Accept what is ticked").click()

    bench.waits_for("The chosen changes are being accepted")
    with Session(bench.engine) as session, session.begin():
        asked = session.exec(select(Grouping).where(Grouping.state == GroupingState.QUEUED)).one()
        asked_id = asked.id
        carry_out(session, asked_id)

    bench.waits_for("Accepted in part: 3 of 5 changes")
    assert page.url.endswith(str(asked_id))
    with Session(bench.engine) as session:
        made = accepted_grouping(session, bench.world.call.id)
        assert made is not None
        found = {name for name, _project in bench.world.written.standing(made, session).values()}
    assert found == {"solar", "water", "buses", "mining", "school", None}
    assert bench.tab.complaints == []


def test_nothing_stands_in_anyones_way(bench: Bench) -> None:
    axe, call = script(AXE), bench.world.call.id
    wrong = []
    paths = (
        bench.path,
        f"{bench.path}?mission=1&project=2",
        f"/calls/{call}/groupings",
        f"/calls/{call}/workbench",
    )
    for path in paths:
        bench.tab.open(path)
        bench.tab.page.evaluate(
            "document.querySelectorAll('main details').forEach(each => { each.open = true })"
        )
        wrong += [f"{path}: {fault}" for fault in audit(bench.tab, axe)]
    assert wrong == []
    assert bench.tab.complaints == []


def test_moves_and_what_is_being_accepted_stand_in_nobodys_way(bench: Bench) -> None:
    keys, solar = bench.world.written.keys, bench.world.themes["solar"]
    told = [Told(key, keys["solar"], keys["water"], 0.4) for key in solar]
    inner = [Told(solar[0], keys["roofs"], None, None), Told(solar[1], None, keys["roofs"], 0.2)]
    nothing = {"submissions": 0, "missions": 0, "projects": 0, "ungrouped": 0}
    with Session(bench.engine) as session, session.begin():
        proposal = session.get_one(Grouping, bench.proposal.id)
        groupings_moves.keep(session, proposal.id, {ClusterLevel.MISSION: told, ClusterLevel.PROJECT: inner})
        proposal.diff = {
            **{name: [] for name in ("kept", "grown", "new", "gone", "split", "merged")},
            "moved": {"count": 5, "texts": []}, "joined": 0, "rearranged": 2, "before": nothing, "after": nothing,
        }  # fmt: skip
        asked = groupings_partial.ask(session, proposal, bench.world.keys("water"), bench.world.carol.id).id
    axe, wrong = script(AXE), []

    for path in (
        f"{bench.path}/moves",
        f"{bench.path}/moves?level=project",
        bench.path,
        f"/groupings/{asked}",
    ):
        bench.tab.open(path)
        wrong += [f"{path}: {fault}" for fault in audit(bench.tab, axe)]

    assert wrong == []
    assert bench.tab.complaints == []
