"""Ballots made at random, the same for the same seed: what the counting rules are measured with."""

from random import Random
from typing import Any

from app.rules.voting.profile import (
    HIGHEST_GRADE,
    HIGHEST_SCORE,
    LOWEST_GRADE,
    Consent,
    MarkKind,
    Profile,
    Vote,
)
from app.rules.words import Choice, StakeholderGroup

GROUPS = tuple(group.value for group in StakeholderGroup)


def random_profile(kind: MarkKind, ballots: int, options: int, marked: int, seed: int) -> Profile[Any]:
    """`ballots` ballots over `options` options, each of which marks `marked` of them.

    Early options are more popular than late ones, as in real lists; nobody's ballot is like another's by design.
    Rankings have no shared ranks. Each option has a cost, for the rules that buy.
    """
    if not 0 <= marked <= options:
        raise ValueError("a ballot marks at most all options")
    random = Random(seed)  # noqa: S311 - a measurement, not a secret
    votes = tuple(
        Vote(mark(kind, options, marked, random), GROUPS[int(random.random() * len(GROUPS))])
        for _ in range(ballots)
    )
    names = tuple(f"option-{number:04d}" for number in range(1, options + 1))
    return Profile(names, votes, tuple(1_000 + int(random.random() * 99_000) for _ in names))


def mark(kind: MarkKind, options: int, marked: int, random: Random) -> Any:
    if kind is MarkKind.CHOICE:
        return tuple(Choice)[int(random.random() * len(Choice))]
    if kind is MarkKind.CONSENT:
        return Consent.CONSENT if random.random() < 0.9 else Consent.OBJECT
    found = some(options, marked, random)
    if kind is MarkKind.RANKING:
        return tuple((option,) for option in found)
    if kind is MarkKind.APPROVAL:
        return tuple(sorted(found))
    if kind is MarkKind.GRADES:
        return tuple((at, LOWEST_GRADE + 1 + int(random.random() * HIGHEST_GRADE)) for at in sorted(found))
    return tuple((at, int(random.random() * (HIGHEST_SCORE + 1))) for at in sorted(found))


def some(options: int, marked: int, random: Random) -> list[int]:
    """So many different options, best first, popular ones more often."""
    if 2 * marked > options:
        keys = [random.random() + at / (2 * options) for at in range(options)]
        return sorted(range(options), key=keys.__getitem__)[:marked]
    found: dict[int, None] = {}
    while len(found) < marked:
        found[int(options * random.random() ** 1.3)] = None
    return list(found)
