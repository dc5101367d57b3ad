"""The tables of states: what each allows, what ends, and that every state can be reached."""

from itertools import product

import pytest

from app.rules import clusters, decisions, missions, moves, phases, reviews, submissions
from app.rules.moves import MoveForbidden, ReasonMissing
from app.rules.words import CallState, ClusterState, DecisionState, MissionState, ReviewState, SubmissionState

TABLES = {
    "call": (phases.CALL_MOVES, CallState, CallState.DRAFT),
    "submission": (submissions.SUBMISSION_MOVES, SubmissionState, SubmissionState.DRAFT),
    "cluster": (clusters.CLUSTER_MOVES, ClusterState, ClusterState.SUGGESTED),
    "mission": (missions.MISSION_MOVES, MissionState, MissionState.CANDIDATE),
    "decision": (decisions.DECISION_MOVES, DecisionState, DecisionState.DRAFT),
    "review": (reviews.REVIEW_MOVES, ReviewState, ReviewState.SCHEDULED),
}


@pytest.mark.parametrize("name", TABLES)
def test_no_move_stands_twice_and_none_stays_where_it_is(name):
    table, _, _ = TABLES[name]
    pairs = [(move.before, move.after) for move in table]

    assert len(set(pairs)) == len(pairs)
    assert all(before is not after for before, after in pairs)


@pytest.mark.parametrize("name", TABLES)
def test_every_state_can_be_reached(name):
    table, states, start = TABLES[name]
    reached, frontier = {start}, [start]
    while frontier:
        for state in moves.following(table, frontier.pop()):
            if state not in reached:
                reached.add(state)
                frontier.append(state)

    assert reached == set(states)


@pytest.mark.parametrize(
    ("before", "after"), [pair for pair in product(SubmissionState, SubmissionState) if pair[0] != pair[1]]
)
def test_a_submission_moves_only_along_the_table(before, after):
    allowed = after in {move.after for move in submissions.SUBMISSION_MOVES if move.before is before}

    if allowed:
        assert submissions.require_move(before, after, reason="because").after is after
    else:
        with pytest.raises(MoveForbidden):
            submissions.require_move(before, after, reason="because")


@pytest.mark.parametrize("state", [state for state in SubmissionState if state is not SubmissionState.DRAFT])
def test_an_author_may_withdraw_at_any_time_and_once(state):
    if state is SubmissionState.WITHDRAWN:
        assert moves.following(submissions.SUBMISSION_MOVES, state) == ()
    else:
        assert submissions.require_move(state, SubmissionState.WITHDRAWN).by == "author"


@pytest.mark.parametrize(
    ("require", "before", "after"),
    [
        pytest.param(
            submissions.require_move, SubmissionState.VISIBLE, SubmissionState.HIDDEN, id="hide a submission"
        ),
        pytest.param(
            submissions.require_move, SubmissionState.GROUPED, SubmissionState.NOT_TAKEN_UP, id="not taken up"
        ),
        pytest.param(
            clusters.require_move, ClusterState.SUGGESTED, ClusterState.SET_ASIDE, id="set a cluster aside"
        ),
        pytest.param(
            missions.require_move, MissionState.ON_BALLOT, MissionState.ADOPTED, id="certify a mission"
        ),
        pytest.param(
            decisions.require_move, DecisionState.LOST, DecisionState.CERTIFIED, id="certify a lost vote"
        ),
    ],
)
def test_what_touches_people_needs_a_reason(require, before, after):
    with pytest.raises(ReasonMissing) as refused:
        require(before, after, reason=" \n")

    assert refused.value.status == 422
    assert require(before, after, reason="Because …").after is after


def test_a_refused_move_names_both_states():
    with pytest.raises(MoveForbidden, match="“withdrawn” now and cannot become “visible”"):
        submissions.require_move(SubmissionState.WITHDRAWN, SubmissionState.VISIBLE)


def test_a_promoted_cluster_is_final():
    assert moves.following(clusters.CLUSTER_MOVES, ClusterState.PROMOTED) == ()
    assert ClusterState.SUGGESTED not in clusters.JUDGED


def test_each_outcome_decides_what_becomes_of_the_mission():
    assert set(missions.BECOMES) == decisions.OUTCOMES
    for after in missions.BECOMES.values():
        assert missions.require_move(MissionState.ON_BALLOT, after, reason="The vote.").by == "secretary"


def test_nobody_edits_what_is_on_the_ballot():
    assert MissionState.ON_BALLOT not in missions.EDITABLE
    assert MissionState.ADOPTED not in missions.EDITABLE


def test_an_author_changes_the_words_only_while_nothing_rests_on_them():
    assert {
        SubmissionState.SUBMITTED,
        SubmissionState.VISIBLE,
        SubmissionState.GROUPED,
    } == submissions.EDITABLE
