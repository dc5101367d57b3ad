"""Corrections: each takes effect at once, stands for every later run, and can be undone."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.correction import Correction
from app.models.grouping import Grouping, accepted_grouping
from app.models.person import Person
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.clusters import JUDGED
from app.rules.moves import MoveForbidden, ReasonMissing
from app.rules.texts import TextRefused
from app.rules.words import ClusterLevel, ClusterState, PlacedBy, SubmissionState
from app.services import (
    clusters_judgement,
    clusters_words,
    corrections,
    corrections_ground,
    corrections_undo,
    corrections_voices,
    groupings,
)
from app.services.corrections_told import Contradicts
from tests.people import make_person
from tests.services.voices import EMBEDDER, make_themes, silent


class Bench:
    """A call with an accepted grouping, and the facilitator who corrects it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.call, self.themes = make_themes(session)
        groupings.group_now(session, self.call.id, EMBEDDER, silent)
        self.carol: Person = make_person(session, "Carol")

    @property
    def grouping(self) -> Grouping:
        found = accepted_grouping(self.session, self.call.id)
        assert found is not None
        return found

    def run_again(self) -> Grouping:
        """Another run, accepted."""
        groupings.group_now(self.session, self.call.id, EMBEDDER, silent)
        query = select(Grouping).where(Grouping.call_id == self.call.id, Grouping.state == "proposed")
        return groupings.accept(self.session, self.session.exec(query).one(), self.carol.id)

    def mission_of(self, submission_id: UUID) -> Cluster | None:
        placement = self.session.get_one(Placement, (self.grouping.id, submission_id), populate_existing=True)
        home = self.session.get(Cluster, placement.cluster_id) if placement.cluster_id else None
        return self.session.get(Cluster, home.parent_id) if home and home.parent_id else home

    def of(self, theme: str) -> Cluster:
        """The mission most voices of a theme stand in."""
        found = [self.mission_of(key) for key in self.themes[theme]]
        homes = [one for one in found if one is not None]
        return max(homes, key=lambda one: sum(other.id == one.id for other in homes))

    def seen(self, *ids: UUID) -> dict[UUID, UUID | None]:
        return {key: self.session.get_one(Placement, (self.grouping.id, key)).cluster_id for key in ids}


@pytest.fixture
def bench(session: Session) -> Bench:
    return Bench(session)


def test_a_renamed_group_keeps_its_name_through_a_new_run(bench: Bench) -> None:
    group = bench.of("solar")

    corrections.rename(bench.session, group, "Sun for everyone", bench.carol.id)
    bench.run_again()

    again = bench.of("solar")
    assert (again.label, again.label_by, again.key) == ("Sun for everyone", PlacedBy.PERSON, group.key)


def test_a_name_without_letters_is_refused(bench: Bench) -> None:
    with pytest.raises(TextRefused):
        corrections.rename(bench.session, bench.of("solar"), " ", bench.carol.id)


def test_a_moved_voice_stays_where_it_was_moved_through_a_new_run(bench: Bench) -> None:
    voice, target = bench.themes["water"][0], bench.of("buses")

    corrections_voices.move(bench.session, bench.call, bench.seen(voice), target, bench.carol.id)

    assert bench.mission_of(voice) == target
    bench.run_again()
    again = bench.mission_of(voice)
    assert again is not None
    assert again.key == target.key
    assert bench.session.get_one(Placement, (bench.grouping.id, voice)).by is PlacedBy.PERSON


def test_moving_counts_both_groups_anew(bench: Bench) -> None:
    voice, before, target = bench.themes["water"][0], bench.of("water"), bench.of("buses")
    sizes = before.size, target.size

    corrections_voices.move(bench.session, bench.call, bench.seen(voice), target, bench.carol.id)

    assert (before.size, target.size) == (sizes[0] - 1, sizes[1] + 1)
    assert target.groups == {"citizens": target.size}
    assert target.languages == {"en": target.size}


def test_a_stale_tab_moves_nothing(bench: Bench) -> None:
    voice = bench.themes["water"][0]
    stale = bench.seen(voice)
    corrections_voices.move(bench.session, bench.call, stale, bench.of("buses"), bench.carol.id)

    with pytest.raises(corrections_ground.Changed):
        corrections_voices.move(bench.session, bench.call, stale, bench.of("school"), bench.carol.id)


def test_a_stale_tab_renames_nothing(bench: Bench) -> None:
    group = bench.of("solar")
    stale = corrections_ground.stamp(group)
    corrections.rename(bench.session, group, "First name", bench.carol.id, stale)

    with pytest.raises(corrections_ground.Changed):
        corrections.rename(bench.session, group, "Second name", bench.carol.id, stale)


def test_a_voice_set_apart_stays_apart_with_its_reason(bench: Bench) -> None:
    voice = bench.themes["mining"][0]

    corrections_voices.set_apart(
        bench.session, bench.call, bench.seen(voice), "It speaks of another country.", bench.carol.id
    )

    assert bench.session.get_one(Submission, voice).state is SubmissionState.VISIBLE
    bench.run_again()
    placement = bench.session.get_one(Placement, (bench.grouping.id, voice))
    assert placement.cluster_id is None
    assert placement.reason == "It speaks of another country."
    assert placement.by is PlacedBy.PERSON


