"""Lists of voices: every page is reached by its links, and no page asks more of the database as rows grow."""

import re

import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.models.call import Call
from app.models.person import Person
from app.rules.words import StakeholderGroup
from app.services import counts, submissions
from app.services.drafts import Said
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_organisation, make_person

WORDS = "Put shade and solar panels over the market square."


@pytest.fixture
def call(db: Session) -> Call:
    call = make_call(db)
    db.commit()
    return call


@pytest.fixture
def bob(db: Session) -> Person:
    bob = make_person(db)
    db.commit()
    return bob


def test_no_page_asks_more_of_the_database_as_rows_grow(
    visitor: Browser, db: Session, call: Call, bob: Person
) -> None:
    alice = make_person(db, "Alice")
    voice = submissions.submit(db, call, alice, Said(WORDS), "first")
    submissions.submit(db, call, bob, Said(WORDS), "mine")
    visitor.sign_in(db, bob)
    paths = (
        f"/calls/{call.id}/submissions", f"/calls/{call.id}/submissions?q=solar&sort=endorsed",
        f"/calls/{call.id}/submissions?sort=random&group=citizens", f"/submissions/{voice.id}", "/me/submissions",
        f"/calls/{call.id}/submissions/new",
    )  # fmt: skip
    few = statements_of(visitor, db, call, paths)
    for number in range(25):
        author = make_person(db, f"Person {number}")
        make_submission(db, call, author, group=StakeholderGroup.CITIZENS)
        make_submission(db, call, bob)
    submissions.submit(db, call, alice, Said(WORDS), "last")
    db.commit()

    many = statements_of(visitor, db, call, paths)

    assert all(more <= less + 1 for less, more in zip(few, many, strict=True)), (few, many)


def statements_of(visitor: Browser, db: Session, call: Call, paths: tuple[str, ...]) -> list[int]:
    """How many statements each page sends, with nothing remembered from the page before."""
    engine, sent = db.get_bind(), []

    def note(*_args: object) -> None:
        sent.append(1)

    event.listen(engine, "before_cursor_execute", note)
    try:
        found = []
        for path in paths:
            counts.forget(call.id)
            sent.clear()
            assert visitor.get(path).status_code == 200
            found.append(len(sent))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return found


def test_every_page_of_a_list_is_reached_by_its_links(visitor: Browser, db: Session, call: Call) -> None:
    author = make_person(db, "Author")
    for number in range(45):
        make_submission(db, call, author, text=f"Voice of number {number:03}")
    make_submission(db, make_call(db, make_organisation(db, "Another")), author, text="Voice of number 999")
    db.commit()

    page, seen = visitor.get(f"/calls/{call.id}/submissions").text, []
    while True:
        seen += re.findall(r"Voice of number (\d+)", page)
        following = re.search(r'class="pager-next"[^>]* href="([^"]+)"', page)
        if not following:
            break
        page = visitor.get(following.group(1).replace("&amp;", "&")).text

    assert sorted(seen) == [f"{number:03}" for number in range(45)]
