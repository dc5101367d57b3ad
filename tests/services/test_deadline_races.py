"""One who submits in time while the deadline passes and the call moves on, or while the call is cancelled."""

import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.event import Event
from app.rules.words import ApplicationState, CallState
from app.services import applications_send, calls, panel
from tests.applied import Offered, make_offered
from tests.services import racing
from tests.services.racing import Act, Rivals

NOBODY: Any = SimpleNamespace(decision=None)


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


def moving_on_while_submitting(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[str, str], CallState]:
    """What both were answered: one submits a moment before the deadline, another sends all to review after it."""
    with Session(engine, expire_on_commit=False) as session:
        offered = make_offered(session)
        application = offered.written()
        session.commit()
    shorten(engine, offered)
    rivals = Rivals(engine, NOBODY)
    with monkeypatch.context() as patch:
        patch.setattr(applications_send, "wanted", rivals.pausing(applications_send.wanted))
        answers = rivals.run(submitting(offered, application), moving_on(offered))
    with Session(engine) as session:
        assert session.get_one(Application, application.id).state is ApplicationState.SUBMITTED
        return answers, session.get_one(Call, offered.call.id).state


def shorten(engine: Engine, offered: Offered) -> None:
    with Session(engine) as session:
        call = session.get_one(Call, offered.call.id)
        call.closes_at = offered.call.closes_at = now() + timedelta(seconds=0.6)
        session.commit()


def moving_on(offered: Offered) -> Act:
    def act(session: Session, _decision: object) -> None:
        time.sleep(max(0.0, (offered.call.closes_at - now()).total_seconds()) + 0.01)
        panel.send_to_review(session, session.get_one(Call, offered.call.id), offered.carol.id)

    return act


def test_a_call_does_not_move_on_while_one_who_was_in_time_is_being_heard(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, state = moving_on_while_submitting(races, monkeypatch)

    assert answers == ("done", "NotSettled")
    assert state is not CallState.REVIEW


def test_the_lock_alone_keeps_it_from_moving_on(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the minute that is waited it would find the application that came in meanwhile, unchecked."""
    monkeypatch.setattr(panel.applications, "is_settled", lambda _at, _closes: True)

    answers, state = moving_on_while_submitting(races, monkeypatch)

    assert answers == ("done", "NotAllChecked")
    assert state is not CallState.REVIEW


def test_without_both_an_application_would_come_after_the_call_has_moved_on(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel.applications, "is_settled", lambda _at, _closes: True)
    monkeypatch.setattr(racing, "Session", Unheld)

    answers, state = moving_on_while_submitting(races, monkeypatch)

    assert (answers, state) == (("done", "done"), CallState.REVIEW)