def test_setting_apart_needs_a_reason(bench: Bench) -> None:
    voice = bench.themes["mining"][0]

    with pytest.raises(TextRefused):
        corrections_voices.set_apart(bench.session, bench.call, bench.seen(voice), " ", bench.carol.id)


def test_merged_groups_stay_one_and_both_stay_on_record(bench: Bench) -> None:
    kept, gone = bench.of("solar"), bench.of("school")
    size = kept.size + gone.size

    corrections.merge(bench.session, kept, gone, bench.carol.id)

    assert kept.size == size
    assert gone.merged_into_id == kept.id
    bench.run_again()
    assert bench.of("solar").key == bench.of("school").key == kept.key


def test_a_mission_cannot_be_merged_with_a_project(bench: Bench) -> None:
    project = make_project_of(bench, bench.of("water"), bench.themes["water"][:3])

    with pytest.raises(corrections.OneLevelOnly):
        corrections.merge(bench.session, bench.of("solar"), project, bench.carol.id)


def test_a_group_with_a_mission_is_never_merged_away(bench: Bench) -> None:
    kept, gone = bench.of("solar"), bench.of("school")
    gone.state = ClusterState.PROMOTED

    with pytest.raises(corrections.MissionStandsOnIt):
        corrections.merge(bench.session, kept, gone, bench.carol.id)


def test_a_split_group_stays_split(bench: Bench) -> None:
    group, leaving = bench.of("water"), bench.themes["water"][:3]

    made = corrections.split(bench.session, group, leaving, bench.carol.id, "Pipes first")[1]

    assert made.split_from_id == group.id
    assert made.size == 3
    assert {one.key for key in leaving if (one := bench.mission_of(key))} == {made.key}
    bench.run_again()
    assert {one.key for key in leaving if (one := bench.mission_of(key))} == {made.key}
    assert bench.mission_of(bench.themes["water"][4]) != bench.mission_of(leaving[0])


def test_a_split_counts_the_proposals_that_it_divides_anew(bench: Bench) -> None:
    group, (leaving, *others) = bench.of("water"), bench.themes["water"]
    project = make_project_of(bench, group, [leaving, *others[:2]])

    corrections.split(bench.session, group, [leaving], bench.carol.id, "Pipes first")

    assert (project.size, project.parent_id) == (2, group.id)


def make_project_of(bench: Bench, group: Cluster, voices: list[UUID]) -> Cluster:
    """A proposal inside a group, of these of its voices."""
    made = Cluster(
        grouping_id=group.grouping_id, call_id=group.call_id, level=ClusterLevel.PROJECT, parent_id=group.id,
        label="A well for the school", size=len(voices),
    )  # fmt: skip
    bench.session.add(made)
    bench.session.flush()
    for voice in voices:
        bench.session.get_one(Placement, (group.grouping_id, voice)).cluster_id = made.id
    bench.session.flush()
    return made


def test_both_parts_of_a_split_need_voices(bench: Bench) -> None:
    group = bench.of("water")
    everyone = [one.submission_id for one in corrections_ground.placements_in(bench.session, group)]

    for chosen in ([], everyone):
        with pytest.raises(corrections.SplitNeedsBoth):
            corrections.split(bench.session, group, chosen, bench.carol.id)


def test_a_merge_is_possible_once_the_split_it_contradicts_is_undone(bench: Bench) -> None:
    group, leaving = bench.of("water"), bench.themes["water"][:3]
    split, made = corrections.split(bench.session, group, leaving, bench.carol.id, "Pipes first")

    with pytest.raises(Contradicts) as refused, bench.session.begin_nested():
        corrections.merge(bench.session, group, made, bench.carol.id)
    assert refused.value.older == split.id
    undone(bench, split)
    bench.run_again()

    assert len({one.key for key in bench.themes["water"] if (one := bench.mission_of(key))}) == 1
    assert bench.grouping.parameters["rules_left_out"] == 0


def test_nobody_enters_or_leaves_a_locked_group(bench: Bench) -> None:
    group, outsider = bench.of("solar"), bench.themes["school"][0]
    corrections.lock(bench.session, group, bench.carol.id)

    with pytest.raises(Contradicts):
        corrections_voices.move(bench.session, bench.call, bench.seen(outsider), group, bench.carol.id)
    inside = corrections_ground.placements_in(bench.session, group)[0].submission_id
    with pytest.raises(Contradicts):
        corrections_voices.move(
            bench.session, bench.call, bench.seen(inside), bench.of("school"), bench.carol.id
        )


