"""Races around a vote, forced to interleave; and that each test fails once what prevents the race is taken away."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, func, text
from sqlalchemy.pool import NullPool
from sqlmodel import Session, col, select

from app import schema
from app.db import make_engine
from app.errors import Refusal
from app.models.ballot import Ballot, BoxedBallot, Voted
from app.models.closing import ClosingSignature
from app.models.decision import Decision
from app.models.event import Event as LogEvent
from app.rules.phases import PhaseForbids
from app.rules.words import Choice, DecisionState, InterestEffect, InterestKind
from app.services import (
    ballots,
    ballots_secret,
    closing,
    decisions,
    decisions_certify,
    decisions_count,
    decisions_withheld,
    signatures,
)
from tests.conftest import empty
from tests.services.chamber import Chamber, make_chamber, said
from tests.services.declared import declare
from tests.services.signed import sign_by_two

FIFTY, PATIENCE = 50, 1.5
SECRET = {"quorum": "1/2", "required": [], "weights": {}, "tie": {"measure": "none", "lot": ""}, "secret": True,
          "excused": []}  # fmt: skip
SUPERMAJORITY = {"name": "supermajority", "version": 1, "share": "2/3"}


@pytest.fixture(scope="module")
def scratch_url(server_url: str, worker_id: str) -> Iterator[str]:
    """A database of its own, since constraints are dropped in it."""
    name = f"races_{worker_id}"
    admin = make_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server_url.replace("/comission", f"/{name}")
    engine = make_engine(url)
    schema.migrate(engine)
    engine.dispose()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def races(scratch_url: str) -> Iterator[Engine]:
    engine = create_engine(scratch_url, poolclass=NullPool)
    yield engine
    empty(engine)


def without(engine: Engine, *constraints: str) -> None:
    """Take away what prevents the race: `table.constraint`. The database is the race's own."""
    with engine.begin() as connection:
        for each in constraints:
            table, name = each.split(".")
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"))


def restored(engine: Engine, statement: str) -> None:
    empty(engine)
    with engine.begin() as connection:
        connection.execute(text(statement))


def opened(engine: Engine, *, secret: bool = False) -> Chamber:
    with Session(engine, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        if secret:
            decision = chamber.put()
            decision.rule, decision.terms = SUPERMAJORITY, SECRET
            session.flush()
        chamber.notice(opens_in=-1)
        session.commit()
    return chamber


def counted(engine: Engine) -> Chamber:
    with Session(engine, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        decision = chamber.notice(opens_in=-1)
        chamber.cast_all(Choice.FOR)
        decisions_count.close(session, decision, None)
        session.commit()
    return chamber


Act = Callable[[Session, Decision], object]


def run(engine: Engine, chamber: Chamber, act: Act) -> str:
    """One request: done, or the name of its refusal; what is refused is rolled back."""
    assert chamber.decision
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            act(session, session.get_one(Decision, chamber.decision.id))
    except Refusal as refusal:
        return type(refusal).__name__
    return "done"


def together(engine: Engine, chamber: Chamber, acts: list[Act]) -> list[str]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: run(engine, chamber, act), acts))


def waiting(found: Callable[..., Any], barrier: Barrier) -> Callable[..., Any]:
    """The same, but everyone has read before anyone writes."""

    def read(*args: Any, **options: Any) -> Any:
        answer = found(*args, **options)
        barrier.wait()
        return answer

    return read


def no_lock(session: Session, decision: Decision, at: Any = None, *, shared: bool = False) -> Any:
    """`decisions.hold` without holding anything."""
    session.refresh(decision)
    return at or session.exec(select(func.clock_timestamp())).one()


# --- Fifty ballots of one seat --------------------------------------------------------------------------------------


