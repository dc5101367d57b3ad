"""A stored result in words: the outcome in one sentence, and the arithmetic step by step."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.rules import suppression, words
from app.rules.phrases import Phrase, phrase
from app.rules.voting import explain, group_majority, quorum
from app.rules.voting.outcome import Grade, Option
from app.rules.voting.profile import HIGHEST_GRADE
from app.rules.voting.ruling import Question
from app.rules.words import N_, DecisionState

Names = Mapping[str, Phrase]


def sentence(asked: Question, result: Mapping[str, Any], names: Names) -> Phrase:
    """What was chosen, or what it fell short of; `names` are what the options are called."""
    state = DecisionState(result["state"])
    if is_too_few(asked, result):
        return phrase(TOO_FEW)
    if state is DecisionState.INQUORATE:
        absent = tuple(each.group for each in quorum.from_facts(result["quorum"]) if not each.quorate)
        return phrase(N_("No decision: too few seats voted in: %(groups)s."), groups=absent)
    if asked.of_table.name == group_majority.NAME and result["figures"]:
        return explain.sentence(asked.settings_facts, result["figures"])
    if state is DecisionState.TIED:
        if asked.is_answer:
            return phrase(N_("Tied, and so not carried."))
        tied = tuple(names[each] for each in result["tied"])
        return phrase(N_("Tied between: %(options)s. The lot that was announced decides."), options=tied)
    if state is DecisionState.LOST:
        return phrase(N_("Not carried.") if asked.is_answer else N_("Nothing was chosen."))
    if asked.is_answer:
        return phrase(N_("Carried."))
    chosen = tuple(names[each] for each in result["selected"])
    return phrase(N_("Chosen: %(options)s.") if asked.lot is None else DRAWN, options=chosen)


def is_too_few(asked: Question, result: Mapping[str, Any]) -> bool:
    """Whether so few voted in secret that nothing was counted."""
    cast = sum(each.cast for each in quorum.from_facts(result["quorum"]))
    return asked.terms.secret and not result["figures"] and suppression.is_too_few(cast)


TOO_FEW = N_(
    "No decision: fewer than five voted in secret. Nobody could hide among so few, so no ballot is counted or told."
)
WITHHELD = N_(
    "The rule counts by group, and the line of a group would tell how somebody voted in secret. So no group's line is "
    "told, nor which group a ballot is of."
)
DRAWN = N_("Chosen, after a lot: %(options)s.")


def steps(asked: Question, result: Mapping[str, Any], names: Names) -> list[Phrase]:
    """Ballots set aside, the quorum of each group, what the rule did, and what came of it."""
    told = []
    if result["set_aside"]:
        words = N_("Ballots of seats that stepped aside, not counted: %(ballots)s.")
        told.append(phrase(words, ballots=result["set_aside"]))
    told += [quorum.step(each) for each in quorum.from_facts(result["quorum"])]
    last = sentence(asked, result, names)
    if not result["figures"] and not is_too_few(asked, result):
        told.append(phrase(WITHHELD))
    elif result["figures"] and result["state"] != DecisionState.INQUORATE:
        counted = asked.of_table.steps(asked.settings_facts, result["figures"])
        told += [named(in_money(asked, each), names) for each in counted if each != last]
    return [*told, last]


LARGE = 100_000
# What these facts of a count under a budget hold is money, which is counted in cents.
AMOUNTS = frozenset({"added", "budget", "cost", "each", "left", "pays", "spent", "step"})


def in_money(asked: Question, said: Phrase) -> Phrase:
    """The same phrase with sums of money in whole units, as people write them; seats stay as they are."""
    if not asked.costs or not asked.rule.get("budget"):
        return said
    facts = {key: units(fact) if key in AMOUNTS else fact for key, fact in said.facts.items()}
    return Phrase(said.sentence, facts)


def units(cents: object) -> float:
    """To the cent, which is as fine as a sum is read; of a part of a large sum decimals say nothing."""
    exact = Fraction(str(cents))
    is_large_part = exact.denominator != 1 and exact >= LARGE
    return float(round(exact / 100, None if is_large_part else 2))


def named(said: Phrase, names: Names) -> Phrase:
    """The same phrase with the names of options and grades in the place of their ids and numbers."""
    return Phrase(said.sentence, {key: named_fact(fact, names) for key, fact in said.facts.items()})


def named_fact(fact: object, names: Names) -> object:
    if isinstance(fact, Phrase):
        return named(fact, names)
    if isinstance(fact, (list, tuple)):
        return tuple(named_fact(each, names) for each in fact)
    if isinstance(fact, Grade):
        return list(words.Grade)[HIGHEST_GRADE - fact]
    return names.get(fact, fact) if isinstance(fact, Option) else fact
