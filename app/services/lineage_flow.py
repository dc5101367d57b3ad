"""The lineage as a flow, from rows: what every stop of the thread passed on to the next, from voices to lessons."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.i18n import _, ngettext
from app.rules.texts import shortened
from app.rules.words import N_

SHORT = 90
# The seven stops of the thread, and the projects that stand between money and milestones.
COLUMNS = ("voice", "group", "clause", "ballot", "money", "project", "milestone", "lesson")
COLUMN_WORDS = {
    "voice": N_("Voices"),
    "group": N_("Groups"),
    "clause": N_("Missions"),
    "ballot": N_("Votes"),
    "money": N_("Money"),
    "project": N_("Projects"),
    "milestone": N_("Milestones"),
    "lesson": N_("Lessons"),
}
MANY = {"project": "projects", "milestone": "milestones", "lesson": "lessons"}
AMOUNTS: dict[str, Callable[[int], str]] = {
    "voices": lambda n: ngettext("%(n)s voice", "%(n)s voices", n),
    "missions": lambda n: ngettext("%(n)s mission", "%(n)s missions", n),
    "lines": lambda n: ngettext("%(n)s line of money", "%(n)s lines of money", n),
    "projects": lambda n: ngettext("%(n)s project", "%(n)s projects", n),
    "milestones": lambda n: ngettext("%(n)s milestone", "%(n)s milestones", n),
    "lessons": lambda n: ngettext("%(n)s lesson", "%(n)s lessons", n),
}


@dataclass(frozen=True)
class Stop:
    """One thing on the way; `name` is cut where it is drawn, never where it is told."""

    key: str
    column: str
    name: str
    url: str


@dataclass(frozen=True)
class Band:
    """How much one stop passed on to another: so many voices, projects or milestones."""

    near: Stop
    far: Stop
    count: int
    what: str

    @property
    def amount(self) -> str:
        return AMOUNTS[self.what](self.count)


@dataclass
class Flow:
    """Stops and bands in the order in which they were found; a stop that passed nothing on is told too."""

    stops: dict[str, Stop] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)

    def add(self, key: str, column: str, name: str, url: str) -> Stop:
        return self.stops.setdefault(key, Stop(key, column, name, url))

    def join(self, near: Stop | None, far: Stop, count: int, what: str) -> None:
        if near is not None and count > 0:
            self.bands.append(Band(near, far, count, what))

    @property
    def counted(self) -> list[tuple[str, int]]:
        """How many there are in each column; money is told in sums and not by how many lines it came in."""
        told = [(column, self.count_in(column)) for column in COLUMNS if column != "money"]
        return [(_(COLUMN_WORDS[column]), count) for column, count in told if count]

    def count_in(self, column: str) -> int:
        """A stop may stand for many of a kind: for as many as it passes on, or as were passed on to it."""
        stops = [each for each in self.stops.values() if each.column == column]
        if column == "voice":
            said = [each for each in self.bands if each.near.key.startswith("said-")]
            return (
                sum(each.count for each in said)
                or sum(each.count for each in self.bands if each.near.key.startswith("quoted-"))
                or len(stops)
            )
        many = {each.key: [1] for each in stops}
        for band in self.bands:
            if band.far.key in many and band.what == MANY.get(column):
                many[band.far.key].append(band.count)
        return sum(max(counts) for counts in many.values())

    @property
    def ends_by_column(self) -> list[tuple[str, list[tuple[Stop, Stop | None]]]]:
        """Where the way ends so far, each stop with the one that led to it: many milestones are called the same."""
        before = {band.far.key: band.near for band in reversed(self.bands) if band.near.column == "project"}
        ends = self.ends
        found = [
            (column, [(each, before.get(each.key)) for each in ends if each.column == column])
            for column in COLUMNS
        ]
        return [(_(COLUMN_WORDS[column]), stops) for column, stops in found if stops]

    @property
    def ends(self) -> list[Stop]:
        """Where the way ends so far: stops that passed nothing on and are no lessons."""
        passing = {band.near.key for band in self.bands}
        return [each for each in self.stops.values() if each.key not in passing and each.column != "lesson"]


@dataclass
class Way:
    """Where each mission and each project hangs, so that what follows finds it."""

    flow: Flow
    missions: dict[UUID, Stop]
    projects: dict[UUID, Stop] = field(default_factory=dict)

    def of(self, mission_id: UUID, project_id: UUID | None = None) -> Stop | None:
        """The stop of a project, else of its mission."""
        known = self.projects.get(project_id) if project_id else None
        return known or self.missions.get(mission_id)


def drawn(flow: Flow) -> dict[str, Any]:
    """What the script draws; a band is as wide as the root of its count, so that one project is still seen."""
    return {
        "columns": [_(COLUMN_WORDS[column]) for column in COLUMNS],
        "stops": [
            {**vars(each), "column": COLUMNS.index(each.column), "name": shortened(each.name, SHORT)}
            for each in flow.stops.values()
        ],
        "bands": [
            {"from": each.near.key, "to": each.far.key, "width": round(each.count**0.5, 2), "amount": each.amount}
            for each in flow.bands
        ],
    }  # fmt: skip
