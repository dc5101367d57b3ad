"""A process killed in the middle of a grouping: another begins it again, and it ends right, once."""

import time
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.models.cluster import Cluster
from app.models.grouping import Grouping
from app.models.placement import Placement
from app.rules.words import GroupingState
from app.services import jobs
from tests.factories import make_call, make_person, make_submission
from tests.jobs.conftest import Count, Worker
from tests.jobs.errands import until
from tests.rules.many import SCALE

TOPICS = (
    "Put solar panels on the roof of the {} school and let the children read the meter",
    "The bus to the {} hospital must run at night, nurses walk home in the dark",
    "Plant shade trees along the {} market street, the pavement burns our feet",
    "Dry toilets and reused water for the {} camp, the wells are nearly empty",
)
PLACES = ("northern", "southern", "eastern", "western", "upper", "lower", "old", "new", "harbour", "desert")


def make_voices(session: Session, how_many: int) -> UUID:
    call = make_call(session)
    author = make_person(session, "One who writes a lot")
    for number in range(how_many):
        words = TOPICS[number % len(TOPICS)].format(PLACES[number // len(TOPICS) % len(PLACES)])
        make_submission(session, call, author, text=f"{words}, as {number} neighbours say.")
    return call.id


def state_of(engine: Engine, grouping_id: UUID) -> GroupingState:
    with Session(engine) as session:
        return session.exec(select(Grouping.state).where(Grouping.id == grouping_id)).one()


# Seconds from its beginning to the kill; the first is tried in a short run, all of them in a long one.
MOMENTS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0)[:SCALE]


@pytest.mark.parametrize("after", MOMENTS)
def test_a_grouping_killed_in_the_middle_is_begun_again_and_ends_right(
    clean: Engine, a_worker: Worker, count: Count, after: float
) -> None:
    voices = 400
    with Session(clean) as session, session.begin():
        grouping = Grouping(call_id=make_voices(session, voices))
        session.add(grouping)
        session.flush()
        grouping_id = grouping.id
        jobs.enqueue(session, jobs.GROUPING, str(grouping_id), key=str(grouping_id))

    with a_worker() as killed:
        until(lambda: state_of(clean, grouping_id) != GroupingState.QUEUED)
        time.sleep(after)
        killed.kill()
        killed.wait()
    half_way = state_of(clean, grouping_id), count("cluster"), count("placement")
    with a_worker():
        until(lambda: state_of(clean, grouping_id) == GroupingState.PROPOSED)
        until(lambda: count("dbos.workflow_status WHERE name = 'grouping' AND status = 'SUCCESS'") == 1)

    assert count("event WHERE kind = 'grouping_proposed'") == 1
    # All or nothing: a kill that came too late found it proposed as a whole.
    assert half_way == (GroupingState.RUNNING, 0, 0) or (after and half_way[0] == GroupingState.PROPOSED)
    with Session(clean) as session:
        placed = session.exec(select(Placement.submission_id)).all()
        clusters = set(session.exec(select(Cluster.id)).all())
        used = set(
            session.exec(select(Placement.cluster_id).where(col(Placement.cluster_id).is_not(None))).all()
        )
    assert len(placed) == len(set(placed)) == voices
    assert used
    assert used <= clusters
