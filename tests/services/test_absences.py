"""A member who is away: the alternate holds the ballot until one of the two has cast it, and it is no recusal."""

from datetime import datetime, timedelta
from threading import Barrier, Event
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.conditions.taking_part import absent_seats, voters_of
from app.models.absence import Absence, BallotHolder
from app.models.ballot import Ballot
from app.models.columns import now
from app.models.decision import Decision
from app.models.notification import Notification
from app.models.person import Person
from app.rules.voting.electorate import Voter
from app.rules.words import Choice, InterestEffect, InterestKind
from app.services import absences, ballots, decisions_count, decisions_show, minutes
from app.services.absences import AbsenceImpossible, AwayAlready, NotForThisSeat
from app.services.ballots import NoBallotHere
from app.services.ballots_held import HeldByTheOther
from tests.services.chamber import Chamber, make_chamber
from tests.services.declared import declare
from tests.services.test_one_of_each import at_once

NAME = "academia 1"
DAY = timedelta(days=1)


@pytest.fixture
def chamber(session: Session) -> Chamber:
    made = make_chamber(session)
    made.members["alternate"] = made.add_alternate(NAME)
    made.seats["alternate"] = made.seats[f"alternate of {NAME}"]
    made.notice(opens_in=-1)
    return made


def go_away(chamber: Chamber, name: str = NAME, days: int = 3) -> Absence:
    seat = chamber.seats[name]
    return absences.announce(
        chamber.session, chamber.committee, seat.id, (None, (now() + days * DAY).date()), seat.person_id
    )


def come_back(chamber: Chamber, absence: Absence) -> None:
    absences.come_back(chamber.session, chamber.committee, absence.id, chamber.members[NAME].id)


def holder(chamber: Chamber) -> Person:
    assert chamber.decision
    voters = voters_of(chamber.session, chamber.decision)
    found = next(each for each in voters if each.stands_for == chamber.seats[NAME].id)
    return chamber.session.get_one(Person, found.person_id)


def test_while_the_member_is_away_the_ballot_is_with_the_alternate(chamber: Chamber) -> None:
    assert holder(chamber) == chamber.members[NAME]

    absence = go_away(chamber)

    assert holder(chamber) == chamber.members["alternate"]
    with pytest.raises(NoBallotHere):
        chamber.cast(NAME, Choice.FOR)
    come_back(chamber, absence)
    assert holder(chamber) == chamber.members[NAME]
    chamber.cast(NAME, Choice.FOR)


def test_what_the_alternate_cast_stays_when_the_member_comes_back(chamber: Chamber, session: Session) -> None:
    absence = go_away(chamber)
    chamber.cast("alternate", Choice.AGAINST)
    come_back(chamber, absence)

    assert holder(chamber) == chamber.members["alternate"]
    with pytest.raises(NoBallotHere):
        chamber.cast(NAME, Choice.FOR)
    chamber.cast("alternate", Choice.FOR)
    assert [each.seat_id for each in session.exec(select(BallotHolder))] == [chamber.seats["alternate"].id]


def test_what_the_member_cast_before_going_stays(chamber: Chamber) -> None:
    chamber.cast(NAME, Choice.FOR)
    go_away(chamber)

    assert holder(chamber) == chamber.members[NAME]
    with pytest.raises(NoBallotHere):
        chamber.cast("alternate", Choice.AGAINST)


def test_an_alternate_who_is_away_too_cannot_stand_in(chamber: Chamber) -> None:
    go_away(chamber)
    go_away(chamber, "alternate")

    assert holder(chamber) == chamber.members[NAME]


