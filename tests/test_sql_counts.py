"""No page asks the database more often as rows grow: counted with few rows of everything, and with many."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, event
from sqlmodel import Session

from app.models.cluster import Cluster
from app.models.endorsement import Endorsement
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.models.statement import Statement
from app.rules.words import DecisionState, Role, ScopeKind, StatementKind, SubjectKind, SubmissionState
from app.services import counts, events, notifications
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_member, make_organisation, make_person, seat
from tests.routes import walk
from tests.test_doors import wanted
from tests.world import World, add, cluster_of, framed, ids, make_world

PEOPLE = ("visitor", "bob", "carol", "erin", "alice")
# A page may ask once or twice more where a list has a second page at last.
PAGING = 2


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def world(db: Session) -> World:
    return make_world(db)


def grow(session: Session, world: World, times: int = 30) -> None:
    """More of everything that pages list: voices, comments, groups, missions, seats, people, events."""
    bob, call = world.people["bob"], world.calls["open"]
    agency, committee = world.records["agency"], world.records["committee"]
    shown = world.submissions["visible"]
    grouping = session.get_one(Grouping, world.records["grouping_open"].id)
    top = session.get_one(Cluster, world.records["cluster_open"].id)
    for number in range(times):
        said = {
            "text": f"Another voice, number {number}, for shade and trees.",
            "state": SubmissionState.GROUPED,
        }
        voice = make_submission(session, call, make_person(session, f"Grown {number}"), **said)
        make_submission(session, call, bob, text=f"One more of mine, number {number}.")
        inner = add(session, cluster_of(grouping, f"Way {number}", [voice], top))
        add(session, cluster_of(grouping, f"Mission {number}", [voice]))
        add(session, Placement(grouping_id=grouping.id, submission_id=voice.id, cluster_id=inner.id))
        add(session, Endorsement(submission_id=shown.id, person_id=voice.author_id))
        about = {"subject_kind": SubjectKind.SUBMISSION, "subject_id": shown.id, "author_id": voice.author_id}
        add(session, Statement(kind=StatementKind.COMMENT, text="So say I.", **about))
        add(session, Statement(kind=StatementKind.REPORT, text="Look.", **{**about, "subject_id": voice.id}))
        make_call(session, agency, title=f"Question {number}")
        make_organisation(session, f"Organisation {number}")
        events.record(session, "call_edited", SubjectKind.CALL, call.id, by=bob.id)
        notifications.tell(
            session, [bob.id], "mission_drafted", SubjectKind.MISSION, shown.id, "", title="Shade"
        )
        if number < times // 3:
            framed(session, world, f"Grown mission {number}")
            member = make_member(session, committee, f"Member {number}", world.records["seat_alice"].group)[0]
            seat(session, member, Role.OBSERVER, ScopeKind.PLATFORM)
    session.commit()


def pages_for(session: Session, app: FastAPI, world: World, name: str) -> list[str]:
    usual = {**ids(world), "mission_id": world.missions[DecisionState.OPEN].id}
    usual["size"] = world.records["checkpoint"].size
    found = []
    for each in walk(app):
        if each.method != "GET" or "{token}" in each.path or "{run_id}" in each.path:
            continue
        chosen = {name_: value for name_, value in usual.items() if f"{{{name_}}}" in each.path}
        if wanted(session, world, name, each, chosen) == "yes":
            found.append(each.path.format(**usual))
    return found


@pytest.mark.parametrize("name", PEOPLE)
def test_no_page_asks_more_often_as_rows_grow(
    app: FastAPI, db: Session, clean: Engine, world: World, name: str
) -> None:
    browser = Browser(app)
    if name != "visitor":
        browser.sign_in(db, world.people[name])
    pages = pages_for(db, app, world, name)

    few = asked(clean, browser, pages)
    grow(db, world)
    many = asked(clean, browser, pages)

    worse = [f"{page}: {few[page]} → {many[page]}" for page in pages if many[page] > few[page] + PAGING]
    assert worse == []


def asked(engine: Engine, browser: Browser, pages: list[str]) -> dict[str, int]:
    """How many statements each page makes, with nothing remembered from before."""
    found = {}
    for page in pages:
        counts._kept.clear()
        with counting(engine) as said:
            answer = browser.get(page)
        assert answer.status_code < 500, page
        found[page] = len(said)
    return found
