"""Replay: events in the order of their writing, folded into the state of everything at an instant.

What an act did stands in the facts of its one event:
`state` is what its subject became, where the kind alone does not say it;
`mission` with `mission_state`, and the same for every other noun, is what became of one thing beside the subject;
`states` is what became of many: `{"cluster": {"confirmed": [ids]}, "submission": {"grouped": "12-5004,5009"}}`.
Submissions are told there by their numbers, as ranges, since one act may move a hundred thousand of them.

Dates are told as well, and what follows from the clock is computed from them when it is read (`effective`).
Drafts of submissions, ballots of an open vote, and how far a job has come, are no acts and in no event.
An event that does not tell what its kind has to (an earlier version wrote it), or that cannot be read, makes
states unknown; it never makes them wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.rules import decisions, phases, ranges
from app.rules.decisions import DecisionTimes
from app.rules.phases import CallTimes
from app.rules.replay_kinds import COMMENTS, ENDED, ENDORSEMENTS, GIVEN, GONE, KINDS, UNKNOWN, Kind, Noun
from app.rules.words import CallKind, CallState, DecisionState

Reading = dict[str, Any]  # what is known of one thing: its state, its counts, its dates
Found = Mapping[str, Mapping[str, Reading]]

STATE_OF = {f"{noun}_state": noun.value for noun in Noun}
COUNTED: dict[str, Reading] = {Noun.SUBMISSION: {ENDORSEMENTS: 0, COMMENTS: 0}}
DATES: dict[str, tuple[str, ...]] = {
    Noun.CALL: ("opens_at", "closes_at", "sense_until", "check_until", "answer_due"),
    Noun.DECISION: ("opens_at", "closes_at"),
    Noun.SEAT: ("ends_at",),
}


@dataclass(frozen=True)
class Told:
    """One event as a replay reads it; ids are text, as they are in facts."""

    kind: str
    subject_kind: str
    subject_id: str
    facts: Mapping[str, Any]


@dataclass
class Replay:
    """What the events so far say; `numbers` gives ids of submissions, `unknown` are nouns not fully told of."""

    numbers: Mapping[int, str] = field(default_factory=dict)
    found: dict[str, dict[str, Reading]] = field(default_factory=lambda: {noun: {} for noun in Noun})
    unknown: set[str] = field(default_factory=set)
    events: int = 0

    def add(self, event: Told) -> None:
        self.events += 1
        kind = KINDS.get(event.kind)
        if kind is None:
            self.unknown.add(event.subject_kind)
            return
        try:
            self.follow(event, kind)
        except (AttributeError, KeyError, TypeError, ValueError):
            self.unknown |= set(Noun)

    def follow(self, event: Told, kind: Kind) -> None:
        facts = event.facts
        if kind.becomes or kind.told:
            self.put(event.subject_kind, event.subject_id, kind.becomes or facts.get(kind.told, UNKNOWN))
        for name in STATE_OF.keys() & facts.keys():
            self.put(STATE_OF[name], facts[STATE_OF[name]], facts[name])
        for noun, states in facts.get("states", {}).items():
            for state, which in states.items():
                for key in self.keys(which):
                    self.put(noun, key, state)
        if "states" not in facts:
            self.unknown |= {noun for noun in kind.moves if f"{noun}_state" not in facts}
        for date in DATES.get(event.subject_kind, ()):
            if date in facts:
                self.of(event.subject_kind, event.subject_id)[date] = facts[date]
        if event.subject_kind == Noun.CALL and "call_kind" in facts:
            # An innovation call closes into another phase than a question; its record does not tell it again.
            self.of(event.subject_kind, event.subject_id)["kind"] = facts["call_kind"]
        self.count(event, *kind.counts)

    def count(self, event: Told, name: str, step: int) -> None:
        """One more or less on one submission; and what somebody endorsed before their address was confirmed."""
        if name and event.facts.get("counts", True):
            self.of(Noun.SUBMISSION, event.facts.get("submission", event.subject_id))[name] += step
        for key in self.keys(event.facts.get("endorsed", "")):
            self.of(Noun.SUBMISSION, key)[ENDORSEMENTS] += 1

    def keys(self, which: str | list[str]) -> Iterable[str]:
        """Ids, or the ids of numbered submissions; a number that nothing has stands for itself."""
        if isinstance(which, str):
            return (self.numbers.get(number, str(number)) for number in ranges.read(which))
        return which

    def of(self, noun: str, key: str) -> Reading:
        readings = self.found[noun]
        if key not in readings:
            readings[key] = dict(COUNTED.get(noun, {}))
        return readings[key]

    def put(self, noun: str, key: str, state: str) -> None:
        self.of(noun, key)["state"] = str(state)


def effective(noun: str, reading: Reading, at: datetime) -> str:
    """The state at an instant: the clock opens and closes calls and votes, and ends the terms of seats."""
    state = str(reading.get("state", UNKNOWN))
    times = {
        name: datetime.fromisoformat(told) for name in DATES.get(noun, ()) if (told := reading.get(name))
    }
    if noun == Noun.CALL and state in set(CallState):
        is_offer = reading.get("kind") == CallKind.INNOVATION
        return phases.phase(CallTimes.of(times, is_offer=is_offer), CallState(state), at)
    if noun == Noun.DECISION and state in set(DecisionState):
        return decisions.phase(DecisionTimes(**times), DecisionState(state), at)
    if noun == Noun.SEAT and state == ENDED and times and times["ends_at"] > at:
        return GIVEN
    return state


@dataclass(frozen=True)
class Difference:
    """One thing of which the events tell something else than its record; None where there is none."""

    noun: Noun
    id: str
    told: Reading | None
    kept: Reading | None


@dataclass(frozen=True)
class Comparison:
    """How many events made how many states, which of these differ from the records, and how many cannot be told."""

    events: int
    states: int
    unknown: int
    differing: tuple[Difference, ...]


def compare(replay: Replay, records: Found) -> Comparison:
    same, unknown, differing = 0, 0, []
    for noun in Noun:
        for each in pairs(noun, replay.found[noun], records.get(noun, {})):
            agrees = agree(each)
            if agrees is None or (agrees is False and noun in replay.unknown):
                unknown += 1
            elif agrees:
                same += 1
            else:
                differing.append(each)
    return Comparison(replay.events, same + len(differing), unknown, tuple(differing))


def pairs(noun: Noun, told: Mapping[str, Reading], kept: Mapping[str, Reading]) -> Iterator[Difference]:
    """Everything that the events or the records know of; what is rightly gone is known to neither."""
    for key, record in kept.items():
        yield Difference(noun, key, told.get(key), record)
    for key, reading in told.items():
        if key not in kept and reading.get("state") != GONE:
            yield Difference(noun, key, reading, None)


def agree(each: Difference) -> bool | None:
    """Whether events and record say the same; None where the events do not say enough."""
    told, kept = each.told, each.kept
    if told == kept:
        return True
    if told is None or "state" not in told:
        return False  # No event tells how it began, or none is left.
    if kept is None:
        return None if told["state"] == UNKNOWN else False
    missing = {name for name in kept if told.get(name, UNKNOWN) == UNKNOWN}
    if any(told[name] != kept[name] for name in kept.keys() - missing):
        return False
    return None if any(kept[name] is not None for name in missing) else True
