from dataclasses import replace
from fractions import Fraction
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import hashing
from app.rules.voting import quorum, tally
from app.rules.voting.electorate import voters
from app.rules.voting.group_majority import Settings
from app.rules.words import Choice, DecisionState, StakeholderGroup
from tests.rules.many import many
from tests.rules.voting.seats import ALTERNATES, CastBallot, ballots_of, count, line, poll, seat

FOR, AGAINST, ABSTAIN = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN
CARRIED, LOST, TIED, INQUORATE = (
    DecisionState.CARRIED, DecisionState.LOST, DecisionState.TIED, DecisionState.INQUORATE,
)  # fmt: skip
PUBLIC, CITIZENS = StakeholderGroup.PUBLIC, StakeholderGroup.CITIZENS
TWO_GROUPS = Settings(required=(PUBLIC, CITIZENS))


@pytest.mark.parametrize(
    ("written", "state"),
    [
        pytest.param("u:+ r:+ t:+ a:+ c:+", CARRIED, id="one seat each, all for"),
        pytest.param("u:+++ r:++ t:++ a:++ c:++", CARRIED, id="everybody for"),
        pytest.param("u:++- r:++ t:++ a:++ c:++", CARRIED, id="one against"),
        pytest.param("u:--- r:++ t:++ a:++ c:++", LOST, id="one group against stops it"),
        pytest.param("u:+- r:++ t:++ a:++ c:++", LOST, id="a tie inside one group stops it"),
        pytest.param("u:00 r:++ t:++ a:++ c:++", LOST, id="a group that only abstains is not in favour"),
        pytest.param("u:++-- r:++-- t:+ a:+ c:+", LOST, id="two thirds are not enough when groups tie"),
        pytest.param("u:- r:- t:- a:- c:-", LOST, id="everybody against"),
        pytest.param("u:+- r:+- t:+- a:+- c:+-", TIED, id="half and half"),
        pytest.param("u:0 r:0 t:0 a:0 c:0", TIED, id="everybody abstains"),
        pytest.param("u:. r:+ t:+ a:+ c:+", INQUORATE, id="one group stayed away"),
        pytest.param("u:+. r:+ t:+ a:+ c:+", INQUORATE, id="exactly half is not more than half"),
        pytest.param("u:++. r:+ t:+ a:+ c:+", CARRIED, id="two of three are more than half"),
        pytest.param("u:+0. r:+ t:+ a:+ c:+", CARRIED, id="an abstention counts as present"),
        pytest.param("u:+x r:+ t:+ a:+ c:+", CARRIED, id="a recused seat leaves the quorum base"),
        pytest.param("u:+.x r:+ t:+ a:+ c:+", INQUORATE, id="one of the two left is not more than half"),
        pytest.param("u:x r:+ t:+ a:+ c:+", INQUORATE, id="a group emptied by recusal"),
        pytest.param("u:X r:+ t:+ a:+ c:+", CARRIED, id="its alternate steps in"),
        pytest.param("r:+ t:+ a:+ c:+", INQUORATE, id="a required group without seats"),
        pytest.param("u:. r:. t:. a:. c:.", INQUORATE, id="nobody voted"),
    ],
)
def test_five_groups(written, state):
    seats, ballots, recused = poll(written)

    assert count(Settings(), seats, ballots, recused).state is state


@pytest.mark.parametrize(
    ("written", "state"),
    [
        pytest.param("u:++- c:++-", CARRIED, id="exactly two thirds"),
        pytest.param("u:+++-- c:++-", LOST, id="five of eight are less than two thirds"),
        pytest.param("u:+++++++- c:+++--", CARRIED, id="ten of thirteen"),
        pytest.param("u:++-0000 c:++-0", CARRIED, id="abstentions weigh nothing"),
        pytest.param("u:++++ c:+--", LOST, id="a big group cannot outvote a small one"),
        pytest.param("u:+++ c:---", TIED, id="group against group"),
        pytest.param("u:+ c:+ t:---", LOST, id="a group that is not required still counts overall"),
        pytest.param("u:++++ c:++ t:---", CARRIED, id="and alone cannot stop it"),
        pytest.param("u:++ c:++ t:.", INQUORATE, id="but needs its quorum as well"),
    ],
)
def test_two_required_groups(written, state):
    seats, ballots, recused = poll(written)

    assert count(TWO_GROUPS, seats, ballots, recused).state is state


