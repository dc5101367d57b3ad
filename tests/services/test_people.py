"""Who administers the platform cannot be lost; seats have terms; a suspended account signs nobody in."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, BrokenBarrierError, Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.models.columns import now
from app.models.person import Person
from app.models.seat import Seat, live_seats_of
from app.rules.words import Role, ScopeKind
from app.services import people
from app.services.people import Term
from tests.people import make_admin, make_facilitator, make_organisation, make_person, seat

TODAY = now().date()


def admin_seat(session: Session, person: Person) -> Seat:
    return next(each for each in live_seats_of(session, person.id) if each.role is Role.ADMIN)


def suspend(session: Session, person: Person) -> None:
    people.suspend(session, person, person.id)


def unseat(session: Session, person: Person) -> None:
    people.end_seat(session, admin_seat(session, person), person.id)


def unseat_later(session: Session, person: Person) -> None:
    people.end_seat(session, admin_seat(session, person), person.id, at=now() + timedelta(days=30))


DOORS = [pytest.param(door, id=door.__name__) for door in (suspend, unseat, unseat_later)]


@pytest.mark.parametrize("door", DOORS)
def test_the_last_administrator_stays(session: Session, door: Callable[[Session, Person], None]) -> None:
    erin = make_admin(session)
    make_facilitator(session, make_organisation(session))

    with pytest.raises(people.LastAdministrator):
        door(session, erin)

    assert erin.suspended_at is None
    assert admin_seat(session, erin).ends_at is None


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"suspended_at": now()}, id="who is suspended"),
        pytest.param({"email_confirmed_at": None}, id="who has not answered the invitation"),
    ],
)
def test_an_administrator_who_cannot_get_in_is_no_other(
    session: Session, door: Callable[[Session, Person], None], other: dict[str, datetime | None]
) -> None:
    erin = make_admin(session)
    seat(session, make_person(session, "Otto", **other), Role.ADMIN, ScopeKind.PLATFORM)

    with pytest.raises(people.LastAdministrator):
        door(session, erin)


def test_an_administrator_whose_seat_runs_out_is_no_other(session: Session) -> None:
    erin, otto = make_admin(session), make_person(session, "Otto")
    people.give_seat(
        session, otto, Role.ADMIN, ScopeKind.PLATFORM, None, term=Term(ends_at=now() + timedelta(days=9))
    )

    with pytest.raises(people.LastAdministrator):
        suspend(session, erin)


@pytest.mark.parametrize("door", DOORS)
def test_one_of_two_administrators_can_go(session: Session, door: Callable[[Session, Person], None]) -> None:
    erin, otto = make_admin(session), make_admin(session, "Otto")

    door(session, erin)

    with pytest.raises(people.LastAdministrator):
        door(session, otto)


@pytest.mark.parametrize("door", [DOORS[0], DOORS[1]])
def test_two_administrators_who_put_each_other_out_at_once_leave_one(
    clean: Engine, door: Callable[[Session, Person], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(clean) as session:
        ids = [make_admin(session).id, make_admin(session, "Otto").id]
        session.commit()
    barrier, problems = Barrier(2), []

    def meet(*_given: object) -> None:
        """Both have looked for another administrator and neither has committed; with the lock only one comes here."""
        with suppress(BrokenBarrierError):
            barrier.wait(1)

    monkeypatch.setattr(people.sign_ins, "end_all", meet)

    def put_out(person_id: UUID) -> None:
        with Session(clean) as session:
            person = session.get_one(Person, person_id)
            try:
                door(session, person)
                session.commit()
            except people.LastAdministrator as problem:
                problems.append(problem)

    threads = [Thread(target=put_out, args=[each]) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(problems) == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(TODAY - timedelta(days=1), None, id="a start in the past"),
        pytest.param(None, TODAY - timedelta(days=1), id="an end in the past"),
        pytest.param(TODAY + timedelta(days=9), TODAY + timedelta(days=8), id="an end before the start"),
    ],
)
def test_a_term_lies_ahead(first: date | None, last: date | None) -> None:
    with pytest.raises(people.TermImpossible):
        people.term_of(first, last)


def test_a_term_is_told_by_its_first_and_last_day() -> None:
    term = people.term_of(TODAY + timedelta(days=2), TODAY + timedelta(days=3))

    assert term.starts_at == datetime.combine(TODAY + timedelta(days=2), time(), UTC)
    assert term.ends_at == datetime.combine(TODAY + timedelta(days=4), time(), UTC)
    assert people.term_of(TODAY, None) == people.term_of(None, None) == Term()


def test_a_seat_is_held_in_its_term_only(session: Session) -> None:
    agency, carol = make_organisation(session), make_person(session, "Carol")
    term = people.term_of(TODAY + timedelta(days=2), TODAY + timedelta(days=3))
    given = people.give_seat(session, carol, Role.FACILITATOR, ScopeKind.ORGANISATION, agency.id, term=term)
    assert term.starts_at
    assert term.ends_at

    held = [bool(live_seats_of(session, carol.id, at)) for at in (now(), term.starts_at, term.ends_at)]

    assert held == [False, True, False]
    assert given.last_day
    assert given.last_day.date() == TODAY + timedelta(days=3)


def test_nobody_holds_a_seat_twice_at_any_time(session: Session) -> None:
    agency, carol = make_organisation(session), make_person(session, "Carol")
    week = Term(ends_at=now() + timedelta(days=7))
    people.give_seat(session, carol, Role.FACILITATOR, ScopeKind.ORGANISATION, agency.id, term=week)

    for term in (Term(), Term(now() + timedelta(days=6))):
        with pytest.raises(people.SeatTaken):
            people.give_seat(session, carol, Role.FACILITATOR, ScopeKind.ORGANISATION, agency.id, term=term)
    people.give_seat(
        session, carol, Role.FACILITATOR, ScopeKind.ORGANISATION, agency.id, term=Term(week.ends_at)
    )


def test_a_seat_that_has_not_begun_can_be_taken_back(session: Session) -> None:
    agency, carol = make_organisation(session), make_person(session, "Carol")
    later = Term(now() + timedelta(days=7))
    given = people.give_seat(session, carol, Role.FACILITATOR, ScopeKind.ORGANISATION, agency.id, term=later)

    people.end_seat(session, given)

    assert live_seats_of(session, carol.id, now() + timedelta(days=8)) == []
    people.give_seat(session, carol, Role.FACILITATOR, ScopeKind.ORGANISATION, agency.id)
