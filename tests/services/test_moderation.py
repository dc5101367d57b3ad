"""Moderation: a rule, a reason, the author told, an appeal, and a public line for each decision."""

import pytest
from sqlmodel import Session, select

from app.errors import NotFound
from app.models import moderation_lists
from app.models.call import Call
from app.models.notification import Notification
from app.models.outgoing_mail import OutgoingMail
from app.models.person import Person
from app.models.submission import Submission
from app.permissions import NotYours
from app.rules.moderation import HidingRule
from app.rules.moves import MoveForbidden, ReasonMissing
from app.rules.words import SubmissionState
from app.services import moderation, moderation_comments, statements
from app.services.moderation import DecidedAlready
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person

ORIGIN = "https://example.org"
SECRET = "words that nobody should read again"


def make_case(session: Session, **changes: object) -> tuple[Submission, Person, Person]:
    agency, bob = make_organisation(session), make_person(session)
    carol = make_facilitator(session, agency)
    return make_submission(session, make_call(session, agency), bob, text=SECRET, **changes), bob, carol


def test_hiding_tells_the_author_by_page_and_mail(session: Session) -> None:
    voice, bob, carol = make_case(session)

    moderation.hide(session, voice, carol, HidingRule.INSULT, "It insults a neighbour.", ORIGIN)

    assert voice.state is SubmissionState.HIDDEN
    (told,) = session.exec(select(Notification)).all()
    (mail,) = session.exec(select(OutgoingMail)).all()
    assert (told.person_id, told.kind) == (bob.id, "submission_hidden")
    assert mail.to_address == bob.email
    assert f"{ORIGIN}/submissions/{voice.id}" in mail.body
    assert SECRET not in mail.body


def test_hiding_needs_a_reason(session: Session) -> None:
    voice, _bob, carol = make_case(session)

    with pytest.raises(ReasonMissing):
        moderation.hide(session, voice, carol, HidingRule.INSULT, " ", ORIGIN)


def test_the_log_names_rule_and_reason_and_neither_words_nor_author(session: Session) -> None:
    voice, bob, carol = make_case(session)
    moderation.hide(session, voice, carol, HidingRule.INSULT, "It insults a neighbour.", ORIGIN)

    (line,) = moderation_lists.log(session).lines

    assert (line.rule, line.reason, line.outcome) == ("insult", "It insults a neighbour.", "hidden")
    assert SECRET not in str(line)
    assert bob.name not in str(line)


def test_an_upheld_appeal_brings_the_words_back(session: Session) -> None:
    voice, bob, carol = make_case(session)
    moderation.hide(session, voice, carol, HidingRule.INSULT, "It insults a neighbour.", ORIGIN)
    statements.appeal(session, voice, bob, "It names an institution.")

    moderation.decide_appeal(session, voice, carol, upheld=True, reason="It does.", origin=ORIGIN)

    assert (voice.state, voice.hidden_rule) == (SubmissionState.VISIBLE, "")
    assert [line.outcome for line in moderation_lists.log(session).lines] == ["appeal_upheld", "hidden"]
    assert moderation_lists.counts(session, voice.call_id)["appealed"] == 0


def test_a_dismissed_appeal_stays_hidden_and_says_why(session: Session) -> None:
    voice, bob, carol = make_case(session)
    moderation.hide(session, voice, carol, HidingRule.INSULT, "It insults a neighbour.", ORIGIN)
    appeal = statements.appeal(session, voice, bob, "It does not.")

    moderation.decide_appeal(session, voice, carol, upheld=False, reason="It names him.", origin=ORIGIN)

    answer = moderation.answer_to(session, appeal)
    assert voice.state is SubmissionState.HIDDEN
    assert answer is not None
    assert answer.text == "It names him."


def test_without_an_appeal_there_is_nothing_to_decide(session: Session) -> None:
    voice, _bob, carol = make_case(session)
    moderation.hide(session, voice, carol, HidingRule.INSULT, "It insults.", ORIGIN)

    with pytest.raises(NotFound):
        moderation.decide_appeal(session, voice, carol, upheld=True, reason="x", origin=ORIGIN)


def test_publishing_lets_a_waiting_text_be_read(session: Session) -> None:
    voice, _bob, carol = make_case(session, state=SubmissionState.SUBMITTED)
    assert moderation_lists.counts(session, voice.call_id)["submitted"] == 1

    moderation.publish(session, voice, carol)

    assert voice.state is SubmissionState.VISIBLE
    assert moderation_lists.submitted(session, voice.call_id).items == []


def test_publishing_is_no_way_around_an_appeal(session: Session) -> None:
    voice, _bob, carol = make_case(session)
    moderation.hide(session, voice, carol, HidingRule.INSULT, "It insults.", ORIGIN)

    with pytest.raises(MoveForbidden):
        moderation.publish(session, voice, carol)


def test_reports_are_closed_with_a_reason_and_only_once(session: Session) -> None:
    voice, _bob, carol = make_case(session)
    statements.report(session, voice, make_person(session, "Alice"), "I do not like it.")
    (item,) = moderation_lists.reported(session, voice.call_id).items
    assert [each.text for each in item.reports] == ["I do not like it."]

    moderation.keep_visible(session, voice, voice.id, carol, "Criticism is welcome.")

    assert moderation_lists.reported(session, voice.call_id).items == []
    with pytest.raises(DecidedAlready):
        moderation.keep_visible(session, voice, voice.id, carol, "Again.")


def test_a_reported_comment_stands_in_the_queue_and_can_be_hidden(session: Session) -> None:
    voice, bob, carol = make_case(session)
    said = statements.comment(session, voice, bob, "You fool.", "1", None)
    statements.report(session, voice, make_person(session, "Alice"), "An insult.", said.id)
    (item,) = moderation_lists.reported(session, voice.call_id).items
    assert item.comment is not None
    assert item.comment.id == said.id

    moderation_comments.hide(session, voice, said.id, carol, HidingRule.INSULT, "It insults.", ORIGIN)

    session.refresh(voice)
    assert voice.comment_count == 0
    assert moderation_lists.reported(session, voice.call_id).items == []
    assert moderation_lists.log(session).lines[0].subject_kind == "statement"


def test_a_moderator_does_not_hide_their_own_comment_from_the_log(session: Session) -> None:
    voice, _bob, carol = make_case(session)
    said = statements.comment(session, voice, carol, "Mine.", "1", None)

    with pytest.raises(NotYours):
        moderation_comments.hide(session, voice, said.id, carol, HidingRule.INSULT, "No.", ORIGIN)


def test_the_queue_shows_its_own_call_only_and_pages(session: Session) -> None:
    voice, bob, _carol = make_case(session, state=SubmissionState.SUBMITTED)
    call = session.get_one(Call, voice.call_id)
    for _ in range(moderation_lists.PAGE):
        make_submission(session, call, bob, state=SubmissionState.SUBMITTED)
    elsewhere = make_call(session, make_organisation(session, "Another agency"))
    make_submission(session, elsewhere, bob, state=SubmissionState.SUBMITTED)

    first = moderation_lists.submitted(session, call.id)
    second = moderation_lists.submitted(session, call.id, first.next or "")

    assert len(first.items) == moderation_lists.PAGE
    assert len(second.items) == 1
    assert second.next is None