def test_an_absence_is_reported_as_such_and_is_no_recusal(chamber: Chamber, session: Session) -> None:
    decision = chamber.decision
    assert decision
    go_away(chamber)
    chamber.cast("alternate", Choice.FOR)
    alternate, away = chamber.members["alternate"], chamber.members.pop(NAME)
    for name in chamber.members:
        if name != "alternate":
            chamber.cast(name, Choice.FOR)

    decisions_count.close(session, decision, chamber.chair.id)

    assert decision.outcome == "carried"
    assert (decision.recused, decision.absent) == ([], [str(chamber.seats[NAME].id)])
    minuted = minutes.of(session, decision)
    line = next(each.sentence.english for each in minuted.lines if "away" in each.sentence.english)
    assert line.startswith(f"{away.name} was to be away from")
    (kept,) = [each for each in minuted.seats if each.was_away]
    assert (kept.elector.seat_id, kept.elector.alternate) == (chamber.seats[NAME].id, alternate.name)
    assert (kept.took_part, kept.elector.is_stood_in_for) == (True, True)
    row = next(
        each for each in decisions_show.electors(session, decision) if each.seat_id == chamber.seats[NAME].id
    )
    assert (row.is_away, row.has_stepped_aside, row.is_stood_in_for) == (True, False, True)
    counted = decisions_show.result(session, decision)
    assert counted
    cast = {each.name: each.stands_for for each in counted.ballots}
    assert cast[alternate.name] == away.name


def test_nobody_reads_from_the_list_who_of_the_two_has_voted(chamber: Chamber, session: Session) -> None:
    """Before the count the list of voters says the same, whoever cast the ballot."""
    decision = chamber.decision
    assert decision

    def listed() -> object:
        return decisions_show.electors(session, decision)

    go_away(chamber)
    before = listed()
    chamber.cast("alternate", Choice.AGAINST)

    assert listed() == before
    row = next(each for each in decisions_show.electors(session, decision) if each.is_away)
    assert (row.seat_id, row.is_stood_in_for) == (chamber.seats[NAME].id, False)


def test_without_an_alternate_an_absent_seat_stays_in_the_quorum_base(
    chamber: Chamber, session: Session
) -> None:
    decision = chamber.decision
    assert decision
    go_away(chamber, "public 1")
    assert absent_seats(session, decision, set()) == set()
    for name in chamber.members:
        if name not in ("alternate", "public 1"):
            chamber.cast(name, Choice.FOR)
    assert decision.closes_at

    decisions_count.close(session, decision, chamber.chair.id, at=decision.closes_at)

    found = decisions_show.result(session, decision)
    assert found
    public = next(each for each in found.presence if each.group == "public")
    assert (public.seats, public.recused, public.cast) == (1, 0, 0)
    assert decision.outcome == "inquorate"


def test_minutes_tell_who_was_away_came_back_and_was_not_stood_in_for(
    chamber: Chamber, session: Session
) -> None:
    decision = chamber.decision
    assert decision
    absence = go_away(chamber)
    come_back(chamber, absence)
    go_away(chamber, "public 1")
    for name in chamber.members:
        if name not in ("alternate", "public 1"):
            chamber.cast(name, Choice.FOR)
    assert {each.took_part for each in minutes.of(session, decision).seats} == {None}
    decisions_count.close(session, decision, chamber.chair.id, at=decision.closes_at)

    told = minutes.of(session, decision)

    said = [line.sentence.english for line in told.lines if "away" in line.sentence.english]
    assert any(each.startswith(chamber.members[NAME].name) and "back early" in each for each in said)
    took_part = {each.elector.seat_id: each.took_part for each in told.seats if each.was_away}
    assert took_part == {chamber.seats[NAME].id: True, chamber.seats["public 1"].id: False}


def test_an_alternate_who_steps_aside_gives_the_ballot_back(chamber: Chamber, session: Session) -> None:
    decision = chamber.decision
    assert decision
    absence = go_away(chamber)
    chamber.cast("alternate", Choice.AGAINST)
    declare(
        session,
        decision,
        chamber.members["alternate"].id,
        InterestKind.MONEY,
        "Shares.",
        InterestEffect.RECUSE,
    )
    come_back(chamber, absence)

    chamber.cast(NAME, Choice.FOR)

    assert holder(chamber) == chamber.members[NAME]


