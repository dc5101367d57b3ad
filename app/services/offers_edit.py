"""Writing an offer, part by part, while its call may be edited; each part saved is one act."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.conditions.asking import call_phase, times_of
from app.errors import Conflict, NotAcceptable
from app.models.call import Call
from app.models.committee import Committee
from app.models.condition import Condition, ConditionVersion
from app.models.mission import Mission
from app.models.offer import Offer, OfferTerms, latest_terms
from app.rules import eligibility, phases
from app.rules import offers as rules
from app.rules.disclosure import PUBLIC_CALL_STATES
from app.rules.eligibility import Rule
from app.rules.offers import Criterion, Stage
from app.rules.phases import Act
from app.rules.words import (
    N_,
    CallKind,
    CallState,
    ConditionKind,
    Instrument,
    MissionState,
    SubjectKind,
)
from app.services import events, offers

MOST_CONDITIONS = 20
SERVED = frozenset(MissionState) - {MissionState.WITHDRAWN, MissionState.REJECTED, MissionState.ENDED_NOT_MET,
                                    MissionState.ACHIEVED}  # fmt: skip


class StaleOffer(Conflict):
    sentence: ClassVar[str] = N_(
        "A colleague changed this offer while you were editing. Your text is below; reload to see theirs first."
    )


class NotToChoose(NotAcceptable):
    sentence: ClassVar[str] = N_("Choose one of the missions, calls and committees that are listed.")


class ToldBeforehand(Conflict):
    sentence: ClassVar[str] = N_(
        "Whether it is told what is declined, and why, was said when the call was published. It cannot be changed now."
    )


class TicketsDoNotFit(NotAcceptable):
    sentence: ClassVar[str] = N_(
        "The most one may ask for is at least the least, and no more than the budget."
    )


class TooManyConditions(NotAcceptable):
    sentence: ClassVar[str] = N_("A call has at most twenty conditions.")


@dataclass(frozen=True)
class OfferText:
    """The first part of an offer as its form holds it."""

    instrument: Instrument | None
    mission_id: UUID | None
    challenge: str
    follows_call_id: UUID | None
    is_for_roadmaps: bool
    budget: Decimal | None
    currency: str
    ticket_least: Decimal | None
    ticket_most: Decimal | None
    panel_id: UUID | None
    reviews_wanted: int
    is_blind: bool
    tells_declined: bool
    tells_notes: bool = False


@dataclass(frozen=True)
class Choices:
    """What an agency may choose from: missions it can serve, calls that went before, committees that may judge."""

    missions: list[Mission]
    calls: list[Call]
    panels: list[Committee]


def choices(session: Session, call: Call) -> Choices:
    """Public missions of any agency, and while it is a draft the own ones; earlier calls; the agency's committees."""
    known: ColumnElement[bool] = col(Call.state).in_(PUBLIC_CALL_STATES)
    if call.state is CallState.DRAFT:
        known = known | (col(Call.organisation_id) == call.organisation_id)
    home = select(Call.id).where(known)
    served = select(Mission).where(col(Mission.call_id).in_(home), col(Mission.state).in_(SERVED))
    before = select(Call).where(
        Call.kind == CallKind.INNOVATION, Call.id != call.id, col(Call.state).in_(PUBLIC_CALL_STATES),
        Call.state != CallState.CANCELLED,
        Call.created_at < call.created_at,  # what follows one another never turns in a circle
    )  # fmt: skip
    panels = select(Committee).where(Committee.organisation_id == call.organisation_id)
    return Choices(
        list(session.exec(served.order_by(Mission.title))),
        list(session.exec(before.order_by(Call.title))),
        list(session.exec(panels.order_by(Committee.name))),
    )


def held(session: Session, call: Call, version: int) -> Offer:
    """The offer, locked, if the call may still be edited and nobody changed it since its form was opened."""
    session.refresh(call, with_for_update=True)
    phases.require(Act.EDIT, call_phase(call), times_of(call))
    offer = offers.offer_of(session, call)
    session.refresh(offer, with_for_update=True)
    if offer.version != version:
        raise StaleOffer()
    return offer


def kept(session: Session, offer: Offer, part: str, by: UUID, **facts: Any) -> None:
    """Count the version, and write the one event of the act; what is published stays whole."""
    offer.version += 1
    session.flush()
    call = session.get_one(Call, offer.call_id)
    if call.state is not CallState.DRAFT:
        offers.require_complete(session, call)
    events.record(
        session, "offer_edited", SubjectKind.CALL, offer.call_id, by=by, part=part, version=offer.version, **facts
    )  # fmt: skip


