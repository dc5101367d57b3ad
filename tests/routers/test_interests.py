"""What members are asked at first sight of an item, through the pages, and what recused seats lose."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.ballot import Ballot
from app.models.committee import Interest
from app.models.person import Person
from app.rules.words import InterestKind
from app.services import interests_items
from tests.client import Browser
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber

VOTE = {"choice": "for", "reason": "", "version": "1"}
TIED = {"kind": "money", "text": "My fund owns shares of a supplier.", "effect": "recuse"}


@pytest.fixture
def chamber(db: Session) -> Chamber:
    made = make_chamber(db)
    made.add_alternate("academia 1")
    made.notice(opens_in=-1, asked=False)
    db.commit()
    return made


def item(chamber: Chamber) -> str:
    return f"/missions/{chamber.mission.id}/interest"


def vote(chamber: Chamber) -> str:
    assert chamber.decision
    return f"/decisions/{chamber.decision.id}"


def test_a_member_is_asked_before_the_ballot_and_goes_on_to_it(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.members["citizens 1"])

    first = visitor.open(vote(chamber))
    assert "Does anything tie you to this?" in first.main.text
    assert 'value="for"' not in first.text
    refused = visitor.fill_in(f"{vote(chamber)}/ballot", VOTE)
    said = visitor.fill_in(item(chamber), {"kind": "nothing", "next": vote(chamber)})

    assert refused.status_code == 403
    assert "Say first whether something ties you" in refused.text
    assert said.url.path == vote(chamber)
    assert 'value="for"' in said.text
    assert visitor.fill_in(f"{vote(chamber)}/ballot", VOTE).status_code == 200
    assert [each.kind for each in db.exec(select(Interest))] == [InterestKind.NOTHING]


def test_somebody_who_steps_aside_has_no_ballot_and_the_alternate_is_asked_in_turn(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    alternate = db.get_one(Person, chamber.seats["alternate of academia 1"].person_id)
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members["academia 1"])
        said = browser.fill_in(item(chamber), {**TIED, "next": vote(chamber)})
        assert "You have stepped aside from this item." in said.text
        assert "say-box" not in said.text
        assert browser.fill_in(f"{vote(chamber)}/ballot", VOTE).status_code == 403
        twice = browser.fill_in(item(chamber), TIED)
        assert twice.status_code == 409

    with Browser(app) as browser:
        browser.sign_in(db, alternate)
        assert "Does anything tie you to this?" in browser.get(vote(chamber)).text
        browser.fill_in(item(chamber), {"kind": "nothing"})
        assert browser.fill_in(f"{vote(chamber)}/ballot", VOTE).status_code == 200
    assert [each.seat_id for each in db.exec(select(Ballot))] == [chamber.seats["alternate of academia 1"].id]


def test_what_is_left_open_comes_back_with_everything_typed(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    visitor.sign_in(db, chamber.members["citizens 1"])

    answer = visitor.fill_in(item(chamber), {"kind": "money", "text": "", "effect": ""})

    assert answer.status_code == 422
    assert "Say in a few words what ties you to it." in answer.text
    assert "Choose whether you keep your vote or step aside." in answer.text
    assert db.exec(select(Interest)).all() == []


def test_only_those_who_sit_in_the_committee_are_asked(app: FastAPI, db: Session, chamber: Chamber) -> None:
    bob = make_person(db, "Bob")
    db.commit()
    for person, status in (
        (bob, 403),
        (chamber.scene.carol, 403),
        (chamber.secretary, 200),
        (chamber.chair, 200),
    ):
        with Browser(app) as browser:
            browser.sign_in(db, person)
            assert browser.get(item(chamber)).status_code == status
    with Browser(app) as browser:
        assert "/sign-in" in str(browser.get(item(chamber)).url)


def test_a_member_raises_something_and_the_chair_resolves_it(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    about = chamber.seats["citizens 2"]
    raised = {"seat_id": str(about.id), "kind": "competing", "text": "She works on the rival proposal."}
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members["citizens 1"])
        assert (
            browser.fill_in(f"/missions/{chamber.mission.id}/interests", {"seat_id": "x"}).status_code == 422
        )
        assert (
            "The person is told" in browser.fill_in(f"/missions/{chamber.mission.id}/interests", raised).text
        )
    interest = db.exec(select(Interest)).one()
    resolution = f"/missions/{chamber.mission.id}/interests/{interest.id}/resolution"
    with Browser(app) as browser:
        page = browser.get(vote(chamber)).text
        assert "rival proposal" not in page
        browser.sign_in(db, chamber.members["citizens 2"])
        assert "She works on the rival proposal." in browser.get(item(chamber)).text
        assert browser.fill_in(resolution, {"effect": "unfounded", "reason": "No."}).status_code == 403
    with Browser(app) as browser:
        browser.sign_in(db, chamber.chair)
        assert browser.fill_in(resolution, {"effect": "recuse", "reason": ""}).status_code == 422
        assert (
            "The interest is resolved."
            in browser.fill_in(resolution, {"effect": "recuse", "reason": "She is."}).text
        )
        assert browser.fill_in(resolution, {"effect": "disclose", "reason": "She is."}).status_code == 422

    with Browser(app) as browser:
        assert "rival proposal" in browser.get(vote(chamber)).text


def test_what_members_have_nothing_to_declare_in_is_no_line_of_the_public_log(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    """Its instant may be that of a ballot, and who has voted is nobody's to know."""
    interests_items.say(db, chamber.mission, chamber.members["citizens 1"].id, interests_items.Said())
    db.commit()

    log = visitor.get(f"/events?kind=mission&subject={chamber.mission.id}").text

    assert "declare" not in log
    assert str(chamber.seats["citizens 1"].id) not in log


def test_a_reviewer_and_the_closed_discussion_ask_first_and_come_back(
    app: FastAPI, db: Session, chamber: Chamber
) -> None:
    closed = f"/missions/{chamber.mission.id}/closed"
    with Browser(app) as browser:
        browser.sign_in(db, chamber.members["citizens 1"])
        asked = browser.get(closed)
        assert asked.url.path == item(chamber)
        assert asked.url.query.decode() == f"next={closed}"
        assert browser.fill_in(closed, {"remark": "Before I was asked."}).status_code == 403
        said = browser.fill_in(item(chamber), {"kind": "nothing", "next": closed})
        assert said.url.path == closed
        assert said.status_code == 200
