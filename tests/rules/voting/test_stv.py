from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.voting import irv, stv
from app.rules.voting.profile import Profile, Vote
from app.rules.voting.stv import Settings
from app.rules.voting.ties import TieBreak
from tests.rules.many import many
from tests.rules.voting.profiles import by_list, by_lot, ranked, rankings
from tests.rules.voting.test_schulze import TENNESSEE

VOTE = 100_000
# Burlington's mayoral election of 3 March 2009 among its three leading candidates, as published with its ballots.
BURLINGTON = (
    "1332 montroll>kiss>wright",
    "767 montroll>wright>kiss",
    "455 montroll",
    "2043 kiss>montroll>wright",
    "371 kiss>wright>montroll",
    "568 kiss",
    "1513 wright>montroll>kiss",
    "495 wright>kiss>montroll",
    "1289 wright",
)
# Three seats, 101 ballots, so the quota is 101 // 4 + 1 = 26.
WORKED = ("40 a>b>c", "5 a>d", "20 b>c", "13 c>e", "15 d>e", "8 e>b>d")


def count(profile, seats=1, ties=None):
    return stv.count(Settings(seats), profile, ties or by_list(profile))


def votes(found):
    return [stage["votes"] for stage in found.figures["stages"]]


def test_a_count_worked_by_hand():
    """Three kinds of stage, two values of paper, and what five decimals lose.

    1. a has 45, 19 above the quota; each of its papers goes on at 19 * 1 / 45 = 0.42222 (0.422222...).
    2. b gains 40 * 0.42222 = 16.8888 and has 36.8888, d gains 5 * 0.42222 = 2.1111; 19 - 18.9999 = 0.0001 is lost.
    3. b's surplus is 10.8888. Its 40 papers of 0.42222 go on at 10.8888 * 0.42222 / 36.8888 = 0.12463, its 20 of its
       own at 10.8888 / 36.8888 = 0.29517: c gains 4.9852 + 5.9034 = 10.8886, and another 0.0002 is lost.
    4. e has fewest, 8. b is elected, so they go on to d.
    5. c has fewest, 23.8886. No paper of it names anybody who is left: all are exhausted, and d fills the last seat.
    """
    found = count(ranked(*WORKED), 3)

    assert found.selected == ("a", "b", "d")
    assert (found.figures["quota"], found.figures["valid"]) == (26, 101)
    assert votes(found) == [
        [4500000, 2000000, 1300000, 1500000, 800000],
        [2600000, 3688880, 1300000, 1711110, 800000],
        [2600000, 2600000, 2388860, 1711110, 800000],
        [2600000, 2600000, 2388860, 2511110, 0],
        [2600000, 2600000, 0, 2511110, 0],
    ]
    stages = found.figures["stages"]
    assert [stage["kind"] for stage in stages] == ["first", "surplus", "surplus", "exclusion", "exclusion"]
    assert [stage["lost"] for stage in stages] == [0, 10, 30, 30, 30]
    assert [stage["exhausted"] for stage in stages] == [0, 0, 0, 0, 2388860]
    assert [stage["surplus"] for stage in stages] == [None, 1900000, 1088880, None, None]
    assert [stage["elected"] for stage in stages] == [["a"], ["b"], [], [], []]
    assert stages[-1]["filled"] == ["d"]


def test_the_first_surplus_of_calton_in_glasgow_is_as_declared():
    """Ward of Calton, 3 May 2007, three seats: 682 of George Redmond's 1,982 votes went on at 0.34409 each."""
    names = "barton duke fullerton gillespie graham houston murray redmond simpson thewliss"
    first = (128, 219, 302, 245, 231, 195, 126, 0, 628, 1143)
    next_of_redmond = (7, 17, 68, 17, 43, 65, 26, 0, 1183, 95)
    others = [f"{many} {name}" for name, many in zip(names.split(), first, strict=True) if many]
    his = [f"{n} redmond>{name}" for name, n in zip(names.split(), next_of_redmond, strict=True) if n]

    found = count(ranked(*others, *his, "461 redmond", options=names), 3)

    declared = "130.40863 224.84953 325.39812 250.84953 245.79587 217.36585 134.94634 1300.00000 1035.05847 1175.68855"
    assert found.figures["quota"] == 1300
    assert votes(found)[1] == [int(each.replace(".", "")) for each in declared.split()]
    # Declared as not transferable; five decimals lose little more than a hundredth of a vote besides.
    assert found.figures["stages"][1]["exhausted"] == 15862549
    assert found.figures["stages"][1]["lost"] == 1362


def test_the_count_told_in_words():
    told = [step.english for step in count(ranked(*WORKED), 3).steps]

    assert told[3] == (
        "Stage 2: a has 19 votes more than the quota. Every ballot of a goes on to its next choice with its part of "
        "them. These gain: b 16.88880, d 2.11110."
    )
    assert told[4] == "The quota is reached by: b."
    assert told[7].endswith("goes out; the ballots go on to their next choice. These gain: nobody.")


