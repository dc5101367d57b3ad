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
from tests.judged import Judged, answers, make_judged

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
