"""The thread on every page of a thing: seven stations in a nav, one of them "you are here"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session

from app.main import create_app
from app.services.lineage_stations import ORDER
from app.settings import Settings
from tests.client import Browser
from tests.conftest import empty
from tests.page import Page
from tests.page_elements import Element
from tests.routes import walk
from tests.thread_places import places_of
from tests.world import World, ids, make_world

THINGS = (
    "application_id",
    "call_id",
    "submission_id",
    "cluster_id",
    "grouping_id",
    "mission_id",
    "decision_id",
    "lesson_id",
)
# Nothing on these is a page: numbers for a script, a file to take away, a part that a page asks for again.
NO_PAGES = {
    "/applications/{application_id}/receipt",
    "/files/{application_id}/{attachment_id}",
    "/calls/{call_id}/export",
    "/calls/{call_id}/map.json",
    "/calls/{call_id}/map/{submission_id}.json",
    "/calls/{call_id}/lineage.json",
    "/missions/{mission_id}/lineage.json",
    "/missions/{mission_id}/map.json",
    "/submissions/{submission_id}/lineage.json",
    "/decisions/{decision_id}/counting",
    "/decisions/{decision_id}/pack.zip",
    "/groupings/{grouping_id}/bundle",
    "/groupings/{grouping_id}/levels",
    "/groupings/{grouping_id}/progress",
    "/submissions/{submission_id}/similar",
    "/missions/{mission_id}/news",
    "/missions/{mission_id}/dashboard.pdf",
    "/missions/{mission_id}/conditions.csv",
    "/missions/{mission_id}/calendar.ics",
    "/api/missions/{mission_id}/readings",
    "/decisions/{decision_id}/news",
    "/missions/{mission_id}/closed/news",
    "/missions/{mission_id}/money/lines.csv",
    "/missions/{mission_id}/what-if/run.json",
}
# Each page of a thing, who opens it, and the station where it stands.
PAGES = [
    ("/calls/{call_id}", "visitor", "Voices"),
    ("/calls/{call_id}/answers", "visitor", "Voices"),
    ("/calls/{call_id}/cancellation", "carol", "Voices"),
    ("/calls/{published_id}/edit", "carol", "Voices"),
    ("/calls/{call_id}/extension", "carol", "Voices"),
    ("/calls/{call_id}/groupings", "visitor", "Groups"),
    ("/calls/{call_id}/groups", "visitor", "Groups"),
    ("/calls/{call_id}/import", "carol", "Voices"),
    ("/calls/{call_id}/import/{run_id}", "carol", "Voices"),
    ("/calls/{call_id}/import/{done_run_id}", "carol", "Voices"),
    ("/calls/{call_id}/map", "visitor", "Groups"),
    ("/calls/{call_id}/lineage", "visitor", "Voices"),
    ("/calls/{call_id}/moderation", "carol", "Voices"),
    ("/calls/{draft_call_id}/removal", "carol", "Voices"),
    ("/calls/{call_id}/submissions", "visitor", "Voices"),
    ("/calls/{call_id}/submissions/new", "visitor", "Voices"),
    ("/calls/{call_id}/ungrouped", "visitor", "Groups"),
    ("/calls/{call_id}/workbench", "carol", "Groups"),
    ("/calls/{call_id}/copies", "carol", "Voices"),
    ("/calls/{call_id}/coverage", "visitor", "Voices"),
    ("/missions/{mission_id}/copies", "carol", "Mission"),
    ("/calls/{offer_id}", "visitor", "Money"),
    ("/calls/{offer_id}/eligibility", "visitor", "Money"),
    ("/calls/{offer_id}/questions", "visitor", "Money"),
    ("/calls/{offer_id}/terms", "visitor", "Money"),
    ("/calls/{offer_id}/outcome", "visitor", "Money"),
    ("/calls/{settled_id}/award", "carol", "Money"),
    ("/calls/{settled_id}/portfolio", "chair", "Money"),
    ("/applications/{application_id}/answer", "dave", "Money"),
    ("/calls/{early_offer_id}/offer", "carol", "Money"),
    ("/calls/{early_offer_id}/offer/eligibility", "carol", "Money"),
    ("/calls/{early_offer_id}/offer/criteria", "carol", "Money"),
    ("/calls/{early_offer_id}/offer/stages", "carol", "Money"),
    ("/calls/{early_offer_id}/offer/conditions", "carol", "Money"),
    ("/calls/{early_offer_id}/offer/terms", "carol", "Money"),
    ("/calls/{offer_id}/seeds", "visitor", "Money"),
    ("/applications/{application_id}", "dave", "Money"),
    ("/applications/{draft_application_id}/edit", "dave", "Money"),
    ("/applications/{draft_application_id}/submission", "dave", "Money"),
    ("/applications/{application_id}/withdrawal", "dave", "Money"),
    ("/applications/{draft_application_id}/versions", "dave", "Money"),
    ("/calls/{judged_id}/applications", "carol", "Money"),
    ("/calls/{judged_id}/reviewers", "carol", "Money"),
    ("/applications/{judged_application_id}/selection", "chair", "Money"),
    ("/applications/{judged_application_id}/review", "alice", "Money"),
    ("/applications/{judged_application_id}/interest", "alice", "Money"),
    ("/missions/{mission_id}/pledges", "visitor", "Mission"),
    ("/clusters/{cluster_id}/split", "carol", "Group"),
    ("/submissions/{submission_id}", "visitor", "Voice"),
    ("/submissions/{withdrawn_id}", "visitor", "Voice"),
    ("/submissions/{submission_id}/lineage", "visitor", "Voice"),
    ("/submissions/{submission_id}/edit", "bob", "Voice"),
    ("/submissions/{submission_id}/versions", "visitor", "Voice"),
    ("/submissions/{submission_id}/withdrawal", "bob", "Voice"),
    ("/clusters/{cluster_id}", "visitor", "Group"),
    ("/clusters/{cluster_id}/wording", "carol", "Group"),
    ("/groupings/{grouping_id}", "visitor", "Groups"),
    ("/groupings/{grouping_id}/moves", "visitor", "Groups"),
    ("/missions/{mission_id}", "visitor", "Mission"),
    ("/missions/{mission_id}/interest", "alice", "Mission"),
    ("/missions/{framed_id}/edit", "carol", "Mission"),
    ("/missions/{mission_id}/wording", "carol", "Mission"),
    ("/missions/{mission_id}/objections", "visitor", "Mission"),
    ("/missions/{mission_id}/comments", "visitor", "Mission"),
    ("/decisions/{decision_id}/comments", "visitor", "Ballot"),
    ("/decisions/{certified_id}/minutes", "visitor", "Ballot"),
    ("/decisions/{carried_id}/minority-report", "alice", "Ballot"),
    ("/missions/{mission_id}/closed", "alice", "Mission"),
    ("/missions/{mission_id}/versions", "visitor", "Mission"),
    ("/missions/{mission_id}/amendments", "visitor", "Mission"),
    ("/missions/{mission_id}/amendments/new", "bob", "Mission"),
    ("/missions/{mission_id}/amendments/{amendment_id}", "visitor", "Mission"),
    ("/missions/{mission_id}/amendments/{amendment_id}/edit", "bob", "Mission"),
    ("/missions/{mission_id}/reviews", "visitor", "Mission"),
    ("/missions/{mission_id}/money", "visitor", "Mission"),
    ("/missions/{mission_id}/lineage", "visitor", "Mission"),
    ("/missions/{mission_id}/links", "visitor", "Mission"),
    ("/missions/{mission_id}/links/{link_id}", "carol", "Mission"),
    ("/missions/{mission_id}/map", "visitor", "Mission"),
    ("/missions/{mission_id}/motions", "visitor", "Mission"),
    ("/missions/{mission_id}/conditions", "visitor", "Mission"),
    ("/missions/{mission_id}/projects", "visitor", "Mission"),
    ("/missions/{mission_id}/vision", "visitor", "Mission"),
    ("/missions/{mission_id}/vision/edit", "carol", "Mission"),
    ("/projects/{route_id}", "visitor", "Mission"),
    ("/projects/{route_id}/stop", "carol", "Mission"),
    ("/lessons/{lesson_id}", "visitor", "Mission"),
    ("/missions/{mission_id}/calendar", "visitor", "Mission"),
    ("/missions/{mission_id}/returns", "visitor", "Mission"),
    ("/missions/{mission_id}/portfolio", "visitor", "Mission"),
    ("/missions/{mission_id}/dashboard", "visitor", "Mission"),
    ("/missions/{framed_id}/portfolio/{route_id}", "carol", "Mission"),
    ("/missions/{mission_id}/what-if", "visitor", "Mission"),
    ("/missions/{mission_id}/spillovers", "visitor", "Mission"),
    ("/missions/{mission_id}/readings", "visitor", "Mission"),
    ("/missions/{mission_id}/indicators", "visitor", "Mission"),
    ("/missions/{mission_id}/milestones", "visitor", "Mission"),
    ("/missions/{mission_id}/milestones/{milestone_id}/move", "carol", "Mission"),
    ("/missions/{mission_id}/course", "visitor", "Mission"),
    ("/missions/{mission_id}/course/{course_review_id}", "visitor", "Mission"),
    ("/missions/{reviewed_id}/reviews/{draft_review_id}", "alice", "Mission"),
    ("/missions/{framed_id}/clauses/new", "carol", "Mission"),
    ("/missions/{framed_id}/clauses/{clause_id}", "carol", "Mission"),
    ("/missions/{framed_id}/routes/new", "carol", "Mission"),
    ("/missions/{framed_id}/routes/{route_id}", "carol", "Mission"),
    ("/missions/{framed_id}/withdrawal", "carol", "Mission"),
    ("/decisions/{drafted_id}", "chair", "Ballot"),
    ("/decisions/{drafted_id}/question", "chair", "Ballot"),
    ("/decisions/{decision_id}", "visitor", "Ballot"),
    ("/decisions/{certified_id}", "visitor", "Ballot"),
    ("/decisions/{decision_id}/ballot", "alice", "Ballot"),
    ("/decisions/{decision_id}/interest", "alice", "Ballot"),
    ("/decisions/{certified_id}/challenge", "alice", "Ballot"),
    ("/decisions/{certified_id}/resolution", "otto", "Ballot"),
    ("/decisions/{carried_id}/certification", "secretary", "Ballot"),
]
# What comes back when a form was not filled in right is a page too.
REFUSED = [
    ("/applications/{judged_application_id}/shortlisting", "chair", "Money"),
    ("/applications/{judged_application_id}/interest", "alice", "Money"),
    ("/missions/{framed_id}/money", "carol", "Mission"),
    ("/missions/{framed_id}/readings", "carol", "Mission"),
    ("/missions/{framed_id}/readings/file", "carol", "Mission"),
    ("/missions/{framed_id}/indicators", "carol", "Mission"),
    ("/missions/{mission_id}/milestones", "carol", "Mission"),
    ("/missions/{mission_id}/milestones/{milestone_id}/move", "carol", "Mission"),
    ("/missions/{mission_id}/milestones/{milestone_id}/word", "carol", "Mission"),
    ("/missions/{mission_id}/course", "carol", "Mission"),
    ("/missions/{mission_id}/lessons", "carol", "Mission"),
    ("/missions/{mission_id}/course/{course_review_id}/answer", "bob", "Mission"),
    ("/calls/{call_id}/cancellation", "carol", "Voices"),
    ("/calls/{published_id}/edit", "carol", "Voices"),
    ("/calls/{call_id}/extension", "carol", "Voices"),
    ("/calls/{call_id}/import", "carol", "Voices"),
    ("/calls/{call_id}/import/{run_id}", "carol", "Voices"),
    ("/calls/{settled_id}/portfolio", "chair", "Money"),
    ("/calls/{offer_id}/questions", "bob", "Money"),
    ("/calls/{early_offer_id}/offer", "carol", "Money"),
    ("/calls/{early_offer_id}/offer/conditions", "carol", "Money"),
    ("/calls/{early_offer_id}/offer/terms", "carol", "Money"),
    ("/calls/{call_id}/submissions", "bob", "Voices"),
    ("/submissions/{submission_id}/edit", "bob", "Voice"),
    ("/missions/{framed_id}/edit", "carol", "Mission"),
    ("/missions/{framed_id}/clauses", "carol", "Mission"),
    ("/missions/{framed_id}/routes", "carol", "Mission"),
    ("/missions/{framed_id}/withdrawal", "carol", "Mission"),
    ("/missions/{mission_id}/interest", "paula", "Mission"),
    ("/missions/{mission_id}/interests", "alice", "Mission"),
    ("/decisions/{drafted_id}/notice", "chair", "Ballot"),
    ("/decisions/{decision_id}/ballot", "alice", "Ballot"),
    ("/decisions/{decision_id}/interest", "alice", "Ballot"),
    ("/decisions/{decision_id}/interests", "alice", "Ballot"),
    ("/decisions/{carried_id}/certification", "secretary", "Ballot"),
]


@dataclass
class Town:
    """The application over one world that these tests only read."""

    app: FastAPI
    engine: Engine
    world: World
    places: dict[str, str]

    def browser(self, name: str) -> Browser:
        browser = Browser(self.app)
        if name != "visitor":
            with Session(self.engine) as session:
                browser.sign_in(session, self.world.people[name])
        return browser


@pytest.fixture(scope="module")
def town(lasting_settings: Settings, engine: Engine) -> Iterator[Town]:
    settings = lasting_settings.model_copy(
        update={"drafting_url": "http://127.0.0.1:9/v1", "drafting_model": "none"}
    )
    with Session(engine, expire_on_commit=False) as session:
        world = make_world(session)
        places = {**ids(world), **places_of(session, world)}
        session.commit()
    yield Town(create_app(settings, engine), engine, world, {name: str(key) for name, key in places.items()})
    empty(engine)


def holds_the_thread(page: Page, here: str) -> None:
    assert page.faults() == []
    lines = [each for each in page.main.all("nav") if has_class(each, "thread")]
    assert len(lines) == 1, f"no thread on {page.url}"
    stops = [each for each in lines[0].all("li") if has_class(each, "station")]
    assert len(stops) == len(ORDER)
    labels = [label for stop in stops if stop.get("aria-current") for label in stop.all("span")]
    assert [each.text for each in labels if has_class(each, "station-label")] == [here]


def has_class(element: Element, name: str) -> bool:
    return name in element.get("class").split()


@pytest.mark.parametrize(("path", "name", "here"), PAGES, ids=[f"{page[0]} {page[1]}" for page in PAGES])
def test_a_page_of_a_thing_carries_the_thread(town: Town, path: str, name: str, here: str) -> None:
    answer = town.browser(name).get(path.format(**town.places))

    assert answer.status_code == 200
    holds_the_thread(Page(answer.text, path), here)


@pytest.mark.parametrize(("path", "name", "here"), REFUSED, ids=[page[0] for page in REFUSED])
def test_a_form_that_comes_back_carries_it_too(town: Town, path: str, name: str, here: str) -> None:
    answer = town.browser(name).fill_in(path.format(**town.places))

    assert answer.status_code == 422
    holds_the_thread(Page(answer.text, path), here)


def test_no_page_of_a_thing_is_left_out(town: Town) -> None:
    """The table is whole: a new page of a thing stands in it, or is said to be none."""
    whole = {re.sub(r"{\w+}", "{}", path) for path, *_rest in PAGES} | {
        re.sub(r"{\w+}", "{}", p) for p in NO_PAGES
    }
    found = {
        each.path
        for each in walk(town.app)
        if each.method == "GET" and any(f"{{{thing}}}" in each.path for thing in THINGS)
    }

    assert {path for path in found if re.sub(r"{\w+}", "{}", path) not in whole} == set()
