"""A ballot's form as every rule needs it: fields for choices, ticks, ranks, grades and scores, read into one mark."""

import secrets
from typing import Any

from sqlmodel import Session
from starlette.datastructures import FormData

from app.i18n import _
from app.models.decision import Decision
from app.routers.pages import say
from app.rules.phrases import Phrase
from app.rules.voting import group_majority
from app.rules.voting.profile import BallotNotValid, MarkKind, facts_of
from app.rules.voting.profile import read_mark as checked
from app.rules.voting.ruling import Question
from app.rules.voting.table import RULES
from app.rules.words import Choice, Criterion
from app.services import decisions_freeze, decisions_rule_words, decisions_words
from app.services.decisions_rule import SUITS
from app.services.decisions_show import Own


def ballot_facts(
    db: Session, decision: Decision, own: Own | None, form: FormData | None = None
) -> dict[str, Any]:
    """What the form of a ballot needs: the options, what was typed or is recorded, and the key of a secret one."""
    asked = decisions_freeze.question_of(decision)
    recorded = own.ballot.mark if own and own.ballot else {}
    currency = decisions_words.currency(db, decision)
    key = text(form, "key") if form is not None else ""
    return {
        "asked": asked,
        "titles": decisions_words.titles(db, decision),
        "costs": dict(zip(asked.options, asked.costs, strict=False)),
        "given": facts_in(asked, form) if form is not None else recorded,
        "key": key or secrets.token_hex(16),
        "currency": currency,
        "rule": decisions_rule_words.rule_sentences(asked, currency),
        "criteria": list(Criterion) if rests_on_criteria(decision, asked) else [],
    }


def rule_facts(db: Session, decision: Decision) -> dict[str, Any]:
    """The rule of a draft, as it stands; none is chosen yet where the proposed one will be taken."""
    if not decision.rule:
        return {"asked": None, "titles": {}, "rule": [Phrase(RULES[SUITS[decision.kind][0]].plain)]}
    asked = decisions_freeze.question_of(decision)
    return {
        "asked": asked,
        "titles": decisions_words.titles(db, decision),
        "rule": decisions_rule_words.rule_sentences(asked, decisions_words.currency(db, decision)),
    }


def rests_on_criteria(decision: Decision, asked: Question) -> bool:
    """Whether a vote against names the criterion it rests on: openly, on a mission, by group majority."""
    by_groups = asked.of_table.name == group_majority.NAME
    return by_groups and not asked.terms.secret and decision.mission_id is not None


def criterion_of(decision: Decision, asked: Question, mark: dict[str, Any], named: Criterion | None) -> str:
    """The criterion as it is kept with a ballot; only a vote against rests on one."""
    is_against = mark.get("choice") == Choice.AGAINST
    return named.value if named and is_against and rests_on_criteria(decision, asked) else ""


def read_mark(asked: Question, form: FormData) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """The mark that a form holds, in its published form, or what is wrong by the name of its field."""
    facts = facts_in(asked, form)
    if asked.mark in (MarkKind.CHOICE, MarkKind.CONSENT) and not facts[asked.mark.value]:
        return None, {asked.mark.value: _("Please choose one of the options.")}
    if asked.mark is MarkKind.GRADES and len(facts["grades"]) < len(asked.options):
        missing = next(each for each in asked.options if each not in facts["grades"])
        return None, {f"grade-{missing}": _("Please give a grade.")}
    try:
        return facts_of(asked.mark, checked(asked.mark, facts, asked.options), asked.options), {}
    except BallotNotValid as refusal:
        return None, {asked.mark.value: say(refusal.phrase)}


def facts_in(asked: Question, form: FormData) -> dict[str, Any]:
    if asked.mark in (MarkKind.CHOICE, MarkKind.CONSENT):
        return {asked.mark.value: text(form, asked.mark.value)}
    if asked.mark is MarkKind.APPROVAL:
        return {"approved": [str(each) for each in form.getlist("approved")]}
    if asked.mark is MarkKind.RANKING:
        return {"ranking": ranking(asked, form)}
    prefix = "grade-" if asked.mark is MarkKind.GRADES else "score-"
    given = {each: number(form, prefix + each) for each in asked.options}
    return {asked.mark.value: {each: value for each, value in given.items() if value is not None}}


def ranking(asked: Question, form: FormData) -> list[list[str]]:
    """Options by the number that each was given, 1 first; the same number is the same rank, none is last."""
    tiers: dict[int, list[str]] = {}
    for option in asked.options:
        place = number(form, f"rank-{option}")
        if place is not None:
            tiers.setdefault(place, []).append(option)
    return [tiers[place] for place in sorted(tiers)]


def number(form: FormData, name: str) -> int | None:
    typed = text(form, name)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else None


def text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""