def test_a_locked_group_is_the_same_after_a_new_run(bench: Bench) -> None:
    group = bench.of("solar")
    before = {one.submission_id for one in corrections_ground.placements_in(bench.session, group)}
    corrections.lock(bench.session, group, bench.carol.id)

    bench.run_again()

    again = bench.of("solar")
    after = {one.submission_id for one in corrections_ground.placements_in(bench.session, again)}
    assert again.is_locked
    assert after == before


@pytest.mark.parametrize("state", sorted(JUDGED - {ClusterState.SET_ASIDE}))
def test_a_judged_group_survives_every_run(bench: Bench, state: ClusterState) -> None:
    group = bench.of("mining")
    group.state = state

    bench.run_again()

    again = bench.of("mining")
    assert (again.key, again.state) == (group.key, state)


def test_a_judged_group_whose_voices_are_gone_stays_empty(bench: Bench) -> None:
    group = bench.of("mining")
    clusters_judgement.judge(bench.session, group, ClusterState.CONFIRMED, bench.carol.id)
    for placement in corrections_ground.placements_in(bench.session, group):
        submission = bench.session.get_one(Submission, placement.submission_id)
        submission.state, submission.text = SubmissionState.WITHDRAWN, ""

    bench.run_again()

    found = [one for one in clusters_of(bench.session, bench.grouping.id) if one.key == group.key]
    assert [(one.size, one.state) for one in found] == [(0, ClusterState.CONFIRMED)]


def test_setting_a_group_aside_needs_a_reason(bench: Bench) -> None:
    group = bench.of("mining")

    with pytest.raises(ReasonMissing):
        clusters_judgement.judge(bench.session, group, ClusterState.SET_ASIDE, bench.carol.id)
    clusters_judgement.judge(
        bench.session, group, ClusterState.SET_ASIDE, bench.carol.id, "Not ours to decide."
    )
    with pytest.raises(MoveForbidden):
        clusters_judgement.judge(bench.session, group, ClusterState.CONFIRMED, bench.carol.id)

    assert group.state_reason == "Not ours to decide."


def undone(bench: Bench, correction: Correction) -> bool:
    return corrections_undo.undo(bench.session, correction, bench.carol.id)


def snapshot(bench: Bench) -> dict[UUID, UUID | None]:
    query = select(Placement).where(Placement.grouping_id == bench.grouping.id)
    found = bench.session.exec(query.execution_options(populate_existing=True))
    return {one.submission_id: one.cluster_id for one in found}


@pytest.mark.parametrize("act", ["rename", "move", "set_apart", "merge", "split", "lock"])
def test_every_correction_can_be_undone(bench: Bench, act: str) -> None:
    session, carol, call = bench.session, bench.carol.id, bench.call
    solar, voice = bench.of("solar"), bench.themes["water"][0]
    before, label, size = snapshot(bench), solar.label, solar.size
    made = {
        "rename": lambda: corrections.rename(session, solar, "Another name", carol),
        "move": lambda: corrections_voices.move(session, call, bench.seen(voice), solar, carol),
        "set_apart": lambda: corrections_voices.set_apart(
            session, call, bench.seen(voice), "Elsewhere", carol
        ),
        "merge": lambda: corrections.merge(session, solar, bench.of("school"), carol),
        "split": lambda: corrections.split(session, solar, bench.themes["solar"][:2], carol)[0],
        "lock": lambda: corrections.lock(session, solar, carol),
    }[act]()

    assert undone(bench, made)

    assert snapshot(bench) == before
    assert (solar.label, solar.size, solar.is_locked) == (label, size, False)
    with pytest.raises(corrections_undo.UndoneAlready):
        undone(bench, made)


def test_an_undone_correction_no_longer_binds_a_run(bench: Bench) -> None:
    voice = bench.themes["water"][0]
    correction = corrections_voices.move(
        bench.session, bench.call, bench.seen(voice), bench.of("buses"), bench.carol.id
    )
    undone(bench, correction)

    grouping = bench.run_again()

    assert grouping.corrections == []
    assert bench.mission_of(voice) == bench.of("water")


def test_a_proposal_that_missed_a_correction_is_not_accepted(bench: Bench) -> None:
    groupings.group_now(bench.session, bench.call.id, EMBEDDER, silent)
    query = select(Grouping).where(Grouping.call_id == bench.call.id, Grouping.state == "proposed")
    proposal = bench.session.exec(query).one()
    corrections.rename(bench.session, bench.of("solar"), "Sun for everyone", bench.carol.id)

    with pytest.raises(groupings.Overtaken):
        groupings.accept(bench.session, proposal, bench.carol.id)


def test_a_group_is_not_named_after_words_that_left_the_public_page(bench: Bench) -> None:
    group = bench.of("solar")
    source = UUID(group.measures["label_from"])

    clusters_words.unquote(bench.session, source)

    assert group.label == ", ".join(group.keywords[:3])


def test_corrections_of_a_call_without_groups_are_refused(session: Session) -> None:
    call: Call = make_themes(session)[0]

    with pytest.raises(corrections_ground.NothingAccepted):
        corrections_voices.set_apart(session, call, {}, "No reason", make_person(session, "Carol").id)
