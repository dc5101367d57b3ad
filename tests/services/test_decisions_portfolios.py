"""A portfolio is never shown alone: its result says what other rules choose from the same votes, and for whom."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sqlmodel import Session

from app.rules.voting import portfolios
from app.rules.voting.ruling import question
from app.rules.voting.table import RULES
from app.rules.voting.tally import Terms
from app.rules.words import DecisionKind, StakeholderGroup
from app.services import decisions_show
from app.services.decisions_pictures_facts import Counted
from app.services.decisions_pictures_portfolios import side_by_side
from tests.client import Browser
from tests.services.chamber import Chamber, make_chamber
from tests.services.chamber_votes import COSTS, MEMBERS, Staged, approved, stage

BUDGET = 400_000_00
# Businesses and citizens want shade and water, everybody else light and paths.
TICKS = ("34", "12", "12", "34", "34", "4", "12", "12", "1")
VOTE = Staged(
    "equal_shares", approved(*TICKS), "Which projects get the money?", costs=COSTS,
    settings={"budget": BUDGET, "step": 40_000, "by_group": True}, kind=DecisionKind.PORTFOLIO,
)  # fmt: skip


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def compared(chamber: Chamber, staged: Staged):
    decision = stage(chamber, staged)
    result = decisions_show.result(chamber.session, decision)
    assert result is not None
    return result, result.picture.facts["compared"]


def test_every_rule_is_compared_with_what_was_chosen(chamber: Chamber) -> None:
    result, facts = compared(chamber, VOTE)

    assert [rule["own"] for rule in facts["rules"]] == [False, False, True, False]
    own = [row["id"] for row in facts["options"] if row["chosen"][2]]
    assert own == sorted(result.selected)
    greedy = [row["id"] for row in facts["options"] if row["chosen"][0]]
    assert greedy == ["option-1", "option-3", "option-4"]
    assert facts["rules"][0]["spent"] == 390_000_00


def test_what_it_changes_is_told_for_each_group(chamber: Chamber) -> None:
    _result, facts = compared(chamber, VOTE)

    *groups, everybody = facts["groups"]
    assert [row["group"] for row in groups] == list(StakeholderGroup)
    assert everybody["ballots"] == len(MEMBERS)
    private = next(row for row in groups if row["group"] is StakeholderGroup.PRIVATE)
    assert private["rules"][0] == {"served": 2, "each": Fraction(1)}
    assert sum(row["rules"][2]["served"] for row in groups) == everybody["rules"][2]["served"]


def test_a_secret_vote_tells_no_group(chamber: Chamber) -> None:
    alike = replace(VOTE, settings={"budget": BUDGET, "step": 40_000}).secretly()

    result, facts = compared(chamber, alike)

    assert [row["group"] for row in facts["groups"]] == [None]
    assert [row["id"] for row in facts["options"] if row["chosen"][2]] == sorted(result.selected)


def test_weights_of_groups_hold_under_every_rule(chamber: Chamber) -> None:
    weights = {group: 9 if group is StakeholderGroup.ACADEMIA else 1 for group in StakeholderGroup}
    weighed = Staged(
        "greedy",
        approved(*TICKS),
        costs=COSTS,
        settings={"budget": 100_000_00},
        terms=Terms(weights=weights),
        kind=DecisionKind.PORTFOLIO,
    )

    result, facts = compared(chamber, weighed)

    assert result.selected == ["option-4"]
    assert all(
        row["chosen"] == [row["id"] == "option-4"] * 4 for row in facts["options"] if row["id"] == "option-4"
    )
    assert [rule["own"] for rule in facts["rules"]] == [True, False, False, False]


def test_seats_have_nothing_to_compare() -> None:
    options = [{"id": "a"}, {"id": "b"}]
    asked = question("d", options, RULES["phragmen"].module.Settings(seats=1).as_facts(), Terms().as_facts())

    assert side_by_side(Counted(asked, {}, (), ())) is None


def test_a_vote_that_shares_by_group_counts_by_group() -> None:
    options = [{"id": "a"}, {"id": "b"}]
    for name in ("equal_shares", "phragmen"):
        settings = RULES[name].module.Settings
        by_group, alike = settings(seats=1, by_group=True).as_facts(), settings(seats=1).as_facts()

        assert question("d", options, by_group, Terms().as_facts()).counts_by_group
        assert not question("d", options, alike, Terms().as_facts()).counts_by_group


def test_the_page_shows_them_side_by_side(db: Session, visitor: Browser) -> None:
    chamber = make_chamber(db)
    decision = stage(chamber, VOTE)
    db.commit()

    page = visitor.open(f"/decisions/{decision.id}")

    assert "The same votes by other rules" in page.text
    assert "this vote's rule" in page.text
    assert not page.faults()


def test_what_other_rules_choose_is_counted_once_and_kept(
    chamber: Chamber, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = stage(chamber, VOTE)
    monkeypatch.setattr(portfolios, "counted", None)

    result = decisions_show.result(chamber.session, decision)

    assert result is not None
    assert len(result.picture.facts["compared"]["rules"]) == len(portfolios.RULES)
