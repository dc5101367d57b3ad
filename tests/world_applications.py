"""Applications of the small town: a draft and a submitted one to a call that is open, each with a marked word."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlmodel import Session

from app.models.application import Teammate, teammates_of
from app.models.call import Call
from app.models.columns import now
from app.rules.words import CallKind, StakeholderGroup
from app.services import applications_save, applications_send, pledges
from tests import applied
from tests.applied import Offered
from tests.factories import make_call
from tests.people import make_organisation, make_person

if TYPE_CHECKING:
    from tests.world import World


def applied_for(session: Session, world: "World") -> None:
    """Dave and his teammate write; the agency and everyone else find nothing before the deadline."""
    agency = world.records["agency"]
    call = make_call(
        session, agency, kind=CallKind.INNOVATION, title="Light for the valley", languages=["en", "es"],
        question="Who brings light at night?", brief="Write freely.", closes_at=now() + timedelta(days=10),
    )  # fmt: skip
    firm = make_organisation(session, "Sun Works", group=StakeholderGroup.PRIVATE)
    dave, mate = world.people["dave"], make_person(session, "Tina Mate")
    dave.organisation_id = firm.id
    offered = offered_by(session, call, world)
    first = offered.written(dave, title="xqsubmittedapplication", summary="xqsubmittedapplication " * 2)
    session.add(Teammate(application_id=first.id, person_id=mate.id, joined_at=now()))
    applied.send(offered, first, dave)
    draft = offered.begun(dave)
    applications_save.save_whole(
        session, draft, applied.form(title="xqdraftapplication"), draft.version, dave.id
    )
    withdrawn_one(session, offered)
    mission = next(iter(world.missions.values()))
    due = now().date() + timedelta(days=30)
    pledge = pledges.make(
        session, mission, dave, "We bring light to forty streets.", due, "Count them.", uuid4().hex
    )
    world.people["tina"] = mate
    world.calls["offer"] = call
    world.records |= {
        "application": first, "draft_application": draft, "pledge": pledge,
        "teammate": teammates_of(session, first.id)[1],
    }  # fmt: skip


def offered_by(session: Session, call: Call, world: "World") -> Offered:
    mission = next(iter(world.missions.values()))
    offer, terms = applied.make_offer_of(session, call, mission_id=mission.id)
    return Offered(
        session, world.records["agency"], world.people["carol"], call, offer, terms, world.records["agency"],
        world.people["dave"],
    )  # fmt: skip


def withdrawn_one(session: Session, offered: Offered) -> None:
    _firm, lead = applied.make_applicant(session, "Moon Works")
    gone = offered.submitted(lead, title="xqwithdrawnapplication")
    applications_send.withdraw(session, gone, lead.id)
