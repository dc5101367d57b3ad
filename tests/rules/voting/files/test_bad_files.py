import csv
import random

import pytest

from app.rules.voting.files import text
from app.rules.voting.files.reading import read
from app.rules.voting.files.vote_file import BadFile
from app.rules.voting.profile import MarkKind
from tests.rules.many import SCALE
from tests.rules.voting.files.test_formats import ABIF, BEFORE, BLT, PB, TODAY

CASES = [
    ("v.csv", "", 0, "empty"),
    ("v.csv", " \n\n ", 0, "empty"),
    ("v.csv", "ranking\nA\0B", 2, "NUL"),
    ("v.csv", "group,times\nthird,2", 1, "no column holds marks"),
    ("v.csv", "ranking,approvals\nA,B", 1, "more than one way"),
    ("v.csv", "ranking,Park\nA,1", 1, "more than one way"),
    ("v.csv", ";", 1, "no column has a name"),
    ("v.csv", "A,A\n1,2", 1, "same name"),
    ("v.csv", "A,,B\n1,2,3", 1, "no name"),
    ("v.csv", "A,B\n1,2\n1,2,3", 3, "3 cells"),
    ("v.csv", "A,B\n1,2\n1,-2", 3, "'-2'"),
    ("v.csv", "ranking,times\nA>B,0", 2, "number of times"),
    ("v.csv", "ranking,times\nA>B,1e9", 2, "'1e9'"),
    ("v.csv", "ranking\nA>B\nA>B>A", 3, "twice"),
    ("v.csv", "ranking\nA>>B", 2, "without a name"),
    ("v.csv", "ranking\n \n", 0, "no ballot names an option"),
    ("x.blt", "", 0, "empty"),
    ("x.blt", "# nothing\n", 0, "empty"),
    ("x.blt", "4\n1 2 0", 1, "number of seats"),
    ("x.blt", "4 two\n", 1, "'two'"),
    ("x.blt", "0 1\n0\n", 1, "number of candidates"),
    ("x.blt", "3 1\n2 1 4 0\n0", 2, "4 is not the number of a candidate (1 to 3)"),
    ("x.blt", "3 1\n2 1 -2 0\n0", 2, "'-2'"),
    ("x.blt", "3 1\n1 2 2 0\n0", 2, "twice"),
    ("x.blt", "3 1\n1.5 2 0\n0", 2, "'1.5'"),
    ("x.blt", "3 1\n1 2 0\n1 3 0", 3, "ends before"),
    ("x.blt", '3 1\n1 2 0\n0\n"A"\n"B"', 5, "only 2 names"),
    ("x.blt", '2 1\n1 2 0\n0\n"A\n"B"', 4, "closing quotation mark"),
    ("x.blt", "99999999 1\n0", 1, "at most"),
    ("x.blt", '2 1\n1 1 0\n0 1 2 0\n1 2 0\n0\n"A"\n"B"', 3, "numbers follow a 0"),
    ("x.blt", '2 1\n1 1 0\n0\n1 2 0\n"A"\n"B"', 4, "after the single 0"),
    ("v.csv", "times,weight,ranking\n1,2,A", 1, "both times and weight"),
    ("v.csv", 'approvals\nA\n"B\nC\n', 3, "never closed"),
    ("t.pb", PB.replace('"A year; and a place"', '"A year'), 3, "never closed"),
    ("t.pb", PB.replace("1000,50", "1,500"), 4, "two ways"),
    ("t.pb", PB.replace("1000,50", "0"), 4, "budget of nothing"),
    ("t.pb", PB.replace("vote_type", "budget;7\nvote_type"), 5, "a second time"),
    ("a.soc", BEFORE.replace("6,6,3\n", ""), 5, "three sums"),
    ("a.abif", "=A:[Ann]\n=A:[Bob]\n2: A", 2, "named twice"),
    ("t.pb", "PROJECTS\n", 0, "no section META"),
    ("t.pb", "budget;3\n", 1, "META"),
    ("t.pb", PB.replace("budget;", "money;"), 0, "budget"),
    ("t.pb", PB.replace("1000,50", "lots"), 4, "'lots'"),
    ("t.pb", PB.replace("400;", "-400;"), 9, "'-400'"),
    ("t.pb", PB.replace("9;400", "7;400"), 9, "listed twice"),
    ("t.pb", PB.replace("b;;9", "b;;8"), 14, "'8'"),
    ("t.pb", PB.replace("a;30;7,9", "a;30;7,7"), 13, "twice"),
    ("t.pb", PB.replace("approval", "guessing"), 0, "'guessing'"),
    ("t.pb", PB.replace("approval", "scoring"), 13, "gives points to 0"),
    ("t.pb", PB.replace("age;vote", "age;voice"), 13, "column vote"),
    ("t.pb", PB + "META\n", 16, "second section"),
    ("a.soc", TODAY.replace("1: 2\n", "1; 2\n"), 11, "a colon"),
    ("a.soc", TODAY.replace("{1, 4}", "{1, 4"), 10, "cannot be read"),
    ("a.soc", TODAY.replace("{1, 4}", "{1, 5}"), 10, "'5'"),
    ("a.soc", TODAY.replace("{1, 4}", "{1, 1}"), 10, "twice"),
    ("a.soc", TODAY.replace("3: 1", "x: 1"), 9, "'x'"),
    ("a.soc", TODAY.replace("NAME 2", "NAME 1"), 6, "named twice"),
    ("a.soc", "# TITLE: none\n1: 1\n", 0, "no alternatives"),
    ("a.soc", "9\n1,A\n", 2, "ends before"),
    ("a.soc", BEFORE.replace("3,Fish", "Fish"), 4, "a comma and its name"),
    ("a.abif", "# nothing\n", 0, "no options"),
    ("a.abif", "2: A>B>\n", 1, "nothing follows"),
    ("a.abif", "2: A>B>A\n", 1, "twice"),
    ("a.abif", ABIF.replace("C>A", "C}A"), 6, "cannot be read"),
    ("a.abif", "=A\n", 1, "square brackets"),
    ("a.abif", "0: A>B\n", 1, "number of times"),
    ("what", "just some words\nand more", 0, "none of the formats"),
]


