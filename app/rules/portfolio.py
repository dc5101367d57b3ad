"""The live portfolio of a mission: what the criteria count once it is under way, who takes part, and what may fail."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from app.rules import criteria
from app.rules.ambition import ambition
from app.rules.criteria import (
    DISCIPLINES_NEEDED,
    EVEN_FROM,
    GROUPS_NEEDED,
    SECTORS_NEEDED,
    Facts,
    Route,
    evenness,
    independent,
)
from app.rules.figures import Figure, Light, about, grey
from app.rules.gates import ROUTES_NEEDED
from app.rules.phrases import Phrase, phrase
from app.rules.words import (
    N_,
    Criterion,
    Instrument,
    MissionState,
    ProjectState,
    ProjectVerdict,
    StakeholderGroup,
)

# From the launch on, what is under way is looked at, and no longer what was declared.
LIVE = frozenset(
    {MissionState.ACTIVE, MissionState.PAUSED, MissionState.ACHIEVED, MissionState.ENDED_NOT_MET}
)
UNDER_CONTRACT = frozenset({ProjectState.CONTRACTED, ProjectState.RUNNING, ProjectState.PAUSED})
OVER = frozenset({ProjectState.COMPLETED, ProjectState.STOPPED_TO_LEARN})
MOST_OF_ONE_SECTOR = Fraction(3, 5)
MOST_OF_ONE_ROUTE = Fraction(1, 2)
WORSE = (Light.GREEN, Light.AMBER, Light.RED)
# What a mission can lack though it has projects: who only gives money away leaves demand and rules as they are.
SUPPLY = frozenset(
    {Instrument.GRANT, Instrument.PRIZE, Instrument.CHALLENGE_PRIZE, Instrument.PATIENT_FINANCE}
)
DEMAND = frozenset({Instrument.PROCUREMENT, Instrument.PRE_PROCUREMENT})
RULES = frozenset({Instrument.STANDARD})
PLACES = frozenset({Instrument.INSTITUTE, Instrument.TESTBED})


@dataclass(frozen=True)
class Member:
    """One project as the portfolio counts it; `cents` are what is committed to it in the mission's currency."""

    key: UUID
    route: Route
    state: ProjectState
    cents: int = 0
    verdict: ProjectVerdict | None = None
    instrument: Instrument | None = None
    groups: frozenset[StakeholderGroup] = frozenset()
    sectors: tuple[str, ...] = ()
    disciplines: tuple[str, ...] = ()
    lead: UUID | None = None
    funder: UUID | None = None
    agencies: frozenset[UUID] = frozenset()

    @property
    def has_failed(self) -> bool:
        """Stopped to learn, or at its end with a hypothesis that did not hold: both are what risk was taken for."""
        return self.state is ProjectState.STOPPED_TO_LEARN or self.verdict is ProjectVerdict.REFUTED


def with_money(member: Member, cents: int) -> Member:
    return replace(member, cents=cents)


def living(members: Sequence[Member]) -> list[Member]:
    """What is under contract; while nothing is, what is proposed; never what is over."""
    contracted = [each for each in members if each.state in UNDER_CONTRACT]
    return contracted or [each for each in members if each.state is ProjectState.PROPOSED]


def figures(base: Facts, members: Sequence[Member], today: date) -> dict[Criterion, list[Figure]]:
    """The five criteria of a mission under way: goals and voices as before, everything else from its projects."""
    live = living(members)
    found = [
        ambition(base.indicators, base.readings), criteria.value(base.voices or {}), criteria.concrete(base.indicators),
        criteria.horizon(base.indicators, today), criteria.readiness([each.route for each in live]),
        crossing(live), rivalry(live, base.has_open_call),
    ]  # fmt: skip
    return {criterion: [each for each in found if each.criterion is criterion] for criterion in Criterion}


def weights(members: Sequence[Member]) -> dict[UUID, int]:
    """What each project weighs: the money committed to it, or all the same while none is committed to any."""
    return {each.key: each.cents for each in members} if any(each.cents for each in members) else {
        each.key: 1 for each in members
    }  # fmt: skip


