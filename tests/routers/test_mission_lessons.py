"""Lessons of a mission: its steward writes them, and who drafts a route that resembles one reads it."""

import pytest
from sqlmodel import Session

from app.models.milestone import Milestone
from app.services import lessons
from tests.client import Browser
from tests.services.chamber import Chamber
from tests.services.drafted import make_mission
from tests.services.measured import today
from tests.services.steering import make_active


@pytest.fixture
def chamber(db: Session) -> Chamber:
    chamber = make_active(db)
    db.commit()
    return chamber


def test_its_steward_writes_lessons_under_a_mission_and_its_own_milestones(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    """DOMAIN 34."""
    mission = chamber.mission
    milestone = Milestone(mission_id=mission.id, title="Ten homes are lit", due=today(), verifier="The mayor")
    db.add(milestone)
    db.commit()
    here, learned = (
        f"/missions/{mission.id}/course",
        "Ask who holds the key at night before you buy the battery.",
    )
    assert "Write a lesson" not in visitor.open(here).main.text
    visitor.sign_in(db, chamber.scene.carol)

    page = visitor.hand_in(visitor.open(here).form("/lessons"), {"lesson": learned})
    visitor.hand_in(
        page.form("/lessons"), {"lesson": "A lamp is not light: count homes.", "milestone": milestone.id}
    )
    short = visitor.hand_in(visitor.open(here).form("/lessons"), {"lesson": "Too short."}, status=422)

    assert "Too short." in short.text
    visitor.cookies.clear()
    for told in (learned, "A lamp is not light: count homes."):
        assert told in visitor.open(here).main.text
        assert told in visitor.open("/lessons").main.text
    assert "about the milestone “Ten homes are lit”" in visitor.open("/lessons").main.text


def test_before_its_adoption_a_mission_has_no_lessons(
    visitor: Browser, db: Session, chamber: Chamber
) -> None:
    mission = chamber.mission
    mission.adopted_at = None
    db.commit()
    visitor.sign_in(db, chamber.scene.carol)

    assert "Write a lesson" not in visitor.open(f"/missions/{mission.id}/course").main.text
    learned = "Ask who holds the key at night before you buy the battery."
    assert visitor.fill_in(f"/missions/{mission.id}/lessons", {"lesson": learned}).status_code == 409


def test_lessons_stand_beside_the_form_of_a_route(visitor: Browser, db: Session, chamber: Chamber) -> None:
    """DOMAIN 34."""
    learned = "Shared batteries failed in villages where nobody had the key at night."
    lessons.add(db, chamber.mission, learned, chamber.chair.id)
    other, scene = make_mission(db)
    db.commit()
    visitor.sign_in(db, scene.carol)
    new = f"/missions/{other.id}/routes/new"
    assert learned not in visitor.open(new).main.text

    typed = {"title": "Shared batteries", "summary": "Villages share batteries, and one of them keeps the key.",
             "readiness": "11", "version": str(other.version)}  # fmt: skip
    answer = visitor.hand_in(visitor.open(new).form("/routes"), typed, status=422)

    assert learned in answer.main.text
