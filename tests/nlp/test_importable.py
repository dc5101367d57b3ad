"""The language part is usable without the rest: nothing of the web, the database or the settings comes with it."""

import inspect
import subprocess
import sys

import pytest

from app import nlp

STRANGERS = (
    "fastapi", "starlette", "sqlmodel", "sqlalchemy", "pydantic_settings", "psycopg", "dbos", "torch",
    "sentence_transformers", "openvino", "app.models", "app.services", "app.settings", "app.db", "app.routers",
)  # fmt: skip


def loaded_by(code: str) -> set[str]:
    asked = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n"))


def test_importing_it_brings_in_no_web_no_database_and_no_torch() -> None:
    loaded = loaded_by("from app.nlp import embed, group, explain")

    assert "app.nlp.grouping" in loaded
    assert [name for name in STRANGERS if name in loaded] == []


def test_regrouping_needs_none_of_them_either() -> None:
    loaded = loaded_by("from app.nlp import regroup, bundle_reading")

    assert [name for name in STRANGERS if name in loaded] == []


def test_it_groups_and_explains_in_a_process_of_its_own() -> None:
    code = (
        "from app.nlp import HashingEmbedder, embed, explain, group\n"
        "texts = ['More shade at bus stops', 'Shade trees at every bus stop', 'Lower water prices']\n"
        "vectors = embed(texts, HashingEmbedder())\n"
        "assert vectors.shape[0] == 3\n"
        "assert len(group(texts, vectors).missions) == 3\n"
        "assert len(explain(texts, HashingEmbedder()).partition.missions) == 3"
    )

    assert [name for name in STRANGERS if name in loaded_by(code)] == []


@pytest.mark.parametrize("name", [name for name in nlp.__all__ if inspect.isfunction(getattr(nlp, name))])
def test_what_it_offers_says_of_every_argument_what_it_is(name: str) -> None:
    function = getattr(nlp, name)
    told = inspect.getdoc(function) or ""
    arguments = told.partition("Parameters\n----------\n")[2].partition("\n\n")[0]
    named = {one.strip() for line in arguments.split("\n") for one in line.partition(" : ")[0].split(",")}

    assert set(inspect.signature(function).parameters) - named == set()
    assert "Returns\n-------\n" in told


def test_an_explained_group_comes_with_its_summary() -> None:
    texts = ["Clean water for every house"] * 6

    (mission,) = nlp.explain(texts, nlp.HashingEmbedder(), authors=range(6)).missions

    assert mission.authors == 6
    assert mission.summary.points
    assert {point.quotation.row for point in mission.summary.points} <= set(mission.rows.tolist())
