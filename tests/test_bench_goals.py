"""The measure of suggestions: on our own held-out half, and on a file of anybody's texts and goals."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.bench import topics
from app.cli import cli
from app.nlp.embedding import HashingEmbedder

EMBEDDER = HashingEmbedder()


@pytest.fixture(autouse=True)
def hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.bench.commands.embedder_of", lambda _settings: EMBEDDER)


def test_it_reports_macro_f1_and_every_goal_of_the_held_out_half() -> None:
    done = CliRunner().invoke(cli, ["bench", "goals", "--json"])

    facts = json.loads(done.stdout)
    assert done.exit_code == 0
    assert set(facts["held_out"]["sdg_en"]["by_topic"]) == {str(number) for number in range(1, 18)}
    assert 0 < facts["macro_f1"] == facts["held_out"]["sdg_en"]["macro_f1"] < 1
    assert facts["held_out"]["sdg_en"]["texts"] > 150


def test_it_measures_a_file_of_text_and_goal(tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text(
        "text\tgoal\nSolar panels and wind power instead of coal\t7\nDrinking water from the tap\tSDG 06\n"
    )

    done = CliRunner().invoke(cli, ["bench", "goals", "--file", str(file)])

    assert done.exit_code == 0
    assert "| mine.tsv | 2 |" in done.stdout
    assert [one.topic for one in topics.read(file)] == ["7", "6"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("text\tgoal\nSolar\t18\n", "line 2"),
        ("only text\n", "holds no text"),
        ("Solar\t7\nno goal here\n", "line 2"),
        ("", "holds no text"),
    ],
)
def test_a_file_without_goals_is_refused_with_its_line(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text(content)

    done = CliRunner().invoke(cli, ["bench", "goals", "--file", str(file)])

    assert done.exit_code != 0
    assert said in " ".join(done.output.split())
