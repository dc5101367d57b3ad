"""Lists of the applications to a call: what came in, as its reader may know of it, and what is on the shortlist."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from app.conditions.asking import Ask, facilitates
from app.conditions.panel import leads_panel, sees_names
from app.models.application import Application, Teammate
from app.models.call import Call
from app.models.columns import now
from app.models.committee import Interest
from app.models.offer import Offer
from app.models.organisation import names_of
from app.models.seat import Seat
from app.rules import applications
from app.rules import panel as rules
from app.rules.panel import Marked
from app.rules.words import ApplicationState, InterestEffect
from app.services import offers, panel_asking, panel_reviews
from app.services.panel_asking import Row
from app.services.panel_reviews import Standing
from app.services.panel_show import names_in
from app.viewer import Viewer

PAGE = 50
UNJUDGED = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


@dataclass(frozen=True)
class Line:
    """One application in the list; `organisation` is empty where the reader may not know who applies."""

    application: Application
    title: str
    organisation: str
    standing: Standing


@dataclass(frozen=True)
class Listed:
    """A page of the applications to a call, as this reader may know of them."""

    lines: list[Line]
    counts: dict[ApplicationState, int]
    kept_from: int
    state: ApplicationState | None
    after: int | None
    is_blind: bool
    facilitates: bool
    leads: bool
    wanted: int
    is_settled: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def listed(
    session: Session, call: Call, viewer: Viewer, state: ApplicationState | None = None, after: int = 0
) -> Listed:
    """From the number `after` on, without what the reader is kept from: their own, and what they stepped aside from."""
    offer, ask = offers.offer_of(session, call), Ask(session, viewer, call)
    agency, kept = facilitates(ask), kept_from(session, call, offer, viewer)
    known = [each for each in ApplicationState if each not in UNJUDGED and (agency or each in rules.PANELS)]
    theirs = (
        Application.call_id == call.id, col(Application.state).in_(known), col(Application.id).not_in(kept)
    )  # fmt: skip
    page = select(Application).where(*theirs, col(Application.number) > after)
    if state in known:
        page = page.where(Application.state == state)
    found = list(session.exec(page.order_by(col(Application.number)).limit(PAGE + 1)))
    rows = found[:PAGE]
    counted = select(Application.state, func.count()).where(*theirs).group_by(col(Application.state))
    return Listed(
        lines_of(session, offer, rows, ask),
        {ApplicationState(name): many for name, many in session.exec(counted)}, len(kept),
        state if state in known else None, rows[-1].number if len(found) > PAGE else None, offer.is_blind, agency,
        leads_panel(ask), offer.reviews_wanted, applications.is_settled(now(), call.closes_at),
    )  # fmt: skip


def kept_from(session: Session, call: Call, offer: Offer, viewer: Viewer) -> set[UUID]:
    """The applications to a call that are the reader's own or their organisation's, or that they stepped aside from."""
    assert viewer.person is not None
    mine = select(Teammate.application_id).where(Teammate.person_id == viewer.person.id)
    aside = (
        select(Interest.subject_id)
        .join(Seat, col(Seat.id) == Interest.seat_id)
        .where(
            Seat.person_id == viewer.person.id, Seat.scope_id == offer.panel_id,
            Interest.effect == InterestEffect.RECUSE, col(Interest.superseded_at).is_(None),
        )
    )  # fmt: skip
    theirs: list[ColumnElement[bool]] = [col(Application.id).in_(mine), col(Application.id).in_(aside)]
    if viewer.person.organisation_id is not None:
        theirs.append(col(Application.organisation_id) == viewer.person.organisation_id)
    query = select(Application.id).where(
        Application.call_id == call.id, col(Application.state).not_in(UNJUDGED), or_(*theirs)
    )
    return set(session.exec(query))


def lines_of(session: Session, offer: Offer, rows: Sequence[Application], ask: Ask) -> list[Line]:
    known = panel_reviews.standing(session, offer, rows)
    organisations = names_of(session, {each.organisation_id for each in rows if each.organisation_id})
    teams = names_in(session, rows) if offer.is_blind else {}
    lines = []
    for each in rows:
        who = organisations.get(each.organisation_id, "") if each.organisation_id else ""
        shown = sees_names(replace(ask, subject=each))
        hidden = [who, *(name for name, _joined in teams.get(each.id, []))]
        title = each.title if shown else rules.masked(each.title, hidden)
        lines.append(Line(each, title, who if shown else "", known[each.id]))
    return lines


@dataclass(frozen=True)
class Shortlisted:
    """One application on the shortlist, with the marks of its reviews for each criterion of the call."""

    application: Application
    organisation: str
    marks: list[Marked]
    reviews: int


def shortlisted(
    session: Session, call: Call, states: Sequence[ApplicationState] = (ApplicationState.SHORTLISTED,)
) -> list[Shortlisted]:
    """What the panel decides among, by number; a fixed count of statements however many there are."""
    offer = offers.offer_of(session, call)
    query = select(Application).where(Application.call_id == call.id, col(Application.state).in_(states))
    found = list(session.exec(query.order_by(col(Application.number))))
    known = panel_reviews.standing(session, offer, found)
    names = names_of(session, {each.organisation_id for each in found if each.organisation_id})
    return [
        Shortlisted(
            each, names.get(each.organisation_id, "") if each.organisation_id else "",
            rules.marked(offer.criteria, [row.answers for row in known[each.id].counted]),
            len(known[each.id].counted),
        )
        for each in found
    ]  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """One application that wants reviewers, by a title that its reader may know."""

    title: str
    organisation: str
    row: Row


def proposed(session: Session, call: Call, viewer: Viewer) -> list[Asking]:
    """Whom to ask for what, as proposed, without what the reader is kept from: somebody else asks for those."""
    offer = offers.offer_of(session, call)
    kept = kept_from(session, call, offer, viewer)
    wanting = [each for each in panel_asking.waiting(session, call, offer) if each.id not in kept]
    lines = lines_of(session, offer, wanting, Ask(session, viewer, call))
    rows = panel_asking.propose(session, call, wanting)
    return [Asking(line.title, line.organisation, row) for line, row in zip(lines, rows, strict=True)]
