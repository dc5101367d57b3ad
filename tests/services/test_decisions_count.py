"""Counting, stepping aside, dissent and certification: what becomes public, and what the mission becomes."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.columns import now
from app.models.decision import Decision
from app.models.notification import Notification
from app.rules import hashing
from app.rules.decisions import StillVoting
from app.rules.hashing import ballots_commitment
from app.rules.moves import ReasonMissing
from app.rules.phases import PhaseForbids
from app.rules.words import (
    Choice,
    DecisionState,
    InterestEffect,
    InterestKind,
    MissionState,
    SubjectKind,
)
from app.services import (
    ballots,
    decisions_certify,
    decisions_count,
    decisions_recount,
    decisions_show,
    events,
    interests,
    interests_hold,
)
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber, said
from tests.services.declared import declare
from tests.services.signed import sign_by_two

FOR, AGAINST, ABSTAIN = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN
D = DecisionState
REASONS = "Every group saw its own words in the text."


@pytest.fixture
def chamber(session: Session) -> Chamber:
    chamber = make_chamber(session)
    chamber.add_alternate("academia 1")
    chamber.notice(opens_in=-1)
    return chamber


def decision_of(chamber: Chamber) -> Decision:
    assert chamber.decision
    return chamber.decision


def step_aside(chamber: Chamber, name: str) -> None:
    declare(
        chamber.session, decision_of(chamber), chamber.members[name].id,
        InterestKind.EMPLOYER, "My employer would build it.", InterestEffect.RECUSE,
    )  # fmt: skip


def close(chamber: Chamber) -> DecisionState:
    decision = decision_of(chamber)
    return decisions_count.close(chamber.session, decision, chamber.chair.id, at=decision.closes_at).state


def test_seven_of_nine_in_every_group_carry(chamber: Chamber, session: Session) -> None:
    chamber.cast_all(FOR, citizens_2=ABSTAIN, private_1=ABSTAIN)

    assert close(chamber) is D.CARRIED
    decision = decision_of(chamber)
    result = decisions_show.result(session, decision)
    assert result is not None
    assert result.figures["total"]["for"] == 7


def test_a_vote_lost_in_one_group_says_so_and_marks_the_total_by_the_share_alone(
    chamber: Chamber, session: Session
) -> None:
    chamber.cast_all(FOR, citizens_1=ABSTAIN, citizens_2=AGAINST)

    assert close(chamber) is D.LOST
    result = decisions_show.result(session, decision_of(chamber))
    assert result is not None
    assert "no majority in favour in: citizens. Overall 7 of 8" in str(result.sentence)
    marks = {row["group"]: row["favours"] for row in result.bars}
    assert marks == {
        "public": True,
        "private": True,
        "third": True,
        "academia": True,
        "citizens": False,
        "overall": True,
    }
    assert str(result.bars[-1]["verdict"]) == "7 of 8 for: enough"


def test_the_chair_cannot_close_before_the_end_while_someone_may_still_vote(chamber: Chamber) -> None:
    chamber.cast("citizens 1", FOR)

    with pytest.raises(StillVoting):
        decisions_count.close(chamber.session, decision_of(chamber), chamber.chair.id)


def test_the_chair_may_close_when_every_seat_has_voted(chamber: Chamber, session: Session) -> None:
    chamber.cast_all()

    outcome = decisions_count.close(session, decision_of(chamber), chamber.chair.id)

    assert outcome.state is D.CARRIED
    closed = decision_of(chamber).closed_at
    assert closed is not None
    assert abs(closed - now()) < timedelta(minutes=1)


def test_a_counted_vote_is_not_counted_again(chamber: Chamber) -> None:
    chamber.cast_all()
    close(chamber)

    with pytest.raises(PhaseForbids):
        close(chamber)


def test_closing_commits_to_every_ballot_in_one_event(chamber: Chamber, session: Session) -> None:
    chamber.cast("citizens 1", AGAINST, "At first I thought not.")
    chamber.cast_all()
    close(chamber)
    decision = decision_of(chamber)

    counted = events.of_subject(session, SubjectKind.DECISION, decision.id)[-1]
    assert counted.kind == "decision_counted"
    listed = [ballots.committed(decision, each) for each in ballots.all_ballots(session, decision.id)]
    assert len(listed) == 10
    assert counted.facts["ballots_hash"] == ballots_commitment(decision.id, listed) == decision.ballots_hash
    assert "At first" not in str(counted.facts)


def test_a_lazy_chair_cannot_keep_a_result_back(chamber: Chamber, session: Session) -> None:
    decision = decision_of(chamber)
    assert decision.closes_at
    assert decisions_count.count_due(session) == 0

    chamber.cast_all()
    assert decisions_count.count_due(session, at=decision.closes_at) == 1
    assert decision.state is D.CARRIED
    assert decisions_count.count_due(session, at=decision.closes_at) == 0


def test_a_recused_seat_counts_nowhere_and_its_ballot_is_set_aside(
    chamber: Chamber, session: Session
) -> None:
    chamber.cast_all(FOR, citizens_1=AGAINST)
    step_aside(chamber, "citizens 1")

    assert close(chamber) is D.CARRIED
    result = decisions_show.result(session, decision_of(chamber))
    assert result is not None
    citizens = next(row for row in result.bars if row["group"] == "citizens")
    assert (citizens["in_favour"], citizens["against"], citizens["seats"]) == (2, 0, 2)
    assert [each.name for each in result.set_aside] == [chamber.members["citizens 1"].name]
    assert len(result.ballots) == 8


def test_the_named_alternate_steps_in(chamber: Chamber, session: Session) -> None:
    decision = decision_of(chamber)
    step_aside(chamber, "academia 1")
    alternate = chamber.seats["alternate of academia 1"]

    with pytest.raises(ballots.NoBallotHere):
        chamber.cast("academia 1", FOR)
    told = session.exec(select(Notification).where(Notification.person_id == alternate.person_id)).all()
    assert [each.kind for each in told] == ["vote_asked"]
    for name in chamber.members.keys() - {"academia 1"}:
        chamber.cast(name, FOR)
    ballots.cast(session, decision, alternate.person_id, said(FOR), "", 1)
    assert decisions_count.close(session, decision, chamber.chair.id).state is D.CARRIED
    shown = decisions_show.published(session, decision)
    assert [each.stands_for for each in shown if each.stands_for] == [chamber.members["academia 1"].name]


def test_a_group_without_seats_left_has_no_quorum(chamber: Chamber, session: Session) -> None:
    step_aside(chamber, "third 1")
    step_aside(chamber, "third 2")
    for name in chamber.members.keys() - {"third 1", "third 2"}:
        chamber.cast(name, FOR)

    assert close(chamber) is D.INQUORATE


def test_a_disclosed_interest_keeps_the_vote(chamber: Chamber, session: Session) -> None:
    decision, person = decision_of(chamber), chamber.members["citizens 1"]
    declare(
        session, decision, person.id, InterestKind.FAMILY, "My sister works there.", InterestEffect.DISCLOSE
    )
    chamber.cast_all()

    assert close(chamber) is D.CARRIED
    assert [each.name for each in interests.declared_on(session, decision)] == [person.name]


def test_nobody_steps_aside_twice_or_from_outside(chamber: Chamber) -> None:
    step_aside(chamber, "citizens 1")

    with pytest.raises(interests.SteppedAsideAlready):
        step_aside(chamber, "citizens 1")
    chamber.members["nobody"] = make_person(chamber.session, "Nobody")
    with pytest.raises(interests_hold.NotSeatedHere):
        step_aside(chamber, "nobody")


def test_nobody_steps_aside_once_the_vote_is_over(chamber: Chamber) -> None:
    close(chamber)

    with pytest.raises(PhaseForbids):
        step_aside(chamber, "citizens 1")


@pytest.mark.parametrize(
    ("choice", "outcome", "becomes"),
    [
        pytest.param(FOR, D.CARRIED, MissionState.ADOPTED, id="carried is adopted"),
        pytest.param(AGAINST, D.LOST, MissionState.REJECTED, id="lost is rejected"),
        pytest.param(ABSTAIN, D.TIED, MissionState.RETURNED, id="a tie goes back to be worked on"),
        pytest.param(None, D.INQUORATE, MissionState.FRAMED, id="without a quorum it may be asked once more"),
    ],
)
def test_certification_settles_the_mission(
    chamber: Chamber, session: Session, choice: Choice | None, outcome: DecisionState, becomes: MissionState
) -> None:
    if choice is not None:
        chamber.cast_all(choice)
    assert close(chamber) is outcome
    sign_by_two(session, decision_of(chamber))

    decisions_certify.certify(session, decision_of(chamber), REASONS, chamber.secretary.id)

    decision = decision_of(chamber)
    assert (decision.state, decision.outcome, chamber.mission.state) == (D.CERTIFIED, outcome, becomes)
    assert decision.certified_by_seat_id is not None
    assert (chamber.mission.adopted_at is not None) is (becomes is MissionState.ADOPTED)
    told = events.of_subject(session, SubjectKind.DECISION, decision.id)[-1].facts["states"]
    assert told == {"mission": {becomes: [str(chamber.mission.id)]}}
    told = session.exec(select(Notification).where(Notification.kind == "decision_certified")).all()
    assert {each.person_id for each in told} == {voice.author_id for voice in chamber.scene.voices}


def test_certification_needs_reasons_and_a_count(chamber: Chamber, session: Session) -> None:
    with pytest.raises(PhaseForbids):
        decisions_certify.certify(session, decision_of(chamber), REASONS, chamber.secretary.id)
    close(chamber)
    with pytest.raises(ReasonMissing):
        decisions_certify.certify(session, decision_of(chamber), "  ", chamber.secretary.id)


def test_the_losing_side_dissents_once_and_before_certification(chamber: Chamber, session: Session) -> None:
    chamber.cast_all(FOR, citizens_2=AGAINST, private_1=ABSTAIN)
    decision, loser = decision_of(chamber), chamber.members["citizens 2"]
    close(chamber)

    for name in ("citizens 1", "private 1"):
        with pytest.raises(decisions_certify.NotOnTheLosingSide):
            decisions_certify.dissent(session, decision, chamber.members[name].id, "We see it otherwise.")
    decisions_certify.dissent(session, decision, loser.id, "The water question is not answered.")
    with pytest.raises(decisions_certify.DissentFiled):
        decisions_certify.dissent(session, decision, loser.id, "And once more, in other words.")
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)
    with pytest.raises(PhaseForbids):
        decisions_certify.dissent(session, decision, loser.id, "Too late.")
    assert [each.text for each in decisions_certify.dissents(session, decision)] == [
        "The water question is not answered."
    ]


def test_whose_ballot_was_set_aside_does_not_dissent(chamber: Chamber, session: Session) -> None:
    chamber.cast_all(FOR, citizens_1=AGAINST)
    step_aside(chamber, "citizens 1")
    close(chamber)

    with pytest.raises(decisions_certify.NotOnTheLosingSide):
        decisions_certify.dissent(
            session, decision_of(chamber), chamber.members["citizens 1"].id, "Even so, I object."
        )


def test_the_recount_file_can_be_checked_without_us(chamber: Chamber, session: Session) -> None:
    chamber.cast("citizens 1", AGAINST)
    chamber.cast_all(FOR, private_2=AGAINST)
    step_aside(chamber, "third 2")
    decision = decision_of(chamber)
    with pytest.raises(decisions_recount.NotCounted):
        decisions_recount.document(session, decision)
    close(chamber)

    file = decisions_recount.document(session, decision)

    assert hashing.digest(file["frozen"]) == file["count"]["frozen_hash"]
    assert hashing.digest(file["texts"][0]) == file["frozen"]["options"][0]["snapshot"]
    named = ("ballot", "mark", "criterion", "reason", "seat", "version")
    rows = [{key: each[key] for key in named} for each in file["ballots"]]
    assert ballots_commitment(decision.id, rows) == file["count"]["ballots_hash"]
    for each in file["ballots"]:
        facts = {key: each[key] for key in ("ballot", "mark", "criterion", "seat", "version")}
        assert hashing.digest({**facts, "decision": file["frozen"]["decision"]})[:24] == each["receipt"]
    latest = {each["seat"]: each for each in sorted(file["ballots"], key=lambda each: each["version"])}
    counted = [
        each["mark"]["choice"] for seat, each in latest.items() if seat not in file["count"]["recused"]
    ]
    total = file["result"]["figures"]["total"]
    assert (counted.count("for"), counted.count("against")) == (total["for"], total["against"]) == (7, 1)
    people = {str(person.id) for person in chamber.members.values()}
    assert not [each for each in people if each in str(file)]
