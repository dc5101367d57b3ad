"""A country at work, seeded to measure with: what was asked for is there, the log tells of it, and its pages open."""

import re
from collections import Counter

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from app.bench.country import fill
from app.bench.country.pages import PAGES
from app.bench.country.readers import Reader, find_readers
from app.bench.country.world import Sizes, share
from app.db import transaction
from app.models.call import Call
from app.models.mission import Mission
from app.models.money import Reading
from app.models.project import Project
from app.rules.words import MissionState
from app.services import counts, events, replay
from tests.client import Browser
from tests.counting import statements
from tests.factories import make_call
from tests.people import make_organisation

SMALL = Sizes(missions=20, projects=160, readings=600, events=3_000)
LARGER = Sizes(missions=20, projects=480, readings=2_000, events=6_000)


def seed(engine: Engine, sizes: Sizes = SMALL) -> dict[str, object]:
    return fill.fill(engine, sizes, 1, lambda *_told: None)


def test_what_was_asked_for_is_there_and_marked_as_invented(clean: Engine) -> None:
    facts = seed(clean)

    with transaction(clean) as session:
        counted = [
            session.exec(select(func.count()).select_from(each)).one() for each in (Mission, Project, Reading)
        ]
        states = set(session.exec(select(Mission.state)))
        invented = set(session.exec(select(Call.is_demo)))
    assert counted == [20, 160, 600]
    assert facts["events"] == 3_000
    assert states == set(MissionState)
    assert invented == {True}


def test_the_log_holds_and_tells_every_state(clean: Engine) -> None:
    """The chain verifies, goes on after what was there before, and replaying it gives the records."""
    with transaction(clean) as session:
        make_call(session, make_organisation(session), is_demo=True)
    seed(clean)
    seed(clean, Sizes(1, 3, 10, 0))

    with transaction(clean) as session:
        verified, compared = events.verify(session), replay.differences(session)
    assert verified.holds
    assert verified.unsealed == 0
    assert verified.count > 3_000
    assert {each.noun for each in compared.differing} <= {"call"}  # the one that no event tells of


def test_it_refuses_to_stand_among_what_people_said(clean: Engine) -> None:
    with transaction(clean) as session:
        make_call(session, make_organisation(session))

    with pytest.raises(fill.NotEmpty):
        fill.require_no_real(clean, among_real=False)
    fill.require_no_real(clean, among_real=True)


def test_parts_add_up() -> None:
    assert sum(share(1_000, 7, place) for place in range(7)) == 1_000
    assert sum(Sizes(missions=500).voices(number) for number in range(25)) == 30_000
    assert Counter(Sizes(missions=500).voices(number) for number in range(25))[20_000] == 1


def test_every_page_that_is_measured_opens_and_asks_no_more_often_as_rows_grow(
    app: FastAPI, clean: Engine, db: Session
) -> None:
    seed(clean)
    few = asked(app, clean)
    seed(clean, LARGER)
    many = asked(app, clean)

    worse = [f"{page}: {few[page]} → {many[page]}" for page in few if many[page] > few[page] + 3]
    assert worse == []


def asked(app: FastAPI, engine: Engine) -> dict[tuple[str, str], int]:
    """How many statements each page makes, with nothing remembered from before."""
    readers = find_readers(engine)
    return {(who, path): opened(app, engine, readers[who], path) for who, path in PAGES}


def opened(app: FastAPI, engine: Engine, reader: Reader, path: str) -> int:
    """The most of those subjects that have most."""
    browser, most = Browser(app), 0
    for name, value in reader.cookies.items():
        browser.cookies.set(name, value)
    for subject in reader.subjects[:3]:
        counts._kept.clear()
        with statements(engine) as said:
            answer = browser.get(path.format(**subject))
        assert answer.status_code == 200, (path, re.sub(r"\s+", " ", answer.text)[:300])
        most = max(most, len(said))
    return most
