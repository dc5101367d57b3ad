"""Named conditions: each a question on who asks, about what, in which phase, with its sentence when unmet."""

from app.conditions.asking import (
    Ask,
    Condition,
    call_of,
    call_phase,
    decision_phase,
    facilitates,
    is_author,
    sits_as,
    stewards,
)
from app.conditions.seeing import may_read_words, may_see
from app.conditions.taking_part import (
    behind_closed_doors,
    has_said,
    is_in_electorate,
    is_listed,
    is_not_recused,
    is_outside,
    may_read_minutes,
    sits_on_item,
)
from app.models.decision import Decision
from app.rules import phases
from app.rules.phases import Act
from app.rules.words import (
    N_,
    CallKind,
    Role,
    ScopeKind,
)


def is_not_own_item(ask: Ask) -> bool:
    """Nobody decides on what they, or their organisation, submitted; a statement is its author's own alone."""
    if ask.viewer.person is None:
        return False
    own_organisation = ask.viewer.person.organisation_id
    said_for = getattr(ask.subject, "organisation_id", None)
    return ask.subject.author_id != ask.viewer.id and (
        own_organisation is None or said_for != own_organisation
    )


def consults(ask: Ask) -> bool:
    """Whether the subject belongs to a consultation; an innovation call has no voices, groups or map."""
    call = call_of(ask.session, ask.subject)
    return call is None or call.kind is CallKind.CONSULTATION


SIGNED_IN = Condition(
    "signed in", lambda a: a.viewer.is_signed_in, N_("Please sign in first."), wants_sign_in=True
)
CONSULTS = Condition(
    "asks for voices",
    consults,
    N_("This is an innovation call: it asks for applications, not for voices."),
)
CONSULTATION = Condition("is a consultation", consults, N_("There is nothing at this address."), hides=True)
OFFERS = Condition(
    "is an innovation call", lambda a: not consults(a), N_("There is nothing at this address."), hides=True
)
CONFIRMED = Condition(
    "address confirmed",
    lambda a: a.viewer.is_confirmed,
    N_("Please confirm your e-mail address first: we sent you a link."),
)
VISIBLE = Condition("may know of it", may_see, N_("There is nothing at this address."), hides=True)
READABLE = Condition(
    "may read the words", may_read_words, N_("There is nothing at this address."), hides=True
)
AUTHOR = Condition("is the author", is_author, N_("Only the author can do this."))
FACILITATOR = Condition(
    "is a facilitator of the agency that asks",
    facilitates,
    N_("Only facilitators of the agency that asks can do this."),
)
STEWARD = Condition(
    "answers for the mission",
    stewards,
    N_("Only the steward of this mission, or a facilitator of its agency, can do this."),
)
ANY_FACILITATOR = Condition(
    "is a facilitator",
    lambda a: a.viewer.holds_anywhere(Role.FACILITATOR),
    N_("Only facilitators can do this."),
)
ADMIN_OR_ANY_FACILITATOR = Condition(
    "is an administrator or a facilitator",
    lambda a: a.viewer.holds(Role.ADMIN, ScopeKind.PLATFORM) or a.viewer.holds_anywhere(Role.FACILITATOR),
    N_("Only administrators and facilitators can do this."),
)
ADMIN = Condition(
    "is an administrator",
    lambda a: a.viewer.holds(Role.ADMIN, ScopeKind.PLATFORM),
    N_("Only administrators can do this."),
)
ADMIN_OR_FACILITATOR = Condition(
    "is an administrator or a facilitator of the agency",
    lambda a: a.viewer.holds(Role.ADMIN, ScopeKind.PLATFORM) or facilitates(a),
    N_("Only administrators and facilitators of the agency can do this."),
)
CHAIR = Condition(
    "chairs the committee",
    lambda a: sits_as(a, Role.CHAIR, Role.DEPUTY),
    N_("Only the chair of this committee, or the deputy, can do this."),
)
SECRETARY = Condition(
    "is the secretary",
    lambda a: sits_as(a, Role.SECRETARY),
    N_("Only the secretary of this committee can do this."),
)
CLOSED_DOOR = Condition(
    "takes part behind closed doors",
    lambda a: bool(behind_closed_doors(a)),
    N_("There is nothing at this address."),
    hides=True,
)
MINUTES = Condition(
    "may read the minutes", may_read_minutes, N_("There is nothing at this address."), hides=True
)
SEATED = Condition(
    "holds a seat in the committee",
    lambda a: sits_as(a, Role.MEMBER, Role.ALTERNATE),
    N_("Only members of this committee can do this."),
)
VOTING_MEMBER = Condition(
    "is a voting member of the committee",
    lambda a: sits_as(a, Role.MEMBER),
    N_("Only voting members of this committee can do this."),
)
IN_ELECTORATE = Condition(
    "has a vote in it", is_in_electorate, N_("Only the seats on the list of voters can vote on this.")
)
ELECTOR = Condition(
    "could vote on it", is_in_electorate, N_("Only the seats that could vote on this can do this.")
)
LISTED = Condition(
    "is on the list of voters", is_listed, N_("Only the seats on the list of voters can do this.")
)
OUTSIDE = Condition(
    "holds an office outside of it",
    is_outside,
    N_(
        "Only an administrator, or a facilitator of another agency, who has no seat in the committee, can do this."
    ),
)
NOT_RECUSED = Condition("has not stepped aside", is_not_recused, N_("You stepped aside from this item."))
SEATED_ON_ITEM = Condition(
    "sits in a committee before which the item is",
    sits_on_item,
    N_("Only those who sit in the committee can do this."),
)
CHAIRS_ITEM = Condition(
    "chairs a committee before which the item is",
    lambda a: sits_on_item(a, Role.CHAIR, Role.DEPUTY),
    N_("Only the chair of this committee, or the deputy, can do this."),
)
OFFICES_ON_ITEM = Condition(
    "holds an office of a committee before which the item is",
    lambda a: sits_on_item(a, Role.CHAIR, Role.DEPUTY, Role.SECRETARY),
    N_("Only the chair, the deputy and the secretary of this committee can do this."),
)
HAS_SAID = Condition(
    "has said what ties them to it",
    has_said,
    N_("Say first whether something ties you to this item: you are asked once, before you see it."),
)
NOT_OWN = Condition(
    "it is not their own",
    is_not_own_item,
    N_("Nobody decides on what they or their organisation submitted."),
)


def during(act: Act) -> Condition:
    """The phase of the call, or of the decision, allows the act."""

    def holds(ask: Ask) -> bool:
        if isinstance(ask.subject, Decision):
            return phases.allows(act, decision_phase(ask.subject, ask.at))
        call = call_of(ask.session, ask.subject)
        return call is not None and phases.allows(act, call_phase(call, ask.at))

    return Condition(f"during {act.value}", holds, N_("This is not possible in the present phase."))
