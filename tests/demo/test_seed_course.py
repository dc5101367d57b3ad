"""The mission of the first question: voted on with one seat aside, started, read, missed, reviewed, and asked anew."""

from collections import Counter
from decimal import Decimal

from sqlmodel import Session, select

from app.conditions.asking import call_phase
from app.demo import content
from app.models.ballot import counted_ballots
from app.models.call import Call
from app.models.course import course_reviews_of, recalls_of
from app.models.decision import Decision
from app.models.seat import Seat
from app.rules.words import (
    CallState,
    Choice,
    CourseVerdict,
    DecisionState,
    MilestoneState,
    MissionState,
    SignalKind,
    StakeholderGroup,
)
from app.services import course, milestones, pledges
from app.services.pledges import Standing
from tests.demo.records import mission_called


def vote_on(demo: Session, key: str) -> Decision:
    (told,) = [each["decision"] for each in content.missions() if each["key"] == key]
    return demo.exec(select(Decision).where(Decision.question == told["question"])).one()


def test_a_seat_stepped_aside_and_the_mission_was_adopted(demo: Session) -> None:
    decision = vote_on(demo, "chain")
    voted = Counter(ballot.mark["choice"] for ballot in counted_ballots(demo, decision.id))

    assert (decision.outcome, mission_called(demo, "chain").state) == (
        DecisionState.CARRIED,
        MissionState.ACTIVE,
    )
    assert voted == {Choice.FOR: 7, Choice.AGAINST: 1}


def test_a_mission_failed_in_one_group_although_seven_in_ten_were_for_it(demo: Session) -> None:
    decision = vote_on(demo, "share")
    voted = Counter(ballot.mark["choice"] for ballot in counted_ballots(demo, decision.id))
    took_a_side = voted[Choice.FOR] + voted[Choice.AGAINST]

    assert Decimal(voted[Choice.FOR]) / took_a_side > Decimal("0.7")
    assert decision.outcome == DecisionState.LOST
    assert mission_called(demo, "share").state is MissionState.REJECTED
    seats = [
        each.seat_id for each in counted_ballots(demo, decision.id) if each.mark["choice"] == Choice.AGAINST
    ]
    assert {demo.get_one(Seat, each).group for each in seats} == {StakeholderGroup.PRIVATE}
    assert len(seats) == 2


def test_a_missed_milestone_opened_a_review_that_adapts_and_asks_anew(demo: Session) -> None:
    """DOMAIN 18, 32 and 33: the clock opened it, its verdict names what changes, and a question follows from it."""
    mission = mission_called(demo, "chain")
    adapted, continued = course_reviews_of(demo, mission.id)

    assert (continued.verdict, adapted.verdict) == (CourseVerdict.CONTINUE, CourseVerdict.ADAPT)
    assert adapted.opened_by_id is None
    assert SignalKind.MILESTONE in {told["kind"] for told in adapted.signals}
    assert len(adapted.changes) == 3
    call = demo.get_one(Call, adapted.call_id)
    assert call_phase(call) is CallState.OPEN
    assert course.behind(demo, call) == (mission, adapted)


def test_earlier_participants_were_asked_again_and_enough_answered(demo: Session) -> None:
    for review in course_reviews_of(demo, mission_called(demo, "chain").id):
        asked = recalls_of(demo, [review.id])
        answered = [each for each in asked if each.felt is not None]
        assert len(asked) > 30
        assert len(answered) >= len(asked) / 5


def test_milestones_are_met_missed_and_still_to_come(demo: Session) -> None:
    found = {
        each.milestone.title: each.reached.state
        for each in milestones.of_mission(demo, mission_called(demo, "chain"))
    }

    assert {each["title"]: found[each["title"]] for each in content.course()["milestones"]} == {
        "Forty-five firms in the register": MilestoneState.MET,
        "New power at 34 dollars": MilestoneState.MET,
        "The first hundred certificates are given in the region": MilestoneState.MET,
        "Sixty firms in the register": MilestoneState.MISSED,
        "Seventy-five firms in the register": MilestoneState.PLANNED,
        "A thousand people of the region work a year after their plant was finished": MilestoneState.PLANNED,
    }


def test_pledges_stand_beside_their_delivery(demo: Session) -> None:
    """DOMAIN 11: one is kept, one late, one overdue, one still promised."""
    found = pledges.listed(demo, mission_called(demo, "chain").id)

    assert Counter(each.standing for each in found) == {
        Standing.KEPT: 1, Standing.KEPT_LATE: 1, Standing.NOT_KEPT: 1, Standing.PROMISED: 1,
    }  # fmt: skip
    assert [each.organisation for each in found if each.standing is Standing.NOT_KEPT] == [
        "Cobre del Loa mining company"
    ]