@pytest.mark.parametrize(("name", "written", "line", "why"), CASES)
def test_what_is_wrong_is_said_with_its_line(name, written, line, why):
    with pytest.raises(BadFile) as caught:
        read(name, written.encode(), MarkKind.RANKING)

    assert why in caught.value.why
    assert caught.value.line == line
    assert "\n" not in caught.value.why


@pytest.mark.parametrize(
    ("written", "wanted", "line", "why"),
    [
        ("grades\nA:6", MarkKind.GRADES, 2, "0 to 5"),
        ("scores\nA:11", MarkKind.SCORES, 2, "0 to 10"),
        ("scores\nA", MarkKind.SCORES, 2, "a colon and a number"),
        ("choice\nfor\nmaybe", MarkKind.CHOICE, 3, "'maybe'"),
        ("consent\nno", MarkKind.CONSENT, 2, "'no'"),
        ("A,B\n1,perhaps", MarkKind.APPROVAL, 2, "'perhaps'"),
        ("A,B\n6,1", MarkKind.GRADES, 2, "0 to 5"),
        ("A,B\nfor,against", MarkKind.CHOICE, 1, "one thing"),
    ],
)
def test_marks_outside_their_scale(written, wanted, line, why):
    with pytest.raises(BadFile) as caught:
        read("v.csv", written.encode(), wanted)

    assert (caught.value.line, why in caught.value.why) == (line, True)


def test_marks_of_another_kind():
    with pytest.raises(BadFile, match="rankings; this rule counts grades"):
        read("x.blt", BLT.encode(), MarkKind.GRADES).profile(MarkKind.GRADES)
    points = PB.replace("approval", "scoring").split("VOTES")[0] + "VOTES\nvoter_id;vote;points\na;9;30\n"
    with pytest.raises(BadFile, match="more points"):
        read("t.pb", points.encode(), MarkKind.SCORES).profile(MarkKind.SCORES)
    with pytest.raises(BadFile, match="no value after a slash"):
        read("a.abif", ABIF.encode(), MarkKind.SCORES)


def test_an_encoding_that_is_not_utf_8():
    with pytest.raises(BadFile, match="UTF-8") as caught:
        read("v.csv", "ranking\nCafé>B".encode("latin-1"), MarkKind.RANKING)

    assert caught.value.line == 2


def test_a_million_columns():
    wide = ",".join(f"o{at}" for at in range(1_000_000))

    with pytest.raises(BadFile, match="1000000 columns") as caught:
        read("v.csv", f"{wide}\n1".encode(), MarkKind.RANKING)

    assert caught.value.line == 1


@pytest.mark.parametrize("limit", [131_072, 10**9], ids=["as it comes", "as an import leaves it"])
def test_a_cell_without_an_end(limit):
    before = csv.field_size_limit(limit)
    try:
        with pytest.raises(BadFile, match="cannot be taken apart"):
            read("v.csv", b'ranking\n"' + b"A" * 200_000, MarkKind.RANKING)
    finally:
        csv.field_size_limit(before)


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(text, "MOST_BYTES", 10)

    with pytest.raises(BadFile, match="larger than"):
        read("v.csv", b"ranking\nA>B>C", MarkKind.RANKING)


def test_numbers_of_a_thousand_digits():
    with pytest.raises(BadFile) as caught:
        read("x.blt", b"2 1\n" + b"9" * 5000 + b" 1 0\n0", MarkKind.RANKING)

    assert len(caught.value.why) < 120


def test_broken_files_are_read_or_refused_and_nothing_else():
    """Bytes dropped, doubled and changed in good files of every format."""
    chance = random.Random(20261122)
    good = {
        ".blt": BLT,
        ".pb": PB,
        ".toi": TODAY,
        ".soc": BEFORE,
        ".abif": ABIF,
        ".csv": "group,A,B\nthird,1,2\n",
    }
    refused = 0
    for _ in range(3000 * SCALE):
        suffix, written = chance.choice(list(good.items()))
        content = bytearray(written.encode())
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(content))
            what = chance.choice(
                [b"", b"\xff", b"\0", b"\n", b";", b"{", b"0", b"-", b'"', b">", b"99999999999999999999"]
            )
            content[at : at + chance.randint(0, 2)] = what
        for kind in (MarkKind.RANKING, MarkKind.APPROVAL, MarkKind.GRADES):
            refused += is_refused(f"x{chance.choice([suffix, ''])}", bytes(content), kind)
    assert refused > 1000


def is_refused(name: str, content: bytes, kind: MarkKind) -> bool:
    """Anything but a refusal goes through to the test."""
    try:
        read(name, content, kind).profile(kind)
    except BadFile:
        return True
    return False
