"""The public log through its pages."""

from sqlmodel import Session, func, select

from app.models.event import Event
from app.rules.hashing import GENESIS, link
from app.rules.words import CallState
from app.services import events
from tests.client import Browser
from tests.factories import make_call
from tests.people import make_organisation
from tests.services.chamber import make_chamber


def test_anyone_reads_the_log_and_verifies_the_chain(visitor: Browser, db: Session) -> None:
    assert "The chain holds: 0 events" in visitor.get("/events/verification").text
    chamber = make_chamber(db)
    decision = chamber.notice(opens_in=1)
    db.flush()
    events.seal(db, 100)
    db.commit()

    page = visitor.get("/events").text
    assert "A vote was announced" in page
    assert str(chamber.chair.id) not in page
    assert chamber.chair.name not in page
    mine = visitor.get(f"/events?kind=decision&subject={decision.id}").text
    assert "A question was put before a committee" in mine
    assert "A mission was drafted" not in mine
    many = db.exec(select(func.count()).select_from(Event)).one()
    assert many >= 3
    assert f"The chain holds: {many} events" in visitor.get("/events/verification").text


def test_the_verification_names_what_differs_unless_nobody_may_know_of_it(
    visitor: Browser, db: Session
) -> None:
    page = visitor.open("/events/verification")
    assert "0 states were rebuilt from the events alone, and 0 differ from the records" in page.text
    agency = make_organisation(db)
    open_call, drafted = make_call(db, agency), make_call(db, agency, state=CallState.DRAFT)
    db.commit()

    page = visitor.open("/events/verification")

    assert "2 states differ from what the events tell" in page.text
    assert f"/calls/{open_call.id}" in page.links
    assert str(drafted.id) not in page.html
    assert "1 more that is not listed here" in page.text


def test_the_chain_is_a_file_that_links_from_its_beginning(visitor: Browser, db: Session) -> None:
    make_chamber(db).notice(opens_in=1)
    db.flush()
    events.seal(db, 100)
    db.commit()

    file = visitor.get("/events/chain.json").json()

    head = file["genesis"]
    assert head == GENESIS
    for each in file["events"]:
        head = link(head, each["digest"])
        assert each["hash"] == head
    assert (file["next"], file["not_yet_sealed"]) == (None, 0)


def test_a_broken_cursor_or_subject_is_refused_plainly(visitor: Browser) -> None:
    assert visitor.get("/events?cursor=nonsense").status_code == 400
    assert visitor.get("/events?kind=decision&subject=nonsense").status_code < 500
    assert visitor.get("/events/chain.json?after=-1").status_code < 500
