"""For each guard of a decision's life the short life whose last step tells that it is gone."""

from dataclasses import dataclass
from typing import Any

from app.rules.words import InterestEffect
from tests.services.decision_life import VOTES

BY_GROUPS, TWO_THIRDS, IN_SECRET, APPROVING, _APPROVING_IN_SECRET = VOTES
FOR, AGAINST = 0, 1


@dataclass(frozen=True)
class Step:
    """A rule of the machine, with what it is told."""

    rule: str
    told: dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """Whom a rule that draws by itself shall draw."""

    one: Any

    def draw(self, _strategy: object) -> Any:
        return self.one


@dataclass(frozen=True)
class Witness:
    """It ends well while the guard is in place; without it all steps go well but the last."""

    vote: tuple[str, bool]
    steps: tuple[Step, ...]


def step(rule: str, **told: Any) -> Step:
    return Step(rule, told)


def life(vote: tuple[str, bool], *steps: Step) -> Witness:
    return Witness(vote, steps)


def votes(name: str, way: int = FOR, key: int = 1) -> Step:
    return step("vote", name=name, way=way, random=key)


def votes_again(name: str, way: int = FOR, key: int = 2) -> Step:
    """Also from a window that is older; and what is sent twice."""
    return step("vote_again", data=Drawn(name), way=way, random=key)


def steps_aside(name: str) -> Step:
    return step("declare", name=name, effect=InterestEffect.RECUSE)


def goes_away(name: str) -> Step:
    return step("go_away", name=name, days=1)


def counted(*aside: str, **others: int | None) -> Step:
    """All are for it but `others`, named like `public_1`; some step aside; it is counted, and by the script again."""
    ways = {name.replace("_", " "): way for name, way in others.items()}
    return step("run_to_the_count", others=ways, aside=list(aside))


def signed(*names: str) -> Step:
    return step("sign", names=list(names))


A_DAY, TWO_DAYS = step("time_passes", days=1), step("time_passes", days=2)
AFTER_THE_END = (TWO_DAYS, TWO_DAYS)
CERTIFIED, CLOSED = step("certify"), step("close")
DIES_WHILE_VOTING = step("die_while_voting", data=Drawn("public 1"), way=FOR, after=99)

WITNESSES: dict[str, Witness] = {
    "a recused seat leaves the base of the quorum": life(BY_GROUPS, counted("citizens 1")),
    "no ballot comes after the end": life(BY_GROUPS, *AFTER_THE_END, votes("public 1")),
    "ballots of recused seats are set aside": life(BY_GROUPS, counted("citizens 1")),
    "a killed vote leaves nothing": life(BY_GROUPS, A_DAY, DIES_WHILE_VOTING),
    "a result is certified once": life(
        APPROVING, counted(), signed("public 1", "citizens 1"), CERTIFIED, CERTIFIED
    ),
    "a recused seat votes no more": life(BY_GROUPS, A_DAY, steps_aside("citizens 1"), votes("citizens 1")),
    "a recused seat leaves the count": life(BY_GROUPS, counted("citizens 1")),
    "one ballot of a seat counts": life(
        BY_GROUPS, A_DAY, votes("public 1"), votes("public 1", key=2), counted(public_1=None)
    ),
    "the last ballot of a seat counts": life(
        BY_GROUPS, A_DAY, votes("public 1"), votes("public 1", AGAINST, 2), counted(public_1=None)
    ),
    "an old window changes nothing": life(BY_GROUPS, A_DAY, votes("public 1"), votes_again("public 1")),
    "what is sent twice is recorded once": life(BY_GROUPS, A_DAY, votes("public 1"), votes_again("public 1")),
    "a seat votes in secret once": life(IN_SECRET, A_DAY, votes("public 1"), votes_again("public 1")),
    "a replaced secret ballot is out": life(
        IN_SECRET, A_DAY, votes("public 1"), votes("public 1", AGAINST, 2)
    ),
    "who voted in secret does not step aside": life(
        IN_SECRET, A_DAY, votes("public 1"), steps_aside("public 1")
    ),
    "of a few secret ballots nothing is told": life(IN_SECRET, A_DAY, votes("public 1")),
    "a stand-in votes for a recused seat": life(
        BY_GROUPS, A_DAY, steps_aside("private 1"), votes("stand-in for private 1")
    ),
    "a stand-in votes for an absent member": life(
        BY_GROUPS, A_DAY, goes_away("private 1"), votes("stand-in for private 1")
    ),
    "a member and the stand-in never both vote": life(
        BY_GROUPS, A_DAY, goes_away("private 1"), votes("private 1")
    ),
    "whoever of the two casts first keeps it": life(
        BY_GROUPS, A_DAY, goes_away("private 1"), votes("stand-in for private 1"), A_DAY, votes("private 1")
    ),
    "no ballot comes before the opening": life(BY_GROUPS, votes("public 1")),
    "no ballot comes after the count": life(BY_GROUPS, counted(), votes("public 1")),
    "nobody steps aside after the end": life(BY_GROUPS, *AFTER_THE_END, steps_aside("public 1")),
    "nothing is counted before the end": life(BY_GROUPS, A_DAY, votes("public 1"), CLOSED),
    "a vote is counted once": life(BY_GROUPS, counted(), CLOSED),
    "the count commits to its ballots": life(BY_GROUPS, counted()),
    "a killed secret vote leaves nothing": life(IN_SECRET, A_DAY, DIES_WHILE_VOTING),
    "a killed count leaves nothing": life(BY_GROUPS, *AFTER_THE_END, step("die_while_counting", after=99)),
    "two sign before it is certified": life(BY_GROUPS, counted(), signed("public 1"), CERTIFIED),
    "of a group one signs": life(BY_GROUPS, counted(), signed("citizens 1", "citizens 3")),
    "who declared an interest signs nothing": life(
        BY_GROUPS, step("declare", name="public 1", effect=InterestEffect.DISCLOSE), counted(), signed("public 1")
    ),
}  # fmt: skip
