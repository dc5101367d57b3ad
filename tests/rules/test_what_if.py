"""What would fall: known lists on known fixtures, and what holds whatever the votes, the money and the cut are."""

from datetime import UTC, datetime
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import what_if
from app.rules.money import Line
from app.rules.voting.profile import Vote
from app.rules.voting.ruling import Question, question
from app.rules.voting.table import RULES
from app.rules.voting.tally import Terms
from app.rules.what_if import Material, Piece
from app.rules.words import MoneyKind, StakeholderGroup
from tests.rules.many import many

WHEN = datetime(2026, 5, 1, tzinfo=UTC)
NAMES = ("roofs", "storage", "grids", "schools")
COSTS = (180, 120, 90, 60)
KEYS = {name: UUID(int=number) for number, name in enumerate(NAMES, 1)}
VOTES = [
    Vote((0,), "public", 2),
    Vote((0, 1), "citizens", 2),
    Vote((0, 1, 2), "third", 2),
    Vote((3,), "private", 1),
]


def asked(rule: str = "greedy", costs: tuple[int, ...] = COSTS, budget: int = 400) -> Question:
    options = [{"id": name, "cost": cost} for name, cost in zip(NAMES, costs, strict=False)]
    return question("d", options, RULES[rule].module.Settings(budget=budget).as_facts(), Terms().as_facts())


def line(name: str, cents: int, year: int = 2027, number: int = 0) -> Line:
    key = UUID(int=1000 + 10 * NAMES.index(name) + number)
    return Line(
        key, MoneyKind.COMMITTED, year, cents, "EUR", WHEN, group=StakeholderGroup.PUBLIC, project=KEYS[name]
    )


def material(minimums: dict[str, int] | None = None, **changes: object) -> Material:
    pieces = [
        Piece(name, cost, KEYS[name], (minimums or {}).get(name, 0))
        for name, cost in zip(NAMES, COSTS, strict=True)
    ]
    lines = [line("roofs", 180), line("storage", 120), line("grids", 60), line("grids", 30, 2031, 1)]
    facts = {
        "asked": asked(), "votes": VOTES, "pieces": pieces, "selected": ("roofs", "storage", "grids"), "budget": 400,
        "lines": lines, "currency": "EUR", **changes,
    }  # fmt: skip
    return Material(**facts)


def test_a_known_cut_drops_a_known_project() -> None:
    """Of 360 in that year 108 are cut; of 400 there are 292 left: storage no longer fits, grids does."""
    found = what_if.shock(material(), 2027, Fraction(3, 10))

    assert (found.taken, found.left) == (108, 292)
    assert found.again.selected == ("roofs", "grids")
    assert found.falls == what_if.Falls(("roofs", "grids"), ("storage",), {}, ())


def test_what_no_longer_fits_makes_room_for_something_smaller() -> None:
    found = what_if.shock(material(), 2027, Fraction(4, 10))  # 144 cut, 256 left

    assert found.again.selected == ("roofs", "schools")
    assert found.falls.dropped == ("storage", "grids")
    assert found.falls.gained == ("schools",)


def test_a_contract_keeps_its_minimum_and_the_rule_divides_the_rest() -> None:
    found = what_if.shock(material({"storage": 20}), 2027, Fraction(3, 10))

    # 20 are set aside for storage: of 272 that are left roofs and grids take 270.
    assert found.again.reserved == 20
    assert found.falls.shrunk == {"storage": 20}
    assert found.falls.dropped == ()


def test_a_contract_for_the_whole_cost_keeps_its_project() -> None:
    found = what_if.shock(material({"grids": 90}), 2027, Fraction(3, 10))

    # Its line is not cut: 90 are, 310 left, of which 90 are set aside; storage does not fit into the rest.
    assert (found.taken, found.again.reserved) == (90, 90)
    assert found.falls == what_if.Falls(("roofs", "grids"), ("storage",), {}, ())


def test_contracts_that_promise_more_than_is_left_are_told() -> None:
    promised = dict(zip(NAMES[:3], COSTS, strict=False))

    found = what_if.rerun(asked(), VOTES, material(promised).pieces, 100)

    assert found.selected == ()
    assert (found.reserved, found.short) == (390, 290)


