"""Grouping again is offered where voices grew, told to facilitators once, and never done unasked."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from app.models.call import Call
from app.models.columns import now, telling
from app.models.grouping import Grouping
from app.models.notification import Notification
from app.models.organisation import Organisation
from app.models.outgoing_mail import OutgoingMail
from app.models.person import Person
from app.models.submission import Submission
from app.rules.regrouping import Offer
from app.rules.words import CallState, SubmissionState
from app.services import groupings, groupings_offers
from app.services.groupings_offers import offered, tell_due
from tests.factories import make_call
from tests.people import make_facilitator, make_organisation, make_person
from tests.services.voices import EMBEDDER, silent, voice

DAY = timedelta(days=1)


@pytest.fixture
def agency(session: Session) -> Organisation:
    return make_organisation(session)


@pytest.fixture
def call(session: Session, agency: Organisation) -> Call:
    return make_call(session, agency, state=CallState.SENSEMAKING)


def say(session: Session, call: Call, count: int, at: datetime | None = None) -> list[Submission]:
    with telling(at or now()):
        return [
            voice(session, call, f"Voice {number} at {now()}", submitted_at=now()) for number in range(count)
        ]


def group(session: Session, call: Call, by: Person) -> Grouping:
    grouping = groupings.start(session, call, by.id)
    groupings.run(session, grouping.id, EMBEDDER, silent)
    return grouping


def offer(session: Session, call: Call, at: datetime | None = None) -> Offer | None:
    with telling(at or now() + timedelta(minutes=21)):
        found = offered(session, call)
    return found.offer if found else None


def test_ten_voices_are_the_first_offer(session: Session, call: Call) -> None:
    say(session, call, 9)
    assert offer(session, call) is None

    say(session, call, 1)

    assert offer(session, call) is Offer.FIRST


def test_voices_nobody_may_read_count_for_nothing(session: Session, call: Call) -> None:
    for one in say(session, call, 12)[:3]:
        one.state = SubmissionState.SUBMITTED

    assert offer(session, call) is None


def test_a_rush_is_offered_at_once_but_not_within_twenty_minutes(
    session: Session, call: Call, agency: Organisation
) -> None:
    say(session, call, 20)
    ran = group(session, call, make_facilitator(session, agency))
    say(session, call, 6)

    assert ran.finished_at is not None
    assert offer(session, call, ran.finished_at + timedelta(minutes=19, seconds=59)) is None
    assert offer(session, call, ran.finished_at + timedelta(minutes=20)) is Offer.RUSH
    assert [one.id for one in session.exec(select(Grouping).where(Grouping.call_id == call.id))] == [ran.id]


def test_those_who_left_hide_no_new_ones(session: Session, call: Call, agency: Organisation) -> None:
    first = say(session, call, 20)
    group(session, call, make_facilitator(session, agency))
    for one in first[:5]:
        one.state, one.text = SubmissionState.WITHDRAWN, ""
    say(session, call, 5)
    assert offer(session, call) is None

    say(session, call, 1)

    assert offer(session, call) is Offer.RUSH


def test_a_quiet_growth_is_offered_after_the_night(
    session: Session, call: Call, agency: Organisation
) -> None:
    noon = now().replace(hour=12, minute=0)
    with telling(noon - DAY):
        say(session, call, 20, noon - DAY)
        group(session, call, make_facilitator(session, agency))
    say(session, call, 2, noon)

    assert offer(session, call, noon + timedelta(hours=11)) is None
    assert offer(session, call, noon + DAY) is Offer.OVERNIGHT


def test_nothing_is_offered_while_it_runs_or_when_the_question_is_over(
    session: Session, call: Call, agency: Organisation
) -> None:
    say(session, call, 20)
    groupings.start(session, call, make_facilitator(session, agency).id)
    over = make_call(session, agency, state=CallState.ANSWERED)
    say(session, over, 20)

    assert offer(session, call) is None
    assert offer(session, over) is None


def told(session: Session) -> list[Notification]:
    return list(session.exec(select(Notification).where(Notification.kind.in_(groupings_offers.KINDS))))


def test_its_facilitators_are_told_once_between_two_runs(
    session: Session, call: Call, agency: Organisation
) -> None:
    carol, elsewhere = make_facilitator(session, agency), make_organisation(session, "Elsewhere")
    make_facilitator(session, elsewhere, "Otto")
    make_person(session, "Dave")
    say(session, call, 20)

    tell_due(session)
    tell_due(session)

    [note] = told(session)
    assert (note.person_id, note.kind, note.facts["voices"]) == (carol.id, "grouping_offered_first", 20)
    group(session, call, carol)
    say(session, call, 7)
    tell_due(session)
    assert len(told(session)) == 1
    with telling(now() + timedelta(minutes=21)):
        tell_due(session)
        tell_due(session)
    assert sorted(one.kind for one in told(session)) == ["grouping_offered", "grouping_offered_first"]


def test_the_letter_leads_to_the_workbench(session: Session, call: Call, agency: Organisation) -> None:
    make_facilitator(session, agency)
    say(session, call, 20)

    tell_due(session, "https://example.org")

    letter = session.exec(select(OutgoingMail)).one()
    assert f"https://example.org/calls/{call.id}/workbench" in letter.body
    assert "20" in letter.subject
