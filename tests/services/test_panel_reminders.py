"""Who owes a panel a review is reminded before the day, once a day at most, and nobody who may not review."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.models.application import Application
from app.models.columns import now
from app.models.event import Event
from app.models.notification import Notification
from app.models.outgoing_mail import OutgoingMail
from app.models.panel import PanelReview
from app.models.person import Person
from app.rules.words import InterestEffect, InterestKind
from app.services import interests_items, panel_reminders
from app.services.interests_items import Said
from tests.judged import Judged, make_judged

ORIGIN = "https://comission.example"


@pytest.fixture
def judged(session: Session) -> Judged:
    """Three of the panel are asked for both applications; all is due in three days."""
    found = make_judged(session).in_review()
    for each in found.applications:
        found.asked(each)
        each.reviews_due_at = now() + timedelta(days=3)
    session.flush()
    return found


def soon(judged: Judged, *applications: Application) -> None:
    for each in applications or judged.applications:
        each.reviews_due_at = now() + timedelta(hours=47)
    judged.session.flush()


def reminded(judged: Judged) -> list[Person]:
    query = select(Notification.person_id).where(Notification.kind == "panel_review_reminder")
    return [judged.session.get_one(Person, each) for each in judged.session.exec(query)]


def events(session: Session) -> list[Event]:
    return list(session.exec(select(Event).where(Event.kind == "panel_reminded")))


def test_everybody_is_reminded_once_whatever_the_number_of_applications(judged: Judged) -> None:
    assert panel_reminders.remind_due(judged.session, ORIGIN) == 0

    soon(judged)
    assert panel_reminders.remind_due(judged.session, ORIGIN) == 3

    assert {each.id for each in reminded(judged)} == {each.id for each in judged.members[:3]}
    assert len(reminded(judged)) == 3
    told = events(judged.session)
    assert [each.facts["number"] for each in told] == [3]


def test_nobody_is_reminded_twice_a_day(judged: Judged) -> None:
    soon(judged)
    panel_reminders.remind_due(judged.session, ORIGIN)

    assert panel_reminders.remind_due(judged.session, ORIGIN) == 0

    for each in judged.session.exec(select(PanelReview)):
        each.reminded_at = now() - timedelta(hours=25)
    judged.session.flush()
    assert panel_reminders.remind_due(judged.session, ORIGIN) == 3


def test_a_review_that_is_in_and_a_day_that_has_passed_remind_nobody(judged: Judged) -> None:
    soon(judged)
    for each in judged.applications:
        judged.filed(each)
    assert panel_reminders.remind_due(judged.session, ORIGIN) == 0


def test_the_day_itself_is_the_end(judged: Judged) -> None:
    for each in judged.applications:
        each.reviews_due_at = now() - timedelta(seconds=1)
    judged.session.flush()

    assert panel_reminders.remind_due(judged.session, ORIGIN) == 0


def test_who_stepped_aside_is_not_reminded(judged: Judged) -> None:
    soon(judged, judged.first)
    away = judged.members[0]
    aside = Said(InterestKind.MONEY, "I own shares.", InterestEffect.RECUSE)
    interests_items.say(judged.session, judged.first, away.id, aside)

    panel_reminders.remind_due(judged.session, ORIGIN)

    assert {each.id for each in reminded(judged)} == {each.id for each in judged.members[1:3]}


def test_who_wants_no_reminders_by_mail_gets_none(judged: Judged) -> None:
    soon(judged)
    quiet = judged.members[0]
    quiet.declined_mails = ["reminders"]
    judged.session.flush()

    panel_reminders.remind_due(judged.session, ORIGIN)

    mails = judged.session.exec(select(OutgoingMail.to_address)).all()
    assert quiet.email not in mails
    assert judged.members[1].email in mails
