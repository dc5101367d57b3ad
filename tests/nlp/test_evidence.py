"""All words of all groups of a result, put together."""

import numpy as np

from app.nlp import HashingEmbedder, Level, run
from app.nlp.evidence import explained

EMBEDDER = HashingEmbedder()
THEMES = (
    "solar panels on school roofs",
    "clean water for the oasis",
    "night buses to the hospital",
    "dust of the copper mine",
)
TEXTS = [
    f"{theme} {word} {at}. {theme} {word}, we have waited for years."
    for theme in THEMES
    for at, word in enumerate(
        ["please", "soon", "today", "everywhere", "cheaply", "quietly", "safely", "together"]
    )
]


def test_every_group_of_a_result_gets_words_tried_with_the_model_and_a_summary() -> None:
    vectors = EMBEDDER.embed(TEXTS)
    result = run(TEXTS, vectors, languages=["en"] * len(TEXTS))

    better, told = explained(
        result, TEXTS, vectors, votes=([9] * len(TEXTS), [1] * len(TEXTS)), embed=EMBEDDER.embed
    )

    assert [one.label for one in better.missions] == [one.label for one in result.missions]
    assert better.partition is result.partition
    for level, clusters in ((Level.MISSION, better.missions), (Level.PROJECT, better.projects)):
        assert set(told[level]) == {one.label for one in clusters}
        for one in clusters:
            summary = told[level][one.label]
            assert one.title.text
            assert one.keywords
            assert set(one.representatives) <= set(one.rows.tolist())
            assert {point.quotation.row for point in summary.points} <= set(one.rows.tolist())
            assert summary.dissent == ()
    names = [one.title.text for one in (*better.missions, *better.projects)]
    assert len(set(names)) == len(names)


def test_no_text_or_one_gives_nothing_to_say_and_no_error() -> None:
    for texts in ([], ["Water for the oasis"], ["", ""]):
        vectors = EMBEDDER.embed(texts) if texts else np.zeros((0, 384), dtype=np.float32)
        result = run(texts, vectors, languages=["en"] * len(texts))

        better, told = explained(result, texts, vectors, embed=EMBEDDER.embed)

        assert len(better.missions) == len(told[Level.MISSION])


def test_it_is_the_same_twice() -> None:
    vectors = EMBEDDER.embed(TEXTS)
    result = run(TEXTS, vectors, languages=["en"] * len(TEXTS))

    assert (
        explained(result, TEXTS, vectors, embed=EMBEDDER.embed)[1]
        == explained(result, TEXTS, vectors, embed=EMBEDDER.embed)[1]
    )


def test_no_group_is_named_after_a_voice_that_people_voted_against() -> None:
    about = ("buses", "water", "solar", "dust")
    said = ["We need {} now", "Please bring {} to my street", "Cheap {} for schools", "More {} near hospitals",
            "My family misses {}", "Old people lack {}", "Good {} for the valley", "Public {} everywhere"]  # fmt: skip
    texts = [one.format(f"{subject} {subject} {subject}") for subject in about for one in said]
    vectors = EMBEDDER.embed(texts)
    result = run(texts, vectors, languages=["en"] * len(texts))
    named = [one.title.row for one in explained(result, texts, vectors, embed=EMBEDDER.embed)[0].missions]
    agrees = [0 if row in named else 30 for row in range(len(texts))]

    found, told = explained(
        result, texts, vectors, votes=(agrees, [30 - count for count in agrees]), embed=EMBEDDER.embed
    )

    assert len(named) >= 2
    assert not set(named) & {one.title.row for one in found.missions}
    assert any(summary.dissent for summary in told[Level.MISSION].values())
