"""Voices through the pages: written, found, endorsed, changed, withdrawn, without JavaScript."""

import re

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.person import Person
from app.models.submission import Submission
from app.rules.words import StakeholderGroup, SubmissionState
from app.services import counts, drafts, submissions
from app.services.drafts import Said
from app.viewer import Viewer
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.people import make_person

WORDS = "Put shade and solar panels over the market square."


@pytest.fixture
def call(db: Session) -> Call:
    call = make_call(db, places=["Calama", "Antofagasta"])
    db.commit()
    return call


@pytest.fixture
def bob(db: Session) -> Person:
    bob = make_person(db, group=StakeholderGroup.CITIZENS)
    db.commit()
    return bob


def key_in(page: str) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found
    return found.group(1)


def main_of(page: str) -> str:
    """The list itself: the call's own title stands above it."""
    return page.split('<ul class="voices">')[-1] if '<ul class="voices">' in page else ""


def submitted(db: Session) -> list[Submission]:
    db.expire_all()
    return list(db.exec(select(Submission).where(Submission.state != SubmissionState.DRAFT)))


def test_a_citizen_says_something_and_reads_it(
    visitor: Browser, db: Session, call: Call, bob: Person
) -> None:
    visitor.sign_in(db, bob)
    form = visitor.get(f"/calls/{call.id}/submissions/new").text

    answer = visitor.fill_in(
        f"/calls/{call.id}/submissions",
        {"text": WORDS, "kind": "need", "place": "Calama", "group": "citizens", "form_key": key_in(form)},
    )

    (made,) = submitted(db)
    assert answer.url.path == f"/submissions/{made.id}"
    assert "Your submission is public." in answer.text
    assert WORDS in answer.text
    assert (made.kind, made.place, made.language) == ("need", "Calama", "en")


def test_the_same_form_sent_twice_shows_the_first_page(
    visitor: Browser, db: Session, call: Call, bob: Person
) -> None:
    visitor.sign_in(db, bob)
    fields = {"text": WORDS, "form_key": "once"}

    first = visitor.fill_in(f"/calls/{call.id}/submissions", fields)
    second = visitor.fill_in(f"/calls/{call.id}/submissions", fields)

    assert first.url == second.url
    assert len(submitted(db)) == 1


def test_a_visitor_writes_first_and_finds_the_text_after_signing_in(
    visitor: Browser, db: Session, call: Call, bob: Person
) -> None:
    answer = visitor.fill_in(f"/calls/{call.id}/submissions", {"text": WORDS}, follow_redirects=False)
    assert answer.headers["location"] == f"/sign-in?next=/calls/{call.id}/submissions/new"
    assert submitted(db) == []

    draft = db.exec(select(Submission)).one()
    drafts.adopt(db, Viewer(visitor_hash=draft.visitor_hash or ""), bob)
    visitor.sign_in(db, bob)

    assert WORDS in visitor.get(f"/calls/{call.id}/submissions/new").text


def test_a_draft_survives_a_closed_tab(visitor: Browser, db: Session, call: Call, bob: Person) -> None:
    visitor.sign_in(db, bob)

    kept = visitor.fill_in(f"/drafts/{call.id}", {"text": "Half a thou"}, headers={"HX-Request": "true"})

    assert "Your draft was kept" in kept.text
    assert "Half a thou" in visitor.get(f"/calls/{call.id}/submissions/new").text
    assert "Half a thou" in visitor.get("/me/submissions").text


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    visitor: Browser, db: Session, call: Call, bob: Person
) -> None:
    visitor.sign_in(db, bob)

    answer = visitor.fill_in(f"/calls/{call.id}/submissions", {"text": "Short", "title": "My title"})

    assert answer.status_code == 422
    assert "This is too short" in answer.text
    assert 'value="My title"' in answer.text
    assert submitted(db) == []


def test_a_place_that_is_not_offered_is_refused(
    visitor: Browser, db: Session, call: Call, bob: Person
) -> None:
    visitor.sign_in(db, bob)

    answer = visitor.fill_in(f"/calls/{call.id}/submissions", {"text": WORDS, "place": "Atlantis"})

    assert answer.status_code == 422
    assert "one of the places" in answer.text


