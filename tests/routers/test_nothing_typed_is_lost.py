"""What somebody typed survives a lost session, a second window, the back button and a deadline."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.columns import now
from app.models.submission import Submission
from app.rules.words import CallState, SubmissionState
from app.services.drafts import Said
from app.services.submissions import submit
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_person

WORDS = "Benches in the shade along the road to the school."
OTHERS = "A well for the upper village before the summer."
HTMX = {"HX-Request": "true"}


def drafts_of(db: Session) -> list[str]:
    db.expire_all()
    query = select(Submission.text).where(Submission.state == SubmissionState.DRAFT)
    return list(db.exec(query.order_by(Submission.text)))


def test_a_form_sent_after_the_session_was_lost_comes_back_after_signing_in(
    visitor: Browser, db: Session
) -> None:
    call, bob = make_call(db), make_person(db)
    visitor.sign_in(db, bob)
    form = visitor.open(f"/calls/{call.id}/submissions/new").form(f"/calls/{call.id}/submissions")
    visitor.cookies.delete("session")

    page = visitor.hand_in(form, {"text": WORDS})

    assert page.url == "/sign-in"
    visitor.sign_in(db, bob)
    assert drafts_of(db) == [WORDS]


def test_typing_on_after_the_session_was_lost_is_kept(visitor: Browser, db: Session) -> None:
    call, bob = make_call(db), make_person(db)
    visitor.sign_in(db, bob)
    token = visitor.token(f"/calls/{call.id}/submissions/new")
    visitor.cookies.delete("session")

    answer = visitor.post(
        f"/drafts/{call.id}", data={"csrf_token": token, "text": WORDS, "draft_version": "0"}, headers=HTMX
    )

    assert answer.status_code == 200
    assert "Your draft was kept" in answer.text
    assert drafts_of(db) == [WORDS]


def test_a_comment_sent_after_the_session_was_lost_stands_on_the_page_with_a_way_to_sign_in(
    visitor: Browser, db: Session
) -> None:
    voice = make_submission(db)
    visitor.sign_in(db, make_person(db, "Someone Else"))
    token = visitor.token()
    visitor.cookies.delete("session")

    answer = visitor.post(
        f"/submissions/{voice.id}/comments",
        data={"csrf_token": token, "comment": WORDS},
        headers={"Referer": f"http://testserver/submissions/{voice.id}"},
    )

    assert answer.status_code == 403
    page = visitor.read(answer, 403)
    assert WORDS in answer.text
    assert page.link("Sign in").endswith(f"/sign-in?next=/submissions/{voice.id}")


@pytest.mark.parametrize(("site", "shown"), [("same-origin", True), ("cross-site", False), (None, False)])
def test_a_page_with_a_wrong_token_shows_what_was_typed_only_if_it_came_from_here(
    visitor: Browser, db: Session, site: str | None, shown: bool
) -> None:
    call = make_call(db)
    db.commit()
    headers = {"Sec-Fetch-Site": site} if site else {}

    answer = visitor.post(
        f"/calls/{call.id}/submissions", data={"csrf_token": "0" * 64, "text": WORDS}, headers=headers
    )

    assert answer.status_code == 403
    assert (WORDS in answer.text) is shown


def test_a_password_is_never_shown_again(visitor: Browser, db: Session) -> None:
    fields = {"csrf_token": "0" * 64, "email": "a@example.org", "password": "correct horse battery staple"}

    answer = visitor.post("/sign-in", data=fields, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 403
    assert "correct horse" not in answer.text


@pytest.mark.parametrize("path", ["/calls/{call}/submissions", "/submissions/{voice}/edit"])
def test_words_sent_after_the_deadline_stand_on_the_page(visitor: Browser, db: Session, path: str) -> None:
    call, bob = make_call(db), make_person(db)
    voice = make_submission(db, call, bob, text=OTHERS)
    visitor.sign_in(db, bob)
    token = visitor.token(f"/submissions/{voice.id}/edit")
    call.closes_at = now() - timedelta(seconds=1)
    db.commit()

    answer = visitor.post(
        path.format(call=call.id, voice=voice.id), data={"csrf_token": token, "text": WORDS, "version": "1"}
    )

    assert answer.status_code == 409
    assert WORDS in answer.text
    assert "send it again" not in answer.text


def test_a_form_gone_back_to_and_sent_with_other_words_offers_both_ways(
    visitor: Browser, db: Session
) -> None:
    call, bob = make_call(db), make_person(db)
    visitor.sign_in(db, bob)
    form = visitor.open(f"/calls/{call.id}/submissions/new").form(f"/calls/{call.id}/submissions")
    visitor.hand_in(form, {"text": OTHERS})

    page = visitor.hand_in(form, {"text": WORDS}, status=409)

    assert WORDS in page.form("/edit").fields["text"]
    again = visitor.hand_in(page.form("/edit"), {}, button="Send it as another submission")
    assert WORDS in again.main.text
    query = select(Submission.text).where(Submission.state == SubmissionState.VISIBLE)
    assert sorted(db.exec(query)) == sorted([WORDS, OTHERS])


def test_the_same_form_with_the_same_words_is_one_submission(visitor: Browser, db: Session) -> None:
    call, bob = make_call(db), make_person(db)
    visitor.sign_in(db, bob)
    form = visitor.open(f"/calls/{call.id}/submissions/new").form(f"/calls/{call.id}/submissions")

    first, second = (visitor.hand_in(form, {"text": WORDS}).url for _ in range(2))

    assert first == second


def test_two_windows_never_write_over_each_other(visitor: Browser, db: Session) -> None:
    call, bob = make_call(db), make_person(db)
    visitor.sign_in(db, bob)
    token = visitor.token(f"/calls/{call.id}/submissions/new")

    def keep(text: str, **more: str) -> str:
        fields = {"csrf_token": token, "text": text, "draft_version": "0"} | more
        return visitor.post(f"/drafts/{call.id}", data=fields, headers=HTMX).text

    assert 'name="draft_version" value="1"' in keep(WORDS)
    told = keep(OTHERS)

    assert "Another window holds other words" in told
    assert WORDS in told
    assert drafts_of(db) == [WORDS]
    assert 'value="2"' in keep(WORDS + " And water.", draft_version="1")
    keep(OTHERS, draft_over="2")
    assert drafts_of(db) == [OTHERS]


def test_sending_from_one_window_leaves_the_draft_of_the_other(session: Session) -> None:
    call, bob = make_call(session), make_person(session)
    make_submission(session, call, bob, state=SubmissionState.DRAFT, text=OTHERS, version=4)

    submit(session, call, bob, Said(WORDS), "form", draft=2)

    assert drafts_of(session) == [OTHERS]


def test_a_draft_of_a_cancelled_call_is_not_lost_either(visitor: Browser, db: Session) -> None:
    call, bob = make_call(db), make_person(db)
    visitor.sign_in(db, bob)
    token = visitor.token(f"/calls/{call.id}/submissions/new")
    call.state, call.cancelled_reason = CallState.CANCELLED, "No money this year."
    db.commit()

    answer = visitor.post(f"/calls/{call.id}/submissions", data={"csrf_token": token, "text": WORDS})

    assert answer.status_code == 409
    assert WORDS in answer.text
