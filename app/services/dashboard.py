"""A mission on one page for a minister and a citizen: six questions, a sentence for each, and the rows behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.models.call import Call
from app.models.columns import now
from app.models.course import CourseReview, course_reviews_of
from app.models.mission import Mission
from app.rules import dashboard as rules
from app.rules import dashboard_means as means
from app.rules.coverage import Line
from app.rules.dashboard import Gauge, Steps
from app.rules.phrases import Phrase
from app.rules.words import (
    CourseKind,
    MilestoneState,
    MissionState,
    MoneyKind,
    ProjectState,
    StakeholderGroup,
)
from app.services import coverage, dashboard_rows, ledger, milestones, portfolio, progress, returns, signals
from app.services.dashboard_rows import Chosen, Felt, Learned, Right
from app.services.ledger import Account
from app.services.milestones import Shown as Milestone
from app.services.portfolio import Entry
from app.services.portfolio import Shown as Portfolio
from app.services.progress import Measured
from app.services.returns import Returns

# Before its adoption there is nothing to appraise; what was returned, rejected or withdrawn is told by its own page.
APPRAISED = frozenset(
    {
        MissionState.ADOPTED, MissionState.ACTIVE, MissionState.PAUSED, MissionState.ACHIEVED,
        MissionState.ENDED_NOT_MET,
    }
)  # fmt: skip
ROWS = 12  # of one table; the page that has them all is one click away
UNDER_WAY = frozenset({ProjectState.CONTRACTED, ProjectState.RUNNING, ProjectState.PAUSED})


@dataclass(frozen=True)
class Way:
    """Are we moving, and fast enough? The mission's own indicators; those of projects are only counted."""

    measured: list[Measured]
    of_projects: int
    milestones: list[Milestone]
    moving: Phrase
    fast: Phrase
    steps: Phrase


@dataclass(frozen=True)
class Trying:
    portfolio: Portfolio
    entries: list[Entry]
    told: Phrase
    risk: Phrase | None


@dataclass(frozen=True)
class Funds:
    accounts: list[Account]
    told: Phrase
    more: list[Phrase]


@dataclass(frozen=True)
class Benefit:
    felt: Felt
    weighed: list[Returns]
    rights: list[Right]
    heard: list[tuple[StakeholderGroup | str, Line]]
    told: Phrase
    fairness: Phrase
    voices: Phrase
    chosen: Chosen
    served: Phrase


@dataclass(frozen=True)
class Learning:
    """The latest reviews and lessons; `end` is the review at the end of a mission that is over."""

    reviews: list[CourseReview]
    lessons: list[Learned]
    lessons_in_all: int
    end: CourseReview | None
    told: Phrase


@dataclass(frozen=True)
class Shown:
    """The six answers; tables are cut to a dozen rows."""

    state: MissionState
    at: datetime
    way: Way
    trying: Trying
    funds: Funds
    benefit: Benefit
    learning: Learning


def is_appraised(mission: Mission) -> bool:
    return mission.state in APPRAISED


def shown(session: Session, mission: Mission) -> Shown:
    """The whole page in the same number of statements, however many projects and readings there are."""
    at, state = now(), progress.state(session, mission)
    return Shown(
        state, at, way(session, mission, at), trying(session, mission), funds(session, mission),
        benefit(session, mission), learning(session, mission, state),
    )  # fmt: skip


def way(session: Session, mission: Mission, at: datetime) -> Way:
    measured = progress.of_mission(session, mission, with_projects=False)
    steps = milestones.of_mission(session, mission, at.date())
    found = [gauge(each) for each in measured]
    return Way(
        measured[:ROWS], dashboard_rows.indicators_of_projects(session, mission.id),
        most_telling(steps)[:ROWS], rules.direction(found), rules.pace(found, at.date()),
        rules.milestones(counted(steps)),
    )  # fmt: skip


def gauge(each: Measured) -> Gauge:
    """One indicator as its last reading has it; one that is reached or not has no way to go."""
    name, due, course = each.indicator.name, each.indicator.due, each.course
    if all(one.is_forecast for one in each.readings):
        return Gauge(name, due)
    is_met, path = progress.is_met(each.indicator, each.readings), progress.way_of(each.indicator)
    if course is None or path is None or course.wanted is None or each.indicator.verifier:
        return Gauge(name, due, True, is_met)
    return Gauge(name, due, True, is_met, course.share, path.share(course.wanted))