def test_the_secretary_records_for_others_and_nobody_else_does(chamber: Chamber, session: Session) -> None:
    seat, last = chamber.seats[NAME], (now() + DAY).date()
    for nobody in (chamber.members["public 1"], chamber.chair):
        with pytest.raises(NotForThisSeat):
            absences.announce(session, chamber.committee, seat.id, (None, last), nobody.id)

    absences.announce(session, chamber.committee, seat.id, (None, last), chamber.secretary.id)

    told = session.exec(select(Notification).where(Notification.kind == "absence_announced")).all()
    assert [each.person_id for each in told] == [chamber.members["alternate"].id]
    warned = session.exec(select(Notification).where(Notification.kind == "absence_recorded")).all()
    assert [each.person_id for each in warned] == [seat.person_id]
    with pytest.raises(AwayAlready):
        go_away(chamber)


@pytest.mark.parametrize(("first", "last"), [(-2, 3), (3, 2), (0, -1), (1, 400), (0, None)])
def test_an_absence_is_ahead_and_ends_after_it_begins(chamber: Chamber, first: int, last: int | None) -> None:
    days = (now() + first * DAY).date(), (now() + last * DAY).date() if last is not None else None

    with pytest.raises(AbsenceImpossible):
        absences.announce(
            chamber.session, chamber.committee, chamber.seats[NAME].id, days, chamber.members[NAME].id
        )


def race(engine: Engine, chamber: Chamber, monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """The member's ballot is on its way when the absence begins; the alternate's comes; both write at once."""
    assert chamber.decision
    decision_id, found, allowed = chamber.decision.id, Event(), ballots.voter_for
    meeting = Barrier(2, timeout=20)

    def meet(session: Session, decision: Decision, person_id: UUID, at: datetime) -> Voter | None:
        voter = allowed(session, decision, person_id, at)
        assert voter is not None
        found.set()
        meeting.wait()
        return voter

    def cast(session: Session, name: str) -> None:
        decision = session.get_one(Decision, decision_id)
        ballots.cast(session, decision, chamber.members[name].id, {"choice": "for"}, "", 1)

    def act(session: Session, _barrier: Barrier) -> None:
        if first.pop():
            cast(session, NAME)
            return
        assert found.wait(20)
        with Session(engine) as other, other.begin():
            seat = chamber.seats[NAME]
            row = Absence(seat_id=seat.id, starts_at=now(), ends_at=now() + DAY, said_by_id=seat.person_id)
            other.add(row)
        cast(session, "alternate")

    first = [False, True]
    monkeypatch.setattr(ballots, "voter_for", meet)
    return at_once(engine, act)


@pytest.fixture
def committed(db: Session) -> Chamber:
    made = make_chamber(db)
    made.members["alternate"] = made.add_alternate(NAME)
    made.seats["alternate"] = made.seats[f"alternate of {NAME}"]
    made.notice(opens_in=-1)
    db.commit()
    return made


def test_of_two_who_cast_at_once_one_is_first_and_the_other_is_told(
    clean: Engine, db: Session, committed: Chamber, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = race(clean, committed, monkeypatch)

    assert [type(each) for each in problems] == [HeldByTheOther]
    (ballot,) = db.exec(select(Ballot)).all()
    assert [each.seat_id for each in db.exec(select(BallotHolder))] == [ballot.seat_id]


def test_without_its_key_both_would_be_recorded(
    clean: Engine, db: Session, committed: Chamber, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clean.begin() as connection:
        connection.execute(text("ALTER TABLE ballotholder DROP CONSTRAINT ballotholder_pkey"))
    try:
        race(clean, committed, monkeypatch)

        assert len(db.exec(select(Ballot)).all()) == 2
    finally:
        db.rollback()
        with clean.begin() as connection:
            connection.execute(text("TRUNCATE ballotholder"))
            connection.execute(text("ALTER TABLE ballotholder ADD PRIMARY KEY (decision_id, for_seat_id)"))


def test_who_holds_a_ballot_is_never_changed(chamber: Chamber, session: Session) -> None:
    chamber.cast(NAME, Choice.FOR)

    for statement in ("UPDATE ballotholder SET seat_id = for_seat_id", "DELETE FROM ballotholder"):
        with pytest.raises(DBAPIError, match="whoever cast first"), session.begin_nested():
            session.execute(text(statement))