def test_fields_that_are_not_in_the_form_set_nothing(
    visitor: Browser, db: Session, call: Call, bob: Person
) -> None:
    visitor.sign_in(db, bob)
    hostile = {
        "state": "taken_up", "author_id": "1", "endorsement_count": "900", "hidden_rule": "x", "id": "1",
        "created_at": "1999-01-01", "imported_agrees": "7",
    }  # fmt: skip

    visitor.fill_in(f"/calls/{call.id}/submissions", {"text": WORDS, **hostile})

    (made,) = submitted(db)
    assert (made.state, made.author_id) == (SubmissionState.VISIBLE, bob.id)
    assert (made.endorsement_count, made.imported_agrees, made.hidden_rule) == (0, 0, "")


def test_similar_voices_appear_and_one_is_endorsed_instead(
    visitor: Browser, db: Session, call: Call, bob: Person
) -> None:
    alice = make_person(db, "Alice")
    other = submissions.submit(db, call, alice, Said("Solar panels over every market square"), "1")
    visitor.sign_in(db, bob)

    page = visitor.fill_in(f"/calls/{call.id}/submissions", {"text": WORDS, "similar": "yes"})
    assert "One voice says something close" in page.text
    assert WORDS in page.text
    assert f'formaction="/submissions/{other.id}/endorsement"' in page.text

    answer = visitor.fill_in(f"/submissions/{other.id}/endorsement", {})
    assert "Endorsed. Take it back" in answer.text
    assert WORDS in visitor.get(f"/calls/{call.id}/submissions/new").text


def test_a_fragment_of_similar_voices_is_the_part_of_the_page(
    visitor: Browser, db: Session, call: Call
) -> None:
    submissions.submit(db, call, make_person(db, "Alice"), Said("Solar panels over every market square"), "1")
    db.commit()

    part = visitor.fill_in(f"/calls/{call.id}/similar", {"text": WORDS}, headers={"HX-Request": "true"})

    assert part.text.lstrip().startswith(f'<section id="similar-{call.id}"')
    assert "<html" not in part.text


@pytest.mark.parametrize(("typed", "heard"), [
    ("Paneles solares sobre la plaza del mercado, con sombra para todos.", "As detected: Spanish"),
    ("Solar panels over the market square, with shade for everyone.", "As detected: English"),
    ("Solar", "As detected<"),
])  # fmt: skip
def test_the_language_is_named_while_the_text_is_typed_and_can_still_be_chosen(
    visitor: Browser, db: Session, typed: str, heard: str
) -> None:
    call = make_call(db, languages=["en", "es"])
    db.commit()

    assert "As detected<" in visitor.get(f"/calls/{call.id}/submissions/new").text
    part = visitor.fill_in(f"/calls/{call.id}/similar", {"text": typed}, headers={"HX-Request": "true"}).text
    page = visitor.fill_in(f"/calls/{call.id}/submissions", {"text": typed, "similar": "yes"}).text

    assert f'<option id="detected-{call.id}" value="" hx-swap-oob="true">{heard}' in part
    assert f'<option id="detected-{call.id}" value="">{heard}' in page
    assert all(f'<option value="{code}">' in page for code in ("en", "es"))


def test_endorsing_and_taking_back(visitor: Browser, db: Session, bob: Person, call: Call) -> None:
    voice = make_submission(db, call)
    visitor.sign_in(db, bob)
    path = f"/submissions/{voice.id}/endorsement"

    assert "1 endorsement<" in visitor.fill_in(path).text
    assert "1 endorsement<" in visitor.fill_in(path).text
    assert "0 endorsements<" in visitor.fill_in(path, {"take_back": "yes"}).text


def test_a_visitor_is_asked_to_sign_in_before_endorsing(visitor: Browser, db: Session, call: Call) -> None:
    voice = make_submission(db, call)
    db.commit()

    assert f"/sign-in?next=/submissions/{voice.id}" in visitor.get(f"/submissions/{voice.id}").text
    assert visitor.fill_in(f"/submissions/{voice.id}/endorsement").status_code == 403