def test_the_larger_surplus_goes_first():
    """a has 2 and b 4 above the quota of 6; c would gain differently in the other order."""
    found = count(ranked("8 a>c", "10 b>a>d", "1 c", "1 d"), 3)

    assert [stage["option"] for stage in found.figures["stages"]][:3] == [None, "b", "a"]


def test_equal_votes_are_told_apart_by_the_latest_stage_at_which_they_differed():
    """At first c has 4 and d 3; e's two make it 4 and 5; f's one makes it 5 and 5: c goes, who had fewer last."""
    found = count(ranked("8 a", "4 c", "3 d", "2 e>d", "1 f>c", "2 f"))

    fourth = found.figures["stages"][3]
    assert [stage["option"] for stage in found.figures["stages"]][:3] == [None, "e", "f"]
    assert (fourth["option"], fourth["tie"]) == ("c", {"options": ["c", "d"], "by": "stages"})


def test_an_open_lot_that_decides_is_told():
    """Whether b or c goes out decides between a and the other."""
    profile = ranked("3 a", "2 b>c", "2 c>b")

    found = count(profile)

    assert found.selected == ("b",)
    assert found.tied == ("b", "c")
    assert found.figures["stages"][1]["tie"] == {"options": ["b", "c"], "by": "list"}
    assert count(profile, ties=by_lot(profile)).tied == ()
    assert count(profile, ties=TieBreak(profile.options, costs=(0, 9, 1))).selected == ("c",)


def test_an_open_lot_among_hopeless_ones_is_no_tie():
    found = count(ranked("5 a", "1 b>a", "1 c>a"))

    assert (found.selected, found.tied) == (("a",), ())


def test_an_open_lot_far_from_the_end_can_decide_it():
    """Where x goes out first, y's ballots reach a in the end; where y does, they make x the winner."""
    found = count(ranked("5 a", "4 b", "3 x>b", "3 y>x>a", options="a b x y"))

    assert found.figures["stages"][1]["option"] == "y"
    assert (found.selected, found.tied) == (("x",), ("a", "x"))


def test_with_few_counts_the_late_lots_are_tried(monkeypatch):
    """Of the lots between y and x, and between a and b at the end, only the last can matter."""
    monkeypatch.setattr(stv, "MOST_COUNTS", 2)

    found = count(ranked("3 a", "3 b", "1 x", "1 y"))

    assert [stage["option"] for stage in found.figures["stages"]] == [None, "y", "x", "b"]
    assert found.tied == ("a", "b")


def test_all_who_are_alike_are_told_however_many_they_are():
    profile = ranked(*(f"1 {letter}" for letter in "abcdefghij"))

    found = stv.count(stv.Settings(seats=3), profile, by_list(profile))

    assert found.selected == ("a", "b", "c")
    assert found.tied == tuple("abcdefghij")


def test_options_without_votes_make_no_open_lots():
    """Two hundred of them go out in the order of the list, and one lot is left between the two with votes."""
    names = ("a", "b", *(f"{at:03}" for at in range(200)))
    profile = Profile(names, (Vote(((0,),), "", 2), Vote(((1,),), "", 2)))

    found = count(profile)

    assert [stage["option"] for stage in found.figures["stages"][1:3]] == ["199", "198"]
    assert len(found.figures["stages"]) == 202
    assert found.tied == ("a", "b")


def test_when_seats_outnumber_votes_the_lot_among_those_without_any_is_open():
    profile = ranked("5 a", options="a b c")

    assert count(profile, 2).selected == ("a", "b")
    assert count(profile, 2).tied == ("b", "c")


def test_a_ballot_counts_up_to_its_first_shared_rank():
    found = count(ranked("3 a>b=c", "2 b=c>a", "2 b>a", "1 ", options="a b c"))

    assert (found.figures["valid"], found.figures["set_aside"]) == (5, 3)
    assert votes(found)[0] == [3 * VOTE, 2 * VOTE, 0]


def test_nobody_voted():
    for profile in (Profile(("a", "b"), ()), ranked("4 a=b")):
        found = count(profile, 2)

        assert (found.selected, found.tied, found.figures["stages"]) == ((), (), [])


def test_as_many_seats_as_candidates_are_all_filled():
    assert count(ranked("1 a>b", options="a b c"), 5).selected == ("a", "b", "c")


def test_no_seats_are_refused():
    with pytest.raises(ValueError):
        Settings(0)


def test_knoxville_is_the_capital_by_instant_runoff():
    profile = ranked(*TENNESSEE)

    assert irv.count(irv.Settings(), profile, by_list(profile)).selected == ("knoxville",)


def test_burlington_elected_kiss_though_majorities_preferred_montroll_to_each():
    profile = ranked(*BURLINGTON)

    found = irv.count(irv.Settings(), profile, by_list(profile))

    assert profile.options == ("kiss", "montroll", "wright")
    assert votes(found) == [
        [2982 * VOTE, 2554 * VOTE, 3297 * VOTE],
        [4314 * VOTE, 0, 4064 * VOTE],
        # Wright goes out, with none left but Kiss: the published count ends a stage before.
        [7089 * VOTE, 0, 0],
    ]
    assert found.selected == ("kiss",)


