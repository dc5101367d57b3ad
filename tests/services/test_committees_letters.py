"""Letters to a committee: at notice, a day before the close, at the count, at certification; each once."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from app.jobs import committees as job
from app.models.absence import Absence
from app.models.columns import now
from app.models.notification import Notification
from app.models.outgoing_mail import OutgoingMail
from app.rules.words import Choice
from app.services import accounts, committees_letters, decisions_certify, decisions_count
from app.settings import Settings
from tests.services.chamber import Chamber, make_chamber
from tests.services.signed import sign_by_two

ORIGIN = "https://missions.example.org"
DAY = timedelta(days=1)


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def told(session: Session) -> Counter[str]:
    rows = session.exec(select(Notification).where(col(Notification.kind).startswith("vote_"))).all()
    return Counter(each.kind for each in rows)


def mails(session: Session) -> list[OutgoingMail]:
    return list(session.exec(select(OutgoingMail).order_by(col(OutgoingMail.to_address))))


def test_each_occasion_is_told_once_to_everyone_seated(chamber: Chamber, session: Session) -> None:
    decision = chamber.notice(opens_in=-13.5, lasts=14)
    assert committees_letters.tell_due(session, ORIGIN) == 2
    assert committees_letters.tell_due(session, ORIGIN) == 0
    assert told(session) == {"vote_asked": 9, "vote_notice": 2, "vote_closes_soon": 9}

    chamber.cast_all(Choice.FOR)
    decisions_count.close(session, decision, chamber.chair.id)
    assert committees_letters.tell_due(session, ORIGIN) == 1
    sign_by_two(session, decision)
    decisions_certify.certify(session, decision, "All five groups were for it.", chamber.secretary.id)
    assert committees_letters.tell_due(session, ORIGIN) == 1
    assert committees_letters.tell_due(session, ORIGIN) == 0

    found = told(session)
    assert (found["vote_counted"], found["vote_certified"]) == (11, 11)


def test_a_vote_announced_in_its_last_day_has_no_second_letter(chamber: Chamber, session: Session) -> None:
    chamber.notice(opens_in=-0.01, lasts=0.5, at=now())

    committees_letters.tell_due(session, ORIGIN)

    assert "vote_closes_soon" not in told(session)


def test_no_letter_before_the_count_depends_on_who_has_voted(chamber: Chamber, session: Session) -> None:
    """The same letters with the same words go out, whether everybody has voted or nobody."""
    other = make_chamber(session)
    for each, votes in ((chamber, True), (other, False)):
        each.notice(opens_in=-13.5, lasts=14)
        each.add_alternate("public 1")
        if votes:
            each.cast_all(Choice.AGAINST)

    committees_letters.tell_due(session, ORIGIN)

    def sent_about(one: Chamber) -> Counter[tuple[str, str]]:
        assert one.decision
        rows = session.exec(select(Notification).where(Notification.subject_id == one.decision.id)).all()
        return Counter((each.kind, str(sorted(each.facts))) for each in rows)

    assert sent_about(chamber) == sent_about(other)
    for mail in mails(session):
        for word in ("against", "Against", "Not carried", "9 of"):
            assert word not in mail.body + mail.html


def test_of_a_member_who_is_away_both_are_written_to_whoever_has_cast(
    chamber: Chamber, session: Session
) -> None:
    chamber.members["alternate"] = chamber.add_alternate("academia 1")
    chamber.notice(opens_in=-13.5, lasts=14)
    seat = chamber.seats["academia 1"]
    chamber.cast("academia 1", Choice.FOR)
    session.add(Absence(seat_id=seat.id, starts_at=now(), ends_at=now() + DAY, said_by_id=seat.person_id))
    session.flush()

    committees_letters.tell_due(session, ORIGIN)

    rows = session.exec(select(Notification).where(Notification.kind == "vote_closes_soon")).all()
    assert {chamber.members["academia 1"].id, chamber.members["alternate"].id} <= {
        each.person_id for each in rows
    }


def test_letters_are_text_and_page_with_our_own_address_and_can_be_declined(
    chamber: Chamber, session: Session
) -> None:
    silent = chamber.members["citizens 1"]
    accounts.choose_mails(session, silent, [])
    decision = chamber.notice(opens_in=-13.5, lasts=14)
    committees_letters.tell_due(session, ORIGIN)

    soon = [each for each in mails(session) if "The vote closes on" in each.subject]
    assert len(soon) == 8
    for each in soon:
        assert f"{ORIGIN}/decisions/{decision.id}" in each.body
        assert f'href="{ORIGIN}/decisions/{decision.id}"' in each.html
        assert f"{ORIGIN}/me/notifications#mails" in each.body
    assert silent.email not in {each.to_address for each in soon}
    told_silent = session.exec(select(Notification).where(Notification.person_id == silent.id)).all()
    assert {each.kind for each in told_silent} >= {"vote_asked", "vote_closes_soon"}


def test_being_asked_to_vote_cannot_be_declined(chamber: Chamber, session: Session) -> None:
    member = chamber.members["citizens 1"]
    accounts.choose_mails(session, member, [])
    decision = chamber.put()
    from app.rules.decisions import DecisionTimes
    from app.services import decisions

    times = DecisionTimes(now() + DAY, now() + 9 * DAY)
    decisions.notice(session, decision, decision.question, times, chamber.chair.id, ORIGIN)

    assert member.email in {each.to_address for each in mails(session)}


def test_the_loop_tells_an_occasion_once_and_the_key_is_why(
    clean: Engine, db: Session, settings: Settings
) -> None:
    chamber = make_chamber(db)
    chamber.notice(opens_in=-13.5, lasts=14)
    db.commit()

    for _round in range(3):
        job.tend(clean, settings)
    assert told(db)["vote_closes_soon"] == 9

    with clean.begin() as connection:
        rows = connection.execute(text("SELECT count(*) FROM committeeletter")).scalar_one()
        assert rows == 2
        connection.execute(text("DELETE FROM committeeletter"))
    job.tend(clean, settings)
    assert told(db)["vote_closes_soon"] == 18
