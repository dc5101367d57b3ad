"""Two who steer one mission at the same instant: one reading a day, one correction, one open review."""

from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.models.course import CourseReview
from app.models.mission import Mission
from app.models.money import Reading, readings_of
from app.rules.words import CourseKind
from app.services import course, readings
from app.services.readings import ReadingText
from tests.services.chamber import Chamber
from tests.services.measured import enter, indicator_of, text
from tests.services.racing import Act, meeting, together, without
from tests.services.steering import make_active

REPLACED_ONCE = "reading.a_reading_is_replaced_once"


def under_way(engine: Engine) -> Chamber:
    with Session(engine, expire_on_commit=False) as session:
        chamber = make_active(session)
        enter(session, chamber.mission, 120, 1)
        session.commit()
    return chamber


def adding(chamber: Chamber, typed: ReadingText) -> Act:
    key, by = chamber.mission.id, chamber.scene.carol.id
    return lambda session, _decision: readings.add(session, session.get_one(Mission, key), typed, by)


def at_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, *, corrects: bool, locked: bool = True
) -> tuple[list[str], int]:
    """What two are answered who have both read what stands, and how many readings stand then."""
    chamber = under_way(engine)
    with Session(engine) as session:
        wrong = session.exec(select(Reading)).one().id
    two = [text(value, 1 if corrects else 0, replaces_id=wrong if corrects else None) for value in (12, 13)]
    with monkeypatch.context() as patch:
        if not locked:
            patch.setattr(readings, "hold", lambda _session, _mission: None)
        patch.setattr(readings, "every_reading_of", meeting(readings.every_reading_of, Barrier(2)))
        answers = together(engine, chamber, [adding(chamber, each) for each in two])
    with Session(engine) as session:
        standing = readings_of(session, indicator_of(session, chamber.mission).id)
    return sorted(answers), len(standing)


def test_a_day_has_one_reading_though_two_enter_it(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at_once(races, monkeypatch, corrects=False) == (["ReadThatDay", "done"], 2)


def test_a_reading_is_corrected_once_though_two_do(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert at_once(races, monkeypatch, corrects=True) == (["AlreadyCorrected", "done"], 1)


def test_the_constraint_alone_keeps_it_to_one_correction(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert at_once(races, monkeypatch, corrects=True, locked=False) == (["IntegrityError", "done"], 1)


def test_without_lock_and_constraint_it_would_be_corrected_twice(
    races: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without(races, REPLACED_ONCE):
        assert at_once(races, monkeypatch, corrects=True, locked=False) == (["done", "done"], 2)


def opening(chamber: Chamber) -> Act:
    key, by = chamber.mission.id, chamber.scene.carol.id
    return lambda session, _decision: course.open_review(
        session, session.get_one(Mission, key), CourseKind.REFLEXIVE, by
    )


def test_one_review_is_opened_though_two_open_it(races: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    chamber = under_way(races)
    with monkeypatch.context() as patch:
        patch.setattr(course, "open_course_review", meeting(course.open_course_review, Barrier(2)))
        answers = together(races, chamber, [opening(chamber), opening(chamber)])

    assert sorted(answers) == ["ReviewIsOpen", "done"]
    with Session(races) as session:
        assert len(session.exec(select(CourseReview)).all()) == 1
