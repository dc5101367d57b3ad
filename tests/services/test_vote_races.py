"""Races around a vote, forced to interleave; and that each test fails once what prevents the race is taken away."""

from threading import Barrier

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

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
from tests.services.chamber import said
from tests.services.declared import declare
from tests.services.racing import Act, Rivals, counted, no_lock, opened, together, waiting, without
from tests.services.signed import sign_by_two

FIFTY = 50


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
    with without(races, "ballot.one_ballot_per_seat_and_version"):
        assert fifty_open(races, monkeypatch) > 1


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
    with without(races, "voted.voted_pkey"):
        voted, boxed = fifty_secret(races, monkeypatch)

    assert voted > 1
    assert boxed > 1


# --- One act against another ----------------------------------------------------------------------------------------


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
    with without(races, "textversion.versions_are_numbered_once"):
        assert double_certify(races, monkeypatch, locked=False) == ["done", "done"]
        assert certified_events(races) == 2


def test_the_constraint_alone_keeps_a_result_certified_once(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert double_certify(races, monkeypatch, locked=False) == sorted(["done", "IntegrityError"])
    assert certified_events(races) == 1


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
    with without(races, "closing_signature.two_signers_of_different_groups"):
        assert two_of_one_group(races) == 2


def test_the_states_of_the_race_are_those_of_life(races: Engine) -> None:
    """The scenes above really are open and counted votes."""
    assert opened(races).decision is not None
    chamber = counted(races)
    assert chamber.decision
    with Session(races) as session:
        assert session.get_one(Decision, chamber.decision.id).state is DecisionState.CARRIED
