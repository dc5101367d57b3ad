"""Findings: what the rules on who may apply said at the instant of submission, kept so that it can be read again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from app.rules import eligibility
from app.rules.eligibility import Facts, Rule, Verdict
from app.rules.words import StakeholderGroup

NUMBERS = ("people", "turnover", "partners", "asked", "total")


def frozen(rules: Iterable[Rule], facts: Facts, currency: str) -> dict[str, Any]:
    """The rules and everything they asked about as plain values; numbers as text, so that nothing of them is lost."""
    told = {name: str(value) for name in NUMBERS if (value := getattr(facts, name)) is not None}
    days = {name: value.isoformat() for name in ("starts", "ends") if (value := getattr(facts, name))}
    return {
        "rules": [each.as_facts() | until(each) for each in rules],
        "facts": {
            **told, **days, "group": facts.group.value if facts.group else "", "place": facts.place,
            "readiness": facts.readiness, "roadmap": facts.roadmap, "roadmaps": list(facts.roadmaps),
            "selected_before": facts.selected_before, "at": facts.at.isoformat() if facts.at else "",
        },
        "currency": currency,
    }  # fmt: skip


def until(rule: Rule) -> dict[str, str]:
    return {"until": rule.until.isoformat()} if rule.until is not None else {}


def read(kept: Mapping[str, Any]) -> list[Verdict]:
    """Each rule with what was found then, whatever became of the organisation since; nothing where nothing was kept."""
    if not kept:
        return []
    rules = [rule_from(each) for each in kept["rules"]]
    return eligibility.check(rules, facts_from(kept["facts"]), str(kept["currency"]))


def rule_from(raw: Mapping[str, Any]) -> Rule:
    rule = eligibility.rule_from(raw)
    return replace(rule, until=datetime.fromisoformat(raw["until"])) if "until" in raw else rule


def facts_from(raw: Mapping[str, Any]) -> Facts:
    numbers = {name: eligibility.decimal(raw.get(name)) for name in NUMBERS}
    return Facts(
        group=StakeholderGroup(raw["group"]) if raw["group"] else None,
        place=str(raw["place"]),
        starts=date.fromisoformat(raw["starts"]) if "starts" in raw else None,
        ends=date.fromisoformat(raw["ends"]) if "ends" in raw else None,
        readiness=raw["readiness"],
        roadmap=str(raw["roadmap"]),
        roadmaps=tuple(str(each) for each in raw["roadmaps"]),
        selected_before=raw.get("selected_before"),  # none was kept before there was such a rule
        at=datetime.fromisoformat(raw["at"]) if raw["at"] else None,
        **numbers,
    )
