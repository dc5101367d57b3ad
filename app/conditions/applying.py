"""Who may know of an application, read it, and act on it: its team; others once the call has closed, never before."""

from app.conditions.asking import Ask, Condition, call_of, call_phase, facilitates
from app.models.application import Application, Teammate, teammate_of
from app.models.call import Call
from app.models.offer import offer_of
from app.rules.words import N_, ApplicationState, CallKind, CallState, Instrument, Role

# Nobody outside of the team ever learns of these, whatever the phase.
TEAMS_OWN = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
UNSEALED = (
    CallState.ELIGIBILITY,
    CallState.REVIEW,
    CallState.DECISION,
    CallState.ANSWERED,
    CallState.ARCHIVED,
)


def mate(ask: Ask) -> Teammate | None:
    """Only of an address that is proved: the letter went to its owner, whoever signed up with it first."""
    if not ask.viewer.is_confirmed:
        return None
    return teammate_of(ask.session, ask.subject.id, ask.viewer.id)


def is_unsealed(ask: Ask) -> bool:
    """Submitted, standing, and the deadline is over: what the agency may read."""
    application: Application = ask.subject
    call = call_of(ask.session, application)
    return application.state not in TEAMS_OWN and call is not None and call_phase(call, ask.at) in UNSEALED


def may_know(ask: Ask) -> bool:
    """Its team and whoever is invited to it; after the deadline the agency. To all others it does not exist."""
    return mate(ask) is not None or (is_unsealed(ask) and facilitates(ask))


def may_read(ask: Ask) -> bool:
    """Who is invited reads it once they have joined."""
    return is_in_team(ask) or (is_unsealed(ask) and facilitates(ask))


def is_in_team(ask: Ask) -> bool:
    found = mate(ask)
    return found is not None and found.joined_at is not None


def is_lead(ask: Ask) -> bool:
    found = mate(ask)
    return found is not None and found.role is Role.LEAD


def is_own(ask: Ask) -> bool:
    """Whether the viewer writes on it, or belongs to the organisation that applied."""
    person = ask.viewer.person
    if person is None:
        return False
    employer = person.organisation_id
    return mate(ask) is not None or (employer is not None and employer == ask.subject.organisation_id)


def chairs_panel(ask: Ask) -> bool:
    """The chair, or the deputy, of the committee that judges the applications to this call."""
    offer = offer_of(ask.session, ask.subject.id) if isinstance(ask.subject, Call) else None
    if offer is None or offer.panel_id is None:
        return False
    return any(seat.role in (Role.CHAIR, Role.DEPUTY) for seat in ask.viewer.seats_in(offer.panel_id))


def goes_on_in_stages(ask: Ask) -> bool:
    offer = offer_of(ask.session, ask.subject.id) if isinstance(ask.subject, Call) else None
    return offer is not None and offer.instrument is Instrument.CHALLENGE_PRIZE


def takes_applications(ask: Ask) -> bool:
    return isinstance(ask.subject, Call) and ask.subject.kind is CallKind.INNOVATION


HIDDEN = N_("There is nothing at this address.")
OFFERS = Condition("takes applications", takes_applications, HIDDEN, hides=True)
MAY_READ = Condition("may read the application", may_read, HIDDEN, hides=True)
INVITED = Condition("is invited to the team", lambda ask: mate(ask) is not None, HIDDEN, hides=True)
IN_STAGES = Condition(
    "goes on in stages", goes_on_in_stages, N_("Only a challenge prize goes on from stage to stage.")
)
IN_TEAM = Condition("is in the team", is_in_team, N_("Only the team of this application can do this."))
LEADS = Condition("leads the team", is_lead, N_("Only the lead of this application can do this."))
CHAIRS_PANEL = Condition(
    "chairs the panel of the call",
    chairs_panel,
    N_("Only the chair of this call's panel, or the deputy, can do this."),
)
NOT_OWN = Condition(
    "did not apply with it",
    lambda ask: not is_own(ask),
    N_("Nobody decides on what they or their organisation submitted."),
)
SPEAKS_FOR_ONE = Condition(
    "speaks for an organisation",
    lambda ask: (
        ask.viewer.person is not None
        and ask.viewer.person.organisation_id is not None
        and ask.viewer.person.is_vouched
    ),
    N_("Only somebody who speaks for an organisation can do this."),
)
