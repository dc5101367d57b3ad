"""Real English statements: 3 to 40 missions, and most texts in one of them."""

from pathlib import Path

import pytest

from app.nlp.embedding import SentenceTransformerEmbedder
from app.nlp.grouping import group
from app.rules import importing
from app.rules.importing import Row
from app.rules.words import SubmissionState

POLIS = Path("../shared/data/polis")


@pytest.mark.model
@pytest.mark.skipif(not POLIS.is_dir(), reason="the real data lies outside the project")
@pytest.mark.parametrize("folder", ["bowling-green-2018", "freshwater-nz"])
def test_a_set_of_english_statements_gives_missions_that_hold_most_of_it(folder: str) -> None:
    content = (POLIS / folder / "comments.csv").read_bytes()
    rows = importing.rows(content, importing.POLIS)
    texts = [row.text for row in rows if isinstance(row, Row) and row.state is SubmissionState.VISIBLE]

    found = group(texts, SentenceTransformerEmbedder().embed(texts), languages=["en"] * len(texts))

    assert 3 <= len(set(found.missions.tolist()) - {-1}) <= 40
    assert (found.missions < 0).mean() < 0.5
