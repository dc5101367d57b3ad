"""Votes of every kind and by every rule in one chamber, noticed, cast and counted through the services."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

from app.models.ballot import last_version
from app.models.columns import now
from app.models.decision import Decision, Matter
from app.models.mission import Mission
from app.rules.decisions import DecisionTimes
from app.rules.voting.table import RULES
from app.rules.voting.tally import Terms
from app.rules.words import DecisionKind, InterestEffect, InterestKind
from app.services import ballots, ballots_secret, decisions, decisions_count, decisions_freeze
from tests import reviewed
from tests.services.chamber import Chamber, make_ready_mission
from tests.services.declared import declare

Mark = dict[str, Any]
MEMBERS = (
    "public 1", "private 1", "private 2", "third 1", "third 2", "academia 1", "citizens 1", "citizens 2", "citizens 3",
)  # fmt: skip
TITLES = (
    "Shade for every bus stop",
    "Water kept where it rains",
    "Light without diesel",
    "Paths for wheelchairs",
)
COSTS = (180_000_00, 250_000_00, 120_000_00, 90_000_00)


@dataclass(frozen=True)
class Staged:
    """One vote to stage: the question, its rule, and what each of the nine members marks (None does not vote)."""

    rule: str
    marks: Sequence[Mark | None]
    question: str = "What shall we do first?"
    titles: Sequence[str] = TITLES
    settings: Mapping[str, Any] = field(default_factory=dict)
    costs: Sequence[int] = ()
    terms: Terms = field(default_factory=Terms)
    reasons: Mapping[str, str] = field(default_factory=dict)
    criteria: Mapping[str, str] = field(default_factory=dict)
    kind: DecisionKind = DecisionKind.SETTLE

    @property
    def ids(self) -> list[str]:
        return [f"option-{number}" for number in range(1, len(self.titles) + 1)]

    def secretly(self) -> "Staged":
        return replace(self, terms=replace(self.terms, secret=True))


def notice(chamber: Chamber, staged: Staged, opens_in: float = -1, lasts: float = 14) -> Decision:
    """Draft and announce the question; `opens_in` days from now, which may lie behind."""
    about = missions(chamber, staged) if staged.kind in (DecisionKind.CHOOSE, DecisionKind.SET) else []
    costs: Sequence[int | None] = staged.costs or [None] * len(staged.titles)
    ids = [str(mission.id) for mission in about] or staged.ids
    options = [
        {"id": name, "title": title, **({} if cost is None else {"cost": cost})}
        for name, title, cost in zip(ids, staged.titles, costs, strict=True)
    ]
    decision = Decision(
        committee_id=chamber.committee.id, kind=staged.kind, question=staged.question, options=options,
        rule=RULES[staged.rule].module.Settings(**staged.settings).as_facts(), terms=staged.terms.as_facts(),
        mission_id=chamber.mission.id if staged.kind is DecisionKind.PORTFOLIO else None,
    )  # fmt: skip
    decisions.keep_draft(chamber.session, decision, chamber.chair.id)
    chamber.session.add_all(Matter(decision_id=decision.id, mission_id=mission.id) for mission in about)
    chamber.session.flush()
    opens = now() + timedelta(days=opens_in)
    times, at = DecisionTimes(opens, opens + timedelta(days=lasts)), min(now(), opens - timedelta(hours=1))
    decisions.notice(chamber.session, decision, staged.question, times, chamber.chair.id, at=at)
    for person in chamber.members.values():
        declare(chamber.session, decision, person.id, InterestKind.NOTHING, "", InterestEffect.DISCLOSE)
    chamber.decision = decision
    return decision


def missions(chamber: Chamber, staged: Staged) -> list[Mission]:
    """Framed missions of the committee's own organisation, one for each option."""
    found = []
    for title in staged.titles:
        mission, scene = make_ready_mission(chamber.session)
        scene.call.organisation_id = mission.organisation_id = chamber.committee.organisation_id
        mission.title = title
        reviewed.waive(chamber.session, chamber.committee, mission)
        found.append(mission)
    chamber.session.flush()
    return found


def for_options(mark: Mark, decision: Decision) -> Mark:
    """The same mark with the ids that this decision's options have."""
    ids = {f"option-{at}": option["id"] for at, option in enumerate(decision.options, 1)}
    found: Mark = {}
    for kind, said in mark.items():
        if kind == "approved":
            said = [ids[each] for each in said]
        elif kind == "ranking":
            said = [[ids[each] for each in tier] for tier in said]
        elif kind in ("grades", "scores"):
            said = {ids[each]: value for each, value in said.items()}
        found[kind] = said
    return found


def cast_all(chamber: Chamber, staged: Staged) -> None:
    """Every member who votes casts what is staged; in a secret vote with a key of their own."""
    assert chamber.decision is not None
    decision = chamber.decision
    for name, mark in zip(MEMBERS, staged.marks, strict=True):
        if mark is None:
            continue
        mark = for_options(mark, decision)
        person = chamber.members[name]
        if decisions_freeze.is_secret(decision):
            ballots_secret.cast(chamber.session, decision, person.id, mark, secrets.token_hex(16))
            continue
        version = last_version(chamber.session, decision.id, chamber.seats[name].id) + 1
        ballots.cast(
            chamber.session, decision, person.id, mark, staged.reasons.get(name, ""), version,
            criterion=staged.criteria.get(name, ""),
        )  # fmt: skip


