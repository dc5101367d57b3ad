"""People and seats as staff manage them: inviting, seating, unseating, suspending."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.conditions.taking_part import recused_seats
from app.errors import Conflict, NotAcceptable
from app.i18n import _
from app.models.columns import now
from app.models.committee import Committee
from app.models.decision import Decision
from app.models.organisation import Organisation
from app.models.person import Person, person_by_email
from app.models.seat import Seat, is_live, live_seats_of, seats_held
from app.rules.replay_kinds import ENDED, Noun
from app.rules.words import N_, InterestEffect, LinkPurpose, Role, ScopeKind, StakeholderGroup, SubjectKind
from app.services import decisions, events, interests, links, mail, notifications, sign_ins, votes_of_seats
from app.services.accounts import canonical

SCOPES: dict[ScopeKind, type[Organisation] | type[Committee]] = {
    ScopeKind.ORGANISATION: Organisation,
    ScopeKind.COMMITTEE: Committee,
}
COMMITTEE_ROLES = frozenset({Role.CHAIR, Role.DEPUTY, Role.SECRETARY, Role.MEMBER, Role.ALTERNATE})


class SeatTaken(Conflict):
    sentence: ClassVar[str] = N_("This person holds this seat already.")


class ScopeUnknown(NotAcceptable):
    sentence: ClassVar[str] = N_("There is no such organisation or committee.")


class RoleElsewhere(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "This role does not belong there: administrators sit on the platform, facilitators in an organisation, "
        "chairs, secretaries, members and alternates in a committee."
    )


class LastAdministrator(Conflict):
    sentence: ClassVar[str] = N_(
        "This is the last administrator who can sign in. Seat another one first, and let them choose a password."
    )


class SeatVotes(Conflict):
    """The list of voters never changes once the vote is announced."""

    sentence: ClassVar[str] = N_(
        "This seat is on the list of voters of a vote that is not over: %(votes)s. "
        "It can end when the last of these votes closes, on %(until)s, and not before."
    )


class TermImpossible(NotAcceptable):
    sentence: ClassVar[str] = N_("A seat starts today or later, and ends after it starts.")


@dataclass(frozen=True)
class Term:
    """From when to when a seat is held; no start means now, no end means for good."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


FROM_NOW = Term()


def term_of(first: date | None, last: date | None) -> Term:
    """A term by its first and last day, both included, in universal time; today means at once."""
    today = now().date()
    starts = datetime.combine(first, time(), UTC) if first and first != today else None
    over = datetime.combine(last + timedelta(days=1), time(), UTC) if last else None
    if (first and first < today) or (over and over <= (starts or now())):
        raise TermImpossible()
    return Term(starts, over)


def invite(
    session: Session, origin: str, *, email: str, name: str = "", by: UUID | None = None
) -> tuple[Person, str]:
    """Find or make the account of an address and answer the single-use link that opens it."""
    address = canonical(email)
    person = person_by_email(session, address)
    if person is None:
        person = Person(email=address, name=name or address.split("@")[0][:100])
        session.add(person)
        session.flush()
        events.record(session, "person_invited", SubjectKind.PERSON, person.id, by=by)
    return person, f"{origin}/link/{links.issue(session, LinkPurpose.INVITE, person)}"


def mail_invitation(session: Session, person: Person, link: str, organisation: str = "") -> None:
    words = _("Open this link within seven days to choose your password:\n%(link)s", link=link)
    if organisation:
        told = _("You can speak for %(organisation)s, or for yourself.", organisation=organisation)
        words = f"{told}\n\n{words}"
    mail.queue(session, person.email or "", _("You are invited to CoMission"), words)


