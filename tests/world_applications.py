"""Applications of the small town: a draft and a submitted one to a call that is open, each with a marked word."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlmodel import Session

from app.models.application import Teammate, teammates_of
from app.models.call import Call
from app.models.columns import now
from app.rules.words import ApplicationState, CallKind, CallState, StakeholderGroup
from app.services import (
    applications_save,
    applications_send,
    interests_items,
    panel,
    panel_asking,
    panel_reviews,
    pledges,
)
from tests import applied
from tests.applied import Offered
from tests.factories import make_call
from tests.judged import answers
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


def judged(session: Session, world: "World") -> None:
    """A blind call in review: alice is asked to review, her panel reads it, and only the agency knows who applies."""
    agency, committee = world.records["agency"], world.records["committee"]
    call = make_call(
        session, agency, kind=CallKind.INNOVATION, title="Water for the high valley", languages=["en", "es"],
        question="Who brings water up?", brief="Write freely.", closes_at=now() + timedelta(days=1),
    )  # fmt: skip
    offered = offered_by(session, call, world)
    offered.offer.is_blind, offered.offer.panel_id = True, committee.id
    _firm, lead = applied.make_applicant(session, "xqblindfirm")
    application = offered.submitted(
        lead, title="xqjudgedapplication by xqblindfirm", summary="xqjudgedapplication of xqblindfirm " * 2
    )
    # Nobody of the cast stands behind it.
    late = offered.submitted(applied.make_applicant(session, "xqlatefirm")[1], title="xquncheckedapplication")
    call.closes_at = now() - timedelta(hours=1)
    session.flush()
    carol = world.people["carol"].id
    panel.check(session, application, ApplicationState.IN_REVIEW, "", carol)
    call.state = CallState.REVIEW
    session.flush()
    seats = [(application.id, world.records[f"seat_{name}"].id) for name in ("alice", "paula")]
    asked = panel_asking.ask(session, call, seats, now() + timedelta(days=9), carol)
    for name in ("alice", "chair", "paula"):
        interests_items.say(session, application, world.people[name].id, interests_items.Said())
    told = {**answers(words="xqpanelreview says how"), "overall": ""}
    mine = next(each for each in asked if each.seat_id == world.records["seat_paula"].id)
    panel_reviews.file(session, mine, told, 1, world.people["paula"].id)
    world.calls["judged"] = call
    world.records |= {"judged_application": application, "unchecked_application": late}
