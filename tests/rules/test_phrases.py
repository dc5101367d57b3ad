from datetime import UTC, datetime

import pytest

from app.errors import Refusal, TooMany
from app.rules.phrases import Phrase, phrase
from app.rules.words import MissionState


def test_a_phrase_speaks_english_where_no_language_is_chosen():
    inner = phrase("%(count)s seats", count=3)

    said = phrase("%(state)s: %(inner)s", state=MissionState.ON_BALLOT, inner=inner).english

    assert said == "on ballot: 3 seats"


def test_a_phrase_is_translated_with_its_facts():
    spanish = {"%(count)s seats": "%(count)s asientos"}

    said = phrase("%(count)s seats", count=3).say(lambda text: spanish[text], lambda fact: f"<{fact}>")

    assert said == "<3> asientos"


def test_a_sentence_without_facts_may_hold_a_percent_sign():
    assert Phrase("50 % of all").english == "50 % of all"


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (datetime(2026, 3, 2, 9, 5, tzinfo=UTC), "2 March 2026, 09:05 UTC"),
        ((MissionState.FRAMED, MissionState.ON_BALLOT), "framed, on ballot"),
        (None, "None"),
    ],
)
def test_facts_read_like_words(fact, said):
    assert phrase("%(fact)s", fact=fact).english == said


def test_a_refusal_carries_its_status_and_sentence():
    refusal = TooMany(minutes=4)

    assert refusal.status == 429
    assert "4 minutes" in str(refusal)
    assert isinstance(refusal, Refusal)
    assert refusal.phrase.facts == {"minutes": 4}