def test_what_is_over_can_no_longer_fall() -> None:
    pieces = [
        Piece(name, cost, KEYS[name], is_over=name == "storage")
        for name, cost in zip(NAMES, COSTS, strict=True)
    ]

    found = what_if.shock(material(pieces=pieces), 2027, Fraction(3, 10))

    assert "storage" not in (*found.falls.dropped, *found.falls.kept)


def test_everything_that_needs_what_is_gone_is_listed_at_any_remove() -> None:
    a, b, c, d, e = (UUID(int=number) for number in range(1, 6))

    found = what_if.dependents({a}, [(b, a), (c, b), (b, c), (e, d), (a, c)])

    assert found == {b: a, c: b}


def test_a_milestone_is_at_risk_when_every_project_that_carries_it_is_gone() -> None:
    a, b = UUID(int=1), UUID(int=2)
    only, either, nobody = UUID(int=11), UUID(int=12), UUID(int=13)

    assert what_if.at_risk({only: {a}, either: {a, b}, nobody: set()}, {a}) == [only]


def test_the_commitment_that_keeps_most_milestones_comes_first() -> None:
    carried = {
        UUID(int=21): {KEYS["storage"]},
        UUID(int=22): {KEYS["storage"]},
        UUID(int=23): {KEYS["grids"]},
    }
    lines = [each for each in material().lines if each.year == 2027]

    found = what_if.most_saving(material(), 2027, Fraction(4, 10), carried, lines)

    assert found[0].line.project == KEYS["storage"]
    assert found[0].milestones >= max(each.milestones for each in found)


RULED = st.sampled_from(["greedy", "greedy_no_skip", "equal_shares", "phragmen"])
BALLOTS = st.lists(
    st.builds(
        Vote, mark=st.sets(st.integers(0, 3), min_size=0).map(lambda found: tuple(sorted(found))),
        group=st.sampled_from(["public", "citizens"]), times=st.integers(1, 4),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
PROMISED = st.fixed_dictionaries({name: st.integers(0, 200) for name in NAMES})


@given(RULED, BALLOTS, st.integers(1, 500))
@many()
def test_a_cut_of_nothing_changes_nothing(rule: str, votes: list[Vote[tuple[int, ...]]], budget: int) -> None:
    chosen, _tied = what_if.chosen(asked(rule, budget=budget), votes, budget)
    minimums = dict.fromkeys(chosen, 50)  # contracts are made with those that were chosen
    asking = material(minimums, asked=asked(rule, budget=budget), votes=votes, selected=chosen, budget=budget)

    found = what_if.shock(asking, 2027, Fraction(0))

    assert found.again.selected == chosen
    assert (found.falls.dropped, found.falls.shrunk, found.falls.gained) == ((), {}, ())
    assert found.again.reserved == 0


@given(RULED, BALLOTS, st.integers(1, 500), st.fractions(0, 1), PROMISED)
@many()
def test_every_project_is_kept_shrunk_or_dropped_and_no_more_is_spent_than_is_left(
    rule: str, votes: list[Vote[tuple[int, ...]]], budget: int, share: Fraction, promised: dict[str, int]
) -> None:
    chosen, _tied = what_if.chosen(asked(rule, budget=budget), votes, budget)
    asking = material(promised, asked=asked(rule, budget=budget), votes=votes, selected=chosen, budget=budget)

    found = what_if.shock(asking, 2027, share)

    falls = found.falls
    assert sorted((*falls.kept, *falls.dropped, *falls.shrunk)) == sorted(chosen)
    assert set(falls.gained).isdisjoint(chosen)
    cost = dict(zip(NAMES, COSTS, strict=True))
    assert sum(cost[each] for each in found.again.selected) <= max(0, found.left - found.again.reserved)
    assert found == what_if.shock(asking, 2027, share)  # and the same every time


@given(st.fractions(0, 1), st.fractions(0, 1))
@many(50)
def test_a_larger_cut_never_leaves_more(one: Fraction, other: Fraction) -> None:
    less, more = sorted((one, other))

    assert what_if.shock(material(), 2027, less).left >= what_if.shock(material(), 2027, more).left


@pytest.mark.parametrize("rule", ["greedy", "equal_shares", "phragmen", "greedy_no_skip"])
def test_without_any_money_nothing_is_chosen(rule: str) -> None:
    assert what_if.chosen(asked(rule), VOTES, 0) == ((), ())
