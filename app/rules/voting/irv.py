"""Instant runoff: the option with fewest first choices goes out, its ballots go on, until one has more than half.

It is the single transferable vote with one seat, stage by stage and tie by tie (stv.py has the statute, and what a
shared rank means): its quota is more than half of the valid ballots. Offered, and not the default: in Burlington's
mayoral election of 2009 it passed over the candidate whom majorities preferred to each other one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.rules.voting import stv
from app.rules.voting.outcome import Count, require_named
from app.rules.voting.profile import MarkKind, Profile, Ranking
from app.rules.voting.stv_steps import steps
from app.rules.voting.ties import TieBreak

__all__ = ["MARK", "NAME", "VERSION", "Settings", "count", "steps"]

NAME = "irv"
VERSION = 1
MARK = MarkKind.RANKING


@dataclass(frozen=True)
class Settings:
    """Nothing can be set."""

    def as_facts(self) -> dict[str, Any]:
        return {"name": NAME, "version": VERSION}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Settings":
        require_named(facts, NAME, VERSION)
        return cls()


def count(settings: Settings, profile: Profile[Ranking], ties: TieBreak) -> Count:
    return stv.fill(1, profile, ties, settings.as_facts())
