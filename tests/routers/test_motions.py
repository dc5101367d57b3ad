"""Motions through their pages: a steward asks, the chair drafts the vote, everybody reads what came of it."""

import pytest
from sqlmodel import Session, select

from app.models.decision import Decision
from app.models.motion import Motion
from app.rules.words import DecisionKind, MotionOutcome, Role, ScopeKind
from tests.client import Browser
from tests.people import make_person, seat
from tests.services.chamber import Chamber
from tests.services.steering import REASON, make_active


@pytest.fixture
def chamber(db: Session) -> Chamber:
    chamber = make_active(db)
    db.commit()
    return chamber


def as_steward(visitor: Browser, db: Session, chamber: Chamber) -> Browser:
    person = make_person(db, "Stella")
    seat(db, person, Role.STEWARD, ScopeKind.ORGANISATION, chamber.mission.organisation_id)
    return visitor.sign_in(db, person)


def address(chamber: Chamber) -> str:
    return f"/missions/{chamber.mission.id}/motions"


def test_a_steward_asks_and_the_chair_puts_it_to_a_vote(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    as_steward(visitor, db, chamber)
    form = visitor.open(address(chamber)).form("/motions")
    page = visitor.hand_in(form, {"act": "pause", "reason": "   .   "}, status=422)
    page = visitor.hand_in(page.form("/motions"), {"act": "pause", "reason": REASON})
    assert "Pause the mission" in page.main.text
    assert "waits for the committee" in page.main.text

    visitor.sign_in(db, chamber.chair)
    base = f"/committees/{chamber.committee.id}/questions/new"
    listed = visitor.open(f"{base}?kind=steer")
    motion = db.exec(select(Motion)).one()
    assert REASON in listed.main.text
    assert f"{base}?kind=steer&motion={motion.id}" in listed.links
    form = visitor.open(f"{base}?kind=steer&motion={motion.id}").form("/questions")
    page = visitor.hand_in(form, {"question": "Shall the mission pause until it rains?"})
    assert "Pause the mission" in page.main.text

    decision = db.exec(select(Decision).where(Decision.kind == DecisionKind.STEER)).one()
    assert (decision.mission_id, decision.options[0]["subject_id"]) == (chamber.mission.id, str(motion.id))
    assert "before the committee" in visitor.open(address(chamber)).main.text


def test_a_motion_is_withdrawn_and_stays_on_the_page(visitor: Browser, db: Session, chamber: Chamber) -> None:
    as_steward(visitor, db, chamber)
    visitor.hand_in(visitor.open(address(chamber)).form("/motions"), {"act": "pause", "reason": REASON})

    page = visitor.hand_in(visitor.open(address(chamber)).form("/withdrawal"))

    db.expire_all()
    assert db.exec(select(Motion)).one().outcome is MotionOutcome.WITHDRAWN
    assert "Withdrawn by who made it" in page.main.text


def test_others_read_motions_and_make_none(visitor: Browser, db: Session, chamber: Chamber) -> None:
    visitor.sign_in(db, chamber.members["citizens 1"])

    assert "Make this motion" not in visitor.open(address(chamber)).text
    assert visitor.post(address(chamber), data={"act": "pause", "reason": REASON}).status_code == 403
