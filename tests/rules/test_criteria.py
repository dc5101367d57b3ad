"""What is counted beside the grades: exact on examples, and true whatever the rows are."""

import math
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import criteria
from app.rules.ambition import ambition, yearly
from app.rules.criteria import Facts, Route
from app.rules.figures import Light
from app.rules.gates import IndicatorFacts
from app.rules.words import Criterion, Direction, IndicatorLens, StakeholderGroup
from tests.rules.many import many

G = StakeholderGroup
START, DUE = date(2026, 1, 1), date(2030, 1, 1)


def indicator(**changes: object) -> IndicatorFacts:
    facts = {
        "name": "Villages with power", "baseline": Decimal(6), "unit": "villages", "direction": Direction.UP,
        "goal": Decimal(26), "due": DUE, "source": "Meters", "owner": "Agency", "lens": IndicatorLens.USER,
        "start": START, **changes,
    }  # fmt: skip
    return IndicatorFacts(**facts)


def past(*values: float) -> list[tuple[date, Decimal]]:
    """One reading a year, up to the day of the baseline."""
    days = [START - timedelta(days=365.25 * (len(values) - 1 - place)) for place in range(len(values))]
    return [(day, Decimal(str(each))) for day, each in zip(days, values, strict=True)]


@pytest.mark.parametrize(
    ("readings", "light", "words"),
    [
        pytest.param((0, 2, 4, 6), Light.GREEN, "2.5 times", id="two and a half times the trend"),
        pytest.param((0, 2.6, 5.09, 7.58, 10), Light.GREEN, "2.01 times", id="just twice"),
        pytest.param((-6, -2, 2, 6), Light.AMBER, "1.25 times", id="a little bolder"),
        pytest.param((-12, -6, 0, 6), Light.RED, "0.83 times", id="it would come by itself"),
        pytest.param((6, 6, 6), Light.GREEN, "not moved", id="nothing has moved"),
        pytest.param((12, 10, 8, 6), Light.GREEN, "2.5 times", id="it moved the other way"),
        pytest.param((4, 6), Light.GREY, "needs 3 readings", id="too few readings"),
        pytest.param((), Light.GREY, "has 0", id="none"),
    ],
)
def test_ambition_is_the_needed_change_over_the_usual_one(readings, light, words):
    figure = ambition([indicator()], past(*readings))

    assert figure.light is light
    assert words in figure.says.english


def test_one_odd_year_does_not_decide_since_the_median_is_taken():
    figure = ambition([indicator()], past(0, 2, 4, 90, 92, 94))

    assert figure.light is Light.GREEN
    assert "2.5 times" in figure.says.english


def test_the_other_way_is_told():
    steps = ambition([indicator()], past(12, 10, 8, 6)).steps

    assert any("the other way" in each.english for each in steps)


@pytest.mark.parametrize("gap", ["baseline", "goal", "due", "start"])
def test_without_numbers_and_dates_nothing_is_said_of_ambition(gap):
    assert ambition([indicator(**{gap: None})], past(0, 2, 4)).light is Light.GREY
    assert ambition([], past(0, 2, 4)).light is Light.GREY


@many(200)
@given(
    st.lists(st.integers(-1000, 1000), min_size=3, max_size=12), st.integers(-1000, 1000), st.integers(1, 9)
)
def test_units_do_not_matter_to_ambition(values, goal, factor):
    """Counting in another unit changes neither the ratio nor the word."""
    told = indicator(baseline=Decimal(values[-1]), goal=Decimal(goal))
    other = indicator(baseline=Decimal(values[-1] * factor), goal=Decimal(goal * factor))

    one = ambition([told], past(*values))
    two = ambition([other], past(*(each * factor for each in values)))

    assert (one.light, one.says) == (two.light, two.says)


@many(200)
@given(st.lists(st.integers(-100, 100), min_size=3, max_size=30))
def test_only_the_last_ten_readings_count(values):
    assert yearly(past(*values)) == yearly(past(*values)[-10:])
    assert len(yearly(past(*values))) == min(len(values), 10) - 1


@pytest.mark.parametrize(
    ("voices", "light", "words"),
    [
        ({}, Light.GREY, "No voice"),
        ({G.CITIZENS: 9}, Light.RED, "1 of 5 groups"),
        ({G.CITIZENS: 6, G.ACADEMIA: 3, G.PRIVATE: 1}, Light.AMBER, "Heard least: public, 0 %"),
        (dict.fromkeys(G, 2) | {G.THIRD: 1}, Light.GREEN, "Heard least: third, 11 %"),
    ],
)
def test_value_names_the_group_that_is_heard_least(voices, light, words):
    figure = criteria.value(voices)

    assert figure.light is light
    assert words in figure.says.english


