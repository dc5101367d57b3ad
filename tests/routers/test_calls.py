"""A question from draft to answered, through the pages, and what visitors may not see of it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.columns import now
from app.models.event import Event
from app.rules.words import CallState
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person


def typed(organisation_id: object, **changes: Any) -> dict[str, Any]:
    start = datetime.now(UTC) + timedelta(days=1)
    at = lambda days: (start + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")  # noqa: E731
    return {
        "organisation_id": str(organisation_id), "title": "Shade", "question": "Where do you need shade at noon?",
        "brief": "Next year there is money for trees.", "timezone": "America/Santiago", "opens_at": at(0),
        "closes_at": at(20), "sense_until": at(30), "check_until": at(40), "answer_due": at(50),
        "languages": ["es", "en"], "places": "Calama\nTaltal", "version": 1, **changes,
    }  # fmt: skip


def test_a_facilitator_drafts_previews_and_publishes(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    visitor.sign_in(db, make_facilitator(db, agency))

    preview = visitor.fill_in("/calls", typed(agency.id), seen_on="/calls/new")
    assert "This is a preview" in preview.text
    call = db.exec(select(Call)).one()
    assert call.places == ["Calama", "Taltal"]
    visitor.fill_in(f"/calls/{call.id}/publication", seen_on=f"/calls/{call.id}")

    db.expire_all()
    assert db.exec(select(Call)).one().state is CallState.PUBLISHED
    assert "Where do you need shade at noon?" in visitor.get("/calls").text


def test_an_empty_draft_is_removed_by_its_agency_and_the_log_keeps_that_it_was(
    visitor: Browser, db: Session
) -> None:
    agency = make_organisation(db)
    carol = make_facilitator(db, agency)
    visitor.sign_in(db, carol)
    visitor.fill_in("/calls", typed(agency.id), seen_on="/calls/new")
    call = db.exec(select(Call)).one()

    page = visitor.open(f"/calls/{call.id}/removal")
    assert visitor.fill_in(f"/calls/{call.id}/removal", {"version": "9"}).status_code == 409
    gone = visitor.hand_in(page.form(f"/calls/{call.id}/removal"))

    assert "The draft is removed." in gone.text
    assert db.exec(select(Call)).all() == []
    kinds = db.exec(select(Event.kind).where(Event.subject_id == call.id).order_by(col(Event.id))).all()
    assert kinds == ["call_drafted", "call_deleted"]
    assert visitor.get(f"/calls/{call.id}").status_code == 404
    assert "The chain holds" in visitor.open("/events/verification").text


def test_a_draft_that_holds_something_is_not_removed(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    call = make_call(db, agency, state=CallState.DRAFT)
    make_submission(db, call)
    visitor.sign_in(db, make_facilitator(db, agency))

    answer = visitor.fill_in(f"/calls/{call.id}/removal", {"version": str(call.version)})

    assert answer.status_code == 409
    assert "This draft holds texts" in answer.text
    assert db.get(Call, call.id) is not None


@pytest.mark.parametrize(("state", "status"), [(CallState.PUBLISHED, 409), (CallState.ARCHIVED, 409)])
def test_what_people_may_have_read_is_not_removed(
    visitor: Browser, db: Session, state: CallState, status: int
) -> None:
    agency = make_organisation(db)
    call = make_call(db, agency, state=state, opens_at=now() + timedelta(days=1))
    visitor.sign_in(db, make_facilitator(db, agency))

    assert "Remove this draft" not in visitor.get(f"/calls/{call.id}").text
    assert visitor.get(f"/calls/{call.id}/removal").status_code == status
    assert visitor.fill_in(f"/calls/{call.id}/removal", {"version": "1"}).status_code == status


def test_a_visitor_does_not_learn_that_a_draft_exists(visitor: Browser, db: Session) -> None:
    call = make_call(db, state=CallState.DRAFT)
    db.commit()

    for path in ("", "/edit", "/removal", "/answers", "/submissions", "/groups", "/map", "/export"):
        assert visitor.get(f"/calls/{call.id}{path}").status_code == 404
    assert call.title not in visitor.get("/calls").text


def test_a_facilitator_of_another_agency_cannot_cancel(visitor: Browser, db: Session) -> None:
    call = make_call(db)
    visitor.sign_in(db, make_facilitator(db, make_organisation(db, "Another agency"), "Mallory"))

    answer = visitor.fill_in(f"/calls/{call.id}/cancellation", {"reason": "because I say so"})

    assert answer.status_code == 403
    db.expire_all()
    assert db.get_one(Call, call.id).state is CallState.PUBLISHED


def test_an_agency_cannot_be_chosen_that_one_is_not_a_facilitator_of(visitor: Browser, db: Session) -> None:
    mine, other = make_organisation(db), make_organisation(db, "Another agency")
    visitor.sign_in(db, make_facilitator(db, mine))

    answer = visitor.fill_in("/calls", typed(other.id), seen_on="/calls/new")

    assert answer.status_code == 422
    assert "Where do you need shade at noon?" in answer.text
    assert not db.exec(select(Call)).all()


def test_a_closing_date_moves_later_and_never_earlier(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    call = make_call(db, agency)
    visitor.sign_in(db, make_facilitator(db, agency))
    page = f"/calls/{call.id}/extension"
    earlier, later = call.closes_at - timedelta(days=2), call.closes_at + timedelta(days=2)
    fields = {"opens_at": call.opens_at.strftime("%Y-%m-%dT%H:%M")}

    refused = visitor.fill_in(page, fields | {"closes_at": earlier.strftime("%Y-%m-%dT%H:%M")}, seen_on=page)
    taken = visitor.fill_in(page, fields | {"closes_at": later.strftime("%Y-%m-%dT%H:%M")}, seen_on=page)

    assert refused.status_code == 422
    assert "never earlier" in refused.text
    assert "The new dates are public." in taken.text
    db.expire_all()
    assert abs(db.get_one(Call, call.id).closes_at - later) < timedelta(minutes=1)


def test_the_call_closes_by_the_clock(visitor: Browser, db: Session) -> None:
    call = make_call(db, closes_at=now() - timedelta(seconds=1))
    visitor.sign_in(db, make_person(db, "Bob"))

    answer = visitor.fill_in(f"/calls/{call.id}/submissions", {"text": "One second too late, sadly."})

    assert answer.status_code == 409


def test_two_editors_never_lose_each_others_words(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    call = make_call(db, agency, state=CallState.DRAFT, opens_at=now() + timedelta(days=1))
    visitor.sign_in(db, make_facilitator(db, agency))
    page = f"/calls/{call.id}/edit"

    visitor.fill_in(page, typed(agency.id, title="First"), seen_on=page)
    stale = visitor.fill_in(page, typed(agency.id, title="Second"), seen_on=page)

    assert stale.status_code == 422
    assert "Second" in stale.text
    db.expire_all()
    assert db.get_one(Call, call.id).title == "First"


def test_what_one_came_to_do_stands_before_the_timeline_and_the_thread(visitor: Browser, db: Session) -> None:
    call = make_call(db, brief="Trees for the squares.")
    db.commit()

    html = visitor.get(f"/calls/{call.id}").text

    places = [html.index(each) for each in ('id="say"', 'class="phases"', 'class="thread"', 'id="brief"')]
    assert places == sorted(places)


def test_questions_that_are_over_are_read_page_by_page(visitor: Browser, db: Session) -> None:
    agency, at = make_organisation(db), now()
    make_call(db, agency, title="Asked now")
    for number in range(25):
        times = {"opens_at": at - timedelta(days=9), "closes_at": at - timedelta(days=1 + number // 5)}
        words = f"Past {number:02}"
        make_call(db, agency, title=words, question=words, state=CallState.ANSWERED, **times)
    db.commit()

    first = visitor.open("/calls").main.text
    following = re.search(r'rel="next" href="([^"]+)"', visitor.get("/calls").text)
    assert following is not None
    second = visitor.open(following.group(1)).main.text

    found = re.findall(r"Past \d\d", first), re.findall(r"Past \d\d", second)
    assert [len(each) for each in found] == [20, 5]
    assert len({*found[0], *found[1]}) == 25
    assert "Being asked now" in first
    assert "Being asked now" not in second
