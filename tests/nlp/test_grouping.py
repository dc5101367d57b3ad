import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from app.bench.grouping_scores import pairs_changed
from app.nlp import HashingEmbedder, Partition, Previous, Reason, group
from app.nlp.vectors import unit
from tests.nlp.sets import blobs


def same(one: Partition, other: Partition) -> bool:
    columns = ("missions", "projects", "weight", "margin", "nearest", "runner_up")
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in columns)


def test_groups_that_are_there_are_found_without_saying_how_many() -> None:
    texts, vectors, truth = blobs(12, 30, noise=0.8)

    partition = group(texts, vectors)

    levels = (
        partition.nearest,
        np.where(partition.projects >= 0, partition.projects + 1000, partition.missions),
    )
    assert max(adjusted_rand_score(truth, labels) for labels in levels) > 0.9
    assert 4 <= len(np.unique(partition.missions[partition.missions >= 0])) <= 25


def test_projects_nest_in_missions() -> None:
    texts, vectors, _ = blobs(20, 25, noise=0.8)

    partition = group(texts, vectors)

    for project, mission in partition.mission_of_project.items():
        assert set(partition.missions[partition.projects == project].tolist()) == {mission}
    assert (partition.missions[partition.projects >= 0] >= 0).all()


def test_the_same_seed_gives_the_same_bytes_and_the_input_stays_as_it_was() -> None:
    texts, vectors, _ = blobs(8, 25, noise=1.3)
    untouched = vectors.copy()

    assert same(group(texts, vectors, random_state=5), group(texts, vectors, random_state=5))
    assert np.array_equal(vectors, untouched)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_unrelated_texts_stay_ungrouped_with_a_reason(count: int) -> None:
    partition = group([f"text {row}" for row in range(count)], np.eye(8, dtype=np.float32)[:count])

    assert partition.missions.tolist() == [-1] * count
    assert all(reason in {Reason.FAR, Reason.FEW} for reason in partition.reasons)
    assert partition.nearest.tolist() == [-1] * count


@pytest.mark.parametrize("count", [2, 7, 200])
def test_people_who_say_the_same_are_one_group(count: int) -> None:
    partition = group(["We want  water"] * count, np.ones((count, 8), dtype=np.float32))

    assert partition.missions.tolist() == [0] * count
    assert partition.projects.tolist() == [-1] * count


def test_two_of_three_that_are_alike_are_a_group() -> None:
    texts = ["More shade at bus stops", "Shade trees at every bus stop", "Lower water prices"]

    partition = group(texts, HashingEmbedder().embed(texts), languages=["en"] * 3)

    assert partition.missions.tolist() == [0, 0, -1]


def test_texts_far_from_every_group_are_left_out_with_the_nearest_shown() -> None:
    texts, vectors, _ = blobs(5, 30, noise=0.7)
    strays = unit(np.random.default_rng(9).standard_normal((4, 384)))

    partition = group([*texts, "a", "b", "c", "d"], np.concatenate([vectors, strays]))

    assert partition.missions[-4:].tolist() == [-1] * 4
    assert set(partition.reasons[-4:]) == {Reason.FAR}
    assert (partition.nearest[-4:] >= 0).all()
    assert (partition.missions[:-4] >= 0).mean() > 0.95


def test_texts_without_words_are_left_out() -> None:
    texts, vectors, _ = blobs(4, 20)
    texts[3], texts[8] = "  ", "😀 123"

    partition = group(texts, vectors)

    assert partition.reasons[3] is partition.reasons[8] is Reason.EMPTY
    assert partition.missions[[3, 8]].tolist() == [-1, -1]


def test_a_flood_of_copies_moves_nobody_else() -> None:
    texts, vectors, _ = blobs(6, 25, noise=1.0)
    before = group(texts, vectors)

    flooded = group(
        [*texts, *["BUY MY PANELS"] * 300], np.concatenate([vectors, np.repeat(vectors[:1], 300, axis=0)])
    )

    assert len(set(flooded.missions[150:].tolist())) == 1
    assert adjusted_rand_score(before.missions, flooded.missions[:150]) > 0.7


def test_one_author_s_copies_are_no_group() -> None:
    texts, vectors, _ = blobs(4, 20)
    lonely = unit(np.random.default_rng(5).standard_normal((1, 384)))
    vectors = np.concatenate([vectors, np.repeat(lonely, 6, axis=0)])
    texts = [*texts, *["my own song"] * 6]

    alone = group(texts, vectors, authors=[*range(80), *["z"] * 6])
    many = group(texts, vectors, authors=[*range(86)])

    assert alone.missions[-6:].tolist() == [-1] * 6
    assert len(set(many.missions[-6:].tolist())) == 1
    assert many.missions[-1] >= 0


def test_groups_keep_their_numbers_when_texts_arrive() -> None:
    texts, vectors, _ = blobs(6, 30, noise=1.0)
    first = group(texts[:150], vectors[:150])
    unknown = np.full(30, -1)
    previous = Previous(
        np.append(first.missions, unknown), np.append(first.projects, unknown), first.resolutions
    )

    second = group(texts, vectors, previous=previous)

    old = first.missions >= 0
    assert (second.missions[:150][old] == first.missions[old]).mean() > 0.9


