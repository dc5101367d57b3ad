"""A machine that does every step of a decision's life to the service and to a naive model of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import Engine
from sqlmodel import Session

from app.errors import Refusal
from app.models.absence import Absence
from app.models.ballot import last_version
from app.models.columns import now
from app.models.decision import Decision
from app.rules.decisions import DecisionTimes
from app.rules.voting.table import RULES
from app.rules.voting.tally import Terms
from app.rules.words import DecisionKind, InterestEffect, InterestKind
from app.services import (
    ballots,
    ballots_secret,
    decisions,
    decisions_count,
    decisions_pack,
)
from tests.recount import cases
from tests.services.chamber import QUESTION, Chamber, make_chamber, nothing_ties
from tests.services.decision_model import CHOICES, COUNTED, DAYS, EVERYONE, NAMES, OPTIONS, STAND_INS, Model
from tests.services.declared import declare
from tests.services.killed import killed

recount = cases.load_recount()
VOTES = [("group_majority", False), ("supermajority", False), ("supermajority", True), ("approval", False),
         ("approval", True)]  # fmt: skip
PEOPLE = st.sampled_from(
    [*EVERYONE, *STAND_INS, *STAND_INS.values()]
)  # where two share a ballot, more can go wrong
MARKS = st.sampled_from([0, 0, 1, 2])  # for, against, abstain; or how many options are approved
EFFECTS = st.sampled_from([InterestEffect.RECUSE, InterestEffect.RECUSE, InterestEffect.DISCLOSE])
Act = Callable[[Session, Decision], object]


class Life(RuleBasedStateMachine):
    """Every step is done to both. What the model refuses must be refused, and leave nothing behind."""

    engine: ClassVar[Engine]
    begun: ClassVar[int] = 0

    @initialize(vote=st.sampled_from(VOTES))
    def begin(self, vote: tuple[str, bool]) -> None:
        type(self).begun += 1
        self.session = Session(self.engine, expire_on_commit=False)
        self.model, self.keys, self.given = Model(*vote), dict[str, str](), set[str]()
        self.start = now() - timedelta(days=30)
        self.chamber: Chamber = make_chamber(self.session)
        for member, other in STAND_INS.items():
            self.chamber.members[other] = self.chamber.add_alternate(member)
            self.chamber.seats[other] = self.chamber.seats[f"alternate of {member}"]
        nothing_ties(self.session, self.chamber.mission, self.chamber.seats.values())
        self.decision = self.put()
        self.decision.created_at = self.start - timedelta(days=1)
        self.session.commit()
        self.notice()

    def put(self) -> Decision:
        """The question whether to adopt a mission, or which of three things to do."""
        rule, terms = RULES[self.model.rule].defaults.as_facts(), Terms(secret=self.model.secret).as_facts()
        if self.model.rule == "approval":
            options = [{"id": each, "title": each} for each in OPTIONS]
            drafted = Decision(
                committee_id=self.chamber.committee.id, kind=DecisionKind.SETTLE, question=QUESTION,
                options=options, rule={**rule, "seats": 1}, terms=terms,
            )  # fmt: skip
            return decisions.keep_draft(self.session, drafted, self.chamber.chair.id)
        decision = self.chamber.put()
        decision.rule, decision.terms = rule, terms
        return decision

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()

    @property
    def at(self) -> datetime:
        return self.start + timedelta(days=self.model.day)

    def attempt(self, act: Act, *, allowed: bool) -> None:
        """Done as one request, and only if the model allows it."""
        if allowed:
            act(self.session, self.decision)
            self.session.commit()
            return
        with pytest.raises(Refusal):
            act(self.session, self.decision)
        self.session.rollback()
        self.session.expire_all()

    def mark(self, way: int) -> tuple[str, ...]:
        return OPTIONS[: way + 1] if self.model.rule == "approval" else (CHOICES[way],)

    def facts(self, mark: tuple[str, ...]) -> dict[str, Any]:
        return {"approved": list(mark)} if self.model.rule == "approval" else {"choice": mark[0]}

    @rule()
    def notice(self) -> None:
        times = DecisionTimes(self.start + timedelta(days=1), self.start + timedelta(days=DAYS))
        chair, at, allowed = self.chamber.chair.id, self.at, self.model.state == "draft"
        self.attempt(
            lambda session, decision: decisions.notice(session, decision, QUESTION, times, chair, at=at),
            allowed=allowed,
        )
        self.model.state = "noticed" if allowed else self.model.state

    # --- Ballots ----------------------------------------------------------------------------------------------------

    def casting(
        self, name: str, mark: tuple[str, ...], version: int = 0, key: str = "", *, knows: bool = True
    ) -> Act:
        """A ballot of this person; one that replaces another names its version, or in secret its key."""
        person, seat, at = self.chamber.members[name].id, self.chamber.seats[name].id, self.at
        facts, known = self.facts(mark), self.keys.get(name, "") if knows else ""

        def act(session: Session, decision: Decision) -> object:
            if self.model.secret:
                return ballots_secret.cast(session, decision, person, facts, key, known, at=at)
            place = version or last_version(session, decision.id, seat) + 1
            return ballots.cast(session, decision, person, facts, "", place, at=at)

        return act

    def key(self, random: int) -> str:
        """128 bits as a form carries them: never those of another form."""
        while (key := f"{random % 2**128:032x}") in self.given:
            random += 1
        self.given.add(key)
        return key

    @rule(name=PEOPLE, way=MARKS, random=st.integers(0, 2**128 - 1))
    def vote(self, name: str, way: int, random: int) -> None:
        mark, key, allowed = self.mark(way), self.key(random), self.model.may_vote(name)
        self.attempt(self.casting(name, mark, key=key), allowed=allowed)
        if allowed:
            self.model.vote(name, mark)
            self.keys[name] = key

    @precondition(lambda self: self.model.phase == "open" and self.model.said)
    @rule(data=st.data(), way=MARKS, random=st.integers(0, 2**128 - 1))
    def vote_again(self, data: Any, way: int, random: int) -> None:
        """Changed; and once more from a window that knows of no earlier ballot."""
        name = data.draw(st.sampled_from(sorted(self.model.said)))
        self.vote(name, way, random)
        if self.model.may_vote(name):
            first = self.model.said[name][0]
            other = next(mark for mark in map(self.mark, range(3)) if mark != first)
            self.attempt(self.casting(name, other, 1, self.key(random), knows=False), allowed=False)
            if not self.model.secret:
                self.attempt(self.casting(name, first, 1), allowed=True)  # Sent twice, it is recorded once.

    @precondition(lambda self: self.model.phase == "open")
    @rule(way=st.sampled_from([0, 0, 1]), few=st.sets(st.sampled_from(EVERYONE), max_size=3))
    def the_others_vote(self, way: int, few: set[str]) -> None:
        for number, name in enumerate(EVERYONE):
            if name not in self.model.said and name not in few and self.model.may_vote(name):
                self.vote(name, way, number)

    @precondition(lambda self: self.model.phase in ("noticed", "open"))
    @rule(
        others=st.dictionaries(st.sampled_from(NAMES), st.sampled_from([1, 2, None]), max_size=3),
        aside=st.lists(PEOPLE, max_size=2, unique=True),
    )
    def run_to_the_count(self, others: dict[str, int | None], aside: list[str]) -> None:
        """All are for it but a few; some step aside afterwards; the end comes, and it is counted twice."""
        self.model.day = max(self.model.day, 1)
        for number, name in enumerate(EVERYONE):
            way = others.get(name, 0)
            if way is not None and self.model.may_vote(name):
                self.vote(name, way, number + 100)
        for name in aside:
            self.declare(name, InterestEffect.RECUSE)
        self.model.day = DAYS
        self.close()
        self.recounted()

    # --- Who takes part ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.phase != "draft")
    @rule(name=PEOPLE, effect=EFFECTS)
    def declare(self, name: str, effect: InterestEffect) -> None:
        recuses = effect is InterestEffect.RECUSE
        allowed = self.model.may_declare(name, recuses=recuses)
        person, at = self.chamber.members[name].id, self.at
        self.attempt(
            lambda session, decision: declare(
                session, decision, person, InterestKind.MONEY, "I sell.", effect, at=at
            ),
            allowed=allowed,
        )
        if allowed:
            self.model.tied.add(name)
            self.model.aside |= {name} if recuses else set()

    @precondition(lambda self: self.model.phase in ("noticed", "open"))
    @rule(name=st.sampled_from([*STAND_INS, *STAND_INS, *STAND_INS.values()]), days=st.integers(1, 3))
    def go_away(self, name: str, days: int) -> None:
        """From now on, for some days."""
        seat, person = self.chamber.seats[name].id, self.chamber.members[name].id
        until = self.at + timedelta(days=days)
        self.session.add(Absence(seat_id=seat, starts_at=self.at, ends_at=until, said_by_id=person))
        self.session.commit()
        self.model.away.setdefault(name, set()).update(range(self.model.day, self.model.day + days))

    # --- Deaths -----------------------------------------------------------------------------------------------------

    def die(self, act: Act, after: int) -> None:
        """The process is killed for real before its commit: nothing of what it did is left."""
        decision = self.decision.id
        killed(self.engine, lambda session: act(session, session.get_one(Decision, decision)), after)
        self.session.expire_all()

    @precondition(lambda self: self.model.phase == "open")
    @rule(data=st.data(), way=MARKS, after=st.sampled_from([3, 8, 99]))
    def die_while_voting(self, data: Any, way: int, after: int) -> None:
        able = [name for name in EVERYONE if self.model.may_vote(name)]
        if able:
            name = data.draw(st.sampled_from(able))
            self.die(self.casting(name, self.mark(way), key="f" * 32), after)

    @precondition(lambda self: self.model.phase == "closed")
    @rule(after=st.sampled_from([10, 99, 99]))
    def die_while_counting(self, after: int) -> None:
        at = self.at
        self.die(lambda session, decision: decisions_count.close(session, decision, None, at=at), after)

    # --- The end ----------------------------------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 1, 2]))
    def time_passes(self, days: int) -> None:
        self.model.day += days

    @precondition(lambda self: self.model.phase != "draft")
    @rule()
    def close(self) -> None:
        phase, at = self.model.phase, self.at
        allowed = phase == "closed" or (phase == "open" and self.model.everyone_voted)
        self.attempt(
            lambda session, decision: decisions_count.close(session, decision, None, at=at), allowed=allowed
        )
        if allowed:
            self.model.counted_on = min(self.model.day, DAYS)
            self.counted_as_the_model_does()

    def counted_as_the_model_does(self) -> None:
        model, result = self.model, self.decision.result
        model.state = model.outcome()
        assert {each["group"]: (each["seats"], each["cast"]) for each in result["quorum"]} == model.present()
        figures = result["figures"]
        if model.are_too_few:
            assert figures == {}
        else:
            counted = figures["approvals"] if model.rule == "approval" else list(figures["total"].values())
            assert counted == model.total()
        assert self.decision.outcome == model.state

    @precondition(lambda self: self.model.state in COUNTED)
    @rule()
    def recounted(self) -> None:
        report = recount.recount(decisions_pack.files(self.session, self.decision))

        assert report.wrong == []
        assert recount.json.loads(report.result)["state"] == self.model.outcome()
