"""A decision lives as its naive model does: votes, changes, recusals, deaths in between, counts and recounts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from app.conditions.asking import decision_phase
from app.errors import Refusal
from app.models.ballot import Ballot, last_version
from app.models.columns import now
from app.models.decision import Decision
from app.rules.decisions import DecisionTimes
from app.rules.words import Choice, DecisionState, InterestEffect, InterestKind
from app.services import (
    ballots,
    closing,
    decisions,
    decisions_certify,
    decisions_count,
    decisions_pack,
    decisions_show,
    signatures,
)
from tests.recount import cases
from tests.rules.many import SCALE
from tests.services.chamber import QUESTION, SEATS, Chamber, make_chamber, nothing_ties, said
from tests.services.declared import declare

recount = cases.load_recount()
NAMES = [f"{group} {number}" for group, many in SEATS.items() for number in range(1, many + 1)]
DAYS = 4  # a vote opens one day after its notice, and lasts three
COUNTED = ("carried", "lost", "tied", "inquorate")


class Model:
    """The same life in a few lines: who said what last, who stepped aside, what day it is."""

    def __init__(self) -> None:
        self.day, self.state = 0, "draft"
        self.said: dict[str, list[str]] = {}
        self.aside: set[str] = set()

    @property
    def phase(self) -> str:
        if self.state != "noticed":
            return self.state
        return "noticed" if self.day < 1 else "open" if self.day < DAYS else "closed"

    @property
    def everyone_voted(self) -> bool:
        return all(name in self.said for name in NAMES if name not in self.aside)

    def outcome(self) -> str:
        """More than half of each group's seats; more for than against in each; two thirds of all."""
        total = {"for": 0, "against": 0}
        favours = True
        for group in SEATS:
            seats = [name for name in NAMES if name.split()[0] == group and name not in self.aside]
            cast = [self.said[name][-1] for name in seats if name in self.said]
            if len(cast) * 2 <= len(seats):
                return "inquorate"
            favours = favours and cast.count("for") > cast.count("against")
            total["for"] += cast.count("for")
            total["against"] += cast.count("against")
        if favours and Fraction(total["for"], sum(total.values())) >= Fraction(2, 3):
            return "carried"
        return "tied" if total["for"] == total["against"] else "lost"


