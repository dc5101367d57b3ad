"""A decision in words: its rule before the vote, its result in a sentence, its arithmetic step by step."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.models.decision import Decision
from app.rules.phrases import Phrase, phrase
from app.rules.voting import explain, group_majority
from app.rules.voting.quorum import Presence
from app.rules.voting.ruling import Question
from app.rules.words import N_, StakeholderGroup

# The shares people know by name; any other is read as a fraction.
SHARES = {Fraction(1, 2): N_("half"), Fraction(2, 3): N_("two thirds"), Fraction(3, 4): N_("three quarters")}
NONE_OF_THESE = "none"  # the option that stands for going on working on it


def share(fraction: Fraction) -> Phrase:
    return Phrase(SHARES.get(fraction, f"{fraction.numerator}/{fraction.denominator}"))


def titles(decision: Decision) -> dict[str, Phrase]:
    """What each option is called; the words of people stay as they are."""
    return {each["id"]: Phrase(each["title"]) for each in decision.options}


def bars(asked: Question, figures: Mapping[str, Any], presence: Sequence[Presence]) -> list[dict[str, Any]]:
    """One line for each group and one overall, as the result component draws them; of votes for or against only."""
    if not asked.is_answer or "total" not in figures or "for" not in figures["total"]:
        return []
    by_group = {row["group"]: row for row in figures["groups"]}
    rows = [bar(by_group[each.group], each) for each in presence if each.group in by_group]
    total = figures["total"]
    overall = {
        "in_favour": total["for"],
        "against": total["against"],
        "abstain": total["abstain"],
        "seats": sum(each.seats for each in presence),
        "group": "overall",
        **overall_verdict(asked, figures),
    }
    return [*rows, overall]


def bar(row: Mapping[str, Any], each: Presence) -> dict[str, Any]:
    said = N_("In favour") if explain.favours(row) else N_("Not in favour")
    if not each.quorate:
        said = N_("Too few voted")
    return {
        "in_favour": row["for"],
        "against": row["against"],
        "abstain": row["abstain"],
        "seats": each.seats,
        "group": StakeholderGroup(row["group"]),
        "verdict": Phrase(said),
        "favours": each.quorate and explain.favours(row),
    }


def overall_verdict(asked: Question, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The overall share by itself: what the groups said stands in their own lines."""
    total, settings = figures["total"], asked.settings_facts
    decided = total["for"] + total["against"]
    needed = Fraction(settings.get("overall") or settings.get("share") or "1/2")
    found = Fraction(figures["share"]) if "share" in figures else Fraction(total["for"], decided or 1)
    is_reached = bool(decided) and found >= needed
    said = (
        N_("%(n)s of %(all)s for: enough") if is_reached else N_("%(n)s of %(all)s for: less than %(share)s")
    )
    if not decided:
        said = N_("Nobody voted for or against")
    facts = {"n": total["for"], "all": decided, "share": share(needed)}
    return {"verdict": Phrase(said, facts), "favours": is_reached}


def rule_sentences(asked: Question) -> list[Phrase]:
    """The rule as people read it before they vote, in the figures that were frozen."""
    told = [group_majority_sentence(asked)] if asked.of_table.name == group_majority.NAME else [
        Phrase(asked.of_table.plain)
    ]  # fmt: skip
    words = N_(
        "In each group more than %(share)s of the seats must vote. An abstention counts as having voted, "
        "and for nothing else. A tie is not carried."
    )
    if not asked.is_answer:
        words = N_("In each group more than %(share)s of the seats must vote.")
    told.append(phrase(words, share=share(asked.terms.quorum)))
    if asked.terms.weights:
        told.append(phrase(N_("Every group has the same say, however many seats it has, times its weight.")))
    if asked.terms.lot:
        told.append(phrase(N_("A tie is ended by a public lot, drawn with: %(lot)s."), lot=asked.terms.lot))
    return told


def group_majority_sentence(asked: Question) -> Phrase:
    settings = asked.settings
    facts = {"groups": len(settings.required), "share": share(settings.overall), "enough": settings.enough}
    if settings.enough is not None:
        words = N_(
            "It is carried if %(enough)s of the %(groups)s groups are in favour, no group has less than %(floor)s "
            "for, and of all votes for and against at least %(share)s are for."
        )
        return Phrase(words, {**facts, "floor": share(settings.floor)})
    words = N_(
        "It is carried if in each of the %(groups)s groups more vote for than against, "
        "and of all votes for and against at least %(share)s are for."
    )
    return Phrase(words, facts)
