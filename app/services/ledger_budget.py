"""What a portfolio was given: no more public money is committed to its projects than the vote had to divide."""

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar, Protocol
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict
from app.models.mission import Mission
from app.models.money import Money
from app.rules import money as rules
from app.rules.words import N_, MoneyKind, StakeholderGroup
from app.services import ledger, portfolio_votes


class BeyondBudget(Conflict):
    sentence: ClassVar[str] = N_(
        "The vote on this portfolio had %(budget)s %(currency)s to divide, and %(committed)s of it is committed: this "
        "line would go beyond. Another vote can divide more."
    )


class Typed(Protocol):
    """A line of money as it was typed, as far as a budget asks."""

    @property
    def kind(self) -> MoneyKind: ...
    @property
    def source_group(self) -> StakeholderGroup | None: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def project_id(self) -> UUID | None: ...
    @property
    def replaces_id(self) -> UUID | None: ...


def require_within(session: Session, mission: Mission, typed: Typed, before: Sequence[Money]) -> None:
    """Refuse a public commitment beyond the budget of the vote that chose the project; others have no such limit.

    Whoever calls holds the mission, so that two lines at once cannot both take the last of it.
    """
    if typed.kind is not MoneyKind.COMMITTED or typed.source_group not in rules.CUT:
        return
    assert typed.project_id is not None
    chosen = portfolio_votes.of_project(session, mission.id, typed.project_id)
    if chosen is None or (chosen.currency and chosen.currency != typed.currency):
        return
    paid = {each.id for each in chosen.projects.values()}
    found = [each for each in ledger.standing(before) if each.key != typed.replaces_id]
    committed = sum(
        each.cents
        for each in rules.committed(found, typed.currency)
        if each.group in rules.CUT and each.project in paid
    )
    if committed + rules.in_cents(typed.amount) > chosen.budget:
        raise BeyondBudget(
            budget=rules.amount(chosen.budget), committed=rules.amount(committed), currency=typed.currency
        )
