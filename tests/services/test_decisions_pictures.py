"""Pictures of results: what is drawn is what was counted, for every rule; what must not be seen is not there."""

import random
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sqlmodel import Session

from app.models.decision import Decision
from app.rules.voting import equal_shares, payments, phragmen, portfolios, ranked_pairs, schulze
from app.rules.voting.profile import Profile, Vote, merged
from app.rules.voting.ruling import Question
from app.rules.voting.table import RULES
from app.rules.voting.tally import Terms
from app.rules.voting.ties import TieBreak
from app.rules.words import DecisionState, StakeholderGroup
from app.services import decisions_show
from app.services.decisions_pictures import groups_shown
from app.services.decisions_pictures_facts import Counted
from app.services.decisions_pictures_ranked import cross_check
from app.services.decisions_show import Result
from tests.rules.many import SCALE
from tests.services.chamber import make_chamber
from tests.services.chamber_votes import STAGED, Staged, approved, stage

GROUPS = [group.value for group in StakeholderGroup]


def drawn(session: Session, staged: Staged) -> tuple[Decision, Result, dict[str, Any]]:
    decision = stage(make_chamber(session), staged)
    result = decisions_show.result(session, decision)
    assert result is not None
    return decision, result, dict(result.picture.facts)


def test_every_rule_of_the_table_has_a_staged_vote_and_a_picture(session: Session) -> None:
    told = {RULES[staged.rule].name for staged in STAGED.values()}

    assert told | {"greedy_no_skip"} == set(RULES)


def test_the_lines_of_the_groups_add_up_to_the_whole(session: Session) -> None:
    _decision, result, facts = drawn(session, STAGED["group majority"])
    *groups, overall = facts["bars"]

    assert sum(row["in_favour"] for row in groups) == overall["in_favour"] == result.figures["total"]["for"]
    assert sum(row["against"] for row in groups) == overall["against"] == result.figures["total"]["against"]
    assert facts["share"] == Fraction(7, 9)
    assert [(each.value, many) for each, many in facts["criteria"]] == [("bold", 1), ("concrete", 1)]


def test_objections_stand_with_their_reasons_and_the_round(session: Session) -> None:
    _decision, _result, facts = drawn(session, STAGED["consent"])

    assert [each.reason for each in facts["objections"]] == [
        "Half-made drafts frighten the people they are about.",
        "Then nobody dares to write one.",
    ]
    assert (facts["round"], facts["most"], facts["verdict"]) == (1, 3, "integrate")


def test_approvals_are_drawn_most_first_with_what_was_needed(session: Session) -> None:
    _decision, result, facts = drawn(session, STAGED["approval"])
    counts = [row["approvals"] for row in facts["rows"]]

    assert counts == sorted(result.figures["approvals"], reverse=True)
    assert facts["needed"] == 5
    assert all(sum(row["groups"]) == row["approvals"] for row in facts["rows"])


def test_the_parts_of_a_merit_profile_fill_the_bar_and_the_middle_lies_in_the_majority_grade(
    session: Session,
) -> None:
    _decision, result, facts = drawn(session, STAGED["majority judgment"])
    middle = (facts["ballots"] - 1) // 2

    assert [row["id"] for row in facts["rows"]] == result.figures["order"]
    for row in facts["rows"]:
        assert sum(row["counts"]) == facts["ballots"]
        assert row["parts"][-1]["start"] + row["parts"][-1]["width"] == pytest.approx(100, abs=0.05)
        worst_first = [part["what"] for part in reversed(row["parts"]) for _ in range(part["many"])]
        assert worst_first[middle] == row["median"]
        assert sum(sum(profile["counts"]) for _group, profile in row["groups"]) == facts["ballots"]


def test_scores_that_lie_far_apart_are_marked(session: Session) -> None:
    _decision, result, facts = drawn(session, STAGED["score"])

    assert {row["id"] for row in facts["rows"] if row["discuss"]} == set(result.figures["discuss"]) != set()
    assert all(sum(row["scores"]) == row["scored"] for row in facts["rows"])


