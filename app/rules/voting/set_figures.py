"""Figures and sentences that equal shares and Phragmén's method have in common."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.voting.buying import Purchase
from app.rules.voting.earning import Earned
from app.rules.voting.outcome import Option, ratio
from app.rules.voting.profile import Approval, Profile
from app.rules.voting.purses import Means, ballots_of_groups, purses, rounded
from app.rules.words import N_, StakeholderGroup

GROUPS = frozenset(StakeholderGroup)


def voices(means: Means, profile: Profile[Approval], total: int) -> list[dict[str, Any]]:
    """For each group that voted, its ballots and what each of them gets of `total`."""
    each = purses(means, profile, total)
    return [
        {"group": group, "ballots": ballots, "each": ratio(each[group])}
        for group, ballots in ballots_of_groups(profile).items()
    ]


def names(found: Sequence[int], options: Sequence[str]) -> list[str]:
    return [options[option] for option in found]


def bought_row(each: Purchase, options: Sequence[str]) -> dict[str, Any]:
    return {
        "stage": "shares",
        "option": options[each.option],
        "price": ratio(each.price),
        "pays": ratio(each.pays),
        "supporters": each.supporters,
        "payers": each.payers,
        "tied": names(each.tied, options),
        "open": names(each.open, options),
    }


def earned_row(each: Earned, options: Sequence[str]) -> dict[str, Any]:
    return {
        "stage": "earned",
        "option": options[each.option],
        "at": ratio(each.at),
        "supporters": each.supporters,
        "chosen": each.affordable,
        "tied": names(each.tied, options),
        "open": names(each.open, options),
    }


def voice_steps(by_group: bool, figures: Mapping[str, Any]) -> list[Phrase]:
    """Who gets how much: one sentence for all ballots, or one for each group."""
    if not figures["voices"]:
        return [phrase(N_("Nobody voted."))]
    if not by_group:
        each = Fraction(figures["voices"][0]["each"])
        words = N_("%(ballots)s ballots. Each gets %(each)s to spend.")
        return [phrase(words, ballots=figures["ballots"], each=rounded(each))]
    words = N_("%(group)s: %(ballots)s ballots. Each gets %(each)s to spend.")
    return [
        phrase(
            words,
            group=group_of(row["group"]),
            ballots=row["ballots"],
            each=rounded(Fraction(row["each"])),
        )
        for row in figures["voices"]
    ]


def group_of(group: str) -> StakeholderGroup | str:
    return StakeholderGroup(group) if group in GROUPS else group


def round_steps(number: int, row: Mapping[str, Any]) -> list[Phrase]:
    """One round in words, and where the order of equal options made a difference."""
    told = [bought_step(number, row) if row["stage"] == "shares" else earned_step(number, row)]
    if row["open"]:
        told.append(
            phrase(
                N_("Here these were level, and their order made a difference: %(open)s."),
                open=tuple(Option(option) for option in row["open"]),
            )
        )
    return told


def bought_step(number: int, row: Mapping[str, Any]) -> Phrase:
    words = (
        N_(
            "Round %(round)s: %(option)s is the best buy. Each of its %(supporters)s supporters pays %(pays)s."
        )
        if row["payers"] == row["supporters"]
        else N_(
            "Round %(round)s: %(option)s is the best buy. Supporters: %(supporters)s, of whom %(payers)s pay %(pays)s "
            "each and the others all they have left."
        )
    )
    return phrase(
        words,
        round=number,
        option=Option(row["option"]),
        supporters=row["supporters"],
        payers=row["payers"],
        pays=rounded(Fraction(row["pays"])),
    )


def earned_step(number: int, row: Mapping[str, Any]) -> Phrase:
    """`at` is how much of everything had been handed out by then."""
    words = (
        N_(
            "Round %(round)s: %(option)s. Its %(supporters)s supporters are the first to have saved what it costs, "
            "at time %(at)s."
        )
        if row["chosen"]
        else N_(
            "Round %(round)s: %(option)s would be next, at time %(at)s, but costs more than is left. The count ends."
        )
    )
    return phrase(
        words,
        round=number,
        option=Option(row["option"]),
        supporters=row["supporters"],
        at=rounded(Fraction(row["at"])),
    )


def total_step(settings: Mapping[str, Any], figures: Mapping[str, Any], chosen: int) -> Phrase:
    if settings["seats"]:
        return phrase(N_("%(chosen)s of %(seats)s are chosen."), chosen=chosen, seats=settings["seats"])
    return phrase(
        N_("Together the chosen options cost %(spent)s of %(budget)s."),
        spent=figures["spent"],
        budget=settings["budget"],
    )
