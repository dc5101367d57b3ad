"""`comission tally`: standard files counted through the command itself."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from app.cli.tally import NAMES

# Tennessee: the capital that a majority prefers to each other is Nashville.
TENNESSEE = """\
4 1
42 1 2 3 4 0
26 2 3 4 1 0
15 3 4 2 1 0
17 4 3 2 1 0
0
"Memphis"
"Nashville"
"Chattanooga"
"Knoxville"
"Capital of Tennessee"
"""

TOWN = """\
META
key;value
budget;12
vote_type;approval
PROJECTS
project_id;cost
park;9
pool;6
path;1
bus;10
VOTES
voter_id;vote
1;park,pool,bus
2;path,bus
3;bus
4;pool,path
"""

RANKING_RULES = [rule for rule in NAMES if rule in ("schulze", "ranked-pairs", "irv", "stv")]


def count(folder: Path, name: str, written: str, *asked: str) -> dict[str, object]:
    file = folder / name
    file.write_text(written, "utf-8")
    done = CliRunner().invoke(cli, ["tally", str(file), "--json", *asked])
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()) == 1
    facts: dict[str, object] = json.loads(done.stdout)
    return facts


def test_the_answer_has_four_parts_and_no_more(tmp_path):
    facts = count(tmp_path, "capital.blt", TENNESSEE, "--rule", "schulze")

    assert list(facts) == ["rule", "selected", "tied", "steps"]
    assert (facts["rule"], facts["selected"], facts["tied"]) == ("schulze", ["2"], [])
    assert any("2 (Nashville)" in step for step in facts["steps"])


@pytest.mark.parametrize("rule", RANKING_RULES)
def test_rules_of_rankings_take_every_file_of_rankings(tmp_path, rule):
    winner = {"irv": ["4"], "stv": ["4"]}.get(rule, ["2"])
    preflib = "\n".join(
        [f"# ALTERNATIVE NAME {at}: {name}" for at, name in enumerate("MNCK", start=1)]
        + ["42: 1,2,3,4", "26: 2,3,4,1", "15: 3,4,2,1", "17: 4,3,2,1"]
    )
    abif = "=1:[M]\n=2:[N]\n=3:[C]\n=4:[K]\n42:1>2>3>4\n26:2>3>4>1\n15:3>4>2>1\n17:4>3>2>1"
    table = "times,1,2,3,4\n42,1,2,3,4\n26,4,1,2,3\n15,4,3,1,2\n17,4,3,2,1"

    for name, written in (("a.blt", TENNESSEE), ("a.soc", preflib), ("a.abif", abif), ("a.csv", table)):
        assert count(tmp_path, name, written, "--rule", rule)["selected"] == winner


@pytest.mark.parametrize(
    ("rule", "asked", "selected", "tied"),
    [
        pytest.param("equal-shares", (), ["bus", "path"], [], id="cost utilities, adding one, no filling"),
        pytest.param("greedy", (), ["bus", "path"], [], id="skipping"),
        pytest.param("greedy-no-skip", (), ["bus", "path"], [], id="not skipping"),
        pytest.param("phragmen", (), ["path", "pool"], [], id="ends at the first that is too dear"),
        pytest.param("greedy", ("--budget", "7"), ["path", "pool"], [], id="a budget of one's own"),
        pytest.param("greedy-no-skip", ("--budget", "7"), [], [], id="the first is too dear"),
        pytest.param("equal-shares", ("--seats", "2"), ["bus", "pool"], ["pool", "path"], id="seats"),
        pytest.param("approval", ("--seats", "1"), ["bus"], [], id="the most approved"),
    ],
)
def test_a_budget_is_counted_by_every_rule_of_approvals(tmp_path, rule, asked, selected, tied):
    facts = count(tmp_path, "town.pb", TOWN, "--rule", rule, *asked)

    assert sorted(facts["selected"]) == sorted(selected)
    assert facts["tied"] == tied


def test_all_rules_are_there():
    assert set(NAMES) == {
        "group-majority", "supermajority", "approval", "majority-judgment", "schulze", "ranked-pairs", "irv", "stv",
        "score", "consent", "equal-shares", "phragmen", "greedy", "greedy-no-skip",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "written", "selected", "tied"),
    [
        (
            "group-majority",
            "group,choice\nThird,for\nthird,for\npublic,for\npublic,abstain",
            ["proposal"],
            [],
        ),
        ("group-majority", "group,times,choice\nthird,9,for\npublic,1,against", [], []),
        ("supermajority", "choice,times\nfor,2\nagainst,1", ["proposal"], []),
        ("supermajority", "Lighthouse\nfor\nagainst", [], ["Lighthouse"]),
        ("score", "A,B\n8,9\n7,1\n7,9\n", ["B"], []),
        ("consent", "consent\nconsent\nconsent\n", ["proposal"], []),
        ("consent", "consent\nconsent\nobject\n", [], []),
    ],
)
def test_questions_and_scores(tmp_path, rule, written, selected, tied):
    facts = count(tmp_path, "v.csv", written, "--rule", rule)

    assert (facts["selected"], facts["tied"]) == (selected, tied)
    assert facts["steps"]


def test_points_are_added_by_the_rules_that_take_the_most_approved(tmp_path):
    points = TOWN.replace("approval", "cumulative").split("VOTES")[0]
    points += "VOTES\nvoter_id;vote;points\n1;park,pool;1,9\n2;park;1\n"

    assert count(tmp_path, "town.pb", points, "--rule", "greedy", "--budget", "9")["selected"] == ["pool"]
    assert count(tmp_path, "town.pb", points, "--rule", "approval")["selected"] == ["park"]


def test_grades_and_ticks(tmp_path):
    grades = "Park,Pool\n5,1\n0,3\n4,3\n"
    ticks = "Park,Pool,Bus\n1,,1\n,x,yes\n1,0,\n"

    assert count(tmp_path, "v.csv", grades, "--rule", "majority-judgment")["selected"] == ["Park"]
    assert count(tmp_path, "v.csv", ticks, "--rule", "approval", "--seats", "2")["selected"] == [
        "Park",
        "Bus",
    ]


def test_equals_stand_in_the_order_of_the_file_until_a_lot_is_drawn(tmp_path):
    written = "approvals\nPark|Pool\nPark|Pool\n"

    plain = count(tmp_path, "v.csv", written, "--rule", "equal-shares", "--seats", "1")
    drawn = {
        lot: count(tmp_path, "v.csv", written, "--rule", "equal-shares", "--seats", "1", "--lot", lot)
        for lot in ("1", "2", "3", "4", "5")
    }

    assert (plain["selected"], plain["tied"]) == (["Park"], ["Park", "Pool"])
    for lot, facts in drawn.items():
        tickets = {
            option: hashlib.sha256(f"|{lot}|{option}".encode()).hexdigest() for option in ("Park", "Pool")
        }
        assert facts["selected"] == [min(tickets, key=tickets.__getitem__)]
        assert facts["tied"] == []


def test_groups_share_alike_when_asked(tmp_path):
    written = "group,times,approvals\nprivate,20,A|B|C|D\nthird,4,E|F|G|H\n"

    alike = count(tmp_path, "v.csv", written, "--rule", "phragmen", "--seats", "4")
    by_group = count(tmp_path, "v.csv", written, "--rule", "phragmen", "--seats", "4", "--by-group")

    assert sorted(alike["selected"]) == ["A", "B", "C", "D"]
    assert len({"E", "F", "G", "H"} & set(by_group["selected"])) == 2


def test_filling_in_is_a_second_step(tmp_path):
    written = TOWN.replace("budget;12", "budget;17")

    plain = count(tmp_path, "town.pb", written, "--rule", "equal-shares")
    filled = count(tmp_path, "town.pb", written, "--rule", "equal-shares", "--fill")

    assert set(plain["selected"]) <= set(filled["selected"])
    assert sorted(filled["selected"]) == ["bus", "path", "pool"]


@pytest.mark.parametrize(
    ("name", "written", "asked", "why"),
    [
        (
            "x.blt",
            "3 1\n1 2 0\n1 4 0\n0\n",
            ("--rule", "schulze"),
            "line 3: 4 is not the number of a candidate",
        ),
        (
            "x.blt",
            TENNESSEE,
            ("--rule", "majority-judgment"),
            "the file holds rankings; this rule counts grades",
        ),
        ("x.pb", TOWN.replace("path;1", "path;-1"), ("--rule", "greedy"), "line 9: '-1' is not an amount"),
        ("v.csv", "approvals\nA", ("--rule", "equal-shares"), "give --seats or --budget"),
        ("v.csv", "approvals\nA", ("--rule", "greedy"), "give --budget"),
        ("v.csv", "approvals\nA", ("--rule", "greedy", "--budget", "1.5"), "not a whole number"),
        ("v.csv", "approvals\nA\0", ("--rule", "approval"), "line 2: a NUL character"),
        ("v.csv", "", ("--rule", "approval"), "the file is empty"),
        ("v.csv", "choice,group\n", ("--rule", "group-majority"), "no ballot is in it"),
        ("v.csv", "choice,group\nfor,firms", ("--rule", "group-majority"), "the group 'firms'"),
    ],
)
def test_a_bad_file_gets_one_line_and_exit_status_2(tmp_path, name, written, asked, why):
    file = tmp_path / name
    file.write_text(written, "utf-8")

    done = CliRunner().invoke(cli, ["tally", str(file), *asked])

    assert done.exit_code == 2
    assert why in done.stderr
    assert done.stderr.startswith(str(file))
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_no_file_no_rule_and_too_much_asked(tmp_path):
    file = tmp_path / "v.csv"
    file.write_text("approvals\nA\n", "utf-8")
    for asked in (
        [str(tmp_path / "nowhere.blt"), "--rule", "schulze"],
        [str(tmp_path), "--rule", "schulze"],
        [str(file), "--rule", "plurality"],
        [str(file), "--rule", "phragmen", "--seats", "1", "--budget", "2"],
        [str(file), "--rule", "phragmen", "--seats", "0"],
    ):
        done = CliRunner().invoke(cli, ["tally", *asked])

        assert done.exit_code == 2
        assert "Traceback" not in done.output


def test_the_command_as_a_person_runs_it(tmp_path):
    (tmp_path / "capital.blt").write_text(TENNESSEE, "utf-8")
    command = [sys.executable, "-c", "from app.cli import main; main()", "tally", "--rule", "schulze"]

    done = subprocess.run([*command, tmp_path / "capital.blt"], capture_output=True, text=True, check=True)
    broken = subprocess.run([*command, tmp_path], capture_output=True, text=True, check=False)

    assert done.stdout.splitlines()[-1] == "Chosen: 2 (Nashville)."
    assert broken.returncode == 2
    assert len(broken.stderr.splitlines()) == 1
