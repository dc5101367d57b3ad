"""A facilitator accepts some changes of a proposal: the rest stays, and everything before stays readable."""

import random
from collections import Counter
from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.cluster import Cluster, clusters_of
from app.models.event import Event
from app.models.grouping import Grouping, accepted_grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.words import ClusterLevel, ClusterState, GroupingState, SubmissionState
from app.services import (
    clusters_judgement,
    corrections,
    corrections_voices,
    groupings,
    groupings_partial,
    replay,
)
from app.services.groupings_changes import ChangeKind, changes
from tests.people import make_person
from tests.rules.many import SCALE
from tests.services.proposals import World, Written, accept_part
from tests.services.voices import make_themes


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_changes_are_told_group_by_group(session: Session, world: World) -> None:
    proposal = world.propose()

    found = changes(session, proposal, world.before)

    told = {item.cluster.label: item for item in found.items}
    assert {name: item.kind for name, item in told.items()} == {
        "solar": ChangeKind.SHRINKS,
        "water": ChangeKind.GROWS,
        "buses": ChangeKind.TAKES_IN,
        "school": ChangeKind.NEW,
        "mining": ChangeKind.DISSOLVES,
    }
    assert [(flow.cluster and flow.cluster.label, flow.voices) for flow in told["water"].came] == [
        ("solar", 2)
    ]
    assert [(flow.cluster and flow.cluster.label, flow.voices) for flow in told["solar"].left] == [
        ("water", 2)
    ]
    assert [one.label for one in told["buses"].taken_in] == ["mining"]
    assert (told["buses"].size_before, told["buses"].size, told["buses"].joined) == (5, 10, 1)
    assert [(flow.cluster and flow.cluster.label, flow.voices) for flow in told["mining"].left] == [
        ("buses", 4),
        (None, 1),
    ]
    move = told["water"].moves[0]
    assert (move.before and move.before.label, move.after and move.after.label) == ("solar", "water")
    assert move.margin == pytest.approx(0.56)


def test_what_is_ticked_changes_and_the_rest_stays(session: Session, world: World) -> None:
    proposal = world.propose()

    made = world.accept(proposal, "water", "school")

    stands, themes = world.written.standing(made), world.themes
    assert [stands[key][0] for key in themes["solar"]] == ["solar"] * 3 + ["water"] * 2
    assert [stands[key] for key in themes["solar"][:3]] == [("solar", "roofs")] * 3
    assert {stands[key][0] for key in themes["school"]} == {"school"}
    assert {stands[key][0] for key in themes["mining"]} == {"mining"}
    assert {stands[key][0] for key in themes["buses"]} == {"buses"}


def test_the_result_counts_its_own_voices_and_the_old_one_stays_readable(
    session: Session, world: World
) -> None:
    proposal = world.propose()
    was = world.written.standing(world.before)

    made = world.accept(proposal, "water")

    assert accepted_grouping(session, world.call.id) == made
    assert session.get_one(Grouping, world.before.id).state is GroupingState.SUPERSEDED
    assert session.get_one(Grouping, proposal.id).state is GroupingState.DISCARDED
    assert world.written.standing(world.before) == was
    sizes = {one.label: one.size for one in clusters_of(session, made.id, ClusterLevel.MISSION)}
    assert sizes == {"water": 7, "solar": 3, "buses": 6, "mining": 5}
    for place in session.exec(select(Placement).where(Placement.grouping_id == made.id)):
        state = session.get_one(Submission, place.submission_id).state
        assert state is (SubmissionState.GROUPED if place.cluster_id else SubmissionState.VISIBLE)


def test_a_new_voice_whose_change_is_left_is_placed_by_its_neighbours(session: Session, world: World) -> None:
    made = world.accept(world.propose(), "water")

    assert world.written.standing(made)[world.new] == ("buses", None)


def test_a_group_that_dissolves_gives_up_who_fits_nowhere(session: Session, world: World) -> None:
    made = world.accept(world.propose(), "mining")

    stands = world.written.standing(made)
    assert [stands[key][0] for key in world.themes["mining"]] == [None] + ["mining"] * 4
    assert session.get_one(Submission, world.themes["mining"][0]).state is SubmissionState.VISIBLE


def test_everything_ticked_is_the_proposal_itself(session: Session, world: World) -> None:
    proposal = world.propose()

    assert world.accept(proposal, "solar", "water", "buses", "school", "mining") == proposal


def test_nothing_ticked_is_refused(session: Session, world: World) -> None:
    proposal = world.propose()

    with pytest.raises(groupings_partial.NothingChosen):
        world.accept(proposal)
    assert proposal.state is GroupingState.PROPOSED


def test_a_first_grouping_has_nothing_to_keep(session: Session) -> None:
    call, themes = make_themes(session)
    proposal = Written(session, call).propose(themes)

    with pytest.raises(groupings_partial.NothingToKeep):
        accept_part(session, proposal, [], None)


def test_a_correction_made_since_forbids_it(session: Session, world: World) -> None:
    proposal = world.propose()
    solar = next(one for one in clusters_of(session, world.before.id) if one.label == "solar")
    corrections.rename(session, solar, "Sun", world.carol.id)

    with pytest.raises(groupings.Overtaken):
        world.accept(proposal, "water")


