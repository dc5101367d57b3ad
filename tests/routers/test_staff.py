"""The pages of administrators: people by the page, seats with terms, nobody put out by mistake."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.models.columns import now
from app.models.organisation import Organisation
from app.models.outgoing_mail import OutgoingMail
from app.models.person import PAGE, Person
from app.models.seat import Seat, live_seats_of
from app.rules.words import Role, ScopeKind, StakeholderGroup
from app.services import people
from tests.client import Browser
from tests.counting import statements
from tests.factories import make_call
from tests.people import make_admin, make_organisation, make_person, seat
from tests.services.chamber import make_chamber


@pytest.fixture
def erin(visitor: Browser, db: Session) -> Person:
    erin = make_admin(db)
    db.commit()
    visitor.sign_in(db, erin)
    return erin


def test_everybody_is_found_page_by_page_in_as_many_statements(
    visitor: Browser, db: Session, erin: Person, clean: Engine
) -> None:
    names = [f"Person {n:03}" for n in range(2 * PAGE + 10)]
    for name in names:
        make_person(db, name)
    make_person(db, "Pseudonym", email=None, pseudonym_key="source:1")
    db.commit()
    seen: list[str] = []

    page = visitor.open("/staff/people?q=person")
    assert f"{len(names)} accounts" in page.main.text
    counts = []
    while True:
        seen += [name for name in names if name in page.main.text]
        if "Next page" not in page.main.text:
            break
        with statements(clean) as sent:
            page = visitor.open(page.link("Next page"))
        counts.append(len(sent))

    assert seen == names
    assert len(set(counts)) == 1
    assert "Pseudonym" not in visitor.open("/staff/people").main.text


def test_percent_and_underscore_are_looked_for_as_they_are(
    visitor: Browser, db: Session, erin: Person
) -> None:
    make_person(db, "Hundred % sure", email="sure@example.org")
    db.commit()

    assert "Hundred % sure" in visitor.open("/staff/people?q=%25").main.text
    assert "Nobody found" in visitor.open("/staff/people?q=_").main.text


def test_a_cursor_of_nobodys_making_is_refused(visitor: Browser, erin: Person) -> None:
    assert visitor.get("/staff/people?after=nonsense").status_code == 400
    assert visitor.get("/staff/organisations?after=nonsense").status_code == 400
    assert visitor.get("/staff/people?organisation=nonsense").status_code == 200


def test_no_role_is_chosen_for_anybody(visitor: Browser, db: Session, erin: Person) -> None:
    bob = make_person(db)
    db.commit()
    form = visitor.open(f"/staff/people/{bob.id}").form("/seats")
    assert form.fields["role"] == form.fields["scope"] == ""

    refused = visitor.fill_in(f"/staff/people/{bob.id}/seats", {"role": "", "scope": ""})

    assert refused.status_code == 422
    assert "Please choose one of the options." in refused.text
    assert live_seats_of(db, bob.id) == []


def test_an_administrator_is_made_on_purpose_only(visitor: Browser, db: Session, erin: Person) -> None:
    bob = make_person(db)
    db.commit()
    form = visitor.open(f"/staff/people/{bob.id}").form("/seats")

    asked = visitor.hand_in(form, {"role": "admin", "scope": "platform"}, status=422)
    assert "Yes, make Bob an administrator" in asked.main.text
    assert live_seats_of(db, bob.id) == []
    visitor.hand_in(asked.form("/seats"), {"sure": "yes"})

    assert [each.role for each in live_seats_of(db, bob.id)] == [Role.ADMIN]


def test_a_seat_is_given_from_a_day_to_a_day(visitor: Browser, db: Session, erin: Person) -> None:
    agency, bob = make_organisation(db), make_person(db)
    db.commit()
    first, last = now().date() + timedelta(days=2), now().date() + timedelta(days=40)
    form = visitor.open(f"/staff/people/{bob.id}").form("/seats")
    told = {"role": "facilitator", "scope": f"organisation:{agency.id}", "first_day": str(first)}

    wrong = visitor.hand_in(form, {**told, "last_day": str(now().date() - timedelta(days=9))}, status=422)
    assert "ends after it starts" in wrong.main.text
    assert wrong.form("/seats").fields["first_day"] == str(first)
    page = visitor.hand_in(wrong.form("/seats"), {**told, "last_day": str(last)})

    given = db.exec(select(Seat).where(Seat.person_id == bob.id)).one()
    assert given.ends_at
    assert (given.starts_at.date(), given.ends_at.date()) == (first, last + timedelta(days=1))
    assert "last day" in page.main.text


def test_ending_a_seat_asks_first_and_names_who_goes_with_it(
    visitor: Browser, db: Session, erin: Person
) -> None:
    chamber = make_chamber(db)
    alternate = chamber.add_alternate("citizens 1")
    db.commit()
    member = chamber.members["citizens 1"]

    asked = visitor.open(visitor.open(f"/staff/people/{member.id}").link("End this seat"))
    assert alternate.name in asked.main.text
    assert live_seats_of(db, member.id)
    ended = visitor.hand_in(asked.form("/end"))

    assert "The seat has ended, and with it the alternate" in ended.text
    db.expire_all()
    assert live_seats_of(db, member.id) == live_seats_of(db, alternate.id) == []


@pytest.mark.parametrize("door", ["/staff/seats/{seat}/end", "/committees/{committee}/seats/{seat}/end"])
def test_ending_a_seat_names_the_votes_it_is_listed_in(
    visitor: Browser, db: Session, erin: Person, door: str
) -> None:
    chamber = make_chamber(db)
    decision = chamber.notice()
    assert decision.closes_at
    db.commit()
    given = chamber.seats["citizens 1"]
    to = door.format(seat=given.id, committee=chamber.committee.id)

    asked = visitor.open(to)
    assert decision.question in asked.main.text
    assert f"/decisions/{decision.id}" in asked.links
    refused = visitor.fill_in(to, {"when": "now"})
    assert refused.status_code == 409
    assert decision.question in refused.text
    db.expire_all()
    assert given.ends_at is None
    told = visitor.hand_in(asked.form("/end"))

    assert "The seat ends on" in told.text
    db.expire_all()
    assert given.ends_at == decision.closes_at


def test_what_is_true_of_running_votes_stands_on_every_page(
    visitor: Browser, db: Session, erin: Person
) -> None:
    chamber = make_chamber(db)
    chamber.add_alternate("citizens 1")
    decision = chamber.notice()
    db.commit()
    committee = f"/committees/{chamber.committee.id}"
    suspension = visitor.open(f"/staff/people/{chamber.members['citizens 1'].id}/suspension")
    assert decision.question in suspension.main.text
    visitor.hand_in(suspension.form("/suspension"))
    people.suspend(db, chamber.members["academia 1"], erin.id)
    people.end_seat(db, chamber.seats["citizens 2"], erin.id, at=decision.closes_at)
    db.commit()

    vote = visitor.open(f"/decisions/{decision.id}").main.text
    seats, shown = visitor.open(f"{committee}/seats").main.text, visitor.open(committee).main.text

    assert "the account is suspended; the alternate votes" in vote
    assert "the account is suspended; the seat counts as not having voted" in vote
    assert decision.question in seats
    assert seats.count("the account is suspended") == shown.count("the account is suspended") == 2
    assert "last day" in seats
    assert "last day" in shown


def test_a_committee_that_lacks_a_seat_while_it_votes_is_told_so(
    visitor: Browser, db: Session, erin: Person
) -> None:
    chamber = make_chamber(db)
    chamber.notice()
    chamber.committee.composition = {
        **chamber.committee.composition,
        "public": {"min": 2, "max": 3, "weight": 1},
    }
    db.commit()

    shown = visitor.open(f"/committees/{chamber.committee.id}").main.text

    assert "no vote is announced until they are filled" in shown
    assert "Votes that are announced go on" in shown


def test_the_last_administrator_is_not_suspended(visitor: Browser, db: Session, erin: Person) -> None:
    refused = visitor.fill_in(f"/staff/people/{erin.id}/suspension")

    assert refused.status_code == 409
    assert "This is the last administrator who can sign in." in refused.text
    db.expire_all()
    assert erin.suspended_at is None
    assert visitor.get("/staff/people").status_code == 200


def test_somebody_is_invited_for_an_organisation(visitor: Browser, db: Session, erin: Person) -> None:
    make_organisation(db, "Quebrada Alta Mining", group=StakeholderGroup.PRIVATE)
    db.commit()
    form = visitor.open("/staff/people").form("/staff/people", button="Send an invitation")
    told = {"email": "helga@example.org", "name": "Helga"}

    unknown = visitor.hand_in(form, {**told, "organisation": "Nobody Ltd"}, status=422)
    assert "There is no such organisation." in unknown.main.text
    assert db.exec(select(Person).where(Person.email == "helga@example.org")).first() is None
    page = visitor.hand_in(form, {**told, "organisation": "quebrada alta mining"})

    assert "Can speak for Quebrada Alta Mining" in page.main.text
    assert "Quebrada Alta Mining" in db.exec(select(OutgoingMail)).one().body


def test_the_organisation_of_a_person_is_set_and_taken_away(
    visitor: Browser, db: Session, erin: Person
) -> None:
    mining, bob = make_organisation(db, "Quebrada Alta Mining"), make_person(db)
    db.commit()
    at = f"/staff/people/{bob.id}"

    visitor.hand_in(visitor.open(at).form("/organisation"), {"organisation": "Quebrada Alta Mining"})
    db.expire_all()
    assert bob.organisation_id == mining.id
    assert "Bob" in visitor.open(f"/staff/organisations/{mining.id}").main.text
    assert "Quebrada Alta Mining" in visitor.open("/staff/people?q=bob").main.text
    visitor.hand_in(visitor.open(at).form("/organisation"), {"organisation": ""})

    db.expire_all()
    assert bob.organisation_id is None


def test_the_list_says_who_named_their_organisation_themselves(
    visitor: Browser, db: Session, erin: Person
) -> None:
    mining = make_organisation(db, "Quebrada Alta Mining")
    bob = make_person(db, organisation_id=mining.id, is_vouched=False)
    make_person(db, "Dave", organisation_id=mining.id)
    db.commit()

    found = {name: visitor.open(f"/staff/people?q={name}").main.text for name in ("bob", "dave")}
    visitor.hand_in(
        visitor.open(f"/staff/people/{bob.id}").form("/organisation"), {"organisation": mining.name}
    )

    assert ["not vouched for yet" in found[name] for name in ("bob", "dave")] == [True, False]
    assert "not vouched for yet" not in visitor.open("/staff/people?q=bob").main.text


def test_organisations_are_found_opened_and_changed(visitor: Browser, db: Session, erin: Person) -> None:
    for n in range(PAGE + 5):
        make_organisation(db, f"Council {n:03}", place="North")
    db.commit()
    first = visitor.open("/staff/organisations?q=north")
    assert "Council 049" in first.main.text
    assert "Council 050" not in first.main.text
    assert "Council 050" in visitor.open(first.link("Next page")).main.text
    page = visitor.open(visitor.open("/staff/organisations?q=council+007").link("Council 007"))

    other = visitor.hand_in(page.form("/staff/organisations/.*"), {"name": "council  008"}, status=409)
    assert "Council 008" in other.main.text
    changed = visitor.hand_in(
        page.form("/staff/organisations/.*"), {"name": "Water Council", "place": "South"}
    )
    stale = visitor.hand_in(page.form("/staff/organisations/.*"), {"name": "Old Council"}, status=409)

    assert changed.heading == "Water Council"
    assert "Old Council" in stale.form("/staff/organisations/.*").fields["name"]
    assert db.exec(select(Organisation).where(Organisation.name == "Water Council")).one().version == 2


def test_an_organisation_is_added_once(visitor: Browser, db: Session, erin: Person) -> None:
    make_organisation(db, "Regional agency for sun and desert")
    db.commit()
    form = visitor.open("/staff/organisations").form("/staff/organisations", button="Add this organisation")

    again = visitor.hand_in(
        form, {"name": "regional agency for Sun and dеsert", "group": "public"}, status=422
    )

    assert "Regional agency for sun and desert" in again.main.text
    assert len(db.exec(select(Organisation)).all()) == 1


def test_seats_of_committees_follow_the_committees_rules_at_every_door(
    visitor: Browser, db: Session, erin: Person
) -> None:
    chamber, bob = make_chamber(db), make_person(db, "Bob")
    seat(db, make_person(db, "Carl"), Role.MEMBER, ScopeKind.COMMITTEE, chamber.committee.id, group="public")
    seat(db, make_person(db, "Cleo"), Role.MEMBER, ScopeKind.COMMITTEE, chamber.committee.id, group="public")
    db.commit()
    form = visitor.open(f"/staff/people/{bob.id}").form("/seats")
    told = {"role": "member", "scope": f"committee:{chamber.committee.id}", "group": "public"}

    full = visitor.hand_in(form, told, status=409)

    assert "seats are taken" in full.main.text
    assert live_seats_of(db, bob.id) == []


def test_the_form_and_the_profile_say_under_which_name_it_appears(
    visitor: Browser, db: Session, erin: Person
) -> None:
    mining, call = make_organisation(db, "Quebrada Alta Mining"), make_call(db)
    new = f"/calls/{call.id}/submissions/new"
    db.commit()
    assert "For whom do you speak?" not in visitor.open(new).main.text
    assert "You speak for yourself." in visitor.open("/me/profile").main.text
    erin.organisation_id = mining.id
    db.commit()

    assert "You can speak for Quebrada Alta Mining." in visitor.open("/me/profile").main.text
    form = visitor.open(new).form("/submissions", button="Send my submission")
    assert form.fields["speaks_for"] == "myself"
    said = visitor.hand_in(form, {"text": "Shade over the market square."}, button="Send my submission")
    assert "Quebrada Alta Mining" not in said.main.text
    form = visitor.open(new).form("/submissions", button="Send my submission")
    told = {"text": "Water for the whole valley.", "speaks_for": "organisation"}
    said = visitor.hand_in(form, told, button="Send my submission")

    assert "Quebrada Alta Mining" in said.main.text