def stage(chamber: Chamber, staged: Staged) -> Decision:
    """From notice to count; what every member did is on the decision's page."""
    decision = notice(chamber, staged)
    cast_all(chamber, staged)
    assert decision.closes_at is not None
    decisions_count.close(chamber.session, decision, None, at=decision.closes_at)
    return decision


def choice(*said: str) -> list[Mark | None]:
    """F for, A against, X abstains, - does not vote."""
    words = {"F": "for", "A": "against", "X": "abstain"}
    return [{"choice": words[each]} if each in words else None for each in "".join(said)]


def ranked(*papers: str) -> list[Mark | None]:
    """ "2 13" ranks option 2 first, then 1 and 3 alike; an empty paper is none."""
    return [
        {"ranking": [[f"option-{one}" for one in tier] for tier in paper.split()]} if paper else None
        for paper in papers
    ]


def approved(*papers: str) -> list[Mark | None]:
    return [{"approved": [f"option-{one}" for one in paper]} for paper in papers]


def graded(kind: str, *papers: str) -> list[Mark | None]:
    """One sign for each option: a grade or score as a digit, x for ten, - for none."""
    return [
        {kind: {f"option-{at}": 10 if sign == "x" else int(sign) for at, sign in enumerate(paper, 1) if sign != "-"}}
        for paper in papers
    ]  # fmt: skip


YES_NO = ("Hold meetings in the evening from now on",)
CIRCLE = ("1 2 3 4", "1 2 3 4", "1 2 3", "2 3 1 4", "2 3 1", "3 1 2 4", "3 1 2", "3 1 24", "2 3 1")
CLEAR = ("1 2 3 4", "1 4 23", "1 2 3", "2 1 3 4", "1 3", "3 1 2 4", "2 1 34", "3 1 24", "4 1")
TICKS = ("12", "1", "13", "24", "2", "134", "12", "13", "1")
STAGED: dict[str, Staged] = {
    "group majority": Staged(
        "group_majority", choice("FFFFAFFFA"), "Shall we meet in the evening from now on?", YES_NO,
        reasons={"third 2": "Nobody asked those who look after children.", "public 1": "It lets workers come."},
        criteria={"third 2": "concrete", "citizens 3": "bold"},
    ),
    "supermajority": Staged("supermajority", choice("FFAFAFXFA"), "Shall the charter be changed?", YES_NO),
    "consent": Staged(
        "consent",
        [{"consent": "object" if name in ("third 1", "citizens 2") else "consent"} for name in MEMBERS],
        "Shall the secretary publish drafts at once?", YES_NO,
        reasons={"third 1": "Half-made drafts frighten the people they are about.",
                 "citizens 2": "Then nobody dares to write one."},
    ),
    "approval": Staged("approval", approved(*TICKS), settings={"seats": 2, "group_share": Fraction(1, 3)}),
    "majority judgment": Staged(
        "majority_judgment", graded("grades", "5431", "4320", "5340", "2451", "3440", "5242", "4350", "4441", "5230")
    ),
    "score": Staged("score", graded("scores", "952-", "86-1", "x2-3", "741-", "9-24", "832-", "x623", "719-", "855-")),
    "schulze": Staged("schulze", ranked(*CIRCLE), kind=DecisionKind.CHOOSE),
    "schulze clear": Staged("schulze", ranked(*CLEAR), settings={"default": "option-4", "quorum": 2}),
    "ranked pairs": Staged("ranked_pairs", ranked(*CIRCLE), kind=DecisionKind.CHOOSE),
    "irv": Staged("irv", ranked(*CLEAR)),
    "stv": Staged(
        "stv", ranked("1 2", "1 3", "1 2 4", "1 2", "1 3", "3 2", "4 3", "1 4", "2 3"), settings={"seats": 2},
        kind=DecisionKind.ELECT, question="Who speaks for us in the region?",
        titles=("Amaru Quispe", "Berta Núñez", "Clara Oyarzún", "Diego Mamani"),
    ),
    "equal shares": Staged("equal_shares", approved(*TICKS), settings={"seats": 2, "by_group": True},
                           kind=DecisionKind.SET),
    "phragmen": Staged("phragmen", approved(*TICKS), settings={"seats": 2}, kind=DecisionKind.SET),
    "portfolio": Staged(
        "equal_shares", approved(*TICKS), "Which projects get the money?", costs=COSTS, kind=DecisionKind.PORTFOLIO,
        settings={"budget": 400_000_00, "step": 40_000},
    ),
    "greedy": Staged(
        "greedy", approved(*TICKS), "Which projects get the money?", costs=COSTS, kind=DecisionKind.PORTFOLIO,
        settings={"budget": 400_000_00},
    ),
}  # fmt: skip
