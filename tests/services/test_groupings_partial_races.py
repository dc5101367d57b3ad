"""Some changes of a proposal are accepted by a job while people go on working: nothing they did is lost."""

import time
from collections.abc import Callable
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.errors import Conflict
from app.models.call import Call
from app.models.cluster import Cluster, clusters_of
from app.models.columns import now
from app.models.correction import Correction, standing_corrections
from app.models.event import Event
from app.models.grouping import Grouping, accepted_grouping
from app.models.person import Person
from app.models.placement import Placement
from app.models.seat import live_seats_of
from app.models.submission import Submission
from app.rules.words import CallState, ClusterState, GroupingState, Role, ScopeKind
from app.services import (
    clusters_judgement,
    corrections,
    corrections_undo,
    groupings,
    groupings_partial,
    replay,
    submissions,
)
from tests.people import seat
from tests.services.proposals import World, carry_out
from tests.services.test_one_of_each import at_once

ROUNDS = 4


class Town:
    """A committed proposal of which some was asked for."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with Session(engine, expire_on_commit=False) as session:
            self.world = World(session)
            self.call, self.carol = self.world.call.id, self.world.carol.id
            self.before = self.world.before.id
            self.proposal = self.world.propose().id
            asked = groupings_partial.ask(
                session, session.get_one(Grouping, self.proposal), self.world.keys("water"), self.carol
            )
            self.asked = asked.id
            session.commit()

    def during(self, act: Callable[[Session], object], stage: str = "words") -> None:
        """Do the job; when it comes to this stage somebody else does something."""
        done: list[str] = []

        def progress(at: str, _share: float) -> None:
            if at == stage and not done:
                done.append(at)
                with Session(self.engine) as other, other.begin():
                    act(other)

        for step in groupings_partial.STEPS:
            with Session(self.engine) as session, session.begin():
                step(session, self.asked, progress)
        assert done

    def group(self, session: Session, name: str) -> Cluster:
        return next(
            one for one in clusters_of(session, self.before) if one.key == self.world.written.keys[name]
        )

    def state(self, grouping_id: UUID) -> GroupingState:
        with Session(self.engine) as session:
            return session.get_one(Grouping, grouping_id).state

    def rename(self, session: Session) -> Correction:
        return corrections.rename(session, self.group(session, "solar"), "Sun", self.carol)


@pytest.fixture
def town(clean: Engine) -> Town:
    return Town(clean)


@pytest.fixture
def seated(town: Town) -> Town:
    """Carol asked as the facilitator of the agency."""
    with Session(town.engine) as session, session.begin():
        agency = session.get_one(Call, town.call).organisation_id
        carol = session.get_one(Person, town.carol)
        seat(session, carol, Role.FACILITATOR, ScopeKind.ORGANISATION, agency)
    return town


@pytest.mark.parametrize("stage", ["reading", "joining", "writing", "words", "accepting"])
def test_a_correction_made_while_it_works_stands_and_nothing_else_changes(town: Town, stage: str) -> None:
    town.during(town.rename, stage)

    with Session(town.engine) as session:
        asked = session.get_one(Grouping, town.asked)
        assert (asked.state, asked.error) == (GroupingState.FAILED, groupings.Overtaken.sentence)
        assert accepted_grouping(session, town.call) == session.get_one(Grouping, town.before)
        assert town.group(session, "solar").label == "Sun"
        assert clusters_of(session, town.asked) == []
        assert session.exec(select(Placement).where(Placement.grouping_id == town.asked)).all() == []
        assert session.get_one(Grouping, town.proposal).state is GroupingState.PROPOSED


def test_a_correction_made_and_undone_while_it_works_is_noticed(town: Town) -> None:
    """What it did in between may have been read."""

    def twice(session: Session) -> None:
        corrections_undo.undo(session, town.rename(session), town.carol)

    town.during(twice, "joining")

    assert town.state(town.asked) is GroupingState.FAILED


def test_a_judgement_made_while_it_works_is_carried_over(town: Town) -> None:
    town.during(
        lambda other: clusters_judgement.judge(
            other, town.group(other, "mining"), ClusterState.CONFIRMED, town.carol
        )
    )

    assert town.state(town.asked) is GroupingState.ACCEPTED
    with Session(town.engine) as session:
        states = {one.label: one.state for one in clusters_of(session, town.asked)}
        assert states["mining"] is ClusterState.CONFIRMED
        wrong = [each for each in replay.differences(session).differing if each.id == str(town.asked)]
        assert wrong == []


@pytest.mark.parametrize("stage", ["joining", "words", "accepting"])
def test_words_withdrawn_while_it_works_name_nothing(town: Town, stage: str) -> None:
    voice_id = town.world.themes["water"][0]

    def withdraw(session: Session) -> None:
        voice = session.get_one(Submission, voice_id)
        assert voice.author_id is not None
        submissions.withdraw(session, voice, voice.author_id)

    town.during(withdraw, stage)

    with Session(town.engine) as session:
        found = clusters_of(session, town.asked)
        assert found
        assert str(voice_id) not in str([(one.measures, one.summary) for one in found])
        water = next(one for one in found if one.key == town.world.written.keys["water"])
        assert water.size == 6


def test_done_twice_it_is_done_once(town: Town) -> None:
    for _again in range(2):
        with Session(town.engine) as session, session.begin():
            carry_out(session, town.asked)

    with Session(town.engine) as session:
        assert session.get_one(Grouping, town.asked).state is GroupingState.ACCEPTED
        kinds = session.exec(select(Event.kind).where(Event.subject_id == town.asked)).all()
        assert sorted(kinds) == ["grouping_accepted_in_part", "grouping_started"]


def test_two_processes_at_the_same_job_do_it_once(town: Town) -> None:
    def act(session: Session, barrier: Barrier) -> None:
        barrier.wait()
        carry_out(session, town.asked)

    assert at_once(town.engine, act) == []

    with Session(town.engine) as session:
        assert session.get_one(Grouping, town.asked).state is GroupingState.ACCEPTED
        kinds = session.exec(select(Event.kind).where(Event.subject_id == town.asked)).all()
        assert kinds.count("grouping_accepted_in_part") == 1


@pytest.mark.parametrize("late", [0.0, 0.05, 0.15, 0.3])
def test_a_correction_at_the_same_time_wins_or_is_refused(town: Town, late: float) -> None:
    turns = ["job", "correct"]

    def act(session: Session, barrier: Barrier) -> None:
        turn = turns.pop()
        barrier.wait()
        if turn == "job":
            carry_out(session, town.asked)
            return
        time.sleep(late)
        town.rename(session)

    problems = at_once(town.engine, act)

    with Session(town.engine) as session:
        stands = len(standing_corrections(session, town.call))
        accepted = accepted_grouping(session, town.call)
    assert [isinstance(problem, Conflict) for problem in problems] == [True] * (1 - stands)
    assert town.state(town.asked) is (GroupingState.FAILED if stands else GroupingState.ACCEPTED)
    assert accepted is not None
    assert accepted.id == (town.before if stands else town.asked)


def end_the_seat(session: Session, town: Town) -> None:
    [held] = live_seats_of(session, town.carol)
    held.ends_at = now()


def suspend(session: Session, town: Town) -> None:
    session.get_one(Person, town.carol).suspended_at = now()


def cancel(session: Session, town: Town) -> None:
    call = session.get_one(Call, town.call)
    call.state, call.cancelled_reason = CallState.CANCELLED, "It was asked twice."


@pytest.mark.parametrize("act", [end_the_seat, suspend, cancel])
@pytest.mark.parametrize("stage", ["joining", "words"])
def test_nobody_accepts_by_a_job_what_they_may_no_longer(
    seated: Town, act: Callable[[Session, Town], None], stage: str
) -> None:
    seated.during(lambda session: act(session, seated), stage)

    assert seated.state(seated.asked) is GroupingState.FAILED
    assert seated.state(seated.proposal) is GroupingState.PROPOSED
    assert seated.state(seated.before) is GroupingState.ACCEPTED


def test_who_still_holds_the_seat_accepts(seated: Town) -> None:
    seated.during(lambda _session: None)

    assert seated.state(seated.asked) is GroupingState.ACCEPTED


def test_a_job_that_ends_badly_leaves_the_proposal_to_be_decided(town: Town) -> None:
    with Session(town.engine) as session, session.begin():
        groupings.fail(session, town.asked)

    with Session(town.engine) as session, session.begin():
        proposal = session.get_one(Grouping, town.proposal)
        again = groupings_partial.ask(session, proposal, town.world.keys("water"), town.carol)
        assert again.id != town.asked
