"""Who changes groups in a run: every one of them, at both levels, with how clearly, and for ever as it was found."""

from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlmodel import Session, select

from app.models.cluster import clusters_of
from app.models.grouping import Grouping
from app.rules.words import ClusterLevel
from app.services import groupings, groupings_identity, groupings_moves, groupings_story
from app.services.groupings_identity import Levels
from app.services.groupings_moves import Told
from tests.services.proposals import World
from tests.services.test_corrections import Bench
from tests.services.voices import EMBEDDER, silent, voice


def test_all_moves_are_read_as_they_were_kept(session: Session) -> None:
    grouping = World(session).before
    keys: list[UUID | None] = [uuid4(), uuid4(), None]
    told = [Told(uuid4(), keys[at % 3], keys[(at + 1) % 3], round(at / 2000, 4)) for at in range(1200)]
    inner = [Told(uuid4(), None, keys[0], None)]

    groupings_moves.keep(session, grouping.id, {ClusterLevel.MISSION: told, ClusterLevel.PROJECT: inner})

    whole = groupings_moves.read(session, grouping.id, ClusterLevel.MISSION, 0)
    assert whole is not None
    assert whole.rows == told
    assert whole.totals == {ClusterLevel.MISSION: 1200, ClusterLevel.PROJECT: 1}
    some = groupings_moves.read(session, grouping.id, ClusterLevel.MISSION, 1150, 100)
    assert some is not None
    assert some.rows == told[1150:]
    lower = groupings_moves.read(session, grouping.id, ClusterLevel.PROJECT, 0, 50)
    assert lower is not None
    assert lower.rows == inner


def test_voices_that_stay_in_their_mission_are_told_by_project() -> None:
    """Row 0 stays, 1 goes to another project, 2 leaves its project, 3 changes mission and project, 4 is new."""
    voices = [uuid4() for _ in range(8)]
    missions, projects = {0: uuid4(), 1: uuid4()}, {number: uuid4() for number in range(4)}
    old = Levels(np.array([0, 0, 0, 0, -1, 0, 0, 1]), np.array([0, 0, 0, 0, -1, 1, 1, 2]), missions, projects)
    new = Levels(np.array([0, 0, 0, 1, 0, 0, 0, 1]), np.array([0, 1, -1, 2, 1, 1, 1, 2]), missions, projects)
    asked: list[list[int]] = []

    def leads(rows: list[int]) -> dict[int, float]:
        asked.append(list(rows))
        return {1: 0.4}

    is_new = np.array([False] * 4 + [True] + [False] * 3)
    facts, every = groupings_identity.told(old, new, np.full(8, 0.5), is_new, voices, leads)

    assert asked == [[1, 2]]
    assert every[ClusterLevel.MISSION] == [Told(voices[3], missions[0], missions[1], 0.5)]
    assert every[ClusterLevel.PROJECT] == [
        Told(voices[1], projects[0], projects[1], 0.4),
        Told(voices[2], projects[0], None, None),
    ]
    assert (facts["rearranged"], facts["moved"]["count"]) == (2, 1)


def test_a_margin_says_how_much_nearer_its_project_is_than_the_next_of_its_mission() -> None:
    vectors = np.array(
        [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0.8, 0.6, 0], [0, 0, 1]], dtype=np.float32
    )
    missions = np.array([0, 0, 0, 0, 0, 1])
    projects = np.array([0, 0, 1, 1, -1, 2])

    found = groupings_moves.leads(vectors, missions, projects, [0, 2, 4, 5])

    assert found == {0: pytest.approx(1.0), 2: pytest.approx(1.0)}


def test_a_run_keeps_every_move_and_its_story_names_the_groups(session: Session) -> None:
    bench = Bench(session)
    for number in range(40):
        voice(session, bench.call, f"water water water tank number {number} for the upper town")
    groupings.group_now(session, bench.call.id, EMBEDDER, silent)
    proposed = session.exec(select(Grouping).where(Grouping.state == "proposed")).one()

    kept = groupings_moves.read(session, proposed.id, ClusterLevel.MISSION, 0)

    assert kept is not None
    assert kept.totals[ClusterLevel.MISSION] == proposed.diff["moved"]["count"]
    assert kept.totals[ClusterLevel.PROJECT] == proposed.diff["rearranged"]
    for level in ClusterLevel:
        told = groupings_story.moves(session, proposed, level, 1)
        assert told.total == kept.totals[level]
        labels = {one.label for one in clusters_of(session, proposed.id, level)}
        assert all(one.after is None or one.after.label in labels for one in told.rows)


def test_former_groups_are_named_as_the_grouping_of_before_named_them(session: Session) -> None:
    world = World(session)
    themes, gone = world.themes, world.written.keys["mining"]
    renamed = world.written.propose(
        {"solar": themes["solar"], "mining": themes["mining"][:4], "water": themes["water"]}
    )
    clusters = {one.key: one for one in clusters_of(session, renamed.id)}
    clusters[gone].label, clusters[gone].size = "What mining became", 4
    groupings.accept(session, renamed, world.carol.id)
    texts = [
        groupings_story.plain(Told(key, gone, world.written.keys["water"], 0.5)) for key in themes["mining"]
    ]
    last = world.written.propose({"solar": themes["solar"], "water": [*themes["water"], *themes["mining"]]})
    last.diff = {"kept": [], "grown": [], "new": [], "gone": [str(gone)], "split": [], "merged": [], "joined": 0,
                 "moved": {"count": len(texts), "texts": texts}, "before": {}, "after": {}}  # fmt: skip

    def named() -> tuple[list[str], set[str]]:
        story = groupings_story.story(session, last)
        return [one.label for one in story.gone], {one.before.label for one in story.moved if one.before}

    assert named() == (["What mining became"], {"What mining became"})
    groupings.accept(session, last, world.carol.id)
    assert named() == (["What mining became"], {"What mining became"})
    groupings.accept(session, world.propose(), world.carol.id)
    assert named() == (["What mining became"], {"What mining became"})
