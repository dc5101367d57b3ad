"""Runs of the pipeline as people meet them: started, proposed, accepted or discarded."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.cluster import clusters_of
from app.models.event import Event
from app.models.grouping import Grouping, accepted_grouping
from app.models.placement import Placement
from app.models.submission import Submission
from app.rules.words import ClusterLevel, GroupingState, SubmissionState
from app.services import embeddings, groupings, groupings_place
from tests.people import make_person
from tests.services.voices import EMBEDDER, make_themes, silent, voice


def started(session: Session, call: Call) -> Grouping:
    person = make_person(session, "Carol", email=None, pseudonym_key=str(uuid4()))
    return groupings.start(session, call, person.id)


def accepted(session: Session, call: Call) -> Grouping:
    groupings.group_now(session, call.id, EMBEDDER, silent)
    found = accepted_grouping(session, call.id)
    assert found is not None
    return found


def placed(session: Session, grouping: Grouping) -> dict[UUID, Placement]:
    found = session.exec(select(Placement).where(Placement.grouping_id == grouping.id))
    return {placement.submission_id: placement for placement in found}


def test_a_run_proposes_groups_and_leaves_everything_else_as_it_was(session: Session) -> None:
    call, themes = make_themes(session)
    grouping = started(session, call)

    groupings.run(session, grouping.id, EMBEDDER, silent)

    assert grouping.state is GroupingState.PROPOSED
    assert grouping.size == 25
    assert len(placed(session, grouping)) == 25
    assert len(clusters_of(session, grouping.id, ClusterLevel.MISSION)) >= 3
    assert session.get_one(Submission, themes["solar"][0]).state is SubmissionState.VISIBLE


def test_one_call_has_one_run_at_a_time(session: Session) -> None:
    call, _ = make_themes(session)
    started(session, call)

    with pytest.raises(groupings.AlreadyRunning):
        groupings.start(session, call, make_person(session, "Carl").id)


def test_a_run_done_twice_is_done_once(session: Session) -> None:
    call, _ = make_themes(session)
    grouping = started(session, call)
    groupings.run(session, grouping.id, EMBEDDER, silent)
    clusters = len(clusters_of(session, grouping.id))

    groupings.run(session, grouping.id, EMBEDDER, silent)

    assert len(clusters_of(session, grouping.id)) == clusters


def test_the_same_seed_gives_the_same_groups(session: Session) -> None:
    call, _ = make_themes(session)
    first = groupings.group_now(session, call.id, EMBEDDER, silent)
    before = {key: one.weight for key, one in placed(session, accepted(session, call)).items()}

    second = groupings.group_now(session, call.id, EMBEDDER, silent)

    assert [one["size"] for one in first["clusters"]] == [one["size"] for one in second["clusters"]]
    assert before


def test_accepting_moves_the_voices_and_keeps_the_grouping_before(session: Session) -> None:
    call, _ = make_themes(session)
    first = accepted(session, call)
    keys = {cluster.key for cluster in clusters_of(session, first.id)}
    second = started(session, call)
    groupings.run(session, second.id, EMBEDDER, silent)

    groupings.accept(session, second, make_person(session, "Carla").id)

    assert session.get_one(Grouping, first.id).state is GroupingState.SUPERSEDED
    assert accepted_grouping(session, call.id) == second
    assert {cluster.key for cluster in clusters_of(session, second.id)} == keys
    for submission_id, placement in placed(session, second).items():
        state = session.get_one(Submission, submission_id).state
        assert state is (SubmissionState.GROUPED if placement.cluster_id else SubmissionState.VISIBLE)


def test_accepting_records_one_event_without_words(session: Session) -> None:
    call, _ = make_themes(session)
    grouping = accepted(session, call)

    found = session.exec(select(Event).where(Event.subject_id == grouping.id).order_by(col(Event.id))).all()

    assert [event.kind for event in found] == ["grouping_proposed", "grouping_accepted"]
    assert "solar" not in str([event.facts for event in found])


def test_a_discarded_proposal_changes_nothing(session: Session) -> None:
    call, _ = make_themes(session)
    first = accepted(session, call)
    second = started(session, call)
    groupings.run(session, second.id, EMBEDDER, silent)

    groupings.discard(session, second, make_person(session, "Carla").id)

    assert accepted_grouping(session, call.id) == first
    with pytest.raises(groupings.NotProposed):
        groupings.accept(session, second, None)


def test_the_command_accepts_only_the_first_of_its_results(session: Session) -> None:
    call, _ = make_themes(session)

    first = groupings.group_now(session, call.id, EMBEDDER, silent)
    groupings.group_now(session, call.id, EMBEDDER, silent)

    assert set(first) == {"call", "submissions", "ungrouped", "clusters", "seconds"}
    assert set(first["clusters"][0]) == {"id", "level", "parent", "label", "size"}
    states = [one.state for one in session.exec(select(Grouping).where(Grouping.call_id == call.id))]
    assert sorted(states) == [GroupingState.ACCEPTED, GroupingState.PROPOSED]


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_handful_of_voices_can_be_grouped(session: Session, count: int) -> None:
    call, _ = make_themes(session)
    for submission in session.exec(select(Submission).where(Submission.call_id == call.id)).all()[count:]:
        submission.state, submission.text = SubmissionState.WITHDRAWN, ""

    result = groupings.group_now(session, call.id, EMBEDDER, silent)

    assert result["submissions"] == count


def test_a_failed_run_says_so_and_another_can_start(session: Session) -> None:
    call, _ = make_themes(session)
    grouping = started(session, call)

    groupings.fail(session, grouping.id)

    assert grouping.state is GroupingState.FAILED
    assert grouping.error
    assert started(session, call).state is GroupingState.QUEUED


def test_a_new_voice_joins_its_group_without_moving_anybody(session: Session) -> None:
    call, themes = make_themes(session)
    grouping = accepted(session, call)
    before = {key: one.cluster_id for key, one in placed(session, grouping).items()}
    new = voice(session, call, "solar solar panels on the school roof for every family in Calama")
    embeddings.embed_batch(session, [new.id], EMBEDDER)

    groupings.place_new(session, [new.id])

    after = placed(session, grouping)
    home = after[themes["solar"][0]].cluster_id
    assert home is not None
    assert after[new.id].cluster_id is not None
    assert {key: after[key].cluster_id for key in before} == before
    assert new.state is SubmissionState.GROUPED


def test_an_unlike_voice_waits_ungrouped_with_a_reason(session: Session) -> None:
    call, _ = make_themes(session)
    grouping = accepted(session, call)
    new = voice(session, call, "zebra quux xylophone")
    embeddings.embed_batch(session, [new.id], EMBEDDER)

    groupings.place_new(session, [new.id])
    groupings.place_new(session, [new.id])

    placement = placed(session, grouping)[new.id]
    assert placement.cluster_id is None
    assert placement.reason
    assert new.state is SubmissionState.VISIBLE


def test_an_unlike_voice_is_told_the_group_that_comes_nearest_and_how_clearly(session: Session) -> None:
    call, themes = make_themes(session)
    grouping = accepted(session, call)
    grouping.parameters = {**grouping.parameters, "fit": 0.5}
    new = voice(session, call, "zebra quux xylophone buses")
    embeddings.embed_batch(session, [new.id], EMBEDDER)

    groupings.place_new(session, [new.id])

    after = placed(session, grouping)
    live = {one.id: one for one in clusters_of(session, grouping.id)}
    home = live[after[themes["buses"][0]].cluster_id]
    assert after[new.id].reason == groupings_place.FAR
    assert after[new.id].cluster_id is None
    assert after[new.id].nearest_id == (home.parent_id or home.id)
    assert 0 < after[new.id].margin <= 1


def test_of_very_many_late_voices_most_are_placed_by_jobs(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, _ = make_themes(session)
    grouping = started(session, call)
    groupings.run(session, grouping.id, EMBEDDER, silent)
    late = [voice(session, call, f"solar solar panels on the roof {number}").id for number in range(7)]
    embeddings.embed_batch(session, late, EMBEDDER)
    queued: list[list[str]] = []
    monkeypatch.setattr(groupings, "LATE_AT_ONCE", 2)
    monkeypatch.setattr(groupings, "LATE_BATCH", 3)
    monkeypatch.setattr(groupings.jobs, "enqueue", lambda _session, _job, batch, key: queued.append(batch))

    groupings.accept(session, grouping, None)

    assert set(late[:2]) <= set(placed(session, grouping))
    assert queued == [[str(key) for key in late[2:5]], [str(key) for key in late[5:]]]
