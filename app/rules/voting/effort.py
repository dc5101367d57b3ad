"""How much work a count is, told before it begins from what is asked and what was marked: no clock, no guessing twice.

A unit is one mark looked at once. Who counts at once and who hands the count to a job follows from it alone, so two
servers, or the same one under load, never differ in it.
"""

from typing import Any

from app.rules.voting import equal_shares
from app.rules.voting.adding import MOST_VOTES
from app.rules.voting.profile import MarkKind, Profile
from app.rules.voting.ruling import Question

# About a second on the machines we measured (bench/README.md); above it nobody should wait with a page open.
HEAVY = 400_000
# What a notice takes for a step where a rule has no such setting, and its votes are compared all the same.
STEPS = 10_000
# Rounds of adding hand out an eighth of the budget once more before nothing further fits, as far as we have seen.
SHARE_ADDED = 8


def is_heavy(asked: Question, profile: Profile[Any]) -> bool:
    return effort(asked, profile) > HEAVY


def effort(asked: Question, profile: Profile[Any]) -> int:
    """Marks to be looked at in the count, and under a budget also in comparing it with what other rules choose."""
    marked = sum(marks_of(asked.mark, vote.mark) for vote in profile.votes)
    if not (asked.costs and asked.settings_facts.get("budget")):
        return marked
    return marked * (1 + rounds(asked, profile))


def of_rule(asked: Question, profile: Profile[Any]) -> int:
    """Marks to be looked at by its own rule alone: only adding up equal shares looks at them again and again."""
    if asked.rule["name"] == equal_shares.NAME:
        return effort(asked, profile)
    return sum(marks_of(asked.mark, vote.mark) for vote in profile.votes) * max(1, len(asked.options))


def marks_of(kind: MarkKind, mark: Any) -> int:
    if kind in (MarkKind.CHOICE, MarkKind.CONSENT):
        return 1
    if kind is MarkKind.RANKING:
        return sum(len(tier) for tier in mark)
    return len(mark)


def step_of(asked: Question) -> int:
    """What each ballot gets more in a round of adding."""
    settings = asked.settings_facts
    return int(settings.get("step", max(1, settings["budget"] // STEPS)))


def rounds(asked: Question, profile: Profile[Any]) -> int:
    """How often equal shares look at every mark: with few ballots by looking ahead, which costs a look per option."""
    step = step_of(asked)
    if not step or not profile.votes:
        return 1
    again = int(asked.settings_facts["budget"]) // (step * profile.ballots * SHARE_ADDED) + 1
    if len(profile.votes) > MOST_VOTES:
        return again
    return min(again, len(asked.options)) * len(asked.options)
