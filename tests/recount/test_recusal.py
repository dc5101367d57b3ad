"""A recused seat equals one that never existed: by every rule, with every quorum, weight and tie."""

from fractions import Fraction
from random import Random
from uuid import UUID

import pytest

from app.rules.voting import quorum, ruling
from app.rules.voting.electorate import ElectorSeat, voters
from app.rules.voting.profile import Vote, read_mark
from app.rules.voting.tally import Terms, as_facts
from app.rules.voting.ties import Measure
from app.rules.words import StakeholderGroup
from tests.recount import cases
from tests.rules.many import SCALE

EACH = 40 * SCALE  # questions for each rule


def terms_of(random: Random) -> Terms:
    groups = list(StakeholderGroup)
    return Terms(
        quorum=random.choice([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3)]),
        required=tuple(random.sample(groups, random.randint(0, 2))),
        weights={group: random.randint(1, 3) for group in random.sample(groups, random.choice([0, 0, 3]))},
        measure=random.choice(list(Measure)),
        excused=tuple(random.sample(groups, random.choice([0, 0, 1]))),
    )


def electorate_of(random: Random) -> tuple[ElectorSeat, ...]:
    return tuple(
        ElectorSeat(UUID(int=number), UUID(int=1000 + number), random.choice(list(StakeholderGroup)[:3]))
        for number in range(1, random.randint(3, 9))
    )


def result(asked, seats, recused, marks):
    """The result as it is stored, without how many stepped aside."""
    allowed = voters(seats, recused)
    voted = {voter.seat_id for voter in allowed if voter.seat_id in marks}
    votes = [Vote(marks[voter.seat_id], voter.group.value) for voter in allowed if voter.seat_id in marks]
    present = quorum.presence(asked.terms.quorum, asked.terms.required, seats, allowed, voted)
    facts = as_facts(ruling.counted(asked, present, votes))
    return {**facts, "quorum": [{**row, "recused": 0} for row in facts["quorum"]]}


@pytest.mark.parametrize("name", sorted(cases.SETTINGS))
def test_a_recused_seat_equals_one_that_never_existed(name: str) -> None:
    for seed in range(EACH):
        random = Random(f"recusal-{name}-{seed}")
        made = cases.asked(random, name)
        asked = ruling.question(
            "a decision", made["options"], made["rule"], terms_of(random).as_facts(), None
        )
        seats = electorate_of(random)
        gone = {seat.seat_id for seat in seats if random.random() < 0.3}
        left = tuple(seat for seat in seats if seat.seat_id not in gone)
        if {seat.group for seat in left} != {seat.group for seat in seats}:
            continue  # a group that nobody is left in stops the vote, and one that never was does not
        marks = {
            seat.seat_id: read_mark(
                asked.mark, cases.mark(random, asked.mark, list(asked.options)), asked.options
            )
            for seat in seats
            if random.random() < 0.8
        }

        assert result(asked, seats, gone, marks) == result(asked, left, (), marks), f"{name}-{seed}"