def counted(steps: Sequence[Milestone]) -> Steps:
    many = [each.reached.state for each in steps]
    ahead = [each.milestone.due for each in steps if each.reached.state is MilestoneState.PLANNED]
    return Steps(
        many.count(MilestoneState.MET), many.count(MilestoneState.MISSED), len(ahead),
        min(ahead, default=None),
    )  # fmt: skip


def most_telling(steps: Sequence[Milestone]) -> list[Milestone]:
    """What was missed first, then what comes next, then what was met; each by its day."""
    order = (MilestoneState.MISSED, MilestoneState.PLANNED, MilestoneState.MET)
    return sorted(steps, key=lambda each: (order.index(each.reached.state), each.milestone.due))


def trying(session: Session, mission: Mission) -> Trying:
    """What is tried; the projects with most money first."""
    kept = portfolio.shown(session, mission)
    states = [each.project.state for each in kept.entries]
    live = [each.member for each in kept.entries if each.project.state in UNDER_WAY]
    told = means.tried(
        means.Tried(
            states.count(ProjectState.PROPOSED), len(live), states.count(ProjectState.COMPLETED),
            states.count(ProjectState.STOPPED_TO_LEARN),
            len({each.route.label.strip().casefold() for each in live}),
        )
    )  # fmt: skip
    heaviest = sorted(kept.entries, key=lambda each: -each.money)
    return Trying(kept, heaviest[:ROWS], told, means.risked(kept.risk) if states else None)


def funds(session: Session, mission: Mission) -> Funds:
    accounts = ledger.accounts(ledger.lines(session, mission.id))
    purses = [purse(each) for each in accounts]
    held = [each for each in purses if each.committed][:1]
    more = [told for each in held for told in (means.crowded_in(each), means.patience(each))]
    return Funds(accounts, means.money(purses), more)


def purse(account: Account) -> means.Purse:
    amounts = dict(zip(ledger.KINDS, account.total.amounts, strict=True))
    return means.Purse(
        account.currency, amounts[MoneyKind.COMMITTED], amounts[MoneyKind.SPENT], account.public,
        account.private, account.patience.share,
    )  # fmt: skip


def benefit(session: Session, mission: Mission) -> Benefit:
    felt = dashboard_rows.felt(session, mission.id)
    weighed = returns.of_mission(session, mission)
    paid = [each for each in weighed if each.balances]
    heard = least_heard(session, mission)
    chosen = dashboard_rows.chosen(session, mission.id)
    named: list[tuple[StakeholderGroup | str, Line]] = [
        (means.named(each.name), each) for each in heard[:ROWS]
    ]
    return Benefit(
        felt, weighed, dashboard_rows.rights(weighed), named, means.benefit(felt.asked),
        means.fairness(len(paid), sum(each.is_unbalanced for each in paid)), means.heard(heard), chosen,
        means.served(chosen.groups),
    )  # fmt: skip


def least_heard(session: Session, mission: Mission) -> list[Line]:
    """Groups and places of the mission's question that were said to be so many of the people."""
    found = coverage.of_call(session, session.get_one(Call, mission.call_id))
    known = [each for each in (*found.groups, *found.places) if each.expected]
    return sorted(known, key=lambda each: (means.heard_share(each), each.name))


def learning(session: Session, mission: Mission, state: MissionState) -> Learning:
    reviews = course_reviews_of(session, mission.id)
    lessons, in_all = dashboard_rows.lessons(session, mission.id, ROWS)
    done = [each for each in reviews if each.concluded_at]
    last = done[0] if done else None
    concluded = last.concluded_at.date() if last and last.concluded_at else None
    told = means.Learned(last.verdict if last else None, concluded, in_all, signals.next_due(mission, last))
    end = next((each for each in done if each.kind is CourseKind.END), None)
    return Learning(reviews[:ROWS], lessons, in_all, end, means.learned(told, state))
