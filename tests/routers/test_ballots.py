"""Voting through the pages: what a member reads and sends, and that nobody learns of it before the count."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session, col, select

from app.models.ballot import Ballot
from app.models.columns import now
from app.models.decision import Decision
from app.models.person import Person
from app.rules.words import Choice
from app.services import ballots
from tests.client import Browser
from tests.people import make_admin, make_person
from tests.services.chamber import Chamber, make_chamber

CANARY = "Zyzzyva-canary"


@pytest.fixture
def chamber(db: Session) -> Chamber:
    chamber = make_chamber(db)
    chamber.add_alternate("academia 1")
    chamber.notice(opens_in=-1)
    db.commit()
    return chamber


def path(chamber: Chamber, more: str = "") -> str:
    assert chamber.decision
    return f"/decisions/{chamber.decision.id}{more}"


def test_a_member_votes_and_reads_exactly_what_was_recorded(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.members["citizens 1"])
    page = visitor.get(path(chamber)).text
    assert 'value="for"' in page
    assert 'name="version" value="1"' in page

    answer = visitor.fill_in(
        path(chamber, "/ballot"), {"choice": "for", "reason": "It has a date.", "version": "1"}
    )

    (ballot,) = db.exec(select(Ballot)).all()
    assert answer.status_code == 200
    assert "Your ballot is recorded" in answer.text
    assert ballots.receipt(db.get_one(Decision, ballot.decision_id), ballot) in answer.text
    assert "It has a date." in answer.text
    assert 'name="version" value="2"' in visitor.get(path(chamber)).text


def test_a_form_sent_twice_is_one_ballot(visitor: Browser, db: Session, chamber: Chamber) -> None:
    visitor.sign_in(db, chamber.members["citizens 1"])
    sent = {"choice": "against", "reason": "", "version": "1"}

    first = visitor.fill_in(path(chamber, "/ballot"), sent)
    second = visitor.fill_in(path(chamber, "/ballot"), sent)

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(db.exec(select(Ballot)).all()) == 1


def test_an_old_window_does_not_overwrite_a_newer_ballot(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.members["citizens 1"])
    visitor.fill_in(path(chamber, "/ballot"), {"choice": "against", "version": "1"})

    answer = visitor.fill_in(path(chamber, "/ballot"), {"choice": "for", "version": "1"})

    assert answer.status_code == 409
    assert "changed in another window" in answer.text


def test_an_old_window_shows_what_is_recorded_and_keeps_what_was_typed(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.members["citizens 1"])
    old = visitor.open(path(chamber)).form("/ballot")
    visitor.hand_in(old, {"choice": "against", "reason": "It costs too much."})

    page = visitor.hand_in(old, {"choice": "for", "reason": "I read it again, slowly."}, status=409)

    assert "What is recorded Against It costs too much." in page.main.text
    form = page.form("/ballot")
    assert (form.fields["choice"], form.fields["reason"]) == ("for", "I read it again, slowly.")
    assert "Nothing is recorded yet." not in page.text
    visitor.hand_in(form)
    assert [each.mark["choice"] for each in db.exec(select(Ballot).order_by(col(Ballot.version)))] == [
        Choice.AGAINST,
        Choice.FOR,
    ]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"version": "1"}, id="nothing chosen"),
        pytest.param({"choice": "maybe", "version": "1"}, id="no such option"),
        pytest.param({"choice": "for", "version": "x"}, id="a broken version"),
        pytest.param({"choice": "for", "version": "1", "reason": "x" * 2001}, id="a reason too long"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(
    visitor: Browser, db: Session, chamber: Chamber, sent: dict[str, str]
) -> None:
    visitor.sign_in(db, chamber.members["citizens 1"])

    answer = visitor.fill_in(path(chamber, "/ballot"), sent)

    assert answer.status_code == 422
    assert "Nothing is recorded yet." in answer.text
    assert db.exec(select(Ballot)).all() == []


@pytest.mark.parametrize("opens_in", [1, -20])
def test_before_and_after_the_vote_the_page_says_when(visitor: Browser, db: Session, opens_in: float) -> None:
    chamber = make_chamber(db)
    chamber.notice(opens_in=opens_in, lasts=5)
    db.commit()
    visitor.sign_in(db, chamber.members["citizens 1"])

    sent = {"choice": "for", "version": "1", "reason": "Because the coast has no wire."}
    page = visitor.read(visitor.fill_in(path(chamber, "/ballot"), sent), 409)

    assert page.heading == ("The vote has not opened yet" if opens_in > 0 else "The vote has closed")
    assert "This ballot is not recorded." in page.main.text
    assert "Because the coast has no wire." in page.main.text
    assert "What you can do" in page.main.text
    assert db.exec(select(Ballot)).all() == []


def test_a_ballot_that_comes_late_says_which_one_counts(visitor: Browser, db: Session) -> None:
    chamber = make_chamber(db)
    decision = chamber.notice(opens_in=-20, lasts=5)
    chamber.cast("citizens 1", Choice.AGAINST, at=decision.opens_at)
    db.commit()
    visitor.sign_in(db, chamber.members["citizens 1"])

    page = visitor.read(visitor.fill_in(path(chamber, "/ballot"), {"choice": "for", "version": "2"}), 409)

    assert "Your seat has voted, and that ballot counts: Against" in page.main.text
    assert path(chamber, "/ballot") in page.links
    assert len(db.exec(select(Ballot)).all()) == 1


def test_outsiders_chairs_and_idle_alternates_have_no_ballot(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    alternate = db.get_one(Person, chamber.seats["alternate of academia 1"].person_id)
    for person in (make_person(db, "Dave"), chamber.chair, chamber.secretary, alternate):
        db.commit()
        with Browser(app) as browser:
            browser.sign_in(db, person)
            assert "Your ballot" not in browser.get(path(chamber)).text
            answer = browser.fill_in(path(chamber, "/ballot"), {"choice": "for", "version": "1"})
            assert answer.status_code == 403
            assert browser.get(path(chamber, "/ballot")).status_code == 404
    with Browser(app) as browser:
        assert browser.fill_in(path(chamber, "/ballot"), {"choice": "for"}).status_code in (401, 403)


def test_stepping_aside_passes_the_ballot_to_the_alternate(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    alternate = db.get_one(Person, chamber.seats["alternate of academia 1"].person_id)
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members["academia 1"])
        browser.fill_in(path(chamber, "/ballot"), {"choice": "for", "version": "1"})
        assert browser.get(path(chamber, "/interest")).status_code == 200
        wrong = browser.fill_in(path(chamber, "/interest"), {"kind": "money", "effect": "recuse"})
        assert wrong.status_code == 422
        sent = {"kind": "money", "text": "I own shares.", "effect": "recuse"}
        told = browser.fill_in(path(chamber, "/interest"), sent)
        assert f"{alternate.name}, your alternate, votes in your place." in told.text
        assert "counts nowhere in it" not in told.text
        assert "Your ballot" not in told.text
        answer = browser.fill_in(path(chamber, "/ballot"), {"choice": "for", "version": "2"})
        assert answer.status_code == 403
        assert "You stepped aside" in answer.text
    with Browser(app) as browser:
        browser.sign_in(db, alternate)
        assert "You vote as the alternate" in browser.get(path(chamber)).text
        answer = browser.fill_in(path(chamber, "/ballot"), {"choice": "against", "version": "1"})
        assert "Your ballot is recorded" in answer.text


# Nothing of an open vote is visible to anybody, in any door.

DOORS = (
    "/", "/committees", "/committees/{committee}", "/committees/{committee}/agenda/new", "/missions",
    "/committees/{committee}/seats", "/committees/{committee}/edit", "/decisions/{decision}", "/missions/{mission}",
    "/decisions/{decision}/ballot", "/decisions/{decision}/pack.zip", "/decisions/{decision}/certification",
    "/calls/{call}", "/events", "/events?kind=decision&subject={decision}", "/events/verification",
    "/events/chain.json", "/me", "/me/notifications", "/staff/people?q=a",
)  # fmt: skip
PASSING = re.compile(
    r'name="csrf_token" value="[0-9a-f]{64}"|"X-CSRF-Token": "[0-9a-f]{64}"'
    r'|\d+ (second|minute|hour)s?|Reference:? *\S+|reference">[^<]*'
)


def seen(app: FastAPI, db: Session, chamber: Chamber, person: Person | None) -> dict[str, str]:
    """Every page as this person reads it, without what changes by itself."""
    assert chamber.decision
    names = {
        "committee": chamber.committee.id, "decision": chamber.decision.id, "mission": chamber.mission.id,
        "call": chamber.mission.call_id,
    }  # fmt: skip
    with Browser(app) as browser:
        if person is not None:
            browser.sign_in(db, person)
        answers = {door: browser.get(door.format(**names)) for door in DOORS}
        close = browser.fill_in(f"/decisions/{chamber.decision.id}/closing")
    pages = {door: f"{answer.status_code} {PASSING.sub('', answer.text)}" for door, answer in answers.items()}
    return {**pages, "closing": f"{close.status_code} {PASSING.sub('', close.text)}"}


def test_nothing_of_an_open_vote_shows_in_any_door(app: FastAPI, db: Session, chamber: Chamber) -> None:
    """Every page of every kind of person is the same, letter for letter, before and after others voted."""
    lookers = (
        None, chamber.chair, chamber.secretary, make_admin(db), chamber.scene.carol,
        chamber.members["citizens 1"], db.get_one(Person, chamber.seats["alternate of academia 1"].person_id),
    )  # fmt: skip
    db.commit()
    before = [seen(app, db, chamber, person) for person in lookers]

    others = chamber.members.keys() - {"citizens 1"}
    for name in others:
        chamber.cast(name, Choice.AGAINST, CANARY)
    db.commit()
    after = [seen(app, db, chamber, person) for person in lookers]

    for was, is_now in zip(before, after, strict=True):
        assert {door for door in was if was[door] != is_now[door]} == set()
    assert not [each for pages in after for each in pages.values() if CANARY in each]
    assert len(db.exec(select(Ballot)).all()) == len(others)


def test_a_vote_that_ended_but_is_not_counted_shows_nothing_either(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    chamber.cast_all(Choice.FOR)
    db.connection().execute(text("SET LOCAL session_replication_role = replica"))
    db.connection().execute(text("UPDATE decision SET closes_at = :at"), {"at": now() - timedelta(minutes=1)})
    db.commit()

    with Browser(app) as browser:
        page = browser.get(path(chamber))
        file = browser.get(path(chamber, "/pack.zip"))

    assert "The vote has ended" in page.text
    assert "group-bars" not in page.text
    assert file.status_code == 409
    assert "receipt" not in file.text


def test_a_strange_address_is_not_found(visitor: Browser) -> None:
    for tail in ("", "/ballot", "/interest", "/pack.zip"):
        assert visitor.get(f"/decisions/{uuid4()}{tail}").status_code == 404
        assert visitor.get(f"/decisions/none{tail}").status_code == 404
