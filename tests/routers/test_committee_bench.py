"""The workbench through its pages: whose turn it is, filters that stay, assigning and reminding."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.assignment import Assignment
from app.models.columns import now
from app.models.decision import Decision
from app.models.person import Person
from app.models.review import Review
from app.rules.words import Choice, DecisionKind, ReviewVerdict
from app.services import assignments, closing, decisions_count, reviews_conclude, signatures
from tests import reviewed
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


def test_one_line_for_one_thing_and_a_question_by_its_own_words(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    assert chamber.put().kind is DecisionKind.ADOPT
    chamber.notice(opens_in=-1, asked=False)
    settled = Decision(
        committee_id=chamber.committee.id, kind=DecisionKind.SETTLE,
        question="Which routes get the money?",
    )  # fmt: skip
    db.add(settled)
    db.commit()

    member = seen_by(app, db, chamber.members["citizens 1"], at(chamber, "/workbench?turn=mine"))
    chair = seen_by(app, db, chamber.chair, at(chamber))

    assert "and cast your ballot" in member
    assert "Say whether something ties you to it</span>" not in member
    assert "Which routes get the money?" in chair
    assert "It is drafted: announce the vote" in chair
    assert "The vote is open until this day" in chair


def test_the_chair_is_told_what_comes_next(app: FastAPI, db: Session, chamber: Chamber) -> None:
    assert "It lacks nothing: put it to a vote" in seen_by(app, db, chamber.chair, at(chamber))
    chamber.mission.version += 1  # a waiver holds for the text it was given for
    db.commit()
    assert "It lacks nothing: send it to reviewers" in seen_by(app, db, chamber.chair, at(chamber))

    asked = reviewed.send(db, chamber)
    db.commit()
    sent = seen_by(app, db, chamber.chair, at(chamber, "/workbench?turn=waiting"))
    many = len({each.seat_id for each in db.exec(select(Review))})
    assert f"0 of {many} reviews are in" in sent
    assert "send it to reviewers" not in sent

    reviewed.file_all(db, asked, chamber.mission)
    reviews_conclude.conclude(db, asked, ReviewVerdict.READY, "Ready.", [], chamber.chair.id)
    db.commit()
    assert "It lacks nothing: put it to a vote" in seen_by(app, db, chamber.chair, at(chamber))
    assert "Next: a vote on it is announced" in seen_by(app, db, chamber.chair, at(chamber, ""))


def test_a_counted_vote_is_signed_before_it_is_certified(app: FastAPI, db: Session, chamber: Chamber) -> None:
    decision = chamber.notice(opens_in=-2, lasts=2.5)
    chamber.cast_all()
    decisions_count.close(db, decision, chamber.chair.id)
    db.commit()
    member, secretary = chamber.members["citizens 1"], chamber.secretary

    asked = seen_by(app, db, member, at(chamber))
    early = seen_by(app, db, secretary, at(chamber))
    for name in ("citizens 1", "third 1"):
        closing.sign(db, decision, chamber.members[name].id, signatures.result_hash(decision))
    db.commit()

    assert "Check the result and sign it" in asked
    assert "seats of two groups check it and sign it first" in early
    assert "Certify the result" not in early
    assert "Certify the result" in seen_by(app, db, secretary, at(chamber))
    assert "Check the result and sign it" not in seen_by(app, db, member, at(chamber))


def test_what_is_mine_to_do_meets_me_on_the_front_page(app: FastAPI, db: Session, chamber: Chamber) -> None:
    member, bob = chamber.members["citizens 1"], make_person(db, "Bob")
    chamber.notice(opens_in=-1, asked=False)
    db.commit()

    front, own = seen_by(app, db, member, "/"), seen_by(app, db, member, "/me")

    assert f"{chamber.committee.name}: 1 thing is yours to do." in front
    assert f'href="{at(chamber)}?turn=mine"' in front
    assert 'href="/me#to-do"' in front
    assert chamber.mission.title in own
    assert "and cast your ballot" in own
    others = seen_by(app, db, bob, "/") + seen_by(app, db, bob, "/me")
    assert "yours to do" not in others.lower()


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
    assert "and write your 2 reviews; 0 of 2 reviewers are done" in mine


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