def test_a_recused_seat_counts_nowhere():
    seats, ballots, recused = poll("u:++x c:++")
    late = CastBallot(UUID(int=3), PUBLIC, AGAINST)

    outcome = count(TWO_GROUPS, seats, [*ballots, late], recused)

    assert outcome == replace(count(TWO_GROUPS, seats, ballots, recused), set_aside=1)
    public = outcome.presence[0]
    assert (public.seats, public.recused, public.needed) == (2, 1, 2)
    assert line(outcome, "public") == {"for": 2, "against": 0, "abstain": 0}
    assert outcome.count.figures["total"] == {"for": 4, "against": 0, "abstain": 0}


def test_an_alternate_who_did_not_step_in_is_not_counted():
    seats = [seat(1, PUBLIC, alternate=1), seat(2, CITIZENS)]
    ballots = [CastBallot(UUID(int=1), PUBLIC, FOR), CastBallot(UUID(int=2), CITIZENS, FOR)]
    extra = CastBallot(UUID(int=ALTERNATES + 1), PUBLIC, AGAINST)

    outcome = count(TWO_GROUPS, seats, [*ballots, extra])

    assert outcome.carried
    assert outcome.set_aside == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"required": ()},
        {"required": (PUBLIC, PUBLIC)},
        {"enough": 0},
        {"enough": 6},
        {"floor": Fraction(3, 2)},
        {"weights": {PUBLIC: 0}},
        {"overall": Fraction(0)},
        {"overall": Fraction(3, 2)},
    ],
)
def test_a_rule_that_could_never_work_is_refused(settings):
    with pytest.raises(ValueError):
        Settings(**settings)


def test_the_rule_is_stored_as_exact_fractions():
    rule = Settings(required=(CITIZENS, PUBLIC), overall=Fraction(3, 4))

    facts = rule.as_facts()

    assert facts["overall"] == "3/4"
    assert Settings.from_facts(facts).as_facts() == facts
    assert hashing.canonical(facts)
    with pytest.raises(ValueError):
        Settings.from_facts({**facts, "name": "borda"})


@pytest.mark.parametrize(("seats", "needed"), [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (100, 51)])
def test_more_than_half_of_the_seats(seats, needed):
    assert quorum.more_than(Fraction(1, 2), seats) == needed


choices = st.none() | st.sampled_from(Choice)
rows = st.lists(
    st.tuples(st.sampled_from(StakeholderGroup), st.booleans(), st.booleans(), choices), min_size=1, max_size=25
)  # fmt: skip
rules = st.builds(
    Settings,
    required=st.lists(st.sampled_from(StakeholderGroup), min_size=1, unique=True).map(tuple),
    overall=st.sampled_from([Fraction(1, 2), Fraction(2, 3), Fraction(3, 4), Fraction(1)]),
)


def built(table):
    """An electorate, its recused seats, and a ballot of each seat that may vote."""
    seats = [seat(n, group, n if spare else None) for n, (group, spare, _, _) in enumerate(table, 1)]
    recused = {each.seat_id for each, (_, _, gone, _) in zip(seats, table, strict=True) if gone}
    by_seat = {each.seat_id: row[3] for each, row in zip(seats, table, strict=True)}
    voting = voters(seats, recused)
    return seats, ballots_of(voting, [by_seat[voter.stands_for] for voter in voting]), recused


def recounted(table, rule: Settings) -> DecisionState:
    """The same rule written a second time, with whole numbers only and from the sentence of the statute."""
    present = [(group, choice) for group, spare, gone, choice in table if not gone or spare]
    for group in {row[0] for row in table} | set(rule.required):
        seats = [choice for own, choice in present if own is group]
        if not 2 * sum(choice is not None for choice in seats) > len(seats):
            return INQUORATE
    yes = sum(choice is FOR for _, choice in present)
    no = sum(choice is AGAINST for _, choice in present)
    for group in rule.required:
        own = [choice for each, choice in present if each is group]
        if own.count(FOR) <= own.count(AGAINST):
            return TIED if yes == no else LOST
    if yes * rule.overall.denominator >= rule.overall.numerator * (yes + no):
        return CARRIED
    return TIED if yes == no else LOST