def test_concrete_counts_complete_indicators():
    whole, open_ = indicator(), indicator(source="")

    assert criteria.concrete([whole]).light is Light.GREEN
    assert criteria.concrete([whole, open_]).light is Light.AMBER
    assert criteria.concrete([open_]).light is Light.RED
    assert criteria.concrete([]).light is Light.RED


@pytest.mark.parametrize(
    ("years", "light"),
    [
        (-1, Light.RED),
        (0, Light.RED),
        (1, Light.AMBER),
        (2.1, Light.GREEN),
        (14, Light.GREEN),
        (16, Light.AMBER),
    ],
)
def test_a_mission_takes_two_to_fifteen_years(years, light):
    today = DUE - timedelta(days=round(365.25 * years))

    assert criteria.horizon([indicator()], today).light is light


def test_where_every_route_works_already_it_is_buying():
    assert criteria.readiness([Route(readiness=9), Route(readiness=7)]).light is Light.RED
    assert criteria.readiness([Route(readiness=9), Route(readiness=6)]).light is Light.GREEN
    assert criteria.readiness([Route()]).light is Light.GREY


@many(300)
@given(st.dictionaries(st.text(max_size=3), st.integers(1, 500), min_size=2, max_size=12))
def test_evenness_lies_between_0_and_1_and_is_1_where_all_weigh_the_same(counts):
    even = criteria.evenness(counts)

    assert 0 < even <= 1
    assert criteria.evenness(dict.fromkeys(counts, 7)) == 1
    assert math.isclose(even, criteria.evenness({k: 3 * n for k, n in counts.items()}), abs_tol=1e-5)


def test_evenness_by_hand():
    assert criteria.evenness({"a": 3, "b": 1}) == Fraction(811278, 10**6)
    assert criteria.evenness({"a": 5}) is None


@pytest.mark.parametrize(
    ("sectors", "groups", "disciplines", "light"),
    [
        ({"a": 1, "b": 1, "c": 1}, 3, 2, Light.GREEN),
        ({"a": 60, "b": 1, "c": 1}, 3, 2, Light.AMBER),
        ({"a": 1, "b": 1, "c": 1}, 3, 1, Light.AMBER),
        ({"a": 1, "b": 1}, 2, 1, Light.RED),
        ({}, 3, 0, Light.GREY),
    ],
)
def test_crossing(sectors, groups, disciplines, light):
    figure = criteria.crossing(sectors, frozenset(list(G)[:groups]), ["x"] * disciplines)

    assert figure.light is light


@pytest.mark.parametrize(
    ("pairs", "number"),
    [
        ([], 0),
        ([("A", "one"), ("A", "two")], 1),
        ([("A", "one"), ("B", "one")], 1),
        ([("A", "one"), ("A", "two"), ("B", "One ")], 2),
        ([("", "one"), ("B", "two")], 1),
        ([("A", "one"), ("B", "two"), ("C", "three")], 3),
    ],
)
def test_routes_are_independent_when_neither_lead_nor_way_is_shared(pairs, number):
    assert criteria.independent([Route(lead, label) for lead, label in pairs]) == number


@many(200)
@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("wxyz")), max_size=9))
def test_independent_routes_are_the_largest_set_without_a_shared_lead_or_way(pairs):
    best = 0
    for mask in range(1 << len(pairs)):
        chosen = [pair for place, pair in enumerate(pairs) if mask >> place & 1]
        if len({a for a, _b in chosen}) == len({b for _a, b in chosen}) == len(chosen):
            best = max(best, len(chosen))

    assert criteria.independent([Route(lead, label) for lead, label in pairs]) == best


def test_a_second_project_of_the_same_route_does_not_raise_the_count():
    routes = [Route("A", "one"), Route("B", "two"), Route("C", "three")]

    assert criteria.rivalry(routes, has_open_call=False).light is Light.GREEN
    assert criteria.rivalry([*routes[:2], Route("D", "two")], has_open_call=False).light is Light.AMBER
    assert criteria.rivalry([Route("A", "one")], has_open_call=False).light is Light.RED
    assert criteria.rivalry([], has_open_call=True).light is Light.AMBER
    assert criteria.rivalry([], has_open_call=False).light is Light.GREY


def test_every_figure_stands_under_its_criterion():
    found = criteria.figures(Facts(indicators=[indicator()]), date(2027, 1, 1))

    assert {criterion: len(each) for criterion, each in found.items()} == {
        Criterion.BOLD: 2, Criterion.CONCRETE: 1, Criterion.INVENTIVE: 2, Criterion.CROSSING: 1, Criterion.RIVALRY: 1,
    }  # fmt: skip
    assert all(each.criterion is criterion for criterion, listed in found.items() for each in listed)
