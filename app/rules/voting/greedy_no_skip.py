"""Greedy without skipping: the most approved options first, and the count ends at the first that does not fit.

As `greedy`, for places whose rules do not let a less approved option pass one that is too dear.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.rules.voting import greedy
from app.rules.voting.outcome import Count, require_named
from app.rules.voting.profile import Approval, MarkKind, Profile
from app.rules.voting.ties import TieBreak

steps = greedy.steps

NAME = "greedy_no_skip"
VERSION = 1
MARK = MarkKind.APPROVAL


@dataclass(frozen=True)
class Settings(greedy.Settings):
    """The settings of `greedy`, stored under this rule's name."""

    def as_facts(self) -> dict[str, Any]:
        return {**super().as_facts(), "name": NAME, "version": VERSION}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls(facts["budget"])


def count(settings: Settings, profile: Profile[Approval], ties: TieBreak) -> Count:
    """Count approvals; an option that nobody approves is never chosen."""
    return greedy.counted(settings, profile, ties, skip=False)
