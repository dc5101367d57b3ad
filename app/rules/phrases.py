"""A sentence with its facts kept apart, so that it can be stored, tested, and translated when it is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class At:
    """An instant to be told in the zone of what it belongs to, such as a vote."""

    instant: datetime
    zone: str

    @property
    def local(self) -> datetime:
        return self.instant.astimezone(ZoneInfo(self.zone))


@dataclass(frozen=True)
class Amount:
    """Money whose currency stands beside it: told to the cent, and never with half of one."""

    value: Decimal

    @property
    def english(self) -> str:
        return f"{self.value:,.{2 if self.value % 1 else 0}f}"


def in_english(fact: object) -> str:
    """How a fact reads where no language is chosen: logs, tests and the command line; a fraction is a share."""
    if isinstance(fact, (Phrase, Amount)):
        return fact.english
    if isinstance(fact, Enum):
        return str(fact.value).replace("_", " ")
    if isinstance(fact, At):
        return in_english(fact.local)
    if isinstance(fact, Fraction):
        return f"{round(100 * fact)}%"
    if isinstance(fact, datetime):
        return f"{fact:%d %B %Y, %H:%M %Z}".strip().lstrip("0")
    if isinstance(fact, (list, tuple, set, frozenset)):
        return ", ".join(in_english(each) for each in fact)
    return str(fact)


@dataclass(frozen=True)
class Phrase:
    """`sentence` is the English source with %(name)s places; `facts` fills them."""

    sentence: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def english(self) -> str:
        return self.say(str, in_english)

    def say(self, translate: Callable[[str], str], show: Callable[[object], str]) -> str:
        """Speak it: `translate` turns the sentence, `show` each fact, which may be a phrase itself."""
        said = translate(self.sentence)
        return said % {name: show(fact) for name, fact in self.facts.items()} if self.facts else said

    def __str__(self) -> str:
        return self.english


def phrase(sentence: str, **facts: object) -> Phrase:
    return Phrase(sentence, facts)
