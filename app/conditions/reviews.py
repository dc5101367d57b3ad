"""Conditions on reviews: who is asked, who chairs, and whose a mission is."""

from sqlmodel import select

from app.conditions.asking import Ask, Condition, sits_as
from app.models.committee import Committee
from app.models.mission import Mission
from app.models.review import Review, ReviewRound
from app.models.review_rounds import is_own, stepped_aside
from app.rules.words import N_, Role

CHAIRS = (Role.CHAIR, Role.DEPUTY)


def is_reviewer(ask: Ask) -> bool:
    return isinstance(ask.subject, Review) and any(
        seat.id == ask.subject.seat_id for seat in ask.viewer.seats
    )


def has_not_stepped_aside(ask: Ask) -> bool:
    asked = ask.session.get_one(ReviewRound, ask.subject.round_id)
    return ask.subject.seat_id not in stepped_aside(ask.session, asked.mission_id)


def is_not_own_mission(ask: Ask) -> bool:
    """Nobody reviews what they, or their organisation, brought: the mission, a route, a voice behind its words."""
    asked = ask.session.get_one(ReviewRound, ask.subject.round_id)
    mission = ask.session.get_one(Mission, asked.mission_id)
    return ask.viewer.person is not None and not is_own(ask.session, mission, ask.viewer.person)


def chairs_for(ask: Ask) -> bool:
    """Whether the viewer chairs a committee that decides on this mission."""
    chaired = {seat.scope_id for seat in ask.viewer.seats if seat.role in CHAIRS}
    query = select(Committee.id).where(Committee.organisation_id == ask.subject.organisation_id)
    return bool(chaired) and any(each in chaired for each in ask.session.exec(query))


CHAIR_FOR_MISSION = Condition(
    "chairs a committee that decides on it",
    chairs_for,
    N_("Only the chair of the committee that decides on this mission, or the deputy, can do this."),
)
IN_COMMITTEE = Condition(
    "takes part in the committee",
    lambda a: sits_as(a, Role.MEMBER, Role.ALTERNATE, *CHAIRS),
    N_("Only members of this committee can do this."),
)
REVIEWER = Condition(
    "is asked for this review", is_reviewer, N_("There is nothing at this address."), hides=True
)
NOT_ASIDE = Condition(
    "has not stepped aside from the mission", has_not_stepped_aside, N_("You stepped aside from this item.")
)
NOT_OWN_MISSION = Condition(
    "it is not their own mission",
    is_not_own_mission,
    N_("Nobody reviews what they or their organisation brought into a mission."),
)