@many(500)
@given(rows, rules)
def test_two_counts_written_apart_agree(table, rule):
    seats, ballots, recused = built(table)

    assert count(rule, seats, ballots, recused).state is recounted(table, rule)


@many(200)
@given(rows, rules, st.randoms(use_true_random=False))
def test_neither_order_nor_names_matter(table, rule, random: Random):
    seats, ballots, recused = built(table)
    expected = count(rule, seats, ballots, recused)
    random.shuffle(seats)
    random.shuffle(ballots)
    names = [UUID(int=10_000 + each) for each in range(len(everyone(seats)))]
    random.shuffle(names)
    renamed = dict(zip(sorted(everyone(seats)), names, strict=True))

    again = count(
        rule,
        [type(each)(*(renamed.get(part, part) for part in vars(each).values())) for each in seats],
        [CastBallot(renamed[each.seat_id], each.group, each.choice) for each in ballots],
        {renamed[each] for each in recused},
    )

    assert again == expected


def everyone(seats) -> set[UUID]:
    return {part for each in seats for part in vars(each).values() if isinstance(part, UUID)}


@many(200)
@given(rows, rules, st.sampled_from(Choice))
def test_whatever_a_recused_seat_cast_changes_no_figure(table, rule, choice):
    seats, ballots, recused = built(table)
    expected = count(rule, seats, ballots, recused)
    late = [CastBallot(each.seat_id, each.group, choice) for each in seats if each.seat_id in recused]

    found = count(rule, seats, [*ballots, *late], recused)

    assert (found.state, found.presence, found.count) == (expected.state, expected.presence, expected.count)
    assert found.set_aside == len(late)


kind_rows = st.lists(
    st.tuples(
        st.sampled_from([PUBLIC, CITIZENS]),
        st.just(False),
        st.just(False),
        st.sampled_from([FOR, FOR, *Choice]),
    ),
    min_size=2,
    max_size=12,
)


@many(200)
@given(kind_rows, st.data())
def test_one_more_vote_for_never_stops_a_mission(table, data):
    seats, ballots, _ = built(table)
    at = data.draw(st.integers(0, len(ballots) - 1))
    better = [replace(each, choice=FOR) if n == at else each for n, each in enumerate(ballots)]

    assert count(TWO_GROUPS, seats, better).carried or not count(TWO_GROUPS, seats, ballots).carried


@many(200)
@given(rows, rules)
def test_figures_add_up_and_survive_storing(table, rule):
    seats, ballots, recused = built(table)

    outcome = count(rule, seats, ballots, recused)

    assert sum(each.seats + each.recused for each in outcome.presence) == len(seats)
    figures = outcome.count.figures
    for name, overall in figures["total"].items():
        assert sum(row[name] for row in figures["groups"]) == overall
    assert sum(figures["total"].values()) == sum(each.cast for each in outcome.presence) == len(ballots)
    facts = tally.as_facts(outcome)
    assert hashing.canonical(facts)
    assert quorum.from_facts(facts["quorum"]) == outcome.presence


def test_where_so_many_groups_are_enough_one_against_does_not_stop_it():
    three = Settings(enough=3, overall=Fraction(1, 2))
    seats, ballots, recused = poll("u:+ r:+ t:+ a:- c:+--")

    assert count(Settings(overall=Fraction(1, 2)), seats, ballots, recused).state is LOST
    assert count(replace(three, floor=Fraction(0)), seats, ballots, recused).state is CARRIED
    assert count(three, seats, ballots, recused).state is LOST  # academia stands below a third
    seats, ballots, recused = poll("u:+ r:+ t:+ a:++--- c:+--")
    assert count(three, seats, ballots, recused).state is CARRIED


def test_with_weights_a_group_counts_the_same_however_many_sit_for_it():
    weighed = Settings(required=(PUBLIC,), weights={PUBLIC: 2, CITIZENS: 1})
    seats, ballots, recused = poll("u:+ c:+---------")

    outcome = count(weighed, seats, ballots, recused)

    assert outcome.count.figures["share"] == "7/10"  # (2 x 1 + 1 x 1/10) / 3
    assert outcome.state is CARRIED
    assert count(replace(weighed, weights={}), seats, ballots, recused).state is LOST
