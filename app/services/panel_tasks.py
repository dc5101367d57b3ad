"""What the applications to a committee's calls ask of those who sit in it: lines of their workbench."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, exists, select

from app.conditions.asking import Ask
from app.conditions.panel import CHAIRS, sees_names
from app.conditions.taking_part import has_said
from app.models.application import Application
from app.models.call import Call
from app.models.committee import Interest
from app.models.decision import Decision
from app.models.offer import Offer
from app.models.organisation import names_of
from app.models.panel import PanelReview, shut_out
from app.rules import panel as rules
from app.rules.phrases import phrase
from app.rules.words import N_, ApplicationState, CallState, InterestEffect, InterestKind
from app.services import interests_resolve, panel_asking
from app.services.awards_ask import LIVE
from app.services.committees_tasks import Bench, Task, Turn, Work
from app.services.panel_show import names_in

MOST = 100


def of(bench: Bench) -> Iterator[Task]:
    """My reviews that are to come, and, for whoever chairs, applications that wait for reviewers or a decision."""
    if bench.viewer.id is None:
        return
    query = select(Call, Offer).join(Offer, col(Offer.call_id) == Call.id)
    judged = query.where(Offer.panel_id == bench.committee.id, Call.state == CallState.REVIEW)
    for call, offer in bench.session.exec(judged.order_by(col(Call.closes_at), col(Call.id))):
        yield from my_reviews(bench, call, offer, bench.viewer.id)
        if bench.holds(*CHAIRS):
            yield from to_lead(bench, call, offer)
    if bench.holds(*CHAIRS):
        yield from to_put(bench)
        yield from to_resolve(bench, bench.viewer.id)


def to_put(bench: Bench) -> Iterator[Task]:
    """Shortlists that nobody has put to a vote yet."""
    asked = select(Decision.call_id).where(col(Decision.call_id).is_not(None), col(Decision.state).in_(LIVE))
    query = (
        select(Call)
        .join(Offer, col(Offer.call_id) == Call.id)
        .where(
            Offer.panel_id == bench.committee.id, Call.state == CallState.DECISION, col(Call.id).not_in(asked),
            exists().where(
                col(Application.call_id) == Call.id, col(Application.state) == ApplicationState.SHORTLISTED
            ),
        )
        .order_by(col(Call.answer_due), col(Call.id))
    )  # fmt: skip
    for call in bench.session.exec(query.limit(MOST)):
        words = phrase(N_("Put the shortlist to a vote"))
        page = f"/calls/{call.id}/portfolio"
        yield Task(Turn.MINE, Work.OFFICE, call.title, words, page, call.answer_due, zone=call.timezone)


def my_reviews(bench: Bench, call: Call, offer: Offer, person_id: UUID) -> Iterator[Task]:
    """Those I am asked for and may write, the rest of the work of the panel is not mine."""
    query = (
        select(Application, PanelReview)
        .join(PanelReview, col(PanelReview.application_id) == Application.id)
        .where(
            Application.call_id == call.id,
            Application.state == ApplicationState.IN_REVIEW,
            col(PanelReview.seat_id).in_(bench.mine),
        )
    )
    rows = list(bench.session.exec(query.order_by(col(Application.number)).limit(MOST)))
    shut = shut_out(bench.session, offer.panel_id, [each for each, _review in rows], [person_id])
    titles = titles_of(bench, [each for each, _review in rows])
    for application, review in rows:
        if person_id in shut[application.id].from_reviewing:
            continue
        here, due = f"/applications/{application.id}", application.reviews_due_at
        if review.filed_at is not None:
            words = phrase(N_("Your review is in"))
            yield Task(Turn.WAITING, Work.REVIEW, titles[application.id], words, f"{here}/selection", due)
            continue
        said = has_said(Ask(bench.session, bench.viewer, application, bench.at))
        words = phrase(
            N_("Review this application")
            if said
            else N_("Say whether something ties you to it, and review this application")
        )
        yield Task(Turn.MINE, Work.REVIEW, titles[application.id], words, f"{here}/review", due)


def titles_of(bench: Bench, rows: list[Application]) -> dict[UUID, str]:
    """By what the reader may know of them: in a blind call without the names of who applies."""
    session = bench.session
    who = names_of(session, {each.organisation_id for each in rows if each.organisation_id})
    teams = names_in(session, rows)
    titles = {}
    for each in rows:
        hidden = [name for name, _joined in teams.get(each.id, [])]
        hidden += [who[each.organisation_id]] if each.organisation_id else []
        shown = sees_names(Ask(session, bench.viewer, each, bench.at))
        titles[each.id] = each.title if shown else rules.masked(each.title, hidden)
    return titles


def to_lead(bench: Bench, call: Call, offer: Offer) -> Iterator[Task]:
    """For the chair: how many want reviewers, and how many are in review at all."""
    here = f"/calls/{call.id}"
    wanting = len(panel_asking.waiting(bench.session, call, offer))
    if wanting:
        words = phrase(N_("Choose who reviews what: %(many)s applications want reviewers"), many=wanting)
        yield Task(Turn.MINE, Work.OFFICE, call.title, words, f"{here}/reviewers")
    waiting = in_review(bench.session, call)
    if waiting:
        words = phrase(N_("%(many)s applications wait for the shortlist, or to be declined"), many=waiting)
        turn = Turn.WAITING if wanting else Turn.MINE
        yield Task(turn, Work.OFFICE, call.title, words, f"{here}/applications?state=in_review")


def to_resolve(bench: Bench, person_id: UUID) -> Iterator[Task]:
    """Interests in applications that wait for this very person: the chair, or the deputy in the chair's place."""
    query = (
        select(Interest, Application.number, Call.title)
        .join(Application, col(Application.id) == Interest.subject_id)
        .join(Call, col(Call.id) == Application.call_id)
        .join(Offer, col(Offer.call_id) == Call.id)
        .where(
            Offer.panel_id == bench.committee.id, col(Call.state).in_((CallState.REVIEW, CallState.DECISION)),
            col(Application.state).in_(rules.PANELS), col(Interest.superseded_at).is_(None),
            col(Interest.resolved_at).is_(None), Interest.kind != InterestKind.NOTHING,
            Interest.effect == InterestEffect.DISCLOSE,
        )
    )  # fmt: skip
    listed = query.order_by(col(Interest.declared_at), col(Interest.id)).limit(MOST)
    for interest, number, title in bench.session.exec(listed):
        if person_id in interests_resolve.case_of(bench.session, interest).resolvers():
            words = phrase(N_("Say what comes of a declared interest"))
            url = f"/applications/{interest.subject_id}/interest#interest-{interest.id}"
            yield Task(Turn.MINE, Work.OFFICE, f"#{number} · {title}", words, url)


def in_review(session: Session, call: Call) -> int:
    query = select(func.count()).select_from(Application)
    return session.exec(
        query.where(Application.call_id == call.id, Application.state == ApplicationState.IN_REVIEW)
    ).one()
