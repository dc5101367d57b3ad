"""Drafts: one for each call, kept as typed, adopted after sign-in."""

import pytest
from sqlmodel import Session, select

from app.models.event import Event
from app.models.submission import Submission
from app.rules.words import CallState, SubmissionState
from app.services import drafts, submissions
from app.services.drafts import Said
from app.viewer import Viewer
from tests.factories import make_call
from tests.people import make_person

VISITOR = Viewer(visitor_hash="a" * 64)


def test_typing_on_keeps_one_draft_and_writes_no_event(session: Session) -> None:
    call, bob = make_call(session), make_person(session)

    for text in ("Sh", "Shade", "Shade over the square"):
        drafts.keep(session, call, Viewer(bob), Said(text))

    (kept,) = session.exec(select(Submission).where(Submission.author_id == bob.id)).all()
    assert (kept.state, kept.text) == (SubmissionState.DRAFT, "Shade over the square")
    assert session.exec(select(Event)).first() is None


def test_a_visitor_keeps_a_draft_that_no_other_visitor_finds(session: Session) -> None:
    call = make_call(session)

    drafts.keep(session, call, VISITOR, Said("Shade"))

    assert drafts.find(session, call.id, VISITOR) is not None
    assert drafts.find(session, call.id, Viewer(visitor_hash="b" * 64)) is None
    assert drafts.find(session, call.id, Viewer()) is None


def test_after_sign_in_the_draft_is_the_persons_own(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    drafts.keep(session, call, VISITOR, Said("Shade"))

    drafts.adopt(session, VISITOR, bob)

    found = drafts.find(session, call.id, Viewer(bob))
    assert found is not None
    assert found.visitor_hash is None
    assert drafts.find(session, call.id, VISITOR) is None


def test_two_drafts_of_one_person_become_one_and_nothing_typed_is_lost(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    drafts.keep(session, call, Viewer(bob), Said("Water for the valley."))
    drafts.keep(session, call, VISITOR, Said("Shade for the square."))

    drafts.adopt(session, VISITOR, bob)

    found = drafts.find(session, call.id, Viewer(bob))
    assert found is not None
    assert "Water for the valley." in found.text
    assert "Shade for the square." in found.text


def test_an_emptied_form_leaves_no_draft(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    drafts.keep(session, call, Viewer(bob), Said("Shade"))

    kept = drafts.keep(session, call, Viewer(bob), Said("  "))

    assert not kept
    assert drafts.find(session, call.id, Viewer(bob)) is None


def test_what_cannot_be_stored_is_kept_as_far_as_it_can(session: Session) -> None:
    call, bob = make_call(session), make_person(session)

    drafts.keep(
        session, call, Viewer(bob), Said("a\x00b\ud800", title="t" * 900, place="p" * 900, language="l" * 99)
    )

    found = drafts.find(session, call.id, Viewer(bob))
    assert found is not None
    assert "\x00" not in found.text


@pytest.mark.parametrize(("kept", "stays"), [
    pytest.param(Said("Shade over the sq"), False, id="the beginning of what was sent"),
    pytest.param(Said("Shade over the square", title="Shade"), False, id="all of it"),
    pytest.param(Said("Water for the valley"), True, id="other words"),
    pytest.param(Said("Shade over the sq", title="Another title"), True, id="another title"),
])  # fmt: skip
def test_a_draft_kept_on_the_way_goes_with_what_was_sent(session: Session, kept: Said, stays: bool) -> None:
    call, bob = make_call(session), Viewer(make_person(session))
    seen = drafts.keep(session, call, bob, Said("Shade"))
    drafts.keep(session, call, bob, kept)

    drafts.discard(session, call.id, bob, seen, Said("Shade over the square", title="Shade"))

    assert (drafts.find(session, call.id, bob) is not None) is stays


def test_a_saving_that_comes_after_the_sending_is_no_new_draft(session: Session) -> None:
    call, bob = make_call(session, state=CallState.OPEN), make_person(session)
    said = Said("Shade for the market square, please.")
    submissions.submit(session, call, bob, said, "form-1")

    assert drafts.keep(session, call, Viewer(bob), said, 3) == 0
    assert drafts.find(session, call.id, Viewer(bob)) is None
    assert drafts.keep(session, call, Viewer(bob), Said("Shade for the market square, please. And water."), 0)
