"""Stages of a prize: the next one is a call that follows, open to those whom the stage before selected."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import NotFound
from app.i18n import LOCALES, _, current, speaking
from app.models.application import Application, Teammate
from app.models.call import Call
from app.models.offer import Offer, offer_of
from app.rules import phases
from app.rules.applications import ANSWER
from app.rules.disclosure import PUBLIC_CALL_STATES
from app.rules.eligibility import Rule, RuleKind
from app.rules.phases import Act
from app.rules.words import ApplicationState, CallState, SubjectKind
from app.services import applications, applications_save, copies, notifications, offers

LONGEST_TITLE = 200
WORDS = (
    "title",
    "summary",
    "hypothesis",
    "route",
)  # what a plan says of itself; its dates and its money are new


def next_of(session: Session, call_id: UUID) -> Call | None:
    """The stage after this call, from its draft on, but a published one first; one that was cancelled is none.

    It is one of the same agency: others may follow a prize too, and do not speak for it.
    """
    agency = select(Call.organisation_id).where(Call.id == call_id).scalar_subquery()
    query = (
        select(Call, Offer)
        .join(Offer, col(Offer.call_id) == Call.id)
        .where(
            Offer.follows_call_id == call_id,
            Call.state != CallState.CANCELLED,
            Call.organisation_id == agency,
        )
    )
    drafts_last = col(Call.state) == CallState.DRAFT
    found = session.exec(query.order_by(drafts_last, col(Call.created_at), col(Call.id)))
    return next((call for call, offer in found if offers.only_selected(offer)), None)


def draft_next(session: Session, before: Call, by: UUID) -> Call:
    """The next stage: the one that stands, else a draft of the same words and terms for those selected here.

    Whom it is for, its criteria and its panel come along; its money and its dates are for the agency to set.
    """
    session.refresh(before, with_for_update=True)
    phases.require(Act.FOLLOW, call_phase(before), times_of(before))
    if (standing := next_of(session, before.id)) is not None:
        return standing
    offer, later = offers.offer_of(session, before), copies.next_opening() - before.opens_at
    rule = Rule(RuleKind.SELECTED_BEFORE).as_facts()
    call = copies.redrafted(
        before, before.organisation_id, by, **titles(before, number(session, offer) + 1),
        **copies.moved(before, ("opens_at", "closes_at"), later),
    )  # fmt: skip
    session.add(call)
    session.flush()
    copies.copy_offer(
        session, before, call, later, by, follows_call_id=before.id, is_for_roadmaps=False, budget=None,
        ticket_least=None, ticket_most=None,
        eligibility=[*(each for each in offer.eligibility if each != rule), rule],
    )  # fmt: skip
    copies.drafted(session, call, by, before.id)
    return call


def number(session: Session, offer: Offer) -> int:
    """Which stage this is: 1 for a call that follows none of its own agency."""
    agency, found = session.get_one(Call, offer.call_id).organisation_id, 1
    while offers.only_selected(offer) and offer.follows_call_id:
        before = offer_of(session, offer.follows_call_id)
        if before is None or session.get_one(Call, before.call_id).organisation_id != agency:
            break
        offer, found = before, found + 1
    return found


def titles(before: Call, stage: int) -> dict[str, object]:
    """The title with the number of the stage, in each language that the call has one in."""
    own = next(
        (each for each in before.languages if each in LOCALES and each not in before.translations), current()
    )
    translations = {
        locale: {**told, "title": titled(told["title"], stage, locale)} if told.get("title") else told
        for locale, told in before.translations.items()
    }
    return {"title": titled(before.title, stage, own), "translations": translations}


def titled(title: str, stage: int, locale: str) -> str:
    with speaking(locale):
        was, ending = (_("%(title)s: stage %(number)s", title="", number=each) for each in (stage - 1, stage))
        name = title.removesuffix(was)[: LONGEST_TITLE - len(ending)]
        return _("%(title)s: stage %(number)s", title=name, number=stage)


@dataclass(frozen=True)
class Following:
    """The next stage as a team that was selected meets it."""

    call: Call
    phase: CallState


def open_to(session: Session, application: Application) -> Following | None:
    """The next stage that an application was selected for, once its own call is answered and that one published."""
    if application.state is not ApplicationState.SELECTED:
        return None
    if session.get_one(Call, application.call_id).state not in offers.TOLD:
        return None
    found = next_of(session, application.call_id)
    if found is None or found.state not in PUBLIC_CALL_STATES:
        return None
    return Following(found, call_phase(found))


def tell_published(session: Session, call: Call, origin: str = "") -> None:
    """Of a call just published, tell those it is the next stage for; of one that is none there is nothing to tell."""
    before_id = offers.offer_of(session, call).follows_call_id
    if before_id is not None and (following := next_of(session, before_id)) and following.id == call.id:
        tell_selected(session, before_id, origin)


def tell_selected(session: Session, before_id: UUID, origin: str = "") -> None:
    """Tell the teams that were selected once both are there: the answer to them, and the next stage."""
    selected = Application.state == ApplicationState.SELECTED
    query = select(Application).where(Application.call_id == before_id, selected)
    listed = list(session.exec(query))
    following = open_to(session, listed[0]) if listed else None
    if following is None:
        return
    team = select(Teammate.person_id).where(
        col(Teammate.application_id).in_([each.id for each in listed]), col(Teammate.joined_at).is_not(None)
    )
    notifications.tell(
        session, session.exec(team), "next_stage_published", SubjectKind.CALL, following.call.id, origin,
        title=following.call.title,
    )  # fmt: skip


def earlier(session: Session, offer: Offer, person_id: UUID | None) -> Application | None:
    """The person's own application that the stage before selected: what a draft for this one can start from."""
    if person_id is None or not offers.only_selected(offer):
        return None
    query = (
        select(Application)
        .join(Teammate, col(Teammate.application_id) == Application.id)
        .where(
            Application.call_id == offer.follows_call_id, Application.state == ApplicationState.SELECTED,
            Teammate.person_id == person_id, col(Teammate.joined_at).is_not(None),
        )
    )  # fmt: skip
    return session.exec(query.order_by(col(Application.number)).limit(1)).first()


def words_left(
    session: Session, offer: Offer, application: Application, before: Application
) -> dict[str, Any]:
    """What is empty in a draft and was said before: the plan, and the answers to criteria that both calls have."""
    names = (*WORDS, *(ANSWER + each["id"] for each in offer.criteria))
    mine, theirs = applications.fields_of(session, application), applications.fields_of(session, before)
    return {name: theirs[name] for name in names if theirs.get(name) and not mine.get(name)}


def start_from_earlier(session: Session, application: Application, by: UUID) -> None:
    """Fill what is empty in a draft with the words of the team's application to the stage before."""
    found = applications.hold_draft(session, application)
    before = earlier(session, found.offer, by)
    if before is None:
        raise NotFound()
    words = words_left(session, found.offer, application, before)
    applications_save.write(session, application, applications.fields_of(session, application) | words, by)


def to_start_from(
    session: Session, offer: Offer, application: Application, person_id: UUID | None
) -> Application | None:
    """The application before, while a draft has room for its words."""
    if application.state is not ApplicationState.DRAFT:
        return None
    before = earlier(session, offer, person_id)
    return before if before is not None and words_left(session, offer, application, before) else None
