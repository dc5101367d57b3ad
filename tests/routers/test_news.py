"""News of an open page: only what is new, only for those who may read it, and nothing where nothing happened."""

from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from sqlmodel import Session

from app.models.columns import now
from app.services import conversations, remarks
from app.viewer import Viewer
from tests.client import Browser
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber, nothing_ties
from tests.services.test_remarks import recuse, viewer

HTMX = {"HX-Request": "true"}


@pytest.fixture
def chamber(db: Session) -> Chamber:
    made = make_chamber(db)
    db.commit()
    return made


def asks(page: str) -> str:
    """The address that the page asks next."""
    return page.split('data-news hx-get="')[1].split('"')[0].replace("&amp;", "&")


def test_only_what_is_new_is_told_once(visitor: Browser, db: Session, chamber: Chamber) -> None:
    olga = make_person(db, "Olga")
    conversations.say(db, chamber.mission, olga, "Here from the start.", "1")
    db.commit()
    address = asks(visitor.get(f"/missions/{chamber.mission.id}/comments").text)
    assert visitor.get(address, headers=HTMX).status_code == 204

    conversations.say(db, chamber.mission, olga, "Said since.", "2")
    db.commit()
    answer = visitor.get(address, headers=HTMX)

    assert "Said since." in answer.text
    assert "Here from the start." not in answer.text
    assert visitor.get(asks(answer.text), headers=HTMX).status_code == 204
    assert visitor.get(address).url.path.endswith("/comments")  # without htmx: the page


def test_what_was_committed_late_with_an_earlier_instant_is_told_too(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    address = asks(visitor.get(f"/missions/{chamber.mission.id}/comments").text)
    late = conversations.say(db, chamber.mission, make_person(db, "Olga"), "Written before, seen after.", "1")
    late.created_at = now() - timedelta(seconds=10)
    db.commit()

    assert "Written before, seen after." in visitor.get(address, headers=HTMX).text


@pytest.mark.parametrize(
    "since", ["", "nonsense", "0001-01-01", "9999-12-31T23:59:59", "2026-01-01&seen=x,y", "\x00"]
)
def test_a_strange_mark_breaks_nothing(visitor: Browser, chamber: Chamber, since: str) -> None:
    path = f"/missions/{chamber.mission.id}/news?since={quote(since, safe='&=,')}"

    assert visitor.get(path, headers=HTMX).status_code in (200, 204)


def test_the_closed_discussion_tells_its_news_to_those_in_the_room_only(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    nothing_ties(db, chamber.mission, chamber.seats.values())
    db.commit()
    visitor.sign_in(db, chamber.members["academia 1"])
    address = asks(visitor.get(f"/missions/{chamber.mission.id}/closed").text)
    who: Viewer = viewer(chamber, chamber.chair)
    remarks.say(db, chamber.mission, who, "Between us, since.", uuid4().hex)
    db.commit()
    assert "Between us, since." in visitor.get(address, headers=HTMX).text

    recuse(chamber, "academia 1")
    db.commit()
    assert visitor.get(address, headers=HTMX).status_code == 404
    visitor.cookies.delete("session")
    assert visitor.get(address, headers=HTMX).status_code == 404
    public = f"/missions/{chamber.mission.id}/news?since=2020-01-01T00:00:00%2B00:00"
    assert "Between us" not in visitor.get(public, headers=HTMX).text
