"""Other steps of a proposal's ladder are shown from what is kept, without the voices that left since."""

from uuid import UUID

import numpy as np
import pytest
from sqlmodel import Session, select

from app.models.grouping import Grouping
from app.models.submission import Submission
from app.nlp.partition import Ladder, Rung
from app.rules.words import CallState, GroupingState, SubmissionState
from app.services import groupings, groupings_ladder, groupings_levels
from app.services.groupings_preview import nested, preview
from tests.factories import make_call
from tests.people import make_person
from tests.services.proposals import Written
from tests.services.voices import make_themes

COARSE, MIDDLE, FINE = 0, 1, 2
THEMES = ("solar", "water", "buses", "mining", "school")


class World:
    """Five themes, one a mission; a ladder of two groups, five, and ten; one voice ungrouped."""

    def __init__(self, session: Session) -> None:
        self.call, self.themes = make_themes(session)
        self.carol = make_person(session, "Carol")
        self.voices = [key for name in THEMES for key in self.themes[name]]
        groups = {name: self.themes[name] for name in THEMES}
        left, groups["school"] = groups["school"][:1], groups["school"][1:]
        self.proposal = Written(session, self.call).propose(groups, left)
        at = np.arange(25)
        labels = np.stack([at // 15, at // 5, at // 5 * 2 + (at % 5 > 2)])
        rungs = [Rung(0.5, 2, 0.9, 0.1, 1.9), Rung(1.0, 5, 0.8, 0.4, 2.0), Rung(2.0, 10, 0.4, 0.2, 1.0)]
        groupings_ladder.keep(
            session, self.proposal, self.voices, Ladder(tuple(rungs), labels), (COARSE, MIDDLE)
        )


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_a_ladder_is_read_as_it_was_kept(session: Session, world: World) -> None:
    found = groupings_ladder.steps(session, world.proposal.id)

    assert found is not None
    assert found.voices == tuple(world.voices)
    assert found.curve == groupings_ladder.curve(session, world.proposal.id)
    assert [rung.groups for rung in found.curve.rungs] == [2, 5, 10]
    assert (found.curve.mission, found.curve.project) == (COARSE, MIDDLE)
    assert found.labels[COARSE].tolist() == [0] * 15 + [1] * 10
    assert found.of([world.voices[24], UUID(int=1), world.voices[0]]).labels[MIDDLE].tolist() == [4, -1, 0]


def test_coarser_and_finer_groups_are_shown_with_names_and_sizes(session: Session, world: World) -> None:
    seen = preview(session, world.proposal, COARSE, MIDDLE)

    assert seen is not None
    assert [one.size for one in seen.missions] == [15, 9]
    assert [(one.label, one.size, one.is_same) for one in seen.missions[0].projects] == [
        (one.label, 5, False) for one in seen.missions[0].projects
    ]
    assert (seen.count, seen.projects, seen.grouped, seen.ungrouped) == (2, 5, 24, 1)
    assert all(one.label and one.label != "…" for one in seen.missions)


def test_a_group_that_the_proposal_has_is_called_as_there(session: Session, world: World) -> None:
    seen = preview(session, world.proposal, MIDDLE, FINE)

    assert seen is not None
    assert {(one.label, one.size) for one in seen.missions} == {
        (name, 4 if name == "school" else 5) for name in THEMES
    }
    assert all(one.is_same for one in seen.missions)


def test_who_withdrew_since_is_in_no_preview(session: Session, world: World) -> None:
    gone = session.get_one(Submission, world.themes["solar"][0])
    gone.state, gone.text = SubmissionState.WITHDRAWN, ""
    session.flush()

    seen = preview(session, world.proposal, MIDDLE, FINE)

    assert seen is not None
    assert {one.label: one.size for one in seen.missions}["solar"] == 4
    assert "…" not in {one.label for one in seen.missions}


def test_projects_go_where_most_of_their_voices_are() -> None:
    missions, projects = nested(np.array([0, 0, 0, 1, 1, 1, -1]), np.array([0, 0, 1, 1, 1, 2, 2]))

    assert missions.tolist() == [0, 0, 1, 1, 1, 1, 1]
    assert projects.tolist() == [-1, -1, 1, 1, 1, 2, 2]


def test_what_is_too_small_for_a_group_is_none() -> None:
    missions, projects = nested(np.array([0, 0, 0, 0, 1]), np.array([0, 0, 0, 1, 2]), 2, 2)

    assert missions.tolist() == [0, 0, 0, 0, -1]
    assert projects.tolist() == [0, 0, 0, -1, -1]


def test_choosing_levels_queues_another_proposal_and_leaves_this_one(session: Session, world: World) -> None:
    made = groupings_levels.choose(session, world.proposal, MIDDLE, FINE, world.carol.id)

    assert made.state is GroupingState.QUEUED
    assert made.id != world.proposal.id
    assert world.proposal.state is GroupingState.PROPOSED
    with pytest.raises(groupings.AlreadyRunning):
        groupings_levels.choose(session, world.proposal, COARSE, FINE, world.carol.id)


@pytest.mark.parametrize(
    ("mission", "project", "refusal"),
    [
        (MIDDLE, MIDDLE, groupings_levels.NotFiner),
        (FINE, COARSE, groupings_levels.NotFiner),
        (-1, FINE, groupings_levels.NoSuchStep),
        (COARSE, 3, groupings_levels.NoSuchStep),
    ],
)
def test_levels_that_are_none_are_refused(
    session: Session, world: World, mission: int, project: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        groupings_levels.choose(session, world.proposal, mission, project, world.carol.id)


def test_only_what_waits_can_be_cut_otherwise(session: Session, world: World) -> None:
    groupings.accept(session, world.proposal, world.carol.id)

    with pytest.raises(groupings.NotProposed):
        groupings_levels.choose(session, world.proposal, MIDDLE, FINE, world.carol.id)


def test_few_voices_have_no_ladder(session: Session) -> None:
    call, themes = make_themes(session, make_call(session, state=CallState.SENSEMAKING))
    proposal = Written(session, call).propose(themes)

    assert preview(session, proposal, 0, 1) is None
    with pytest.raises(groupings_levels.NoLadder):
        groupings_levels.choose(session, proposal, 0, 1, make_person(session, "Carol").id)


def test_a_ladder_goes_with_its_grouping(session: Session, world: World) -> None:
    session.delete(session.exec(select(Grouping).where(Grouping.id == world.proposal.id)).one())
    session.flush()

    assert groupings_ladder.curve(session, world.proposal.id) is None
