"""The long half of the small town: one of everything that steers a mission, and an offer that is still a draft."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from app.models.api_token import ApiToken
from app.models.columns import now
from app.models.condition import Condition, ConditionVersion, ConditionYes
from app.models.course import CourseReview
from app.models.milestone import Milestone
from app.models.mission import Indicator, Mission
from app.models.money import Reading
from app.rules.words import CallState, ConditionKind, Side
from app.services import lessons
from tests.offered import make_offer

if TYPE_CHECKING:
    from tests.world import World


def steered(session: Session, world: "World") -> None:
    """What stands in the mission of `ids`: the last that was framed, whose project is the last route."""
    route = world.records["route"]
    indicator = session.exec(select(Indicator).where(Indicator.mission_id == route.mission_id)).one()
    in_a_month = now().date() + timedelta(days=30)
    condition = Condition(project_id=route.id, kind=ConditionKind.KNOWLEDGE, due=in_a_month)
    records = {
        "indicator": indicator,
        "reading": Reading(indicator_id=indicator.id, at=now().date(), value=Decimal(2), source="Survey"),
        "milestone": Milestone(
            mission_id=route.mission_id, title="The first roof", due=now().date(), verifier="Its mayor"
        ),
        "course_review": CourseReview(mission_id=route.mission_id, number=1),
        "token": ApiToken(
            person_id=world.people["dave"].id, name="xqtoken", token_hash="5" * 64,
            expires_at=now() + timedelta(days=30),
        ),
        "condition": condition,
    }  # fmt: skip
    session.add_all(records.values())
    session.flush()
    version = ConditionVersion(
        condition_id=condition.id, number=1, clause="Tell what failed.", due=in_a_month
    )
    session.add(version)
    session.flush()
    session.add(ConditionYes(version_id=version.id, side=Side.FUNDER, by_id=world.people["carol"].id))
    mission = session.get_one(Mission, route.mission_id)
    lesson = lessons.add(session, mission, "Ask first who is at home at noon.", world.people["carol"].id)
    world.records |= {**records, "lesson": lesson}
    draft_offer(session, world)


def draft_offer(session: Session, world: "World") -> None:
    changes = {"title": "xqdraftoffer", "state": CallState.DRAFT, "published_at": None}
    agency, mission_id = world.records["agency"], world.records["route"].mission_id
    made = make_offer(session, agency, mission_id=mission_id, call=changes, challenge="xqdraftoffer")
    world.calls["draft_offer"] = made.call
