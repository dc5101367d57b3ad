"""A list of voters never changes: a seat on it keeps its vote, and a suspended member's passes to the alternate."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.conditions.taking_part import my_seat_in, recused_seats
from app.models.columns import now
from app.models.committee import Interest
from app.models.seat import Seat, live_seats_of
from app.rules.decisions import DecisionTimes
from app.rules.voting import electorate
from app.rules.words import Choice, DecisionState, InterestEffect, InterestKind
from app.services import (
    ballots,
    committees_seats,
    decisions,
    decisions_count,
    decisions_show,
    interests,
    notifications,
    people,
    seats_ending,
)
from app.services.people import Term
from app.viewer import Viewer
from tests.replayed import begin
from tests.services.chamber import Chamber, make_chamber, said
from tests.services.declared import declare

FOR, AGAINST = Choice.FOR, Choice.AGAINST


@pytest.fixture
def chamber(session: Session) -> Chamber:
    return make_chamber(session)


def may_vote(chamber: Chamber, name: str) -> bool:
    assert chamber.decision
    person = chamber.members[name]
    seats = tuple(live_seats_of(chamber.session, person.id))
    return my_seat_in(chamber.session, Viewer(person, seats), chamber.decision) is not None


@pytest.mark.parametrize("name", ["citizens 1", "alternate of citizens 1"])
@pytest.mark.parametrize("opens_in", [pytest.param(1, id="announced"), pytest.param(-1, id="open")])
def test_a_seat_on_the_list_stays_until_the_vote_closes(chamber: Chamber, name: str, opens_in: float) -> None:
    chamber.add_alternate("citizens 1")
    decision = chamber.notice(opens_in)
    assert decision.closes_at

    for at in (None, decision.closes_at - timedelta(seconds=1)):
        with pytest.raises(people.SeatVotes, match="Shall the committee adopt this mission"):
            people.end_seat(chamber.session, chamber.seats[name], at=at)
    people.end_seat(chamber.session, chamber.seats[name], at=decision.closes_at)

    assert chamber.seats[name].ends_at == decision.closes_at
    assert may_vote(chamber, "citizens 1")


def test_a_seat_ends_at_once_where_no_vote_needs_it(chamber: Chamber) -> None:
    alternate = chamber.add_alternate("citizens 1")
    told = seats_ending.ending(chamber.session, chamber.seats["citizens 1"])

    ended = people.end_seat(chamber.session, chamber.seats["citizens 1"])

    assert (told.votes, told.alternates) == ([], [alternate.name])
    assert {each.id for each in ended} == {
        chamber.seats["citizens 1"].id,
        chamber.seats["alternate of citizens 1"].id,
    }


def test_who_loses_a_seat_is_told_and_reads_until_when(chamber: Chamber, session: Session) -> None:
    people.end_seat(session, chamber.seats["citizens 1"])
    people.end_seat(session, chamber.seats["citizens 2"], at=now() + timedelta(days=9))

    told = [
        phrase.english
        for name in ("citizens 1", "citizens 2")
        for _row, phrase, _url in notifications.latest(session, chamber.members[name].id, 9)
    ]

    assert told[0] == f"Your seat in {chamber.committee.name} has ended."
    assert told[1].startswith(f"Your seat in {chamber.committee.name} was given an end.")


def test_a_seat_given_after_notice_can_be_ended_before_the_vote_closes(chamber: Chamber) -> None:
    chamber.notice()
    alternate = chamber.add_alternate("citizens 1")

    people.end_seat(chamber.session, chamber.seats["alternate of citizens 1"])

    assert live_seats_of(chamber.session, alternate.id) == []


def test_a_seat_that_ends_before_the_vote_closes_is_not_on_its_list(chamber: Chamber) -> None:
    leaving = chamber.seats["citizens 1"]
    people.end_seat(chamber.session, leaving, at=now() + timedelta(days=3))

    decision = chamber.notice(opens_in=1, lasts=14)

    frozen = electorate.from_facts(decision.electorate)
    assert len(frozen) == 8
    assert leaving.id not in {each.seat_id for each in frozen}


def test_a_vote_is_not_announced_where_a_group_would_go_unheard_before_it_closes(chamber: Chamber) -> None:
    people.end_seat(chamber.session, chamber.seats["academia 1"], at=now() + timedelta(days=3))

    with pytest.raises(decisions.SeatsEndTooSoon, match="academia"):
        chamber.notice(opens_in=1, lasts=14)
    assert chamber.notice(opens_in=1, lasts=1).state is DecisionState.NOTICED


def test_an_ending_and_a_notice_at_once_come_one_after_the_other(clean: Engine) -> None:
    with Session(clean, expire_on_commit=False) as session:
        chamber = make_chamber(session)
        decision = chamber.put()
        session.commit()
        problems: list[Exception] = []
        began = Event()

        def end() -> None:
            with Session(clean) as other:
                seat = other.get_one(Seat, chamber.seats["citizens 1"].id)
                began.set()
                try:
                    people.end_seat(other, seat)
                    other.commit()
                except people.SeatVotes as problem:
                    problems.append(problem)

        opens = now() + timedelta(days=1)
        times = DecisionTimes(opens, opens + timedelta(days=2))
        decisions.notice(session, decision, decision.question, times, chamber.chair.id)
        thread = Thread(target=end)
        thread.start()
        began.wait(5)
        thread.join(0.5)
        session.commit()
        thread.join(10)

    assert len(problems) == 1


def test_the_alternate_of_a_suspended_member_votes(chamber: Chamber, session: Session) -> None:
    alternate = chamber.add_alternate("citizens 1")
    memory = begin(session)
    decision = chamber.notice()
    memory.remember(session, "give notice")

    votes = people.suspend(session, chamber.members["citizens 1"], chamber.chair.id)
    memory.remember(session, "suspend a member")

    assert votes == [decision]
    assert ballots.cast(session, decision, alternate.id, said(FOR), "", 1)
    with pytest.raises(ballots.NoBallotHere):
        ballots.cast(session, decision, chamber.members["citizens 1"].id, said(FOR), "", 1)
    shown = {each.seat_id: each for each in decisions_show.electors(session, decision)}
    elector = shown[chamber.seats["citizens 1"].id]
    assert (elector.is_shut_out, elector.is_stood_in_for) == (True, True)
    assert interests.declared_on(session, decision) == []
    people.restore(session, chamber.members["citizens 1"])
    assert not may_vote(chamber, "citizens 1")
    assert memory.wrong(session) == {}


@pytest.mark.parametrize("name", ["public 1", "alternate of citizens 1"])
def test_who_votes_too_suspends_nobody_on_the_same_list(chamber: Chamber, name: str) -> None:
    chamber.members["alternate of citizens 1"] = chamber.add_alternate("citizens 1")
    chamber.notice(opens_in=-1)

    with pytest.raises(people.VotesToo):
        people.suspend(chamber.session, chamber.members["citizens 1"], chamber.members[name].id)

    assert chamber.members["citizens 1"].suspended_at is None


def test_without_an_alternate_a_suspended_seat_counts_as_not_having_voted(
    chamber: Chamber, session: Session
) -> None:
    decision = chamber.notice()
    people.suspend(session, chamber.members["academia 1"], chamber.chair.id)
    for name in chamber.members:
        if name != "academia 1":
            chamber.cast(name, FOR)
    assert recused_seats(session, decision) == set()

    outcome = decisions_count.close(session, decision, None, at=decision.closes_at)

    assert outcome.state is DecisionState.INQUORATE
    assert next(each for each in outcome.presence if each.group == "academia").seats == 1


def test_the_ballot_of_a_member_who_is_suspended_afterwards_is_set_aside_for_the_alternates(
    chamber: Chamber, session: Session
) -> None:
    alternate, decision = chamber.add_alternate("citizens 1"), chamber.notice()
    for name in chamber.members:
        chamber.cast(name, FOR)

    people.suspend(session, chamber.members["citizens 1"], chamber.chair.id)
    ballots.cast(session, decision, alternate.id, said(AGAINST), "", 1)
    outcome = decisions_count.close(session, decision, None)

    assert outcome.count.figures["total"] == {"for": 8, "against": 1, "abstain": 0}


@pytest.mark.parametrize("alternates_too", [False, True])
def test_who_is_suspended_when_the_vote_is_announced_is_stood_in_for(
    chamber: Chamber, session: Session, *, alternates_too: bool
) -> None:
    alternate = chamber.add_alternate("citizens 1")
    people.suspend(session, chamber.members["citizens 1"], chamber.chair.id)
    if alternates_too:
        people.suspend(session, alternate, chamber.chair.id)

    decision = chamber.notice()

    voter = electorate.voter_of(
        electorate.from_facts(decision.electorate), recused_seats(session, decision), alternate.id
    )
    assert (voter is None) is alternates_too


def test_nobody_declares_that_an_account_is_suspended(chamber: Chamber, session: Session) -> None:
    decision = chamber.notice()

    with pytest.raises(interests.NotForPeople):
        declare(
            session,
            decision,
            chamber.members["citizens 1"].id,
            InterestKind.SUSPENDED,
            "",
            InterestEffect.RECUSE,
        )
    said = select(Interest).where(Interest.kind != InterestKind.NOTHING)
    assert session.exec(said).all() == []


def test_an_alternate_sits_no_longer_than_the_member(chamber: Chamber, session: Session) -> None:
    ends = now() + timedelta(days=30)
    people.end_seat(session, chamber.seats["citizens 1"], at=ends)

    given = committees_seats.seat_by_address(
        session, chamber.committee, "", email="new@example.org", role=committees_seats.Role.ALTERNATE,
        group=None, alternate_for=chamber.seats["citizens 1"].id, by=chamber.chair.id,
        term=Term(ends_at=ends + timedelta(days=30)),
    )  # fmt: skip

    assert given.ends_at == ends


def test_a_seat_is_free_again_for_the_time_after_a_term(chamber: Chamber, session: Session) -> None:
    ends = now() + timedelta(days=30)
    people.end_seat(session, chamber.seats["public 1"], at=ends)
    facts = {
        "email": "next@example.org",
        "role": committees_seats.Role.CHAIR,
        "group": None,
        "alternate_for": None,
    }

    with pytest.raises(committees_seats.OfficeTaken):
        committees_seats.seat_by_address(session, chamber.committee, "", by=chamber.chair.id, **facts)
    office = next(each for each in live_seats_of(session, chamber.chair.id))
    people.end_seat(session, office, at=ends)
    given = committees_seats.seat_by_address(
        session, chamber.committee, "", by=chamber.chair.id, term=Term(ends), **facts
    )

    assert given.starts_at == ends
