"""Questions of every kind: drafted, noticed, voted on openly and in secret, counted, drawn by lot, asked once more."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.models.amendment import state_of
from app.models.ballot import BoxedBallot, SecretBallot, Voted, secret_ballots
from app.models.columns import now
from app.models.decision import Decision, decisions_about
from app.models.mission import Clause, Mission
from app.models.project import Project
from app.models.statement import Statement
from app.rules.decisions import DecisionTimes
from app.rules.voting.profile import BallotNotValid
from app.rules.words import (
    AnswerState,
    Choice,
    DecisionKind,
    DecisionState,
    InterestEffect,
    InterestKind,
    MissionState,
    Origin,
)
from app.services import (
    amendments,
    amendments_decide,
    ballots,
    ballots_secret,
    decisions,
    decisions_certify,
    decisions_count,
    decisions_draft,
    decisions_freeze,
    decisions_lot,
    decisions_matter,
    decisions_rule,
    decisions_rule_words,
    decisions_show,
    decisions_words,
    interests,
    missions_clauses,
)
from app.services.amendments import AmendmentText
from app.services.decisions_draft import Asked
from app.services.decisions_rule import RuleChoice
from app.services.missions_clauses import ClauseText
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber, said
from tests.services.declared import declare
from tests.services.signed import sign_by_two

D, K = DecisionState, DecisionKind
QUESTION = "Which of these shall we take up first?"
REASONS = "Every group could see its own words in it."
LOT = "the first draw of the national lottery after the close"


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def lines(*options: str, **wanted: Any) -> Asked:
    return Asked(QUESTION, RuleChoice(**wanted), lines=options, timezone="America/Santiago")


def drafted(chamber: Chamber, kind: DecisionKind, asked: Asked) -> Decision:
    chamber.decision = decisions_draft.draft(
        chamber.session, chamber.committee, kind, asked, chamber.chair.id
    )
    return chamber.decision


def noticed(chamber: Chamber, kind: DecisionKind, asked: Asked) -> Decision:
    decision = drafted(chamber, kind, asked)
    opens = now() - timedelta(hours=1)
    times = DecisionTimes(opens, opens + timedelta(days=7))
    decisions.notice(
        chamber.session, decision, QUESTION, times, chamber.chair.id, at=opens - timedelta(hours=1)
    )
    return decision


def vote(chamber: Chamber, marks: Sequence[dict[str, Any]]) -> None:
    """Each member in order casts the next of these marks, round and round."""
    assert chamber.decision
    for place, person in enumerate(chamber.members.values()):
        ballots.cast(chamber.session, chamber.decision, person.id, marks[place % len(marks)], "", 1)


def closed(chamber: Chamber) -> Decision:
    assert chamber.decision
    decisions_count.close(chamber.session, chamber.decision, None, at=chamber.decision.closes_at)
    return chamber.decision


def key() -> str:
    return secrets.token_hex(16)


def sister_mission(chamber: Chamber, title: str) -> Mission:
    """Another framed mission of the same organisation, which lacks nothing either."""
    other = make_chamber(chamber.session)
    mission = other.mission
    mission.organisation_id, mission.title = chamber.mission.organisation_id, title
    chamber.session.flush()
    return mission


RANKED = lines("Water", "Wires", "Wind", name="schulze", has_default=True)


def test_options_in_own_words_are_ranked_and_the_winner_is_named(chamber: Chamber, session: Session) -> None:
    decision = noticed(chamber, K.SETTLE, RANKED)
    assert [each["id"] for each in decision.options] == ["option-1", "option-2", "option-3", "none"]
    assert decisions_freeze.is_intact(decision)

    vote(chamber, [{"ranking": [["option-2"], ["option-1"], ["none"]]}, {"ranking": [["option-2"]]}])
    closed(chamber)

    assert (decision.state, decision.result["selected"]) == (D.CARRIED, ["option-2"])
    shown = decisions_show.result(session, decision)
    assert shown is not None
    assert str(shown.sentence) == "Chosen: Wires."
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)
    assert decision.state is D.CERTIFIED
    assert chamber.mission.state is MissionState.FRAMED


@pytest.mark.parametrize(
    ("rule", "mark"),
    [
        ("schulze", {"ranking": [["option-1"]]}),
        ("irv", {"ranking": [["option-1"]]}),
        ("approval", {"approved": ["option-1"]}),
        ("majority_judgment", {"grades": {"option-1": 5, "option-2": 1}}),
        ("score", {"scores": {"option-1": 9, "option-2": 3}}),
    ],
)
def test_every_rule_that_suits_is_counted_through_the_same_door(
    chamber: Chamber, rule: str, mark: dict[str, Any]
) -> None:
    decision = noticed(chamber, K.SETTLE, lines("Water", "Wires", name=rule))

    vote(chamber, [mark])
    closed(chamber)

    assert decision.result["selected"] == ["option-1"]
    assert decision.result["rule"] == rule


@pytest.mark.parametrize("rule", ["supermajority", "consent", "group_majority"])
def test_a_vote_for_or_against_has_one_option(chamber: Chamber, rule: str) -> None:
    with pytest.raises(decisions_rule.OneOptionOnly):
        noticed(chamber, K.SETTLE, lines("Water", "Wires", name=rule))

    decision = noticed(chamber, K.SETTLE, lines("Meet once a month", name=rule))
    vote(chamber, [{"consent": "consent"} if rule == "consent" else said(Choice.FOR)])
    assert closed(chamber).state is D.CARRIED
    assert decision.result["selected"] == ["option-1"]


def test_of_several_missions_the_one_chosen_is_adopted_and_the_others_go_back(
    chamber: Chamber, session: Session
) -> None:
    other = sister_mission(chamber, "Clean water on every coast by 2035")
    about = [chamber.mission.id, other.id]
    decision = noticed(chamber, K.CHOOSE, Asked(QUESTION, RuleChoice(has_default=True), missions=about))
    assert {chamber.mission.state, other.state} == {MissionState.ON_BALLOT}
    snapshots = [each["snapshot"] for each in decision.options]
    assert len(set(snapshots)) == 3  # one of each mission, none of "none of these"

    vote(chamber, [{"ranking": [[str(other.id)], ["none"]]}])
    closed(chamber)
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)

    assert (other.state, chamber.mission.state) == (MissionState.ADOPTED, MissionState.RETURNED)
    assert [each.id for _mission, each in decisions_about(session, about)] == [decision.id] * 2


def test_a_mission_stands_on_one_ballot_at_a_time(chamber: Chamber) -> None:
    other = sister_mission(chamber, "Clean water on every coast by 2035")
    asked = Asked(QUESTION, RuleChoice(), missions=[chamber.mission.id, other.id])
    noticed(chamber, K.CHOOSE, asked)

    with pytest.raises(decisions_matter.NotFramed):
        noticed(chamber, K.CHOOSE, asked)


def test_projects_are_chosen_under_a_budget(chamber: Chamber, session: Session) -> None:
    projects = session.exec(select(Project).where(Project.mission_id == chamber.mission.id)).all()
    costs = {
        each.id: cost for each, cost in zip(projects, (60_000, 50_000, 40_000, 90_000, 95_000), strict=False)
    }
    rule = RuleChoice(name="greedy", budget=100_000, lower_cost_first=True)
    decision = noticed(chamber, K.PORTFOLIO, Asked(QUESTION, rule, mission=chamber.mission.id, costs=costs))
    assert chamber.mission.state is MissionState.FRAMED

    vote(chamber, [{"approved": [str(each.id) for each in projects]}])
    closed(chamber)

    bought = [costs[UUID(each)] for each in decision.result["selected"]]
    assert sorted(bought) == [40_000, 50_000]  # the cheaper first, and never over budget


def test_one_that_costs_nothing_is_no_project(chamber: Chamber, session: Session) -> None:
    projects = session.exec(select(Project).where(Project.mission_id == chamber.mission.id)).all()
    with pytest.raises(decisions_draft.CostImpossible):
        drafted(
            chamber, K.PORTFOLIO,
            Asked(QUESTION, RuleChoice(budget=10), mission=chamber.mission.id, costs={each.id: 0 for each in projects}),
        )  # fmt: skip


@pytest.mark.parametrize(
    "mark",
    [
        {"ranking": [["option-9"]]},
        {"ranking": [["option-1"], ["option-1"]]},
        {"approved": ["option-1"]},
        {"ranking": "option-1"},
        {},
    ],
)
def test_what_is_not_on_the_ballot_is_not_recorded(chamber: Chamber, mark: dict[str, Any]) -> None:
    decision = noticed(chamber, K.SETTLE, RANKED)

    with pytest.raises(BallotNotValid):
        ballots.cast(chamber.session, decision, chamber.members["citizens 1"].id, mark, "", 1)


SECRET = lines("Ana", "Bruno", "Carla", name="approval", seats=1, secret=True, share=Fraction(1, 2))


def test_a_secret_vote_joins_no_ballot_to_a_seat(chamber: Chamber, session: Session) -> None:
    decision = noticed(chamber, K.SETTLE, SECRET)
    for place, person in enumerate(chamber.members.values()):
        mark = {"approved": ["option-1" if place < 6 else "option-2"]}
        ballots_secret.cast(session, decision, person.id, mark, key())
    assert len(session.exec(select(BoxedBallot)).all()) == len(session.exec(select(Voted)).all()) == 9

    closed(chamber)

    assert decision.result["selected"] == ["option-1"]
    assert session.exec(select(BoxedBallot)).all() == []
    listed = secret_ballots(session, decision.id)
    assert [each.id for each in listed] == sorted(each.id for each in listed)
    assert {each.group for each in listed} == {None}
    rows = session.connection().execute(text("SELECT xmin::text, id FROM secret_ballot ORDER BY ctid")).all()
    assert len({row[0] for row in rows}) == 1  # one transaction wrote them all
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert set(SecretBallot.model_fields) & set(Voted.model_fields) == {"decision_id"}


def test_a_receipt_is_found_in_the_published_list(chamber: Chamber, session: Session) -> None:
    decision, mine = noticed(chamber, K.SETTLE, SECRET), key()
    first = ballots_secret.cast(session, decision, chamber.members["citizens 1"].id, {"approved": []}, mine)
    again = ballots_secret.cast(session, decision, chamber.members["citizens 1"].id, {"approved": []}, mine)
    assert first == again
    for name in ("citizens 2", "private 1", "private 2", "public 1", "third 1", "third 2", "academia 1"):
        mark = {"approved": ["option-3"]}
        ballots_secret.cast(session, decision, chamber.members[name].id, mark, key())

    closed(chamber)

    shown = decisions_show.result(session, decision)
    assert shown is not None
    assert [each.receipt for each in shown.ballots] == sorted(each.receipt for each in shown.ballots)
    assert first.code in {each.receipt for each in shown.ballots if each.mark == {"approved": []}}
    assert {(each.name, each.reason, each.group) for each in shown.ballots} == {("", "", None)}


def test_a_secret_ballot_is_changed_by_its_key_alone(chamber: Chamber, session: Session) -> None:
    decision, person, mine = noticed(chamber, K.SETTLE, SECRET), chamber.members["citizens 1"], key()
    first = ballots_secret.cast(session, decision, person.id, {"approved": ["option-1"]}, mine)

    with pytest.raises(ballots_secret.VotedAlready):
        ballots_secret.cast(session, decision, person.id, {"approved": ["option-2"]}, key())
    with pytest.raises(ballots_secret.KeyUnknown):
        ballots_secret.cast(session, decision, person.id, {"approved": ["option-2"]}, key(), key())
    newer = key()
    second = ballots_secret.cast(session, decision, person.id, {"approved": ["option-2"]}, newer, mine)
    with pytest.raises(ballots_secret.KeyUnknown):
        ballots_secret.cast(session, decision, person.id, {"approved": ["option-3"]}, key(), mine)

    assert second.code != first.code
    closed(chamber)
    assert [each.mark for each in secret_ballots(session, decision.id)] == [{"approved": ["option-2"]}]


def test_who_voted_in_secret_cannot_step_aside_any_more(chamber: Chamber, session: Session) -> None:
    decision, person = noticed(chamber, K.SETTLE, SECRET), chamber.members["citizens 1"]
    ballots_secret.cast(session, decision, person.id, {"approved": []}, key())

    with pytest.raises(interests.VotedInSecret):
        declare(session, decision, person.id, InterestKind.MONEY, "I own shares.", InterestEffect.RECUSE)
    declare(session, decision, person.id, InterestKind.MONEY, "I own shares.", InterestEffect.DISCLOSE)


@pytest.mark.parametrize("wanted", [{"name": "group_majority"}, {"name": "approval", "groups_alike": True}])
def test_a_count_by_small_groups_is_never_secret(chamber: Chamber, wanted: dict[str, Any]) -> None:
    options = ("Once",) if wanted["name"] == "group_majority" else ("Once", "Twice")
    with pytest.raises(decisions_rule.GroupsTooSmallForSecrecy):
        noticed(chamber, K.SETTLE, lines(*options, secret=True, **wanted))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ballot_box SET mark = '{}'",
        "DELETE FROM ballot_box",
        "UPDATE voted SET seat_id = gen_random_uuid()",
        "DELETE FROM voted",
    ],
)
def test_the_database_keeps_the_box_shut(chamber: Chamber, session: Session, change: str) -> None:
    decision = noticed(chamber, K.SETTLE, SECRET)
    ballots_secret.cast(session, decision, chamber.members["citizens 1"].id, {"approved": []}, key())

    with pytest.raises(DBAPIError, match=r"leaves the box only|never changed"):
        session.connection().execute(text(change))


def tie(chamber: Chamber, lot: str) -> Decision:
    noticed(chamber, K.SETTLE, lines("Water", "Wires", name="approval", seats=1, lot=lot))
    vote(chamber, [{"approved": ["option-1", "option-2"]}])
    return closed(chamber)


def test_a_tie_ends_by_the_lot_that_was_announced(chamber: Chamber, session: Session) -> None:
    decision = tie(chamber, LOT)
    assert (decision.state, decision.result["tied"]) == (D.TIED, ["option-1", "option-2"])
    with pytest.raises(decisions_lot.LotWaits):
        decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)

    decisions_lot.draw(session, decision, "04 11 19 23 38", chamber.chair.id)

    assert (decision.state, decision.result["tied"]) == (D.CARRIED, [])
    first = decision.result["selected"]
    decisions_lot.draw(session, decision, "04 11 19 23 39", chamber.chair.id)  # a slip of the pen, corrected
    decisions_lot.draw(session, decision, "04 11 19 23 38", chamber.chair.id)
    assert decision.result["selected"] == first
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)


def test_without_an_announced_lot_a_tie_is_not_ended(chamber: Chamber, session: Session) -> None:
    decision = tie(chamber, "")

    with pytest.raises(decisions_lot.NoLotAnnounced):
        decisions_lot.draw(session, decision, "4", chamber.chair.id)
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)


def test_walking_out_twice_stops_nobody_else(chamber: Chamber, session: Session) -> None:
    for place in range(2):
        chamber.decision = None
        decision = chamber.notice(opens_in=-1)
        for name in chamber.members:
            if not name.startswith("private"):
                chamber.cast(name, Choice.FOR)
        decisions_count.close(session, decision, None, at=decision.closes_at)
        assert decision.state is (D.INQUORATE if place == 0 else D.CARRIED)
        sign_by_two(session, decision)
        decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)
    assert decision.terms["excused"] == ["private"]
    assert chamber.mission.state is MissionState.ADOPTED


def test_too_few_twice_sends_the_mission_back(chamber: Chamber, session: Session) -> None:
    for absent, becomes in (("private", MissionState.FRAMED), ("third", MissionState.RETURNED)):
        chamber.decision = None
        decision = chamber.notice(opens_in=-1)
        for name in chamber.members:
            if not name.startswith(absent):
                chamber.cast(name, Choice.FOR)
        decisions_count.close(session, decision, None, at=decision.closes_at)
        assert decision.state is D.INQUORATE
        sign_by_two(session, decision)
        decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)
        assert chamber.mission.state is becomes


def test_a_draft_is_changed_until_notice_and_by_one_window_at_a_time(
    chamber: Chamber, session: Session
) -> None:
    decision = drafted(chamber, K.SETTLE, RANKED)
    seen = decisions.fingerprint(decision, decision.question)
    asked = decisions_draft.asked_before(session, decision)
    assert asked.lines == ["Water", "Wires", "Wind"]
    assert asked.rule.has_default

    decisions_draft.redraft(session, decision, lines("Sun", "Sea", name="irv"), chamber.chair.id, seen)
    assert [each["title"] for each in decision.options] == ["Sun", "Sea"]
    with pytest.raises(decisions_draft.DraftChangedElsewhere):
        decisions_draft.redraft(session, decision, RANKED, chamber.chair.id, seen)
    assert (
        replace(asked.rule, name="irv", has_default=False)
        == decisions_draft.asked_before(session, decision).rule
    )


@pytest.mark.parametrize(
    ("kind", "rule"),
    [(K.CHOOSE, "group_majority"), (K.ELECT, "approval"), (K.SETTLE, "greedy"), (K.SETTLE, "borda")],
)
def test_a_rule_that_does_not_fit_is_refused(chamber: Chamber, kind: DecisionKind, rule: str) -> None:
    other = sister_mission(chamber, "Clean water on every coast by 2035")
    asked = Asked(QUESTION, RuleChoice(name=rule), missions=[chamber.mission.id, other.id], lines=("A", "B"))

    with pytest.raises(decisions_rule.RuleUnfit):
        drafted(chamber, kind, asked)


PROPOSED = "The agency pays for the upkeep of every panel and battery for ten years."


def amendment_to_vote(chamber: Chamber) -> tuple[Clause, Statement]:
    """An amendment of a clause of this mission, which its steward put to a vote."""
    session, carol = chamber.session, chamber.scene.carol
    typed = ClauseText("conditions", "The agency pays for the upkeep of every panel.", Origin.AGENCY, 1000)
    clause = missions_clauses.write(session, chamber.mission, None, typed, chamber.mission.version, carol.id)
    words = AmendmentText(PROPOSED, "Batteries break first.", clause.id)
    author = make_person(session, f"Olga {secrets.token_hex(4)}")
    statement = amendments.propose(session, chamber.mission, author, words, secrets.token_hex(8))
    amendments_decide.answer(
        session, statement, carol, AnswerState.TO_VOTE, "The committee decides how long."
    )
    return clause, statement


@pytest.mark.parametrize(("voters", "winner"), [(5, ["option-1"]), (4, ["none"])])
def test_enough_voters_must_prefer_a_choice_to_none_of_these(
    chamber: Chamber, session: Session, voters: int, winner: list[str]
) -> None:
    """Nine voters: one and a half times three, rounded up, is five."""
    asked = lines("Water", "Wires", name="schulze", has_default=True, default_quorum=True)
    decision = noticed(chamber, K.SETTLE, asked)
    assert decision.rule["quorum"] == 5
    said_of_it = " ".join(
        map(str, decisions_rule_words.rule_sentences(decisions_freeze.question_of(decision)))
    )
    assert "At least 5 voters must prefer it to none of these." in said_of_it

    water, nothing = {"ranking": [["option-1"], ["none"]]}, {"ranking": []}
    vote(chamber, [water] * voters + [nothing] * (len(chamber.members) - voters))
    closed(chamber)

    assert decision.result["selected"] == winner


def test_a_choice_must_beat_none_of_these_as_clearly_as_was_asked(chamber: Chamber) -> None:
    asked = lines("Water", "Wires", name="schulze", has_default=True, over_default=Fraction(3))
    decision = noticed(chamber, K.SETTLE, asked)
    water, none = {"ranking": [["option-1"], ["none"]]}, {"ranking": [["none"], ["option-1"]]}

    vote(chamber, [water] * 6 + [none] * 3)
    closed(chamber)

    assert decision.result["selected"] == ["none"]


def test_enough_voters_are_not_asked_for_where_groups_have_the_same_say(chamber: Chamber) -> None:
    asked = lines("Water", "Wires", name="schulze", has_default=True, default_quorum=True, groups_alike=True)

    with pytest.raises(decisions_rule.QuorumOfVoters):
        drafted(chamber, K.SETTLE, asked)


@pytest.mark.parametrize(
    ("choice", "state"), [(Choice.FOR, AnswerState.ACCEPTED), (Choice.AGAINST, AnswerState.DECLINED)]
)
def test_a_vote_on_an_amendment_changes_the_clause_or_leaves_it(
    chamber: Chamber, session: Session, choice: Choice, state: AnswerState
) -> None:
    clause, statement = amendment_to_vote(chamber)
    asked = Asked(QUESTION, RuleChoice(), mission=chamber.mission.id, amendment=statement.id)
    decision = noticed(chamber, K.AMEND, asked)
    assert (
        str(decisions_words.titles(session, decision)[str(statement.id)])
        == f"The words proposed: “{PROPOSED}”"
    )

    vote(chamber, [said(choice)])
    closed(chamber)
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)

    session.refresh(clause)
    assert (clause.text == PROPOSED) is (choice is Choice.FOR)
    assert state_of(statement) is state


def test_an_amendment_whose_clause_changed_meanwhile_is_drafted_anew(
    chamber: Chamber, session: Session
) -> None:
    clause, statement = amendment_to_vote(chamber)
    asked = Asked(QUESTION, RuleChoice(), mission=chamber.mission.id, amendment=statement.id)
    decision = drafted(chamber, K.AMEND, asked)
    typed = ClauseText("conditions", "The agency pays for no panel at all.", Origin.AGENCY, 1000)
    missions_clauses.write(
        session, chamber.mission, clause, typed, chamber.mission.version, chamber.scene.carol.id
    )

    opens = now() + timedelta(hours=1)
    with pytest.raises(decisions_matter.AmendmentChanged):
        decisions.notice(
            session, decision, QUESTION, DecisionTimes(opens, opens + timedelta(days=7)), chamber.chair.id
        )


def test_where_none_of_these_wins_nothing_is_adopted(chamber: Chamber, session: Session) -> None:
    other = sister_mission(chamber, "Clean water on every coast by 2035")
    about = [chamber.mission.id, other.id]
    decision = noticed(chamber, K.CHOOSE, Asked(QUESTION, RuleChoice(has_default=True), missions=about))

    vote(chamber, [{"ranking": [["none"], [str(other.id)]]}])
    closed(chamber)
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, REASONS, chamber.secretary.id)

    assert (decision.outcome, decision.result["selected"]) == (D.LOST, ["none"])
    assert {chamber.mission.state, other.state} == {MissionState.RETURNED}
