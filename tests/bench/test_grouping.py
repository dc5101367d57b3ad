"""The measurement in one go, on a small invented table: ours alone, and the peers where they are installed."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.bench import grouping
from app.bench.grouping_runs import peer_python
from app.bench.grouping_table import table
from app.cli import cli
from app.nlp.embedding import HashingEmbedder
from app.settings import get_settings

THEMES = {
    "water": "clean water pipes for our village well tap pump",
    "buses": "night buses drivers timetable stop shelter ticket",
    "school": "school teachers books pupils classroom lessons desks",
    "forest": "forest trees planting shade birds paths benches",
    "energy": "solar panels roof battery grid current meter",
    "health": "doctor clinic nurse medicine waiting room ambulance",
}
SCORES = ("ari", "ami", "v", "ari_singletons", "k", "unassigned", "cpu_s", "wall_s", "peak_mb")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty short texts in six themes of two kinds, each said in other words of its theme."""
    lines = []
    for at, (theme, said) in enumerate(THEMES.items()):
        words = said.split()
        for turn in range(10):
            some = [words[(turn + step * (1 + turn % 3)) % len(words)] for step in range(4)]
            lines.append(
                f"We ask for {' '.join(some)} number {turn}\t{theme}\t{'town' if at % 2 else 'country'}\n"
            )
    data = tmp_path / "data"
    data.mkdir()
    (data / "small.tsv").write_text("".join(sorted(lines, key=lambda line: line[::-1])), "utf-8")
    return data


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The command with an embedder that needs no model, and a folder of its own."""
    monkeypatch.setattr("app.bench.commands.embedder_of", lambda _settings: HashingEmbedder())
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def asked(*arguments: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(cli, ["bench", "grouping", *arguments])
    return found.exit_code, found.stdout, found.stderr


@pytest.mark.usefixtures("here")
def test_the_command_measures_ours_alone(folder: Path, tmp_path: Path) -> None:
    code, out, _ = asked(
        "--data", str(folder), "--against", "none", "--robust", "--growth", "--words", "--json"
    )

    assert code == 0
    facts = json.loads(out)
    (one,) = facts["sets"]
    assert (one["name"], one["n"], one["k_true"]) == ("small", 60, {"label": 6, "parent": 2})
    ours = one["ours"]
    assert all(math.isfinite(ours[key]) for key in SCORES)
    assert set(ours["levels"]) == {"missions", "projects"}
    assert ours["ari"] == max(level["ari"] for level in ours["levels"].values()) > 0.5
    assert ours["ari_parent"] <= 1
    assert ours["cpu_s"] > 0 < ours["peak_mb"]
    assert -1 <= ours["robust"]["ari"] <= 1
    assert ours["growth"]["placed"]["pairs_changed"] == 0
    assert ours["growth"]["placed"]["ari_old"] == 1
    assert 0 <= ours["growth"]["warm"]["pairs_changed"] <= 1
    assert 0 <= ours["words"]["missions"]["name_finds_its_group"] <= 1
    assert facts["mean"]["ours"]["ari"] == ours["ari"]
    assert list((tmp_path / "var" / "bench" / "vectors").glob("small-*.npy"))
    shown = table(facts)
    assert "| small (60 texts, 6 labels) | **ours** |" in shown
    assert "placed only | 0.0 %" in shown


@pytest.mark.usefixtures("here")
def test_the_command_refuses_in_one_sentence(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "broken.tsv").write_text("a text without a label\n", "utf-8")
    code, out, said = asked("--data", str(folder), "--against", "none")
    assert (code, out) == (1, "")
    assert "broken.tsv, line 1" in said
    assert len(said.strip().splitlines()) == 1

    code, _, said = asked("--data", str(folder), "--against", "nobody")
    assert (code, "Nobody here is called nobody" in said) == (1, True)

    monkeypatch.setattr("app.bench.grouping_runs.PEER_ENVIRONMENT", tmp_path)
    code, _, said = asked("--data", str(folder))
    assert (code, "make bench-peers" in said) == (1, True)

    assert asked()[0] == 2  # nothing was asked for


@pytest.mark.skipif(not peer_python().exists(), reason="the peers are not installed: make bench-peers")
def test_peers_group_the_same_vectors(folder: Path, tmp_path: Path) -> None:
    facts = grouping.measure(
        grouping.Asked(folder, "kmeans,leiden"), HashingEmbedder(), tmp_path / "kept", lambda *_told: None
    )

    (one,) = facts["sets"]
    told: dict[str, Any] = one["kmeans_true_k"]
    assert told["k_by_level"] == {"k 6": 6, "k 2": 2}
    assert told["unassigned"] == one["leiden"]["unassigned"] == 0
    assert one["leiden"]["k"] > 1
    assert set(facts["mean"]) == {"ours", "kmeans_true_k", "leiden"}
    assert all(math.isfinite(one[name][key]) for name in facts["mean"] for key in SCORES)
