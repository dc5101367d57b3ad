"""Committees through their pages: founding one, seating people, and what is missing."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.models.columns import now
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.outgoing_mail import OutgoingMail
from app.models.seat import Seat
from app.rules.words import CallState, Role, StakeholderGroup
from tests.client import Browser
from tests.people import make_admin, make_facilitator, make_organisation, make_person
from tests.services.chamber import make_chamber, make_ready_mission

BOUNDS = {f"{bound}_{group}": str(n) for group in StakeholderGroup for bound, n in (("min", 1), ("max", 2))}


def test_a_facilitator_founds_a_committee_and_seats_a_member(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    carol = make_facilitator(db, agency)
    db.commit()
    visitor.sign_in(db, carol)
    assert "No committee yet" in visitor.get("/committees").text
    assert visitor.get("/committees/new").status_code == 200

    sent = {
        "organisation_id": str(agency.id),
        "name": "Water council",
        "purpose": "Water.",
        **BOUNDS,
        "weight_public": "3",
    }
    founded = visitor.fill_in("/committees", sent)
    assert "The committee exists." in founded.text
    committee = db.exec(select(Committee)).one()
    seated = visitor.fill_in(
        f"/committees/{committee.id}/seats",
        {"email": "new@example.org", "role": "member", "group": "citizens"},
    )

    assert seated.status_code == 200
    assert db.exec(select(Seat).where(Seat.role == Role.MEMBER)).one().group is StakeholderGroup.CITIZENS
    assert db.exec(select(OutgoingMail)).one().to_address == "new@example.org"
    page = visitor.get(f"/committees/{committee.id}").text
    assert "Not constituted yet" in page
    assert "weight 3" in page
    assert "Academia: 1 more to be seated." in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"name": ""}, "", id="no name"),
        pytest.param({"min_public": "3"}, "Give at least one group a seat", id="more at least than at most"),
        pytest.param({"min_public": "-1"}, "", id="a negative number"),
        pytest.param({"max_public": "9" * 30}, "", id="an endless number"),
        pytest.param({"weight_public": "0"}, "", id="no weight at all"),
        pytest.param({"weight_public": "1.5"}, "", id="part of a weight"),
    ],
)
def test_a_wrong_composition_comes_back(
    visitor: Browser, db: Session, changes: dict[str, str], said: str
) -> None:
    agency = make_organisation(db)
    carol = make_facilitator(db, agency)
    db.commit()
    visitor.sign_in(db, carol)

    sent = {"organisation_id": str(agency.id), "name": "Water council", **BOUNDS, **changes}
    answer = visitor.fill_in("/committees", sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert db.exec(select(Committee)).all() == []


def test_nobody_founds_a_committee_for_another_organisation(app: FastAPI, db: Session) -> None:
    agency, other = make_organisation(db), make_organisation(db, "Port Authority")
    carol, erin, dave = make_facilitator(db, agency), make_admin(db), make_person(db, "Dave")
    db.commit()
    sent = {"organisation_id": str(other.id), "name": "Port council", **BOUNDS}
    for person, status in ((carol, 422), (dave, 403), (erin, 200)):
        with Browser(app) as browser:
            browser.sign_in(db, person)
            assert browser.fill_in("/committees", sent).status_code == status


def test_a_seat_is_ended_on_the_page_of_its_own_committee_only(visitor: Browser, db: Session) -> None:
    chamber, other = make_chamber(db), make_chamber(db)
    db.commit()
    visitor.sign_in(db, chamber.scene.carol)
    mine, theirs = chamber.seats["citizens 1"], other.seats["citizens 1"]

    assert visitor.fill_in(f"/committees/{chamber.committee.id}/seats/{theirs.id}/end").status_code == 404
    assert visitor.fill_in(f"/committees/{chamber.committee.id}/seats/{mine.id}/end").status_code == 200
    db.expire_all()
    assert (mine.ends_at is not None, theirs.ends_at) == (True, None)


def test_a_committee_without_its_civil_society_seat_is_suspended(visitor: Browser, db: Session) -> None:
    """DOMAIN 23: the seats of the third sector are taken away, one after the other; the last one suspends it."""
    chamber = make_chamber(db)
    chamber.committee.created_at = now() - timedelta(days=90)
    db.commit()
    here = f"/committees/{chamber.committee.id}"
    visitor.sign_in(db, chamber.scene.carol)

    assert visitor.fill_in(f"{here}/seats/{chamber.seats['third 1'].id}/end").status_code == 200
    assert "Suspended" not in visitor.open(here).main.text
    assert visitor.fill_in(f"{here}/seats/{chamber.seats['third 2'].id}/end").status_code == 200

    page = visitor.open(here).main.text
    assert "Suspended" in page
    assert "1 more to be seated" in page


def test_everyone_reads_who_sits_in_a_committee(visitor: Browser, db: Session) -> None:
    chamber = make_chamber(db)
    db.commit()

    page = visitor.get(f"/committees/{chamber.committee.id}").text

    assert "Constituted" in page
    assert "Since it was founded" not in page
    for person in (*chamber.members.values(), chamber.chair, chamber.secretary):
        assert person.name in page
        assert (person.email or "") not in page
    assert "Put a question" not in page


def test_a_suspended_committee_says_since_when_and_what_is_missing_and_takes_no_question(
    app: FastAPI, db: Session
) -> None:
    chamber = make_chamber(db)
    chamber.committee.created_at = now() - timedelta(days=90)
    chamber.seats["academia 1"].ends_at = now() - timedelta(days=1)
    db.commit()
    at = f"/committees/{chamber.committee.id}"

    with Browser(app) as browser:
        browser.sign_in(db, chamber.chair)
        page, agenda = browser.get(at).text, browser.get(f"{at}/agenda/new").text
        sent = {"mission_id": str(chamber.mission.id), "question": "Shall the committee adopt this mission?"}
        refused = browser.fill_in(f"{at}/agenda", sent)

    for told in (page, agenda):
        assert "Academia: 1 more to be seated." in told
    assert "Suspended" in page
    assert "1 day ago" in page
    assert 'name="question"' not in agenda
    assert refused.status_code == 422
    assert "takes up nothing new" in refused.text
    assert db.exec(select(Decision)).all() == []


def test_everyone_reads_the_agenda_with_what_comes_next_and_the_chair_orders_it(
    app: FastAPI, db: Session
) -> None:
    chamber = make_chamber(db)
    second, _scene = make_ready_mission(db)
    second.organisation_id, second.title = chamber.committee.organisation_id, "Water for the valley by 2035"
    hidden, scene = make_ready_mission(db)
    hidden.organisation_id, hidden.title = chamber.committee.organisation_id, "xqhidden"
    scene.call.state = CallState.DRAFT
    chamber.notice(opens_in=1)
    db.commit()
    at = f"/committees/{chamber.committee.id}"

    def places(browser: Browser) -> bool:
        page = browser.get(at).text
        assert "xqhidden" not in page
        items = page[page.index('id="items"') :]
        return items.index(chamber.mission.title) < items.index(second.title)

    with Browser(app) as browser:
        page = browser.get(at).text
        assert "Next: voting opens" in page
        assert "Next: it goes to reviewers" in page
        assert places(browser)
        assert (
            browser.fill_in(f"{at}/agenda/order", {"mission_id": str(second.id), "way": "up"}).status_code
            != 200
        )
        browser.sign_in(db, chamber.members["citizens 1"])
        order = {"mission_id": str(second.id), "way": "up"}
        assert browser.fill_in(f"{at}/agenda/order", order).status_code == 403
        browser.sign_in(db, chamber.secretary)
        assert browser.fill_in(f"{at}/agenda/order", order).status_code == 200
        assert not places(browser)
        strange = {"mission_id": str(hidden.id), "way": "up"}
        assert browser.fill_in(f"{at}/agenda/order", strange).status_code == 404
