"""What must hold for every rule of the table, whoever wrote it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import hashing, voting
from app.rules.phrases import Phrase
from app.rules.voting.profile import Consent, MarkKind, Profile, Vote, facts_of, merged, read_mark
from app.rules.voting.table import ROWS, RULES
from tests.rules.many import many
from tests.rules.voting.profiles import approvals, by_list, by_lot, choices, rankings, sheets

STRATEGIES = {
    MarkKind.CHOICE: choices(),
    MarkKind.CONSENT: choices(kind=Consent),
    MarkKind.APPROVAL: approvals(),
    MarkKind.RANKING: rankings(),
    MarkKind.GRADES: sheets(),
    MarkKind.SCORES: sheets(highest=10),
}
NAMES = sorted(RULES)
every_rule = pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.name)


def with_costs(profile, data):
    costs = data.draw(
        st.lists(st.integers(1, 9), min_size=len(profile.options), max_size=len(profile.options))
    )
    return Profile(profile.options, profile.votes, tuple(costs))


def outcome(count):
    return count.selected, count.tied, hashing.canonical(count.figures)


def test_every_file_of_a_rule_is_in_the_table():
    """A rule is a file that names itself and counts."""
    folder = Path(voting.__file__).parent
    files = {path.stem for path in folder.glob("*.py") if "\nNAME = " in path.read_text()}

    assert files == set(NAMES) | {"group_majority"}


@every_rule
def test_a_row_says_what_its_file_says(rule):
    assert rule.name == rule.module.NAME
    assert isinstance(rule.mark, MarkKind)
    assert rule.defaults.as_facts()["name"] == rule.name
    assert rule.defaults.as_facts()["version"] == rule.module.VERSION
    assert rule.plain.endswith(".")
    assert rule.label


@every_rule
def test_settings_come_back_as_they_were_stored(rule):
    facts = rule.defaults.as_facts()

    assert rule.read(facts).as_facts() == facts
    assert hashing.canonical(facts)
    with pytest.raises(ValueError):
        rule.read({**facts, "name": "another"})
    with pytest.raises(ValueError):
        rule.read({**facts, "version": 99})


@pytest.mark.parametrize("name", NAMES)
@given(st.data())
@many(60)
def test_every_count_is_plain_and_is_told(name, data):
    rule = RULES[name]
    profile = with_costs(data.draw(STRATEGIES[rule.mark]), data)

    found = rule.count(rule.defaults, profile, by_list(profile))

    assert hashing.canonical(found.figures)
    assert set(found.selected) | set(found.tied) <= set(profile.options)
    assert len(set(found.selected)) == len(found.selected)
    assert found.steps == rule.steps(rule.defaults.as_facts(), found.figures)
    assert all(isinstance(step, Phrase) and step.english for step in found.steps)


@pytest.mark.parametrize("name", NAMES)
@given(st.data())
@many(60)
def test_nobody_knows_who_cast_which_ballot_or_when(name, data):
    """Anonymity: the order of the ballots, and how equal ones are written down, change nothing."""
    rule = RULES[name]
    profile = with_costs(data.draw(STRATEGIES[rule.mark]), data)
    single = [Vote(vote.mark, vote.group) for vote in profile.votes for _ in range(vote.times)]
    shuffled = Profile(profile.options, tuple(data.draw(st.permutations(single))), profile.costs)
    together = Profile(profile.options, merged(single), profile.costs)
    ties = by_list(profile)

    expected = outcome(rule.count(rule.defaults, profile, ties))

    assert outcome(rule.count(rule.defaults, shuffled, ties)) == expected
    assert outcome(rule.count(rule.defaults, together, ties)) == expected


@pytest.mark.parametrize("name", NAMES)
@given(st.data())
@many(60)
def test_the_order_of_the_list_favours_nobody_once_a_lot_is_drawn(name, data):
    """Neutrality: with the same ballots and the same lot, a list in another order has the same winners."""
    rule = RULES[name]
    profile = with_costs(data.draw(STRATEGIES[rule.mark]), data)
    order = data.draw(st.permutations(profile.options))
    votes = tuple(
        Vote(
            read_mark(rule.mark, facts_of(rule.mark, vote.mark, profile.options), order),
            vote.group,
            vote.times,
        )
        for vote in profile.votes
    )
    other = Profile(tuple(order), votes, tuple(profile.costs[profile.options.index(each)] for each in order))

    one = rule.count(rule.defaults, profile, by_lot(profile))
    again = rule.count(rule.defaults, other, by_lot(other))

    assert again.selected == one.selected
    assert again.tied == one.tied


@pytest.mark.parametrize("name", [name for name in NAMES if name != "stv"])
@given(st.data(), st.integers(2, 5))
@many(40)
def test_every_ballot_many_times_changes_nothing(name, data, times):
    """Of the transferable vote only with one seat: its quota is a whole number (tests of its own say what holds)."""
    rule = RULES[name]
    profile = with_costs(data.draw(STRATEGIES[rule.mark]), data)
    votes = tuple(Vote(vote.mark, vote.group, vote.times * times) for vote in profile.votes)
    more = Profile(profile.options, votes, profile.costs)

    once = rule.count(rule.defaults, profile, by_list(profile))
    again = rule.count(rule.defaults, more, by_list(more))

    assert (again.selected, again.tied) == (once.selected, once.tied)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_and_one_option_and_all_alike(name):
    """No ballots choose nothing; one option, and ballots that say the same of all, are counted."""
    rule = RULES[name]
    marks = {
        MarkKind.APPROVAL: (0, 1),
        MarkKind.RANKING: ((0, 1),),
        MarkKind.GRADES: ((0, 3), (1, 3)),
        MarkKind.SCORES: ((0, 3), (1, 3)),
    }
    nobody = Profile(("a",), (), (1,))

    assert rule.count(rule.defaults, nobody, by_list(nobody)).selected == ()
    if rule.mark in marks:
        alike = Profile(("a", "b"), (Vote(marks[rule.mark], "", 3),), (1, 1))
        assert set(rule.count(rule.defaults, alike, by_list(alike)).selected) <= {"a", "b"}
