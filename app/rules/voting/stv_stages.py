"""The stages of a single transferable vote: who holds which papers at what value, and who is chosen or excluded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.rules.voting.profile import Profile, Ranking
from app.rules.voting.ties import TieBreak

VOTE = 100_000  # one vote, in the unit of all values here

Way = tuple[int, ...]  # the options taken at the first open lots, one after the other


@dataclass(frozen=True)
class Papers:
    """The choices of every valid ballot, with how often it was cast; and how many were set aside."""

    choices: Sequence[tuple[int, ...]]
    times: Sequence[int]
    set_aside: int

    @property
    def valid(self) -> int:
        return sum(self.times)


def papers_of(profile: Profile[Ranking]) -> Papers:
    """Each ballot up to its first shared rank; one without a first choice is set aside."""
    choices, times, set_aside = [], [], 0
    for vote in profile.votes:
        clear = tuple(clear_choices(vote.mark))
        if clear:
            choices.append(clear)
            times.append(vote.times)
        else:
            set_aside += vote.times
    return Papers(choices, times, set_aside)


def clear_choices(ranking: Ranking) -> Iterator[int]:
    for tier in ranking:
        if len(tier) > 1:
            return
        yield tier[0]


class Scrutiny:
    """One count. `chosen` are the elected in the order of their election; `stages` what happened, one row each."""

    def __init__(self, seats: int, many: int, papers: Papers, ties: TieBreak, way: Way = ()) -> None:
        self.seats, self.papers, self.ties, self.way = seats, papers, ties, way
        self.quota = papers.valid // (seats + 1) + 1
        self.votes = [0] * many
        self.exhausted = self.lost = 0
        self.held: list[list[tuple[int, list[int]]]] = [[] for _ in range(many)]  # papers by their value
        self.reading = [0] * len(papers.choices)  # the choice at which each paper stands
        self.continuing = dict.fromkeys(range(many), True)
        self.surpluses: list[int] = []
        self.chosen: list[int] = []
        self.history: list[list[int]] = []
        self.stages: list[dict[str, Any]] = []
        self.lots: list[tuple[int, list[int]]] = []  # of each open lot: who was taken, and among whom
        self.rank = {option: place for place, option in enumerate(ties.in_order(range(many)))}

    def run(self) -> None:
        if not self.papers.valid:
            return
        self.give(range(len(self.papers.choices)), VOTE)
        self.end_stage("first", None, None, None)
        while len(self.chosen) < self.seats and self.continuing:
            if self.surpluses:
                self.transfer_surplus()
            else:
                self.exclude()

    def give(self, papers: Sequence[int], value: int) -> None:
        """Hand each paper to its next continuing choice, at this value; those without one are exhausted."""
        piles: dict[int, list[int]] = {}
        choices, times, reading, continuing = (
            self.papers.choices,
            self.papers.times,
            self.reading,
            self.continuing,
        )
        for paper in papers:
            listed, at = choices[paper], reading[paper]
            while at < len(listed) and listed[at] not in continuing:
                at += 1
            reading[paper] = at
            if at < len(listed):
                piles.setdefault(listed[at], []).append(paper)
            else:
                self.exhausted += value * times[paper]
        for option, pile in piles.items():
            self.held[option].append((value, pile))
            self.votes[option] += value * sum(times[paper] for paper in pile)

    def transfer_surplus(self) -> None:
        """The largest surplus goes on: all papers of the candidate, each at its part of its value."""
        largest = max(self.votes[option] for option in self.surpluses)
        tied = [option for option in self.surpluses if self.votes[option] == largest]
        option, tie = self.decide(tied, lowest=False)
        self.surpluses.remove(option)
        total, surplus = self.votes[option], self.votes[option] - self.quota * VOTE
        before = sum(self.votes) + self.exhausted
        self.votes[option] = self.quota * VOTE
        for value, papers in self.taken_from(option):
            self.give(papers, surplus * value // total)
        self.lost += before - sum(self.votes) - self.exhausted
        self.end_stage("surplus", option, surplus, tie)

    def exclude(self) -> None:
        """Who has the fewest votes goes out, and the papers go on at their value."""
        fewest = min(self.votes[option] for option in self.continuing)
        tied = [option for option in self.continuing if self.votes[option] == fewest]
        option, tie = self.decide(tied, lowest=True)
        del self.continuing[option]
        self.votes[option] = 0
        for value, papers in self.taken_from(option):
            self.give(papers, value)
        self.end_stage("exclusion", option, None, tie)

    def taken_from(self, option: int) -> list[tuple[int, list[int]]]:
        """All papers of the candidate, in one pile for each value."""
        piles: dict[int, list[int]] = {}
        for value, papers in self.held[option]:
            piles.setdefault(value, []).extend(papers)
        self.held[option] = []
        return list(piles.items())

    def end_stage(
        self, kind: str, option: int | None, surplus: int | None, tie: dict[str, Any] | None
    ) -> None:
        """Write the stage down, with who reached the quota, and who fills the last seats without it."""
        self.history.append(list(self.votes))
        elected = [at for at in self.continuing if self.votes[at] >= self.quota * VOTE]
        self.elect(elected)
        self.surpluses += [at for at in elected if self.votes[at] > self.quota * VOTE]
        left = self.seats - len(self.chosen)
        filled = list(self.continuing) if len(self.continuing) <= left else []
        self.elect(filled)
        self.stages.append(
            {
                "kind": kind,
                "option": option,
                "surplus": surplus,
                "tie": tie,
                "votes": self.history[-1],
                "exhausted": self.exhausted,
                "lost": self.lost,
                "elected": self.in_turn(elected),
                "filled": self.in_turn(filled),
            }
        )

    def elect(self, options: Sequence[int]) -> None:
        for option in self.in_turn(options):
            self.chosen.append(option)
            del self.continuing[option]

    def in_turn(self, options: Sequence[int]) -> list[int]:
        """Most votes first, now and then at the stages before; at last in the order of ties."""
        stages = self.history[::-1]
        return sorted(options, key=lambda at: (*(-stage[at] for stage in stages), self.rank[at]))

    def decide(self, tied: list[int], *, lowest: bool) -> tuple[int, dict[str, Any] | None]:
        """Which of the tied is excluded (`lowest`), or is first to transfer; and how that was told."""
        if len(tied) == 1:
            return tied[0], None
        among = sorted(tied)
        pick: Callable[..., int] = min if lowest else max
        for stage in reversed(self.history):
            outermost = pick(stage[option] for option in tied)
            tied = [option for option in tied if stage[option] == outermost]
        if len(tied) == 1:
            return tied[0], {"options": among, "by": "stages"}
        tier = self.ties.measured(tied)[-1 if lowest else 0]
        if len(tier) == 1:
            return tier[0], {"options": among, "by": "cost"}
        by_lot = self.ties.value is not None
        ordered = self.ties.in_order(tier)
        option = ordered[-1 if lowest else 0]
        if not by_lot and not (lowest and self.is_idle(tier[0])):
            if len(self.lots) < len(self.way):
                option = self.way[len(self.lots)]
            self.lots.append((option, tier))
        return option, {"options": among, "by": "lot" if by_lot else "list"}

    def is_idle(self, option: int) -> bool:
        """Whether it has no votes while enough others have: then all like it go out next, in whatever order."""
        having = sum(1 for other in self.continuing if self.votes[other])
        return not self.votes[option] and having >= self.seats - len(self.chosen)

    def other_ways(self) -> Iterator[Way]:
        """The ways that differ first at an open lot which this count's own way did not prescribe; late lots first."""
        taken = tuple(option for option, _ in self.lots)
        for at in reversed(range(len(self.way), len(self.lots))):
            for option in self.lots[at][1]:
                if option != taken[at]:
                    yield (*taken[:at], option)

    def figures(self, names: Sequence[str]) -> dict[str, Any]:
        """All of it as plain JSON, with the ids of the options."""
        return {
            "options": list(names),
            "seats": self.seats,
            "valid": self.papers.valid,
            "set_aside": self.papers.set_aside,
            "quota": self.quota,
            "stages": [stage_facts(stage, names) for stage in self.stages],
        }


def stage_facts(stage: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    tie, option = stage["tie"], stage["option"]
    return stage | {
        "option": None if option is None else names[option],
        "tie": tie and {**tie, "options": [names[at] for at in tie["options"]]},
        "elected": [names[at] for at in stage["elected"]],
        "filled": [names[at] for at in stage["filled"]],
    }
