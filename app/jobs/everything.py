"""Every durable job, by being imported, and every loop: what a process that runs jobs does."""

from datetime import timedelta

from sqlalchemy import Engine

from app.jobs import (
    committees,
    counting,
    course,
    drafting,
    embedding,
    grouping,
    housekeeping,
    importing,
    learning,
    lessons,
    notifications,
    offering,
    recovery,
    sealing,
    signing,
)
from app.jobs.loops import Loop
from app.jobs.workplace import Workplace

__all__ = ["drafting", "importing", "loops"]


def loops(
    place: Workplace, system_engine: Engine, executor_id: str, kind: str, beat: float, silence: float
) -> list[Loop]:
    engine, dead_after = place.engine, timedelta(seconds=silence)
    return [
        # Not from the pages' pool: a crowd on the pages must not make this process look dead.
        Loop("beat", lambda: recovery.beat(system_engine, executor_id, kind), every=beat),
        Loop("sweep", lambda: recovery.sweep(system_engine, executor_id, dead_after), every=beat),
        Loop("retention", lambda: recovery.retain(system_engine), every=3600.0),
        Loop("housekeeping", lambda: housekeeping.tidy(engine, place.settings), every=3600.0),
        Loop("sealing", lambda: sealing.seal(engine), every=1.0),
        Loop("signing", lambda: signing.sign(engine, place.settings), every=2.0),
        Loop("mail", lambda: notifications.send(engine, place.settings), every=2.0),
        Loop("catch-up", embedding.CatchUp(place), every=2.0),
        Loop("learning", learning.Learning(place), every=10.0),
        Loop("lessons", lessons.Meaning(place), every=10.0),
        Loop("counting", lambda: counting.count_due(engine), every=15.0),
        Loop("counts", lambda: counting.tend(engine), every=15.0),
        Loop("committees", lambda: committees.tend(engine, place.settings), every=10.0),
        Loop("achieved", lambda: course.tell_achieved(engine, place.settings), every=60.0),
        Loop("course", lambda: course.open_due(engine, place.settings), every=600.0),
        Loop("groupings", lambda: grouping.tend(engine), every=15.0),
        Loop("offers", lambda: offering.offer(engine, place.settings), every=60.0),
    ]