def edit(session: Session, call: Call, text: OfferText, version: int, by: UUID) -> None:
    offer = held(session, call, version)
    if call.state is not CallState.DRAFT and text.tells_declined != offer.tells_declined:
        raise ToldBeforehand()
    require_choice(session, call, text)
    require_tickets(text)
    for name, value in asdict(text).items():
        setattr(offer, name, value)
    kept(session, offer, "offer", by)


def require_choice(session: Session, call: Call, text: OfferText) -> None:
    """What is chosen is among what was listed; what stood there before may stay."""
    offer, listed = offers.offer_of(session, call), choices(session, call)
    for chosen, standing, among in (
        (text.mission_id, offer.mission_id, listed.missions),
        (text.follows_call_id, offer.follows_call_id, listed.calls),
        (text.panel_id, offer.panel_id, listed.panels),
    ):
        if chosen not in (None, standing) and chosen not in {each.id for each in among}:
            raise NotToChoose()


def require_tickets(text: OfferText) -> None:
    least, most = text.ticket_least, text.ticket_most
    if (least is None) is not (most is None):
        raise TicketsDoNotFit()
    if (
        least is not None
        and most is not None
        and (least > most or (text.budget is not None and most > text.budget))
    ):
        raise TicketsDoNotFit()


def set_eligibility(session: Session, call: Call, wanted: Sequence[Rule], version: int, by: UUID) -> None:
    offer = held(session, call, version)
    offer.eligibility = [eligibility.require(each).as_facts() for each in wanted]
    kept(session, offer, "eligibility", by)


def set_criteria(session: Session, call: Call, wanted: Sequence[Criterion], version: int, by: UUID) -> None:
    """The questions of the form, in their order; a criterion keeps its id, so that drafts keep their answers."""
    offer = held(session, call, version)
    offer.criteria = rules.kept_criteria(wanted)
    kept(session, offer, "criteria", by)


def set_stages(session: Session, call: Call, wanted: Sequence[Stage], version: int, by: UUID) -> None:
    offer = held(session, call, version)
    offer.stages = rules.kept_stages(wanted)
    kept(session, offer, "stages", by)


def set_terms(session: Session, call: Call, text: str, version: int, by: UUID) -> OfferTerms:
    """A new version of the terms; the same words again are the same version."""
    offer = held(session, call, version)
    before = latest_terms(session, call.id)
    if before is not None and before.text == text:
        return before
    number = before.number + 1 if before else 1
    made = OfferTerms(call_id=call.id, number=number, text=text, text_hash=terms_hash(text))
    session.add(made)
    kept(session, offer, "terms", by, number=number, text_hash=made.text_hash)
    return made


def terms_hash(text: str) -> str:
    """Of the words alone: they are public for good, and whoever accepted them can compare."""
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class ConditionText:
    """One condition that every contract of the call starts from."""

    kind: ConditionKind
    clause: str
    parameter: str = ""
    due: date | None = None
    test: dict[str, Any] | None = None


def add_condition(session: Session, call: Call, text: ConditionText, version: int, by: UUID) -> Condition:
    offer = held(session, call, version)
    if len(conditions_of(session, call.id)) >= MOST_CONDITIONS:
        raise TooManyConditions()
    made = Condition(call_id=call.id, kind=text.kind, due=text.due)
    session.add(made)
    session.flush()
    session.add(
        ConditionVersion(
            condition_id=made.id, number=1, clause=text.clause, parameter=text.parameter, test=text.test or {},
            due=text.due, by_id=by,
        )
    )  # fmt: skip
    kept(session, offer, "conditions", by)
    return made


def remove_condition(session: Session, call: Call, condition: Condition, version: int, by: UUID) -> None:
    offer = held(session, call, version)
    session.delete(condition)
    kept(session, offer, "conditions", by)


def conditions_of(session: Session, call_id: UUID) -> list[tuple[Condition, ConditionVersion]]:
    """What public money is given for in every contract of the call, each in its present words."""
    query = (
        select(Condition, ConditionVersion)
        .join(ConditionVersion, col(ConditionVersion.condition_id) == Condition.id)
        .where(Condition.call_id == call_id, ConditionVersion.number == Condition.version)
        .order_by(col(Condition.created_at), col(Condition.id))
    )
    return list(session.exec(query).all())