class ByHand:
    """The same statute written a second time: every ballot alone, with its own value and its own holder."""

    def __init__(self, profile, seats, ties):
        self.many = range(len(profile.options))
        self.order, self.seats = ties.in_order(self.many), seats
        self.ballots = []
        for vote in profile.votes:
            clear = [tier[0] for tier in vote.mark]
            shared = [at for at, tier in enumerate(vote.mark) if len(tier) > 1]
            clear = clear[: shared[0]] if shared else clear
            self.ballots += [[clear, VOTE, None] for _ in range(vote.times) if clear]
        self.quota = (len(self.ballots) // (seats + 1) + 1) * VOTE
        self.standing, self.elected, self.surpluses = set(self.many), [], []
        self.kept, self.table = Counter(), []

    def move(self, ballots):
        for ballot in ballots:
            ballot[2] = next((at for at in ballot[0] if at in self.standing), "nobody")

    def close_stage(self):
        now = Counter(self.kept)
        for _, value, holder in self.ballots:
            now[holder] += value
        self.table.append([now[at] for at in self.many])
        winners = [at for at in self.best_first(self.standing) if now[at] >= self.quota]
        self.surpluses += [at for at in winners if now[at] > self.quota]
        self.seat(winners)
        if len(self.standing) + len(self.elected) <= self.seats:
            self.seat(self.best_first(self.standing))

    def seat(self, winners):
        self.elected += winners
        self.standing -= set(winners)

    def best_first(self, some):
        return sorted(some, key=lambda at: ([-row[at] for row in reversed(self.table)], self.order.index(at)))

    def run(self):
        self.move(self.ballots)
        self.close_stage()
        while len(self.elected) < self.seats and self.standing:
            if self.surpluses:
                giver = self.best_first(self.surpluses)[0]
                self.surpluses.remove(giver)
                papers = [ballot for ballot in self.ballots if ballot[2] == giver]
                total = self.table[-1][giver]
                for ballot in papers:
                    ballot[1] = (total - self.quota) * ballot[1] // total
                self.kept[giver] = self.quota
            else:
                giver = self.best_first(self.standing)[-1]
                self.standing.remove(giver)
                papers = [ballot for ballot in self.ballots if ballot[2] == giver]
            self.move(papers)
            self.close_stage()
        return self


@given(rankings(least_votes=1, most_times=6), st.integers(1, 4))
@many(500)
def test_every_stage_is_that_of_the_count_ballot_by_ballot(profile, seats):
    ties = by_lot(profile)
    found = count(profile, seats, ties)

    slow = ByHand(profile, seats, ties)

    if not slow.ballots:
        assert (found.selected, votes(found)) == ((), [])
        return
    slow.run()
    assert found.selected == tuple(profile.options[at] for at in slow.elected)
    assert votes(found) == slow.table


@given(rankings(least_votes=1), st.integers(1, 4))
@many(200)
def test_no_vote_appears_or_goes_unaccounted(profile, seats):
    figures = count(profile, seats).figures

    for stage in figures["stages"]:
        assert sum(stage["votes"]) + stage["exhausted"] + stage["lost"] == figures["valid"] * VOTE
    if figures["valid"]:
        assert len(count(profile, seats).selected) == min(seats, len(profile.options))


@given(rankings(least_votes=1, most_options=4, most_votes=5, most_times=2), st.integers(1, 3))
@many(200)
def test_tied_are_those_whom_some_lot_would_not_choose(profile, seats):
    """Drawing many lots finds nobody whose place was open and who was not told."""
    found = count(profile, seats)

    for value in range(12):
        drawn = count(profile, seats, by_lot(profile, str(value)))
        assert set(drawn.selected) ^ set(found.selected) <= set(found.tied)


@given(rankings(), st.integers(2, 5))
@many(100)
def test_with_one_seat_every_ballot_many_times_changes_nothing(profile, times):
    more = Profile(profile.options, tuple(Vote(v.mark, v.group, v.times * times) for v in profile.votes))

    once, again = count(profile), count(more)

    assert (again.selected, again.tied) == (once.selected, once.tied)


@given(rankings())
@many(100)
def test_instant_runoff_is_a_single_seat(profile):
    one, other = count(profile), irv.count(irv.Settings(), profile, by_list(profile))

    assert (one.selected, one.tied, one.figures) == (other.selected, other.tied, other.figures)


@given(rankings(least_votes=1, strict=True), st.integers(1, 4))
@many(200)
def test_a_party_with_quotas_of_loyal_voters_gets_as_many_seats(profile, seats):
    """Who ranks all of a set above all others, with k quotas of ballots, gets k of them (or all there are)."""
    names = profile.options
    found = count(profile, seats)
    quota = found.figures["quota"]
    for size in range(1, len(names)):
        party = set(range(size))
        loyal = sum(
            vote.times
            for vote in profile.votes
            if len(vote.mark) >= size and {tier[0] for tier in vote.mark[:size]} == party
        )
        # Five decimals can lose less than a vote in all here, so a whole quota and a vote more is surely enough.
        assured = max(0, (loyal - 1) // quota)
        assert len(set(found.selected) & {names[at] for at in party}) >= min(size, assured, seats)
