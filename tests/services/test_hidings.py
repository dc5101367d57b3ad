"""Hidings are told, appealed against once, judged by another moderator, and undone: voices and comments alike."""

from typing import NamedTuple

import pytest
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import moderation_lists
from app.models.call import Call
from app.models.columns import now
from app.models.hidings import hidings
from app.models.notification import Notification
from app.models.organisation import Organisation
from app.models.outgoing_mail import OutgoingMail
from app.models.person import Person
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules.moderation import HidingRule
from app.rules.words import CallState, StatementState, SubmissionState
from app.services import answers, moderation, moderation_comments, statements
from app.services.moderation import DecidedAlready
from app.services.moderation_deciders import AnotherDecides
from app.services.statements import AppealedAlready, NothingToAppeal
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person
from tests.replayed import begin
from tests.services.drafted import make_scene

ORIGIN = "https://example.org"
S = SubmissionState


class Case(NamedTuple):
    voice: Submission
    bob: Person
    ada: Person
    carol: Person
    agency: Organisation
    said: Statement


@pytest.fixture
def case(session: Session) -> Case:
    """A voice of Bob's with a comment of Ada's, and Carol, who alone moderates for the agency that asks."""
    agency = make_organisation(session)
    bob, ada, carol = make_person(session), make_person(session, "Ada"), make_facilitator(session, agency)
    voice = make_submission(session, make_call(session, agency), bob)
    said = statements.comment(session, voice, ada, "You fool.", "1", None)
    return Case(voice, bob, ada, carol, agency, said)


def hide(session: Session, case: Case, by: Person | None = None) -> None:
    moderation.hide(session, case.voice, by or case.carol, HidingRule.INSULT, "It insults.", ORIGIN)


def hide_comment(session: Session, case: Case) -> None:
    moderation_comments.hide(
        session, case.voice, case.said.id, case.carol, HidingRule.INSULT, "It insults.", ORIGIN
    )


def told(session: Session, person: Person) -> list[str]:
    query = select(Notification.kind).where(Notification.person_id == person.id)
    return list(session.exec(query.order_by(col(Notification.created_at))))


def test_the_author_of_a_hidden_comment_is_told_by_page_and_mail(session: Session, case: Case) -> None:
    hide_comment(session, case)

    (mail,) = session.exec(select(OutgoingMail).where(OutgoingMail.to_address == case.ada.email)).all()
    assert told(session, case.ada) == ["comment_hidden"]
    assert f"{ORIGIN}/submissions/{case.voice.id}#comment-{case.said.id}" in mail.body
    assert "You fool" not in mail.body


def test_the_mail_is_in_the_words_of_its_reader(session: Session, case: Case) -> None:
    case.ada.locale = "es"

    hide_comment(session, case)

    (mail,) = session.exec(select(OutgoingMail).where(OutgoingMail.to_address == case.ada.email)).all()
    assert "Insult, threat" not in mail.body


def test_a_comment_is_appealed_once_and_waits_in_the_queue(session: Session, case: Case) -> None:
    with pytest.raises(NothingToAppeal):
        statements.appeal_comment(session, case.voice, case.said, case.ada, "It is a proverb.")
    hide_comment(session, case)
    statements.appeal_comment(session, case.voice, case.said, case.ada, "It is a proverb.")

    (item,) = moderation_lists.appealed(session, case.voice.call_id).items
    assert item.appeal is not None
    assert (item.subject.id, item.appeal.text, item.reason) == (
        case.said.id,
        "It is a proverb.",
        "It insults.",
    )
    assert "comment_appeal_made" in told(session, case.carol)
    with pytest.raises(AppealedAlready):
        statements.appeal_comment(session, case.voice, case.said, case.ada, "Once more.")
    with pytest.raises(NotFound):
        statements.appeal_comment(session, case.voice, case.said, case.bob, "For her.")


def test_an_upheld_appeal_brings_a_comment_back(session: Session, case: Case) -> None:
    hide_comment(session, case)
    statements.appeal_comment(session, case.voice, case.said, case.ada, "It is a proverb.")

    moderation_comments.decide_appeal(
        session, case.voice, case.said.id, case.carol, upheld=True, reason="So it is.", origin=ORIGIN
    )

    session.refresh(case.voice)
    assert (case.said.state, case.said.rule, case.voice.comment_count) == (StatementState.VISIBLE, "", 1)
    assert told(session, case.ada) == ["comment_hidden", "comment_appeal_upheld"]
    assert moderation_lists.counts(session, case.voice.call_id)["appealed"] == 0


