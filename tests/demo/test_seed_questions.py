"""The demonstration's other votes: one of each kind, each counted to what its story says."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.conditions.taking_part import said_of
from app.demo import content
from app.models.ballot import Ballot, Voted, counted_ballots
from app.models.closing import signers, superseded_by
from app.models.committee import Interest
from app.models.decision import Decision, missions_about
from app.models.mission import Mission, clauses_of
from app.models.review import live_round, reviews_of
from app.models.review_rounds import is_opened
from app.rules.words import DecisionKind, DecisionState, MissionState, StakeholderGroup
from app.services import closing, decisions_certify, decisions_freeze, decisions_pack, decisions_show, minutes
from tests.recount import cases

D = DecisionState
CAME_TO = {
    "meetings": (D.CARRIED, ["option-1"]),
    "travel": (D.INQUORATE, []),
    "delegates": (D.CARRIED, ["option-1", "option-4"]),
    "order": (D.CARRIED, ["option-1"]),
    "reports": (D.CARRIED, ["option-3"]),
    "survey": (D.LOST, []),
}


def asked(demo: Session, key: str) -> Decision:
    words = next(each["question"] for each in content.questions() if each["key"] == key)
    return demo.exec(select(Decision).where(Decision.question == words)).one()


def test_each_came_to_what_its_reasons_say(demo: Session) -> None:
    found = {key: asked(demo, key) for key in CAME_TO}

    assert {
        key: (DecisionState(each.outcome), each.result["selected"]) for key, each in found.items()
    } == CAME_TO
    assert all(decisions_freeze.is_intact(each) for each in found.values())
    assert {key for key, each in found.items() if each.state is D.DISMISSED} == {"survey"}
    assert {each.state for each in found.values()} == {D.CERTIFIED, D.DISMISSED}


def test_a_tie_was_drawn_and_a_seat_was_stood_in_for(demo: Session) -> None:
    drawn = asked(demo, "first_visit")
    assert (drawn.lot_value, drawn.outcome) == ("04 11 19 23 38", D.CARRIED)
    # Which of the two depends on the decision's random id.
    assert drawn.result["selected"] in (["option-1"], ["option-2"])
    shown = decisions_show.result(demo, asked(demo, "survey"))
    assert shown is not None
    assert [each.stands_for for each in shown.ballots if each.stands_for] == ["Helga Riquelme"]
    assert len(shown.ballots) == 9


def test_a_clause_was_changed_by_a_vote_in_which_an_alternate_stood_in(demo: Session) -> None:
    decision, told = asked(demo, "night_price"), content.questions()
    words = next(each["amendment"]["words"] for each in told if each["key"] == "night_price")
    assert (decision.kind, decision.state, decision.outcome) == (DecisionKind.AMEND, D.CERTIFIED, D.CARRIED)
    assert decision.result["selected"] == [decision.options[0]["id"]]
    assert decision.mission_id is not None
    assert words in {clause.text for clause in clauses_of(demo, decision.mission_id)}
    assert superseded_by(demo, decision.id) is None
    shown = decisions_show.result(demo, decision)
    assert shown is not None
    assert [(each.stands_for, each.is_for_absence) for each in shown.ballots if each.stands_for] == [
        ("Bernardita Guerra", True)
    ]
    (away,) = [each for each in minutes.of(demo, decision).seats if each.was_away]
    assert (away.elector.name, away.elector.alternate) == ("Bernardita Guerra", "Trinidad Moll")
    assert (away.took_part, away.elector.is_stood_in_for) == (True, True)


def voted_on(demo: Session, decision: Decision) -> list[Mission]:
    return [demo.get_one(Mission, each) for each in missions_about(demo, decision)]


def titles(demo: Session, decision: Decision, state: MissionState) -> set[str]:
    """Of the missions that a vote was about, those in this state now."""
    return {each.title for each in voted_on(demo, decision) if each.state is state}


def told_of(keys: list[str]) -> set[str]:
    return {each["title"] for each in content.missions() if each["key"] in keys}


@pytest.mark.parametrize(
    ("key", "kind", "adopted", "returned"),
    [
        ("next_mission", DecisionKind.CHOOSE, ["tap"], ["shifts"]),
        ("two_of_four", DecisionKind.SET, ["class", "night"], ["oasis", "dust"]),
    ],
)
def test_missions_were_voted_on_together(
    demo: Session, key: str, kind: DecisionKind, adopted: list[str], returned: list[str]
) -> None:
    decision = asked(demo, key)
    report = cases.load_recount().recount(decisions_pack.files(demo, decision))

    assert (decision.kind, decision.state, decision.outcome) == (kind, D.CERTIFIED, D.CARRIED)
    assert titles(demo, decision, MissionState.ADOPTED) == told_of(adopted)
    assert titles(demo, decision, MissionState.RETURNED) | titles(
        demo, decision, MissionState.IN_REVIEW
    ) == told_of(returned)
    assert report.wrong == []
    assert any("byte for byte" in each for each in report.right)


def test_the_choice_has_one_dissent_by_a_seat_that_ranked_the_other_first(demo: Session) -> None:
    (dissent,) = decisions_certify.dissents(demo, asked(demo, "next_mission"))
    words = next(each["dissents"] for each in content.questions() if each["key"] == "next_mission")
    assert (dissent.text, dissent.group) == (words[0]["text"], StakeholderGroup.PUBLIC)


def test_equal_shares_bought_both_without_another_rule(demo: Session) -> None:
    """Nine seats in five groups of the same part: the first costs six of them, the second all the others."""
    decision = asked(demo, "two_of_four")
    approved = [ballot.mark["approved"] for ballot in counted_ballots(demo, decision.id)]
    ids = {each.title: str(each.id) for each in voted_on(demo, decision)}
    (oasis,), (night,) = (told_of([key]) for key in ("oasis", "night"))
    assert decision.rule["by_group"]
    assert sum(ids[oasis] in each for each in approved) > sum(ids[night] in each for each in approved)
    assert all(set(each) & set(decision.result["selected"]) for each in approved)


def test_people_were_chosen_in_secret(demo: Session) -> None:
    decision = asked(demo, "delegates")
    shown = decisions_show.result(demo, decision)
    assert shown is not None
    assert decision.kind is DecisionKind.ELECT
    assert {(each.name, each.group) for each in shown.ballots} == {("", None)}
    assert len(shown.ballots) == 9


def test_a_budget_is_being_divided_now(demo: Session) -> None:
    decision = asked(demo, "first_money")
    assert decision.kind is DecisionKind.PORTFOLIO
    assert decision.state is D.NOTICED
    assert [each["cost"] for each in decision.options] == [62_000_000_000, 54_000_000_000, 31_000_000_000]


def test_everyone_who_voted_had_said_before_whether_something_ties_them(demo: Session) -> None:
    found = demo.exec(select(Decision)).all()
    voters = [(each, seat) for each in found for seat in seats_that_voted(demo, each)]
    said = {(each.subject_id, each.seat_id) for each in demo.exec(select(Interest))}

    assert len(voters) > 90
    asked_about = {each.id: set(said_of(demo, each)) for each in found}
    assert [
        seat for each, seat in voters if not {(about, seat) for about in asked_about[each.id]} & said
    ] == []


def seats_that_voted(demo: Session, decision: Decision) -> set[UUID]:
    open_ = demo.exec(select(Ballot.seat_id).where(Ballot.decision_id == decision.id)).all()
    secret = demo.exec(select(Voted.seat_id).where(Voted.decision_id == decision.id)).all()
    return {*open_, *secret}


def test_one_counted_vote_waits_for_two_signatures(demo: Session) -> None:
    decision = asked(demo, "camera")

    assert (decision.state, decision.outcome, decision.certified_at) == (D.CARRIED, D.CARRIED, None)
    assert closing.possible(demo, decision) != []
    assert signers(demo, decision.id) == []


def test_a_mission_that_came_back_waits_for_two_reviews_of_each_seat(demo: Session) -> None:
    (mission,) = demo.exec(select(Mission).where(Mission.state == MissionState.IN_REVIEW)).all()
    asked_for = live_round(demo, mission.id)

    assert mission.title in told_of(["shifts"])
    assert asked_for is not None
    assert not is_opened(demo, asked_for)
    reviews = reviews_of(demo, asked_for.id)
    assert {each.filed_at for each in reviews} == {None}
    assert len(reviews) == 2 * len({each.seat_id for each in reviews}) > 10
