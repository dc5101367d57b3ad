"""Who approves what: the votes behind each option, and how many ballots of each kind are among them."""

from collections import Counter
from collections.abc import Mapping, Sequence

from app.rules.voting.profile import Approval, Profile


class Supporters:
    """The votes that approve each option, by place; equal votes stand there once, with how often they were cast."""

    def __init__(self, profile: Profile[Approval]) -> None:
        self.times = [vote.times for vote in profile.votes]
        self.of: list[list[int]] = [[] for _option in profile.options]
        for place, vote in enumerate(profile.votes):
            for option in vote.mark:
                self.of[option].append(place)
        single = all(times == 1 for times in self.times)
        self.ballots = [
            len(votes) if single else sum(self.times[place] for place in votes) for votes in self.of
        ]
        self.single = single

    def by_kind(self, option: int, kinds: Sequence[int]) -> Mapping[int, int]:
        """How many ballots of each kind approve the option, where `kinds` names the kind of every vote."""
        if self.single:
            return Counter(map(kinds.__getitem__, self.of[option]))
        found: dict[int, int] = {}
        for place in self.of[option]:
            kind = kinds[place]
            found[kind] = found.get(kind, 0) + self.times[place]
        return found
