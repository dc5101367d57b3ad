import pytest

from app.rules.voting.files.reading import read
from app.rules.voting.files.vote_file import VoteFile
from app.rules.voting.profile import Consent, MarkKind, Vote
from app.rules.words import Choice

BLT = """\
4 2 # candidates, seats
-2
3 1 3 4 0
4 1 3 2 0
(b-3) 2 4 1=3 0
1 2 0

2 2=4=3 - 1 0
1 3 4 2 0
1 0
0
"Adam Smith"
"Basil"
Charlotte
"Donald # Duck"
"The title"
"""

PB = """\
META
key;value
description;"A year; and a place"
budget;1000,50
vote_type;approval
PROJECTS
project_id;cost;category;name
7;600.25;parks;"Trees; and shade"
9;400;;Books
4;0;;Paint
VOTES
voter_id;age;vote
a;30;7,9
b;;9
c;41;
"""

TODAY = """\
# FILE NAME: 00000-00000001.toi
# TITLE: Lunch
# NUMBER ALTERNATIVES: 4
# NUMBER VOTERS: 6
# ALTERNATIVE NAME 1: Soup
# ALTERNATIVE NAME 2: Rice
# ALTERNATIVE NAME 3: Fish: grilled
# ALTERNATIVE NAME 4: Nothing
3: 1,{2,3},4
2: {1, 4}
1: 2
"""

BEFORE = """\
3
1,Soup
2,Rice, fried
3,Fish
6,6,3
3,1,{2,3}
2,2,1,3
1,3
"""

ABIF = """\
# a small one
{"version": "0.1"}
=A:[Alice of the Hill]
="B 2":[Bob]
5: A>"B 2"=C
2* C>A
[D d]>A  # alone
1: A/5, "B 2"/3, C/3
3: A, C
"""


def numbered(found: VoteFile) -> list[tuple[object, int]]:
    return [(vote.mark, vote.times) for vote in found.votes]


def ranked(name: str, text: str) -> VoteFile:
    return read(name, text.encode(), MarkKind.RANKING)


def test_a_blt_file_without_those_withdrawn():
    found = ranked("council.BLT", BLT)

    assert found.options == ("1", "3", "4")
    assert found.names == ("Adam Smith", "Charlotte", "Donald # Duck")
    assert found.seats == 2
    assert numbered(found) == [
        (((0,), (1,), (2,)), 3),
        (((0,), (1,)), 4),
        (((2,), (0, 1)), 2),
        ((), 1),
        (((1, 2), (0,)), 2),
        (((1,), (2,)), 1),
        ((), 1),
    ]


def test_a_party_after_the_name_is_no_name():
    found = ranked("ward.blt", '2 1\n1 2 0\n0\n"Ann Bell" "Green"\nCarl Dow\n"Ward 3"')

    assert found.names == ("Ann Bell", "Carl Dow")


def test_a_blt_file_in_one_line_or_without_names():
    assert numbered(ranked("x.blt", '2 1\n3 1 2 0 4 2 0 0 "A" "B" "T"')) == [(((0,), (1,)), 3), (((1,),), 4)]
    assert ranked("x.blt", "2 1\n1 2 1\n0\n").names == ("1", "2")


