"""Counting measured on few ballots, and our counts beside those of public libraries where these are installed."""

import os
import subprocess
from pathlib import Path

import pytest

from app.bench import counting
from app.bench.oracles.verdict import Verdict, among
from app.rules.voting.outcome import Count
from app.rules.voting.table import RULES

oracles = pytest.mark.skipif(not counting.ORACLES.exists(), reason="no oracles here: make oracles")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("BALLOTS", 200), ("OPTIONS", 12), ("MARKED", 4), ("FEWER", (60, 6, 3))):
        monkeypatch.setattr(counting, name, value)


@pytest.mark.usefixtures("few")
def test_every_rule_is_measured_and_held_to_its_goal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(counting, "ORACLES", tmp_path / "none")
    told: list[str] = []

    facts = counting.measure(lambda stage, _share: told.append(stage), full=True)

    assert [row["rule"] for row in facts["rules"]] == [*counting.SECONDS, *counting.ALSO]
    assert all(row["cpu_s"] >= 0 and 5 < row["peak_mb"] < 300 for row in facts["rules"])
    assert [row["rule"] for row in facts["full"]] == list(counting.FULL)
    assert len(told) == len(facts["rules"]) + len(facts["full"])
    written = counting.table(facts)
    assert "Over a goal of time or 1000 MB: none." in written
    assert "make oracles" in written


def test_what_is_over_its_goal_is_named() -> None:
    slow = {"rule": "schulze", "cpu_s": 8.5, "wall_s": 9, "peak_mb": 50}
    large = {"rule": "score", "cpu_s": 1, "wall_s": 1, "peak_mb": 1001}
    fine = {"rule": "equal_shares", "cpu_s": 14.9, "wall_s": 90, "peak_mb": 1000}
    facts = {
        "ballots": 1, "options": 1, "marked": 1, "at": "", "machine": "", "load": [], "compared": [], "full": [],
        "rules": [slow, large, fine],
    }  # fmt: skip

    assert "Over a goal of time or 1000 MB: schulze, score." in counting.table(facts)


def test_rules_that_are_measured_are_rules() -> None:
    assert set(counting.SECONDS) | set(counting.ALSO) | set(counting.COMPARED) <= set(RULES)


def test_a_selection_is_right_only_among_the_right_ones() -> None:
    one, other = frozenset("a"), frozenset("b")

    assert among(Count(("a",)), [one]) is Verdict.AGREES
    assert among(Count(("b",)), [one]) is Verdict.DIFFERS
    assert among(Count(("a",), ("a", "b")), [one, other]) is Verdict.TIE
    assert among(Count(("a",)), [one, other]) is Verdict.DIFFERS  # a tie that was not told


@oracles
@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("rule", ["schulze", "equal_shares", "approval"])
def test_ours_is_timed_beside_a_library(rule: str) -> None:
    row = counting.beside(rule)

    assert row["oracle"] == counting.COMPARED[rule]
    assert row["oracle_cpu_s"] >= row["cpu_s"] >= 0


@oracles
def test_a_hundred_random_profiles_for_each_rule_do_not_differ() -> None:
    done = subprocess.run(
        [counting.ORACLES, "-m", "app.bench.oracles", "100"],
        cwd=counting.ROOT,
        env={**os.environ, "PYTHONPATH": str(counting.ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "0 differ." in done.stdout
