"""What a rule comes to: the chosen options, those still tied, the figures, and the count told in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.rules.phrases import Phrase


class Option(str):
    """The id of an option inside a phrase; a page shows the option's name instead."""


class Grade(int):
    """One of the six grades inside a phrase, 0 the lowest; a page shows the grade's name instead."""


@dataclass(frozen=True)
class Count:
    """The count of one profile by one rule.

    `selected` are the ids of the chosen options: the winner alone, or all that are chosen, in the order in which the
    rule took them. `tied` are the ids between which the rule and the second measure could not tell where it
    mattered, so that only the list's order stood in (empty when a lot was drawn). `figures` hold everything that a
    page draws and an independent recount must come to: text, whole numbers, lists and objects only (a fraction is
    "n/d"). `steps` tell the same in words, and are made from the settings' facts and the figures alone, so that a
    stored result can be told in any language.
    """

    selected: tuple[str, ...]
    tied: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Phrase, ...] = ()


def ratio(fraction: Fraction) -> str:
    """A fraction as settings and figures hold it: in lowest terms, a whole number too as "2/1"."""
    return f"{fraction.numerator}/{fraction.denominator}"


def require_named(facts: Mapping[str, Any], name: str, version: int) -> None:
    """Refuse the settings of another rule, or of another version of this one."""
    if (facts.get("name"), facts.get("version")) != (name, version):
        raise ValueError("these are not the settings of this rule")
