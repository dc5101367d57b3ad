"""Every rule, counted by the application and by the stranger's program: the same figures, every time."""

from random import Random

import pytest

from app.rules import hashing
from app.rules.voting.profile import Profile, Vote, merged, read_mark
from app.rules.voting.table import RULES
from app.rules.voting.ties import TieBreak
from tests.recount import cases
from tests.rules.many import SCALE

recount = cases.load_recount()
EACH = 20 * SCALE  # questions for each rule; 200 in the long run


def test_the_stranger_knows_every_rule() -> None:
    assert set(recount.RULES) == set(RULES)
    assert {name: kind for name, (kind, _count) in recount.RULES.items()} == {
        name: row.mark.value for name, row in RULES.items()
    }


@pytest.mark.parametrize("name", sorted(cases.SETTINGS))
def test_both_come_to_the_same(name: str) -> None:
    for seed in range(EACH):
        random = Random(f"{name}-{seed}")
        asked = cases.asked(random, name)
        ids = tuple(each["id"] for each in asked["options"])
        costs = tuple(each["cost"] for each in asked["options"] if "cost" in each)
        row = RULES[name]
        try:
            settings = row.read(asked["rule"])
        except ValueError:
            continue
        drawn = {"costs": costs if random.random() < 0.5 else (), "decision": "a decision",
                 "value": random.choice([None, "7 12 31"])}  # fmt: skip
        groups = [
            random.choice(["", *cases.GROUPS] if "majority" not in name else cases.GROUPS) for _ in range(9)
        ]
        votes = merged(
            Vote(read_mark(row.mark, cases.mark(random, row.mark, list(ids)), ids), random.choice(groups[:3]))
            for _ in range(random.choice([0, 1, 4, 9, 12]))
        )
        ties = recount.Ties(ids, drawn["costs"], drawn["decision"], drawn["value"])
        theirs = recount.RULES[name][1](settings.as_facts(), recount.Profile(ids, own(votes), costs, ties))

        ours = row.count(settings, Profile(ids, votes, costs), TieBreak(ids, **drawn))

        said = {"selected": list(ours.selected), "tied": list(ours.tied), "figures": ours.figures}
        assert recount.canonical(vars(theirs)) == hashing.canonical(said), f"{name}-{seed}"


def own(votes: tuple[Vote, ...]) -> tuple[object, ...]:  # type: ignore[type-arg]
    return tuple(
        recount.Vote(vote.mark.value if hasattr(vote.mark, "value") else vote.mark, vote.group, vote.times)
        for vote in votes
    )
