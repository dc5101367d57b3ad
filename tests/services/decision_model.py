"""A decision's life in a few naive lines: who said what last, who has an interest, who is away, what day it is."""

from dataclasses import dataclass, field

from tests.services.chamber import SEATS

NAMES = [f"{group} {number}" for group, many in SEATS.items() for number in range(1, many + 1)]
STAND_INS = {"private 1": "stand-in for private 1", "citizens 2": "stand-in for citizens 2"}
EVERYONE = [*NAMES, *STAND_INS.values()]
DAYS = 4  # a vote opens one day after its notice, and lasts three
FEW = 5  # so many secret ballots are counted and told; of fewer nothing is
COUNTED = ("carried", "lost", "tied", "inquorate")
CHOICES = ("for", "against", "abstain")
OPTIONS = ("option-1", "option-2", "option-3")


def group_of(name: str) -> str:
    return name.removeprefix("stand-in for ").split()[0]


@dataclass
class Model:
    """`said` holds every version of each seat's mark: a choice, or the options approved."""

    rule: str
    secret: bool
    day: int = 0
    state: str = "draft"
    said: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    aside: set[str] = field(default_factory=set)
    tied: set[str] = field(default_factory=set)
    away: dict[str, set[int]] = field(default_factory=dict)
    holder: dict[str, str] = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)
    counted_on: int | None = None

    @property
    def phase(self) -> str:
        if self.state != "noticed":
            return self.state
        return "noticed" if self.day < 1 else "open" if self.day < DAYS else "closed"

    def voter_for(self, name: str, day: int) -> str | None:
        """Who casts the ballot of this member's seat on a day, if anybody."""
        other = STAND_INS.get(name)
        if other in self.aside:
            other = None
        if name in self.aside:
            return other
        if other is None:
            return name
        if name in self.holder:
            return self.holder[name] if self.holder[name] in (name, other) else name
        is_away = day in self.away.get(name, set()) and day not in self.away.get(other, set())
        return other if is_away else name

    def seat_of(self, person: str, day: int) -> str | None:
        """The member's seat whose ballot this person casts on a day."""
        return next((name for name in NAMES if self.voter_for(name, day) == person), None)

    def may_vote(self, person: str) -> bool:
        return self.phase == "open" and self.seat_of(person, self.day) is not None

    def may_declare(self, person: str, *, recuses: bool) -> bool:
        """An interest, with which they step aside or keep their vote."""
        is_in_time = self.phase in ("noticed", "open") and person not in self.aside
        return is_in_time and not (recuses and self.secret and person in self.said)

    def vote(self, person: str, mark: tuple[str, ...]) -> None:
        seat = self.seat_of(person, self.day)
        assert seat is not None
        if seat in STAND_INS and seat not in self.aside:
            self.holder.setdefault(seat, person)
        self.said.setdefault(person, []).append(mark)

    def voters(self) -> list[str]:
        """Whoever holds a ballot now; after the end, whoever held one then."""
        day = min(self.day, DAYS) if self.counted_on is None else self.counted_on
        found = (self.voter_for(name, day) for name in NAMES)
        return [name for name in found if name is not None]

    @property
    def everyone_voted(self) -> bool:
        return all(name in self.said for name in self.voters())

    def present(self) -> dict[str, tuple[int, int]]:
        """For each group: seats that may vote, and those that did."""
        voters = self.voters()
        return {
            group.value: (
                sum(group_of(name) == group for name in voters),
                sum(group_of(name) == group and name in self.said for name in voters),
            )
            for group in SEATS
        }

    def total(self, group: str = "") -> list[int]:
        """How often each choice, or option, was named last by those who count."""
        last = [
            self.said[each][-1]
            for each in self.voters()
            if each in self.said and group in ("", group_of(each))
        ]
        named = OPTIONS if self.rule == "approval" else CHOICES
        return [sum(each in mark for mark in last) for each in named]

    @property
    def are_too_few(self) -> bool:
        return self.secret and len(self.said) < FEW

    def outcome(self) -> str:
        if self.are_too_few or any(cast * 2 <= seats for seats, cast in self.present().values()):
            return "inquorate"
        if self.rule == "approval":
            return self.most_approved()
        for_it, against, _abstain = self.total()
        favours = for_it > against
        if self.rule == "group_majority":
            favours = all(self.total(group)[0] > self.total(group)[1] for group in SEATS)
        if favours and for_it * 3 >= 2 * (for_it + against):
            return "carried"
        return "tied" if for_it == against else "lost"

    def most_approved(self) -> str:
        """One is chosen, if half of all ballots or more approve of it."""
        most = max(self.total())
        if not most or most * 2 < sum(name in self.said for name in self.voters()):
            return "lost"
        return "tied" if self.total().count(most) > 1 else "carried"

    def may_sign(self, person: str) -> bool:
        """A voter whom nothing ties to it, of a group that has not signed; two sign."""
        groups = {group_of(each) for each in self.signed}
        is_able = person in self.voters() and person not in self.tied and group_of(person) not in groups
        return self.state in COUNTED and is_able and len(self.signed) < 2

    @property
    def may_be_certified(self) -> bool:
        able = {group_of(each) for each in self.voters() if each not in self.tied}
        return self.state in COUNTED and len(self.signed) >= min(2, len(able))
