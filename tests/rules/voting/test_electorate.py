from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import hashing
from app.rules.voting import electorate
from app.rules.voting.electorate import ElectorSeat, NobodyVotes, SeatedTwice
from app.rules.words import StakeholderGroup
from tests.rules.many import many
from tests.rules.voting.seats import ALTERNATES, PEOPLE, seat

CITIZENS, THIRD = StakeholderGroup.CITIZENS, StakeholderGroup.THIRD
groups = st.sampled_from(StakeholderGroup)
electorates = st.lists(st.tuples(groups, st.none() | st.integers(1, 6)), min_size=1, max_size=12).map(
    lambda rows: [seat(number, group, alternate) for number, (group, alternate) in enumerate(rows, 1)]
)


def ids(found) -> list[int]:
    return [voter.seat_id.int for voter in found]


def test_without_recusals_every_seat_votes_for_itself():
    found = electorate.voters([seat(1, CITIZENS, alternate=1), seat(2, THIRD)])

    assert ids(found) == [1, 2]
    assert not any(voter.is_alternate for voter in found)


def test_the_alternate_steps_in_for_a_recused_seat():
    found = electorate.voters([seat(1, CITIZENS, alternate=1), seat(2, THIRD)], {UUID(int=1)})

    assert ids(found) == [ALTERNATES + 1, 2]
    assert found[0].is_alternate
    assert (found[0].stands_for, found[0].group) == (UUID(int=1), CITIZENS)


def test_without_an_alternate_the_seat_leaves_the_count():
    assert ids(electorate.voters([seat(1, CITIZENS), seat(2, THIRD)], {UUID(int=1)})) == [2]


def test_a_recused_alternate_does_not_step_in():
    recused = {UUID(int=1), UUID(int=ALTERNATES + 1)}

    assert ids(electorate.voters([seat(1, CITIZENS, alternate=1), seat(2, THIRD)], recused)) == [2]


def test_one_alternate_named_by_two_seats_steps_in_once():
    seats = [seat(1, CITIZENS, alternate=1), seat(2, CITIZENS, alternate=1)]

    found = electorate.voters(seats, {UUID(int=1), UUID(int=2)})

    assert ids(found) == [ALTERNATES + 1]


def test_nobody_with_a_seat_votes_again_as_an_alternate():
    holder = seat(2, CITIZENS)
    double = ElectorSeat(UUID(int=1), UUID(int=PEOPLE + 1), CITIZENS, UUID(int=9), holder.person_id)

    assert ids(electorate.voters([double, holder], {UUID(int=1)})) == [2]


def test_a_recused_person_does_not_come_back_as_an_alternate():
    holder = seat(2, CITIZENS)
    double = ElectorSeat(UUID(int=1), UUID(int=PEOPLE + 1), CITIZENS, UUID(int=9), holder.person_id)

    assert electorate.voters([double, holder], {UUID(int=1), UUID(int=2)}) == ()


def test_each_person_finds_their_own_ballot():
    seats = [seat(1, CITIZENS, alternate=1), seat(2, THIRD)]
    recused = {UUID(int=1)}

    assert electorate.voter_of(seats, recused, UUID(int=PEOPLE + 1)) is None
    stand_in = electorate.voter_of(seats, recused, UUID(int=PEOPLE + ALTERNATES + 1))
    assert stand_in is not None
    assert stand_in.stands_for == UUID(int=1)
    assert electorate.voter_of(seats, (), UUID(int=PEOPLE + ALTERNATES + 1)) is None
    assert electorate.voter_of(seats, (), UUID(int=77)) is None


def test_an_electorate_without_seats_is_refused():
    with pytest.raises(NobodyVotes):
        electorate.freeze([])


def test_a_person_with_two_voting_seats_is_refused():
    one = seat(1, CITIZENS)

    with pytest.raises(SeatedTwice):
        electorate.freeze([one, ElectorSeat(UUID(int=2), one.person_id, THIRD)])


@many()
@given(electorates, st.randoms(use_true_random=False))
def test_the_frozen_electorate_does_not_depend_on_the_order_of_rows(seats, random: Random):
    shuffled = list(seats)
    random.shuffle(shuffled)

    frozen = electorate.freeze(seats)

    assert electorate.freeze(shuffled) == frozen
    assert electorate.from_facts(electorate.as_facts(frozen)) == frozen
    assert hashing.canonical(electorate.as_facts(frozen))


@many(200)
@given(electorates, st.sets(st.integers(1, 12) | st.integers(ALTERNATES + 1, ALTERNATES + 6)))
def test_no_recused_seat_votes_and_nobody_votes_twice(seats, numbers):
    recused = {UUID(int=number) for number in numbers}

    found = electorate.voters(seats, recused)

    assert not {voter.seat_id for voter in found} & recused
    assert len({voter.person_id for voter in found}) == len(found)
    assert len({voter.stands_for for voter in found}) == len(found) <= len(seats)
    own_group = {each.seat_id: each.group for each in seats}
    assert all(voter.group is own_group[voter.stands_for] for voter in found)
    untouched = {each.seat_id for each in seats} - recused
    assert untouched == {voter.seat_id for voter in found if not voter.is_alternate}


def test_of_an_absent_seat_the_alternate_votes_and_the_base_stays() -> None:
    anna = ElectorSeat(uuid4(), uuid4(), StakeholderGroup.CITIZENS, uuid4(), uuid4())
    ben = ElectorSeat(uuid4(), uuid4(), StakeholderGroup.CITIZENS)

    found = electorate.voters([anna, ben], absent=[anna.seat_id, ben.seat_id])

    assert [(each.seat_id, each.stands_for, each.for_absence) for each in found] == [
        (anna.alternate_seat_id, anna.seat_id, True), (ben.seat_id, ben.seat_id, False),
    ]  # fmt: skip
    both = electorate.voters([anna, ben], recused=[anna.seat_id], absent=[anna.seat_id])
    assert (both[0].is_alternate, both[0].for_absence) == (True, False)
    without = electorate.voters(
        [anna, ben], recused=[anna.alternate_seat_id or ben.seat_id], absent=[anna.seat_id]
    )
    assert [each.seat_id for each in without] == [anna.seat_id, ben.seat_id]