def test_a_voice_that_a_person_moved_stays_where_it_was_put(session: Session, world: World) -> None:
    """The proposal keeps it too, in a group that is not accepted; its new neighbours are."""
    solar, water = (
        next(one for one in clusters_of(session, world.before.id) if one.label == name)
        for name in ("solar", "water")
    )
    moved = world.themes["water"][0]
    corrections_voices.move(session, world.call, {moved: water.id}, solar, world.carol.id)
    one = world.themes
    proposal = world.written.propose(
        {
            "solar": [*one["solar"], moved],
            "water": [*one["water"][1:], *one["mining"]],
            "buses": one["buses"],
            "school": one["school"],
        }
    )

    made = world.accept(proposal, "school")

    assert world.written.standing(made)[moved][0] == "solar"
    assert made.corrections == proposal.corrections


def test_a_judged_group_keeps_its_state_its_name_and_its_identity(session: Session, world: World) -> None:
    mining = next(one for one in clusters_of(session, world.before.id) if one.label == "mining")
    clusters_judgement.judge(session, mining, ClusterState.CONFIRMED, world.carol.id)

    made = world.accept(world.propose(mining=[]), "buses", "mining")

    kept = next(one for one in clusters_of(session, made.id) if one.key == mining.key)
    assert (kept.state, kept.label, kept.size) == (ClusterState.CONFIRMED, "mining", 0)


def test_one_event_tells_it_and_the_log_replays(session: Session, world: World) -> None:
    proposal = world.propose()

    made = world.accept(proposal, "water", "mining")

    event = session.exec(select(Event).where(Event.kind == "grouping_accepted_in_part")).one()
    assert event.subject_id == made.id
    assert event.facts["groups"] == sorted(str(key) for key in world.keys("water", "mining"))
    assert event.facts["replaces"] == str(world.before.id)
    known = {str(one.id) for one in (made, proposal, world.before)}
    known |= {str(one.id) for one in session.exec(select(Cluster).where(Cluster.grouping_id == made.id))}
    wrong = [each for each in replay.differences(session).differing if each.id in known]
    assert wrong == []


def test_its_page_tells_what_it_changed(session: Session, world: World) -> None:
    made = world.accept(world.propose(), "water", "school")

    diff = made.diff
    assert diff["moved"]["count"] == 7
    assert diff["new"] == [str(key) for key in world.keys("school")]
    assert {one["key"] for one in diff["grown"]} == {str(key) for key in world.keys("solar", "water")}
    assert diff["before"]["ungrouped"] == 5
    assert diff["after"]["ungrouped"] == 0


def shuffled(dice: random.Random, voices: list[UUID]) -> tuple[dict[str, dict[str, list[UUID]]], list[UUID]]:
    """A random grouping: missions by name, each with a project by name or none, and who is left over."""
    groups: dict[str, dict[str, list[UUID]]] = {}
    home = {f"project {number}": f"mission {dice.randrange(5)}" for number in range(6)}
    left = []
    for voice_id in voices:
        project = dice.choice([*home, "", ""])
        mission = home.get(project) or dice.choice([f"mission {dice.randrange(5)}", ""])
        if mission:
            groups.setdefault(mission, {}).setdefault(project, []).append(voice_id)
        else:
            left.append(voice_id)
    return groups, left


@pytest.mark.parametrize("seed", range(12 * SCALE))
def test_any_choice_of_any_proposal_is_a_whole_grouping(session: Session, seed: int) -> None:
    dice = random.Random(seed)
    call, themes = make_themes(session)
    carol, voices = make_person(session, "Carol"), [key for each in themes.values() for key in each]
    written = Written(session, call)
    before = written.propose(*shuffled(dice, voices))
    groupings.accept(session, before, carol.id)
    judged = dice.choice(clusters_of(session, before.id))
    clusters_judgement.judge(session, judged, ClusterState.CONFIRMED, carol.id)
    groups, left = shuffled(dice, voices)
    for one in (judged, *(one for one in clusters_of(session, before.id) if one.id == judged.parent_id)):
        if one.level is ClusterLevel.MISSION:
            groups.setdefault(one.label, {"": []})
    if judged.level is ClusterLevel.PROJECT and not any(judged.label in each for each in groups.values()):
        parent = next(one.label for one in clusters_of(session, before.id) if one.id == judged.parent_id)
        groups[parent][judged.label] = []
    proposal = written.propose(groups, left)
    was, wanted = written.standing(before), written.standing(proposal)
    keys = sorted(changes(session, proposal, before).keys, key=str)
    ticked = set(dice.sample(keys, dice.randrange(1, len(keys) + 1)))
    names = {name for name, key in written.keys.items() if key in ticked}

    made = accept_part(session, proposal, ticked, carol.id)

    stands = written.standing(made)
    assert stands.keys() == set(voices)
    came_from: dict[str, set[str | None]] = {}
    for key, (mission, project) in stands.items():
        goes = wanted[key][0] in names or (
            wanted[key][0] is None and (was[key][0] in names or not was[key][0])
        )
        assert mission == (wanted if goes else was)[key][0]
        if project:
            came_from.setdefault(project, set()).add((wanted if goes else was)[key][1])
    # What stays of a project that went elsewhere with other voices is a project of its own, with words of its own.
    assert all(len(each) == 1 for each in came_from.values())
    assert all(each == {name} for name, each in came_from.items() if name in written.keys)
    clusters = {one.id: one for one in clusters_of(session, made.id)}
    assert judged.key in {one.key for one in clusters.values()}
    counted = Counter(mission for mission, _project in stands.values() if mission)
    sizes = {
        one.label: one.size for one in clusters.values() if one.level is ClusterLevel.MISSION and one.size
    }
    assert sum(sizes.values()) == sum(counted.values()) == made.size - made.ungrouped
    assert all(one.parent_id in clusters for one in clusters.values() if one.level is ClusterLevel.PROJECT)
