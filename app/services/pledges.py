"""Pledges: an organisation says in public what it will do for a mission and by when; delivery stands beside it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.errors import Conflict, NotAcceptable, NotFound
from app.models.columns import now
from app.models.mission import Mission
from app.models.organisation import Organisation, names_of
from app.models.person import Person
from app.models.pledge import Pledge, PledgeDelivery, pledges_for
from app.models.statement import Statement
from app.rules.words import N_, MissionState, StatementKind, StatementState, SubjectKind
from app.services import events, organisations, spoken, statements

TAKING = frozenset(MissionState) - {
    MissionState.REJECTED, MissionState.WITHDRAWN, MissionState.ACHIEVED, MissionState.ENDED_NOT_MET,
}  # fmt: skip


class Standing(StrEnum):
    """Always computed when read."""

    PROMISED = auto()
    KEPT = auto()
    KEPT_LATE = auto()
    NOT_KEPT = auto()
    WITHDRAWN = auto()
    HIDDEN = auto()


WORDS = {
    Standing.PROMISED: N_("Promised"),
    Standing.KEPT: N_("Kept"),
    Standing.KEPT_LATE: N_("Kept, after its date"),
    Standing.NOT_KEPT: N_("Not kept by its date"),
    Standing.WITHDRAWN: N_("Withdrawn by the organisation"),
    Standing.HIDDEN: N_("Hidden by moderators"),
}


class NoPledges(Conflict):
    sentence: ClassVar[str] = N_("This mission is over, so it takes no pledges any more.")


class DateNotAhead(NotAcceptable):
    sentence: ClassVar[str] = N_("A pledge is for a day that is still ahead.")


class DeliveredBefore(Conflict):
    sentence: ClassVar[str] = N_("It is said already that this pledge was kept.")


class NotYet(NotAcceptable):
    sentence: ClassVar[str] = N_("What will be delivered later was not delivered yet.")


@dataclass(frozen=True)
class Pledged:
    """What is said, by whom, until when, and whether it was done."""

    pledge: Pledge
    statement: Statement
    delivery: PledgeDelivery | None
    organisation: str
    standing: Standing

    @property
    def words(self) -> str:
        return WORDS[self.standing]


def standing(due: date, delivered_on: date | None, today: date) -> Standing:
    """A pledge whose day passed without delivery is listed as such, without anybody's click."""
    if delivered_on is not None:
        return Standing.KEPT if delivered_on <= due else Standing.KEPT_LATE
    return Standing.NOT_KEPT if today > due else Standing.PROMISED


def listed(session: Session, mission_id: UUID) -> list[Pledged]:
    found, today = pledges_for(session, mission_id), now().date()
    names = names_of(session, {pledge.organisation_id for pledge, _words, _done in found})
    return [
        Pledged(pledge, words, done, names[pledge.organisation_id], stands(pledge, words, done, today))
        for pledge, words, done in found
    ]


def stands(pledge: Pledge, words: Statement, done: PledgeDelivery | None, today: date) -> Standing:
    """Words that are gone take no date with them: that there was a pledge, and whose, stays."""
    if words.state is not StatementState.VISIBLE:
        return Standing.WITHDRAWN if words.state is StatementState.WITHDRAWN else Standing.HIDDEN
    return standing(pledge.due, done.delivered_on if done else None, today)


def make(
    session: Session, mission: Mission, person: Person, text: str, due: date, proof: str, form_key: str
) -> Statement:
    """Pledge something for the organisation one speaks for; the same form twice is one pledge."""
    organisation = organisations.spoken_for(session, person)
    if organisation is None:
        raise NotFound()
    key = statements.keyed("pledge", str(person.id), form_key)
    if (known := statements.with_key(session, key)) is not None:
        return known
    session.refresh(mission, with_for_update={"read": True})
    if mission.state not in TAKING:
        raise NoPledges()
    if due <= now().date():
        raise DateNotAhead()
    made = Statement(
        kind=StatementKind.PLEDGE, subject_kind=SubjectKind.MISSION, subject_id=mission.id, author_id=person.id,
        group=organisation.group, text=text, form_key=key,
    )  # fmt: skip
    kept = spoken.keep(session, made, "pledge_made", person.id, organisation=organisation.id)
    if kept is made:
        session.add(
            Pledge(
                statement_id=made.id,
                mission_id=mission.id,
                organisation_id=organisation.id,
                due=due,
                proof=proof,
            )
        )
        session.flush()
    return kept


def deliver(
    session: Session, mission: Mission, pledge_id: UUID, person: Person, delivered_on: date, evidence: str
) -> PledgeDelivery:
    """Somebody of the organisation says that it was done, once, with what shows it."""
    pledge = session.get(Pledge, pledge_id)
    own: Organisation | None = organisations.spoken_for(session, person)
    if pledge is None or pledge.mission_id != mission.id or own is None or own.id != pledge.organisation_id:
        raise NotFound()
    if session.get_one(Statement, pledge.statement_id).state is not StatementState.VISIBLE:
        raise NotFound()
    if delivered_on > now().date():
        raise NotYet()
    if session.get(PledgeDelivery, pledge.statement_id) is not None:
        raise DeliveredBefore()
    made = PledgeDelivery(
        pledge_id=pledge.statement_id, delivered_on=delivered_on, evidence=evidence, by_id=person.id
    )
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError as problem:
        raise DeliveredBefore() from problem
    events.record(
        session, "pledge_delivered", SubjectKind.STATEMENT, pledge.statement_id, by=person.id,
        mission=mission.id, organisation=own.id,
    )  # fmt: skip
    return made