@pytest.mark.parametrize("name", ["schulze", "schulze clear"])
def test_a_chain_in_words_is_as_strong_as_the_figures_say(session: Session, name: str) -> None:
    staged = replace(STAGED[name], terms=replace(STAGED[name].terms))
    _decision, result, facts = drawn(session, staged)
    remaining = result.figures["remaining"]
    for each in facts["contests"]:
        path = result.figures["paths"][remaining.index(facts["winner"])][remaining.index(each["other"])]
        weakest = min(each["chain"], key=lambda step: (step["over"], -step["under"]))
        assert [weakest["over"], weakest["under"]] == path
        assert each["chain"][0]["one"] == facts["winner"]
        assert each["chain"][-1]["other"] == each["other"]


def test_a_circle_leaves_no_winner_until_the_lot_is_drawn(session: Session) -> None:
    decision, result, facts = drawn(session, STAGED["schulze"])

    assert decision.state is DecisionState.TIED
    assert (facts["winner"], facts["contests"]) == (None, [])
    assert sorted(facts["check"]["winners"]) == sorted(result.tied)
    assert facts["check"]["agrees"] is True


def test_the_cross_check_is_ranked_pairs_itself() -> None:
    draw = random.Random(7)
    options = ("a", "b", "c", "d")
    for _ in range(60 * SCALE):
        votes = [
            Vote(tuple((at,) for at in draw.sample(range(4), draw.randint(1, 4))))
            for _ in range(draw.randint(1, 9))
        ]
        profile, ties = Profile(options, merged(votes)), TieBreak(options)
        asked = Question("d", options, schulze.Settings().as_facts(), Terms())
        figures = schulze.count(schulze.Settings(), profile, ties).figures
        found = cross_check(asked, figures)
        other = ranked_pairs.count(ranked_pairs.Settings(), profile, ties)
        assert found is not None
        assert found["winners"] == other.figures["winners"]
        assert found["agrees"] is (
            found["winners"] == schulze.count(schulze.Settings(), profile, ties).figures["winners"]
        )


def test_where_two_good_rules_differ_the_page_says_so() -> None:
    """The 45 ballots of Schulze's own example: his rule chooses E, ranked pairs chooses A."""
    papers = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}
    options = tuple("ABCDE")
    votes = [
        Vote(tuple((options.index(each),) for each in paper), "", many) for paper, many in papers.items()
    ]
    profile = Profile(options, merged(votes))
    figures = schulze.count(schulze.Settings(), profile, TieBreak(options)).figures

    found = cross_check(Question("d", options, schulze.Settings().as_facts(), Terms()), figures)

    assert figures["winners"] == ["E"]
    assert found == {"winners": ["A"], "agrees": False}


@pytest.mark.parametrize("name", ["stv", "irv"])
def test_the_stages_lose_and_gain_no_vote(session: Session, name: str) -> None:
    _decision, result, facts = drawn(session, STAGED[name])
    for number, stage_ in enumerate(facts["stages"]):
        held = sum(row["cells"][number]["votes"] for row in facts["rows"] if row["cells"][number])
        assert held + stage_["exhausted"] + stage_["lost"] == facts["valid"]
    chosen = [row["id"] for row in facts["rows"] if row["fate"] and row["fate"][0] != "out"]
    assert chosen == list(result.selected)


def test_what_the_groups_pay_is_what_is_bought_and_never_more_than_they_had(session: Session) -> None:
    _decision, result, facts = drawn(session, STAGED["portfolio"])

    assert [sum(row["paid"]) for row in facts["rows"]] == [row["cost"] for row in facts["rows"]]
    assert facts["spent"] == sum(row["cost"] for row in facts["rows"]) == result.figures["spent"]
    assert all(row["left"] >= 0 and row["given"] == row["paid"] + row["left"] for row in facts["purses"])
    own = [rule["own"] for rule in facts["compared"]["rules"]].index(True)
    chosen = {row["id"] for row in facts["compared"]["options"] if row["chosen"][own]}
    assert chosen == set(result.selected)
    assert len(facts["compared"]["rules"]) == len(portfolios.RULES)


