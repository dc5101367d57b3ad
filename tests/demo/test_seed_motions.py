"""What only a vote of the demonstration's committee did: it set what may fail, and accepted what mends a breach."""

from fractions import Fraction

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.demo import content
from app.main import create_app
from app.models.decision import Decision
from app.models.motion import Motion, motions_in
from app.rules.figures import Light
from app.rules.words import ConditionKind, ConditionState, DecisionState, MotionAct, MotionOutcome
from app.services import calendars, conditions_read, portfolio
from app.services.conditions_read import Read
from app.settings import Settings
from tests.client import Browser
from tests.demo.records import mission_called
from tests.demo.test_seed_contracts import led_by


def carried(demo: Session, act: MotionAct) -> tuple[Motion, Decision]:
    """The one motion for an act, and the vote that settled it."""
    (motion,) = [each for each in motions_in(demo, mission_called(demo, "chain").id) if each.act is act]
    assert motion.outcome is MotionOutcome.CARRIED
    return motion, demo.get_one(Decision, motion.decision_id)


def late_page(demo: Session) -> Read:
    """The condition whose evidence came late."""
    project = led_by(demo, content.contracts()["late"]["by"])
    return next(
        each
        for each in conditions_read.of_project(demo, project)
        if each.condition.kind is ConditionKind.KNOWLEDGE
    )


def test_the_share_that_may_fail_was_set_before_money_was_given(demo: Session) -> None:
    """DOMAIN 37: by a vote, with a seat against it."""
    _motion, vote = carried(demo, MotionAct.SET_RISK)
    (award,) = demo.exec(select(Decision).where(col(Decision.question) == content.award()["question"])).all()

    assert mission_called(demo, "chain").risk_share == 15
    assert vote.state is DecisionState.CERTIFIED
    assert vote.certified_at is not None
    assert award.opens_at is not None
    assert vote.certified_at < award.opens_at


def test_what_failed_is_inside_the_share_and_not_red(
    seeded: Engine, demo: Session, settings: Settings
) -> None:
    mission = mission_called(demo, "chain")
    _motion, vote = carried(demo, MotionAct.SET_RISK)
    risk = portfolio.shown(demo, mission).risk

    with Browser(create_app(settings, seeded)) as visitor:
        page = visitor.get(f"/missions/{mission.id}/portfolio").text

    assert Fraction(1, 10) < risk.share < Fraction(15, 100)
    assert risk.light is Light.GREEN
    assert "up to 15 % of the money may go to projects that fail" in page
    assert "That is inside the share that may fail." in page
    assert f'href="/decisions/{vote.id}"' in page


def test_a_breach_was_made_good_by_a_vote_and_another_stays_open(demo: Session) -> None:
    """DOMAIN 38: late evidence mends nothing by itself; who has not handed in anything is in breach still."""
    motion, vote = carried(demo, MotionAct.ACCEPT_REMEDY)
    read = late_page(demo)
    (proof,) = read.proofs

    assert (motion.subject_id, vote.outcome) == (read.condition.id, DecisionState.CARRIED)
    assert proof.is_late
    assert [each.state for each in read.checks][:1] == [ConditionState.REMEDIED]
    assert read.state is ConditionState.ACTIVE
    (breached,) = conditions_read.breached_in(demo, mission_called(demo, "chain"))
    assert breached.project.id == led_by(demo, "marcos_aravena").id


def test_condition_and_calendar_show_the_remedy_with_its_vote(
    seeded: Engine, demo: Session, settings: Settings
) -> None:
    _motion, vote = carried(demo, MotionAct.ACCEPT_REMEDY)
    read, mission = late_page(demo), mission_called(demo, "chain")
    paths = (f"/conditions/{read.condition.id}", f"/missions/{mission.id}/calendar")

    with Browser(create_app(settings, seeded)) as visitor:
        pages = [visitor.get(path).text for path in paths]

    assert all(f'href="/decisions/{vote.id}"' in page for page in pages)
    votes = [each.vote for each in calendars.of_mission(demo, mission) if each.vote]
    assert votes == [vote.id]
