"""The form of a question of any kind: what is asked, and how it shall be counted."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from app.routers.forms import FormModel, Maybe, cleaned
from app.rules import texts
from app.rules.texts import Limits
from app.services.decisions_rule import MOST_OPTIONS, RuleChoice

LINES = Limits(0, 20_000)
LOT = Limits(0, 200, one_line=True)
BOXES = ("groups_alike", "has_default", "default_quorum", "secret", "lower_cost_first")
Share = Literal["1/2", "2/3", "3/4", "1/1"]


class QuestionForm(FormModel):
    question: Annotated[str, cleaned(texts.QUESTION)]
    rule: Annotated[str, Field(max_length=40)] = ""
    seats: Annotated[int, Field(ge=1, le=MOST_OPTIONS)] = 1
    budget: Annotated[Annotated[Decimal, Field(gt=0, lt=10**12, decimal_places=2)] | None, Maybe] = None
    share: Share = "2/3"
    quorum: Literal["1/3", "1/2", "2/3"] = "1/2"
    enough: Annotated[Annotated[int, Field(ge=1, le=5)] | None, Maybe] = None
    groups_alike: Literal["", "yes"] = ""
    has_default: Literal["", "yes"] = ""
    default_quorum: Literal["", "yes"] = ""
    over_default: Literal["1/1", "2/1", "3/1"] = "1/1"
    secret: Literal["", "yes"] = ""
    lower_cost_first: Literal["", "yes"] = ""
    lot: Annotated[str, cleaned(LOT)] = ""
    lines: Annotated[str, cleaned(LINES)] = ""

    def choice(self) -> RuleChoice:
        return RuleChoice(
            name=self.rule,
            seats=self.seats,
            budget=cents(self.budget),
            share=Fraction(self.share),
            quorum=Fraction(self.quorum),
            enough=self.enough,
            groups_alike=bool(self.groups_alike),
            has_default=bool(self.has_default),
            default_quorum=bool(self.default_quorum),
            over_default=Fraction(self.over_default),
            secret=bool(self.secret),
            lower_cost_first=bool(self.lower_cost_first),
            lot=self.lot,
        )


def cents(amount: Decimal | None) -> int:
    return int(amount * 100) if amount is not None else 0


def choice_values(wanted: RuleChoice) -> dict[str, Any]:
    """A rule as the form shows it again."""
    return {
        "rule": wanted.name,
        "seats": str(wanted.seats),
        "budget": f"{Decimal(wanted.budget) / 100:f}" if wanted.budget else "",
        "share": f"{wanted.share.numerator}/{wanted.share.denominator}",
        "over_default": f"{wanted.over_default.numerator}/{wanted.over_default.denominator}",
        "quorum": f"{wanted.quorum.numerator}/{wanted.quorum.denominator}",
        "enough": str(wanted.enough or ""),
        **{name: "yes" if getattr(wanted, name) else "" for name in BOXES},
        "lot": wanted.lot,
    }
