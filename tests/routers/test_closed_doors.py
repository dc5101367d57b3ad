"""The closed discussion and the minutes through their pages: who comes in, and that nobody else learns anything."""

import pytest
from sqlmodel import Session, select

from app.models.committee import Interest
from app.models.remark import Remark
from app.models.seat import live_seats_in
from app.rules.words import InterestEffect, InterestKind, ScopeKind, SubjectKind
from app.services import decisions_certify, decisions_count
from tests.client import Browser
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber, nothing_ties
from tests.services.signed import sign_by_two

SECRET = "Between us: the second route cannot be paid for."


@pytest.fixture
def chamber(db: Session) -> Chamber:
    made = make_chamber(db)
    nothing_ties(db, made.mission, live_seats_in(db, ScopeKind.COMMITTEE, made.committee.id))
    db.commit()
    return made


def test_members_talk_and_a_recused_one_finds_nothing(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path = f"/missions/{chamber.mission.id}/closed"
    visitor.sign_in(db, chamber.members["citizens 1"])
    visitor.hand_in(visitor.open(path).form(path), {"remark": SECRET})
    visitor.sign_in(db, chamber.members["academia 1"])
    page = visitor.open(path)
    assert SECRET in page.main.text
    assert "Behind closed doors" in visitor.open(f"/missions/{chamber.mission.id}").main.text
    form = page.form(path)
    db.add(
        Interest(
            seat_id=chamber.seats["academia 1"].id, subject_kind=SubjectKind.MISSION,
            subject_id=chamber.mission.id, kind=InterestKind.MONEY, effect=InterestEffect.RECUSE,
        )
    )  # fmt: skip
    db.commit()

    assert visitor.get(path).status_code == 404
    assert SECRET not in visitor.get(path).text
    refused = visitor.hand_in(form, {"remark": "And another thing, before I go."}, status=404)
    assert "And another thing" in refused.main.text
    assert "Behind closed doors" not in visitor.open(f"/missions/{chamber.mission.id}").main.text
    assert len(db.exec(select(Remark)).all()) == 1


@pytest.mark.parametrize("who", ["visitor", "stranger", "carol"])
def test_everyone_else_gets_a_404(visitor: Browser, db: Session, chamber: Chamber, who: str) -> None:
    path = f"/missions/{chamber.mission.id}/closed"
    visitor.sign_in(db, chamber.chair)
    visitor.hand_in(visitor.open(path).form(path), {"remark": SECRET})
    visitor.cookies.delete("session")
    if who != "visitor":
        visitor.sign_in(db, chamber.scene.carol if who == "carol" else make_person(db, "Nina"))

    assert visitor.get(path).status_code == 404
    assert visitor.fill_in(path, {"remark": "Let me in."}).status_code == 404
    for other in (f"/missions/{chamber.mission.id}", f"/missions/{chamber.mission.id}/comments", "/events",
                  f"/committees/{chamber.committee.id}", f"/calls/{chamber.scene.call.id}/export"):  # fmt: skip
        answer = visitor.get(other)
        assert SECRET not in answer.text
        assert "closed" not in answer.text or other != f"/missions/{chamber.mission.id}"


def test_minutes_become_public_with_the_certification(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    decision = chamber.notice(opens_in=-15)
    db.commit()
    path = f"/decisions/{decision.id}/minutes"
    assert visitor.get(path).status_code == 404
    visitor.sign_in(db, chamber.secretary)

    page = visitor.hand_in(visitor.open(path).form(path), {"note": "Everyone came, but for Tom."})
    assert "Everyone came, but for Tom." in page.main.text
    visitor.sign_in(db, chamber.members["citizens 1"])
    assert "Everyone came" in visitor.open(path).main.text
    assert visitor.fill_in(path, {"note": "Mine."}).status_code == 403

    decisions_count.close(db, decision, chamber.chair.id)
    sign_by_two(db, decision)
    decisions_certify.certify(db, decision, "Too few seats voted.", chamber.secretary.id)
    db.commit()
    visitor.cookies.delete("session")
    shown = visitor.open(path).main.text
    assert "Everyone came, but for Tom." in shown
    assert "did not vote" in shown
    assert visitor.open(f"/decisions/{decision.id}").link("The minutes").endswith(path)
