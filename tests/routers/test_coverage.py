"""Who spoke so far, beside who lives there; and what became of a question, in counts."""

from datetime import timedelta

from sqlmodel import Session

from app.models.columns import now
from app.rules.words import CallState, StakeholderGroup
from app.services import counts
from tests.client import Browser
from tests.factories import make_call, make_submission
from tests.offered import make_offer
from tests.people import make_facilitator, make_organisation


def test_a_gap_is_shown_on_the_page_of_an_open_question(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    call = make_call(db, agency, places=["Calama", "Taltal"])
    for _number in range(10):
        make_submission(db, call, group=StakeholderGroup.PRIVATE, place="Calama")
    visitor.sign_in(db, make_facilitator(db, agency))
    counts.forget(call.id)

    path = f"/calls/{call.id}/coverage"
    form = visitor.open(path).form(path)
    saved = visitor.hand_in(
        form, {"group_citizens": "40", "places": "Calama: 70\nTaltal: 30", "source": "Census"}
    )
    visitor.cookies.clear()
    shown = visitor.open(f"/calls/{call.id}").main.text

    assert "Hardly heard so far: Citizens (0% of the voices, 40% of the people); Taltal" in saved.main.text
    assert "Hardly heard so far: Citizens" in shown


def test_shares_that_do_not_fit_come_back_as_typed(visitor: Browser, db: Session) -> None:
    agency = make_organisation(db)
    call = make_call(db, agency)
    visitor.sign_in(db, make_facilitator(db, agency))
    path = f"/calls/{call.id}/coverage"

    for fields in (
        {"places": "Calama"},
        {"group_citizens": "many"},
        {"group_citizens": "1e9999999"},  # as an exact fraction it would fill the memory
        {"places": "Calama: 1e-9999999"},
        {"group_citizens": "90", "group_third": "20"},
    ):
        page = visitor.read(visitor.fill_in(path, fields), 422)
        assert next(iter(fields.values())) in page.main.text or page.form(path).fields["group_citizens"]


def test_an_innovation_call_has_no_coverage(visitor: Browser, db: Session) -> None:
    made = make_offer(db)
    db.commit()

    assert visitor.get(f"/calls/{made.call.id}/coverage").status_code == 404


def test_every_closed_call_has_an_outcome_page_with_counts(visitor: Browser, db: Session) -> None:
    """DOMAIN 14: one place shows calls, who answered, what came of it."""
    over = {"opens_at": now() - timedelta(days=30), "closes_at": now() - timedelta(days=20)}
    asked = make_call(db, state=CallState.ANSWERED, answered_at=now(), **over)
    make_submission(db, asked)
    agency = make_organisation(db, "Another agency")
    offered = make_offer(db, agency, call=over)
    db.commit()
    counts.forget(asked.id)

    assert "1 voice" in visitor.open(f"/calls/{asked.id}/answers").main.text
    assert "Applications that came in" in visitor.open(f"/calls/{offered.call.id}").main.text
    listed = visitor.open("/calls").main.text
    assert asked.question in listed
    assert offered.call.question in listed
