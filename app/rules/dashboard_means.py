"""What a dashboard says of the means of a mission: what is tried, with what money, for whom, and what was learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.rules import suppression
from app.rules.coverage import Line
from app.rules.phrases import Amount, Phrase, phrase
from app.rules.portfolio import Risk
from app.rules.words import N_, CourseVerdict, MissionState, StakeholderGroup

GROUPS = frozenset(each.value for each in StakeholderGroup)


@dataclass(frozen=True)
class Tried:
    """The projects of a mission by how far they are; `routes` counts the different ways of those under way."""

    proposed: int = 0
    under_way: int = 0
    completed: int = 0
    stopped: int = 0
    routes: int = 0


def tried(found: Tried) -> Phrase:
    over = {"completed": found.completed, "stopped": found.stopped}
    if found.under_way:
        if found.routes > 1:
            told = N_(
                "Projects under way: %(many)s, on %(routes)s different routes. Completed: %(completed)s; "
                "stopped to learn: %(stopped)s."
            )
        else:
            told = N_(
                "Projects under way: %(many)s, all on one route: nothing rivals it. Completed: %(completed)s; "
                "stopped to learn: %(stopped)s."
            )
        return Phrase(told, {**over, "many": found.under_way, "routes": found.routes})
    if found.completed + found.stopped:
        told = N_("Nothing is under way any more. Completed: %(completed)s; stopped to learn: %(stopped)s.")
        return Phrase(told, over)
    if found.proposed:
        return phrase(N_("Nothing is under way yet. Projects proposed: %(many)s."), many=found.proposed)
    return Phrase(N_("Nothing is tried yet: it has no project."))


def risked(risk: Risk) -> Phrase:
    """Failures beside the share that may fail: inside it they are what was agreed on."""
    if not risk.failed:
        return Phrase(N_("Nothing has failed so far."))
    facts = {"share": risk.share, "declared": Fraction(risk.declared or 0, 100)}
    if risk.declared is None:
        return Phrase(N_("Failed: %(share)s of what was committed; nobody has decided how much may."), facts)
    if 100 * risk.share <= risk.declared:
        told = N_("Failed: %(share)s of what was committed, inside the %(declared)s that may.")
    else:
        told = N_("Failed: %(share)s of what was committed, more than the %(declared)s that may.")
    return Phrase(told, facts)


@dataclass(frozen=True)
class Purse:
    """Money in one currency, whole amounts; what is released and spent is a part of what is committed."""

    currency: str
    committed: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    public: Decimal = Decimal(0)
    followed: Decimal = Decimal(0)
    patient: Fraction | None = None


def money(purses: list[Purse]) -> Phrase:
    """What is committed in the first currency; what is only announced never counts."""
    if not purses:
        return Phrase(N_("Not known: no line of money stands in its ledger."))
    held = [each for each in purses if each.committed]
    if not held:
        return Phrase(N_("Nothing is committed. What is announced counts for nothing until it is."))
    first = held[0]
    facts = {"committed": Amount(first.committed), "currency": first.currency, "others": len(held) - 1}
    if not first.spent:
        told = (
            N_("%(committed)s %(currency)s are committed; nothing of it is spent yet.")
            if len(held) == 1
            else N_(
                "%(committed)s %(currency)s are committed, and money in other currencies, which no rate adds to it "
                "(%(others)s); nothing of it is spent yet."
            )
        )
        return Phrase(told, facts)
    facts["spent"] = Fraction(first.spent) / Fraction(first.committed)
    if len(held) == 1:
        return Phrase(N_("%(committed)s %(currency)s are committed, of which %(spent)s are spent."), facts)
    return Phrase(
        N_(
            "%(committed)s %(currency)s are committed, of which %(spent)s are spent, and money in other currencies, "
            "which no rate adds to it (%(others)s)."
        ),
        facts,
    )


def crowded_in(purse: Purse) -> Phrase:
    """What private sources committed after the public did."""
    if not purse.public:
        return Phrase(N_("No public money is committed that others could follow."))
    if not purse.followed:
        return Phrase(N_("No private money followed the public money so far."))
    return phrase(
        N_("For each 100 of public money, %(much)s of private money followed."),
        much=round(100 * Fraction(purse.followed) / Fraction(purse.public)),
    )


def patience(purse: Purse) -> Phrase:
    if not purse.patient:
        return Phrase(N_("Nothing is committed for longer than three years ahead."))
    return phrase(N_("Committed for longer than three years ahead: %(share)s."), share=purse.patient)


@dataclass(frozen=True)
class Asked:
    """Those who took part, asked again at the latest review that asked anybody."""

    asked: int = 0
    answered: int = 0
    better: int = 0
    worse: int = 0

    @property
    def is_too_few(self) -> bool:
        return suppression.is_too_few(self.answered)


def benefit(found: Asked) -> Phrase:
    """What those say whom it is for; the ledger of risks and rewards stands beside it."""
    if not found.asked:
        return Phrase(N_("Not known: nobody who took part was asked yet whether anything changed for them."))
    if not found.answered:
        return phrase(N_("Not known: of %(asked)s who were asked, nobody answered."), asked=found.asked)
    if found.is_too_few:
        told = N_(
            "Not told: of %(asked)s who were asked fewer than five answered, and numbers would tell who said what."
        )
        return phrase(told, asked=found.asked)
    facts = {"answered": found.answered, "better": found.better, "worse": found.worse, "asked": found.asked}
    if found.better > found.worse:
        told = N_("More say that it got better (%(better)s) than worse (%(worse)s)")
    elif found.worse > found.better:
        told = N_("More say that it got worse (%(worse)s) than better (%(better)s)")
    elif found.better:
        told = N_("As many say that it got better (%(better)s) as worse (%(worse)s)")
    else:
        told = N_("Nobody says that anything got better or worse for them")
    return phrase(
        N_("%(told)s; %(answered)s of %(asked)s who were asked answered."), told=Phrase(told, facts), **facts
    )


def fairness(weighed: int, unbalanced: int) -> Phrase:
    """How many projects have something to weigh, and in how many of them risk and reward are out of balance."""
    if not weighed:
        return Phrase(N_("Nothing to weigh yet: no money is committed to a project."))
    if not unbalanced:
        told = N_("Risk and reward are in balance in every project that has money (%(weighed)s).")
        return phrase(told, weighed=weighed)
    told = N_(
        "Out of balance: in %(unbalanced)s of %(weighed)s projects the public holds less than half of the share "
        "that it pays."
    )
    return phrase(told, unbalanced=unbalanced, weighed=weighed)


@dataclass(frozen=True)
class Served:
    """Ballots of one group in the vote that made a portfolio, and those with something chosen that they approve."""

    group: StakeholderGroup
    ballots: int
    served: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.served, self.ballots)


def served(found: Sequence[Served] | None) -> Phrase:
    """The group that the vote on the portfolio serves least; None is a secret vote, which tells nobody's line."""
    if found is None:
        return Phrase(
            N_("The vote that made the portfolio was secret: which group it serves least is not told.")
        )
    if not found:
        return Phrase(N_("No vote made the portfolio, so that nobody can say which group it serves least."))
    order = list(StakeholderGroup)
    least = min(found, key=lambda each: (each.share, order.index(each.group)))
    if least.share == 1:
        return Phrase(N_("In the vote that made the portfolio, every ballot got something that it approves."))
    return phrase(
        N_(
            "In the vote that made the portfolio, the least served group is %(group)s: %(share)s of its %(ballots)s "
            "ballots got something that they approve."
        ),
        group=least.group, share=least.share, ballots=least.ballots,
    )  # fmt: skip


