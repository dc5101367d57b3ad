"""All words of all groups of a result, put together."""

import numpy as np

from app.nlp import HashingEmbedder, run

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
    better = run(
        TEXTS,
        EMBEDDER.embed(TEXTS),
        languages=["en"] * len(TEXTS),
        votes=([9] * len(TEXTS), [1] * len(TEXTS)),
        embed=EMBEDDER.embed,
    )

    assert better.missions
    for clusters in (better.missions, better.projects):
        for one in clusters:
            summary = one.summary
            assert summary.points
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
        result = run(texts, vectors, languages=["en"] * len(texts), embed=EMBEDDER.embed)

        assert len(result.missions) == len(
            np.unique(result.partition.missions[result.partition.missions >= 0])
        )


def test_it_is_the_same_twice() -> None:
    vectors = EMBEDDER.embed(TEXTS)
    one, other = (run(TEXTS, vectors, languages=["en"] * len(TEXTS), embed=EMBEDDER.embed) for _ in range(2))

    assert [each.summary for each in one.missions] == [each.summary for each in other.missions]
    assert [each.title for each in one.projects] == [each.title for each in other.projects]


def test_no_group_is_named_after_a_voice_that_people_voted_against() -> None:
    about = ("buses", "water", "solar", "dust")
    said = ["We need {} now", "Please bring {} to my street", "Cheap {} for schools", "More {} near hospitals",
            "My family misses {}", "Old people lack {}", "Good {} for the valley", "Public {} everywhere"]  # fmt: skip
    texts = [one.format(f"{subject} {subject} {subject}") for subject in about for one in said]
    vectors = EMBEDDER.embed(texts)
    spoken = ["en"] * len(texts)
    before = run(texts, vectors, languages=spoken, embed=EMBEDDER.embed)
    named = [one.title.row for one in before.missions]
    agrees = [0 if row in named else 30 for row in range(len(texts))]

    found = run(
        texts,
        vectors,
        languages=spoken,
        votes=(agrees, [30 - count for count in agrees]),
        embed=EMBEDDER.embed,
    )

    assert len(named) >= 2
    assert not set(named) & {one.title.row for one in found.missions}
    assert any(one.summary.dissent for one in found.missions)