def fifty_open(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many ballots of one seat stand after fifty were cast at the same instant."""
    chamber = opened(engine)
    person = chamber.members["citizens 1"].id
    with monkeypatch.context() as patch:
        patch.setattr(ballots, "last_version", waiting(ballots.last_version, Barrier(FIFTY, timeout=60)))
        answers = together(engine, chamber, [
            lambda session, decision: ballots.cast(session, decision, person, said(Choice.FOR), "", 1)
        ] * FIFTY)  # fmt: skip
    assert set(answers) == {"done"}
    with Session(engine) as session:
        return session.exec(select(func.count()).select_from(Ballot)).one()


def test_fifty_ballots_of_one_seat_are_one(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fifty_open(races, monkeypatch) == 1


def test_without_its_constraint_they_are_fifty(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    without(races, "ballot.one_ballot_per_seat_and_version")

    assert fifty_open(races, monkeypatch) > 1

    restored(races, "ALTER TABLE ballot ADD CONSTRAINT one_ballot_per_seat_and_version "
                    "UNIQUE (decision_id, seat_id, version)")  # fmt: skip


def fifty_secret(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """How often the seat has voted, and how many ballots are in the box."""
    chamber = opened(engine, secret=True)
    person = chamber.members["citizens 1"].id

    def act(number: int) -> Act:
        return lambda session, decision: ballots_secret.cast(
            session, decision, person, said(Choice.FOR), f"{number:032x}"
        )

    with monkeypatch.context() as patch:
        patch.setattr(
            ballots_secret, "with_key", waiting(ballots_secret.with_key, Barrier(FIFTY, timeout=60))
        )
        together(engine, chamber, [act(number) for number in range(FIFTY)])
    with Session(engine) as session:
        voted = session.exec(select(func.count()).select_from(Voted)).one()
        return voted, session.exec(select(func.count()).select_from(BoxedBallot)).one()


def test_fifty_secret_ballots_of_one_seat_are_one(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fifty_secret(races, monkeypatch) == (1, 1)


def test_without_its_key_they_are_more(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    without(races, "voted.voted_pkey")

    voted, boxed = fifty_secret(races, monkeypatch)

    assert voted > 1
    assert boxed > 1
    restored(races, "ALTER TABLE voted ADD CONSTRAINT voted_pkey PRIMARY KEY (decision_id, seat_id)")


# --- One act against another ----------------------------------------------------------------------------------------


class Rivals:
    """`first` reads and pauses before it writes; `second` runs meanwhile, or waits for it if something holds it."""

    def __init__(self, engine: Engine, chamber: Chamber) -> None:
        self.engine, self.chamber = engine, chamber
        self.has_read, self.second_is_done = Event(), Event()

    def pausing(self, found: Callable[..., Any]) -> Callable[..., Any]:
        def read(*args: Any, **options: Any) -> Any:
            answer = found(*args, **options)
            self.has_read.set()
            self.second_is_done.wait(PATIENCE)
            return answer

        return read

    def run(self, first: Act, second: Act) -> tuple[str, str]:
        def follow() -> str:
            assert self.has_read.wait(30)
            try:
                return run(self.engine, self.chamber, second)
            finally:
                self.second_is_done.set()

        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(run, self.engine, self.chamber, first)
            other = pool.submit(follow)
            return one.result(60), other.result(60)


def vote_against_close(engine: Engine, monkeypatch: pytest.MonkeyPatch, *, locked: bool) -> bool:
    """Whether every ballot that was answered "recorded" is among those that were counted and committed to."""
    chamber = opened(engine)
    person = chamber.members["citizens 1"].id
    rivals = Rivals(engine, chamber)
    with monkeypatch.context() as patch:
        patch.setattr(ballots, "voter_for", rivals.pausing(ballots.voter_for))
        if not locked:
            patch.setattr(decisions, "hold", no_lock)
        voted, closed = rivals.run(
            lambda session, decision: ballots.cast(session, decision, person, said(Choice.FOR), "", 1),
            lambda session, decision: decisions_count.close(session, decision, None, at=decision.closes_at),
        )
    assert closed == "done"
    with Session(engine) as session:
        assert chamber.decision
        decision = session.get_one(Decision, chamber.decision.id)
        cast = session.exec(select(func.count()).select_from(Ballot)).one()
        assert cast == (1 if voted == "done" else 0)
        return decisions_withheld.still_adds_up(session, decision)


def test_a_vote_and_the_count_never_pass_each_other(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vote_against_close(races, monkeypatch, locked=True)


def test_without_the_lock_a_ballot_would_come_after_the_count(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not vote_against_close(races, monkeypatch, locked=False)


def recuse_against_vote(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, *, locked: bool
) -> tuple[bool, bool]:
    """Whether the seat has cast a secret ballot, and whether it has stepped aside."""
    chamber = opened(engine, secret=True)
    person = chamber.members["citizens 1"].id
    rivals = Rivals(engine, chamber)
    with monkeypatch.context() as patch:
        patch.setattr(ballots_secret, "voter_for", rivals.pausing(ballots_secret.voter_for))
        if not locked:
            patch.setattr(decisions, "hold", no_lock)
        voted, aside = rivals.run(
            lambda session, decision: ballots_secret.cast(
                session, decision, person, said(Choice.FOR), "a" * 32
            ),
            lambda session, decision: declare(
                session, decision, person, InterestKind.MONEY, "I own shares.", InterestEffect.RECUSE
            ),
        )
    return voted == "done", aside == "done"


def test_a_seat_votes_in_secret_or_steps_aside_and_never_both(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recuse_against_vote(races, monkeypatch, locked=True) == (True, False)


def test_without_the_lock_it_would_do_both(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert recuse_against_vote(races, monkeypatch, locked=False) == (True, True)


def double_certify(engine: Engine, monkeypatch: pytest.MonkeyPatch, *, locked: bool) -> list[str]:
    """What two secretaries who certify at the same instant are answered."""
    chamber = counted(engine)
    assert chamber.decision
    with Session(engine, expire_on_commit=False) as session, session.begin():
        sign_by_two(session, session.get_one(Decision, chamber.decision.id))
    rivals = Rivals(engine, chamber)
    secretary = chamber.secretary.id
    with monkeypatch.context() as patch:
        patch.setattr(closing, "require_two", rivals.pausing(closing.require_two))
        if not locked:
            patch.setattr(decisions, "hold", no_lock)
            patch.setattr(decisions, "held_missions", lambda _session, _decision: [])
            patch.setattr(decisions, "tell_authors", lambda *_args: None)
        return sorted(rivals.run(
            lambda session, decision: decisions_certify.certify(session, decision, "Because of this.", secretary),
            lambda session, decision: decisions_certify.certify(session, decision, "Because of that.", secretary),
        ))  # fmt: skip


def certified_events(engine: Engine) -> int:
    with Session(engine) as session:
        query = select(func.count()).select_from(LogEvent).where(LogEvent.kind == "decision_certified")
        return session.exec(query).one()


def test_a_result_is_certified_once(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert double_certify(races, monkeypatch, locked=True) == sorted(["done", PhaseForbids.__name__])
    assert certified_events(races) == 1


def test_without_the_lock_it_would_be_certified_twice(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock decides; that its reasons are kept once is a second net below it, taken away here too."""
    without(races, "textversion.versions_are_numbered_once")

    assert double_certify(races, monkeypatch, locked=False) == ["done", "done"]
    assert certified_events(races) == 2

    restored(races, "ALTER TABLE textversion ADD CONSTRAINT versions_are_numbered_once "
                    "UNIQUE (subject_kind, subject_id, number)")  # fmt: skip


def two_of_one_group(engine: Engine) -> int:
    """How many signatures stand after three seats of one group signed at the same instant."""
    chamber = counted(engine)
    assert chamber.decision
    with Session(engine) as session:
        seen = signatures.result_hash(session.get_one(Decision, chamber.decision.id))

    def act(name: str) -> Act:
        person = chamber.members[name].id
        return lambda session, decision: closing.sign(session, decision, person, seen)

    together(engine, chamber, [act(f"citizens {number}") for number in (1, 2, 3)])
    with Session(engine) as session:
        return session.exec(select(func.count(col(ClosingSignature.id)))).one()


def test_of_one_group_one_seat_signs(races: Engine) -> None:
    assert two_of_one_group(races) == 1


def test_without_its_constraint_one_group_would_sign_twice(races: Engine) -> None:
    without(races, "closing_signature.two_signers_of_different_groups")

    assert two_of_one_group(races) == 2

    restored(races, "ALTER TABLE closing_signature ADD CONSTRAINT two_signers_of_different_groups "
                    "UNIQUE (decision_id, result_hash, speaks_for)")  # fmt: skip


def test_the_states_of_the_race_are_those_of_life(races: Engine) -> None:
    """The scenes above really are open and counted votes."""
    assert opened(races).decision is not None
    chamber = counted(races)
    assert chamber.decision
    with Session(races) as session:
        assert session.get_one(Decision, chamber.decision.id).state is DecisionState.CARRIED