def give_seat(
    session: Session, person: Person, role: Role, scope_kind: ScopeKind, scope_id: UUID | None, *,
    group: StakeholderGroup | None = None, alternate_for: UUID | None = None, by: UUID | None = None,
    term: Term = FROM_NOW,
) -> Seat:  # fmt: skip
    """Seat a person for a term; what they may do changes with their next request."""
    require_scope(session, role, scope_kind, scope_id)
    session.refresh(person, with_for_update=True)
    starts = term.starts_at or now()
    if any(
        seat.person_id == person.id and seat.role is role
        for seat in seats_held(session, scope_kind, scope_id, starts, term.ends_at)
    ):
        raise SeatTaken()
    seat = Seat(
        person_id=person.id, role=role, scope_kind=scope_kind, scope_id=scope_id, group=group,
        alternate_for_id=alternate_for, starts_at=starts, ends_at=term.ends_at,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(seat)
            session.flush()
    except IntegrityError as problem:
        raise SeatTaken() from problem
    events.record(
        session, "seat_given", SubjectKind.SEAT, seat.id, by=by, person=person.id, role=role,
        scope_kind=scope_kind, scope=scope_id, group=group, alternate_for=alternate_for, **as_facts(seat),
    )  # fmt: skip
    return seat


def as_facts(seat: Seat) -> dict[str, Any]:
    """A seat given with an end is over from then on, and no other act will say so."""
    dates = {"starts_at": seat.starts_at, "ends_at": seat.ends_at}
    return dates | ({"seat": seat.id, "seat_state": ENDED} if seat.ends_at else {})


def require_scope(session: Session, role: Role, scope_kind: ScopeKind, scope_id: UUID | None) -> None:
    expected = ScopeKind.COMMITTEE if role in COMMITTEE_ROLES else None
    expected = ScopeKind.PLATFORM if role is Role.ADMIN else expected
    expected = ScopeKind.ORGANISATION if role is Role.FACILITATOR else expected
    if expected is not None and scope_kind is not expected:
        raise RoleElsewhere()
    if scope_kind is ScopeKind.PLATFORM:
        if scope_id is not None:
            raise ScopeUnknown()
    elif scope_id is None or session.get(SCOPES[scope_kind], scope_id) is None:
        raise ScopeUnknown()


def end_seat(session: Session, seat: Seat, by: UUID | None = None, at: datetime | None = None) -> list[Seat]:
    """End a seat, now or at an instant to come, and with a member's its alternates'; answers every seat that ends.

    A seat on the list of voters of a vote that runs stays until that vote closes: the list never changes.
    When it ends at once its person is signed out everywhere, so that no old page acts for it.
    """
    hold_committees(session, [seat])
    if seat.role is Role.ADMIN:
        hold_administrators(session)
    session.refresh(seat, with_for_update=True)
    ends = at or now()
    if at is not None and at <= now():
        raise TermImpossible()
    if seat.ends_at is not None and seat.ends_at <= ends:
        return []
    if seat.role is Role.ADMIN:
        require_another_administrator(session, seat.person_id)
    ending = [*alternates_of(session, seat, ends), seat]
    votes = [
        vote for vote in votes_of_seats.naming(session, ending) if not vote.closes_at or vote.closes_at > ends
    ]
    if votes:
        raise SeatVotes(votes=[vote.question for vote in votes], until=votes[-1].closes_at)
    for each in ending:
        each.ends_at = max(ends, each.starts_at)
        session.add(each)
        is_over = each.ends_at <= now()
        if is_over:
            sign_ins.end_all(session, each.person_id)
        notifications.tell(
            session, [each.person_id], "seat_ended" if is_over else "seat_ends", SubjectKind.SEAT, each.id,
            where=scope_name(session, each),
        )  # fmt: skip
        events.record(
            session, "seat_ended", SubjectKind.SEAT, each.id, by=by,
            person=each.person_id, role=each.role, ends_at=each.ends_at,
        )  # fmt: skip
    session.flush()
    return ending


def scope_name(session: Session, seat: Seat) -> str:
    if seat.scope_id is None:
        return "CoMission"
    if seat.scope_kind is ScopeKind.ORGANISATION:
        return session.get_one(Organisation, seat.scope_id).name
    return session.get_one(Committee, seat.scope_id).name


def alternates_of(session: Session, seat: Seat, ends: datetime) -> list[Seat]:
    """Who stands in for this seat and would still do so after it has ended."""
    query = select(Seat).where(
        Seat.alternate_for_id == seat.id, or_(col(Seat.ends_at).is_(None), col(Seat.ends_at) > ends)
    )
    return list(session.exec(query.order_by(col(Seat.id)).with_for_update()))


def hold_committees(session: Session, seats: Iterable[Seat]) -> None:
    """Notice holds its committee too: a list of voters is written before a seat ends, or after, never meanwhile."""
    ids = {seat.scope_id for seat in seats if seat.scope_kind is ScopeKind.COMMITTEE}
    session.exec(
        select(Committee.id).where(col(Committee.id).in_(ids)).order_by(col(Committee.id)).with_for_update()
    )


def hold_administrators(session: Session) -> None:
    """All their seats, before any one of them: of two who would put each other out, one comes second and is refused."""
    seats = select(Seat.id).where(Seat.role == Role.ADMIN, col(Seat.ends_at).is_(None))
    session.exec(seats.order_by(col(Seat.id)).with_for_update()).all()


def require_another_administrator(session: Session, besides: UUID) -> None:
    """Somebody else administers for good and can get in."""
    others = (
        select(Seat.id)
        .join(Person, col(Person.id) == Seat.person_id)
        .where(
            Seat.role == Role.ADMIN,
            Seat.person_id != besides,
            *is_live(now()),
            col(Seat.ends_at).is_(None),
            col(Person.suspended_at).is_(None),
            col(Person.email_confirmed_at).is_not(None),
        )
    )
    if session.exec(others.limit(1)).first() is None:
        raise LastAdministrator()


def administers(session: Session, person: Person) -> bool:
    query = select(Seat.id).where(Seat.person_id == person.id, Seat.role == Role.ADMIN, *is_live(now()))
    return session.exec(query).first() is not None


class VotesToo(Conflict):
    sentence: ClassVar[str] = N_(
        "You vote, or stand in for somebody, in a running vote that this person votes in. "
        "Another administrator has to suspend the account."
    )


def suspend(session: Session, person: Person, by: UUID | None = None) -> list[Decision]:
    """Nobody gets in with this account; in votes that run, the named alternate votes. Answers those votes."""
    seats = live_seats_of(session, person.id)
    hold_committees(session, seats)
    hold_administrators(session)
    if administers(session, person):
        require_another_administrator(session, person.id)
    session.refresh(person, with_for_update=True)
    if person.suspended_at is not None:
        return []
    if by is not None and votes_of_seats.votes_in(votes_of_seats.naming(session, seats), by):
        raise VotesToo()
    person.suspended_at = now()
    session.add(person)
    session.flush()
    sign_ins.end_all(session, person.id)
    votes, passed = votes_of_seats.naming(session, seats), []
    for decision in votes:
        at = decisions.hold(session, decision)
        before = recused_seats(session, decision)
        if made := votes_of_seats.pass_on(session, decision, at):
            passed += made
            interests.tell_alternates(session, decision, before, origin="")
    states = (
        {"states": {Noun.INTEREST: {InterestEffect.RECUSE: [each.id for each in passed]}}} if passed else {}
    )
    events.record(session, "person_suspended", SubjectKind.PERSON, person.id, by=by, **states)
    return votes


def restore(session: Session, person: Person, by: UUID | None = None) -> None:
    """They can sign in again; a vote that passed to their alternate stays there."""
    session.refresh(person, with_for_update=True)
    if person.suspended_at is None:
        return
    person.suspended_at = None
    session.add(person)
    session.flush()
    events.record(session, "person_restored", SubjectKind.PERSON, person.id, by=by)
