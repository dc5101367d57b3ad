"""Ballots: in time, by the seats of the electorate, one row for each version however often it is sent."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.models.ballot import Ballot, last_version
from app.models.columns import now
from app.models.decision import Decision
from app.rules.phases import PhaseForbids
from app.rules.words import Choice, DecisionState, InterestEffect, InterestKind, SubjectKind
from app.services import ballots, decisions, decisions_count, events, people
from tests.people import make_person
from tests.services.chamber import Chamber, make_chamber, said
from tests.services.declared import declare

FOR, AGAINST = Choice.FOR, Choice.AGAINST


@pytest.fixture
def chamber(session: Session) -> Chamber:
    chamber = make_chamber(session)
    chamber.notice(opens_in=-1)
    return chamber


def rows(session: Session, decision: Decision) -> list[Ballot]:
    return list(session.exec(select(Ballot).where(Ballot.decision_id == decision.id)))


def test_a_member_votes_and_changes_their_ballot(chamber: Chamber, session: Session) -> None:
    first = chamber.cast("citizens 1", FOR, "It is what we asked for.")
    second = chamber.cast("citizens 1", AGAINST)

    assert (first.version, second.version) == (1, 2)
    assert ballots.receipt(chamber.decision, first) != ballots.receipt(chamber.decision, second)
    assert len(ballots.receipt(chamber.decision, first)) == ballots.RECEIPT_LENGTH


def test_no_event_is_written_while_the_vote_is_open(chamber: Chamber, session: Session) -> None:
    assert chamber.decision
    before = len(events.of_subject(session, SubjectKind.DECISION, chamber.decision.id))
    chamber.cast_all()

    assert len(events.of_subject(session, SubjectKind.DECISION, chamber.decision.id)) == before


def test_nobody_votes_before_it_opens_or_after_it_closes(session: Session) -> None:
    chamber = make_chamber(session)
    decision = chamber.notice(opens_in=1, lasts=2)
    assert decision.opens_at
    assert decision.closes_at

    for at in (now(), decision.opens_at - timedelta(microseconds=1), decision.closes_at):
        with pytest.raises(PhaseForbids):
            chamber.cast("citizens 1", FOR, at=at)

    chamber.cast("citizens 1", FOR, at=decision.opens_at)
    chamber.cast("citizens 1", FOR, at=decision.closes_at - timedelta(microseconds=1))


def test_an_outsider_the_chair_and_an_idle_alternate_do_not_vote(session: Session) -> None:
    chamber = make_chamber(session)
    alternate = chamber.add_alternate("citizens 1")
    decision = chamber.notice()
    outsider = make_person(session, "Dave")

    for person in (outsider, chamber.chair, alternate):
        with pytest.raises(ballots.NoBallotHere):
            ballots.cast(session, decision, person.id, said(FOR), "", 1)


def test_a_seat_that_votes_keeps_its_ballot_until_the_vote_closes(chamber: Chamber, session: Session) -> None:
    assert chamber.decision
    assert chamber.decision.closes_at
    with pytest.raises(people.SeatVotes):
        people.end_seat(session, chamber.seats["citizens 1"])
    people.end_seat(session, chamber.seats["citizens 1"], at=chamber.decision.closes_at)

    assert chamber.cast("citizens 1", FOR, at=chamber.decision.closes_at - timedelta(seconds=1))


def test_the_same_ballot_sent_again_is_the_same_ballot(chamber: Chamber, session: Session) -> None:
    assert chamber.decision
    person = chamber.members["citizens 1"]
    first = ballots.cast(session, chamber.decision, person.id, said(FOR), "Yes.", 1)
    again = ballots.cast(session, chamber.decision, person.id, said(FOR), "Yes.", 1)

    assert again.id == first.id
    assert len(rows(session, chamber.decision)) == 1


@pytest.mark.parametrize("version", [1, 3, 99])
def test_another_window_never_overwrites_silently(chamber: Chamber, session: Session, version: int) -> None:
    assert chamber.decision
    chamber.cast("citizens 1", FOR)

    with pytest.raises(ballots.BallotChangedElsewhere):
        ballots.cast(session, chamber.decision, chamber.members["citizens 1"].id, said(AGAINST), "", version)


@pytest.mark.parametrize("change", ["UPDATE ballot SET mark = '{}'", "DELETE FROM ballot"])
def test_the_database_itself_refuses_to_change_a_ballot(
    chamber: Chamber, session: Session, change: str
) -> None:
    chamber.cast("citizens 1", FOR)

    with pytest.raises(DBAPIError, match="never changed"):
        session.connection().execute(text(change))


# Two at the same time, on real connections.


@pytest.fixture
def committed(db: Session) -> Chamber:
    chamber = make_chamber(db)
    chamber.notice(opens_in=-1)
    db.commit()
    return chamber


@pytest.fixture
def without_the_constraint(clean: Engine) -> Iterator[None]:
    drop = text("ALTER TABLE ballot DROP CONSTRAINT one_ballot_per_seat_and_version")
    add = text(
        "ALTER TABLE ballot ADD CONSTRAINT one_ballot_per_seat_and_version UNIQUE (decision_id, seat_id, version)"
    )
    with clean.begin() as connection:
        connection.execute(drop)
    yield
    with clean.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM ballot"))
        connection.execute(add)


def cast_together(
    engine: Engine, chamber: Chamber, choices: list[Choice], monkeypatch: pytest.MonkeyPatch
) -> list[UUID | None]:
    """Every caster reads the last version before any of them writes: the worst moment, every time."""
    barrier = Barrier(len(choices), timeout=5)

    def last_version_then_wait(session: Session, decision_id: UUID, seat_id: UUID) -> int:
        found = last_version(session, decision_id, seat_id)
        barrier.wait()
        return found

    monkeypatch.setattr(ballots, "last_version", last_version_then_wait)
    assert chamber.decision
    decision_id, person_id = chamber.decision.id, chamber.members["citizens 1"].id

    def act(choice: Choice) -> UUID | None:
        with Session(engine) as session, session.begin():
            try:
                decision = session.get_one(Decision, decision_id)
                return ballots.cast(session, decision, person_id, said(choice), "", 1).id
            except ballots.BallotChangedElsewhere:
                return None

    with ThreadPoolExecutor(len(choices)) as pool:
        return list(pool.map(act, choices))


def test_two_identical_ballots_at_once_end_as_one_row(
    clean: Engine, db: Session, committed: Chamber, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = cast_together(clean, committed, [FOR, FOR, FOR], monkeypatch)

    assert committed.decision
    (row,) = rows(db, committed.decision)
    assert answers == [row.id, row.id, row.id]


def test_two_different_ballots_at_once_end_as_one_row_and_one_is_told(
    clean: Engine, db: Session, committed: Chamber, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = cast_together(clean, committed, [FOR, AGAINST], monkeypatch)

    assert committed.decision
    (row,) = rows(db, committed.decision)
    assert sorted(answers, key=str) == sorted([row.id, None], key=str)


@pytest.mark.usefixtures("without_the_constraint")
def test_it_is_the_constraint_that_makes_it_one(
    clean: Engine, db: Session, committed: Chamber, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast_together(clean, committed, [FOR, FOR], monkeypatch)

    assert committed.decision
    assert len(rows(db, committed.decision)) == 2


def test_closing_waits_for_a_ballot_under_way_and_counts_it(clean: Engine, committed: Chamber) -> None:
    """The ballot holds the decision when the closing asks for it: the closing comes after, and sees it."""
    assert committed.decision
    decision_id, citizen = committed.decision.id, committed.members["citizens 1"].id
    under_way, go_on = Event(), Event()
    after = committed.decision.closes_at

    def vote() -> None:
        with Session(clean) as session, session.begin():
            ballots.cast(session, session.get_one(Decision, decision_id), citizen, said(FOR), "", 1)
            under_way.set()
            go_on.wait(5)

    def close() -> int:
        under_way.wait(5)
        with Session(clean) as session, session.begin():
            decision = session.get_one(Decision, decision_id)
            return sum(
                decisions_count.close(session, decision, None, at=after).count.figures["total"].values()
            )

    with ThreadPoolExecutor(2) as pool:
        voting, closing = pool.submit(vote), pool.submit(close)
        with pytest.raises(TimeoutError):
            closing.result(timeout=0.5)
        go_on.set()
        voting.result(5)
        assert closing.result(5) == 1


def test_a_ballot_that_waited_for_the_closing_is_refused(clean: Engine, committed: Chamber) -> None:
    assert committed.decision
    decision_id, citizen = committed.decision.id, committed.members["citizens 1"].id
    closed, go_on = Event(), Event()
    after = committed.decision.closes_at

    def close() -> None:
        with Session(clean) as session, session.begin():
            decisions_count.close(session, session.get_one(Decision, decision_id), None, at=after)
            closed.set()
            go_on.wait(5)

    def vote() -> None:
        closed.wait(5)
        with Session(clean) as session, session.begin():
            ballots.cast(session, session.get_one(Decision, decision_id), citizen, said(FOR), "", 1)

    with ThreadPoolExecutor(2) as pool:
        closing, voting = pool.submit(close), pool.submit(vote)
        with pytest.raises(TimeoutError):
            voting.result(timeout=0.5)
        go_on.set()
        closing.result(5)
        with pytest.raises(PhaseForbids):
            voting.result(5)


def test_a_ballot_and_stepping_aside_at_once_never_both_count(
    clean: Engine, db: Session, committed: Chamber
) -> None:
    assert committed.decision
    decision_id, citizen = committed.decision.id, committed.members["citizens 1"].id
    barrier = Barrier(2, timeout=5)

    def vote() -> str:
        with Session(clean) as session, session.begin():
            barrier.wait()
            try:
                ballots.cast(session, session.get_one(Decision, decision_id), citizen, said(FOR), "", 1)
            except ballots.NoBallotHere:
                return "refused"
            return "recorded"

    def step_aside() -> None:
        with Session(clean) as session, session.begin():
            barrier.wait()
            decision = session.get_one(Decision, decision_id)
            declare(
                session, decision, citizen, InterestKind.MONEY, "I own shares in it.", InterestEffect.RECUSE
            )

    with ThreadPoolExecutor(2) as pool:
        voting, aside = pool.submit(vote), pool.submit(step_aside)
        aside.result(5)
        assert voting.result(5) in ("refused", "recorded")
    decision = db.get_one(Decision, decision_id)
    outcome = decisions_count.close(db, decision, None, at=decision.closes_at)
    assert sum(outcome.count.figures["total"].values()) == 0
    assert outcome.state is DecisionState.INQUORATE


def test_one_clock_judges_after_the_lock_is_held(session: Session, chamber: Chamber) -> None:
    assert chamber.decision
    before = now()
    at = decisions.hold(session, chamber.decision)

    assert before - timedelta(seconds=1) < at < now() + timedelta(seconds=1)
