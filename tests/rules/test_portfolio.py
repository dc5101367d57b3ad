"""The live portfolio: what the criteria count of projects, who takes part, and when a failure is inside the share."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import portfolio
from app.rules.criteria import Facts, Route
from app.rules.figures import Light
from app.rules.portfolio import Member
from app.rules.words import Criterion, Instrument, ProjectState, ProjectVerdict, StakeholderGroup
from tests.rules.many import many

G, S = StakeholderGroup, ProjectState
TODAY = date(2027, 1, 1)
MEMBERS = st.lists(
    st.builds(
        Member, key=st.uuids(),
        route=st.builds(Route, lead=st.sampled_from(["A", "B", "C", ""]), label=st.sampled_from(["x", "X ", "y", "z"]),
                        readiness=st.none() | st.integers(1, 9)),
        state=st.sampled_from(S), cents=st.integers(0, 10**15),
        sectors=st.lists(st.sampled_from(["Energy", "Water", "Health"]), max_size=3).map(tuple),
    ),
    max_size=8, unique_by=lambda each: each.key,
)  # fmt: skip


def member(lead: str = "Solaria", label: str = "roofs", **changes: object) -> Member:
    facts = {
        "key": uuid4(), "route": Route(lead, label, 5), "state": S.RUNNING, "cents": 100_00, "sectors": ("Energy",),
        "disciplines": ("Physics", "Law"), "groups": frozenset({G.PUBLIC, G.PRIVATE, G.ACADEMIA}), **changes,
    }  # fmt: skip
    return Member(**facts)


def test_one_sector_with_most_of_the_money_turns_the_criterion_amber() -> None:
    """DOMAIN 6: one sector with more than 60 % of the budget."""
    rest = [
        member("B", sectors=("Water",), cents=20_00),
        member("C", sectors=("Health",), cents=20_00),
    ]

    even = portfolio.crossing([member(cents=60_00), *rest])
    most = portfolio.crossing([member(cents=60_01), *rest])

    assert (even.light, most.light) == (Light.GREEN, Light.AMBER)
    assert any("more than 60" in step.english for step in most.steps)


def test_a_project_of_two_sectors_divides_its_money_to_the_cent() -> None:
    found = portfolio.by_sector([member(cents=101, sectors=("Water", "Energy"))])

    assert found == {"Energy": 51, "Water": 50}


@given(MEMBERS)
@many()
def test_sectors_and_routes_share_out_what_there_is(members: list[Member]) -> None:
    tagged = [replace(each, sectors=each.sectors or ("Water",)) for each in members]

    weights = portfolio.weights(tagged)
    is_funded = any(each.cents for each in members)
    assert sum(portfolio.by_sector(tagged).values()) == sum(weights.values()) * (1 if is_funded else 1000)
    assert sum(portfolio.by_route(members).values()) == sum(weights.values())


def test_a_second_project_of_the_same_route_does_not_raise_the_count() -> None:
    """DOMAIN 7."""
    members = [member("A", "roofs"), member("B", "storage")]

    one = portfolio.rivalry(members, has_open_call=False)
    two = portfolio.rivalry([*members, member("C", "Roofs ")], has_open_call=False)
    three = portfolio.rivalry([*members, member("C", "grids")], has_open_call=False)

    assert one.says.facts["many"] == two.says.facts["many"] == 2
    assert three.says.facts["many"] == 3
    assert (one.light, three.light) == (Light.AMBER, Light.GREEN)


def test_a_route_with_more_than_half_of_the_money_is_no_rivalry() -> None:
    members = [member("A", "a", cents=51), member("B", "b", cents=25), member("C", "c", cents=24)]

    assert portfolio.rivalry(members, has_open_call=False).light is Light.AMBER


def test_only_what_is_under_way_is_counted() -> None:
    stopped = member("C", "grids", state=S.STOPPED_TO_LEARN)
    proposed = member("D", "schools", state=S.PROPOSED)
    running = member()

    assert portfolio.living([stopped, proposed, running]) == [running]
    assert portfolio.living([stopped, proposed]) == [proposed]
    assert portfolio.living([stopped]) == []


def test_routes_that_all_work_already_are_buying_and_no_innovation() -> None:
    """DOMAIN 5, on the projects under way."""
    ready = [member(lead, label, route=Route(lead, label, 9)) for lead, label in ("Aa", "Bb", "Cc")]

    (figure,) = [
        each
        for each in portfolio.figures(Facts(), ready, TODAY)[Criterion.INVENTIVE]
        if "invent" in each.title
    ]

    assert figure.light is Light.RED
    assert "buying" in figure.says.english


@pytest.mark.parametrize(
    ("declared", "light"),
    [
        pytest.param(None, Light.GREY, id="nobody said what may fail"),
        pytest.param(25, Light.GREEN, id="exactly the share"),
        pytest.param(24, Light.RED, id="beyond it"),
        pytest.param(100, Light.GREEN, id="all of it may"),
        pytest.param(0, Light.RED, id="none of it may"),
    ],
)
def test_failures_inside_the_declared_share_are_not_red(declared: int | None, light: Light) -> None:
    """DOMAIN 37."""
    members = [
        member(cents=50), member(cents=25, state=S.COMPLETED, verdict=ProjectVerdict.SUPPORTED),
        member(cents=25, state=S.STOPPED_TO_LEARN, verdict=ProjectVerdict.UNDECIDED),
        member(cents=900, state=S.PROPOSED),
    ]  # fmt: skip

    found = portfolio.risk(members, declared)

    assert found.share == Fraction(1, 4)
    assert found.light is light


def test_a_project_that_ended_with_its_hypothesis_refuted_took_the_risk_too() -> None:
    assert member(state=S.COMPLETED, verdict=ProjectVerdict.REFUTED).has_failed
    assert not member(state=S.COMPLETED, verdict=ProjectVerdict.SUPPORTED).has_failed


def test_single_agency_mission_is_flagged() -> None:
    """DOMAIN 24."""
    own, other = UUID(int=1), UUID(int=2)
    alone = [member(agencies=frozenset({own})), member(agencies=frozenset())]

    single = portfolio.agencies(alone, {own})
    several = portfolio.agencies([*alone, member(agencies=frozenset({own, other}))], {own})

    assert single.is_single
    assert single.share == 0
    assert not several.is_single
    assert several.share == Fraction(1, 3)


def test_what_no_instrument_moves_is_named() -> None:
    used = portfolio.mix(
        [member(instrument=Instrument.GRANT), member(instrument=Instrument.STANDARD), member()]
    )

    assert used == {Instrument.GRANT: 1, Instrument.STANDARD: 1}
    assert [words.partition(":")[0] for words in portfolio.missing_sides(used)] == [
        "demand",
        "places to try and to learn",
    ]


@given(MEMBERS, st.sets(st.integers(0, 7)))
@many()
def test_nothing_turns_while_nothing_changes_and_what_turned_turned_really(
    members: list[Member], gone: set[int]
) -> None:
    before = portfolio.figures(Facts(), members, TODAY)
    left = [each for place, each in enumerate(members) if place not in gone]
    after = portfolio.figures(Facts(), left, TODAY)

    assert portfolio.flips(before, before) == []
    assert all(each.before is not each.after for each in portfolio.flips(before, after))


@pytest.mark.parametrize("before", Light)
@pytest.mark.parametrize("after", Light)
def test_what_cannot_be_told_is_neither_better_nor_worse(before: Light, after: Light) -> None:
    flip = portfolio.Flip(Criterion.RIVALRY, "How many independent routes?", before, after)

    worse = {("green", "amber"), ("green", "red"), ("amber", "red")}
    assert flip.is_worse == ((before.value, after.value) in worse)
