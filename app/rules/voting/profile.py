"""What was voted, ready to be counted by any rule: the options, and each different mark with how often it was made."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, ClassVar, Generic, TypeVar

from app.errors import Refusal
from app.rules.words import N_, Choice


class MarkKind(StrEnum):
    """What a ballot of a rule holds."""

    CHOICE = auto()
    CONSENT = auto()
    APPROVAL = auto()
    RANKING = auto()
    GRADES = auto()
    SCORES = auto()


class Consent(StrEnum):
    """Abstaining is not offered: who has no objection consents."""

    CONSENT = auto()
    OBJECT = auto()


# Options are named by their place in the profile, so that a rule compares small whole numbers.
Approval = tuple[int, ...]  # approved options, ascending
Ranking = tuple[
    tuple[int, ...], ...
]  # best first; equal ranks share a tier (ascending); unlisted are tied last
Marks = tuple[tuple[int, int], ...]  # (option, grade or score), ascending by option; unlisted: see the rule
Mark = TypeVar("Mark", Choice, Consent, Approval, Ranking, Marks)

LOWEST_GRADE, HIGHEST_GRADE = 0, 5  # six named grades
LOWEST_SCORE, HIGHEST_SCORE = 0, 10


class BallotNotValid(Refusal):
    """A mark that its rule cannot count; refused before it is stored."""

    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("This ballot cannot be counted: %(why)s")


@dataclass(frozen=True)
class Vote(Generic[Mark]):
    """`times` ballots say exactly this; `group` is the stakeholder group they speak for, or empty."""

    mark: Mark
    group: str = ""
    times: int = 1


@dataclass(frozen=True)
class Profile(Generic[Mark]):
    """All counted ballots of one vote. `costs` are whole units of money (cents), one for each option, or empty."""

    options: tuple[str, ...]
    votes: tuple[Vote[Mark], ...]
    costs: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.options)) < len(self.options):
            raise ValueError("an option is named twice")
        if self.costs and (len(self.costs) != len(self.options) or min(self.costs) < 0):
            raise ValueError("each option has one cost of at least nothing")
        if any(vote.times < 1 for vote in self.votes):
            raise ValueError("a vote that nobody made")

    @property
    def ballots(self) -> int:
        return sum(vote.times for vote in self.votes)


def merged(votes: Iterable[Vote[Mark]]) -> tuple[Vote[Mark], ...]:
    """Equal marks of one group as one vote, in an order that depends on nothing but the marks."""
    times: Counter[tuple[str, Mark]] = Counter()
    for vote in votes:
        times[vote.group, vote.mark] += vote.times
    return tuple(Vote(mark, group, times[group, mark]) for group, mark in sorted(times))


def groups_of(profile: Profile[Mark]) -> list[str]:
    """The groups whose ballots are counted, in the order of the alphabet; ballots without a group are of none."""
    return sorted({vote.group for vote in profile.votes if vote.group})


def read_mark(kind: MarkKind, facts: Mapping[str, Any], options: Sequence[str]) -> Any:
    """A mark as it is stored and published (see `facts_of`), checked against the options on the ballot."""
    place = {option: at for at, option in enumerate(options)}
    try:
        return READERS[kind](facts, place)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise BallotNotValid(why=N_("it names something that is not on the ballot.")) from problem


def read_choice(facts: Mapping[str, Any], _place: Mapping[str, int]) -> Choice:
    return Choice(facts["choice"])


def read_consent(facts: Mapping[str, Any], _place: Mapping[str, int]) -> Consent:
    return Consent(facts["consent"])


def read_approval(facts: Mapping[str, Any], place: Mapping[str, int]) -> Approval:
    found = [place[option] for option in listed(facts["approved"])]
    require_once(found)
    return tuple(sorted(found))


def read_ranking(facts: Mapping[str, Any], place: Mapping[str, int]) -> Ranking:
    tiers = [[place[option] for option in listed(tier)] for tier in listed(facts["ranking"])]
    require_once([option for tier in tiers for option in tier])
    return tuple(tuple(sorted(tier)) for tier in tiers if tier)


def read_grades(facts: Mapping[str, Any], place: Mapping[str, int]) -> Marks:
    return marks(facts["grades"], place, LOWEST_GRADE, HIGHEST_GRADE)


def read_scores(facts: Mapping[str, Any], place: Mapping[str, int]) -> Marks:
    return marks(facts["scores"], place, LOWEST_SCORE, HIGHEST_SCORE)


def marks(given: Mapping[str, Any], place: Mapping[str, int], lowest: int, highest: int) -> Marks:
    for value in given.values():
        if type(value) is not int or not lowest <= value <= highest:
            raise BallotNotValid(why=N_("a mark lies outside the scale."))
    return tuple(sorted((place[option], value) for option, value in given.items()))


def listed(given: Any) -> Sequence[Any]:
    """A list as JSON has it; a text would otherwise pass for the list of its letters."""
    if not isinstance(given, (list, tuple)):
        raise TypeError("this is no list")
    return given


def require_once(found: Sequence[int]) -> None:
    if len(set(found)) < len(found):
        raise BallotNotValid(why=N_("it names an option twice."))


READERS = {
    MarkKind.CHOICE: read_choice,
    MarkKind.CONSENT: read_consent,
    MarkKind.APPROVAL: read_approval,
    MarkKind.RANKING: read_ranking,
    MarkKind.GRADES: read_grades,
    MarkKind.SCORES: read_scores,
}


def facts_of(kind: MarkKind, mark: Any, options: Sequence[str]) -> dict[str, Any]:
    """A mark as it is stored, hashed and published: plain JSON with the ids of the options."""
    if kind in (MarkKind.CHOICE, MarkKind.CONSENT):
        return {kind.value: mark.value}
    if kind is MarkKind.APPROVAL:
        return {"approved": [options[at] for at in mark]}
    if kind is MarkKind.RANKING:
        return {"ranking": [[options[at] for at in tier] for tier in mark]}
    return {kind.value: {options[at]: value for at, value in mark}}


def supports(kind: MarkKind, mark: Any, chosen: Collection[int]) -> bool:
    """Whether a ballot helped what was chosen: approved it, ranked it first, graded or scored it in the upper half."""
    if kind is MarkKind.CONSENT:
        return mark is Consent.CONSENT
    if kind is MarkKind.APPROVAL:
        return bool(set(mark) & set(chosen))
    if kind is MarkKind.RANKING:
        return bool(mark) and bool(set(mark[0]) & set(chosen))
    highest = HIGHEST_GRADE if kind is MarkKind.GRADES else HIGHEST_SCORE
    return any(option in chosen and 2 * value > highest for option, value in mark)
