"""Readings: one that stands for a day, corrected by another, taken back, and never changed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.errors import NotFound
from app.models.money import every_reading_of, readings_of, standing_readings
from app.rules.words import MissionState
from app.services import readings
from app.services.missions_numbers import MissionOver
from app.services.readings import (
    AlreadyCorrected,
    ComeAlready,
    NeitherYesNorNo,
    NotYet,
    RangeMissing,
    RangeUpsideDown,
    ReadThatDay,
)
from tests.services.chamber import Chamber
from tests.services.measured import add_indicator, enter, indicator_of, text
from tests.services.steering import make_active


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_active(session)


def test_a_correction_stands_in_the_place_of_what_it_corrects(chamber: Chamber, session: Session) -> None:
    wrong = enter(session, chamber.mission, 120)

    right = readings.add(session, chamber.mission, text(12, replaces_id=wrong.id), chamber.scene.carol.id)

    indicator = indicator_of(session, chamber.mission)
    assert readings_of(session, indicator.id) == [right]
    assert {each.id for each in every_reading_of(session, [indicator.id])} == {wrong.id, right.id}


def test_a_reading_is_corrected_once(chamber: Chamber, session: Session) -> None:
    wrong = enter(session, chamber.mission, 120)
    readings.add(session, chamber.mission, text(12, replaces_id=wrong.id), None)

    with pytest.raises(AlreadyCorrected):
        readings.add(session, chamber.mission, text(13, replaces_id=wrong.id), None)


def test_a_reading_taken_back_counts_no_more_and_its_day_is_free(chamber: Chamber, session: Session) -> None:
    wrong = enter(session, chamber.mission, 120)
    indicator = indicator_of(session, chamber.mission)

    readings.take_back(session, chamber.mission, wrong.id, "It was of another region", chamber.scene.carol.id)

    assert standing_readings(session, [indicator.id]) == []
    again = enter(session, chamber.mission, 12)
    assert readings_of(session, indicator.id) == [again]


def test_a_day_has_one_reading_that_stands(chamber: Chamber, session: Session) -> None:
    enter(session, chamber.mission, 12)

    with pytest.raises(ReadThatDay):
        enter(session, chamber.mission, 13)


@pytest.mark.parametrize("how", ["UPDATE reading SET value = 1", "DELETE FROM reading"])
def test_the_database_keeps_readings(chamber: Chamber, session: Session, how: str) -> None:
    enter(session, chamber.mission, 12)

    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(sql(how))


def test_a_forecast_is_of_a_day_to_come_and_a_range(chamber: Chamber, session: Session) -> None:
    ahead = {"is_forecast": True, "low": Decimal(40), "high": Decimal(70)}
    with pytest.raises(NotYet):
        readings.add(session, chamber.mission, text(50, -30), None)
    with pytest.raises(ComeAlready):
        readings.add(session, chamber.mission, text(50, 0, **ahead), None)
    with pytest.raises(RangeMissing):
        readings.add(session, chamber.mission, text(50, -30, is_forecast=True), None)

    made = readings.add(session, chamber.mission, text(50, -30, **ahead), None)

    indicator = indicator_of(session, chamber.mission)
    assert readings_of(session, indicator.id) == []
    assert standing_readings(session, [indicator.id]) == [made]


@pytest.mark.parametrize("is_forecast", [True, False])
def test_a_forecast_upside_down_is_refused(chamber: Chamber, session: Session, is_forecast: bool) -> None:
    """DOMAIN 36: a forecast with low > high is refused; so is a reading outside of its own range."""
    upside_down = {"is_forecast": is_forecast, "low": Decimal(60), "high": Decimal(40)}

    with pytest.raises(RangeUpsideDown):
        readings.add(session, chamber.mission, text(50, -30 if is_forecast else 0, **upside_down), None)


def test_the_database_refuses_a_range_upside_down(chamber: Chamber, session: Session) -> None:
    indicator = indicator_of(session, chamber.mission)

    with pytest.raises(DBAPIError, match="a_reading_lies_in_its_range"), session.begin_nested():
        session.execute(
            sql(
                "INSERT INTO reading (id, indicator_id, at, value, low, high, is_forecast, is_taken_back, source, "
                "created_at) VALUES (gen_random_uuid(), :indicator, '2026-01-01', 5, 9, 1, false, false, '', now())"
            ),
            {"indicator": indicator.id},
        )


def test_a_goal_that_is_reached_or_not_reads_yes_or_no(chamber: Chamber, session: Session) -> None:
    event = add_indicator(session, chamber.mission, 0, 1, verifier="The court of audit")

    with pytest.raises(NeitherYesNorNo):
        enter(session, chamber.mission, 0.5, indicator=event)
    enter(session, chamber.mission, 1, indicator=event)


def test_a_reading_of_another_mission_is_not_found(chamber: Chamber, session: Session) -> None:
    other = make_active(session)
    theirs = enter(session, other.mission, 12)

    with pytest.raises(NotFound):
        readings.add(session, chamber.mission, text(12, replaces_id=theirs.id), None)
    with pytest.raises(NotFound):
        readings.take_back(session, chamber.mission, theirs.id, "Not mine", chamber.scene.carol.id)


def test_a_file_comes_in_whole_or_not_at_all(chamber: Chamber, session: Session) -> None:
    indicator = indicator_of(session, chamber.mission)
    by = chamber.scene.carol.id
    lines = b"day,value,source\n2024-01-31,12,Survey\n2024-02-29,13,Survey\n"

    with pytest.raises(readings.WrongLines, match="line 3"):
        readings.from_file(session, chamber.mission, lines.replace(b"13", b"many"), by)
    named = b"day,value,source,indicator\n2024-01-31,12,Survey,Jobs\n"
    with pytest.raises(readings.UnknownIndicator, match="Jobs"):
        readings.from_file(session, chamber.mission, named, by)
    with pytest.raises(ReadThatDay), session.begin_nested():
        readings.from_file(session, chamber.mission, lines + b"2024-02-29,14,Survey\n", by)
    assert readings_of(session, indicator.id) == []

    readings.from_file(session, chamber.mission, lines, by)

    assert [each.value for each in readings_of(session, indicator.id)] == [12, 13]


def test_a_mission_that_is_over_takes_no_readings(chamber: Chamber, session: Session) -> None:
    chamber.mission.state = MissionState.REJECTED
    session.flush()

    with pytest.raises(MissionOver):
        enter(session, chamber.mission, 12)


def test_days_of_readings_come_in_order(chamber: Chamber, session: Session) -> None:
    late, early = enter(session, chamber.mission, 14, 1), enter(session, chamber.mission, 12, 40)

    assert readings_of(session, indicator_of(session, chamber.mission).id) == [early, late]
    assert late.at - early.at == timedelta(days=39)
