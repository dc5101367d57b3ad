"""The same votes under the same budget by every rule: never one portfolio alone, and what each changes for whom."""

from collections.abc import Sequence
from typing import Any

from app.rules.phrases import Phrase
from app.rules.voting import effort, portfolios, ruling
from app.rules.voting.outcome import Count
from app.rules.voting.portfolios import Asked, Portfolio
from app.rules.voting.profile import Approval, Profile, Vote, merged, read_mark
from app.rules.voting.purses import read_weights
from app.rules.voting.ruling import Question
from app.rules.voting.table import RULES, Tell
from app.rules.words import StakeholderGroup
from app.services.decisions_pictures_facts import Counted


def side_by_side(counted: Counted) -> dict[str, Any] | None:
    """Rows for each option, each rule and each group; None where there is no budget, or the ballots tell too little."""
    asked = counted.asked
    if not (is_compared(asked) and counted.ballots):
        return None
    if asked.counts_by_group and any(each.group is None for each in counted.ballots):
        return None
    votes = [
        Vote(read_mark(asked.mark, each.mark, asked.options), each.group.value if each.group else "")
        for each in counted.ballots
    ]
    profile, weighed = Profile(asked.options, merged(votes), asked.costs), ruling.profile_of(asked, votes)
    known = {
        rule: Count(tuple(row["selected"]), tuple(row["tied"])) for rule, row in counted.compared.items()
    }
    found = portfolios.side_by_side(
        asked_of(asked), profile, ruling.ties_of(asked), weighed=weighed, known=known
    )
    return facts_of(found, counted, profile)


def is_compared(asked: Question) -> bool:
    return bool(asked.settings_facts.get("budget") and asked.costs)


def compared(
    asked: Question, votes: Sequence[Vote[Any]], tell: Tell = lambda _number, _cost: None
) -> tuple[Portfolio, ...]:
    """The same from the votes as they are counted, told of after each round of adding."""
    profile = Profile(asked.options, merged(votes), asked.costs)
    return portfolios.side_by_side(
        asked_of(asked), profile, ruling.ties_of(asked), lambda _rule, number, cost: tell(number, cost),
        weighed=ruling.profile_of(asked, votes),
    )  # fmt: skip


def asked_of(asked: Question) -> Asked:
    """Groups that have the same say by weighed ballots have it by equal purses under the other rules."""
    settings, weights = asked.settings_facts, asked.terms.weights
    return Asked(
        settings["budget"],
        bool(settings.get("by_group") or weights),
        read_weights(settings.get("weights") or {group.value: str(weights[group]) for group in weights}),
        effort.step_of(asked),
        settings.get("fill", False),
    )


def facts_of(compared: tuple[Portfolio, ...], counted: Counted, profile: Profile[Approval]) -> dict[str, Any]:
    approvals = [
        sum(vote.times for vote in profile.votes if at in vote.mark) for at in range(len(profile.options))
    ]
    return {
        "rules": [
            {
                "label": Phrase(RULES[each.rule].label),
                "own": each.rule == counted.asked.of_table.name,
                "spent": each.spent,
                "added": each.added,
                "dropped": each.dropped,
                "tied": each.count.tied,
            }
            for each in compared
        ],
        "options": [
            {
                "id": option,
                "cost": profile.costs[at],
                "votes": approvals[at],
                "chosen": [option in each.count.selected for each in compared],
            }
            for at, option in enumerate(profile.options)
        ],
        "groups": [
            *group_rows(compared, counted),
            {"group": None, **reached([each.all for each in compared])},
        ],
    }


def group_rows(compared: tuple[Portfolio, ...], counted: Counted) -> list[dict[str, Any]]:
    """A line for each group of an open vote; of a secret one no line, since a small group would be told."""
    if counted.asked.terms.secret:
        return []
    of_group = [{reach.group: reach for reach in each.reach} for each in compared]
    return [
        {"group": group, **reached([found[group.value] for found in of_group])}
        for group in StakeholderGroup
        if group.value in of_group[0]
    ]


def reached(found: list[portfolios.Reach]) -> dict[str, Any]:
    """For each rule, how many ballots have something that they approve, and how many such options on average."""
    return {
        "ballots": found[0].ballots,
        "rules": [{"served": each.ballots - each.nothing, "each": each.each} for each in found],
    }
