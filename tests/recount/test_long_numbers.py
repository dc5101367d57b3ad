"""Groups of many hundreds with weights make numbers of over sixteen digits: nothing is refused, nothing rounded."""

import json
from typing import Any
from uuid import UUID

import pytest

from app.rules import hashing
from app.rules.voting import quorum, ruling, tally
from app.rules.voting.electorate import ElectorSeat, Voter
from app.rules.voting.profile import Vote, read_mark
from app.rules.voting.table import RULES
from app.rules.words import StakeholderGroup
from tests.recount import cases

recount = cases.load_recount()

# Primes, so that their least common multiple is their product: 10^12 and more for five groups, 10^15 with these.
SIZES = dict(zip(StakeholderGroup, (997, 1009, 1013, 1019, 1021), strict=True))
OPTIONS = ("one", "two", "three")
MARKS: dict[str, list[dict[str, Any]]] = {
    "choice": [{"choice": each} for each in ("for", "against", "abstain")],
    "consent": [{"consent": each} for each in ("consent", "object")],
    "approval": [{"approved": ["one"]}, {"approved": ["one", "two"]}, {"approved": ["three"]}],
    "ranking": [{"ranking": [["one"], ["two"], ["three"]]}, {"ranking": [["three"], ["two"]]}, {"ranking": [["two"]]}],
    "grades": [{"grades": {"one": 5, "two": 3, "three": 0}}, {"grades": {"one": 1, "two": 2, "three": 4}}],
    "scores": [{"scores": {"one": 9, "two": 3, "three": 0}}, {"scores": {"one": 1, "two": 2, "three": 10}}],
}  # fmt: skip


def seat(number: int) -> UUID:
    return UUID(int=number)


@pytest.mark.parametrize("name", sorted(RULES))
def test_numbers_beyond_sixteen_digits_are_kept_and_recounted_exactly(name: str) -> None:
    rule = RULES[name].defaults.as_facts()
    is_money = name.startswith("greedy")
    options = [{"id": each, **({"cost": 1} if is_money else {})} for each in OPTIONS]
    options = options[:1] if RULES[name].mark.value in ("choice", "consent") else options
    weights = {group.value: 7 for group in StakeholderGroup}
    terms = {**tally.Terms().as_facts(), "weights": weights, "secret": True}
    asked = ruling.question("d", options, rule, terms)
    random, groups = cases.Random(7), [group for group, many in SIZES.items() for _ in range(many)]
    marks = [random.choice(MARKS[RULES[name].mark.value]) for _ in groups]
    votes = [
        Vote(read_mark(asked.mark, mark, asked.options), group.value)
        for mark, group in zip(marks, groups, strict=True)
    ]
    frozen = tuple(ElectorSeat(seat(at), seat(at), group) for at, group in enumerate(groups))
    voters = tuple(Voter(each.seat_id, each.person_id, each.group, each.seat_id) for each in frozen)
    present = quorum.presence(asked.terms.quorum, (), frozen, voters, {each.seat_id for each in frozen})

    outcome = ruling.counted(asked, present, votes)
    kept = tally.as_facts(outcome)

    written = hashing.canonical(kept)
    if name not in ("consent", "equal_shares", "phragmen"):
        assert b'{"whole":"' in written
    assert tally.read(json.loads(written))["figures"] == json.loads(json.dumps(dict(outcome.count.figures)))
    listed = [{"seat": str(each.seat_id), "group": each.group.value, "alternate": None} for each in frozen]
    document = {
        "format": "comission-decision/2", "decision": "d", "options": options, "rule": rule, "terms": terms,
        "electorate": listed,
    }  # fmt: skip
    count = {
        "recused": [], "absent": [], "stood_in": {}, "voted": [each["seat"] for each in listed], "lot_value": None,
        "withheld": False,
    }  # fmt: skip
    ballots = [{"mark": mark, "group": group.value} for mark, group in zip(marks, groups, strict=True)]
    again = recount.checked_count(recount.Case(document, count, ballots), None)
    assert recount.canonical(again) == written
