"""Hidings through the pages: who reads what, one appeal, a slip undone, and where a moderator is afterwards."""

from typing import NamedTuple

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.models import moderation_lists
from app.models.call import Call
from app.models.columns import now
from app.models.person import Person
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules.words import Role, ScopeKind, StatementState, SubmissionState
from app.services import statements
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_facilitator, make_organisation, make_person, seat

SECRET = "A canary that is hidden"
HIDING = {"rule": "insult", "reason": "It insults a neighbour."}


class Case(NamedTuple):
    call: Call
    voice: Submission
    said: Statement
    ada: Person
    carol: Person


@pytest.fixture
def case(db: Session) -> Case:
    agency, bob, ada = make_organisation(db), make_person(db), make_person(db, "Ada")
    carol, call = make_facilitator(db, agency), make_call(db, agency)
    voice = make_submission(db, call, bob)
    said = statements.comment(db, voice, ada, SECRET, "1", None)
    db.commit()
    return Case(call, voice, said, ada, carol)


def hide_comment(browser: Browser, case: Case) -> None:
    page = browser.open(f"/submissions/{case.voice.id}")
    page = browser.hand_in(page.form(f"/comments/{case.said.id}/hiding"), HIDING)
    assert page.url == f"/submissions/{case.voice.id}"


def test_a_hidden_comment_is_read_by_its_author_with_rule_and_reason_and_appealed_once(
    app: FastAPI, db: Session, case: Case
) -> None:
    path = f"/submissions/{case.voice.id}"
    with Browser(app) as moderator, Browser(app) as author, Browser(app) as stranger:
        hide_comment(moderator.sign_in(db, case.carol), case)
        author.sign_in(db, case.ada)

        assert SECRET not in stranger.open(path).text
        page = author.open(path)
        for words in (SECRET, "Insult, threat or hatred", "It insults a neighbour."):
            assert words in page.text
        page = author.hand_in(page.form(f"/comments/{case.said.id}/appeal"), {"appeal": "It is a song."})
        assert "You appealed on" in page.text
        assert not [form for form in page.forms if form.action.endswith("/appeal")]

        queue = moderator.open(f"/calls/{case.call.id}/moderation?list=appealed")
        assert "It is a song." in queue.text
        assert "your agency has no other moderator" in queue.text
        decision = queue.form(f"/comments/{case.said.id}/appeal/decision")
        moderator.hand_in(decision, {"reason": "It is not."}, button="Dismiss: it stays hidden")
        page = author.open(path)
        assert "It is not." in page.text
        assert "Decided by the moderator who had hidden it" in page.text
        assert "Decided by the moderator who had hidden it" in stranger.open("/moderation-log").text

        moderator.hand_in(
            moderator.open(path).form(f"/comments/{case.said.id}/restoration"),
            {"reason": "It is, after all."},
        )
        assert SECRET in stranger.open(path).text
        assert "Hiding of a comment undone" in stranger.open("/moderation-log").text


def test_a_hidden_comment_can_be_withdrawn_by_its_author(app: FastAPI, db: Session, case: Case) -> None:
    with Browser(app) as moderator, Browser(app) as author:
        hide_comment(moderator.sign_in(db, case.carol), case)
        page = author.sign_in(db, case.ada).open(f"/submissions/{case.voice.id}")

        page = author.hand_in(page.form(f"/comments/{case.said.id}/withdrawal"))

        assert SECRET not in page.text
        assert SECRET not in moderator.open(f"/calls/{case.call.id}/moderation?list=hidden").text


