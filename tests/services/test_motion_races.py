"""Two who ask for the same at the same instant, and one who submits while a call is cancelled."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.event import Event
from app.models.mission import Mission
from app.models.motion import Motion
from app.rules.words import ApplicationState, CallState, MotionAct, SubjectKind
from app.services import applications_send, calls, motions
from tests.applied import Offered, make_offered
from tests.services import racing
from tests.services.chamber import Chamber
from tests.services.racing import Act, Rivals, together, without
from tests.services.steering import REASON, make_active

ONE_WAITS = "one_motion_waits_per_subject"
NOBODY: Any = SimpleNamespace(decision=None)


def under_way(engine: Engine) -> Chamber:
    with Session(engine, expire_on_commit=False) as session:
        chamber = make_active(session)
        session.commit()
    return chamber


def asking(chamber: Chamber) -> Act:
    key, by = chamber.mission.id, chamber.chair.id
    return lambda session, _decision: motions.make(
        session, session.get_one(Mission, key), MotionAct.PAUSE, SubjectKind.MISSION, key, {}, REASON, by
    )


def asked_at_once(engine: Engine) -> tuple[list[str], int]:
    chamber = under_way(engine)
    answers = together(engine, chamber, [asking(chamber)] * 4)
    with Session(engine) as session:
        waiting = session.exec(select(func.count()).select_from(Motion)).one()
    return sorted(answers), waiting


def test_the_same_is_asked_for_once_though_four_ask(races: Engine) -> None:
    assert asked_at_once(races) == (["MotionWaits"] * 3 + ["done"], 1)


def test_without_its_index_it_would_be_asked_for_four_times(races: Engine) -> None:
    with without(races, ONE_WAITS):
        assert asked_at_once(races) == (["done"] * 4, 4)


class Unheld(Session):
    """A session in which nobody holds a call."""

    def refresh(self, instance: object, *args: Any, with_for_update: Any = None, **options: Any) -> None:
        held = None if isinstance(instance, Call) else with_for_update
        super().refresh(instance, *args, with_for_update=held, **options)


def cancelled_while_submitting(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[str, str], list[str]]:
    """What both were answered, and what the log tells, the first first; the one who submits has read before."""
    with Session(engine, expire_on_commit=False) as session:
        offered = make_offered(session)
        application = offered.written()
        session.commit()
    rivals = Rivals(engine, NOBODY)
    with monkeypatch.context() as patch:
        patch.setattr(applications_send, "wanted", rivals.pausing(applications_send.wanted))
        answers = rivals.run(submitting(offered, application), cancelling(offered))
    with Session(engine) as session:
        kinds = ("application_submitted", "call_cancelled")
        told = session.exec(select(Event).where(col(Event.kind).in_(kinds)).order_by(col(Event.at))).all()
        assert session.get_one(Call, offered.call.id).state is CallState.CANCELLED
        assert session.get_one(Application, application.id).state is ApplicationState.SUBMITTED
    return answers, [each.kind for each in told]


def submitting(offered: Offered, application: Application) -> Act:
    terms = offered.terms.id if offered.terms else None
    return lambda session, _decision: applications_send.submit(
        session, session.get_one(Application, application.id), offered.lead.id, arrived=now(),
        seen=application.version, terms=terms,
    )  # fmt: skip


def cancelling(offered: Offered) -> Act:
    return lambda session, _decision: calls.cancel(
        session, session.get_one(Call, offered.call.id), "The budget is gone.", offered.carol.id, ""
    )


def test_a_call_is_not_cancelled_under_who_submits(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is cancelled afterwards, so that whoever submitted is told."""
    answers, told = cancelled_while_submitting(races, monkeypatch)

    assert (answers, told) == (("done", "done"), ["application_submitted", "call_cancelled"])


def test_without_the_lock_a_cancelled_call_would_take_an_application(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(racing, "Session", Unheld)

    answers, told = cancelled_while_submitting(races, monkeypatch)

    assert (answers, told) == (("done", "done"), ["call_cancelled", "application_submitted"])
