"""Offers as they are read: the form that criteria build, who may apply, the terms, and what a call lacks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models.application import Application, Teammate, lead_of
from app.models.call import Call
from app.models.columns import now
from app.models.mission import Mission
from app.models.offer import Offer, OfferTerms
from app.models.offer import latest_terms as latest_terms
from app.models.offer import offer_of as found_offer
from app.models.organisation import Organisation
from app.rules import disclosure, eligibility
from app.rules import offers as rules
from app.rules.eligibility import ASKED_FOR, Facts, Rule, RuleKind, Verdict
from app.rules.offers import Criterion, Parts, Stage
from app.rules.words import N_, ApplicationState, CallKind, CallState, Role

TOLD = (CallState.ANSWERED, CallState.ARCHIVED)
WHO_SAYS: dict[RuleKind, tuple[str, str]] = {
    RuleKind.PEOPLE: (N_("People at work"), N_("How many people work for your organisation?")),
    RuleKind.TURNOVER: (
        N_("Turnover"),
        N_("How much did your organisation turn over last year, in the currency of the call?"),
    ),
    RuleKind.PARTNERS: (N_("Partners"), N_("How many other organisations take part?")),
    RuleKind.ROADMAP: (N_("Roadmap"), N_("Which roadmap does this carry out?")),
}


@dataclass(frozen=True)
class FormField:
    """One question of an application's form; its answer stands in `Application.answers` under `key`.

    `kind` is "words", "number" or "choice". Titles of criteria are the agency's own words; those of facts are ours,
    marked for translation, and so is `is_ours`.
    """

    key: str
    title: str
    question: str
    help: str = ""
    kind: str = "words"
    words: int = 0
    weight: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    is_ours: bool = False


def offer_of(session: Session, call: Call) -> Offer:
    """The offer of an innovation call; a consultation has none, and its pages on applying are not found."""
    found = found_offer(session, call.id) if call.kind is CallKind.INNOVATION else None
    if found is None:
        raise NotFound()
    return found


def found(session: Session, call_ids: Collection[UUID]) -> dict[UUID, Offer]:
    """The offers of several calls, in one statement; none where there is no innovation call."""
    if not call_ids:
        return {}
    return {
        each.call_id: each for each in session.exec(select(Offer).where(col(Offer.call_id).in_(call_ids)))
    }


def criteria_of(offer: Offer) -> list[Criterion]:
    return rules.read_criteria(offer.criteria)


def stages_of(offer: Offer) -> list[Stage]:
    return rules.read_stages(offer.stages)


def form_of(session: Session, offer: Offer) -> list[FormField]:
    """The questions that an application answers: what the rules need to know, then one for each criterion."""
    kinds = {RuleKind(each["kind"]) for each in offer.eligibility}
    if offer.follows_call_id is not None and follows_roadmaps(session, offer):
        kinds.add(RuleKind.ROADMAP)
    facts = [
        FormField(
            key, *WHO_SAYS[kind], kind="choice" if kind is RuleKind.ROADMAP else "number",
            choices=roadmaps(session, offer) if kind is RuleKind.ROADMAP else (), is_ours=True,
        )
        for kind, key in ASKED_FOR.items() if kind in kinds
    ]  # fmt: skip
    return facts + [
        FormField(each.id, each.title, each.question, each.help, words=each.words, weight=each.weight)
        for each in criteria_of(offer)
    ]


def follows_roadmaps(session: Session, offer: Offer) -> bool:
    before = found_offer(session, offer.follows_call_id) if offer.follows_call_id else None
    return before is not None and before.is_for_roadmaps


def roadmaps(session: Session, offer: Offer) -> tuple[tuple[str, str], ...]:
    """The roadmaps that an application can carry out, by id and title."""
    return tuple((str(each.id), each.title) for each in selected_roadmaps(session, offer))


def selected_roadmaps(session: Session, offer: Offer) -> list[Application]:
    """What was selected in the call that this one follows, once that one is answered."""
    query = (
        select(Application)
        .join(Call, col(Call.id) == Application.call_id)
        .where(
            Application.call_id == offer.follows_call_id, Application.state == ApplicationState.SELECTED,
            col(Call.state).in_(TOLD),
        )
    )  # fmt: skip
    return list(session.exec(query.order_by(col(Application.number))))


def only_selected(offer: Offer) -> bool:
    """Whether only those may apply whom the call before selected."""
    return any(each["kind"] == RuleKind.SELECTED_BEFORE for each in offer.eligibility)


def selected_before(
    session: Session, offer: Offer, organisation_id: UUID | None, person_id: UUID | None
) -> bool | None:
    """Whether the call that this one follows selected who applies; None while that is not told, or nobody asks.

    Of an organisation; of who names none yet, whether they led what was selected.
    """
    before = session.get(Call, offer.follows_call_id) if offer.follows_call_id else None
    if before is None or before.state not in TOLD or not only_selected(offer):
        return None
    led = select(Teammate.application_id).where(Teammate.person_id == person_id, Teammate.role == Role.LEAD)
    own = Application.organisation_id == organisation_id if organisation_id else col(Application.id).in_(led)
    query = select(Application.id).where(
        Application.call_id == before.id, Application.state == ApplicationState.SELECTED, own
    )
    is_selected = session.exec(query.limit(1)).first() is not None
    return is_selected if organisation_id else is_selected or None


def rules_of(session: Session, call: Call, offer: Offer) -> list[Rule]:
    """Everything that decides who may apply: what the agency chose, and what follows from sizes, links and dates."""
    found = eligibility.read(offer.eligibility)
    if offer.ticket_least is not None or offer.ticket_most is not None:
        found.append(Rule(RuleKind.TICKET, offer.ticket_least, offer.ticket_most))
    if follows_roadmaps(session, offer):
        found.append(Rule(RuleKind.ROADMAP))
    return [*found, Rule(RuleKind.DEADLINE, until=call.closes_at, zone=call.timezone)]


def facts_of(
    session: Session, offer: Offer, application: Application, organisation: Organisation | None,
    at: datetime | None = None,
) -> Facts:  # fmt: skip
    """What an application of this organisation says so far; `at` is the instant that counts as that of sending."""
    lead = None if organisation else lead_of(session, application.id).person_id
    said = {key: application.answers.get(key) for key in ASKED_FOR.values()}
    costs = [eligibility.decimal(each.get("amount")) for each in application.budget]
    return Facts(
        group=organisation.group if organisation else None,
        place=organisation.place if organisation else "",
        people=eligibility.decimal(said["people"]),
        turnover=eligibility.decimal(said["turnover"]),
        partners=eligibility.decimal(said["partners"]),
        asked=application.asked,
        total=sum((each for each in costs if each is not None), start=eligibility.NOTHING) if costs else None,
        starts=application.starts,
        ends=application.ends,
        readiness=application.readiness,
        roadmap=str(said["roadmap"] or ""),
        roadmaps=tuple(key for key, _title in roadmaps(session, offer)),
        selected_before=selected_before(session, offer, organisation.id if organisation else None, lead),
        at=at or now(),
    )


def verdicts(session: Session, call: Call, offer: Offer, facts: Facts) -> list[Verdict]:
    """Whether each rule holds for what is known so far; asked while typing, and again when it is sent."""
    return eligibility.check(rules_of(session, call, offer), facts, offer.currency)


def versions_of(session: Session, call_id: UUID) -> list[OfferTerms]:
    """Every version of the terms, the newest first."""
    query = select(OfferTerms).where(OfferTerms.call_id == call_id)
    return list(session.exec(query.order_by(col(OfferTerms.number).desc())))


def parts_of(session: Session, call: Call, offer: Offer) -> Parts:
    """What of a call is there, for the checklist before publishing."""
    stages = stages_of(offer)
    decided = call.answer_due.astimezone(ZoneInfo(call.timezone)).date() if call.answer_due else None
    ranges = (offer.ticket_least, offer.ticket_most, offer.budget)
    return Parts(
        brief=bool(call.brief.strip()),
        aim=offer.mission_id is not None or bool(offer.challenge.strip()),
        known=offer.mission_id is None or is_public(session, offer.mission_id),
        before=offer.follows_call_id is not None if only_selected(offer) else None,
        instrument=offer.instrument is not None,
        money=offer.budget is not None or offer.is_for_roadmaps,
        tickets=offer.is_for_roadmaps or (None not in ranges and offer.ticket_most <= offer.budget),  # type: ignore[operator]
        criteria=bool(offer.criteria),
        stages=bool(stages),
        ordered=not stages or decided is None or stages[0].due > decided,
        terms=latest_terms(session, call.id) is not None,
        panel=offer.panel_id is not None,
        dates=None not in (call.sense_until, call.check_until, call.answer_due),
    )


def is_public(session: Session, mission_id: UUID) -> bool:
    """Whether anyone may know of a mission: whether its own question is no draft."""
    home = session.get(Call, session.get_one(Mission, mission_id).call_id)
    return home is not None and disclosure.shows_call(home.state)


def require_complete(session: Session, call: Call) -> None:
    """Nobody applies to a call that does not say what for, by which criteria and on which terms."""
    rules.require_complete(parts_of(session, call, offer_of(session, call)))
