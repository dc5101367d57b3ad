"""The language part is usable without the rest: nothing of the web, the database or the settings comes with it."""

import subprocess
import sys

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
