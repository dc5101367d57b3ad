"""Capabilities over the years, and the share of delivery held in the house."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from app.rules import capabilities as rules
from app.rules.capabilities import Role, Scored, Step
from app.rules.words import Capability
from tests.rules.many import many

DAYS = some.dates(date(2015, 1, 1), date(2026, 11, 22))


def test_a_capability_changes_by_year_and_the_last_score_of_a_year_counts() -> None:
    learning = Capability.LEARNING
    scores = [Scored(learning, 2026, 4), Scored(learning, 2023, 1), Scored(learning, 2023, 2)]

    found = rules.by_year(scores)

    assert found[learning] == (Step(2023, 2, None), Step(2026, 4, 2))
    assert found[Capability.AWARENESS] == ()


def test_a_role_counts_from_its_day_to_the_day_before_its_end() -> None:
    role = Role(True, date(2025, 3, 1), date(2026, 3, 1))

    assert [role.runs_on(day) for day in (date(2025, 2, 28), date(2025, 3, 1), date(2026, 3, 1))] == [
        False, True, False,
    ]  # fmt: skip


def test_the_trend_tells_every_year_and_today() -> None:
    roles = [
        Role(True, date(2024, 1, 1), date(2026, 1, 1)),
        Role(False, date(2025, 6, 1)),
        Role(False, date(2026, 1, 1)),
    ]

    assert rules.trend(roles, date(2026, 11, 22)) == (
        (date(2024, 12, 31), Fraction(1)),
        (date(2025, 12, 31), Fraction(1, 2)),
        (date(2026, 11, 22), Fraction(0)),
    )


@given(some.lists(some.booleans(), min_size=1, max_size=12), some.data())
@many()
def test_outsourcing_any_role_lowers_the_share(in_house: list[bool], data: some.DataObject) -> None:
    roles = [Role(each, date(2020, 1, 1)) for each in [*in_house, True]]
    held = [place for place, each in enumerate(roles) if each.is_in_house]
    chosen, day = (
        data.draw(some.sampled_from(held)),
        data.draw(DAYS.filter(lambda day: day > date(2020, 1, 1))),
    )

    after = [*roles, Role(False, day)]
    after[chosen] = Role(True, date(2020, 1, 1), day)

    before, now = rules.in_house(roles, day), rules.in_house(after, day)
    assert before is not None
    assert now == before - Fraction(1, len(roles))
