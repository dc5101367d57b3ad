"""Asking whether somebody may do something: of `policy`, by routers, templates and services alike."""

from sqlmodel import Session

from app.conditions import asking, panel, taking_part
from app.conditions import named as c
from app.conditions.asking import Ask, Condition
from app.errors import Forbidden, NotFound
from app.models.decision import Decision
from app.policy import POLICY as POLICY
from app.policy import Permission as Permission
from app.rules.phases import Act, PhaseForbids, allows, require, when_possible
from app.rules.words import N_
from app.viewer import Viewer


class SignInNeeded(Forbidden):
    """The router's handler turns this into a way to sign in that comes back here."""

    sentence = N_("Please sign in first. What you wrote is kept.")


class SayFirst(Forbidden):
    """Who sits in the committee is asked at first sight; the router's handler turns this into the question itself."""

    sentence = N_("Say first whether something ties you to this item: you are asked once, before you see it.")

    def __init__(self, asked_at: str) -> None:
        super().__init__()
        self.asked_at = asked_at


class NotYours(Forbidden):
    sentence = "%(sentence)s"


def unmet(
    session: Session, viewer: Viewer, permission: Permission, subject: object = None
) -> Condition | None:
    """The first condition that does not hold, or None when the act is allowed."""
    ask = Ask(session, viewer, subject)
    return next((condition for condition in POLICY[permission] if not condition.holds(ask)), None)


def can(session: Session, viewer: Viewer, permission: Permission, subject: object = None) -> bool:
    return unmet(session, viewer, permission, subject) is None


def demand(session: Session, viewer: Viewer, permission: Permission, subject: object = None) -> None:
    """Refuse with the sentence of the first unmet condition; what may not be known of is not found."""
    missing = unmet(session, viewer, permission, subject)
    if missing is None:
        return
    if missing.hides:
        raise NotFound()
    if missing.wants_sign_in:
        raise SignInNeeded()
    if missing.name.startswith("during "):
        refuse_phase(session, subject, Act(missing.name.removeprefix("during ")))
    if missing in (c.HAS_SAID, panel.HAS_SAID):
        raise SayFirst(taking_part.asked_at(session, subject))
    raise NotYours(sentence=missing.sentence)


def refuse_phase(session: Session, subject: object, act: Act) -> None:
    """Say which phase it is and when the act is possible."""
    if isinstance(subject, Decision):
        state = asking.decision_phase(subject)
        if not allows(act, state):
            raise PhaseForbids(phase=state, possible=when_possible(act))
    call = asking.call_of(session, subject)
    if call is not None:
        require(act, asking.call_phase(call), asking.times_of(call))
