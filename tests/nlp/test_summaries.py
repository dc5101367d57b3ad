"""Summaries: sentences that people wrote, how much each stands for, and what they leave out."""

import numpy as np
import pytest

from app.nlp.dissent import dissenting, surely
from app.nlp.embedding import HashingEmbedder
from app.nlp.families import families
from app.nlp.keywords import keywords
from app.nlp.labels import label_groups
from app.nlp.passages import PERSONAL
from app.nlp.sentences import sentences
from app.nlp.standing import near_enough, without_language
from app.nlp.summaries import Summary, summaries
from tests.nlp.sets import blobs
from tests.nlp.test_families import copied

PARTS = (
    "solar panels on school roofs",
    "electric buses to the hospital",
    "shade trees along the main street",
)
EMBEDDER = HashingEmbedder()


def told(size: int = 60, seed: int = 0) -> tuple[list[str], list[int]]:
    """Voices of one group in three parts of unlike size, each a whole sentence, and which part each is of."""
    chance = np.random.default_rng(seed)
    part = chance.choice(3, size, p=[0.5, 0.3, 0.2])
    heads = [
        "Please bring",
        "Everyone wants",
        "My family needs",
        "Nobody built",
        "Neighbours ask for",
        "Children deserve",
    ]
    return [f"{heads[at % 6]} {PARTS[one]} number {at}." for at, one in enumerate(part)], part.tolist()


def summed(texts: list[str], **more: object) -> Summary:
    labels = np.zeros(len(texts), dtype=np.int64)
    vectors = EMBEDDER.embed(texts)
    settings: dict = {"embed": EMBEDDER.embed, "enough": 0.5} | more
    return summaries(texts, vectors, labels, ["en"] * len(texts), {0: ("panels", "buses")}, **settings)[0]


def test_the_sentences_cover_the_parts_of_the_group_and_say_how_much() -> None:
    texts, part = told()

    found = summed(texts)

    assert {part[point.quotation.row] for point in found.points} == {0, 1, 2}
    assert len(found.points) <= 5
    assert [point.share for point in found.points] == sorted((p.share for p in found.points), reverse=True)
    assert found.covered + found.left_share == pytest.approx(1.0, abs=0.01)
    assert sum(point.voices for point in found.points) == round(found.covered * 60)


def test_every_quotation_is_a_sentence_of_its_text() -> None:
    texts = [f"{one} It is hot here. Write to me." for one in told(20)[0]]

    found = summed(texts)

    for point in [*found.points, *([found.left] if found.left else [])]:
        row, start, end = point.quotation
        assert texts[row][start:end] in [one.text for one in sentences(texts[row])]


def test_one_author_is_quoted_once() -> None:
    texts, _ = told()

    assert len(summed(texts, authors=["ana"] * 60).points) == 1


def test_what_is_left_out_is_named_with_its_size() -> None:
    texts, _ = told(40)
    alone = [f"The library should open late on day {at}" for at in range(12)]

    found = summed([*texts, *alone], authors=["one"] * 40 + ["two"] * 12)

    assert len(found.points) == 2
    found = summed([*texts, *alone], authors=["one"] * 52)
    assert found.left is not None
    assert found.left_share > 0.3
    assert found.left.share <= found.left_share
    assert found.left.voices >= 10


def test_five_thousand_copies_take_neither_name_nor_summary_nor_keywords() -> None:
    honest, _ = told(600)
    texts = [*copied(5000), *honest]
    labels = np.zeros(len(texts), dtype=np.int64)
    languages = ["en"] * len(texts)
    vectors = EMBEDDER.embed(texts)
    heads = families(texts, languages, vectors, labels=labels)

    from app.nlp.families import weights

    words = keywords(texts, vectors, labels, languages, weights=weights(heads))
    names = label_groups(texts, vectors, labels, languages, words, heads=heads)
    found = summaries(
        texts,
        vectors,
        labels,
        languages,
        words,
        heads=heads,
        embed=EMBEDDER.embed,
        authors=list(range(len(texts))),
    )[0]

    assert names[0].row >= 5000
    assert not {"company", "desert", "surely"} & set(" ".join(words[0]).split())
    assert all(point.quotation.row >= 5000 for point in found.points)
    assert found.points
    assert found.covered > 0.5, "copies are counted once"
    assert found.campaigns[0][0] < 5000
    assert found.campaigns[0][1] > 4900


def test_a_group_of_copies_only_is_still_summed_up_by_one_of_them() -> None:
    found = summed(["We want more shade in the upper town"] * 30, heads=np.zeros(30, dtype=np.int64))

    assert len(found.points) == 1
    assert found.covered == pytest.approx(1.0)
    assert found.campaigns == ((0, 30),)


@pytest.mark.parametrize("text", ["", "...", "Yes", "Call me on +56 9 1234 5678 about water", "no no no"])
def test_what_cannot_be_quoted_is_not(text: str) -> None:
    found = summed([text, text])

    assert found.points == ()
    assert found.left is None
    assert not any(PERSONAL.search(text[p.quotation.start : p.quotation.end]) for p in found.points)


def test_without_a_model_a_text_is_quoted_by_one_of_its_sentences() -> None:
    texts = [f"{one} It is hot here." for one in told()[0]]

    found = summed(texts, embed=None)

    assert found.points
    assert found.covered > 0.5


def test_no_more_sentences_are_embedded_than_allowed_and_none_twice() -> None:
    asked: list[str] = []
    texts = [f"{one} It is hot here. The council sleeps." for one in told(200)[0]]

    def embed(said: list[str]) -> np.ndarray:
        asked.extend(said)
        return EMBEDDER.embed(said)

    summed(texts, embed=embed, most_embedded=25)

    assert 0 < len(asked) <= 25


def test_the_same_call_is_summed_up_the_same_way_twice() -> None:
    texts, _ = told(200)

    assert summed(texts) == summed(texts)


def test_how_alike_is_enough_is_read_from_the_set() -> None:
    _, tight, truth = blobs(6, 60, noise=0.4)
    _, loose, _ = blobs(6, 60, noise=3.0)

    assert near_enough(loose, truth) == 0.3
    assert 0.3 <= near_enough(tight, truth) <= 0.7
    assert near_enough(tight[:5], truth[:5]) == 0.45
    assert near_enough(tight[:0], truth[:0]) == 0.45


def test_what_a_language_has_in_common_is_taken_out() -> None:
    _, vectors, _ = blobs(4, 30)
    moved = vectors.copy()
    moved[::2, 0] += 2.0

    level, common = without_language(moved, ["es", "en"] * 60)

    assert abs(level[::2, 0].mean()) < 0.05
    assert set(common) == {"en", "es"}
    assert (without_language(vectors[:3], ["en"] * 3)[1]["en"] == 0).all()


def test_voices_that_people_voted_against_are_dissent_whatever_their_number() -> None:
    texts = [
        "Build the dam in the upper valley",
        "Plant trees in the town",
        "Close the old mine now",
        "More shade for all of us",
    ]
    votes = ([10, 90, 1, 0], [190, 10, 1, 3])

    found = dissenting(texts, np.array([0, 0, 0, 1]), ["en"] * 4, votes)

    assert [(one.quotation.row, one.disagrees) for one in found[0]] == [(0, 190)]
    assert found[1] == ()
    assert surely(np.array([0.0, 5.0]), np.array([0.0, 5.0])).tolist() == pytest.approx(
        [0.0, 0.5655], abs=1e-3
    )
    assert summed(texts[:2], votes=([10, 90], [190, 10])).dissent[0].agrees == 10
