"""Drafting a mission from a group, and what its gates and its snapshot say."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.columns import now
from app.models.endorsement import Endorsement
from app.models.event import Event
from app.models.link import Link
from app.models.mission import clauses_of
from app.models.notification import Notification
from app.models.project import projects_of
from app.rules.hashing import digest
from app.rules.mission_sections import GOAL, WHY
from app.rules.moves import MoveForbidden
from app.rules.phases import PhaseForbids
from app.rules.words import (
    CallKind,
    CallState,
    ClusterState,
    LinkKind,
    MissionState,
    Origin,
    StakeholderGroup,
    SubjectKind,
    SubmissionState,
)
from app.services import missions, missions_draft, missions_support, missions_text, submissions
from tests.factories import make_call
from tests.people import make_organisation, make_person
from tests.services.drafted import make_mission, make_scene


def test_a_draft_has_a_clause_for_each_voice_and_each_proposal(session: Session) -> None:
    mission, scene = make_mission(session)

    clauses = clauses_of(session, mission.id)

    assert mission.state is MissionState.CANDIDATE
    assert [clause.section for clause in clauses] == [WHY, WHY, GOAL, GOAL]
    assert clauses[0].text == scene.voices[0].text
    assert clauses[0].origin is Origin.SUBMISSION
    assert clauses[2].origin is Origin.CLUSTER
    assert [project.cluster_id for project in projects_of(session, mission.id)] == [
        each.id for each in sorted(scene.projects.values(), key=lambda each: -each.size)
    ]
    assert scene.cluster.state is ClusterState.PROMOTED


def test_every_clause_has_sources(session: Session) -> None:
    mission, scene = make_mission(session)

    sources = missions.sources_of(session, clauses_of(session, mission.id))

    known = {voice.id for voice in scene.voices} | {each.id for each in scene.projects.values()}
    assert all(links for links in sources.values())
    assert {link.to_id for links in sources.values() for link in links} <= known


def test_a_group_is_drafted_once(session: Session) -> None:
    mission, scene = make_mission(session)

    again = missions_draft.draft(session, scene.cluster, scene.carol.id)

    assert again.id == mission.id
    kinds = session.exec(select(Event.kind).where(Event.subject_id == mission.id)).all()
    assert list(kinds) == ["mission_drafted"]


def test_authors_are_told(session: Session) -> None:
    mission, scene = make_mission(session)

    told = session.exec(select(Notification.person_id).where(Notification.subject_id == mission.id)).all()

    assert set(told) == {voice.author_id for voice in scene.voices}


def test_a_suggestion_nobody_confirmed_is_not_drafted(session: Session) -> None:
    scene = make_scene(session)
    scene.cluster.state = ClusterState.SUGGESTED
    session.flush()

    with pytest.raises(MoveForbidden):
        missions_draft.draft(session, scene.cluster, scene.carol.id)


def test_a_proposal_alone_is_no_mission(session: Session) -> None:
    scene = make_scene(session)

    with pytest.raises(missions_draft.NotAMission):
        missions_draft.draft(session, scene.projects["roofs"], scene.carol.id)


def test_a_cancelled_call_gives_no_mission(session: Session) -> None:
    scene = make_scene(session, state=CallState.CANCELLED, cancelled_reason="No money.")

    with pytest.raises(PhaseForbids):
        missions_draft.draft(session, scene.cluster, scene.carol.id)


def test_gates_name_what_is_missing(session: Session) -> None:
    mission, _scene = make_mission(session)

    gates = {gate.key: gate for gate in missions.gates_of(session, mission)}

    assert {key for key, gate in gates.items() if gate.met} == {"support", "submission"}
    assert "linked now: 2" in str(gates["routes"].missing)


def test_support_is_of_groups_and_their_organisations(session: Session) -> None:
    mission, scene = make_mission(session)
    ngo = make_organisation(session, "Street batteries", group=StakeholderGroup.THIRD)
    scene.voices[4].organisation_id = ngo.id
    scene.voices[1].state = SubmissionState.HIDDEN
    scene.voices[1].hidden_rule = "abuse"
    session.flush()

    groups = missions_support.supporters(session, mission)

    assert groups == {StakeholderGroup.CITIZENS, StakeholderGroup.PRIVATE, StakeholderGroup.THIRD}


def test_an_endorsement_that_counts_is_support_of_its_group(session: Session) -> None:
    mission, scene = make_mission(session)
    before = missions_support.supporters(session, mission)
    for name, group, counts in (
        ("Wu", StakeholderGroup.ACADEMIA, True),
        ("Xi", StakeholderGroup.PUBLIC, False),
    ):
        session.add(
            Endorsement(
                submission_id=scene.voices[0].id,
                person_id=make_person(session, name, group=group).id,
                counts=counts,
            )
        )
    session.flush()

    assert missions_support.supporters(session, mission) == before | {StakeholderGroup.ACADEMIA}


def test_a_snapshot_is_canonical_and_changes_with_the_words(session: Session) -> None:
    mission, _scene = make_mission(session)
    before = digest(missions.snapshot(session, mission))

    clauses_of(session, mission.id)[0].text = "Other words."
    session.flush()

    assert digest(missions.snapshot(session, mission)) != before


def test_words_taken_back_leave_the_clause_the_snapshot_and_the_kept_text(session: Session) -> None:
    mission, scene = make_mission(session)
    words = scene.voices[0].text

    submissions.withdraw(session, scene.voices[0], scene.voices[0].author_id)

    assert words not in str(missions.snapshot(session, mission)["clauses"])
    assert words not in missions_text.whole(session, mission)


def test_an_open_innovation_call_stands_for_rival_routes(session: Session) -> None:
    mission, _scene = make_mission(session)
    call = make_call(session, make_organisation(session, "Fund"), kind=CallKind.INNOVATION)
    session.add(
        Link(
            kind=LinkKind.FOLLOWS,
            from_kind=SubjectKind.CALL,
            from_id=call.id,
            to_kind=SubjectKind.MISSION,
            to_id=mission.id,
        )
    )
    session.flush()

    assert {gate.key: gate.met for gate in missions.gates_of(session, mission)}["routes"]
    call.closes_at = now() - timedelta(days=1)
    session.flush()
    assert not {gate.key: gate.met for gate in missions.gates_of(session, mission)}["routes"]


def test_two_projects_of_one_route_are_one_rival(session: Session) -> None:
    mission, _scene = make_mission(session)
    for project in projects_of(session, mission.id):
        project.route = "The same way"
    session.flush()

    assert missions.facts_of(session, mission).routes == 1


def test_a_draft_quotes_the_sentences_that_sum_the_group_up_and_nothing_else(session: Session) -> None:
    _, scene = make_mission(session)
    cluster, said = scene.cluster, scene.voices[0]
    said.text = "Nobody said this before. Put shade over the square. It is hot."
    start = said.text.index("Put")
    cluster.summary = {
        "points": [
            {"submission": str(said.id), "start": start, "end": start + 26, "of": len(said.text),
             "share": 1, "voices": 3}
        ],
        "left": None, "left_share": 0, "dissent": [], "campaigns": [],
    }  # fmt: skip
    session.flush()
    readable = missions_draft.voices(session, [cluster])

    assert missions_draft.quotations(cluster, readable) == [("Put shade over the square.", said)]
    assert str(said.id) in missions_draft.behind(cluster)

    submissions.withdraw(session, said, said.author_id)
    session.refresh(cluster)

    assert str(said.id) not in str(cluster.summary)
    gone = missions_draft.quotations(cluster, missions_draft.voices(session, [cluster]))
    assert said not in [submission for _words, submission in gone]
