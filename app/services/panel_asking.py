"""Who of a panel reviews which application: proposed evenly, changed by hand, asked in one act."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import Conflict, NotAcceptable, NotFound
from app.models.absence import away
from app.models.application import Application
from app.models.call import Call
from app.models.columns import now
from app.models.offer import Offer
from app.models.panel import PanelReview, Shut, shut_out
from app.models.person import Person
from app.models.seat import Seat, live_seats_in
from app.rules import assigning, phases
from app.rules.assigning import Item
from app.rules.phases import Act
from app.rules.replay_kinds import Noun
from app.rules.words import N_, ApplicationState, ReviewState, Role, ScopeKind, StakeholderGroup, SubjectKind
from app.services import assignments, events, offers, panel_reviews
from app.services.panel_reviews import Standing
from app.services.reviews_rounds import REVIEWING, group_of

MOST_AT_ONCE, MOST_LOOKED_AT = 40, 1_000


class NobodyChosen(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose at least one application and one seat of the panel for it.")


class DayTooSoon(NotAcceptable):
    sentence: ClassVar[str] = N_("The day by which reviews are in has to lie ahead.")


class CannotBeAsked(Conflict):
    """Between the proposal and its confirmation somebody stepped aside, was asked, or the application went on."""

    sentence: ClassVar[str] = N_(
        "Meanwhile this cannot be asked as it was proposed, for application #%(number)s. Nobody was asked; look at it "
        "again."
    )


@dataclass(frozen=True)
class Candidate:
    """A seat of the panel; `shut_by` says in a word why it cannot review this application, and is empty if it can."""

    seat: Seat
    name: str
    group: StakeholderGroup | None
    shut_by: str = ""


OWN = N_("It is theirs, or their organisation's.")
ASIDE = N_("They stepped aside.")
UNRESOLVED = N_("An interest of theirs waits for the chair.")
KNOWS = N_("They work for the agency and see who applies.")


@dataclass(frozen=True)
class Row:
    """One application with everyone who could review it: who was asked, who is proposed, how many are wanting."""

    application: Application
    candidates: list[Candidate]
    has: frozenset[UUID]
    proposed: frozenset[UUID]
    wanting: int = 0


def waiting(session: Session, call: Call, offer: Offer) -> list[Application]:
    """Applications in review that have, or can still expect, fewer reviews than wanted; so many as one page holds.

    Where people stepped aside, or the day passed without them, it stands here again.
    """
    query = select(Application).where(
        Application.call_id == call.id, Application.state == ApplicationState.IN_REVIEW
    )
    listed = list(session.exec(query.order_by(col(Application.number)).limit(MOST_LOOKED_AT)))
    known = panel_reviews.standing(session, offer, listed)
    return [each for each in listed if len(coming(known[each.id])) < offer.reviews_wanted][:MOST_AT_ONCE]


def coming(standing: Standing) -> tuple[PanelReview, ...]:
    """The reviews that an application has, and those that can still be expected before their day."""
    return standing.counted + (() if standing.is_open else standing.waiting)


def propose(session: Session, call: Call, listed: Sequence[Application] | None = None) -> list[Row]:
    """So many reviewers for each as the call wants; nobody is asked by it."""
    offer = offers.offer_of(session, call)
    listed = waiting(session, call, offer) if listed is None else listed
    candidates = candidates_of(session, call, offer, listed)
    known = panel_reviews.standing(session, offer, listed)
    has = {each.id: frozenset(row.seat_id for row in known[each.id].asked) for each in listed}
    everyone = {each.seat.id: each for rows in candidates.values() for each in rows}
    gone, loads = away(session, everyone, now()), owed(session, everyone)
    reviewers = [
        assigning.Reviewer(seat, each.group, loads[seat])
        for seat, each in everyone.items()
        if seat not in gone
    ]
    items = []
    for each in listed:
        alive = frozenset(row.seat_id for row in coming(known[each.id]))
        able = {row.seat.id for row in usual(candidates[each.id])}
        # Reviews that will not come any more leave room for others.
        items.append(Item(each.id, (frozenset(everyone) - able) | (has[each.id] - alive), alive))
    found = assigning.propose(items, reviewers, offer.reviews_wanted)
    return [
        Row(each, candidates[each.id], has[each.id], found.chosen[each.id], found.wanting.get(each.id, 0))
        for each in listed
    ]


def usual(found: Collection[Candidate]) -> list[Candidate]:
    """Whom one asks first: members that can review, and the alternates of those who cannot."""
    shut = {each.seat.id for each in found if each.shut_by}
    return [
        each
        for each in found
        if not each.shut_by and (each.seat.role is Role.MEMBER or each.seat.alternate_for_id in shut)
    ]


def candidates_of(
    session: Session, call: Call, offer: Offer, listed: Collection[Application]
) -> dict[UUID, list[Candidate]]:
    """Every member and alternate of the panel for each application, with what keeps them from it."""
    if offer.panel_id is None:
        return {each.id: [] for each in listed}
    seats = [
        each for each in live_seats_in(session, ScopeKind.COMMITTEE, offer.panel_id) if each.role in REVIEWING
    ]
    groups = {each.id: each.group for each in seats}
    people = {each.person_id for each in seats}
    names = dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(people))).all())
    shut = shut_out(session, offer.panel_id, listed, people)
    knowing = who_knows(session, call) if offer.is_blind else frozenset()
    return {
        application.id: [
            Candidate(
                seat, names[seat.person_id], group_of(seat, groups),
                why(shut[application.id], knowing, seat.person_id),
            )
            for seat in sorted(seats, key=lambda each: each.role is Role.ALTERNATE)
        ]
        for application in listed
    }  # fmt: skip


def why(shut: Shut, knowing: frozenset[UUID], person_id: UUID) -> str:
    for people, sentence in (
        (shut.own, OWN), (shut.aside, ASIDE), (shut.unresolved, UNRESOLVED), (knowing, KNOWS),
    ):  # fmt: skip
        if person_id in people:
            return sentence
    return ""


def who_knows(session: Session, call: Call) -> frozenset[UUID]:
    """Facilitators of the agency see who applies: where reviews are blind they write none."""
    seats = live_seats_in(session, ScopeKind.ORGANISATION, call.organisation_id)
    return frozenset(each.person_id for each in seats if each.role is Role.FACILITATOR)


def owed(session: Session, seats: Collection[UUID]) -> Counter[UUID]:
    """How many items each seat has still to review, missions and applications together."""
    query = (
        select(PanelReview.seat_id, func.count())
        .join(Application, col(Application.id) == PanelReview.application_id)
        .where(
            col(PanelReview.seat_id).in_(seats),
            col(PanelReview.filed_at).is_(None),
            Application.state == ApplicationState.IN_REVIEW,
        )
        .group_by(col(PanelReview.seat_id))
    )
    return assignments.owed(session, seats) + Counter(dict(session.exec(query).all()))


def ask(
    session: Session,
    call: Call,
    pairs: Iterable[tuple[UUID, UUID]],
    due: datetime,
    by: UUID,
    origin: str = "",
) -> list[PanelReview]:
    """Ask these seats of the panel to review these applications; all of it, or nothing.

    The applications are held meanwhile, in one order, so that two who ask at once ask one after the other.
    """
    session.refresh(call, with_for_update={"read": True})
    phases.require(Act.REVIEW_APPLICATIONS, call_phase(call), times_of(call))
    if due <= now():
        raise DayTooSoon()
    offer = offers.offer_of(session, call)
    wanted: dict[UUID, set[UUID]] = {}
    for application_id, seat_id in pairs:
        wanted.setdefault(application_id, set()).add(seat_id)
    held = hold(session, call, wanted)
    before = panel_reviews.standing(session, offer, held)
    require_able(session, call, offer, held, wanted, before)
    made = []
    for application in held:
        reopen_later(application, before[application.id], due)
        made += [
            PanelReview(application_id=application.id, seat_id=seat, asked_by_id=by)
            for seat in sorted(wanted[application.id])
        ]
    session.add_all(made)
    session.flush()
    events.record(
        session, "panel_asked", SubjectKind.CALL, call.id, by=by, due_at=due,
        states={Noun.PANEL_REVIEW: {ReviewState.SCHEDULED: [each.id for each in made]}},
    )  # fmt: skip
    panel_reviews.tell(session, call, offer, {each.seat_id for each in made}, "panel_asked", origin)
    return made


def hold(session: Session, call: Call, wanted: Mapping[UUID, set[UUID]]) -> list[Application]:
    if not wanted:
        raise NobodyChosen()
    query = select(Application).where(col(Application.id).in_(wanted), Application.call_id == call.id)
    query = query.order_by(col(Application.id)).with_for_update().execution_options(populate_existing=True)
    held = list(session.exec(query))
    if len(held) < len(wanted):
        raise NotFound()
    return held


def require_able(
    session: Session, call: Call, offer: Offer, held: Collection[Application], wanted: Mapping[UUID, set[UUID]],
    before: Mapping[UUID, Standing],
) -> None:  # fmt: skip
    """Nobody on their own or their organisation's, nobody with an open interest, nobody twice."""
    candidates = candidates_of(session, call, offer, held)
    for each in held:
        able = {row.seat.id for row in candidates[each.id] if not row.shut_by}
        has = {row.seat_id for row in before[each.id].asked}
        is_late = each.state is not ApplicationState.IN_REVIEW
        if is_late or wanted[each.id] - able or wanted[each.id] & has:
            raise CannotBeAsked(number=each.number)


def reopen_later(application: Application, before: Standing, due: datetime) -> None:
    """What could be read stays so when more are asked; otherwise there is time until the later of two days."""
    if before.is_open and application.reviews_opened_at is None:
        application.reviews_opened_at = min(now(), application.reviews_due_at or now())
    application.reviews_due_at = max(due, application.reviews_due_at or due)
