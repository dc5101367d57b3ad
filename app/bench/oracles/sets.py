"""Sets and portfolios, against abcvoting and pabutools."""

from random import Random
from typing import Any

from abcvoting import abcrules
from abcvoting.preferences import Profile as Committees
from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen
from pabutools.tiebreaking import TieBreakingRule

from app.bench.oracles.profiles import by_list
from app.bench.oracles.verdict import Verdict, among
from app.rules.voting import approval, equal_shares, greedy, phragmen
from app.rules.voting.outcome import Count
from app.rules.voting.profile import Approval, Profile


def supported(profile: Profile[Approval]) -> frozenset[str]:
    return frozenset(profile.options[option] for vote in profile.votes for option in vote.mark)


def approved(profile: Profile[Approval]) -> list[set[int]]:
    return [set(vote.mark) for vote in profile.votes for _time in range(vote.times)]


def voters(sets: list[set[int]], options: int) -> Committees:
    made = Committees(num_cand=options)
    made.add_voters(sets)
    return made


def committees(profile: Profile[Approval], seats: int, rule: str) -> list[frozenset[str]]:
    """Every committee that abcvoting finds over all ways in which ties may be broken."""
    made = voters(approved(profile), len(profile.options))
    algorithm = {} if rule == "av" else {"algorithm": "standard-fractions"}
    found = abcrules.compute(rule, made, committeesize=seats, resolute=False, **algorithm)
    return [frozenset(profile.options[option] for option in each) for each in found]


def seated(ours: Count, profile: Profile[Approval], seats: int, rule: str) -> Verdict:
    """Theirs fills seats with options that nobody approves; ours leaves them empty."""
    if len(ours.selected) < seats:
        return Verdict.DOCUMENTED if frozenset(ours.selected) == supported(profile) else Verdict.DIFFERS
    return among(ours, committees(profile, seats, rule))


def seats_of(profile: Profile[Approval], random: Random) -> int:
    """No more than there are approved options, since only then both fill the same seats."""
    return random.randint(1, max(1, len(supported(profile))))


def compare_equal_shares(profile: Profile[Approval], random: Random) -> Verdict:
    seats = seats_of(profile, random)
    ours = equal_shares.count(equal_shares.Settings(seats=seats), profile, by_list(profile))
    return seated(ours, profile, seats, "equal-shares")


def compare_phragmen(profile: Profile[Approval], random: Random) -> Verdict:
    seats = seats_of(profile, random)
    ours = phragmen.count(phragmen.Settings(seats=seats), profile, by_list(profile))
    return seated(ours, profile, seats, "seqphragmen")


def compare_approval(profile: Profile[Approval], random: Random) -> Verdict:
    seats = seats_of(profile, random)
    ours = approval.count(approval.Settings(seats=seats, share=0), profile, by_list(profile))  # type: ignore[arg-type]
    return seated(ours, profile, seats, "av")


def projects_of(profile: Profile[Approval]) -> list[Project]:
    return [Project(name, cost) for name, cost in zip(profile.options, profile.costs, strict=True)]


def made_of(projects: list[Project], sets: list[set[int]], budget: int) -> tuple[Any, Any]:
    instance = Instance(projects, budget_limit=budget)
    ballots = [ApprovalBallot(projects[option] for option in found) for found in sets]
    return instance, ApprovalProfile(ballots, instance=instance)


def budgeted(profile: Profile[Approval], budget: int) -> tuple[Any, Any]:
    return made_of(projects_of(profile), approved(profile), budget)


# The order of our list is the order of the names.
LISTED = TieBreakingRule(lambda _instance, _profile, project: project.name)
CHEAPER = TieBreakingRule(lambda _instance, _profile, project: (project.cost, project.name))


def chosen(allocation: Any, profile: Profile[Approval]) -> frozenset[str]:
    """What pabutools chose, without what nobody approves."""
    return frozenset(project.name for project in allocation) & supported(profile)


def budget_of(profile: Profile[Approval], random: Random) -> int:
    """Never less than the dearest option costs: ours leaves out what is dearer, theirs does so for one rule only."""
    return random.randint(max(profile.costs), max(sum(profile.costs), max(profile.costs) + 1))


def compare_shares_of_money(profile: Profile[Approval], random: Random) -> Verdict:
    budget = budget_of(profile, random)
    ours = equal_shares.count(equal_shares.Settings(budget=budget, step=0), profile, by_list(profile))
    found = method_of_equal_shares(*budgeted(profile, budget), sat_class=Cost_Sat, tie_breaking=LISTED)
    return Verdict.AGREES if chosen(found, profile) == frozenset(ours.selected) else Verdict.DIFFERS


def compare_adding(profile: Profile[Approval], random: Random) -> Verdict:
    """Theirs also ends as soon as no option fits into what is left; ours goes on."""
    budget = budget_of(profile, random)
    ours = equal_shares.count(equal_shares.Settings(budget=budget), profile, by_list(profile))
    found = method_of_equal_shares(
        *budgeted(profile, budget), sat_class=Cost_Sat, tie_breaking=LISTED, voter_budget_increment=1
    )
    theirs = chosen(found, profile)
    if theirs == frozenset(ours.selected):
        return Verdict.AGREES
    cost = dict(zip(profile.options, profile.costs, strict=True))
    left = budget - sum(cost[option] for option in theirs)
    exhausted = all(cost[option] > left for option in supported(profile) - theirs)
    return Verdict.DOCUMENTED if exhausted else Verdict.DIFFERS


def compare_saving(profile: Profile[Approval], random: Random) -> Verdict:
    """Theirs ends when any of the options at the same instant is too dear; ours asks the first of them."""
    budget = budget_of(profile, random)
    ours = phragmen.count(phragmen.Settings(budget=budget), profile, by_list(profile))
    found = sequential_phragmen(*budgeted(profile, budget), tie_breaking=LISTED)
    if chosen(found, profile) == frozenset(ours.selected):
        return Verdict.AGREES
    return Verdict.TIE if ours.tied else Verdict.DIFFERS


def compare_greedy(profile: Profile[Approval], random: Random) -> Verdict:
    budget = budget_of(profile, random)
    ours = greedy.count(greedy.Settings(budget), profile, by_list(profile))
    found = greedy_utilitarian_welfare(*budgeted(profile, budget), sat_class=Cost_Sat, tie_breaking=CHEAPER)
    return Verdict.AGREES if chosen(found, profile) == frozenset(ours.selected) else Verdict.DIFFERS