@pytest.mark.parametrize("rule", [equal_shares, phragmen])
@pytest.mark.parametrize("by_group", [False, True])
def test_payments_hold_for_any_ballots(rule: Any, by_group: bool) -> None:
    draw = random.Random(11)
    for _ in range(40 * SCALE):
        costs = tuple(draw.randint(1, 40) for _ in range(5))
        options = tuple("abcde")
        votes = [
            Vote(
                tuple(at for at in range(5) if draw.random() < 0.45), draw.choice(GROUPS), draw.randint(1, 3)
            )
            for _ in range(draw.randint(1, 8))
        ]
        with_money = draw.random() < 0.5
        settings = (
            rule.Settings(budget=60, by_group=by_group)
            if with_money
            else rule.Settings(seats=3, by_group=by_group)
        )
        profile = Profile(options, merged(votes), costs if with_money else ())
        figures = rule.count(settings, profile, TieBreak(options)).figures
        book = payments.ledger(profile, figures, earning=rule is phragmen)
        price = dict(zip(options, costs, strict=True)) if with_money else dict.fromkeys(options, 1)
        for row, paid in zip(figures["rounds"], book.paid, strict=True):
            bought = row["stage"] in ("shares", "earned") and row.get("chosen", True)
            assert sum(paid.values()) == (price[row["option"]] if bought else 0)
        assert all(left >= 0 for left in book.left.values())


def test_a_secret_vote_shows_no_payments_and_no_group(session: Session) -> None:
    for name in ("approval", "portfolio", "majority judgment"):
        staged = STAGED[name].secretly()
        staged = replace(
            staged, settings={key: value for key, value in staged.settings.items() if key != "group_share"}
        )
        _decision, result, facts = drawn(session, staged)
        assert not facts.get("groups")
        assert not facts.get("purses")
        assert all(not row["groups"] for row in facts["rows"] if "groups" in row)
        assert result.ballots


def test_a_secret_line_of_a_group_is_drawn_only_where_it_tells_of_nobody(session: Session) -> None:
    _decision, result, _facts = drawn(session, STAGED["supermajority"])
    kept = {"figures": result.figures, "selected": [], "tied": []}
    marks = ("for", "against", "abstain")
    table = [
        {"group": "public", "for": 4, "against": 2, "abstain": 0},
        {"group": "citizens", "for": 3, "against": 4, "abstain": 0},
        {"group": "third", "for": 2, "against": 1, "abstain": 0},
    ]
    open_vote = Counted(result.asked, kept, result.presence, [])
    secret = replace(open_vote, asked=replace(result.asked, terms=replace(result.asked.terms, secret=True)))

    assert groups_shown(open_vote, [table], marks) == {"public", "citizens", "third"}
    assert "third" not in groups_shown(secret, [table], marks)


@pytest.mark.parametrize(
    "staged",
    [
        pytest.param(Staged(rule, [None] * 9, titles=("One",)), id=rule)
        for rule in ("group_majority", "supermajority", "consent")
    ]
    + [
        pytest.param(replace(STAGED[name], marks=[None] * 9, reasons={}, criteria={}), id=f"nobody: {name}")
        for name in STAGED
        if name not in ("group majority", "supermajority", "consent")
    ],
)
def test_a_vote_in_which_nobody_voted_is_drawn_too(session: Session, staged: Staged) -> None:
    decision, _result, facts = drawn(session, staged)

    assert decision.state is DecisionState.INQUORATE
    assert facts


def test_a_tie_is_never_shown_as_chosen(session: Session) -> None:
    staged = Staged(
        "approval", approved("12", "12", "12", "12", "12", "3", "3", "", ""), settings={"seats": 1}
    )
    _decision, result, facts = drawn(session, staged)

    assert sorted(result.tied) == ["option-1", "option-2"]
    assert not any(row["chosen"] for row in facts["rows"])


def test_weighed_groups_are_drawn_within_their_bars(session: Session) -> None:
    weights = dict.fromkeys(StakeholderGroup, 1)
    staged = replace(STAGED["supermajority"], terms=replace(STAGED["supermajority"].terms, weights=weights))
    _decision, _result, facts = drawn(session, staged)

    for row in facts["bars"]:
        assert row["in_favour"] + row["against"] + row["abstain"] <= row["most"]
