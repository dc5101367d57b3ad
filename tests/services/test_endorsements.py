"""Endorsing: once, counted when confirmed, never one's own, only while the question is open."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.errors import NotFound
from app.models.columns import now
from app.rules.phases import PhaseForbids
from app.rules.words import SubmissionState
from app.services import endorsements
from app.services.endorsements import OwnVoice
from tests.factories import make_call, make_submission
from tests.people import make_person


def test_endorsing_twice_counts_once(session: Session) -> None:
    voice, bob = make_submission(session), make_person(session)

    first, second = endorsements.endorse(session, voice, bob), endorsements.endorse(session, voice, bob)

    assert (first, second) == (True, False)
    assert (voice.endorsement_count, voice.support) == (1, 1)


def test_taking_back_is_taking_back_once(session: Session) -> None:
    voice, bob, alice = make_submission(session), make_person(session), make_person(session, "Alice")
    endorsements.endorse(session, voice, bob)
    endorsements.endorse(session, voice, alice)

    endorsements.take_back(session, voice, bob)
    endorsements.take_back(session, voice, bob)

    assert voice.endorsement_count == 1
    assert not endorsements.is_endorsed(session, voice.id, bob.id)
    assert endorsements.is_endorsed(session, voice.id, alice.id)


def test_an_unconfirmed_endorsement_is_kept_and_not_counted(session: Session) -> None:
    voice, bob = make_submission(session), make_person(session, email_confirmed_at=None)

    endorsements.endorse(session, voice, bob)
    assert voice.endorsement_count == 0

    endorsements.take_back(session, voice, bob)
    assert voice.endorsement_count == 0


def test_nobody_endorses_their_own(session: Session) -> None:
    bob = make_person(session)
    voice = make_submission(session, None, bob)

    with pytest.raises(OwnVoice):
        endorsements.endorse(session, voice, bob)


def test_a_closed_question_takes_no_endorsement(session: Session) -> None:
    voice = make_submission(session, make_call(session, closes_at=now() - timedelta(hours=1)))

    with pytest.raises(PhaseForbids):
        endorsements.endorse(session, voice, make_person(session))


def test_a_voice_hidden_meanwhile_takes_no_endorsement(session: Session) -> None:
    voice = make_submission(session, state=SubmissionState.HIDDEN, hidden_rule="insult")

    with pytest.raises(NotFound):
        endorsements.endorse(session, voice, make_person(session))


def test_a_list_asks_once_which_voices_i_endorse(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    one, two = make_submission(session, call), make_submission(session, call, make_person(session, "Other"))
    endorsements.endorse(session, two, bob)

    assert endorsements.endorsed_among(session, [one.id, two.id], bob.id) == {two.id}
    assert endorsements.endorsed_among(session, [one.id, two.id], None) == set()
