from itertools import product

import pytest

from app.rules import disclosure
from app.rules.words import CallState, DecisionState, StatementKind, StatementState, SubmissionState


@pytest.mark.parametrize("state", DecisionState)
def test_no_count_shows_before_the_votes_are_counted(state):
    before = {DecisionState.DRAFT, DecisionState.NOTICED, DecisionState.OPEN, DecisionState.CLOSED}

    assert disclosure.shows_count(state) is (state not in before)


@pytest.mark.parametrize("state", SubmissionState)
def test_words_are_public_in_four_states_only(state):
    public = {"visible", "grouped", "taken_up", "not_taken_up"}

    assert disclosure.shows_words(state) is (state.value in public)


@pytest.mark.parametrize("state", SubmissionState)
def test_no_submission_shows_its_words_on_a_tombstone(state):
    assert not (disclosure.shows_words(state) and disclosure.shows_tombstone(state))


def test_a_submission_waiting_for_a_moderator_does_not_exist_for_others():
    waiting = SubmissionState.SUBMITTED

    assert not disclosure.shows_words(waiting)
    assert not disclosure.shows_tombstone(waiting)


@pytest.mark.parametrize(("kind", "state"), list(product(StatementKind, StatementState)))
def test_reports_appeals_and_checks_are_never_public(kind, state):
    private = {StatementKind.REPORT, StatementKind.APPEAL, StatementKind.CHECKING}

    expected = kind not in private and state is StatementState.VISIBLE
    assert disclosure.shows_statement(kind, state) is expected


def test_drafts_exist_only_for_their_makers():
    assert not disclosure.shows_call(CallState.DRAFT)
    assert not disclosure.shows_decision(DecisionState.DRAFT)
    assert disclosure.shows_call(CallState.CANCELLED)
    assert disclosure.shows_decision(DecisionState.NOTICED)
