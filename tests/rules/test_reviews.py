"""What a review needs to be filed, when a round opens, and when it can be concluded."""

from datetime import UTC, datetime, timedelta

import pytest

from app.rules import reviews
from app.rules.reviews import Checked, NotConcludable, Standing, require_concludable
from app.rules.words import (
    Criterion,
    Grade,
    MissionState,
    ReviewKind,
    ReviewState,
    ReviewVerdict,
    StakeholderGroup,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTHING = Checked()


def whole() -> dict[str, str]:
    told = {"solution": "none"}
    for criterion in Criterion:
        told |= {f"{criterion}_grade": Grade.GOOD.value, f"{criterion}_evidence": "https://example.org"}
    return told


def lacking(changes: dict[str, str], checked: Checked = NOTHING) -> dict[str, str]:
    found = reviews.problems(ReviewKind.CRITERIA, whole() | changes, checked)
    return {field: each.english for field, each in found.items()}


def test_a_whole_review_lacks_nothing():
    assert lacking({}) == {}


@pytest.mark.parametrize("criterion", Criterion)
def test_each_criterion_needs_a_grade_and_what_it_goes_by(criterion):
    assert list(lacking({f"{criterion}_grade": ""})) == [f"{criterion}_grade"]
    assert list(lacking({f"{criterion}_grade": "7"})) == [f"{criterion}_grade"]
    assert list(lacking({f"{criterion}_evidence": " "})) == [f"{criterion}_quote"]
    assert lacking({f"{criterion}_evidence": "", f"{criterion}_quote": "by 2032"}) == {}


def test_words_that_do_not_stand_in_the_mission_and_links_to_nowhere_are_named():
    checked = Checked({"bold_quote", "solution_words"}, {"crossing_evidence"})

    found = lacking({"bold_quote": "elsewhere", "solution": "names", "solution_words": "panels"}, checked)

    assert list(found) == ["bold_quote", "crossing_evidence", "solution_words"]
    assert "do not stand in the mission" in found["bold_quote"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"solution": ""}, "solution"),
        ({"solution": "maybe"}, "solution"),
        ({"solution": "names"}, "solution_words"),
        ({"solution": "names", "solution_words": "  "}, "solution_words"),
    ],
)
def test_whether_it_names_a_solution_is_said_with_the_words_or_with_none(changes, field):
    assert list(lacking(changes)) == [field]


def appraisal() -> dict[str, str]:
    return {f"{row}_{part}": "both" for row in reviews.ROWS for part in ("fixing", "shaping", "supports")}


@pytest.mark.parametrize("row", reviews.ROWS)
@pytest.mark.parametrize("part", ["fixing", "shaping", "supports"])
def test_a_blank_cell_of_the_appraisal_refuses_filing_and_names_its_row(row, part):
    kind = ReviewKind.MARKET_SHAPING
    assert reviews.problems(kind, appraisal(), Checked()) == {}

    found = reviews.problems(kind, appraisal() | {f"{row}_{part}": " \n"}, Checked())

    assert list(found) == [f"{row}_{part}"]
    assert reviews.ROWS[row][0].split(":")[0] in found[f"{row}_{part}"].english


@pytest.mark.parametrize(
    ("waiting", "opened_at", "due_at", "is_open"),
    [
        (2, None, NOON + HOUR, False),
        (0, None, NOON + HOUR, True),
        (2, None, NOON, True),
        (1, NOON - HOUR, NOON + HOUR, True),
        (2, None, None, False),
    ],
)
def test_a_round_opens_when_all_are_in_or_its_day_is_over(waiting, opened_at, due_at, is_open):
    assert reviews.is_opened(waiting, opened_at, due_at, NOON) is is_open


def test_a_review_opens_by_the_clock():
    assert reviews.phase(ReviewState.SCHEDULED, NOON, NOON) is ReviewState.OPEN
    assert reviews.phase(ReviewState.SCHEDULED, NOON + HOUR, NOON) is ReviewState.SCHEDULED
    assert reviews.phase(ReviewState.FILED, NOON - HOUR, NOON) is ReviewState.FILED


V = ReviewVerdict


@pytest.mark.parametrize(
    ("state", "version", "verdict", "allowed"),
    [
        (MissionState.IN_REVIEW, 9, V.READY, True),
        (MissionState.IN_REVIEW, 9, None, False),
        (MissionState.FRAMED, 4, None, False),
        (MissionState.FRAMED, 4, V.WAIVED, True),
        (MissionState.FRAMED, 5, V.WAIVED, False),
        (MissionState.FRAMED, 4, V.READY, True),
        (MissionState.FRAMED, 4, V.REWORK, False),
        (MissionState.FRAMED, 4, V.STOPPED, False),
    ],
)
def test_a_vote_rests_on_a_review_or_on_a_waiver_of_this_very_text(state, version, verdict, allowed):
    assert reviews.allows_vote(state, version, verdict, reviewed_version=4) is allowed


def test_a_round_is_concluded_with_every_group_heard_and_every_difference_noted():
    silent = Standing(True, silent=(StakeholderGroup.CITIZENS,))
    apart = Standing(True, apart=(Criterion.BOLD,))

    for standing, words in (
        (Standing(False), "read and discussed when all are in"),
        (silent, "citizens"),
        (apart, "bold"),
    ):
        with pytest.raises(NotConcludable, match=words):
            require_concludable(standing, V.READY)
        require_concludable(standing, V.STOPPED)
    require_concludable(Standing(True), V.REWORK)
