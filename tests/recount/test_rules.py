"""Every rule, counted by the application and by the stranger's program: the same figures, every time."""

from random import Random

import pytest

from app.rules import hashing
from app.rules.voting import ruling
from app.rules.voting.files import writing
from app.rules.voting.profile import Profile, Vote, merged, read_mark
from app.rules.voting.table import RULES
from app.rules.voting.tally import Terms
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
        settings = row.read(asked["rule"])
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


@pytest.mark.parametrize("name", sorted(cases.SETTINGS))
def test_the_files_for_other_programs_are_read_back(name: str) -> None:
    for seed in range(EACH):
        random = Random(f"files-{name}-{seed}")
        made = cases.asked(random, name)
        frozen = {"format": "comission-decision/2", **made, "terms": Terms().as_facts()}
        asked = ruling.question("a decision", made["options"], made["rule"], frozen["terms"])
        case = recount.Case(frozen, {}, [])
        votes = merged(
            Vote(
                read_mark(asked.mark, cases.mark(random, asked.mark, list(asked.options)), asked.options),
                random.choice(["third", "public"]),
            )
            for _ in range(random.choice([0, 1, 7]))
        )

        files = writing.files(asked, votes, {}, "What?")

        for kind, read in (
            ("csv", recount.in_table(case)),
            ("blt", recount.in_blt),
            ("pb", recount.in_pb(case)),
        ):
            if f"vote.{kind}" in files:
                found = recount.merged(read(files[f"vote.{kind}"].decode()))
                expected = recount.merged(recount.without_groups(own(votes)) if kind == "blt" else own(votes))
                assert sorted(map(repr, found)) == sorted(map(repr, expected)), f"{kind} {name}-{seed}"
