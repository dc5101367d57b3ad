"""Ranked pairs: the strongest victories are locked in first; one that would close a circle is skipped.

Shown beside Schulze's rule as a cross-check: where two good rules disagree, the ballots go round in circles, and the
committee should know. A victory is the stronger the more ballots are for it; of two with equally many, the one with
fewer against it. Of equally strong victories, the one whose loser comes last in the order of ties is locked first;
of those with the same loser, the one whose winner comes first there. Whoever is beaten by no locked victory wins; of
several, the first in the order of ties. Sources: T. N. Tideman, "Independence of clones as a criterion for voting
rules", Social Choice and Welfare 4, 1987, 185-206; T. M. Zavist and T. N. Tideman, "Complete independence of clones
in the ranked pairs rule", the same 6, 1989, 167-173 (one order of ties for all equally strong victories). Strength is
by winning votes, as here in Schulze's rule.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.outcome import Count, Option, require_named
from app.rules.voting.pairwise import Table, pairwise
from app.rules.voting.profile import MarkKind, Profile, Ranking
from app.rules.voting.ties import TieBreak
from app.rules.words import N_

NAME = "ranked_pairs"
VERSION = 1
MARK = MarkKind.RANKING

Victory = tuple[int, int, int, int]  # winner, loser, votes for, votes against


@dataclass(frozen=True)
class Settings:
    """Nothing can be set: no option is dropped before the count."""

    def as_facts(self) -> dict[str, Any]:
        return {"name": NAME, "version": VERSION}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls()


@dataclass(frozen=True)
class Locking:
    """Victories in the order in which they were asked; `ambiguous` where another order of equals locks others."""

    locked: tuple[Victory, ...]
    skipped: tuple[Victory, ...]
    top: tuple[int, ...]
    ambiguous: bool


def count(settings: Settings, profile: Profile[Ranking], ties: TieBreak) -> Count:
    """Lock victories in, and find who is beaten by none; where nobody voted, nothing is chosen."""
    options, table = profile.options, pairwise(profile)
    order = ties.in_order(range(len(options)))
    locking = lock(table, order)
    winners = possible(table, order, locking, ties) if profile.ballots else ()
    figures = {
        "options": list(options),
        "ballots": profile.ballots,
        "pairwise": table,
        "locked": [told(options, victory) for victory in locking.locked],
        "skipped": [told(options, victory) for victory in locking.skipped],
        "winners": [options[at] for at in sorted(winners)],
    }
    first = [first_of(locking.top, order)] if winners else []
    return Count(
        tuple(options[at] for at in first),
        tuple(options[at] for at in sorted(winners)) if len(winners) > 1 else (),
        figures,
        steps(settings.as_facts(), figures),
    )


def told(options: Sequence[str], victory: Victory) -> list[Any]:
    winner, loser, over, under = victory
    return [options[winner], options[loser], over, under]


def first_of(top: Sequence[int], order: Sequence[int]) -> int:
    return min(top, key=order.index)


def possible(table: Table, order: Sequence[int], locking: Locking, ties: TieBreak) -> tuple[int, ...]:
    """The winner; and without a lot all who win in any of the other orders that are tried."""
    if ties.value is not None:
        return (first_of(locking.top, order),)
    found = set()
    for other in other_orders(ties.measured(order)):
        # Where no order of equals locks other victories, there is no need to count again.
        again = lock(table, other) if locking.ambiguous else locking
        found.add(first_of(again.top, other))
    return tuple(found)


def other_orders(tiers: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Every option at the front of its tier, before the others of all tiers as they are listed, and backwards.

    To try all orders would take ages. Of those of three to five options, these found every tie in thirty thousand
    random profiles, and all but a few of the options in it.
    """
    for option in (option for tier in tiers for option in tier):
        for step in (1, -1):
            yield [at for tier in tiers for at in sorted(tier, key=lambda at: (at != option, step * at))]


def lock(table: Table, order: Sequence[int]) -> Locking:
    """Ask every victory, strongest first; `order` tells equally strong ones apart."""
    rank = {option: place for place, option in enumerate(order)}
    victories = [
        (one, other, table[one][other], table[other][one])
        for one in range(len(table))
        for other in range(len(table))
        if table[one][other] > table[other][one]
    ]
    victories.sort(key=lambda each: (-each[2], each[3], -rank[each[1]], rank[each[0]]))
    beats = [0] * len(table)  # the options that one beats, directly or by others, as bits
    locked, skipped, ambiguous = [], [], False
    for _, equals in groupby(victories, key=lambda each: each[2:]):
        before = list(beats)
        for victory in equals:
            winner, loser, *_ = victory
            if beats[loser] >> winner & 1:
                skipped.append(victory)
                ambiguous |= not before[loser] >> winner & 1
            else:
                locked.append(victory)
                add(beats, winner, loser)
    beaten = {loser for _, loser, *_ in locked}
    top = tuple(at for at in range(len(table)) if at not in beaten)
    return Locking(tuple(locked), tuple(skipped), top, ambiguous)


def add(beats: list[int], winner: int, loser: int) -> None:
    """Whoever beats the winner, and the winner, now beat the loser and whom it beats."""
    if beats[winner] >> loser & 1:
        return
    gained = beats[loser] | 1 << loser
    for at, bits in enumerate(beats):
        if at == winner or bits >> winner & 1:
            beats[at] = bits | gained


def steps(_settings: Mapping[str, Any], figures: Mapping[str, Any]) -> tuple[Phrase, ...]:
    """Every victory that was skipped, those of the winners, and who wins."""
    winners = set(figures["winners"])
    words = N_("%(over)s ballots prefer %(option)s to %(other)s, and %(under)s the reverse.")
    said = [told_victory(words, each) for each in figures["locked"] if each[0] in winners]
    words = N_(
        "That %(option)s beats %(other)s by %(over)s to %(under)s is skipped: stronger victories already lead from "
        "%(other)s to %(option)s."
    )
    said += [told_victory(words, each) for each in figures["skipped"]]
    if len(winners) > 1:
        options = tuple(map(Option, figures["winners"]))
        said.append(phrase(N_("The rule cannot tell these apart: %(options)s."), options=options))
    elif winners:
        said.append(phrase(N_("%(option)s wins."), option=Option(figures["winners"][0])))
    return tuple(said)


def told_victory(words: str, victory: Sequence[Any]) -> Phrase:
    winner, loser, over, under = victory
    return phrase(words, option=Option(winner), other=Option(loser), over=over, under=under)
