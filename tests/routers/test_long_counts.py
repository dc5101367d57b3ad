"""The page of a vote that is being counted: how far it is, with a script or by reloading, and nothing of the result."""

import pytest
from sqlmodel import Session

from app.models.count_run import CountRun
from app.models.decision import Decision
from app.models.person import Person
from app.models.seat import live_seats_in
from app.rules.voting import effort
from app.rules.words import Role, ScopeKind
from app.services import decisions_count, decisions_counting
from tests.client import Browser
from tests.services.chamber import make_chamber
from tests.services.chamber_votes import cast_all, notice
from tests.services.test_count_runs import PORTFOLIO, nothing_told


@pytest.fixture
def run(db: Session, monkeypatch: pytest.MonkeyPatch) -> CountRun:
    """A closed vote on a portfolio whose count takes long, and is under way."""
    monkeypatch.setattr(effort, "HEAVY", -1)
    chamber = make_chamber(db)
    decision = notice(chamber, PORTFOLIO)
    cast_all(chamber, PORTFOLIO)
    decisions_count.close(db, decision, None, at=decision.closes_at)
    db.commit()
    return db.get_one(CountRun, decision.id)


def chair_of(db: Session, run: CountRun) -> Person:
    committee = db.get_one(Decision, run.decision_id).committee_id
    seats = live_seats_in(db, ScopeKind.COMMITTEE, committee)
    return db.get_one(Person, next(each.person_id for each in seats if each.role is Role.CHAIR))


def test_the_page_tells_how_far_a_count_is_and_then_the_result(
    db: Session, visitor: Browser, run: CountRun
) -> None:
    run.stage, run.progress, run.round = "counting", 0.5, 4120
    db.commit()
    here = f"/decisions/{run.decision_id}"

    page = visitor.get(here)
    part = visitor.get(f"{here}/counting", headers={"HX-Request": "true"})
    plain = visitor.get(f"{here}/counting", follow_redirects=False)
    visitor.sign_in(db, chair_of(db, run))
    chair = visitor.get(here)
    counted = decisions_counting.material(db, run.decision_id, 1)
    assert counted is not None
    decisions_counting.settle(db, run.decision_id, 1, decisions_counting.count(counted, nothing_told))
    db.commit()
    done = visitor.get(here)
    after = visitor.get(f"{here}/counting", headers={"HX-Request": "true"}, follow_redirects=False)

    assert "Step 2 of 4: Counting by the rule" in page.text
    assert "Round 4,120 of handing out more: options for 50 % of the budget are chosen." in page.text
    assert f'hx-get="{here}/counting"' in page.text
    assert "fingerprint of all ballots" not in page.text
    assert "Step 2 of 4" in part.text
    assert "<html" not in part.text
    assert (plain.status_code, plain.headers["location"]) == (303, here)
    assert "Count the votes" not in chair.text
    assert "being counted" not in done.text
    assert after.headers.get("HX-Redirect") or after.headers.get("HX-Location") or after.status_code == 303


def test_a_count_that_broke_off_offers_the_chair_to_count_again(
    db: Session, visitor: Browser, run: CountRun
) -> None:
    run.failed_at = run.begun_at
    db.commit()
    visitor.sign_in(db, chair_of(db, run))

    page = visitor.get(f"/decisions/{run.decision_id}")
    again = visitor.fill_in(f"/decisions/{run.decision_id}/closing")

    assert "The count broke off" in page.text
    assert "Count the votes" in page.text
    assert "is being counted" in again.text