@dataclass(frozen=True)
class Learned:
    """The latest concluded review, and what was written down for others."""

    verdict: CourseVerdict | None = None
    concluded: date | None = None
    lessons: int = 0
    next_due: date | None = None


def learned(found: Learned, state: MissionState) -> Phrase:
    if found.verdict is not None:
        told = N_("The review of %(day)s says: %(verdict)s. Lessons written down: %(lessons)s.")
        return phrase(told, day=found.concluded, verdict=found.verdict, lessons=found.lessons)
    if found.lessons:
        return phrase(
            N_("No review is concluded yet. Lessons written down: %(lessons)s."), lessons=found.lessons
        )
    if state in (MissionState.ACTIVE, MissionState.PAUSED) and found.next_due:
        told = N_("Nothing is written down yet; the next review is due on %(due)s.")
        return phrase(told, due=found.next_due)
    return Phrase(N_("Nothing is written down yet: no review, and no lesson."))


def heard_share(line: Line) -> Fraction:
    """How often somebody speaks beside how many of the people they are: 1 where both are the same."""
    return (line.share or Fraction(0)) / line.expected if line.expected else Fraction(1)


def heard(lines: Sequence[Line]) -> Phrase:
    """Who is heard least for how many they are, by the lines of a question of which that is known."""
    if not lines:
        return Phrase(
            N_("Who is hardly heard is not known: nobody has said how many of the people are in each group.")
        )
    if all(each.share is None for each in lines):
        return Phrase(
            N_("Who is hardly heard cannot be said yet: too few voices say to which group they belong.")
        )
    least = min(lines, key=lambda each: (heard_share(each), each.name))
    if not least.is_gap:
        return Phrase(
            N_("Each group and place speaks about as often as there are people in it, or more often.")
        )
    return phrase(
        N_("Least heard for how many they are: %(name)s, %(share)s of the voices, %(expected)s of the people."),
        name=named(least.name), share=least.share or Fraction(0),
        expected=least.expected or Fraction(0),
    )  # fmt: skip


def named(name: str) -> StakeholderGroup | str:
    """A group by its word; a place is called as somebody wrote it."""
    return StakeholderGroup(name) if name in GROUPS else name