def test_a_budget_with_decimals_is_counted_in_cents():
    found = read("town.pb", PB.encode(), MarkKind.APPROVAL)

    assert found.options == ("7", "9", "4")
    assert found.names == ("Trees; and shade", "Books", "Paint")
    assert (found.budget, found.costs, found.unit) == (100050 // 25, (60025 // 25, 40000 // 25, 0), 100 // 25)
    assert [vote.mark for vote in found.votes] == [(0, 1), (1,), ()]


def test_a_budget_as_a_spreadsheet_saves_it():
    saved = PB.replace("META", "META;;").replace("PROJECTS", "PROJECTS;;;").replace("VOTES", "VOTES;;")

    assert read("town.pb", saved.encode(), MarkKind.APPROVAL) == read(
        "town.pb", PB.encode(), MarkKind.APPROVAL
    )


@pytest.mark.parametrize(
    ("vote_type", "rows", "approved", "ranking"),
    [
        pytest.param("choose-1", "a;9", (1,), ((1,),), id="one each"),
        pytest.param("ordinal", "a;9,7", (0, 1), ((1,), (0,)), id="a ranking"),
    ],
)
def test_other_kinds_of_votes_in_a_budget(vote_type, rows, approved, ranking):
    text = PB.replace("approval", vote_type).split("VOTES")[0] + f"VOTES\nvoter_id;vote\n{rows}\n"

    assert read("t.pb", text.encode(), MarkKind.APPROVAL).profile(MarkKind.APPROVAL).votes == (
        Vote(approved),
    )
    assert read("t.pb", text.encode(), MarkKind.RANKING).profile(MarkKind.RANKING).votes == (Vote(ranking),)


@pytest.mark.parametrize("vote_type", ["cumulative", "scoring"])
def test_points_in_a_budget(vote_type):
    text = (
        PB.replace("approval", vote_type).split("VOTES")[0] + "VOTES\nvoter_id;vote;points\na;9,7,4;3,1,0\n"
    )
    found = read("t.pb", text.encode(), MarkKind.APPROVAL)

    assert found.profile(MarkKind.APPROVAL).votes == (Vote((0, 1)),)
    assert found.profile(MarkKind.RANKING).votes == (Vote(((1,), (0,), (2,))),)
    assert found.split_points().votes == (Vote((0,), "", 1), Vote((1,), "", 3))
    assert found.profile(MarkKind.SCORES).votes == (Vote(((0, 1), (1, 3), (2, 0))),)


@pytest.mark.parametrize("name", ["lunch.toi", "lunch.toc", "lunch.SOI", "lunch"])
def test_a_preflib_file_of_today(name):
    found = ranked(name, TODAY)

    assert found.options == ("1", "2", "3", "4")
    assert found.names[2] == "Fish: grilled"
    assert numbered(found) == [(((0,), (1, 2), (3,)), 3), (((0, 3),), 2), (((1,),), 1)]


@pytest.mark.parametrize("name", ["lunch.soc", "lunch.txt"])
def test_a_preflib_file_of_before(name):
    found = ranked(name, BEFORE)

    assert found.names == ("Soup", "Rice, fried", "Fish")
    assert numbered(found) == [(((0,), (1, 2)), 3), (((1,), (0,), (2,)), 2), (((2,),), 1)]


def test_an_abif_file_as_rankings():
    found = ranked("club.abif", ABIF)

    assert found.options == ("A", "B 2", "C", "D d")
    assert found.names == ("Alice of the Hill", "Bob", "C", "D d")
    assert numbered(found) == [
        (((0,), (1, 2)), 5),
        (((2,), (0,)), 2),
        (((3,), (0,)), 1),
        (((0,), (1, 2)), 1),
        (((0, 2),), 3),
    ]


def test_an_abif_file_as_grades():
    found = read("club.abif", b"2: A/5>B/3\nB/0, A/1", MarkKind.GRADES)

    assert found.profile(MarkKind.GRADES).votes == (Vote(((0, 1), (1, 0))), Vote(((0, 5), (1, 3)), "", 2))


@pytest.mark.parametrize(
    ("written", "kind", "marks"),
    [
        ("choice\nfor\nAbstain\nno", MarkKind.CHOICE, [Choice.FOR, Choice.ABSTAIN, Choice.AGAINST]),
        ("Consent\nconsent\nobject", MarkKind.CONSENT, [Consent.CONSENT, Consent.OBJECT]),
        ('approvals\n"A|C, the third"\n\nB', MarkKind.APPROVAL, [(0, 1), (2,)]),
        ("approvals\nA|C\n\nB;A", MarkKind.APPROVAL, [(0, 1), (0, 2)]),
        ("ranking\nA>B = C\nC", MarkKind.RANKING, [((0,), (1, 2)), ((2,),)]),
        ("grades\nA:5|B:0\nB:3", MarkKind.GRADES, [((0, 5), (1, 0)), ((1, 3),)]),
        ("scores\nA:10|B: x:2", MarkKind.SCORES, [((0, 10), (1, 2))]),
        ("A,B,C\n1,x,\n0,no,YES", MarkKind.APPROVAL, [(0, 1), (2,)]),
        ("A,B,C\n1,1,\n3,2,9", MarkKind.RANKING, [((0, 1),), ((1,), (0,), (2,))]),
        ("A,B\n5,\n0,3", MarkKind.GRADES, [((0, 5),), ((0, 0), (1, 3))]),
        ("A,B\n10,7", MarkKind.SCORES, [((0, 10), (1, 7))]),
        ("Lighthouse\nfor\nagainst", MarkKind.CHOICE, [Choice.FOR, Choice.AGAINST]),
    ],
)
def test_tables_of_marks_and_of_options(written, kind, marks):
    found = read("v.csv", written.encode(), kind)

    assert [vote.mark for vote in found.votes] == marks


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_with_groups_and_times(delimiter):
    text = "Group,TIMES,id,ranking\nthird,3,1,A>B\n,,2,B".replace(",", delimiter)

    found = read("v.csv", text.encode(), MarkKind.RANKING)

    assert found.votes == (Vote(((0,), (1,)), "third", 3), Vote(((1,),), "", 1))


@pytest.mark.parametrize("column", ["times", "Count", "weight"])
def test_how_often_a_ballot_was_cast_has_three_names(column):
    found = read("v.csv", f"voter_id,{column},A,B\nx,3,1,2".encode(), MarkKind.RANKING)

    assert found.options == ("A", "B")
    assert found.votes == (Vote(((0,), (1,)), "", 3),)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a", BLT), ("a.txt", PB), ("b", TODAY), ("c", BEFORE), ("d", ABIF), ("e", "ranking;group\nA>B;third")],
)
def test_a_file_is_known_by_how_it_begins(name, text):
    assert read(name, text.encode(), MarkKind.RANKING).options


@pytest.mark.parametrize(
    "encoded",
    [
        b"\xef\xbb\xbfranking\r\nA>B\r\n",
        b"ranking\rA>B\r",
        "ranking\nA>B\n".encode("utf-16"),
        b"\xfe\xff" + "ranking\nA>B\n".encode("utf-16-be"),
    ],
    ids=["utf-8 with a mark", "old line ends", "utf-16 little", "utf-16 big"],
)
def test_byte_order_marks_and_line_ends(encoded):
    assert read("v.csv", encoded, MarkKind.RANKING).votes == (Vote(((0,), (1,))),)


def test_what_a_ranking_approves():
    whole = read("v.csv", b"ranking\nA>B=C\nA>B\nC", MarkKind.APPROVAL)

    assert whole.profile(MarkKind.APPROVAL).votes == (Vote((0,)), Vote((0, 1)), Vote((2,)))


def test_approvals_are_ranks_and_equal_ballots_are_one():
    found = read("v.csv", b"approvals\nA|B\nB|A\nC", MarkKind.RANKING)

    assert found.profile(MarkKind.RANKING).votes == (Vote(((0, 1),), "", 2), Vote(((2,),)))