def test_two_windows_change_one_text_and_both_versions_are_shown(
    visitor: Browser, db: Session, call: Call, bob: Person
) -> None:
    voice = submissions.submit(db, call, bob, Said(WORDS), "1")
    visitor.sign_in(db, bob)
    path = f"/submissions/{voice.id}/edit"
    assert WORDS in visitor.get(path).text

    visitor.fill_in(path, {"text": "From the first window.", "version": "1"})
    second = visitor.fill_in(path, {"text": "From the second window.", "version": "1"})

    assert second.status_code == 409
    assert "From the first window." in second.text
    assert "From the second window." in second.text
    assert "Version 2" in visitor.get(f"/submissions/{voice.id}/versions").text


def test_withdrawing_leaves_a_tombstone_without_the_words(
    visitor: Browser, db: Session, call: Call, bob: Person
) -> None:
    voice = submissions.submit(db, call, bob, Said(WORDS, title="Shade"), "1")
    visitor.sign_in(db, bob)
    assert "Withdraw my submission?" in visitor.get(f"/submissions/{voice.id}/withdrawal").text

    answer = visitor.fill_in(f"/submissions/{voice.id}/withdrawal")

    assert "Withdrawn by its author on" in answer.text
    counts.forget(call.id)
    for path in (f"/submissions/{voice.id}", f"/calls/{call.id}/submissions", "/me/submissions"):
        assert WORDS not in visitor.get(path).text
    assert visitor.get(f"/submissions/{voice.id}/versions").status_code == 404


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_what_is_not_public_is_not_there_for_others(
    visitor: Browser, db: Session, call: Call, bob: Person, state: str
) -> None:
    alice = make_person(db, "Alice")
    voice = make_submission(db, call, alice, state=SubmissionState(state), text="A canary in the desert")
    visitor.sign_in(db, bob)

    for path in ("", "/versions", "/edit", "/withdrawal"):
        assert visitor.get(f"/submissions/{voice.id}{path}").status_code == 404
    for path in ("/endorsement", "/comments", "/report", "/appeal", "/withdrawal", "/edit", "/checking"):
        assert visitor.fill_in(f"/submissions/{voice.id}{path}", {"text": WORDS}).status_code == 404
    assert "in the desert" not in main_of(visitor.get(f"/calls/{call.id}/submissions?q=canary").text)


def test_a_hidden_text_shows_its_rule_and_none_of_its_words(
    visitor: Browser, db: Session, call: Call
) -> None:
    voice = make_submission(
        db,
        call,
        state=SubmissionState.HIDDEN,
        hidden_rule="insult",
        hidden_reason="It insults.",
        text="A canary",
    )
    db.commit()

    page = visitor.get(f"/submissions/{voice.id}").text

    assert "Insult, threat or hatred" in page
    assert "canary" not in page


def test_close_voices_are_asked_for_once_seen_and_stand_on_a_page_without_javascript(
    visitor: Browser, db: Session
) -> None:
    call, bob, ada = make_call(db), make_person(db), make_person(db, "Ada")
    voice = submissions.submit(db, call, bob, Said("Benches in the shade along the school road."), "a")
    close = submissions.submit(db, call, ada, Said("More benches and shade on the school road!"), "b")
    db.commit()
    path = f"/submissions/{voice.id}/similar"

    page = visitor.open(f"/submissions/{voice.id}")
    assert close.text not in page.main.text
    assert page.link("Show the voices that say something close") == path
    piece = visitor.get(path, headers={"HX-Request": "true"}).text
    assert close.text in piece
    assert "<html" not in piece
    assert close.text in visitor.open(path).main.text


def test_nothing_is_close_to_what_is_not_public(visitor: Browser, db: Session) -> None:
    voice = make_submission(db, hidden_rule="insult", state=SubmissionState.HIDDEN)
    db.commit()

    assert visitor.get(f"/submissions/{voice.id}/similar").status_code == 404
