"""What a dashboard says of a mission in words, a sentence for each of its six questions, from counts shown beside it.

Nothing is added up across indicators, currencies or projects: of several the slowest is named, and how many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.rules.phrases import Phrase, phrase
from app.rules.words import N_

HARDLY = Fraction(1, 20)
PACES = (
    (Fraction(1, 10), N_("a tenth of the pace needed")),
    (Fraction(1, 4), N_("a quarter of the pace needed")),
    (Fraction(1, 3), N_("a third of the pace needed")),
    (Fraction(1, 2), N_("half the pace needed")),
    (Fraction(2, 3), N_("two thirds of the pace needed")),
    (Fraction(3, 4), N_("three quarters of the pace needed")),
    (Fraction(9, 10), N_("nine tenths of the pace needed")),
)


@dataclass(frozen=True)
class Gauge:
    """One indicator as its last reading has it.

    `share` of the way from baseline to goal, and what it would be at an even pace on the day of that reading, are None
    for a goal that is reached or not, and before the first reading.
    """

    name: str
    due: date | None = None
    is_read: bool = False
    is_met: bool = False
    share: Fraction | None = None
    wanted: Fraction | None = None

    @property
    def is_moving(self) -> bool:
        return not self.is_met and self.share is not None and self.share > 0

    @property
    def is_still(self) -> bool:
        """Where it started; a goal that is reached or not, and was read as not reached, is there as well."""
        return self.is_read and not self.is_met and not self.share

    @property
    def is_away(self) -> bool:
        return self.share is not None and self.share < 0

    @property
    def pace(self) -> Fraction | None:
        """Its pace beside the one needed, 1 where they are the same; None while nothing can be asked of it yet."""
        if self.is_met or self.share is None or not self.wanted:
            return None
        return self.share / self.wanted

    @property
    def is_behind(self) -> bool:
        return self.is_away or (self.pace is not None and self.pace < 1)

    def is_late(self, today: date) -> bool:
        return not self.is_met and self.due is not None and self.due < today


def pace_words(pace: Fraction) -> Phrase:
    """A pace as a part of the one needed, in the nearest words."""
    if pace < HARDLY:
        return Phrase(N_("hardly any of the pace needed"))
    return Phrase(min(PACES, key=lambda each: abs(each[0] - pace))[1])


def direction(gauges: Sequence[Gauge]) -> Phrase:
    """Are we moving? One indicator says so itself; of several it is told how many do."""
    if not gauges:
        return Phrase(N_("Not known: nobody has said yet by which indicator it will be seen."))
    if not any(each.is_read for each in gauges):
        return Phrase(N_("Not known: no indicator has a reading yet."))
    if all(each.is_met for each in gauges):
        return Phrase(N_("There: every goal is reached by its last reading."))
    return alone(gauges[0]) if len(gauges) == 1 else together(gauges)


def alone(gauge: Gauge) -> Phrase:
    if gauge.is_away:
        return Phrase(N_("Moving away: it is further from its goal than at the start."))
    if gauge.share is None:
        return Phrase(N_("Not there: its goal is one that is reached or not, and it is not reached."))
    if gauge.is_still:
        return Phrase(N_("Not moving: it stands where it started."))
    if gauge.pace is None or gauge.wanted is None:
        return phrase(N_("Moving: it has come %(share)s of the way."), share=gauge.share)
    if gauge.is_behind:
        return phrase(
            N_(
                "Moving, but at %(pace)s: %(share)s of the way, where an even pace would have come %(wanted)s."
            ),
            pace=pace_words(gauge.pace), share=gauge.share, wanted=gauge.wanted,
        )  # fmt: skip
    return phrase(
        N_(
            "Moving, and fast enough: %(share)s of the way, where an even pace would have come %(wanted)s."
        ),
        share=gauge.share, wanted=gauge.wanted,
    )  # fmt: skip


def together(gauges: Sequence[Gauge]) -> Phrase:
    """The word first, then how many indicators stand how; what none does is not told."""
    many = {
        N_("reached: %(many)s"): sum(each.is_met for each in gauges),
        N_("moving towards their goal: %(many)s"): sum(each.is_moving for each in gauges),
        N_("standing where they started: %(many)s"): sum(each.is_still for each in gauges),
        N_("moving away: %(many)s"): sum(each.is_away for each in gauges),
        N_("without a reading: %(many)s"): sum(not each.is_read for each in gauges),
    }
    counts = [phrase(words, many=count) for words, count in many.items() if count]
    forward = sum(each.is_met or each.is_moving for each in gauges)
    if forward == len(gauges):
        told = N_("Moving, by each of %(all)s indicators: %(counts)s.")
    elif forward:
        told = N_("Moving in part, by %(all)s indicators: %(counts)s.")
    else:
        told = N_("Not moving, by %(all)s indicators: %(counts)s.")
    return phrase(told, all=len(gauges), counts=counts)


def pace(gauges: Sequence[Gauge], today: date) -> Phrase:
    """Fast enough? The one that is late, or the slowest, is named: no mean hides it."""
    if not any(each.is_read for each in gauges):
        return Phrase(N_("Not known: without a reading nobody can say how fast it goes."))
    if all(each.is_met for each in gauges):
        return Phrase(N_("Every goal is reached."))
    late = [each for each in gauges if each.is_late(today)]
    if late:
        first = min(late, key=lambda each: (each.due or today, each.name))
        told = N_("Too late: “%(name)s” was due on %(due)s, and its goal is not reached.")
        return phrase(told, name=first.name, due=first.due)
    behind = [each for each in gauges if each.is_behind]
    if behind:
        return slowest(behind, sum(each.is_read for each in gauges))
    if not any(each.pace is not None for each in gauges):
        return Phrase(N_("Too early to say: no reading yet of a day on which something should have changed."))
    return Phrase(N_("Fast enough so far: what was read is at least as far as an even pace would be."))


def slowest(behind: Sequence[Gauge], read: int) -> Phrase:
    worst = min(behind, key=lambda each: (each.pace or Fraction(0), each.name))
    if worst.is_away:
        told = phrase(N_("“%(name)s” is further from its goal than at the start"), name=worst.name)
    else:
        told = phrase(
            N_("“%(name)s” goes at %(pace)s"), name=worst.name, pace=pace_words(worst.pace or Fraction(0))
        )
    if read == 1:
        return phrase(N_("Too slow: %(slowest)s."), slowest=told)
    return phrase(
        N_("Too slow, by %(behind)s of %(read)s indicators that were read: %(slowest)s."),
        behind=len(behind), read=read, slowest=told,
    )  # fmt: skip


@dataclass(frozen=True)
class Steps:
    """Milestones by how they stand today, and the day of the next."""

    met: int = 0
    missed: int = 0
    planned: int = 0
    next_due: date | None = None


def milestones(steps: Steps) -> Phrase:
    if not steps.met + steps.missed + steps.planned:
        return Phrase(N_("No milestone is set on the way."))
    if not steps.met + steps.missed:
        return phrase(
            N_("No milestone was due yet; the next one is due on %(due)s."), due=steps.next_due or ""
        )
    facts = {"met": steps.met, "missed": steps.missed}
    if not steps.planned:
        return Phrase(N_("Milestones met: %(met)s; missed: %(missed)s; none is still to come."), facts)
    return Phrase(
        N_("Milestones met: %(met)s; missed: %(missed)s; still to come: %(planned)s, the next on %(due)s."),
        {**facts, "planned": steps.planned, "due": steps.next_due or ""},
    )
