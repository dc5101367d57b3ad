"""Sending, changing and withdrawing a submission."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.columns import now
from app.models.embedding import Embedding
from app.models.event import Event
from app.models.submission import Submission
from app.models.text_version import TextVersion
from app.rules.moves import MoveForbidden
from app.rules.phases import PhaseForbids
from app.rules.words import CallState, SubmissionState
from app.services import confirmations, drafts, endorsements, events, submissions
from app.services.drafts import Said
from app.services.submissions import SUBJECT, ChangedMeanwhile
from app.viewer import Viewer
from tests.factories import make_call, make_submission
from tests.people import make_person

SHADE = Said("Shade over the market square, please.", title="Shade")


def kinds_of(session: Session, submission: Submission) -> list[str]:
    return [event.kind for event in events.of_subject(session, SUBJECT, submission.id)]


def test_a_text_of_a_confirmed_author_is_public_at_once(session: Session) -> None:
    call, bob = make_call(session), make_person(session)

    made = submissions.submit(session, call, bob, SHADE, "form-1")

    assert made.state is SubmissionState.VISIBLE
    assert made.language == "en"
    assert kinds_of(session, made) == ["submission_submitted"]


def test_the_event_of_a_text_holds_its_hash_and_none_of_its_words(session: Session) -> None:
    made = submissions.submit(session, make_call(session), make_person(session), SHADE, "form-1")

    (event,) = events.of_subject(session, SUBJECT, made.id)
    (version,) = events.versions(session, SUBJECT, made.id)
    assert event.facts["text_hash"] == version.hash
    assert "Shade" not in str(event.facts)


def test_the_same_form_sent_twice_is_one_submission(session: Session) -> None:
    call, bob = make_call(session), make_person(session)

    first = submissions.submit(session, call, bob, SHADE, "form-1")
    second = submissions.submit(session, call, bob, Said("Another text, same form."), "form-1")

    assert second.id == first.id
    assert second.text == SHADE.text
    assert len(kinds_of(session, first)) == 1


def test_an_unconfirmed_author_waits_until_the_address_is_confirmed(session: Session) -> None:
    call, bob = make_call(session), make_person(session, email_confirmed_at=None)
    other = make_submission(session, call)
    made = submissions.submit(session, call, bob, SHADE, "form-1")
    endorsements.endorse(session, other, bob)
    assert (made.state, other.endorsement_count) == (SubmissionState.SUBMITTED, 0)

    bob.email_confirmed_at = now()
    confirmations.release(session, bob)

    session.refresh(other)
    assert (made.state, other.endorsement_count) == (SubmissionState.VISIBLE, 1)
    assert kinds_of(session, made) == ["submission_submitted", "submission_published"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"closes_at": now() - timedelta(minutes=1)}, id="the clock has closed it"),
        pytest.param({"opens_at": now() + timedelta(days=1)}, id="it has not opened yet"),
        pytest.param({"state": CallState.CANCELLED, "cancelled_reason": "No budget."}, id="it is cancelled"),
    ],
)
def test_nothing_is_sent_to_a_question_that_is_not_open(session: Session, changes: dict[str, object]) -> None:
    call = make_call(session, **changes)

    with pytest.raises(PhaseForbids):
        submissions.submit(session, call, make_person(session), SHADE, "form-1")


def test_sending_takes_the_draft_away(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    drafts.keep(session, call, Viewer(bob), SHADE)

    submissions.submit(session, call, bob, SHADE, "form-1")

    assert drafts.find(session, call.id, Viewer(bob)) is None


def test_a_change_keeps_the_version_before_and_forgets_the_vector(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    made = submissions.submit(session, call, bob, SHADE, "form-1")
    session.add(Embedding(submission_id=made.id, model="m", call_id=call.id, vector=[0.0, 1.0]))
    session.flush()

    submissions.edit(session, made, Said("Shade and water over the market square."), 1, bob)

    versions = submissions.versions_of(session, made)
    assert [version.words for version in versions] == [
        "Shade and water over the market square.",
        "Shade\n\nShade over the market square, please.",
    ]
    assert made.version == 2
    assert session.exec(select(Embedding).where(Embedding.submission_id == made.id)).first() is None


def test_the_second_of_two_windows_is_told_and_changes_nothing(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    made = submissions.submit(session, call, bob, SHADE, "form-1")
    submissions.edit(session, made, Said("From the first window."), 1, bob)

    with pytest.raises(ChangedMeanwhile):
        submissions.edit(session, made, Said("From the second window."), 1, bob)

    assert made.text == "From the first window."


def test_hidden_words_are_not_changed_any_more(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    made = make_submission(session, call, bob, state=SubmissionState.HIDDEN, hidden_rule="insult")

    with pytest.raises(MoveForbidden):
        submissions.edit(session, made, SHADE, 1, bob)


def test_withdrawing_erases_every_word_and_keeps_the_counts(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    made = submissions.submit(session, call, bob, SHADE, "form-1")
    endorsements.endorse(session, made, make_person(session, "Alice"))
    session.add(Embedding(submission_id=made.id, model="m", call_id=call.id, vector=[0.0, 1.0]))
    session.flush()

    submissions.withdraw(session, made, bob.id)
    session.flush()
    session.expire_all()

    assert (made.state, made.title, made.text, made.search) == (SubmissionState.WITHDRAWN, "", "", None)
    assert made.endorsement_count == 1
    assert [(version.words, version.salt) for version in session.exec(select(TextVersion))] == [(None, None)]
    assert session.exec(select(Embedding)).first() is None
    hashes = [
        event.facts.get("text_hash") for event in session.exec(select(Event)) if event.subject_id == made.id
    ]
    assert any(hashes)


def test_nothing_is_withdrawn_twice(session: Session) -> None:
    bob = make_person(session)
    made = make_submission(session, None, bob)
    submissions.withdraw(session, made, bob.id)

    with pytest.raises(MoveForbidden):
        submissions.withdraw(session, made, bob.id)