def test_another_moderator_finds_the_appeal_and_who_hid_it_is_told_to_leave_it(
    app: FastAPI, db: Session, case: Case
) -> None:
    dora = make_person(db, "Dora")
    seat(db, dora, Role.FACILITATOR, ScopeKind.ORGANISATION, case.call.organisation_id)
    db.commit()
    with Browser(app) as carol, Browser(app) as other, Browser(app) as author:
        hide_comment(carol.sign_in(db, case.carol), case)
        author.sign_in(db, case.ada).fill_in(
            f"/submissions/{case.voice.id}/comments/{case.said.id}/appeal", {"appeal": "It is a song."}
        )
        queue = f"/calls/{case.call.id}/moderation?list=appealed"
        decision = f"/submissions/{case.voice.id}/comments/{case.said.id}/appeal/decision"

        assert "another moderator of your agency decides" in carol.open(queue).text
        assert carol.fill_in(decision, {"outcome": "dismiss", "reason": "No."}).status_code == 403
        page = other.sign_in(db, dora).open(queue)
        other.hand_in(
            page.form("/appeal/decision"), {"reason": "So it is."}, button="Uphold: undo the hiding"
        )

        db.expire_all()
        assert db.get_one(Statement, case.said.id).state is StatementState.VISIBLE


def test_an_imported_voice_is_hidden_and_brought_back_from_the_list_of_what_is_hidden(
    app: FastAPI, db: Session, case: Case
) -> None:
    voice = make_submission(db, case.call, make_person(db, "Participant 7", email=None), source_key="7")
    db.commit()
    path = f"/submissions/{voice.id}"
    with Browser(app) as moderator, Browser(app) as stranger:
        page = moderator.sign_in(db, case.carol).open(path)
        page = moderator.hand_in(page.form("/hiding"), HIDING)
        assert page.url == path
        assert "there is no author here to be told" in page.text

        tomb = stranger.open(path).text
        assert "cannot appeal" in tomb
        assert "was told" not in tomb.replace("was not told", "")
        page = moderator.open(f"/calls/{case.call.id}/moderation?list=hidden")
        page = moderator.hand_in(page.form(f"{path}/restoration"), {"reason": "A slip."})

        assert page.url == f"/calls/{case.call.id}/moderation"
        assert "Voices and comments that moderators hide will stand here" in page.text
        assert voice.text in stranger.open(path).text


def test_what_came_hidden_is_not_told_as_hidden_here(app: FastAPI, db: Session, case: Case) -> None:
    voice = make_submission(
        db, case.call, make_person(db, "Participant 9", email=None), source_key="9", hidden_at=now(),
        state=SubmissionState.HIDDEN, hidden_rule="rejected_in_source", text="Rejected elsewhere.",
    )  # fmt: skip
    db.commit()
    with Browser(app) as moderator, Browser(app) as stranger:
        page = moderator.sign_in(db, case.carol).open(f"/submissions/{voice.id}")

        assert "It came hidden, as in the source" in page.text
        assert "Moderators hid it" not in page.text
        assert "Hidden since it was imported on" in stranger.open(f"/submissions/{voice.id}").text


def test_the_tombstone_of_a_voice_whose_author_is_here_says_that_they_can_appeal(
    app: FastAPI, db: Session, case: Case
) -> None:
    with Browser(app) as moderator, Browser(app) as stranger:
        moderator.sign_in(db, case.carol).fill_in(f"/submissions/{case.voice.id}/hiding", HIDING)

        assert "An author can appeal once" in stranger.open(f"/submissions/{case.voice.id}").text


def test_after_an_act_one_stays_in_the_tab_at_what_comes_next(
    visitor: Browser, db: Session, case: Case
) -> None:
    voices = [make_submission(db, case.call, text=f"Reported {number}") for number in range(3)]
    for voice in voices:
        statements.report(db, voice, case.ada, "Look.")
    waiting = make_submission(db, case.call, state=SubmissionState.SUBMITTED)
    db.commit()
    visitor.sign_in(db, case.carol)
    page = visitor.open(f"/calls/{case.call.id}/moderation?list=reported")

    form = page.form(f"{voices[0].id}/reports/resolution")
    to, sent = form.filled({"reason": "It breaks no rule."})
    answer = visitor.post(to, data=sent, follow_redirects=False)

    assert answer.headers["location"] == (
        f"/calls/{case.call.id}/moderation?list=reported#waiting-{voices[1].id}"
    )
    page = visitor.open(answer.headers["location"])
    assert "Reported 1" in page.text
    assert waiting.text not in page.main.text


