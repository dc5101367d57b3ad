"""Small random profiles: few ballots and options, so that ties, circles and empty ballots come often."""

from random import Random
from typing import Any

from app.rules.voting.profile import Approval, Marks, Profile, Ranking, Vote, merged
from app.rules.voting.ties import TieBreak

LETTERS = "abcdefg"


def by_list(profile: Profile[Any]) -> TieBreak:
    return TieBreak(profile.options)


def options(random: Random, least: int = 2) -> tuple[str, ...]:
    return tuple(LETTERS[: random.randint(least, len(LETTERS))])


def rankings(random: Random) -> Profile[Ranking]:
    """Truncated rankings, a third of the profiles with shared ranks."""
    names = options(random)
    shared = random.random() < 1 / 3
    votes = []
    for _ in range(random.randint(1, 14)):
        order = random.sample(range(len(names)), random.randint(1, len(names)))
        tiers: list[list[int]] = []
        for option in order:
            if tiers and shared and random.random() < 0.4:
                tiers[-1].append(option)
            else:
                tiers.append([option])
        mark = tuple(tuple(sorted(tier)) for tier in tiers)
        votes.append(Vote(mark, "", random.choice((1, 1, 2, 5))))
    return Profile(names, merged(votes))


def strict_rankings(random: Random) -> Profile[Ranking]:
    """The same without shared ranks."""
    found = rankings(random)
    votes = (
        Vote(tuple((option,) for tier in vote.mark for option in tier), "", vote.times)
        for vote in found.votes
    )
    return Profile(found.options, merged(votes))


def sheets(random: Random, highest: int, odd: bool = False) -> Profile[Marks]:
    """Every option is graded on every ballot; with `odd`, the number of ballots is."""
    names = options(random)
    many = random.randint(1, 12)
    votes = [
        Vote(tuple((option, random.randint(0, highest)) for option in range(len(names))))
        for _ in range(many + (odd and many % 2 == 0))
    ]
    return Profile(names, merged(votes))


def approvals(random: Random) -> Profile[Approval]:
    names = options(random)
    share = random.uniform(0.15, 0.7)
    votes = []
    for _ in range(random.randint(1, 12)):
        mark = tuple(option for option in range(len(names)) if random.random() < share)
        votes.append(Vote(mark, "", random.choice((1, 1, 1, 2, 3))))
    return Profile(names, merged(votes))


def priced(random: Random) -> Profile[Approval]:
    """Approvals of options with costs of 1 to 12, some alike."""
    found = approvals(random)
    return Profile(found.options, found.votes, tuple(random.randint(1, 12) for _ in found.options))
