"""Loops go on after a failure, and one process at a time does the act."""

import time
from threading import Event

from sqlalchemy import Engine
from sqlmodel import Session

from app.jobs import loops
from app.jobs.loops import Loop, alone


def test_a_loop_goes_on_after_a_failure_and_at_once_while_more_is_waiting(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(loops, "REST_AFTER_FAILURE", 0.01)
    rounds: list[int] = []
    enough = Event()

    def act() -> bool:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise OSError("the database is restarting")
        if len(rounds) == 10:
            enough.set()
        return len(rounds) < 10

    loop = Loop("counting", act, every=3600)
    loop.start()

    assert enough.wait(5)
    began = time.monotonic()
    loop.stop()
    loop.join(5)
    assert time.monotonic() - began < 1
    assert len(rounds) == 10


def test_an_act_is_done_by_one_process_at_a_time(engine: Engine) -> None:
    def meanwhile(_: Session) -> tuple[str, str | None, str | None]:
        return "first", alone(engine, "mail", lambda _: "second"), alone(engine, "sealing", lambda _: "other")

    answer = alone(engine, "mail", meanwhile)

    assert answer == ("first", None, "other")
    assert alone(engine, "mail", lambda _: "later") == "later"
