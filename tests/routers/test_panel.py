"""Applications after the deadline through their pages: found eligible, reviewed, put on the shortlist, interviewed."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.columns import now
from app.models.outgoing_mail import OutgoingMail
from app.models.panel import panel_reviews_of
from app.rules.words import ApplicationState, CallState
from app.services import panel
from tests.client import Browser
from tests.judged import Judged, answers, make_judged, say_nothing
from tests.page import Page
from tests.page_forms import PageForm
from tests.routers.test_hostile_texts import HOSTILE

A = ApplicationState
SAID = "They showed the first street."


@pytest.fixture
def judged(db: Session) -> Judged:
    made = make_judged(db, eligibility=[{"kind": "own_share", "least": "20"}], tells_notes=True)
    db.commit()
    return made


def test_from_the_deadline_to_the_shortlist_and_the_notes_of_an_interview(
    visitor: Browser, db: Session, judged: Judged
) -> None:
    first, second = judged.applications
    checked(visitor, db, judged)
    reviewed(visitor, db, judged)

    visitor.sign_in(db, judged.chair)
    page = visitor.open(f"/applications/{first.id}/selection")
    page = visitor.hand_in(page.form("/interest"))
    assert "It says how." in page.main.text
    page = visitor.hand_in(
        page.form("/shortlisting"), {"state": "shortlisted", "reason": "The clearest way."}
    )
    interview = {"held_on": now().date().isoformat(), "present": "Lead and two of us", "text": SAID}
    page = visitor.hand_in(page.form("/notes"), interview)

    assert SAID in page.main.text
    db.expire_all()
    assert [first.state, second.state] == [A.SHORTLISTED, A.INELIGIBLE]
    assert "is on the shortlist" in " ".join(each.body for each in db.exec(select(OutgoingMail)))


def checked(visitor: Browser, db: Session, judged: Judged) -> None:
    """The agency finds one eligible and one not, and sends the call to the panel."""
    call = judged.offered.call
    visitor.sign_in(db, judged.offered.carol)
    page = visitor.open(f"/calls/{call.id}/applications")
    assert "2 applications wait to be found eligible or not." in page.main.text
    page = visitor.open(f"/applications/{judged.first.id}/selection")
    assert "bear at least 20" in page.main.text
    visitor.hand_in(page.form("/eligibility"), {"state": "in_review"})
    page = visitor.open(f"/applications/{judged.applications[1].id}/selection")
    page = visitor.hand_in(page.form("/eligibility"), {"state": "ineligible"}, status=422)
    assert "This needs a reason" in page.main.text
    visitor.hand_in(
        page.form("/eligibility"), {"state": "ineligible", "reason": "It is no organisation yet."}
    )
    page = visitor.open(f"/calls/{call.id}/applications")
    page = visitor.hand_in(page.form("/review"))
    due = (now() + timedelta(days=5)).date().isoformat()
    visitor.hand_in(page.form("/reviewers"), {"due": due})


def reviewed(visitor: Browser, db: Session, judged: Judged) -> None:
    """Each of the three that are asked says that nothing ties them to it, and files."""
    asked = panel_reviews_of(db, [judged.first.id])
    assert len(asked) == 3
    people = dict(zip((each.id for each in judged.seats), judged.members, strict=True))
    for review in asked:
        visitor.sign_in(db, people[review.seat_id])
        bench = visitor.open(f"/committees/{judged.panel.id}/workbench")
        assert "review this application" in bench.main.text
        page = visitor.open(f"/applications/{judged.first.id}/review")
        assert page.heading == "Does anything tie you to this?"
        page = visitor.hand_in(page.form("/interest"))
        assert page.heading == "My review"
        visitor.hand_in(page.form("/review"), answers(), button="File this review")


def test_the_team_reads_why_and_later_the_notes_if_the_call_said_so(
    visitor: Browser, db: Session, judged: Judged
) -> None:
    judged.in_review()
    first = judged.shortlisted()
    panel.note(db, first, now().date(), "Lead and two of us", SAID, judged.chair.id)
    visitor.sign_in(db, judged.leads[0])
    assert SAID not in visitor.open(f"/applications/{first.id}").main.text

    judged.offered.call.state = CallState.ANSWERED
    db.commit()
    assert SAID in visitor.open(f"/applications/{first.id}").main.text

    judged.offered.offer.tells_notes = False
    db.commit()
    assert SAID not in visitor.open(f"/applications/{first.id}").main.text


def harmless(visitor: Browser, path: str, basis: dict[str, str], field: str, seen_on: str) -> list[str]:
    """Which of them were refused with a sentence or shown harmlessly when they stood in a field."""
    tried = []
    for name, value in HOSTILE.items():
        answer = visitor.fill_in(path, {**basis, field: value.encode("utf-8", "ignore").decode()})
        assert answer.status_code < 500, f"{field} of {path}: {name}"
        shown = visitor.get(seen_on)
        assert shown.status_code == 200
        for page in (answer.text, shown.text):
            assert "<script>alert(1)" not in page
            assert "<img src=x" not in page
            assert ' onmouseover="alert' not in page
        tried.append(name)
    return tried


@pytest.mark.parametrize("field", ["held_on", "present", "text"])
def test_hostile_words_in_a_note_are_harmless(
    visitor: Browser, db: Session, judged: Judged, field: str
) -> None:
    judged.in_review()
    first = judged.shortlisted()
    say_nothing(judged, first, judged.chair)
    visitor.sign_in(db, judged.chair)
    basis = {"held_on": now().date().isoformat(), "present": "All", "text": SAID}

    here = f"/applications/{first.id}"
    assert harmless(visitor, f"{here}/notes", basis, field, f"{here}/selection") == list(HOSTILE)


@pytest.mark.parametrize("field", ["use_note", "use_grade", "overall", "version"])
def test_hostile_words_in_a_review_are_harmless(
    visitor: Browser, db: Session, judged: Judged, field: str
) -> None:
    judged.in_review()
    judged.asked()
    say_nothing(judged, judged.first, judged.members[0])
    visitor.sign_in(db, judged.members[0])
    path = f"/applications/{judged.first.id}/review"

    kept = harmless(visitor, path, {**answers(), "version": "1", "act": "keep"}, field, path)
    drafted = harmless(visitor, f"{path}/draft", {**answers(), "version": "1"}, field, path)
    assert kept == drafted == list(HOSTILE)


@pytest.mark.parametrize("field", ["state", "reason"])
def test_hostile_words_in_a_decision_are_harmless(
    visitor: Browser, db: Session, judged: Judged, field: str
) -> None:
    visitor.sign_in(db, judged.offered.carol)
    here = f"/applications/{judged.first.id}"

    basis = {"state": "ineligible", "reason": "It is too small."}
    assert harmless(visitor, f"{here}/eligibility", basis, field, f"{here}/selection") == list(HOSTILE)


@pytest.mark.parametrize("field", ["pair", "due"])
def test_hostile_choices_of_reviewers_are_refused(
    visitor: Browser, db: Session, judged: Judged, field: str
) -> None:
    judged.in_review()
    db.commit()
    visitor.sign_in(db, judged.offered.carol)
    path = f"/calls/{judged.offered.call.id}/reviewers"
    pair = f"{judged.first.id}:{judged.seats[0].id}"
    basis = {"pair": pair, "due": (now() + timedelta(days=5)).date().isoformat()}

    listed = f"/calls/{judged.offered.call.id}/applications?after=x&state=<script>"
    assert harmless(visitor, path, basis, field, listed) == list(HOSTILE)
    for nobody in (
        f"{judged.first.id}:{judged.first.id}",
        f"{judged.chair.id}:{judged.seats[0].id}",
        "x:y",
        ":",
    ):
        answer = visitor.fill_in(path, {**basis, "pair": nobody})
        assert answer.status_code in (404, 409, 422)
    assert panel_reviews_of(db, [judged.first.id]) == []


def test_before_the_deadline_every_door_says_that_nothing_is_there(
    visitor: Browser, db: Session, judged: Judged
) -> None:
    judged.offered.call.closes_at = now() + timedelta(days=1)
    db.commit()
    call, first = f"/calls/{judged.offered.call.id}", f"/applications/{judged.first.id}"

    for person in (judged.offered.carol, judged.chair, judged.members[0]):
        visitor.sign_in(db, person)
        for path in (f"{call}/applications", f"{call}/reviewers", f"{first}/selection", f"{first}/review",
                     f"{first}/interest", first):  # fmt: skip
            assert visitor.get(path).status_code == 404, path
        for path in (f"{call}/review", f"{call}/shortlist", f"{call}/reviewers", f"{first}/eligibility",
                     f"{first}/shortlisting", f"{first}/notes", f"{first}/review", f"{first}/interest"):  # fmt: skip
            assert visitor.fill_in(path, {"state": "in_review"}).status_code == 404, path
        assert "Batteries number" not in visitor.get(f"/committees/{judged.panel.id}/workbench").text


def test_who_steps_aside_is_led_away_and_finds_it_no_more(
    visitor: Browser, db: Session, judged: Judged
) -> None:
    judged.in_review()
    judged.asked()
    db.commit()
    visitor.sign_in(db, judged.members[0])
    page = visitor.open(f"/applications/{judged.first.id}/review")
    assert "public" not in page.main.text

    tie = {"kind": "money", "text": "I lent them money.", "effect": "recuse"}
    page = visitor.hand_in(declaring(page), tie)

    assert page.heading == "Applications"
    assert "Batteries number 0" not in page.main.text
    assert "1 application is left out for you" in page.main.text
    for path in ("selection", "review"):
        assert visitor.get(f"/applications/{judged.first.id}/{path}").status_code == 404
    assert "Batteries number 0" not in visitor.get(f"/committees/{judged.panel.id}/workbench").text


def declaring(page: Page) -> PageForm:
    """The form in which a tie is told, not the button that says that there is none."""
    return next(each for each in page.forms if "effect" in each.names)
