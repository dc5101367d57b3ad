"""Who resolves an interest: never the person concerned, never whoever raised it."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import interests
from app.rules.interests import Case, NotTheResolver, ReasonNeeded
from app.rules.words import InterestEffect as E
from app.rules.words import InterestKind
from tests.rules.many import many

CHAIR, DEPUTY, ANNA, BEN = (uuid4() for _ in range(4))


@pytest.mark.parametrize(
    ("concerned", "raised_by", "away", "who"),
    [
        pytest.param(ANNA, None, (), {CHAIR}, id="the chair resolves"),
        pytest.param(CHAIR, BEN, (), {DEPUTY}, id="the chair's own goes to the deputy"),
        pytest.param(ANNA, CHAIR, (), {DEPUTY}, id="nobody resolves what they raised"),
        pytest.param(DEPUTY, CHAIR, (), set(), id="with both concerned somebody else has to be seated"),
        pytest.param(ANNA, None, (CHAIR,), {DEPUTY}, id="the deputy stands in for a chair who is away"),
    ],
)
def test_the_chair_resolves_unless_it_concerns_the_chair(
    concerned: UUID, raised_by: UUID | None, away: tuple[UUID, ...], who: set[UUID]
) -> None:
    assert Case(concerned, raised_by, [CHAIR], [DEPUTY], away).resolvers() == who


PEOPLE = st.sampled_from([CHAIR, DEPUTY, ANNA, BEN])


@many(200)
@given(PEOPLE, st.none() | PEOPLE, st.lists(PEOPLE), st.lists(PEOPLE), st.lists(PEOPLE))
def test_nobody_is_ever_a_judge_in_their_own_case(
    concerned: UUID, raised_by: UUID | None, chairs: list[UUID], deputies: list[UUID], away: list[UUID]
) -> None:
    found = Case(concerned, raised_by, chairs, deputies, away).resolvers()

    assert found <= {*chairs, *deputies}
    assert not found & {concerned, raised_by, *away}


def test_what_changes_something_for_a_person_has_a_reason() -> None:
    interests.require_resolution(E.DISCLOSE, was_raised=False, reason="")
    interests.require_resolution(E.UNFOUNDED, was_raised=True, reason="They left that firm in 2019.")
    for effect, was_raised in ((E.RECUSE, False), (E.RECUSE, True), (E.DISCLOSE, True), (E.UNFOUNDED, True)):
        with pytest.raises(ReasonNeeded):
            interests.require_resolution(effect, was_raised=was_raised, reason="  ")


def test_what_somebody_says_of_themselves_is_not_called_unfounded() -> None:
    with pytest.raises(NotTheResolver):
        interests.require_resolution(E.UNFOUNDED, was_raised=False, reason="No.")


def test_people_choose_among_five_kinds() -> None:
    assert [kind.value for kind in interests.DECLARED] == [
        "employer",
        "money",
        "family",
        "competing",
        "other",
    ]
    assert InterestKind.NOTHING not in interests.DECLARED