def test_a_missing_reason_keeps_the_tab_the_rule_and_the_page(
    visitor: Browser, db: Session, case: Case
) -> None:
    for number in range(2):
        statements.report(db, make_submission(db, case.call, text=f"Reported {number}"), case.ada, "Look.")
    make_submission(db, case.call, state=SubmissionState.SUBMITTED)
    db.commit()
    visitor.sign_in(db, case.carol)
    form = visitor.open(f"/calls/{case.call.id}/moderation?list=reported").form("/hiding")

    page = visitor.hand_in(form, {"rule": "repeated", "reason": " "}, status=422)

    again = page.form(form.action)
    assert again.fields["rule"] == "repeated"
    assert again.fields["list"] == "reported"
    assert "Reported 1" in page.text
    assert "Please write something" in page.text


def test_a_missing_rule_on_the_voices_page_keeps_the_reason(
    visitor: Browser, db: Session, case: Case
) -> None:
    visitor.sign_in(db, case.carol)
    form = visitor.open(f"/submissions/{case.voice.id}").form(f"/comments/{case.said.id}/hiding")

    to, sent = form.filled({"reason": "It insults a neighbour."}, check=False)
    page = visitor.read(visitor.post(to, data=sent), 422)

    assert page.form(form.action).fields["reason"] == "It insults a neighbour."
    assert "Choose the rule" in page.text


def test_the_last_of_a_page_leads_to_what_waits_before_it(visitor: Browser, db: Session, case: Case) -> None:
    voices = [
        make_submission(db, case.call, state=SubmissionState.SUBMITTED, text=f"Waiting {number}")
        for number in range(moderation_lists.PAGE + 1)
    ]
    db.commit()
    visitor.sign_in(db, case.carol)
    second = moderation_lists.submitted(db, case.call.id).next
    page = visitor.open(f"/calls/{case.call.id}/moderation?list=submitted&page={second}")
    assert f"Waiting {moderation_lists.PAGE}" in page.text

    page = visitor.hand_in(page.form(f"{voices[-1].id}/publication"))

    assert "Waiting 0" in page.text


def test_an_unconfirmed_authors_voice_waits_for_the_address_wherever_one_reads_of_it(
    app: FastAPI, db: Session, case: Case
) -> None:
    dora = make_person(db, "Dora", email_confirmed_at=None)
    voice = make_submission(db, case.call, dora, state=SubmissionState.SUBMITTED, text="Not yet public.")
    imported = make_submission(
        db, case.call, make_person(db, "Participant 8", email=None), state=SubmissionState.SUBMITTED,
        source_key="8", text="Imported unread.",
    )  # fmt: skip
    db.commit()
    waits = "Waits for its author to confirm the e-mail address"
    with Browser(app) as author, Browser(app) as moderator:
        page = author.sign_in(db, dora).open(f"/submissions/{voice.id}")
        moderator.sign_in(db, case.carol)
        queue = moderator.open(f"/calls/{case.call.id}/moderation?list=submitted").text
        their_view = moderator.open(f"/submissions/{voice.id}").text

        assert page.text.count(waits) == 2  # the thread and the state
        assert "It waits for its author to confirm" in page.text
        assert "This waits until you confirm your e-mail address." in page.text
        assert "for moderators" not in page.text
        assert waits in author.open("/me/submissions").text
        assert "It waits for its author to confirm the e-mail address" in queue
        assert "the moderators of the source had not read it yet" in queue
        assert "It waits for its author to confirm the e-mail address" in their_view
        assert "Imported unread: waits for a moderator" in moderator.open(f"/submissions/{imported.id}").text


def test_an_endorsement_that_does_not_count_yet_says_so_on_every_visit(
    visitor: Browser, db: Session, case: Case
) -> None:
    dora = make_person(db, "Dora", email_confirmed_at=None)
    db.commit()
    visitor.sign_in(db, dora)
    visitor.fill_in(f"/submissions/{case.voice.id}/endorsement")
    visitor.open(f"/submissions/{case.voice.id}")

    later = visitor.open(f"/submissions/{case.voice.id}")

    assert "counts once you confirm your e-mail address" in later.text
    dora.email_confirmed_at = now()
    db.add(dora)
    db.commit()
    assert "counts once you confirm" not in visitor.open(f"/submissions/{case.voice.id}").text
