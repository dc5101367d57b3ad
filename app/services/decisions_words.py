"""A decision in words: its rule before the vote, its result in a sentence, its arithmetic step by step."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.models.decision import Decision
from app.rules.phrases import Phrase, phrase
from app.rules.voting import explain, group_majority, quorum
from app.rules.voting.outcome import Option
from app.rules.voting.quorum import Presence
from app.rules.voting.ruling import Question
from app.rules.words import N_, DecisionState, StakeholderGroup

# The shares people know by name; any other is read as a fraction.
SHARES = {Fraction(1, 2): N_("half"), Fraction(2, 3): N_("two thirds"), Fraction(3, 4): N_("three quarters")}
NONE_OF_THESE = "none"  # the option that stands for going on working on it


def share(fraction: Fraction) -> Phrase:
    return Phrase(SHARES.get(fraction, f"{fraction.numerator}/{fraction.denominator}"))


def titles(decision: Decision) -> dict[str, Phrase]:
    """What each option is called; the words of people stay as they are."""
    return {each["id"]: Phrase(each["title"]) for each in decision.options}


def named(said: Phrase, names: Mapping[str, Phrase]) -> Phrase:
    """The same phrase with the names of the options in the place of their ids."""
    return Phrase(said.sentence, {key: named_fact(fact, names) for key, fact in said.facts.items()})


def named_fact(fact: object, names: Mapping[str, Phrase]) -> object:
    if isinstance(fact, Phrase):
        return named(fact, names)
    if isinstance(fact, (list, tuple)):
        return tuple(named_fact(each, names) for each in fact)
    return names.get(fact, fact) if isinstance(fact, Option) else fact


def sentence(
    decision: Decision, asked: Question, state: DecisionState, presence: Sequence[Presence]
) -> Phrase:
    """The outcome in one sentence: what was chosen, or what it fell short of."""
    kept, names = decision.result, titles(decision)
    if state is DecisionState.INQUORATE:
        absent = tuple(each.group for each in presence if not each.quorate)
        return phrase(N_("No decision: too few seats voted in: %(groups)s."), groups=absent)
    if asked.of_table.name == group_majority.NAME:
        return explain.sentence(settings_of(asked), kept["figures"])
    if state is DecisionState.TIED:
        if asked.is_answer:
            return phrase(N_("Tied, and so not carried."))
        tied = tuple(names[each] for each in kept["tied"])
        return phrase(N_("Tied between: %(options)s. The lot that was announced decides."), options=tied)
    if state is DecisionState.LOST:
        return phrase(N_("Not carried.") if asked.is_answer else N_("Nothing was chosen."))
    if asked.is_answer:
        return phrase(N_("Carried."))
    chosen = tuple(names[each] for each in kept["selected"])
    words = (
        N_("Chosen: %(options)s.") if decision.lot_value is None else N_("Chosen, after a lot: %(options)s.")
    )
    return phrase(words, options=chosen)


def settings_of(asked: Question) -> dict[str, Any]:
    """The frozen settings in today's shape, also of a vote that an earlier version noticed."""
    facts: dict[str, Any] = asked.of_table.read(asked.rule).as_facts()
    return facts


def steps(
    decision: Decision, asked: Question, state: DecisionState, presence: Sequence[Presence]
) -> list[Phrase]:
    """The arithmetic: ballots set aside, the quorum of each group, then the rule's own steps."""
    kept, names = decision.result, titles(decision)
    told = []
    if kept["set_aside"]:
        words = N_("Ballots of seats that stepped aside, not counted: %(ballots)s.")
        told.append(phrase(words, ballots=kept["set_aside"]))
    told += [quorum.step(each) for each in presence]
    if state is not DecisionState.INQUORATE:
        counted = asked.of_table.steps(settings_of(asked), kept["figures"])
        last = len(counted) - 1 if asked.of_table.name == group_majority.NAME else len(counted)
        told += [named(each, names) for each in counted[:last]]
    return told


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
    total, settings = figures["total"], settings_of(asked)
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
