"""What would fall if a year's money were cut: read from the rows, told as facts with a hash, and never written."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from app.errors import Conflict
from app.models.columns import now
from app.models.mission import Mission
from app.rules import criteria as criteria_rules
from app.rules import hashing, money, portfolio
from app.rules import what_if as rules
from app.rules.money import Line, Patience
from app.rules.portfolio import Flip, Member
from app.rules.voting import effort, ruling
from app.rules.what_if import Material, Piece, Saved, Shock
from app.rules.words import N_, MoneyKind
from app.services import (
    criteria,
    decisions_freeze,
    decisions_withheld,
    ledger,
    portfolio_members,
    portfolio_votes,
    what_if_falls,
)
from app.services.portfolio_votes import Chosen
from app.services.what_if_falls import Fallen

FORMAT = "comission-what-if/1"
# The reverse question runs the rule once for each line of the year: it may take so much longer than one run.
TIMES = 4


class VotesWithheld(Conflict):
    sentence: ClassVar[str] = N_(
        "So few voted in secret that their ballots are told to nobody: they cannot be counted under another budget."
    )


class TooLarge(Conflict):
    sentence: ClassVar[str] = N_(
        "This vote takes long to count, too long for a page. Its pack holds all that a count of your own needs."
    )


class RunHasChanged(Conflict):
    sentence: ClassVar[str] = N_(
        "The run that you cite no longer comes to the same: money, projects, links or milestones have changed since. "
        "Nothing is sent; ask it again and cite what it comes to now."
    )


@dataclass(frozen=True)
class Cited:
    """A run as somebody cites it: what was asked, of which vote, and the hash of what it came to."""

    year: int
    percent: int
    vote: str
    hash: str

    def as_facts(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Spread:
    """How ready the portfolio is: the levels from 1 to 9, and the share that still has to be proved."""

    levels: tuple[int, ...]

    @property
    def share(self) -> Fraction | None:
        if not self.levels:
            return None
        return Fraction(sum(each <= criteria_rules.NEW_UP_TO for each in self.levels), len(self.levels))


@dataclass(frozen=True)
class Run:
    """One run, whole: what was asked, what it comes to, and the hash by which a decision can cite it."""

    chosen: Chosen
    year: int
    percent: int
    currency: str
    shock: Shock
    fallen: Fallen
    flips: list[Flip]
    readiness: tuple[Spread, Spread]
    patience: tuple[Patience, Patience]
    mission_id: UUID
    saved: list[Saved]
    untried: int

    @property
    def hash(self) -> str:
        return hashing.digest(facts(self))

    @property
    def money(self) -> dict[str, Decimal]:
        """The amounts of the first sentences, by name."""
        cents = {"budget": self.chosen.budget, "cut": self.shock.taken, "left": self.shock.left}
        return {
            name: money.amount(each) for name, each in (cents | {"short": self.shock.again.short}).items()
        }

    @property
    def costs(self) -> dict[str, Decimal]:
        """What each option costs, as the vote had it."""
        return {each["id"]: money.amount(each["cost"]) for each in self.chosen.decision.options}

    @property
    def shrunk(self) -> dict[str, Decimal]:
        return {option: money.amount(cents) for option, cents in self.shock.falls.shrunk.items()}

    def amount(self, cents: int) -> Decimal:
        return money.amount(cents)


def run(session: Session, mission: Mission, chosen: Chosen, year: int, percent: int) -> Run:
    """Cut `percent` (0 to 100) of the public commitments of a year, and see what falls; reads only."""
    lines, currency = ledger.lines(session, mission.id), chosen.currency
    currency = currency or ledger.main_currency(lines)
    material = gathered(session, chosen, lines, currency)
    share = Fraction(percent, 100)
    shock = rules.shock(material, year, share)
    fallen = what_if_falls.told(session, mission, chosen, shock.falls)
    members = portfolio_members.members(session, mission, lines)
    left = money.after(lines, shock.cuts, fallen.gone)
    remaining = [each for each in members if each.key not in fallen.gone]
    saved, untried = reverse(material, shock, share, year, fallen)
    return Run(
        chosen, year, percent, currency, shock, fallen,
        flips(session, mission, members, revalued(remaining, left, currency)),
        (spread(members), spread(remaining)),
        (money.patience(lines, currency), money.patience(left, currency)),
        mission.id, saved, untried,
    )  # fmt: skip


def require_same(session: Session, mission: Mission, cites: Cited) -> None:
    """Refuse to cite what the run does not come to, or does not come to any more."""
    votes = portfolio_votes.of_mission(session, mission.id)
    chosen = next((each for each in votes if str(each.decision.id) == cites.vote), None)
    if chosen is None or run(session, mission, chosen, cites.year, cites.percent).hash != cites.hash:
        raise RunHasChanged()


def gathered(session: Session, chosen: Chosen, lines: Sequence[Line], currency: str) -> Material:
    """The question and the ballots as they were frozen, and its options as they stand today."""
    decision = chosen.decision
    if decisions_withheld.is_withheld(decision):
        raise VotesWithheld()
    asked, votes = decisions_freeze.question_of(decision), decisions_withheld.votes(session, decision)
    # Here nothing is compared with what other rules choose.
    if effort.of_rule(asked, ruling.profile_of(asked, votes)) > effort.HEAVY:
        raise TooLarge()
    spent = money.totals(
        (each for each in lines if each.kind is MoneyKind.SPENT and each.currency == currency),
        lambda line: line.project,
    )
    pieces = [
        piece(option, cost, chosen, spent)
        for option, cost in zip(asked.options, asked.costs, strict=True)
    ]  # fmt: skip
    of_it = {each.project for each in pieces} | {None}
    paying = [each for each in lines if each.project in of_it]
    return Material(asked, votes, pieces, chosen.selected, chosen.budget, paying, currency)


def piece(option: str, cost: int, chosen: Chosen, spent: dict[UUID | None, int]) -> Piece:
    """What is over keeps what it spent; what is under contract keeps what its contract promises."""
    project = chosen.projects.get(option)
    if project is None:
        return Piece(option, cost)
    if project.state in portfolio.OVER:
        return Piece(option, cost, project.id, spent.get(project.id, 0), is_over=True)
    promised = project.contract_minimum if project.state in portfolio.UNDER_CONTRACT else None
    return Piece(option, cost, project.id, money.in_cents(promised) if promised else 0)


def flips(
    session: Session, mission: Mission, before: Sequence[Member], after: Sequence[Member]
) -> list[Flip]:
    base, today = criteria.facts_of(session, mission), now().date()
    return portfolio.flips(portfolio.figures(base, before, today), portfolio.figures(base, after, today))


def revalued(members: Sequence[Member], lines: Sequence[Line], currency: str) -> list[Member]:
    """The projects that remain, each with the money that a cut leaves it."""
    held = money.totals(money.committed(lines, currency), lambda line: line.project)
    return [portfolio.with_money(each, held.get(each.key, 0)) for each in members]


def spread(members: Sequence[Member]) -> Spread:
    return Spread(portfolio.readiness_spread(portfolio.living(members)))


def reverse(
    material: Material, shock: Shock, share: Fraction, year: int, fallen: Fallen
) -> tuple[list[Saved], int]:
    """Which one commitment of the year, had it been promised for long, would keep most milestones; largest first.

    Answers also how many smaller lines were not tried, where there are so many that a page would wait.
    """
    cut = {each.key for each in shock.cuts if each.after < each.before}
    lines = sorted(
        (each for each in material.lines if each.key in cut), key=lambda each: (-each.cents, each.key.int)
    )
    if not fallen.milestones:
        return [], 0
    work = effort.of_rule(material.asked, ruling.profile_of(material.asked, material.votes))
    most = max(1, TIMES * effort.HEAVY // max(1, work))
    return rules.most_saving(material, year, share, fallen.carried_by, lines[:most]), max(
        0, len(lines) - most
    )


def facts(found: Run) -> dict[str, Any]:
    """The run as canonical JSON can write it, money as text with two decimals; no words, and nobody's name."""
    shock, fallen = found.shock, found.fallen
    decision = found.chosen.decision
    return {
        "format": FORMAT,
        "mission": found.mission_id,
        "decision": {"id": decision.id, "frozen": decision.frozen_hash, "ballots": decision.ballots_hash},
        "year": found.year,
        "percent": found.percent,
        "currency": found.currency,
        "budget": {"before": told(found.chosen.budget), "cut": told(shock.taken), "after": told(shock.left)},
        "reserved": told(shock.again.reserved),
        "short": told(shock.again.short),
        "lines": [{"line": each.key, "before": told(each.before), "after": told(each.after)} for each in shock.cuts],
        "chosen": {"before": list(found.chosen.selected), "after": list(shock.again.selected)},
        "tied": list(shock.again.tied),
        "dropped": list(shock.falls.dropped),
        "shrunk": {option: told(cents) for option, cents in shock.falls.shrunk.items()},
        "gained": list(shock.falls.gained),
        "dependents": {str(who): str(what) for who, what in fallen.dependents.items()},
        "milestones": sorted(str(each.id) for each in fallen.milestones),
        "criteria": [
            {"criterion": each.criterion, "figure": each.title, "before": each.before, "after": each.after}
            for each in found.flips
        ],
        "readiness": {"before": found.readiness[0].levels, "after": found.readiness[1].levels},
        "patience": {"before": share_of(found.patience[0]), "after": share_of(found.patience[1])},
    }  # fmt: skip


def told(cents: int) -> str:
    return str(money.amount(cents))


def share_of(patience: Patience) -> dict[str, str]:
    return {"patient": told(patience.patient), "committed": told(patience.committed)}


def document(found: Run) -> dict[str, Any]:
    """What is taken along: the facts, and the hash over them."""
    plain: dict[str, Any] = hashing.plain(facts(found))
    return {**plain, "hash": hashing.digest(plain)}
