"""Suggesting topics: cuts from one half only, more above than below them, and numbers that anyone can make again."""

from collections import Counter

import numpy as np
import pytest

from app.nlp import goals
from app.nlp.embedding import HashingEmbedder, SentenceTransformerEmbedder
from app.nlp.goals import Scheme, Sentence
from app.nlp.topic_learning import best_cut, learn
from app.nlp.topic_quality import measured
from app.nlp.topics import NOTHING, Scorer, Sureness, scores_of, shared, suggested

RANDOM = np.random.default_rng(7)
AXES = np.eye(6, dtype=np.float32)


def around(axis: int, count: int, noise: float = 0.15) -> np.ndarray:
    return (AXES[axis] + noise * RANDOM.standard_normal((count, 6))).astype(np.float32)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    vectors = np.vstack([around(0, 12), around(1, 12), around(2, 12), around(4, 12)])
    topics = ["1"] * 12 + ["2"] * 12 + ["10"] * 12 + [NOTHING] * 12
    return learn(vectors, topics, [True] * 48)


def test_each_topic_is_suggested_for_its_own_and_nothing_for_the_rest(scorer: Scorer) -> None:
    assert scorer.topics == ("1", "2", "10")
    for axis, topic in ((0, "1"), (1, "2"), (2, "10")):
        [[first, *_others]] = suggested(scorer, AXES[axis][None, :])
        assert (first.topic, first.sureness) == (topic, Sureness.CLEAR)
    assert suggested(scorer, AXES[4:6]) == [(), ()]
    assert suggested(scorer, np.zeros((0, 6), dtype=np.float32)) == []


def test_the_surest_come_first_and_at_most_as_many_as_asked() -> None:
    plain = Scorer(("1", "2", "10"), np.eye(3, 6), np.zeros(3), np.full(3, 0.5), 0.2, 1.0)
    between = (AXES[0] + 0.9 * AXES[1])[None, :]

    found = suggested(plain, between)[0]

    assert [(one.topic, one.sureness) for one in found] == [("1", Sureness.CLEAR), ("2", Sureness.LIKELY)]
    assert found[0].above > found[1].above >= 0
    assert [one.topic for one in suggested(plain, between, most=1)[0]] == ["1"]


def test_a_group_is_about_what_enough_of_its_texts_are_about(scorer: Scorer) -> None:
    texts = np.vstack([AXES[[0] * 6], AXES[[1] * 2], AXES[[5] * 2]])

    [one] = shared(scorer, texts)

    assert (one.topic, one.texts, one.share) == ("1", 6, 0.6)
    assert [each.topic for each in shared(scorer, texts, least_share=0.2)] == ["1", "2"]
    assert shared(scorer, AXES[[0]]) == ()


def test_the_measures_are_those_of_a_hand_count(scorer: Scorer) -> None:
    vectors = AXES[[0, 0, 1, 5, 0]]

    found = measured(scorer, vectors, ["1", "1", "2", NOTHING, "2"])

    assert found.by_topic["1"].precision == pytest.approx(2 / 3)
    assert found.by_topic["1"].recall == 1
    assert found.by_topic["2"].recall == 0.5
    assert found.suggested.f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert (found.astray, found.without, found.best_right) == (0.0, 0.0, 0.75)


@pytest.mark.parametrize(
    ("scores", "truth", "cut"),
    [
        pytest.param(
            [0.9, 0.7, 0.2], [True, True, False], 0.45, id="between the last right and the first wrong"
        ),
        pytest.param([0.9, 0.8, 0.1], [True, False, True], 0.05, id="all, where that finds more"),
    ],
)
def test_a_cut_is_where_f1_is_highest(scores: list[float], truth: list[bool], cut: float) -> None:
    found = best_cut(np.array(scores), np.array(truth))

    assert found == pytest.approx(cut) or found < min(scores)


def test_a_topic_without_sentences_for_calibration_is_refused() -> None:
    with pytest.raises(ValueError, match="calibration"):
        learn(AXES[:3], ["1", "2", "2"], [True, True, False][::-1])
    with pytest.raises(ValueError, match="calibration"):
        learn(AXES[:2], ["1", "1"], [True, True])


def test_an_unknown_topic_is_named(scorer: Scorer) -> None:
    with pytest.raises(ValueError, match="no topic is called 99"):
        measured(scorer, AXES[:1], ["99"])


def test_every_goal_has_twenty_english_and_five_spanish_sentences_and_both_halves_of_them() -> None:
    every = goals.citizens(Scheme.SDG)
    count = Counter((one.topic, one.language) for one in every)

    for goal in (str(number) for number in range(1, 18)):
        assert count[goal, "en"] >= 20
        assert count[goal, "es"] >= 5
        assert {one.is_held_out for one in every if one.topic == goal} == {True, False}
    assert len({one.text for one in every}) == len(every)


def test_what_is_held_out_is_never_learned_from() -> None:
    for scheme in Scheme:
        seen = {one.text for one in goals.learned_from(scheme)}
        held = {one.text for language in ("en", "es") for one in goals.held_out(scheme, language)}
        assert not seen & held
        assert seen | held >= {one.text for one in goals.citizens(scheme)}


def test_learning_twice_is_learning_the_same() -> None:
    sentences, embedder = goals.learned_from(Scheme.SDG), HashingEmbedder()
    vectors = embedder.embed([one.text for one in sentences])

    one, other = (goals.learn_from(sentences, vectors) for _again in range(2))

    assert (one.weights == other.weights).all()
    assert (one.cuts == other.cuts).all()
    assert goals.fingerprint(sentences) != goals.fingerprint((*sentences, Sentence("1", "One more.")))


@pytest.mark.model
def test_the_bundled_model_finds_the_goal_of_sentences_it_has_not_seen() -> None:
    embedder = SentenceTransformerEmbedder()
    sentences = [one for one in goals.learned_from(Scheme.SDG) if one.language == "en"]
    scorer = goals.learn_from(sentences, embedder.embed([one.text for one in sentences]))
    held = goals.held_out(Scheme.SDG, "en")
    near_misses = [
        "Sewage flows into the street because there is no sewer.",
        "Trawlers empty the sea and the fishers come home without fish.",
    ]

    found = goals.measure(scorer, held, embedder.embed([one.text for one in held]))
    above = scores_of(scorer, embedder.embed(near_misses))

    assert found.suggested.f1 > 0.65
    assert found.best_f1 > 0.75
    assert found.suggested.precision > 0.7
    assert scorer.topics[above[0].argmax()] == "6"
    assert scorer.topics[above[1].argmax()] == "14"
