"""Pages of a list: each voice once, forwards and back, in every order; only public ones."""

import pytest
from sqlmodel import Session

from app.models import submission_lists
from app.models.submission import PUBLIC_SQL, Submission
from app.models.submission_lists import Asked, Order, Page, Sort
from app.rules.disclosure import PUBLIC_STATES
from app.rules.keyset import CursorMalformed
from app.rules.words import SubmissionState
from tests.factories import make_call, make_submission
from tests.people import make_organisation, make_person

START = 2**30


def make_voices(session: Session, count: int = 7) -> tuple[Submission, list[Submission]]:
    call = make_call(session)
    author = make_person(session, "Many Words")
    hidden = {"hidden_rule": "insult", "state": SubmissionState.HIDDEN}
    made = [
        make_submission(session, call, author, endorsement_count=at % 3, shuffle=(at * 2**29) % 2**31)
        for at in range(count)
    ]
    make_submission(session, call, author, **hidden)
    make_submission(session, call, author, state=SubmissionState.SUBMITTED)
    make_submission(session, make_call(session, make_organisation(session, "Another agency")), author)
    return made[0], made


def ordered_pages(session: Session, call_id: object, order: Order, size: int = 2) -> list[Page]:
    asked = Asked(call_id, order)  # type: ignore[arg-type]
    pages = [submission_lists.page(session, asked, size=size)]
    while pages[-1].next:
        pages.append(submission_lists.page(session, asked, pages[-1].next or "", size))
    return pages


def test_the_partial_indexes_hold_exactly_the_public_states() -> None:
    written = {word for word in PUBLIC_SQL.replace("'", " ").split() if word in set(SubmissionState)}

    assert written == {state.value for state in PUBLIC_STATES}


@pytest.mark.parametrize("sort", list(Sort))
def test_every_public_voice_stands_on_exactly_one_page(session: Session, sort: Sort) -> None:
    first, made = make_voices(session)

    pages = ordered_pages(session, first.call_id, Order(sort, START))

    shown = [voice.id for page in pages for voice in page.voices]
    assert len(shown) == len(set(shown)) == len(made)
    assert set(shown) == {each.id for each in made}


@pytest.mark.parametrize("sort", list(Sort))
def test_going_back_shows_the_same_pages(session: Session, sort: Sort) -> None:
    first, _made = make_voices(session)
    order = Order(sort, START)
    pages = ordered_pages(session, first.call_id, order)

    back = [pages[-1]]
    while back[-1].previous:
        back.append(submission_lists.page(session, Asked(first.call_id, order), back[-1].previous or "", 2))

    forwards = [voice.id for page in pages for voice in page.voices]
    assert [voice.id for page in reversed(back) for voice in page.voices] == forwards


def test_the_most_endorsed_come_first(session: Session) -> None:
    first, _made = make_voices(session)

    pages = ordered_pages(session, first.call_id, Order(Sort.ENDORSED))

    support = [voice.endorsements for page in pages for voice in page.voices]
    assert support == sorted(support, reverse=True)


def test_imported_agreement_counts_as_support(session: Session) -> None:
    call = make_call(session)
    quiet = make_submission(session, call, endorsement_count=3)
    loud = make_submission(session, call, make_person(session, "Someone Else"), imported_agrees=120)

    (page,) = ordered_pages(session, call.id, Order(Sort.ENDORSED), size=5)

    assert [voice.id for voice in page.voices] == [loud.id, quiet.id]


def test_two_visitors_read_in_different_orders(session: Session) -> None:
    first, _made = make_voices(session)

    one = ordered_pages(session, first.call_id, Order(Sort.RANDOM, 0), 9)
    other = ordered_pages(session, first.call_id, Order(Sort.RANDOM, START), 9)

    assert [voice.id for voice in one[0].voices] != [voice.id for voice in other[0].voices]


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJuZXdlc3QiLDksOSw5XQ", "bm8"])
def test_a_made_up_cursor_is_refused(session: Session, cursor: str) -> None:
    order = Order(Sort.NEWEST)
    with pytest.raises(CursorMalformed):
        submission_lists.read_cursor(cursor, order)


def test_a_cursor_of_another_order_is_refused(session: Session) -> None:
    first, _made = make_voices(session)
    (page, *_rest) = ordered_pages(session, first.call_id, Order(Sort.NEWEST))

    with pytest.raises(CursorMalformed):
        submission_lists.read_cursor(page.next or "", Order(Sort.ENDORSED))