class Life(RuleBasedStateMachine):
    """Every step is done to both. What the model refuses must be refused, and leave nothing behind."""

    engine: Engine

    @initialize()
    def begin(self) -> None:
        self.connection = self.engine.connect()
        self.outer = self.connection.begin()
        self.session = Session(
            self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        self.chamber: Chamber = make_chamber(self.session)
        self.start = now() - timedelta(days=30)
        nothing_ties(self.session, self.chamber.mission, self.chamber.seats.values())
        self.decision: Decision = self.chamber.put()
        self.decision.created_at = self.start - timedelta(days=1)
        self.model = Model()
        self.notice()

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()
            self.outer.rollback()
            self.connection.close()

    @property
    def at(self) -> datetime:
        return self.start + timedelta(days=self.model.day)

    def attempt(self, act: Callable[[], object], *, allowed: bool) -> None:
        """Done as one request, and only if the model allows it."""
        if allowed:
            with self.session.begin_nested():
                act()
            return
        with pytest.raises(Refusal), self.session.begin_nested():
            act()
        self.session.expire_all()

    @rule()
    def notice(self) -> None:
        times = DecisionTimes(self.start + timedelta(days=1), self.start + timedelta(days=DAYS))
        allowed = self.model.state == "draft" and self.model.day == 0
        if self.model.day > 0 and self.model.state == "draft":
            return
        self.attempt(
            lambda: decisions.notice(
                self.session, self.decision, QUESTION, times, self.chamber.chair.id, at=self.at
            ),
            allowed=allowed,
        )
        self.model.state = "noticed" if allowed else self.model.state

    @rule(name=st.sampled_from(NAMES), choice=st.sampled_from(list(Choice)))
    def vote(self, name: str, choice: Choice) -> None:
        allowed = self.model.phase == "open" and name not in self.model.aside
        self.attempt(lambda: self.cast(name, choice), allowed=allowed)
        if allowed:
            self.model.said.setdefault(name, []).append(choice.value)

    def cast(self, name: str, choice: Choice) -> Ballot:
        version = last_version(self.session, self.decision.id, self.chamber.seats[name].id) + 1
        person = self.chamber.members[name].id
        return ballots.cast(self.session, self.decision, person, said(choice), "", version, at=self.at)

    @precondition(lambda self: self.model.phase == "open")
    @rule(names=st.lists(st.sampled_from(NAMES), min_size=4), choice=st.sampled_from(list(Choice)))
    def many_vote(self, names: list[str], choice: Choice) -> None:
        for name in dict.fromkeys(names):
            self.vote(name, choice)

    @precondition(lambda self: self.model.phase == "open")
    @rule(choice=st.sampled_from([Choice.FOR, Choice.FOR, Choice.AGAINST]))
    def the_others_vote(self, choice: Choice) -> None:
        for name in NAMES:
            if name not in self.model.said and name not in self.model.aside:
                self.vote(name, choice)

    @precondition(lambda self: self.model.phase in ("noticed", "open"))
    @rule(
        others=st.dictionaries(
            st.sampled_from(NAMES), st.sampled_from(["against", "abstain", ""]), max_size=3
        )
    )
    def run_to_the_count(self, others: dict[str, str]) -> None:
        """All are for it but a few; the end comes, and it is counted twice."""
        self.model.day = max(self.model.day, 1)
        for name in NAMES:
            choice = others.get(name, "for")
            if choice and name not in self.model.aside:
                self.vote(name, Choice(choice))
        self.model.day = DAYS
        self.close()
        self.recounted()

    @rule(name=st.sampled_from(NAMES))
    def step_aside(self, name: str) -> None:
        allowed = self.model.phase in ("noticed", "open") and name not in self.model.aside
        if self.model.phase == "draft":
            return
        person = self.chamber.members[name].id
        self.attempt(
            lambda: declare(
                self.session,
                self.decision,
                person,
                InterestKind.MONEY,
                "I sell.",
                InterestEffect.RECUSE,
                at=self.at,
            ),
            allowed=allowed,
        )
        if allowed:
            self.model.aside.add(name)

    @precondition(lambda self: self.model.phase == "open")
    @rule(name=st.sampled_from(NAMES), choice=st.sampled_from(list(Choice)))
    def die_while_voting(self, name: str, choice: Choice) -> None:
        """The process is killed before its commit: nothing of the ballot is left."""
        if name in self.model.aside:
            return
        before = self.session.begin_nested()
        self.cast(name, choice)
        before.rollback()
        self.session.expire_all()

    @precondition(lambda self: self.model.phase == "closed")
    @rule()
    def die_while_counting(self) -> None:
        before = self.session.begin_nested()
        decisions_count.close(self.session, self.decision, None, at=self.at)
        before.rollback()
        self.session.expire_all()

    @rule(days=st.sampled_from([1, 1, 2]))
    def time_passes(self, days: int) -> None:
        if self.model.state != "draft":
            self.model.day += days

    @rule()
    def close(self) -> None:
        phase = self.model.phase
        allowed = phase == "closed" or (phase == "open" and self.model.everyone_voted)
        if phase == "draft":
            return
        self.attempt(
            lambda: decisions_count.close(self.session, self.decision, None, at=self.at), allowed=allowed
        )
        if allowed:
            self.model.state = self.model.outcome()
            assert self.decision.outcome == self.model.state

    @precondition(lambda self: self.model.state in COUNTED)
    @rule()
    def recounted(self) -> None:
        report = recount.recount(decisions_pack.files(self.session, self.decision))

        assert report.wrong == []
        assert recount.json.loads(report.result)["state"] == self.model.outcome()

    @precondition(lambda self: self.model.state in COUNTED)
    @rule(data=st.data())
    def certify(self, data: Any) -> None:
        """With two signatures it is certified, with fewer it is not; where fewer can sign, fewer are enough."""
        able = {name.split()[0]: name for name in NAMES if name not in self.model.aside}
        signing = data.draw(st.integers(0, 2))
        seen = signatures.result_hash(self.decision)
        for name in sorted(able.values())[: signing if closing.missing(self.session, self.decision) else 0]:
            try:
                with self.session.begin_nested():
                    closing.sign(self.session, self.decision, self.chamber.members[name].id, seen, at=self.at)
            except closing.GroupSignedAlready:
                continue
        allowed = closing.missing(self.session, self.decision) == 0
        self.attempt(
            lambda: decisions_certify.certify(
                self.session, self.decision, "It was counted twice.", self.chamber.secretary.id, at=self.at
            ),
            allowed=allowed,
        )
        if allowed:
            self.model.state = "certified"

    @invariant()
    def both_are_in_the_same_phase(self) -> None:
        assert decision_phase(self.decision, self.at) == self.model.phase

    @invariant()
    def every_recorded_ballot_is_there_and_no_other(self) -> None:
        query = select(func.count()).where(Ballot.decision_id == self.decision.id)
        assert self.session.exec(query).one() == sum(map(len, self.model.said.values()))

    @invariant()
    def nothing_shows_before_the_count(self) -> None:
        shown = decisions_show.result(self.session, self.decision)
        assert (shown is not None) is (self.model.state in (*COUNTED, "certified"))
        if shown is not None:
            assert shown.state == DecisionState(self.decision.outcome)


def test_a_decision_lives_as_its_model_does(engine: Engine) -> None:
    Life.engine = engine
    run_state_machine_as_test(
        Life, settings=settings(max_examples=25 * SCALE, stateful_step_count=12, deadline=None)
    )
