from hypothesis import given
from hypothesis import strategies as st

from app.rules.voting import pairwise as subject
from app.rules.voting.pairwise import pairwise
from app.rules.voting.profile import Profile, Vote
from tests.rules.many import many
from tests.rules.voting.profiles import ranked, rankings


def slowly(profile):
    """Each two options on each ballot, as anybody would by hand."""
    options = range(len(profile.options))
    table = [[0] * len(options) for _ in options]
    for vote in profile.votes:
        place = {option: at for at, tier in enumerate(vote.mark) for option in tier}
        for one in options:
            for other in options:
                table[one][other] += vote.times * (place.get(one, 99) < place.get(other, 99))
    return table


def test_what_is_not_ranked_is_tied_last_and_shared_ranks_prefer_neither():
    profile = ranked("3 a=b>c", "2 d", "1 ", options="a b c d e")

    assert pairwise(profile) == [
        [0, 0, 3, 3, 3],
        [0, 0, 3, 3, 3],
        [0, 0, 0, 3, 3],
        [2, 2, 2, 0, 2],
        [0, 0, 0, 0, 0],
    ]


def test_nobody_voted():
    assert pairwise(Profile(("a", "b"), ())) == [[0, 0], [0, 0]]
    assert pairwise(Profile((), ())) == []


def test_more_ranks_than_a_byte_has_values():
    names = tuple(f"{at:03}" for at in range(300))
    profile = Profile(
        names, (Vote(tuple((at,) for at in range(300)), "", 5), Vote(((299,), (255, 256)), "", 2))
    )

    table = pairwise(profile)

    assert table == slowly(profile)
    assert table[0][299] == 5
    assert table[299][0] == 2


@given(rankings(most_times=9))
@many(300)
def test_the_table_is_the_one_counted_by_hand(profile):
    assert pairwise(profile) == slowly(profile)


@given(rankings(), st.integers(1, 3))
@many()
def test_votes_taken_a_few_at_a_time_add_up(profile, few):
    whole, subject.AT_ONCE = subject.AT_ONCE, few
    try:
        assert pairwise(profile) == slowly(profile)
    finally:
        subject.AT_ONCE = whole
