"""How far more money changes nothing: steps of adding that need no count, so that large budgets end too.

While every ballot gets a little more, the same options are bought in the same order for some time. Along the way each
purse, and the payment for each option bought, is a straight line in the money added, until a supporter who gave all it
had no longer needs to. The payment for any other option is a convex function of it, so its tangent is never above it
(N. Boehmer and others use the same idea to find the next outcome: "Streamlining Equal Shares", arXiv 2502.11797).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.rules.voting.supporters import Supporters

# From here on it costs more to look ahead than to count again.
MOST_VOTES = 200


@dataclass(frozen=True)
class Line:
    """`at` now and `slope` for each step more; true until `end` steps more, or always."""

    at: Fraction
    slope: Fraction
    end: Fraction | None = None


def sooner(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


class Ahead:
    """The purses of all votes as lines, while the options bought are bought again one after another."""

    def __init__(
        self,
        supporters: Supporters,
        filled: Sequence[Fraction],
        growth: Sequence[Fraction],
        costs: Sequence[int],
    ) -> None:
        self.supporters, self.costs = supporters, costs
        self.amount, self.slope = list(filled), list(growth)

    def unchanged(self, bought: Sequence[int], wanted: Sequence[int]) -> int:
        """How many steps more surely lead to the same options in the same order."""
        end: Fraction | None = None
        left = set(wanted)
        for option in bought:
            left.remove(option)
            payment = self.payment(option)
            if payment is None:
                raise ValueError("an option was bought that its supporters cannot afford")
            end = sooner(end, payment.end)
            for other in left:
                end = sooner(end, self.meets(option, payment, other))
            self.pay(option, payment)
        for other in left:
            end = sooner(end, self.affordable(other))
        # At the very end two prices are equal or something can just be afforded: count again there.
        return 0 if end is None else max(0, -(-end.numerator // end.denominator) - 1)

    def payment(self, option: int) -> Line | None:
        """What each supporter pays who does not give all it has; None where they cannot afford it."""
        rest, slope = Fraction(self.costs[option]), Fraction(0)
        heads = self.supporters.ballots[option]
        poor: list[int] = []
        for vote in sorted(self.supporters.of[option], key=self.amount.__getitem__):
            if self.amount[vote] * heads >= rest:
                at, falls = rest / heads, slope / heads
                ends = [
                    (at - self.amount[each]) / (self.slope[each] - falls)
                    for each in poor
                    if self.slope[each] > falls
                ]
                return Line(at, falls, min(ends, default=None))
            times = self.supporters.times[vote]
            rest -= self.amount[vote] * times
            slope -= self.slope[vote] * times
            heads -= times
            poor.append(vote)
        return None

    def meets(self, option: int, payment: Line, other: int) -> Fraction | None:
        """When the other option may become as cheap as the one bought; None where it never does."""
        theirs = self.payment(other)
        if theirs is None:
            return self.affordable(other)
        gap = theirs.at / self.costs[other] - payment.at / self.costs[option]
        closing = payment.slope / self.costs[option] - theirs.slope / self.costs[other]
        return gap / closing if closing > 0 else None

    def affordable(self, option: int) -> Fraction | None:
        """When the supporters' purses hold what the option costs; None where they never do."""
        votes, times = self.supporters.of[option], self.supporters.times
        growth = sum((self.slope[vote] * times[vote] for vote in votes), Fraction(0))
        missing = self.costs[option] - sum((self.amount[vote] * times[vote] for vote in votes), Fraction(0))
        return missing / growth if growth else None

    def pay(self, option: int, payment: Line) -> None:
        for vote in self.supporters.of[option]:
            if self.amount[vote] < payment.at:
                self.amount[vote] = self.slope[vote] = Fraction(0)
            else:
                self.amount[vote] -= payment.at
                self.slope[vote] -= payment.slope
