"""Corrections and partial acceptance in hostile hands: ids of elsewhere, two at once, a flood of ids."""

from threading import Barrier
from uuid import uuid4

from sqlalchemy import Engine
from sqlmodel import Session, select

from app.models.event import Event
from app.models.grouping import Grouping, accepted_grouping
from app.rules.words import GroupingState
from app.services import corrections_alike, corrections_voices, groupings, groupings_partial
from tests.factories import make_call, make_submission
from tests.people import make_organisation
from tests.services.proposals import World, carry_out
from tests.services.test_corrections import Bench
from tests.services.test_one_of_each import at_once


def test_only_voices_of_the_question_are_remembered_as_left(session: Session) -> None:
    bench = Bench(session)
    voice = bench.themes["water"][0]
    made = corrections_voices.move(session, bench.call, bench.seen(voice), bench.of("buses"), bench.carol.id)
    elsewhere = make_call(session, make_organisation(session, "Another agency"))
    foreign, mine = make_submission(session, elsewhere).id, bench.themes["water"][1]

    corrections_alike.dismiss(session, made, [foreign, uuid4(), mine], bench.carol.id)

    assert made.dismissed == [str(mine)]
    told = session.exec(select(Event).where(Event.kind == "offers_dismissed")).one()
    assert str(foreign) not in str(told.facts)


def test_two_who_accept_other_parts_at_once_leave_one_grouping(clean: Engine) -> None:
    with Session(clean, expire_on_commit=False) as before:
        world = World(before)
        proposal, call, carol = world.propose().id, world.call.id, world.carol.id
        before.commit()
    parts = [world.keys("water"), world.keys("buses")]

    def act(session: Session, barrier: Barrier) -> None:
        part = parts.pop()
        mine = session.get_one(Grouping, proposal)
        barrier.wait()
        groupings_partial.ask(session, mine, part, carol)

    problems = at_once(clean, act)

    assert [type(problem) for problem in problems] == [groupings.UnderWay]
    with Session(clean) as during, during.begin():
        asked = during.exec(select(Grouping).where(Grouping.state == GroupingState.QUEUED)).one()
        carry_out(during, asked.id)
    with Session(clean) as after:
        query = select(Grouping.state).where(Grouping.call_id == call)
        states = sorted(after.exec(query))
        assert states == [GroupingState.ACCEPTED, GroupingState.DISCARDED, GroupingState.SUPERSEDED]
        accepted = accepted_grouping(after, call)
        assert accepted is not None
        assert accepted.measures["accepted"] == 1
