"""What a rule comes to: the chosen options, those still tied, the figures, and the count told in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.rules.phrases import Phrase


@dataclass(frozen=True)
class Count:
    """The count of one profile by one rule.

    `selected` are the ids of the chosen options: the winner alone, or all that are chosen, in the order in which the
    rule took them. `tied` are the ids between which the rule and the second measure could not tell where it
    mattered, so that only the list's order stood in (empty when a lot was drawn). `figures` hold everything that a
    page draws and an independent recount must come to: text, whole numbers, lists and objects only (a fraction is
    "n/d"). `steps` tell the same in words.
    """

    selected: tuple[str, ...]
    tied: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Phrase, ...] = ()
