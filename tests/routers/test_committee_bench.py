"""The workbench through its pages: whose turn it is, filters that stay, assigning and reminding."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.assignment import Assignment
from app.models.columns import now
from app.models.person import Person
from app.models.review import Review
from app.rules.words import Choice
from app.services import assignments
from tests.client import Browser
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber

NEXT_WEEK = (now() + timedelta(days=7)).date().isoformat()


@pytest.fixture
def chamber(db: Session) -> Chamber:
    made = make_chamber(db)
    db.commit()
    return made


def at(chamber: Chamber, more: str = "/workbench") -> str:
    return f"/committees/{chamber.committee.id}{more}"


def seen_by(app: FastAPI, db: Session, person: Person, path: str) -> str:
    with Browser(app) as browser:
        browser.sign_in(db, person)
        return browser.get(path).text


def test_a_vote_moves_from_mine_to_waiting_to_done(app: FastAPI, db: Session, chamber: Chamber) -> None:
    member = chamber.members["citizens 1"]
    chamber.notice(opens_in=-1, asked=False)
    db.commit()
    asked = seen_by(app, db, member, at(chamber))
    assert "Say whether something ties you to it, and cast your ballot" in asked

    chamber.cast("citizens 1", Choice.FOR)
    db.commit()

    cast = seen_by(app, db, member, at(chamber))
    assert "Your ballot is recorded" in cast
    assert "cast your ballot" not in cast
    assert "Your ballot is recorded" not in seen_by(app, db, chamber.members["citizens 2"], at(chamber))


def test_filters_stay_in_the_address_through_every_act(app: FastAPI, db: Session, chamber: Chamber) -> None:
    rows = assignments.propose(db, chamber.committee, [chamber.mission.id], 2)
    pairs = [(chamber.mission.id, seat) for seat in rows[0].proposed]
    assignments.assign(db, chamber.committee, pairs, now() + timedelta(days=5), chamber.chair.id)
    db.commit()
    here = f"{at(chamber)}?turn=waiting&work=review"
    with Browser(app) as browser:
        browser.sign_in(db, chamber.secretary)
        page = browser.get(here)
        assert f'name="back" value="{here.replace("&", "&amp;")}"' in page.text
        after = browser.fill_in(at(chamber, "/reminders"), {"back": here})
        assert "2 reminders were sent." in after.text
        assert str(after.url).endswith("?turn=waiting&work=review")
        again = browser.fill_in(at(chamber, "/reminders"), {"back": here})
        assert "Nobody is reminded more often." in again.text
        assert str(after.url) == str(again.url)
        for link in ("turn=mine&amp;work=review", "turn=waiting&amp;work=vote"):
            assert link in page.text
        strange = browser.get(f"{at(chamber)}?turn=%3Cscript%3E&work=x")
        assert strange.status_code == 200
        assert "<script>alert" not in strange.text


def test_items_are_proposed_changed_and_confirmed(app: FastAPI, db: Session, chamber: Chamber) -> None:
    item = f"item={chamber.mission.id}"
    with Browser(app) as browser:
        browser.sign_in(db, chamber.chair)
        assert chamber.mission.title in browser.get(at(chamber, "/assignments")).text
        page = browser.get(f"{at(chamber, '/assignments')}?{item}&wanted=3")
        assert page.text.count('checked="checked"') == 3
        assert db.exec(select(Review)).all() == []
        pairs = [f"{chamber.mission.id}:{chamber.seats[name].id}" for name in ("public 1", "citizens 2")]
        sent = {"item": str(chamber.mission.id), "pair": pairs, "wanted": "3"}
        no_day = browser.fill_in(at(chamber, "/assignments"), sent)
        assert no_day.status_code == 422
        assert "by which day" in no_day.text
        done = browser.fill_in(at(chamber, "/assignments"), {**sent, "due": NEXT_WEEK})

    assert "2 reviews were asked for." in done.text
    found = {each.seat_id for each in db.exec(select(Assignment))}
    assert found == {chamber.seats[name].id for name in ("public 1", "citizens 2")}
    mine = seen_by(app, db, chamber.members["public 1"], at(chamber))
    assert "Write your review; 0 of 2 reviews are in" in mine


def test_what_is_not_possible_any_more_comes_back_and_assigns_nothing(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.chair)
    pair = f"{chamber.mission.id}:{chamber.chair.id}"

    answer = visitor.fill_in(
        at(chamber, "/assignments"), {"item": str(chamber.mission.id), "pair": pair, "due": NEXT_WEEK}
    )
    nothing = visitor.fill_in(at(chamber, "/assignments"), {"pair": "x:y", "due": NEXT_WEEK})

    assert answer.status_code == nothing.status_code == 422
    assert "Nothing was assigned" in answer.text
    assert "Choose at least one item" in nothing.text
    assert db.exec(select(Review)).all() == []


def test_the_bench_is_for_those_who_sit_in_the_committee(app: FastAPI, db: Session, chamber: Chamber) -> None:
    bob, member = make_person(db, "Bob"), chamber.members["citizens 1"]
    db.commit()
    for person, bench, assigning in ((bob, 403, 403), (member, 200, 403), (chamber.secretary, 200, 200)):
        with Browser(app) as browser:
            browser.sign_in(db, person)
            assert browser.get(at(chamber)).status_code == bench
            assert browser.get(at(chamber, "/assignments")).status_code == assigning
            assert browser.fill_in(at(chamber, "/reminders")).status_code in (assigning, 200)
    assert "Reviews still to come" not in seen_by(app, db, member, at(chamber))
