"""Voices kept together or apart: at once, through every run, with the words of a person, and back again."""

from uuid import UUID

import pytest
from sqlmodel import Session

from app.models.cluster import Cluster
from app.models.correction import Correction
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.words import PlacedBy, SubmissionState
from app.services import corrections_keep, corrections_undo
from app.services.corrections_ground import Changed
from app.services.corrections_keep import FewerAtOnce, TwoAtLeast
from tests.replayed import begin
from tests.services.test_corrections import Bench, snapshot


@pytest.fixture
def bench(session: Session) -> Bench:
    return Bench(session)


def together(bench: Bench, *voices: UUID, why: str = "") -> Correction:
    return corrections_keep.keep_together(bench.session, bench.call, bench.seen(*voices), bench.carol.id, why)


def apart(bench: Bench, *voices: UUID, why: str = "") -> Correction:
    return corrections_keep.keep_apart(bench.session, bench.call, bench.seen(*voices), bench.carol.id, why)


def homes(bench: Bench, *voices: UUID) -> list[Cluster | None]:
    return [bench.mission_of(voice) for voice in voices]


def test_voices_kept_together_share_the_group_of_most_of_them_in_every_run(bench: Bench) -> None:
    chosen = (*bench.themes["water"][:2], bench.themes["buses"][0])

    made = together(bench, *chosen, why="All three ask for pipes.")

    assert homes(bench, *chosen) == [bench.of("water")] * 3
    assert made.reason == "All three ask for pipes."
    bench.run_again()
    bench.run_again()
    found = homes(bench, *chosen)
    assert found[0] is not None
    assert len({one.key for one in found if one}) == 1


def test_ungrouped_voices_kept_together_make_a_group(bench: Bench) -> None:
    chosen = [bench.themes["water"][0], bench.themes["buses"][0]]
    for voice in chosen:
        bench.session.get_one(Placement, (bench.grouping.id, voice)).cluster_id = None
    memory = begin(bench.session)

    made = together(bench, *chosen)
    memory.remember(bench.session, "kept together")

    first, second = homes(bench, *chosen)
    assert first is not None
    assert first == second
    assert (first.size, first.is_by_hand) == (2, True)
    bench.run_again()
    assert len({one.key for one in homes(bench, *chosen) if one}) == 1
    memory.remember(bench.session, "run")
    corrections_undo.undo(bench.session, made, bench.carol.id)
    memory.remember(bench.session, "undone")
    assert homes(bench, *chosen) == [None, None]
    assert memory.wrong(bench.session) == {}


def test_voices_kept_apart_never_share_a_group(bench: Bench) -> None:
    chosen = bench.themes["water"][:3]
    group = bench.of("water")
    memory = begin(bench.session)

    apart(bench, *chosen)
    memory.remember(bench.session, "kept apart")

    found = homes(bench, *chosen)
    assert found.count(group) == 1
    grouped = [one for one in found if one]
    assert len({one.id for one in grouped}) == len(grouped)
    for _run in range(2):
        bench.run_again()
        keys = [one.key for one in homes(bench, *chosen) if one]
        assert len(set(keys)) == len(keys)
    memory.remember(bench.session, "run twice")
    assert memory.wrong(bench.session) == {}


def test_who_is_kept_apart_and_finds_no_other_group_stands_ungrouped_with_the_reason(bench: Bench) -> None:
    chosen = bench.themes["water"][:2]
    for voice in chosen:
        bench.session.get_one(Placement, (bench.grouping.id, voice)).nearest_id = None

    apart(bench, *chosen)

    left = next(voice for voice in chosen if bench.mission_of(voice) is None)
    place = bench.session.get_one(Placement, (bench.grouping.id, left))
    assert place.by is PlacedBy.MACHINE
    assert "keeps it out" in place.reason
    assert bench.session.get_one(Submission, left).state is SubmissionState.VISIBLE


def test_whoever_a_person_put_there_stays_where_the_others_leave(bench: Bench) -> None:
    chosen = bench.themes["water"][:3]
    bench.session.get_one(Placement, (bench.grouping.id, chosen[2])).by = PlacedBy.PERSON
    group = bench.of("water")

    apart(bench, *chosen)

    assert [one == group for one in homes(bench, *chosen)] == [False, False, True]


def test_what_stands_apart_already_stays_where_it_is(bench: Bench) -> None:
    before = snapshot(bench)

    apart(bench, bench.themes["water"][0], bench.themes["buses"][0])

    assert snapshot(bench) == before


@pytest.mark.parametrize("keep", [together, apart])
def test_both_can_be_undone_and_then_bind_nobody(bench: Bench, keep: object) -> None:
    assert callable(keep)
    chosen = (*bench.themes["water"][:2], bench.themes["buses"][0])
    before = snapshot(bench)
    made = keep(bench, *chosen)
    assert snapshot(bench) != before

    assert corrections_undo.undo(bench.session, made, bench.carol.id)

    assert snapshot(bench) == before
    assert bench.run_again().corrections == []
    assert bench.mission_of(chosen[2]) == bench.of("buses")


def test_one_voice_is_too_few_and_many_apart_are_too_many(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TwoAtLeast):
        together(bench, bench.themes["water"][0])
    with pytest.raises(TwoAtLeast):
        apart(bench, bench.themes["water"][0])
    monkeypatch.setattr(corrections_keep, "MOST_APART", 2)
    with pytest.raises(FewerAtOnce):
        apart(bench, *bench.themes["water"][:3])


def test_a_stale_tab_keeps_nobody_together(bench: Bench) -> None:
    stale = bench.seen(*bench.themes["water"][:1], bench.themes["buses"][0])
    together(bench, *stale)

    with pytest.raises(Changed):
        corrections_keep.keep_together(bench.session, bench.call, stale, bench.carol.id)
