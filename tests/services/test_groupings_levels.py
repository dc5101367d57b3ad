"""Coarser and finer on a real run: the ladder is kept, another cut of it is put together without grouping anew."""

import random
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import clusters_of
from app.models.event import Event
from app.models.grouping import Grouping, accepted_grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.nlp import communities
from app.rules.words import CallState, ClusterLevel, GroupingState, SubjectKind, SubmissionState
from app.services import (
    corrections_voices,
    embeddings,
    groupings,
    groupings_ladder,
    groupings_levels,
    replay,
)
from app.services.groupings_preview import preview
from tests.factories import make_call
from tests.people import make_person
from tests.services.voices import EMBEDDER, silent, voice

WORDS = {
    "solar": "solar panels on roofs give cheap power", "water": "clean drinking water pipes tanks leak",
    "buses": "night bus stops lanes for the hospital", "mining": "copper mine dust tailings masks",
    "school": "school books teachers lunch kitchen", "trees": "plant trees shade parks benches",
    "health": "clinic doctors nurses medicine queue", "noise": "loud music noise at night neighbours",
}  # fmt: skip
EACH = 14


class Town:
    """Eight themes of fourteen voices, grouped once and waiting for a decision."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.call: Call = make_call(session, state=CallState.SENSEMAKING)
        self.carol = make_person(session, "Carol")
        dice = random.Random(5)
        self.themes: dict[str, list[UUID]] = {}
        for theme, words in WORDS.items():
            for number in range(EACH):
                said = " ".join([theme, theme, *dice.sample(words.split(), 4), f"place{number % 5}"])
                self.themes.setdefault(theme, []).append(voice(session, self.call, f"{said} {number}").id)
        self.proposal = self.ran(groupings.start(session, self.call, self.carol.id))

    def ran(self, grouping: Grouping) -> Grouping:
        groupings.run(self.session, grouping.id, EMBEDDER, silent)
        assert grouping.state is GroupingState.PROPOSED, grouping.error
        return grouping

    @property
    def curve(self) -> groupings_ladder.Curve:
        found = groupings_ladder.curve(self.session, self.proposal.id)
        assert found is not None
        return found

    def cut(self, mission: int, project: int) -> Grouping:
        return self.ran(groupings_levels.choose(self.session, self.proposal, mission, project, self.carol.id))

    def places(self, grouping: Grouping) -> dict[UUID, UUID | None]:
        found = self.session.exec(select(Placement).where(Placement.grouping_id == grouping.id))
        return {one.submission_id: one.cluster_id for one in found}


@pytest.fixture
def town(session: Session) -> Town:
    return Town(session)


def test_a_run_keeps_every_rung(session: Session, town: Town) -> None:
    steps = groupings_ladder.steps(session, town.proposal.id)

    assert steps is not None
    assert len(steps.curve.rungs) >= 3
    assert steps.labels.shape == (len(steps.curve.rungs), 8 * EACH)
    assert set(steps.voices) == set(town.places(town.proposal))
    assert steps.curve.mission < steps.curve.project


def test_other_levels_take_the_place_of_the_proposal_without_grouping_anew(
    session: Session, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    curve = town.curve
    assert curve.last > curve.project or curve.mission > 0

    def grouped_anew(*_given: object, **_more: object) -> None:
        raise AssertionError("communities were looked for again")

    monkeypatch.setattr(communities, "communities", grouped_anew)
    coarse = 0 if curve.mission else curve.mission + 1
    made = town.cut(coarse, curve.last)

    kept = groupings_ladder.curve(session, made.id)
    assert kept is not None
    assert (kept.mission, kept.project) == (coarse, curve.last)
    assert kept.rungs == curve.rungs
    assert town.proposal.state is GroupingState.DISCARDED
    assert set(town.places(made)) == set(town.places(town.proposal))
    clusters = {one.id: one for one in clusters_of(session, made.id)}
    assert all(one.parent_id in clusters for one in clusters.values() if one.level is ClusterLevel.PROJECT)
    assert all(one.label for one in clusters.values())
    assert made.model == town.proposal.model


def test_what_was_shown_is_what_comes(session: Session, town: Town) -> None:
    """The preview knows nothing of outsiders, which the run may leave out of other groups than before."""
    curve = town.curve
    mission = 0 if curve.mission else 1
    seen = preview(session, town.proposal, mission, curve.last)

    made = town.cut(mission, curve.last)

    assert seen is not None
    sizes = sorted(one.size for one in clusters_of(session, made.id, ClusterLevel.MISSION))
    assert sum(sizes) == pytest.approx(seen.grouped, abs=0.1 * seen.grouped)
    assert len(sizes) == pytest.approx(seen.count, abs=1)


def test_the_same_levels_give_the_same_groups(session: Session, town: Town) -> None:
    curve, before = town.curve, town.places(town.proposal)
    sizes = sorted(one.size for one in clusters_of(session, town.proposal.id, ClusterLevel.MISSION))

    made = town.cut(curve.mission, curve.project)

    assert sorted(one.size for one in clusters_of(session, made.id, ClusterLevel.MISSION)) == sizes
    assert sum(key is None for key in town.places(made).values()) == sum(
        key is None for key in before.values()
    )


def test_corrections_hold_and_who_left_or_came_since_is_not_in_it(session: Session, town: Town) -> None:
    groupings.accept(session, town.proposal, town.carol.id)
    moved, home = town.themes["solar"][0], clusters_of(session, town.proposal.id, ClusterLevel.MISSION)
    places = town.places(town.proposal)
    mission = {one.id: one.parent_id or one.id for one in clusters_of(session, town.proposal.id)}
    target = next(one for one in home if one.id != mission.get(places[moved]))  # type: ignore[arg-type]
    corrections_voices.move(session, town.call, {moved: places[moved]}, target, town.carol.id)
    town.proposal = town.ran(groupings.start(session, town.call, town.carol.id))
    gone = session.get_one(Submission, town.themes["noise"][0])
    gone.state, gone.text = SubmissionState.WITHDRAWN, ""
    late = voice(session, town.call, "solar solar panels late for everyone").id
    embeddings.embed_batch(session, [late], EMBEDDER)
    curve = town.curve

    made = town.cut(0 if curve.mission else 1, curve.last)

    found = town.places(made)
    assert gone.id not in found
    assert late not in found
    clusters = {one.id: one for one in clusters_of(session, made.id)}
    stands = clusters[found[moved]]  # type: ignore[index]
    own = clusters[stands.parent_id] if stands.parent_id else stands
    others = {
        found[key] for key, where in town.places(accepted(session, town.call)).items() if where == target.id
    }
    tops = {clusters[one].parent_id or one for one in others if one}
    assert own.id in tops
    groupings.accept(session, made, town.carol.id)
    assert late in town.places(made)


def accepted(session: Session, call: Call) -> Grouping:
    found = accepted_grouping(session, call.id)
    assert found is not None
    return found


def test_the_log_tells_it_and_replays(session: Session, town: Town) -> None:
    curve = town.curve
    made = town.cut(0 if curve.mission else 1, curve.last)

    [started] = session.exec(
        select(Event).where(Event.kind == "grouping_started", Event.subject_id == made.id)
    ).all()
    assert started.facts["source"] == str(town.proposal.id)
    known = {str(town.proposal.id), str(made.id)}
    wrong = [each for each in replay.differences(session).differing if each.id in known]
    assert wrong == []
    assert started.subject_kind == SubjectKind.GROUPING