def test_a_dismissed_appeal_answers_its_author(session: Session, case: Case) -> None:
    hide_comment(session, case)
    statements.appeal_comment(session, case.voice, case.said, case.ada, "It is a proverb.")

    moderation_comments.decide_appeal(
        session, case.voice, case.said.id, case.carol, upheld=False, reason="It is none.", origin=ORIGIN
    )

    hiding = hidings(session, [case.said.id])[case.said.id]
    assert hiding.answer is not None
    assert hiding.answer.text == "It is none."
    assert case.said.state is StatementState.HIDDEN
    assert told(session, case.ada) == ["comment_hidden", "comment_appeal_dismissed"]


def test_who_hid_it_leaves_the_appeal_to_another_moderator(session: Session, case: Case) -> None:
    dora = make_facilitator(session, case.agency, "Dora")
    hide(session, case)
    hide_comment(session, case)
    statements.appeal(session, case.voice, case.bob, "It does not.")
    statements.appeal_comment(session, case.voice, case.said, case.ada, "It does not.")

    with pytest.raises(AnotherDecides):
        moderation.decide_appeal(session, case.voice, case.carol, upheld=False, reason="It does.", origin="")
    with pytest.raises(AnotherDecides):
        moderation_comments.decide_appeal(
            session, case.voice, case.said.id, case.carol, upheld=False, reason="It does.", origin=""
        )
    moderation.decide_appeal(session, case.voice, dora, upheld=True, reason="It does not.", origin="")

    assert case.voice.state is S.VISIBLE
    assert not moderation_lists.log(session).lines[0].by_hider


@pytest.mark.parametrize("why", ["nobody else", "suspended", "never opened the link", "its author"])
def test_where_there_is_no_other_the_log_says_so(session: Session, case: Case, why: str) -> None:
    if why == "suspended":
        make_facilitator(session, case.agency, "Dora").suspended_at = now()
    if why == "never opened the link":
        make_facilitator(session, case.agency, "Dora").email_confirmed_at = None
    if why == "its author":
        case.voice.author_id = make_facilitator(session, case.agency, "Dora").id
    session.flush()
    hide(session, case)
    appeal = statements.appeal(session, case.voice, case.bob, "It does not.")

    moderation.decide_appeal(session, case.voice, case.carol, upheld=False, reason="It does.", origin="")

    assert moderation_lists.log(session).lines[0].by_hider
    assert appeal.outcome == moderation_lists.ONLY_MODERATOR


def test_a_slip_is_undone_with_a_reason_in_the_log_and_the_author_is_told(
    session: Session, case: Case
) -> None:
    hide(session, case)

    moderation.restore(session, case.voice, case.carol, "I took it for another text.", ORIGIN)

    line = moderation_lists.log(session).lines[0]
    assert (line.outcome, line.reason) == ("restored", "I took it for another text.")
    assert (case.voice.state, case.voice.hidden_rule) == (S.VISIBLE, "")
    assert told(session, case.bob)[-1] == "submission_restored"
    with pytest.raises(DecidedAlready):
        moderation.restore(session, case.voice, case.carol, "Again.", ORIGIN)


def test_undoing_answers_an_open_appeal(session: Session, case: Case) -> None:
    make_facilitator(session, case.agency, "Dora")
    hide(session, case)
    statements.appeal(session, case.voice, case.bob, "It does not.")

    moderation.restore(session, case.voice, case.carol, "True: my mistake.", ORIGIN)

    assert moderation_lists.counts(session, case.voice.call_id)["appealed"] == 0


def test_an_imported_voice_comes_back_too(session: Session, case: Case) -> None:
    voice = make_submission(
        session, session.get_one(Call, case.voice.call_id), make_person(session, "Nobody", email=None),
        state=S.HIDDEN, hidden_rule="rejected_in_source", hidden_at=now(), source_key="7",
    )  # fmt: skip

    moderation.restore(session, voice, case.carol, "It only criticises.", ORIGIN)

    assert voice.state is S.VISIBLE


def test_the_hiding_of_a_comment_is_undone(session: Session, case: Case) -> None:
    hide_comment(session, case)

    moderation_comments.restore(session, case.voice, case.said.id, case.carol, "It was said in jest.", ORIGIN)

    session.refresh(case.voice)
    assert (case.said.state, case.voice.comment_count) == (StatementState.VISIBLE, 1)
    assert told(session, case.ada) == ["comment_hidden", "comment_restored"]
    assert moderation_lists.log(session).lines[0].outcome == "restored"


def test_what_is_hidden_stands_in_a_list_of_its_own(session: Session, case: Case) -> None:
    hide_comment(session, case)
    hide(session, case)
    for number in range(moderation_lists.PAGE):
        make_submission(
            session, session.get_one(Call, case.voice.call_id), state=S.HIDDEN, hidden_rule="insult",
            hidden_at=now(), text=f"Hidden {number}",
        )  # fmt: skip

    first = moderation_lists.hidden(session, case.voice.call_id)
    second = moderation_lists.hidden(session, case.voice.call_id, first.next or "")

    assert len(first.items) == moderation_lists.PAGE
    assert {item.subject.id for item in second.items} == {case.voice.id, case.said.id}
    assert {item.reason for item in second.items} == {"It insults."}


