import pytest
from hypothesis import given

from app.rules import hashing
from app.rules.voting.profile import (
    BallotNotValid,
    MarkKind,
    Profile,
    Vote,
    facts_of,
    groups_of,
    merged,
    read_mark,
)
from tests.rules.many import many
from tests.rules.voting.profiles import rankings, sheets

OPTIONS = ("a", "b", "c")
BAD = [
    pytest.param(MarkKind.CHOICE, {"choice": "perhaps"}, id="a choice that is none"),
    pytest.param(MarkKind.CHOICE, {}, id="no choice"),
    pytest.param(MarkKind.CONSENT, {"consent": "abstain"}, id="abstaining is not offered"),
    pytest.param(MarkKind.APPROVAL, {"approved": ["d"]}, id="an option of another ballot"),
    pytest.param(MarkKind.APPROVAL, {"approved": ["a", "a"]}, id="approved twice"),
    pytest.param(MarkKind.RANKING, {"ranking": [["a"], ["a"]]}, id="ranked twice"),
    pytest.param(MarkKind.RANKING, {"ranking": [["a", "a"]]}, id="ranked twice in a tier"),
    pytest.param(MarkKind.RANKING, {"ranking": ["ab"]}, id="a tier that is no list"),
    pytest.param(MarkKind.RANKING, {"ranking": "ab"}, id="a ranking that is no list"),
    pytest.param(MarkKind.APPROVAL, {"approved": "ab"}, id="approvals that are no list"),
    pytest.param(MarkKind.GRADES, {"grades": {"a": 6}}, id="above the highest grade"),
    pytest.param(MarkKind.GRADES, {"grades": {"a": -1}}, id="below the lowest grade"),
    pytest.param(MarkKind.GRADES, {"grades": {"a": True}}, id="true is no grade"),
    pytest.param(MarkKind.GRADES, {"grades": {"a": 2.0}}, id="no decimals"),
    pytest.param(MarkKind.GRADES, {"grades": {"a": "2"}}, id="no text"),
    pytest.param(MarkKind.SCORES, {"scores": {"a": 11}}, id="above the highest score"),
    pytest.param(MarkKind.SCORES, {"scores": ["a"]}, id="a list for an object"),
]


@pytest.mark.parametrize(("kind", "facts"), BAD)
def test_a_mark_that_cannot_be_counted_is_refused(kind, facts):
    with pytest.raises(BallotNotValid):
        read_mark(kind, facts, OPTIONS)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (MarkKind.CHOICE, {"choice": "abstain"}),
        (MarkKind.CONSENT, {"consent": "object"}),
        (MarkKind.APPROVAL, {"approved": ["a", "c"]}),
        (MarkKind.APPROVAL, {"approved": []}),
        (MarkKind.RANKING, {"ranking": [["b"], ["a", "c"]]}),
        (MarkKind.GRADES, {"grades": {"a": 0, "c": 5}}),
        (MarkKind.SCORES, {"scores": {"b": 10}}),
    ],
)
def test_a_mark_comes_back_as_it_was_stored(kind, facts):
    mark = read_mark(kind, facts, OPTIONS)

    assert facts_of(kind, mark, OPTIONS) == facts
    assert hashing.canonical(facts_of(kind, mark, OPTIONS))


def test_empty_tiers_and_the_order_inside_a_tier_say_nothing():
    written = read_mark(MarkKind.RANKING, {"ranking": [[], ["c", "a"], [], ["b"]]}, OPTIONS)

    assert written == read_mark(MarkKind.RANKING, {"ranking": [["a", "c"], ["b"]]}, OPTIONS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"options": ("a", "a"), "votes": ()},
        {"options": ("a",), "votes": (Vote((0,), "", 0),)},
        {"options": ("a", "b"), "votes": (), "costs": (1,)},
        {"options": ("a",), "votes": (), "costs": (-1,)},
    ],
)
def test_a_profile_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError):
        Profile(**wrong)


@given(rankings() | sheets())
@many()
def test_merging_keeps_every_ballot_and_no_order(profile):
    once = merged(profile.votes)

    assert sum(vote.times for vote in once) == profile.ballots
    assert merged(reversed(profile.votes)) == once
    assert len({(vote.group, vote.mark) for vote in once}) == len(once)
    assert groups_of(profile) == sorted({vote.group for vote in once} - {""})
