"""Missions and decisions of the demonstration: what is adopted passes every gate, what is open shows no count."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.conditions.asking import decision_phase
from app.demo import content
from app.main import create_app
from app.models.ballot import Ballot
from app.models.closing import signers
from app.models.cluster import Cluster
from app.models.decision import Decision
from app.models.link import links_from
from app.models.mission import Mission
from app.models.person import Person
from app.models.submission import Submission
from app.rules.words import (
    ClusterState,
    DecisionKind,
    DecisionState,
    Direction,
    LinkKind,
    MissionState,
    SubjectKind,
)
from app.services import (
    decisions_freeze,
    decisions_pack,
    lineage_story,
    missions,
    missions_clauses,
    progress,
)
from app.settings import Settings
from tests.client import Browser
from tests.demo.records import certified, mission_called, mission_in
from tests.recount import cases


def test_each_mission_grows_from_a_group_of_its_own(demo: Session) -> None:
    drafted = demo.exec(select(Mission)).all()
    homes = [demo.get_one(Cluster, mission.cluster_id) for mission in drafted]

    named = {mission["group"] for mission in content.missions() if "group" in mission}
    assert len({home.id for home in homes}) == len(drafted) == len(content.missions())
    assert {home.label for home in homes} >= named
    assert {home.state for home in homes} == {ClusterState.PROMOTED}


def test_the_adopted_mission_passes_every_gate_and_names_its_sources(demo: Session) -> None:
    mission = mission_in(demo, MissionState.ADOPTED)
    clauses = missions_clauses.clauses_of(demo, mission.id)
    links = links_from(demo, LinkKind.DERIVES_FROM, SubjectKind.CLAUSE, [clause.id for clause in clauses])

    assert [gate.key for gate in missions.gates_of(demo, mission) if not gate.met] == []
    assert {link.from_id for link in links} == {clause.id for clause in clauses}
    assert certified(demo).reasons == mission.outcome_reason


def test_the_trio_of_the_solar_roadmap_stands_in_the_demonstration(demo: Session) -> None:
    """DOMAIN 10: a hundred firms, 25 dollars a megawatt-hour, 4.5 million tonnes: one goes up, two go down."""
    measured = progress.of_mission(demo, mission_called(demo, "chain"))[:3]

    told = [(each.indicator.direction, each.indicator.goal, each.indicator.unit) for each in measured]
    assert told == [
        (Direction.UP, 100, "firms"),
        (Direction.DOWN, 25, "USD per MWh"),
        (Direction.DOWN, Decimal("4.5"), "million tonnes of CO2e a year"),
    ]
    assert all(len(each.readings) >= 4 for each in measured)
    assert all(each.course and not each.course.is_met for each in measured)


def test_the_mission_without_a_baseline_is_stopped_at_that_gate(demo: Session) -> None:
    gates = missions.gates_of(demo, mission_in(demo, MissionState.CANDIDATE))

    missing = {gate.key: gate.missing.english for gate in gates if gate.missing}
    assert list(missing) == ["indicator"]
    assert "baseline" in missing["indicator"]


def test_the_certified_decision_recounts_to_what_it_says(demo: Session) -> None:
    decision = certified(demo)
    report = cases.load_recount().recount(decisions_pack.files(demo, decision))

    assert report.wrong == []
    assert any("byte for byte" in each for each in report.right)
    assert decisions_freeze.is_intact(decision)
    assert decision.outcome == DecisionState.CARRIED
    assert sum(row["cast"] for row in decision.result["quorum"]) == 9
    signed = signers(demo, decision.id)
    assert len({each.group for each in signed}) == 2


def test_the_open_vote_shows_no_count_and_no_reason(
    seeded: Engine, demo: Session, settings: Settings
) -> None:
    decision = demo.exec(
        select(Decision).where(Decision.state != DecisionState.CERTIFIED, Decision.kind == DecisionKind.ADOPT)
    ).one()
    ballots = demo.exec(select(Ballot).where(Ballot.decision_id == decision.id)).all()

    with Browser(create_app(settings, seeded)) as visitor:
        page = visitor.get(f"/decisions/{decision.id}")

    assert decision_phase(decision) is DecisionState.OPEN
    assert len(ballots) == 4
    assert page.status_code == 200
    assert not [ballot for ballot in ballots if ballot.reason in page.text]
    with pytest.raises(decisions_pack.NotCounted):
        decisions_pack.files(demo, decision)


def test_the_neighbour_reads_what_became_of_his_words_with_reasons(demo: Session) -> None:
    person = demo.exec(select(Person).where(Person.email == "neighbour@example.org")).one()
    voices = demo.exec(select(Submission).where(Submission.author_id == person.id)).all()

    steps = [step for voice in voices for step in lineage_story.story(demo, voice)]

    assert [step for step in steps if step.reason]
