"""A group majority in plain words: the outcome in a sentence, and its arithmetic group by group and overall."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.rules.phrases import Phrase, phrase
from app.rules.words import N_, StakeholderGroup

CARRIED = N_("Carried: every required group is in favour, and overall %(in_favour)s of %(decided)s are for.")
CARRIED_ENOUGH = N_(
    "Carried: %(found)s of the %(all)s required groups are in favour (enough: %(enough)s), and overall "
    "%(in_favour)s of %(decided)s are for."
)
TIED = N_("Tied, and so not carried: %(in_favour)s for and %(against)s against.")
# What a vote that is not carried fell short of: the overall share, the majority of each group, or both.
LOST_OVERALL = N_(
    "Not carried: every required group is in favour, but overall only %(in_favour)s of %(decided)s are for, "
    "and at least %(share)s is needed."
)
LOST_IN_GROUPS = N_(
    "Not carried: no majority in favour in: %(groups)s. Overall %(in_favour)s of %(decided)s are for, which would "
    "be enough, but every required group must be in favour too."
)
LOST_IN_BOTH = N_(
    "Not carried: no majority in favour in: %(groups)s; and overall only %(in_favour)s of %(decided)s are for, "
    "where at least %(share)s is needed."
)
LOST_ENOUGH = N_(
    "Not carried: %(found)s of the %(all)s required groups are in favour, and %(enough)s are needed; none may have "
    "less than %(floor)s for; and overall at least %(share)s must be for (%(in_favour)s of %(decided)s are)."
)


def favours(row: Mapping[str, Any]) -> bool:
    return bool(row["for"] > row["against"])


def reaches(overall: Fraction, figures: Mapping[str, Any]) -> bool:
    """Whether the share of all who voted for or against is enough."""
    total = figures["total"]
    return bool(total["for"] + total["against"]) and Fraction(figures["share"]) >= overall


def sentence(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> Phrase:
    """The outcome in one sentence that names every rule which was not met."""
    total, verdict = figures["total"], figures["verdict"]
    facts = {"in_favour": total["for"], "decided": total["for"] + total["against"]}
    if verdict == "tied":
        return phrase(TIED, in_favour=total["for"], against=total["against"])
    if settings["enough"] is not None:
        return enough_sentence(settings, figures, facts)
    if verdict == "carried":
        return Phrase(CARRIED, facts)
    against = tuple(
        StakeholderGroup(row["group"]) for row in figures["groups"] if row["required"] and not favours(row)
    )
    words = LOST_IN_BOTH
    if not against:
        words = LOST_OVERALL
    elif reaches(Fraction(settings["overall"]), figures):
        words = LOST_IN_GROUPS
    return Phrase(words, {**facts, "groups": against, "share": settings["overall"]})


def enough_sentence(
    settings: Mapping[str, Any], figures: Mapping[str, Any], facts: Mapping[str, object]
) -> Phrase:
    """The same where so many of the groups are enough."""
    found = sum(1 for row in figures["groups"] if row["required"] and favours(row))
    known = {
        **facts,
        "found": found,
        "all": len(settings["required"]),
        "enough": settings["enough"],
        "floor": settings["floor"],
        "share": settings["overall"],
    }
    return Phrase(CARRIED_ENOUGH if figures["verdict"] == "carried" else LOST_ENOUGH, known)


def steps(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> list[Phrase]:
    """What was asked, group by group and then overall, with the figures that answered it."""
    told = [majority_step(row) for row in figures["groups"] if row["required"]]
    if settings["enough"] is not None:
        told += [floor_step(settings, row) for row in figures["groups"] if below_floor(settings, row)]
    return [*told, overall_step(settings, figures), sentence(settings, figures)]


def below_floor(settings: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    decided = row["for"] + row["against"]
    return bool(row["required"] and decided and Fraction(row["for"], decided) < Fraction(settings["floor"]))


def floor_step(settings: Mapping[str, Any], row: Mapping[str, Any]) -> Phrase:
    return phrase(
        N_("%(group)s: less than %(floor)s for, which stops it whatever the other groups say."),
        group=StakeholderGroup(row["group"]),
        floor=settings["floor"],
    )


def majority_step(row: Mapping[str, Any]) -> Phrase:
    """Whether the group is in favour; abstentions are named and weigh nothing."""
    facts = {
        "group": StakeholderGroup(row["group"]),
        "in_favour": row["for"],
        "against": row["against"],
        "abstained": row["abstain"],
    }
    if favours(row):
        words = N_("%(group)s: %(in_favour)s for, %(against)s against, %(abstained)s abstained. In favour.")
    else:
        words = N_(
            "%(group)s: %(in_favour)s for, %(against)s against, %(abstained)s abstained. Not in favour: "
            "more must be for than against."
        )
    return Phrase(words, facts)


def overall_step(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> Phrase:
    """Whether the votes for reach the share of all votes for and against."""
    total = figures["total"]
    decided = total["for"] + total["against"]
    facts = {
        "in_favour": total["for"],
        "decided": decided,
        "share": settings["overall"],
        "weighed": figures["share"],
    }
    is_reached = reaches(Fraction(settings["overall"]), figures)
    if not decided:
        words = N_("Overall: nobody voted for or against; at least %(share)s for is needed. Not reached.")
    elif settings["weights"]:
        words = WEIGHED[is_reached]
    elif is_reached:
        words = N_("Overall: %(in_favour)s of %(decided)s are for; at least %(share)s is needed. Reached.")
    else:
        words = N_(
            "Overall: %(in_favour)s of %(decided)s are for; at least %(share)s is needed. Not reached."
        )
    return Phrase(words, facts)


WEIGHED = {
    True: N_(
        "Overall: with each group's share in favour weighed by the weight of the group, %(weighed)s are for; "
        "at least %(share)s is needed. Reached."
    ),
    False: N_(
        "Overall: with each group's share in favour weighed by the weight of the group, %(weighed)s are for; "
        "at least %(share)s is needed. Not reached."
    ),
}
