"""Totals of the ledger are those of a naive model, to the cent, in whatever order lines are added and corrected."""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.rules.words import Certainty, MoneyKind, StakeholderGroup
from app.services import ledger, missions_numbers
from app.services.missions_numbers import AlreadyReplaced, MoneyText
from tests.rules.many import many
from tests.services.drafted import make_mission

AS_IN_HOUSE = settings(many(25), suppress_health_check=list(HealthCheck))
CENTS = st.one_of(st.integers(1, 999), st.integers(1, 10**15))


@dataclass(frozen=True)
class Said:
    """One line as somebody types it; `at` names the line it corrects, of those that are there by then."""

    kind: MoneyKind
    group: StakeholderGroup | None
    year: int
    cents: int
    currency: str
    certainty: Certainty
    at: int | None


SAYINGS = st.lists(
    st.builds(
        Said, kind=st.sampled_from(MoneyKind), group=st.none() | st.sampled_from(StakeholderGroup),
        year=st.integers(2026, 2033), cents=CENTS, currency=st.sampled_from(["EUR", "CLP", "JPY"]),
        certainty=st.sampled_from(Certainty), at=st.none() | st.integers(0, 30),
    ).flatmap(lambda said: st.sampled_from([said, said, replace(said, cents=0)])),
    max_size=14,
)  # fmt: skip


class Naive:
    """What stands, as a list of lines with those that were corrected struck out."""

    def __init__(self) -> None:
        self.lines: list[Said] = []
        self.struck: set[int] = set()

    def cents(self, currency: str, kind: MoneyKind, **of: object) -> int:
        return sum(
            each.cents
            for place, each in enumerate(self.lines)
            if place not in self.struck and (each.currency, each.kind) == (currency, kind)
            and all(getattr(each, name) == value for name, value in of.items())
        )  # fmt: skip


@AS_IN_HOUSE
@given(sayings=SAYINGS)
def test_totals_are_those_of_a_naive_model(session: Session, sayings: list[Said]) -> None:
    """Added, corrected by another amount, year, kind or currency, taken back, or tried twice."""
    with session.begin_nested() as whole:
        mission, scene = make_mission(session)
        naive, keys = Naive(), list[UUID]()
        for said in sayings:
            at = said.at % len(keys) if said.at is not None and keys else None
            typed = MoneyText(
                said.kind, "Budget law", said.group, said.year, Decimal(said.cents) / 100, said.currency,
                said.certainty, replaces_id=None if at is None else keys[at],
            )  # fmt: skip
            if at in naive.struck:
                with pytest.raises(AlreadyReplaced):
                    missions_numbers.add_money(session, mission, typed, scene.carol.id)
                continue
            keys.append(missions_numbers.add_money(session, mission, typed, scene.carol.id).id)
            naive.lines.append(said)
            naive.struck |= set() if at is None else {at}
        session.expire_all()
        agrees(ledger.told(session, mission), naive)
        whole.rollback()


def agrees(told: ledger.Told, naive: Naive) -> None:
    """Every cell of every table, the file that is taken along, and nothing beside."""
    assert len(told.lines) == len(naive.lines)
    standing = [each for place, each in enumerate(naive.lines) if place not in naive.struck and each.cents]
    assert {each.currency for each in told.accounts} == {each.currency for each in standing}
    for account in told.accounts:
        name = account.currency
        assert cents(account.total) == {kind: naive.cents(name, kind) for kind in MoneyKind}
        for of, rows in (
            ("year", account.years),
            ("group", account.groups),
            ("certainty", account.certainties),
        ):
            for row in rows:
                assert cents(row) == {kind: naive.cents(name, kind, **{of: row.of}) for kind in MoneyKind}
            for kind in MoneyKind:
                assert sum(cents(row)[kind] for row in rows) == naive.cents(name, kind)
        assert account.patience.committed == naive.cents(name, MoneyKind.COMMITTED)
        public = naive.cents(name, MoneyKind.COMMITTED, group=StakeholderGroup.PUBLIC)
        assert account.leverage.public == public
    head, *lines = list(ledger.table(told))
    places = [head.index(each) for each in ("counts", "currency", "kind", "amount")]
    file: Counter[tuple[str, str]] = Counter()
    for line in lines:
        counts, currency, kind, amount = (line[place] for place in places)
        file[currency, kind] += int(Decimal(amount) * 100) if counts == "yes" else 0
    assert +file == +Counter({(each.currency, kind.value): naive.cents(each.currency, kind) for each in standing
                              for kind in MoneyKind})  # fmt: skip


def cents(row: ledger.Row) -> dict[MoneyKind, int]:
    return {kind: int(amount * 100) for kind, amount in zip(ledger.KINDS, row.amounts, strict=True)}
