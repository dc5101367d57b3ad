"""Conversations through their pages, without JavaScript; moderators find what was reported, the log what was hidden."""

import pytest
from sqlmodel import Session, select

from app.models.statement import Statement
from app.rules.words import StatementKind
from tests.client import Browser
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber


@pytest.fixture
def chamber(db: Session) -> Chamber:
    made = make_chamber(db)
    db.commit()
    return made


def comments(db: Session) -> list[Statement]:
    query = select(Statement).where(Statement.kind == StatementKind.COMMENT)
    return list(db.exec(query.order_by(Statement.created_at)))  # type: ignore[arg-type]


@pytest.mark.parametrize("on", ["missions", "decisions"])
def test_people_talk_about_a_mission_and_a_decision(
    visitor: Browser, db: Session, chamber: Chamber, on: str
) -> None:
    decision = chamber.notice()
    db.commit()
    path = f"/{on}/{chamber.mission.id if on == 'missions' else decision.id}/comments"
    visitor.sign_in(db, make_person(db, "Olga"))

    visitor.hand_in(visitor.open(path).form(path), {"comment": "Who pays for it?"})
    visitor.sign_in(db, make_person(db, "Rob"))
    page = visitor.open(path)
    reply = next(form for form in page.forms if "parent" in form.fields)
    said = visitor.hand_in(reply, {"comment": "The agency does."})

    assert "Who pays for it?" in said.main.text
    assert "The agency does." in said.main.text
    assert [each.parent_id for each in comments(db)] == [None, comments(db)[0].id]


def test_a_reply_that_is_refused_stands_under_what_it_answers(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path = f"/missions/{chamber.mission.id}/comments"
    visitor.sign_in(db, make_person(db, "Olga"))
    page = visitor.hand_in(visitor.open(path).form(path), {"comment": "Who pays for it?"})
    reply = next(form for form in page.forms if "parent" in form.fields)

    again = visitor.hand_in(reply, {"comment": "x"}, status=422)

    shown = next(form for form in again.forms if "parent" in form.fields)
    assert shown.fields["comment"] == "x"


def test_what_is_reported_waits_for_moderators_and_what_they_hide_is_in_the_log(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    path = f"/missions/{chamber.mission.id}/comments"
    visitor.sign_in(db, make_person(db, "Olga"))
    visitor.hand_in(visitor.open(path).form(path), {"comment": "You are all thieves."})
    said = f"/statements/{comments(db)[0].id}"
    visitor.sign_in(db, make_person(db, "Rob"))
    visitor.hand_in(visitor.open(said).form(f"{said}/report"), {"reason": "It insults us."})

    visitor.sign_in(db, chamber.scene.carol)
    queue = visitor.open(f"/calls/{chamber.scene.call.id}/moderation?list=reported")
    assert "You are all thieves." in queue.main.text
    visitor.hand_in(
        visitor.open(said).form(f"{said}/hiding"), {"rule": "insult", "reason": "It insults everyone."}
    )

    assert "It insults everyone." in visitor.open("/moderation-log").main.text
    assert "You are all thieves." not in visitor.open(path).main.text
    queue = visitor.open(f"/calls/{chamber.scene.call.id}/moderation?list=reported")
    assert "You are all thieves." not in queue.main.text
