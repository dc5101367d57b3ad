"""Who may do what with applications after the deadline: the agency's facilitators and the panel of the call."""

from uuid import UUID

from sqlmodel import Session

from app.conditions.applying import HIDDEN, UNSEALED, is_in_team, is_unsealed
from app.conditions.asking import SEATED_ROLES, Ask, Condition, call_of, call_phase, facilitates
from app.conditions.taking_part import has_said
from app.models.application import Application
from app.models.call import Call
from app.models.offer import Offer, offer_of
from app.models.panel import Shut, panel_review_of, shut_out
from app.models.seat import Seat
from app.rules import disclosure
from app.rules.panel import PANELS
from app.rules.words import N_, ApplicationState, CallKind, Role

CHAIRS = (Role.CHAIR, Role.DEPUTY)
# Once it is on the shortlist its people are met, so that nothing is gained by hiding who they are.
BLINDFOLDED = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)


def offer_about(ask: Ask) -> Offer | None:
    call = call_of(ask.session, ask.subject)
    return offer_of(ask.session, call.id) if call is not None and call.kind is CallKind.INNOVATION else None


def seats_in_panel(ask: Ask) -> list[Seat]:
    """The viewer's seats in the panel of the call that is asked about."""
    offer = offer_about(ask) if ask.viewer.seats else None
    if offer is None or offer.panel_id is None:
        return []
    return [each for each in ask.viewer.seats_in(offer.panel_id) if each.role in SEATED_ROLES]


def shut(session: Session, application: Application, person_id: UUID) -> Shut:
    offer = offer_of(session, application.call_id)
    panel = offer.panel_id if offer else None
    return shut_out(session, panel, [application], [person_id])[application.id]


def reads_list(ask: Ask) -> bool:
    """Sealed until the deadline: then the agency's facilitators and the panel."""
    call = ask.subject
    if not isinstance(call, Call) or call.kind is not CallKind.INNOVATION:
        return False
    return call_phase(call, ask.at) in UNSEALED and (facilitates(ask) or bool(seats_in_panel(ask)))


def is_open_to(ask: Ask) -> bool:
    """The agency from the deadline on, the panel once it is found eligible; nobody with their own, nobody aside."""
    if ask.viewer.id is None or not is_unsealed(ask):
        return False
    if not facilitates(ask) and not (ask.subject.state in PANELS and seats_in_panel(ask)):
        return False
    return ask.viewer.id not in shut(ask.session, ask.subject, ask.viewer.id).from_reading


def is_known_to_panel(ask: Ask) -> bool:
    """Who sits in the panel is asked what ties them to it, and may say so also after stepping aside."""
    if ask.viewer.id is None or not is_unsealed(ask) or ask.subject.state not in PANELS:
        return False
    return (
        bool(seats_in_panel(ask)) and ask.viewer.id not in shut(ask.session, ask.subject, ask.viewer.id).own
    )


def has_said_or_has_no_seat(ask: Ask) -> bool:
    return not seats_in_panel(ask) or has_said(ask)


def sees_names(ask: Ask) -> bool:
    """Whether who applies is shown: in a blind call to the panel only after its reviews are done."""
    offer = offer_about(ask)
    if facilitates(ask) or offer is None or not offer.is_blind:
        return True
    return ask.subject.state not in BLINDFOLDED


def reads_whole(ask: Ask) -> bool:
    """With its files: the team; later the agency and the panel, but no blind one, for files say who made them."""
    call = call_of(ask.session, ask.subject)
    if is_in_team(ask) and call is not None and disclosure.shows_call(call.state):
        return True
    return is_open_to(ask) and has_said_or_has_no_seat(ask) and sees_names(ask)


def leads_panel(ask: Ask) -> bool:
    return facilitates(ask) or any(each.role in CHAIRS for each in seats_in_panel(ask))


def is_asked(ask: Ask) -> bool:
    seats = {each.id for each in seats_in_panel(ask)}
    return panel_review_of(ask.session, ask.subject.id, seats) is not None


def may_review(ask: Ask) -> bool:
    assert ask.viewer.id is not None
    return ask.viewer.id not in shut(ask.session, ask.subject, ask.viewer.id).from_reviewing


READS_LIST = Condition("reads the applications", reads_list, HIDDEN, hides=True)
OPEN_TO = Condition("it is open to them", is_open_to, HIDDEN, hides=True)
KNOWN = Condition("the panel knows of it", is_known_to_panel, HIDDEN, hides=True)
HAS_SAID = Condition(
    "has said what ties them to it",
    has_said_or_has_no_seat,
    N_("Say first whether something ties you to this item: you are asked once, before you see it."),
)
READS_WHOLE = Condition("may read it with its files", reads_whole, HIDDEN, hides=True)
LEADS = Condition(
    "leads the panel",
    leads_panel,
    N_("Only the chair of the panel, the deputy, or a facilitator of the agency can do this."),
)
CHAIRS_PANEL = Condition(
    "chairs the panel",
    lambda ask: any(each.role in CHAIRS for each in seats_in_panel(ask)),
    N_("Only the chair of the panel or the deputy can do this."),
)
ASKED = Condition("is asked to review it", is_asked, HIDDEN, hides=True)
FIT = Condition(
    "may review it",
    may_review,
    N_("An interest of yours in this application waits for the chair: until then you do not review it."),
)