def by_sector(members: Sequence[Member]) -> dict[str, int]:
    """The money of each sector: that of a project with several is divided among them to the cent."""
    found: dict[str, int] = {}
    weight = weights(members)
    # While there is no money, a project weighs enough to be divided.
    unit = 1 if any(each.cents for each in members) else 1000
    for each in members:
        named = sorted(set(each.sectors))
        for place, sector in enumerate(named):
            part, rest = divmod(weight[each.key] * unit, len(named))
            found[sector] = found.get(sector, 0) + part + (place < rest)
    return found


def crossing(members: Sequence[Member]) -> Figure:
    """Sectors, groups and disciplines of the projects: too few, or one sector with most of the money, is told."""
    title = N_("How many sectors, groups and disciplines?")
    sectors, even = by_sector(members), evenness(by_sector(members))
    disciplines = {name for each in members for name in each.disciplines}
    groups = {group for each in members for group in each.groups}
    if not sectors and not disciplines:
        return grey(Criterion.CROSSING, title, N_("No project names a sector or a discipline yet."))
    whole = sum(sectors.values())
    largest = max(sectors, key=lambda name: (sectors[name], name), default="")
    share = Fraction(sectors[largest], whole) if whole else Fraction(0)
    short = [
        len(sectors) < SECTORS_NEEDED, len(groups) < GROUPS_NEEDED, len(disciplines) < DISCIPLINES_NEEDED
    ].count(True)  # fmt: skip
    is_even = even is not None and even >= EVEN_FROM and share <= MOST_OF_ONE_SECTOR
    light = Light.RED if short > 1 else Light.AMBER if short or not is_even else Light.GREEN
    says = phrase(
        N_("Sectors: %(sectors)s. Stakeholder groups: %(groups)s. Disciplines: %(disciplines)s."),
        sectors=len(sectors), groups=len(groups), disciplines=len(disciplines),
    )  # fmt: skip
    steps = [
        phrase(N_("%(sector)s: %(share)s %% of the money."), sector=name, share=about(Fraction(100 * many, whole)))
        for name, many in sorted(sectors.items(), key=lambda each: (-each[1], each[0]))
        if whole
    ]  # fmt: skip
    if share > MOST_OF_ONE_SECTOR:
        steps.append(phrase(N_("One sector has more than %(most)s %% of the money."), most=60))
    if even is not None:
        steps.append(
            phrase(
                N_("Evenness of the sectors (entropy ÷ logarithm of their number): %(even)s; 1 is even."),
                even=about(even),
            )
        )
    return Figure(Criterion.CROSSING, title, light, says, tuple(steps))


def by_route(members: Sequence[Member]) -> dict[str, int]:
    """The weight of each way to the goal, by its label as it is first written."""
    weight, names = weights(members), dict[str, str]()
    found: dict[str, int] = {}
    for each in members:
        name = names.setdefault(each.route.label.strip().casefold(), each.route.label.strip())
        found[name] = found.get(name, 0) + weight[each.key]
    return found


def rivalry(members: Sequence[Member], has_open_call: bool) -> Figure:
    """Rival routes under way, none of them with more than half of the money."""
    title, routes = N_("How many independent routes?"), by_route(members)
    if not routes and not has_open_call:
        return grey(Criterion.RIVALRY, title, N_("No project is under way yet."))
    many, whole = independent([each.route for each in members]), sum(routes.values())
    largest = max(routes, key=lambda name: (routes[name], name), default="")
    share = Fraction(routes[largest], whole) if whole else Fraction(0)
    enough = many >= ROUTES_NEEDED
    light = Light.RED
    if enough and share <= MOST_OF_ONE_ROUTE:
        light = Light.GREEN
    elif enough or many == ROUTES_NEEDED - 1 or has_open_call:
        light = Light.AMBER
    says = phrase(N_("%(many)s routes by different leads, each another way."), many=many)
    steps: list[Phrase] = []
    if largest:
        told = N_(
            "The largest, “%(route)s”, has %(share)s %% of the money; at most %(most)s %% keeps a rivalry."
        )
        steps.append(phrase(told, route=largest, share=about(100 * share), most=50))
    if has_open_call:
        steps.append(Phrase(N_("A call for more of them is open.")))
    return Figure(Criterion.RIVALRY, title, light, says, tuple(steps))


