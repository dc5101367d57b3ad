"""The demonstration's two languages, read by the real model: groups are about something, not about a language."""

import numpy as np
import pytest

from app.demo import content
from app.nlp.alignment import aligned
from app.nlp.embedding import SentenceTransformerEmbedder
from app.nlp.grouping import group


@pytest.mark.model
def test_spanish_voices_do_not_stand_together_only_because_they_are_spanish() -> None:
    rows = content.voices("solar")
    texts = [f"{row['title']}. {row['text']}" if row["title"] else row["text"] for row in rows]
    languages = [row["language"] for row in rows]
    vectors = SentenceTransformerEmbedder().embed(texts)

    missions_found = group(texts, vectors, languages=languages).missions
    compared = aligned(texts, vectors, languages)

    spanish = np.array(languages) == "es"
    closeness = compared @ compared.T
    np.fill_diagonal(closeness, -1.0)
    among_themselves = spanish[closeness[spanish].argmax(axis=1)].mean()
    shares = [
        spanish[missions_found == each].mean() for each in np.unique(missions_found[missions_found >= 0])
    ]
    assert among_themselves <= 0.5
    assert max(shares) <= 0.8
