"""A decision lives as its naive model does: votes, changes, recusals, deaths in between, counts and recounts."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, func
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from app.conditions.asking import decision_phase
from app.errors import Refusal
from app.models.ballot import Ballot, Voted, boxed_ballots, secret_ballots
from app.rules.words import DecisionState
from app.services import closing, decisions_certify, decisions_show, decisions_withheld, signatures
from tests.rules.many import SCALE
from tests.services.decision_guards import GUARDS
from tests.services.decision_life import Life
from tests.services.decision_model import COUNTED, EVERYONE
from tests.services.decision_witnesses import WITNESSES, Step, Witness

BUDGET = settings(
    max_examples=20 * SCALE,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
# The model is contradicted: something refused was done, something allowed was refused, or the figures differ.
NOTICED = (AssertionError, pytest.fail.Exception, Refusal, DBAPIError)


class WholeLife(Life):
    """To the certification, and what must hold at every step."""

    @precondition(lambda self: self.model.state in (*COUNTED, "certified"))
    @rule(names=st.lists(st.sampled_from(EVERYONE), max_size=4))
    def sign(self, names: list[str]) -> None:
        for name in names:
            self.sign_as(name)

    def sign_as(self, name: str) -> None:
        person, at, seen = self.chamber.members[name].id, self.at, signatures.result_hash(self.decision)
        allowed = self.model.may_sign(name)
        self.attempt(
            lambda session, decision: closing.sign(session, decision, person, seen, at=at), allowed=allowed
        )
        if allowed:
            self.model.signed.append(name)

    @precondition(lambda self: self.model.state in (*COUNTED, "certified"))
    @rule()
    def certify(self) -> None:
        secretary, at, allowed = self.chamber.secretary.id, self.at, self.model.may_be_certified
        self.attempt(
            lambda session, decision: decisions_certify.certify(
                session, decision, "It was counted twice.", secretary, at=at
            ),
            allowed=allowed,
        )
        self.model.state = "certified" if allowed else self.model.state

    @precondition(lambda self: self.model.state in COUNTED)
    @rule(data=st.data())
    def sign_and_certify(self, data: Any) -> None:
        """Signed by as many as may; certified once."""
        for name in data.draw(st.permutations(EVERYONE)):
            if self.model.may_sign(name):
                self.sign_as(name)
        self.certify()
        self.certify()

    @invariant()
    def both_are_in_the_same_phase(self) -> None:
        assert decision_phase(self.decision, self.at) == self.model.phase

    @invariant()
    def every_recorded_ballot_is_there_and_no_other(self) -> None:
        said, decision = self.model.said, self.decision.id
        cast = self.session.exec(select(func.count()).where(Ballot.decision_id == decision)).one()
        assert cast == (0 if self.model.secret else sum(map(len, said.values())))
        voted = set(self.session.exec(select(Voted.seat_id).where(col(Voted.decision_id) == decision)))
        assert voted == ({self.chamber.seats[name].id for name in said} if self.model.secret else set())
        if self.model.secret:
            kept = secret_ballots(self.session, decision) or boxed_ballots(self.session, decision)
            marks = sorted(str(each.mark) for each in kept)
            assert marks == sorted(str(self.facts(each[-1])) for each in said.values())

    @invariant()
    def so_few_that_nobody_could_hide_among_them_are_not_told(self) -> None:
        if self.model.secret:
            told = decisions_withheld.in_the_box(self.session, self.decision)
            assert len(told) == (0 if self.model.are_too_few else len(self.model.said))

    @invariant()
    def nothing_shows_before_the_count(self) -> None:
        shown = decisions_show.result(self.session, self.decision)
        assert (shown is not None) is (self.model.state in (*COUNTED, "certified"))
        if shown is not None:
            assert shown.state == DecisionState(self.decision.outcome)


def test_a_decision_lives_as_its_model_does(clean: Engine) -> None:
    WholeLife.engine = clean
    WholeLife.begun = 0

    run_state_machine_as_test(WholeLife, settings=BUDGET)

    assert WholeLife.begun >= BUDGET.max_examples


def lived(witness: Witness) -> Iterator[Step]:
    """A life step by step, as the random ones are lived; each step is told before it is done."""
    machine = WholeLife()
    rules = {each.function.__name__: each for each in machine.rules}
    try:
        machine.begin(witness.vote)
        hold_invariants(machine)
        for step in witness.steps:
            yield step
            assert all(holds(machine) for holds in rules[step.rule].preconditions), step
            rules[step.rule].function(machine, **step.told)
            hold_invariants(machine)
    finally:
        machine.teardown()


def hold_invariants(machine: WholeLife) -> None:
    for each in machine.invariants:
        each.function(machine)


def test_every_guard_has_a_witness() -> None:
    assert WITNESSES.keys() == GUARDS.keys()


@pytest.mark.parametrize("guard", GUARDS)
def test_a_witness_tells_that_a_guard_is_gone(
    clean: Engine, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    WholeLife.engine, witness = clean, WITNESSES[guard]

    assert tuple(lived(witness)) == witness.steps

    GUARDS[guard](monkeypatch)
    done: list[Step] = []
    with pytest.raises(NOTICED):
        done.extend(lived(witness))
    assert tuple(done) == witness.steps, "it is noticed by the last step, and not by one before"