@dataclass(frozen=True)
class Flip:
    """A figure that looks otherwise than before."""

    criterion: Criterion
    title: str
    before: Light
    after: Light

    @property
    def is_worse(self) -> bool:
        """Whether it went down; what cannot be told yet, or no longer, is neither better nor worse."""
        if Light.GREY in (self.before, self.after):
            return False
        return WORSE.index(self.after) > WORSE.index(self.before)


def flips(
    before: Mapping[Criterion, Sequence[Figure]], then: Mapping[Criterion, Sequence[Figure]]
) -> list[Flip]:
    """The figures of both whose light differs, in the order of the criteria."""
    was = {(each.criterion, each.title): each.light for listed in before.values() for each in listed}
    return [
        Flip(each.criterion, each.title, was[each.criterion, each.title], each.light)
        for listed in then.values()
        for each in listed
        if was.get((each.criterion, each.title), each.light) is not each.light
    ]


@dataclass(frozen=True)
class Risk:
    """What failed, of all that was committed, beside the share that the committee said may fail (0 to 100, or none)."""

    committed: int
    failed: int
    declared: int | None

    @property
    def share(self) -> Fraction:
        return Fraction(self.failed, self.committed) if self.committed else Fraction(0)

    @property
    def light(self) -> Light:
        """Failures inside the share are what was agreed to; only beyond it they are a matter of concern."""
        if self.declared is None:
            return Light.GREY
        return Light.GREEN if 100 * self.share <= self.declared else Light.RED


def risk(members: Iterable[Member], declared: int | None) -> Risk:
    """Failures weighed by the money committed to them, over every project that ever had a contract."""
    had = [each for each in members if each.state is not ProjectState.PROPOSED]
    weight = weights(had)
    failed = sum(weight[each.key] for each in had if each.has_failed)
    return Risk(sum(weight.values()), failed, declared)


@dataclass(frozen=True)
class Agencies:
    """Which public bodies fund or lead, and in how many of the projects another than the mission's own takes part."""

    named: frozenset[UUID]
    shared: int
    projects: int

    @property
    def is_single(self) -> bool:
        """Whether one agency does it all: what no other takes part in is dropped with the next government."""
        return len(self.named) < 2

    @property
    def share(self) -> Fraction:
        return Fraction(self.shared, self.projects) if self.projects else Fraction(0)


def agencies(members: Sequence[Member], own: Collection[UUID]) -> Agencies:
    live = living(members)
    named = frozenset(own) | {key for each in live for key in each.agencies}
    return Agencies(named, sum(bool(each.agencies - set(own)) for each in live), len(live))


def mix(members: Sequence[Member]) -> dict[Instrument, int]:
    """How many live projects use each instrument, in the order of the vocabulary."""
    used = [each.instrument for each in living(members)]
    return {instrument: used.count(instrument) for instrument in Instrument if instrument in used}


def missing_sides(used: Collection[Instrument]) -> list[str]:
    """The sides of a market that no instrument of the mix moves, in words."""
    sides = (
        (SUPPLY, N_("supply: grants, prizes, patient finance")),
        (DEMAND, N_("demand: what public bodies buy")),
        (RULES, N_("rules: standards")),
        (PLACES, N_("places to try and to learn: institutes, testbeds")),
    )
    return [words for side, words in sides if not side & set(used)]


def readiness_spread(members: Iterable[Member]) -> tuple[int, ...]:
    """The readiness levels of these projects, the lowest first."""
    return tuple(sorted(each.route.readiness for each in members if each.route.readiness is not None))
