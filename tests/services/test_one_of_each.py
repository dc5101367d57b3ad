"""Two at once end as one, because the database says so: without its constraint the same race leaves two."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread, current_thread
from typing import Any

import pytest
from sqlalchemy import Engine, func, text
from sqlmodel import Session, col, select

from app.models.call import Call
from app.models.endorsement import Endorsement
from app.models.person import Person
from app.models.submission import Submission
from app.rules.words import SubmissionState
from app.services import drafts, endorsements, submissions
from app.services.drafts import Said
from app.viewer import Viewer
from tests.factories import make_call, make_submission
from tests.people import make_person

ROUNDS = 5
SAID = Said("Shade over the market square, please.")


@contextmanager
def without(engine: Engine, table: str, constraint: str, again: str) -> Iterator[None]:
    """The table without one constraint; put back at the end, when the duplicates are gone."""
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {again}"))


def at_once(engine: Engine, act: Callable[[Session, Barrier], object], times: int = 2) -> list[Exception]:
    """Run the act in as many transactions; each meets the others at the barrier wherever it waits."""
    barrier, problems = Barrier(times, timeout=10), []

    def run() -> None:
        try:
            with Session(engine, expire_on_commit=False) as session:
                act(session, barrier)
                session.commit()
        except Exception as problem:
            problems.append(problem)

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems


@pytest.fixture
def submit(monkeypatch: pytest.MonkeyPatch) -> Callable[[Session, Call, Person, str, Barrier], None]:
    """Send a form; the two meet when each has its row ready, before either writes."""
    make = submissions.row_of

    def send(session: Session, call: Call, person: Person, form_key: str, barrier: Barrier) -> None:
        barriers[current_thread()] = barrier
        submissions.submit(session, call, person, SAID, form_key)
        assert current_thread() not in barriers

    def meet(*given: Any) -> dict[str, Any]:
        row = make(*given)
        barriers.pop(current_thread()).wait()
        return row

    barriers: dict[Thread, Barrier] = {}
    monkeypatch.setattr(submissions, "row_of", meet)
    return send


def sent(engine: Engine) -> int:
    with Session(engine) as session:
        query = select(func.count()).select_from(Submission)
        return session.exec(query.where(col(Submission.state) == SubmissionState.VISIBLE)).one()


def endorsed(engine: Engine, voice: Submission) -> tuple[int, int]:
    with Session(engine) as session:
        rows = session.exec(select(func.count()).select_from(Endorsement)).one()
        return rows, session.get_one(Submission, voice.id).endorsement_count


def test_a_form_sent_twice_at_once_is_one_submission(
    clean: Engine, db: Session, submit: Callable[..., None]
) -> None:
    call, bob = make_call(db), make_person(db)
    db.commit()

    for number in range(ROUNDS):
        problems = at_once(clean, lambda s, b, n=number: submit(s, call, bob, f"form-{n}", b))
        assert problems == []

    assert sent(clean) == ROUNDS


def test_without_its_constraint_the_same_form_becomes_two(
    clean: Engine, db: Session, submit: Callable[..., None]
) -> None:
    call, bob = make_call(db), make_person(db)
    db.commit()

    with without(clean, "submission", "one_form_one_submission", "UNIQUE (author_id, form_key)"):
        at_once(clean, lambda s, b: submit(s, call, bob, "form", b))

        assert sent(clean) == 2


def meeting(voice: Submission, person: Person) -> Callable[[Session, Barrier], None]:
    def act(session: Session, barrier: Barrier) -> None:
        mine = session.get_one(Submission, voice.id)
        barrier.wait()
        endorsements.endorse(session, mine, person)

    return act


def test_two_endorsements_at_once_are_one_and_count_one(clean: Engine, db: Session) -> None:
    call, bob = make_call(db), make_person(db)
    for number in range(ROUNDS):
        voice = make_submission(db, call, make_person(db, f"Author {number}"))
        db.commit()

        problems = at_once(clean, meeting(voice, bob), times=4)

        assert problems == []
        assert endorsed(clean, voice) == (number + 1, 1)


def test_without_its_primary_key_one_person_endorses_twice(clean: Engine, db: Session) -> None:
    bob, voice = make_person(db), make_submission(db)
    db.commit()

    with without(clean, "endorsement", "endorsement_pkey", "PRIMARY KEY (submission_id, person_id)"):
        at_once(clean, meeting(voice, bob))

        assert endorsed(clean, voice) == (2, 2)


def test_many_people_at_once_are_each_counted(clean: Engine, db: Session) -> None:
    voice = make_submission(db)
    people = [make_person(db, f"Person {number}") for number in range(6)]
    db.commit()
    waiting = iter(people)

    at_once(clean, lambda s, b: meeting(voice, next(waiting))(s, b), times=6)

    assert endorsed(clean, voice) == (6, 6)


def test_two_windows_typing_at_once_keep_one_draft(clean: Engine, db: Session) -> None:
    call, bob = make_call(db), make_person(db)
    db.commit()

    def type_on(session: Session, barrier: Barrier) -> None:
        barrier.wait()
        drafts.keep(session, call, Viewer(bob), SAID)

    assert at_once(clean, type_on, times=4) == []
    assert db.exec(select(func.count()).select_from(Submission)).one() == 1
