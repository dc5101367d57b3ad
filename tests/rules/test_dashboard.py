"""What a dashboard says: each sentence of each of its six questions, and when it is said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from app.rules import dashboard as rules
from app.rules import dashboard_means as means
from app.rules.coverage import Line
from app.rules.dashboard import Gauge, Steps
from app.rules.dashboard_means import Asked, Learned, Purse, Served, Tried
from app.rules.portfolio import Risk
from app.rules.words import CourseVerdict, MissionState
from app.rules.words import StakeholderGroup as G

F = Fraction
HALFWAY = F(1, 2)
TODAY = date(2030, 6, 1)
LATER, BEFORE = date(2035, 1, 1), date(2030, 1, 1)


def gauge(share: F | None, wanted: F | None = HALFWAY, name: str = "Homes", **changes: object) -> Gauge:
    return replace(Gauge(name, LATER, True, False, share, wanted), **changes)


UNREAD = Gauge("Air", LATER)
MET = gauge(F(1), is_met=True)
HALF, AHEAD = gauge(F(1, 4)), gauge(F(3, 4))
STILL, AWAY, YES_OR_NO = gauge(F(0)), gauge(F(-1, 10)), gauge(None, None)


@pytest.mark.parametrize(
    ("gauges", "told"),
    [
        ([], "Not known: nobody has said yet by which indicator it will be seen."),
        ([UNREAD], "Not known: no indicator has a reading yet."),
        ([MET, MET], "There: every goal is reached by its last reading."),
        ([AWAY], "Moving away: it is further from its goal than at the start."),
        ([STILL], "Not moving: it stands where it started."),
        ([YES_OR_NO], "Not there: its goal is one that is reached or not, and it is not reached."),
        ([gauge(F(1, 4), F(0))], "Moving: it has come 25% of the way."),
        (
            [HALF],
            "Moving, but at half the pace needed: 25% of the way, where an even pace would have come 50%.",
        ),
        (
            [AHEAD],
            "Moving, and fast enough: 75% of the way, where an even pace would have come 50%.",
        ),
        ([MET, HALF], "Moving, by each of 2 indicators: reached: 1, moving towards their goal: 1."),
        (
            [MET, HALF, AWAY, UNREAD, STILL],
            (
                "Moving in part, by 5 indicators: reached: 1, moving towards their goal: 1, "
                "standing where they started: 1, moving away: 1, without a reading: 1."
            ),
        ),
        ([AWAY, YES_OR_NO], "Not moving, by 2 indicators: standing where they started: 1, moving away: 1."),
    ],
)
def test_the_sentence_says_whether_it_moves(gauges: list[Gauge], told: str) -> None:
    assert rules.direction(gauges).english == told


@pytest.mark.parametrize(
    ("gauges", "told"),
    [
        ([], "Not known: without a reading nobody can say how fast it goes."),
        ([UNREAD], "Not known: without a reading nobody can say how fast it goes."),
        ([MET], "Every goal is reached."),
        (
            [gauge(F(3, 4), due=BEFORE), AHEAD],
            "Too late: “Homes” was due on 2030-01-01, and its goal is not reached.",
        ),
        ([HALF], "Too slow: “Homes” goes at half the pace needed."),
        ([AWAY], "Too slow: “Homes” is further from its goal than at the start."),
        (
            [HALF, gauge(F(1, 8), name="Roofs"), AHEAD, UNREAD],
            "Too slow, by 2 of 3 indicators that were read: “Roofs” goes at a quarter of the pace needed.",
        ),
        ([STILL], "Too slow: “Homes” goes at hardly any of the pace needed."),
        ([AHEAD], "Fast enough so far: what was read is at least as far as an even pace would be."),
        (
            [gauge(F(1, 4), F(0))],
            "Too early to say: no reading yet of a day on which something should have changed.",
        ),
        (
            [YES_OR_NO],
            "Too early to say: no reading yet of a day on which something should have changed.",
        ),
    ],
)
def test_the_sentence_says_whether_it_is_fast_enough(gauges: list[Gauge], told: str) -> None:
    assert rules.pace(gauges, TODAY).english == told


def test_one_that_is_behind_is_never_hidden_by_many_that_are_ahead() -> None:
    assert "“Slow”" in rules.pace([gauge(F(1, 10), name="Slow"), *[AHEAD] * 20], TODAY).english


@pytest.mark.parametrize(
    ("pace", "told"),
    [
        (F(0), "hardly any of"), (F(-2), "hardly any of"), (F(1, 12), "a tenth of"), (F(1, 5), "a quarter of"),
        (F(3, 10), "a third of"), (F(9, 20), "half"), (F(3, 5), "two thirds of"), (F(18, 25), "three quarters of"),
        (F(99, 100), "nine tenths of"),
    ],
)  # fmt: skip
def test_a_pace_is_said_in_the_nearest_words(pace: F, told: str) -> None:
    assert rules.pace_words(pace).english == f"{told} the pace needed"


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (Steps(), "No milestone is set on the way."),
        (
            Steps(planned=2, next_due=LATER),
            "No milestone was due yet; the next one is due on 2035-01-01.",
        ),
        (Steps(met=3, missed=1), "Milestones met: 3; missed: 1; none is still to come."),
        (
            Steps(1, 2, 3, LATER),
            "Milestones met: 1; missed: 2; still to come: 3, the next on 2035-01-01.",
        ),
    ],
)
def test_milestones_are_counted_by_how_they_stand(steps: Steps, told: str) -> None:
    assert rules.milestones(steps).english == told


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Tried(), "Nothing is tried yet: it has no project."),
        (Tried(proposed=3), "Nothing is under way yet. Projects proposed: 3."),
        (
            Tried(1, 5, 2, 1, 3),
            "Projects under way: 5, on 3 different routes. Completed: 2; stopped to learn: 1.",
        ),
        (
            Tried(under_way=4, routes=1),
            "Projects under way: 4, all on one route: nothing rivals it. Completed: 0; stopped to learn: 0.",
        ),
        (
            Tried(completed=2, stopped=1),
            "Nothing is under way any more. Completed: 2; stopped to learn: 1.",
        ),
    ],
)
def test_the_sentence_says_what_is_tried(found: Tried, told: str) -> None:
    assert means.tried(found).english == told


@pytest.mark.parametrize(
    ("risk", "told"),
    [
        (Risk(100, 0, 20), "Nothing has failed so far."),
        (Risk(100, 10, None), "Failed: 10% of what was committed; nobody has decided how much may."),
        (Risk(100, 20, 20), "Failed: 20% of what was committed, inside the 20% that may."),
        (Risk(100, 21, 20), "Failed: 21% of what was committed, more than the 20% that may."),
    ],
)
def test_failures_are_told_beside_the_share_that_may_fail(risk: Risk, told: str) -> None:
    assert means.risked(risk).english == told


EUROS = Purse("EUR", Decimal(200), Decimal(50), Decimal(150), Decimal(75), F(1, 4))
PESOS = Purse("CLP", Decimal(900))


@pytest.mark.parametrize(
    ("purses", "told"),
    [
        ([], "Not known: no line of money stands in its ledger."),
        ([Purse("EUR")], "Nothing is committed. What is announced counts for nothing until it is."),
        ([EUROS], "200 EUR are committed, of which 25% are spent."),
        ([Purse("EUR", Decimal("1200.5"))], "1,200.50 EUR are committed; nothing of it is spent yet."),
        ([Purse("EUR"), PESOS], "900 CLP are committed; nothing of it is spent yet."),
        (
            [EUROS, PESOS],
            (
                "200 EUR are committed, of which 25% are spent, and money in other currencies, "
                "which no rate adds to it (1)."
            ),
        ),
        (
            [PESOS, EUROS],
            (
                "900 CLP are committed, and money in other currencies, which no rate adds to it (1); "
                "nothing of it is spent yet."
            ),
        ),
    ],
)
def test_the_sentence_says_with_what_money(purses: list[Purse], told: str) -> None:
    assert means.money(purses).english == told


def test_leverage_and_patience_are_told_or_said_not_to_be_there() -> None:
    assert means.crowded_in(EUROS).english == "For each 100 of public money, 50 of private money followed."
    assert "No private money followed" in means.crowded_in(replace(EUROS, followed=Decimal(0))).english
    assert "No public money is committed" in means.crowded_in(replace(EUROS, public=Decimal(0))).english
    assert means.patience(EUROS).english == "Committed for longer than three years ahead: 25%."
    assert "Nothing is committed for longer" in means.patience(replace(EUROS, patient=F(0))).english
    assert "Nothing is committed for longer" in means.patience(replace(EUROS, patient=None)).english


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Asked(), "Not known: nobody who took part was asked yet whether anything changed for them."),
        (Asked(9), "Not known: of 9 who were asked, nobody answered."),
        (
            Asked(9, 4, 3, 1),
            "Not told: of 9 who were asked fewer than five answered, and numbers would tell who said what.",
        ),
        (
            Asked(9, 5, 3, 1),
            "More say that it got better (3) than worse (1); 5 of 9 who were asked answered.",
        ),
        (
            Asked(9, 5, 1, 3),
            "More say that it got worse (3) than better (1); 5 of 9 who were asked answered.",
        ),
        (
            Asked(9, 5, 2, 2),
            "As many say that it got better (2) as worse (2); 5 of 9 who were asked answered.",
        ),
        (
            Asked(9, 5),
            "Nobody says that anything got better or worse for them; 5 of 9 who were asked answered.",
        ),
    ],
)
def test_the_sentence_says_who_benefits_by_those_who_took_part(found: Asked, told: str) -> None:
    assert means.benefit(found).english == told


@pytest.mark.parametrize(
    ("weighed", "unbalanced", "told"),
    [
        (0, 0, "Nothing to weigh yet"),
        (3, 0, "Risk and reward are in balance in every project that has money (3)."),
        (3, 2, "Out of balance: in 2 of 3 projects"),
    ],
)
def test_balance_is_counted_by_project(weighed: int, unbalanced: int, told: str) -> None:
    assert told in means.fairness(weighed, unbalanced).english


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, "The vote that made the portfolio was secret"),
        ([], "No vote made the portfolio"),
        ([Served(G.PUBLIC, 2, 2), Served(G.THIRD, 3, 3)], "every ballot got something that it approves"),
        (
            [Served(G.PUBLIC, 2, 2), Served(G.CITIZENS, 4, 1), Served(G.THIRD, 4, 2)],
            "the least served group is citizens: 25% of its 4 ballots got something that they approve.",
        ),
    ],
)
def test_the_least_served_group_is_named(found: list[Served] | None, told: str) -> None:
    assert told in means.served(found).english


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "nobody has said how many of the people are in each group"),
        ([Line("citizens", 3, None, F(1, 2))], "too few voices say to which group they belong"),
        ([Line("citizens", 9, F(9, 20), F(1, 2))], "about as often as there are people in it"),
        (
            [Line("public", 9, F(1, 2), F(1, 10)), Line("Taltal", 2, F(1, 10), F(2, 5))],
            "Least heard for how many they are: Taltal, 10% of the voices, 40% of the people.",
        ),
        ([Line("citizens", 2, F(1, 10), F(2, 5))], "Least heard for how many they are: citizens,"),
    ],
)
def test_who_is_heard_least_is_named(lines: list[Line], told: str) -> None:
    assert told in means.heard(lines).english


@pytest.mark.parametrize(
    ("found", "state", "told"),
    [
        (
            Learned(CourseVerdict.ADAPT, BEFORE, 2),
            MissionState.ACTIVE,
            "The review of 2030-01-01 says: adapt. Lessons written down: 2.",
        ),
        (
            Learned(lessons=1),
            MissionState.ENDED_NOT_MET,
            "No review is concluded yet. Lessons written down: 1.",
        ),
        (
            Learned(next_due=LATER),
            MissionState.ACTIVE,
            "Nothing is written down yet; the next review is due on 2035-01-01.",
        ),
        (
            Learned(next_due=LATER),
            MissionState.ADOPTED,
            "Nothing is written down yet: no review, and no lesson.",
        ),
    ],
)
def test_the_sentence_says_what_was_learned(found: Learned, state: MissionState, told: str) -> None:
    assert means.learned(found, state).english == told