@pytest.mark.parametrize("before", [S.TAKEN_UP, S.NOT_TAKEN_UP])
def test_an_upheld_appeal_leaves_the_agencys_answer_as_it_was(
    session: Session, case: Case, before: SubmissionState
) -> None:
    case.voice.state, case.voice.outcome_reason, case.voice.outcome_at = before, "We shall see.", now()
    session.flush()
    hide(session, case)
    statements.appeal(session, case.voice, case.bob, "It does not.")

    moderation.decide_appeal(session, case.voice, case.carol, upheld=True, reason="True.", origin="")

    assert (case.voice.state, case.voice.outcome_reason) == (before, "We shall see.")


def test_an_answer_given_while_it_was_hidden_holds_for_it_too(session: Session) -> None:
    scene = make_scene(session, state=CallState.CHECKING)
    voice = scene.voices[0]
    moderation.hide(session, voice, scene.carol, HidingRule.INSULT, "It insults.", "")
    answers.answer(
        session, scene.call, str(scene.cluster.key), S.TAKEN_UP, "We build on every roof.", scene.carol.id
    )
    answers.conclude(session, scene.call, scene.carol.id, "")

    moderation.restore(session, voice, scene.carol, "My mistake.", "")

    assert (voice.state, voice.outcome_reason) == (S.TAKEN_UP, "We build on every roof.")
    assert voice.outcome_at == scene.call.answered_at


def test_a_grouped_voice_returns_to_its_group(session: Session) -> None:
    scene = make_scene(session)
    moderation.hide(session, scene.voices[0], scene.carol, HidingRule.INSULT, "It insults.", "")

    moderation.restore(session, scene.voices[0], scene.carol, "My mistake.", "")

    assert scene.voices[0].state is S.GROUPED


@pytest.mark.parametrize(("confirmed", "after"), [(False, S.SUBMITTED), (True, S.VISIBLE)])
def test_what_waited_for_the_address_waits_for_it_again(
    session: Session, case: Case, confirmed: bool, after: SubmissionState
) -> None:
    dora = make_person(session, "Dora", email_confirmed_at=None)
    voice = make_submission(session, session.get_one(Call, case.voice.call_id), dora, state=S.SUBMITTED)
    moderation.hide(session, voice, case.carol, HidingRule.INSULT, "It insults.", "")
    if confirmed:
        dora.email_confirmed_at = now()

    moderation.restore(session, voice, case.carol, "My mistake.", "")

    assert voice.state is after
    assert told(session, dora)[-1] == ("submission_restored" if confirmed else "submission_restored_waits")


def test_publishing_a_waiting_text_tells_its_author(session: Session, case: Case) -> None:
    case.voice.state = S.SUBMITTED
    session.flush()

    moderation.publish(session, case.voice, case.carol, ORIGIN)

    assert told(session, case.bob)[-1] == "submission_published"


def test_a_withdrawn_comment_leaves_nothing_to_decide_and_no_words(session: Session, case: Case) -> None:
    hide_comment(session, case)
    appeal = statements.appeal_comment(session, case.voice, case.said, case.ada, "“You fool” is a proverb.")

    statements.withdraw_comment(session, case.voice, case.said, case.ada.id)
    session.flush()

    assert moderation_lists.appealed(session, case.voice.call_id).items == []
    assert appeal.text == ""


def test_every_one_of_these_acts_can_be_replayed(session: Session, case: Case) -> None:
    dora = make_facilitator(session, case.agency, "Dora")
    memory = begin(session)
    for upheld in (True, False):
        hide_comment(session, case)
        memory.remember(session, f"hide comment {upheld}")
        statements.appeal_comment(session, case.voice, case.said, case.ada, "No.")
        memory.remember(session, f"appeal comment {upheld}")
        moderation_comments.decide_appeal(
            session, case.voice, case.said.id, dora, upheld=upheld, reason="Looked at.", origin=""
        )
        memory.remember(session, f"decide comment {upheld}")
    moderation_comments.restore(session, case.voice, case.said.id, dora, "After all.", "")
    memory.remember(session, "restore comment")
    case.voice.state = S.TAKEN_UP
    memory = begin(session)
    hide(session, case)
    memory.remember(session, "hide")
    moderation.restore(session, case.voice, dora, "After all.", "")
    memory.remember(session, "restore")
    hide_comment(session, case)
    statements.appeal_comment(session, case.voice, case.said, case.ada, "No.")
    statements.withdraw_comment(session, case.voice, case.said, case.ada.id)
    memory.remember(session, "withdraw comment")

    assert memory.wrong(session) == {}
