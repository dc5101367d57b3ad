"""Two thousand random decisions by every rule, open and secret: both programs come to the same bytes."""

from random import Random
from typing import Any
from uuid import UUID

from app.rules import hashing
from app.rules.voting import electorate, quorum, ruling, tally
from app.rules.voting.electorate import ElectorSeat
from app.rules.voting.profile import Vote, facts_of, read_mark
from app.rules.voting.table import RULES
from app.rules.words import StakeholderGroup
from tests.recount import cases
from tests.rules.many import SCALE

recount = cases.load_recount()
MANY = 200 * SCALE  # 2,000 in the long run
LOTS = (None, None, "7 12 31 40", "núm. 5")


def an_id(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def seats(random: Random) -> tuple[ElectorSeat, ...]:
    """Some seats of some groups, some with an alternate, who may be somebody who votes already."""
    groups = random.sample(list(StakeholderGroup), random.randint(1, 5))
    people = [an_id(random) for _ in range(30)]
    found = []
    for group in groups:
        for _ in range(random.randint(1, 4)):
            alternate = random.random() < 0.4
            found.append(ElectorSeat(
                an_id(random), people.pop(), group, an_id(random) if alternate else None,
                random.choice(people) if alternate else None,
            ))  # fmt: skip
    return electorate.freeze(found)


def terms(random: Random, groups: list[str], secret: bool) -> dict[str, Any]:
    weighed = random.random() < 0.25
    return {
        "quorum": random.choice(["1/2", "1/2", "0/1", "1/3", "2/3"]),
        "required": sorted(random.sample(groups, random.randint(0, len(groups)))),
        "weights": {group: random.randint(1, 4) for group in cases.GROUPS if weighed and group in groups},
        "tie": {"measure": random.choice(["none", "lower_cost"]), "lot": "the first draw of the week"},
        "secret": secret,
        "excused": sorted(random.sample(groups, random.choice([0, 0, 0, 1]))),
    }


class Made:
    """One decision: what was frozen, who voted what, and the result by the application."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        name = sorted(cases.SETTINGS)[seed % len(cases.SETTINGS)]
        self.asked = cases.asked(random, name)
        self.secret = random.random() < 0.4
        self.frozen = seats(random)
        listed = sorted({seat.group.value for seat in self.frozen})
        self.terms = terms(random, listed, self.secret)
        self.decision, self.lot = str(an_id(random)), random.choice(LOTS)
        self.rule = RULES[name].read(self.asked["rule"]).as_facts()
        self.question = ruling.question(self.decision, self.asked["options"], self.rule, self.terms, self.lot)
        everyone = [seat.seat_id for seat in self.frozen]
        everyone += [seat.alternate_seat_id for seat in self.frozen if seat.alternate_seat_id]
        self.recused = set(random.sample(everyone, min(len(everyone), random.choice([0, 0, 1, 2]))))
        self.absent = set(random.sample(everyone, random.choice([0, 0, 1])))
        self.voters = electorate.voters(self.frozen, self.recused, self.absent)

    def mark(self) -> dict[str, Any]:
        kind, options = self.question.mark, self.question.options
        made = cases.mark(self.random, kind, list(options))
        return facts_of(kind, read_mark(kind, made, options), options)

    def ballots(self) -> list[dict[str, Any]]:
        """Open: versions of seats that may vote, and of some that may not any more. Secret: one of each voter."""
        random, found = self.random, []
        if self.secret:
            for voter in self.voters:
                if random.random() < 0.8:
                    group = voter.group.value if self.question.counts_by_group else ""
                    found.append({"group": group, "mark": self.mark(), "voter": str(voter.seat_id)})
            return found
        for seat in self.frozen:
            for key in (seat.seat_id, seat.alternate_seat_id):
                if key is None or random.random() < (0.2 if key == seat.seat_id else 0.6):
                    continue
                found += [
                    {"seat": str(key), "version": version, "mark": self.mark()}
                    for version in range(1, random.choice([1, 1, 2, 3]) + 1)
                ]
        random.shuffle(found)
        return found

    def ours(self, ballots: list[dict[str, Any]]) -> dict[str, Any]:
        """As services/decisions_count.py counts."""
        kind, options = self.question.mark, self.question.options
        allowed = {str(voter.seat_id): voter.group.value for voter in self.voters}
        if self.secret:
            latest = {each["voter"]: (each["mark"], each["group"]) for each in ballots}
        else:
            ordered = sorted(ballots, key=lambda each: each["version"])
            latest = {each["seat"]: (each["mark"], allowed.get(each["seat"], "")) for each in ordered}
        counted = [
            Vote(read_mark(kind, mark, options), group)
            for seat, (mark, group) in latest.items()
            if seat in allowed
        ]
        voted = {UUID(seat) for seat in latest}
        asked = self.question.terms
        present = quorum.presence(asked.quorum, asked.required, self.frozen, self.voters, voted)
        outcome = ruling.counted(
            self.question, present, counted, 0 if self.secret else len(latest) - len(counted)
        )
        return tally.as_facts(outcome)

    def case(self, ballots: list[dict[str, Any]]) -> Any:
        """What a pack holds of it, as far as counting goes."""
        listed = [
            {"seat": str(each.seat_id), "group": each.group.value,
             "alternate": str(each.alternate_seat_id) if each.alternate_seat_id else None}
            for each in self.frozen
        ]  # fmt: skip
        frozen = {"format": "comission-decision/2", "decision": self.decision, "options": self.asked["options"],
                  "rule": self.rule, "terms": self.terms, "electorate": listed}  # fmt: skip
        count = {
            "recused": sorted(map(str, self.recused)),
            "absent": sorted(map(str, self.absent)),
            "stood_in": {
                str(each.stands_for): str(each.seat_id) for each in self.voters if each.is_alternate
            },
            "voted": sorted(each["voter"] for each in ballots) if self.secret else [],
            "lot_value": self.lot,
            "withheld": False,
        }
        return recount.Case(frozen, count, ballots)


def test_both_come_to_the_same_bytes() -> None:
    states: dict[str, int] = {}
    done = 0
    for seed in range(2 * MANY):
        made = Made(seed)
        ballots = made.ballots()
        ours = made.ours(ballots)

        theirs = recount.checked_count(made.case(ballots), made.lot)

        assert recount.canonical(theirs) == hashing.canonical(ours), seed
        states[ours["state"]] = states.get(ours["state"], 0) + 1
        done += 1
        if done == MANY:
            break
    assert done == MANY
    assert set(states) == {"carried", "lost", "tied", "inquorate"}
    assert min(states.values()) >= MANY // 50, states


def test_a_ballot_more_or_less_is_another_result_or_the_same_by_the_rule() -> None:
    """The recount does not merely echo: with one mark changed both change alike."""
    differs = 0
    for seed in range(MANY // 4):
        made = Made(seed)
        ballots = made.ballots()
        if not ballots:
            continue
        before = made.ours(ballots)
        ballots[0] = {**ballots[0], "mark": made.mark()}
        after = made.ours(ballots)

        assert recount.canonical(recount.checked_count(made.case(ballots), made.lot)) == hashing.canonical(
            after
        )
        differs += before != after
    assert differs > MANY // 20