def test_a_spanish_text_joins_the_theme_it_speaks_of() -> None:
    texts, vectors, truth = blobs(5, 30, noise=0.7)
    languages = np.where(np.arange(150) % 5 == 0, "es", "en")
    corner = unit(np.random.default_rng(4).standard_normal((1, 384)))
    moved = unit(vectors + np.where(languages == "es", 1.2, 0)[:, None] * corner)

    partition = group(texts, moved, languages=languages.tolist())

    shares = [
        (languages[partition.missions == label] == "es").mean()
        for label in set(partition.missions.tolist()) - {-1}
    ]
    assert max(shares) <= 0.5
    assert adjusted_rand_score(truth, partition.nearest) > 0.6


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_vectors_that_are_no_numbers_are_refused(bad: float) -> None:
    vectors = np.eye(3, dtype=np.float32)
    vectors[1, 1] = bad

    with pytest.raises(ValueError, match="NaN or infinity"):
        group(["a", "b", "c"], vectors)


def test_columns_of_other_lengths_are_refused() -> None:
    vectors = np.eye(3, dtype=np.float32)

    with pytest.raises(ValueError, match="2 texts but 3 vectors"):
        group(["a", "b"], vectors)
    with pytest.raises(ValueError, match="3 texts but 1 languages"):
        group(["a", "b", "c"], vectors, languages=["en"])
    with pytest.raises(ValueError, match="3 texts but 2 authors"):
        group(["a", "b", "c"], vectors, authors=[1, 2])


def test_weights_and_margins_stay_within_bounds() -> None:
    texts, vectors, _ = blobs(6, 25, noise=1.6)

    partition = group(texts, vectors)

    for column in (partition.weight, partition.margin):
        assert column.dtype == np.float32
        assert 0 <= column.min() <= column.max() <= 1
    assert (partition.nearest[partition.missions >= 0] == partition.missions[partition.missions >= 0]).all()
    assert (partition.runner_up != partition.nearest).all()


def test_the_same_rungs_of_a_kept_ladder_give_the_same_groups_and_others_give_coarser_or_finer_ones() -> None:
    texts, vectors, _ = blobs(12, 40)
    first = group(texts, vectors)
    assert first.ladder is not None
    assert first.rungs is not None
    coarse = first.rungs[0]

    again = group(texts, vectors, ladder=first.ladder, rungs=first.rungs)
    coarser = group(texts, vectors, ladder=first.ladder, rungs=(coarse, coarse))

    assert adjusted_rand_score(first.missions, again.missions) > 0.99
    assert adjusted_rand_score(first.projects, again.projects) > 0.99
    assert len(np.unique(coarser.projects)) <= len(np.unique(again.projects))
    assert [rung.groups for rung in first.ladder.rungs] == sorted(rung.groups for rung in first.ladder.rungs)
    assert first.ladder.labels.shape == (len(first.ladder.rungs), len(texts))
    for mission, project in zip(coarser.missions, coarser.projects, strict=True):
        assert project < 0 or coarser.mission_of_project[int(project)] == mission


@pytest.mark.parametrize("rungs", [None, (3, 1), (-1, 2), (0, 999)])
def test_rungs_that_a_ladder_does_not_have_are_refused(rungs: tuple[int, int] | None) -> None:
    texts, vectors, _ = blobs(12, 40)
    ladder = group(texts, vectors).ladder

    with pytest.raises(ValueError, match="no rungs"):
        group(texts, vectors, ladder=ladder, rungs=rungs)


def test_from_the_ties_alone_the_same_communities_come_out() -> None:
    texts, vectors, _ = blobs(12, 40)
    found = group(texts, vectors)
    assert found.ties is not None

    missions, projects = found.ties.communities()

    assert found.ladder is not None
    assert found.rungs is not None
    for rung, labels in zip(found.rungs, (missions, projects), strict=True):
        assert np.array_equal(found.ladder.labels[rung], labels[found.ties.nodes])


def test_when_a_quarter_more_arrives_hardly_anybody_moves() -> None:
    texts, vectors, _ = blobs(12, 60, noise=1.0)
    old = 576
    order = np.random.default_rng(0).permutation(len(texts))
    order = np.concatenate([np.sort(order[:old]), np.sort(order[old:])])
    said, seen = [texts[row] for row in order], vectors[order]
    before = group(said[:old], seen[:old])
    new = np.full(len(texts) - old, -1, dtype=np.int64)

    after = group(
        said,
        seen,
        previous=Previous(
            np.concatenate([before.missions, new]),
            np.concatenate([before.projects, new]),
            before.resolutions,
            before.breadths,
        ),
    )

    assert pairs_changed(before.projects, after.projects[:old]) <= 0.15
    assert (after.missions[old:] >= 0).mean() > 0.9


@pytest.mark.parametrize("count", [2, 12, 21, 28])
def test_a_few_people_who_say_the_same_are_one_group_in_the_app_too(count: int) -> None:
    texts, vectors, _truth = blobs(1, count)

    found = group(texts, vectors, languages=["en"] * count)

    assert set(found.missions.tolist()) - {-1} == {0}
    assert (found.missions == 0).sum() >= count - 2  # the oddest may stand alone


@pytest.mark.parametrize("count", [30, 40, 200])
@pytest.mark.parametrize("languages", [None, "en"])
def test_where_everybody_says_the_same_there_is_one_group(count: int, languages: str | None) -> None:
    texts, vectors, _ = blobs(1, count, noise=0.35)

    found = group(texts, vectors, languages=languages and [languages] * count)

    assert (found.missions == 0).all()
    assert (found.projects == -1).all()
    assert found.ladder is not None
