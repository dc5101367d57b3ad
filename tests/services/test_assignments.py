"""Many items to many reviewers at once, evenly and to nobody who may not; reminders, once a day each."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.jobs import committees as job
from app.models.assignment import Assignment
from app.models.columns import now
from app.models.committee import Interest
from app.models.mission import Mission
from app.models.notification import Notification
from app.models.review import Review, live_round
from app.rules.words import InterestEffect, InterestKind, MissionState, SubjectKind
from app.services import assignments, events, interests_items, reminders
from app.services.assignments import NoLongerPossible, NothingChosen, Row
from app.services.interests_items import Said
from app.services.reminders import RemindedAlready
from app.settings import Settings
from tests.services.chamber import Chamber, make_chamber, make_ready_mission

DAY = timedelta(days=1)


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def more(chamber: Chamber, many: int = 1) -> list[Mission]:
    """Further framed missions before the same committee."""
    found = []
    for _number in range(many):
        mission, _scene = make_ready_mission(chamber.session)
        mission.organisation_id = chamber.committee.organisation_id
        found.append(mission)
    chamber.session.flush()
    return found


def proposed(chamber: Chamber, missions: list[Mission], wanted: int = 2) -> list[Row]:
    return assignments.propose(chamber.session, chamber.committee, [each.id for each in missions], wanted)


def confirm(chamber: Chamber, rows: list[Row], days: float = 5) -> list[Assignment]:
    pairs = [(row.mission.id, seat) for row in rows for seat in row.proposed]
    return assignments.assign(chamber.session, chamber.committee, pairs, now() + days * DAY, chamber.chair.id)


def reminded(session: Session) -> list[Notification]:
    return list(session.exec(select(Notification).where(Notification.kind == "review_reminder")))


def test_a_proposal_assigns_nothing_and_its_confirmation_sends_every_item(
    chamber: Chamber, session: Session
) -> None:
    missions = [chamber.mission, *more(chamber, 2)]

    rows = proposed(chamber, missions, wanted=3)
    assert session.exec(select(Review)).all() == []
    made = confirm(chamber, rows)

    assert len(made) == 9
    assert len({each.seat_id for each in made}) == 9
    assert {each.state for each in missions} == {MissionState.IN_REVIEW}
    for mission in missions:
        asked = live_round(session, mission.id)
        assert asked
        seats = set(session.exec(select(Review.seat_id).where(Review.round_id == asked.id)))
        assert seats == {each.seat_id for each in made if each.mission_id == mission.id}
    (event,) = events.of_subject(session, SubjectKind.COMMITTEE, chamber.committee.id)
    assert event.kind == "items_assigned"
    assert len(event.facts["states"]["assignment"]["given"]) == 9


def test_nobody_is_proposed_for_what_is_their_own_or_what_they_stepped_aside_from(
    chamber: Chamber, session: Session
) -> None:
    chamber.members["private 1"].organisation_id = chamber.committee.organisation_id
    said = Said(InterestKind.MONEY, "Shares.", InterestEffect.RECUSE)
    interests_items.say(session, chamber.mission, chamber.members["citizens 1"].id, said)
    session.flush()

    (row,) = proposed(chamber, [chamber.mission], wanted=9)

    shut = {chamber.seats["private 1"].id, chamber.seats["citizens 1"].id}
    assert not row.proposed & shut
    assert (len(row.proposed), row.wanting) == (7, 2)
    for seat in shut:
        with pytest.raises(NoLongerPossible):
            assignments.assign(
                session, chamber.committee, [(chamber.mission.id, seat)], now() + DAY, chamber.chair.id
            )
    assert session.exec(select(Assignment)).all() == []


def test_who_took_a_recusal_back_can_be_asked_again(chamber: Chamber, session: Session) -> None:
    person = chamber.members["citizens 1"].id
    interests_items.say(
        session, chamber.mission, person, Said(InterestKind.MONEY, "Shares.", InterestEffect.RECUSE)
    )
    interests_items.say(session, chamber.mission, person, Said())

    (row,) = proposed(chamber, [chamber.mission], wanted=9)

    assert chamber.seats["citizens 1"].id in row.proposed
    assert len(session.exec(select(Interest)).all()) == 2


def test_whoever_owes_reviews_is_proposed_last(chamber: Chamber) -> None:
    first, second = chamber.mission, more(chamber)[0]
    busy = {each.seat_id for each in confirm(chamber, proposed(chamber, [first], wanted=5))}

    (row,) = proposed(chamber, [second], wanted=4)

    assert not row.proposed & busy


def test_of_an_item_in_review_more_are_asked_and_its_day_stays(chamber: Chamber, session: Session) -> None:
    confirm(chamber, proposed(chamber, [chamber.mission], wanted=2), days=5)
    asked = live_round(session, chamber.mission.id)
    assert asked
    before = asked.due_at

    made = confirm(chamber, proposed(chamber, [chamber.mission], wanted=3), days=9)

    assert [each.due for each in made] == [before]
    with pytest.raises(NothingChosen):
        assignments.assign(session, chamber.committee, [], now() + DAY, chamber.chair.id)


def test_nobody_is_reminded_of_one_item_twice_a_day(chamber: Chamber, session: Session) -> None:
    made = confirm(chamber, proposed(chamber, [chamber.mission], wanted=2))

    assert reminders.remind(session, chamber.committee, chamber.secretary.id) == 2
    with pytest.raises(RemindedAlready):
        reminders.remind(session, chamber.committee, chamber.secretary.id)
    made[0].reminded_at = now() - DAY
    session.flush()
    assert reminders.remind(session, chamber.committee, chamber.secretary.id) == 1

    assert len(reminded(session)) == 3


def test_whoever_has_filed_or_stepped_aside_is_not_reminded(chamber: Chamber, session: Session) -> None:
    made = confirm(chamber, proposed(chamber, [chamber.mission], wanted=3))
    filed, aside, late = made
    for review in session.exec(select(Review).where(Review.seat_id == filed.seat_id)):
        review.state, review.filed_at, review.words_hash = "filed", now(), "0" * 64  # type: ignore[assignment]
    people = {seat.id: seat.person_id for seat in chamber.seats.values()}
    said = Said(InterestKind.MONEY, "Shares.", InterestEffect.RECUSE)
    interests_items.say(session, chamber.mission, people[aside.seat_id], said)

    assert reminders.remind(session, chamber.committee, chamber.secretary.id) == 1

    assert [each.person_id for each in reminded(session)] == [people[late.seat_id]]


def test_the_platform_reminds_in_the_last_two_days_and_once_a_day(
    clean: Engine, db: Session, settings: Settings
) -> None:
    chamber = make_chamber(db)
    confirm(chamber, proposed(chamber, [chamber.mission], wanted=2), days=1.5)
    other = make_chamber(db)
    confirm(other, proposed(other, [other.mission], wanted=2), days=6)
    db.commit()

    for _round in range(3):
        job.tend(clean, settings)

    told = reminded(db)
    assert {each.subject_id for each in told} == {chamber.mission.id}
    assert len(told) == 2
    query = select(Assignment.reminded_at).where(col(Assignment.reminded_at).is_not(None))
    assert len(db.exec(query).all()) == 2
