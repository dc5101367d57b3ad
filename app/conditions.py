"""Named conditions: each a question on who asks, about what, in which phase, with its sentence when unmet."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel

from app.models.absence import away, holders_of
from app.models.call import Call
from app.models.cluster import Cluster
from app.models.columns import now
from app.models.committee import Committee, committees_of, interests_in, said_by
from app.models.decision import Decision, decisions_on, missions_about
from app.models.grouping import Grouping
from app.models.mission import Mission, Project
from app.models.organisation import Organisation
from app.models.review import Review, ReviewRound
from app.models.review_rounds import may_read
from app.models.seat import Seat
from app.models.statement import Statement
from app.models.submission import Submission
from app.rules import decisions as decision_rules
from app.rules import disclosure, phases
from app.rules.phases import Act, CallTimes
from app.rules.voting import electorate
from app.rules.voting.electorate import Voter
from app.rules.words import (
    N_,
    CallState,
    DecisionState,
    Role,
    ScopeKind,
    SubjectKind,
)
from app.viewer import Viewer

ABOUT: dict[SubjectKind, type[SQLModel]] = {
    SubjectKind.SUBMISSION: Submission,
    SubjectKind.MISSION: Mission,
    SubjectKind.DECISION: Decision,
    SubjectKind.STATEMENT: Statement,
}
SEATED_ROLES = (Role.MEMBER, Role.ALTERNATE, Role.CHAIR, Role.DEPUTY, Role.SECRETARY)


@dataclass(frozen=True)
class Ask:
    """One question: may this viewer do this to this subject at this instant?"""

    session: Session
    viewer: Viewer
    subject: Any = None
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Condition:
    """`hides` marks the conditions whose failing is a 404: the asker may not know that the subject exists."""

    name: str
    holds: Callable[[Ask], bool]
    sentence: str
    hides: bool = False
    wants_sign_in: bool = False


def call_of(session: Session, subject: object) -> Call | None:
    """The call that a subject belongs to, if any."""
    if isinstance(subject, Call):
        return subject
    if isinstance(subject, (Submission, Grouping, Cluster, Mission)):
        return session.get(Call, subject.call_id)
    if isinstance(subject, (Project, ReviewRound)):
        return call_of(session, session.get(Mission, subject.mission_id))
    if isinstance(subject, Statement):
        return call_of(session, about(session, subject))
    if isinstance(subject, Review):
        return call_of(session, session.get(ReviewRound, subject.round_id))
    return None


def about(session: Session, statement: Statement) -> SQLModel | None:
    """What a statement is about: a voice, a mission, a decision, or another statement."""
    model = ABOUT.get(statement.subject_kind)
    return session.get(model, statement.subject_id) if model else None


def committee_of(session: Session, subject: object) -> Committee | None:
    if isinstance(subject, Committee):
        return subject
    if isinstance(subject, Statement):
        return committee_of(session, about(session, subject))
    if isinstance(subject, Review):
        return committee_of(session, session.get(ReviewRound, subject.round_id))
    if isinstance(subject, (Decision, ReviewRound)):
        return session.get(Committee, subject.committee_id)
    return None


def organisation_id_of(session: Session, subject: object) -> UUID | None:
    if isinstance(subject, Organisation):
        return subject.id
    owner: SQLModel | None = call_of(session, subject) or committee_of(session, subject)
    return getattr(owner, "organisation_id", None)


def times_of(call: Call) -> CallTimes:
    return CallTimes(call.opens_at, call.closes_at, call.sense_until, call.check_until, call.answer_due)


def call_phase(call: Call, at: datetime | None = None) -> CallState:
    """The phase a call is in at an instant: deadlines are enforced when read."""
    return phases.phase(times_of(call), call.state, at or now())


def decision_phase(decision: Decision, at: datetime | None = None) -> DecisionState:
    times = decision_rules.DecisionTimes(decision.opens_at, decision.closes_at)
    return decision_rules.phase(times, decision.state, at or now())


def author_id_of(subject: object) -> UUID | None:
    return subject.author_id if isinstance(subject, (Submission, Statement)) else None


def facilitates(ask: Ask) -> bool:
    organisation = organisation_id_of(ask.session, ask.subject)
    return organisation is not None and ask.viewer.holds(
        Role.FACILITATOR, ScopeKind.ORGANISATION, organisation
    )


def stewards(ask: Ask) -> bool:
    """Who answers for a mission: the steward of its agency, or a facilitator as long as it has none."""
    organisation = organisation_id_of(ask.session, ask.subject)
    is_steward = organisation is not None and ask.viewer.holds(
        Role.STEWARD, ScopeKind.ORGANISATION, organisation
    )
    return is_steward or facilitates(ask)


def sits_as(ask: Ask, *roles: Role) -> bool:
    committee = committee_of(ask.session, ask.subject)
    return committee is not None and any(seat.role in roles for seat in ask.viewer.seats_in(committee.id))


def may_see(ask: Ask) -> bool:
    """The one visibility predicate of every door, for every kind of subject.

    What belongs to a call that is still a draft is as unknown as the call, whatever its own state.
    """
    call = call_of(ask.session, ask.subject)
    if call is not None and not disclosure.shows_call(call.state) and not facilitates(ask):
        return False
    return is_shown(ask)


def is_shown(ask: Ask) -> bool:
    """Whether the subject's own state shows it to this viewer."""
    subject = ask.subject
    if isinstance(subject, Submission):
        return may_see_submission(ask, subject)
    if isinstance(subject, Grouping):
        return subject.state in disclosure.PUBLIC_GROUPING_STATES or facilitates(ask)
    if isinstance(subject, Cluster):
        grouping = ask.session.get(Grouping, subject.grouping_id)
        return (grouping is not None and grouping.state in disclosure.PUBLIC_GROUPING_STATES) or facilitates(
            ask
        )
    if isinstance(subject, Decision):
        return disclosure.shows_decision(subject.state) or sits_as(
            ask, Role.CHAIR, Role.DEPUTY, Role.SECRETARY
        )
    if isinstance(subject, Review):
        return may_read(ask.session, subject, {seat.id for seat in ask.viewer.seats}, ask.at)
    if isinstance(subject, Statement):
        shown = disclosure.shows_statement(subject.kind, subject.state)
        return shown or subject.author_id == ask.viewer.id is not None or facilitates(ask)
    return subject is not None


def may_see_submission(ask: Ask, submission: Submission) -> bool:
    """Everyone reads public words and tombstones; the author their own; a facilitator all but drafts."""
    if disclosure.shows_words(submission.state) or disclosure.shows_tombstone(submission.state):
        return True
    if is_author(ask) or (
        submission.author_id is None and submission.visitor_hash == ask.viewer.visitor_hash != ""
    ):
        return True
    return submission.state != "draft" and facilitates(ask)


def may_read_words(ask: Ask) -> bool:
    """Whether the words of a submission, not only its tombstone, may be read."""
    submission = ask.subject
    if disclosure.shows_words(submission.state):
        return True
    return submission.state != "withdrawn" and (
        is_author(ask) or (submission.state != "draft" and facilitates(ask))
    )


def is_author(ask: Ask) -> bool:
    return ask.viewer.id is not None and author_id_of(ask.subject) == ask.viewer.id


def is_in_electorate(ask: Ask) -> bool:
    return my_seat_in(ask.session, ask.viewer, ask.subject) is not None


def my_seat_in(session: Session, viewer: Viewer, decision: Decision) -> UUID | None:
    """The live seat this viewer votes with: their own if unrecused, or the recused one they are the alternate of."""
    if viewer.id is None:
        return None
    voter = next((each for each in voters_of(session, decision) if each.person_id == viewer.id), None)
    return voter.seat_id if voter and any(seat.id == voter.seat_id for seat in viewer.seats) else None


def voters_of(session: Session, decision: Decision, at: datetime | None = None) -> tuple[Voter, ...]:
    """Who holds a ballot now, or at an instant, after recusals and absences; once counted, who held one at the end."""
    frozen = electorate.from_facts(decision.electorate)
    recused = recused_seats(session, decision)
    return electorate.voters(frozen, recused, absent_seats(session, decision, recused, at))


def absent_seats(
    session: Session, decision: Decision, recused: Collection[UUID], at: datetime | None = None
) -> set[UUID]:
    """Seats whose ballot is with the alternate because the member is away, or was when the alternate cast it.

    Whoever of the two casts first keeps it; a member who comes back before that has it again.
    """
    if decision.closed_at is not None:
        return {UUID(each) for each in decision.absent}
    pairs = {
        each.seat_id: each.alternate_seat_id
        for each in electorate.from_facts(decision.electorate)
        if each.alternate_seat_id and each.seat_id not in recused
    }
    if not pairs:
        return set()
    at = min(at or now(), decision.closes_at or now())
    gone, held = away(session, [*pairs, *pairs.values()], at), holders_of(session, decision.id)
    return {
        seat
        for seat, alternate in pairs.items()
        if held.get(seat) == alternate or (seat not in held and seat in gone and alternate not in gone)
    }


def recused_seats(session: Session, decision: Decision) -> set[UUID]:
    """Seats that stepped aside from this decision or from an item that it is about, before it closed."""
    until = decision.closed_at or decision.closes_at
    found = interests_in(session, *said_of(session, decision))
    return {interest.seat_id for interest in found if interest.recuses(until)}


def said_of(session: Session, subject: object) -> list[UUID]:
    """What interests are declared in: the decision and the missions it is about, or the mission of anything else."""
    if isinstance(subject, Decision):
        return [subject.id, *missions_about(session, subject)]
    if isinstance(subject, Mission):
        return [subject.id]
    if isinstance(subject, Review):
        return [session.get_one(ReviewRound, subject.round_id).mission_id]
    mission = getattr(subject, "mission_id", None)
    return [mission] if mission else []


def asked_at(session: Session, subject: object) -> str:
    """Where one says what ties one to an item: on the page of its mission, or of a question about several or none."""
    if isinstance(subject, Decision) and subject.mission_id is None:
        return f"/decisions/{subject.id}/interest"
    return f"/missions/{said_of(session, subject)[-1]}/interest"


def recused_on(session: Session, subject: object) -> set[UUID]:
    """Seats that have stepped aside from an item, or from a decision about it."""
    if isinstance(subject, Decision):
        return recused_seats(session, subject)
    return {each.seat_id for each in interests_in(session, *said_of(session, subject)) if each.recuses()}


def is_not_recused(ask: Ask) -> bool:
    mine = {seat.id for seat in ask.viewer.seats}
    if not mine & recused_on(ask.session, ask.subject):
        return True
    return isinstance(ask.subject, Decision) and is_in_electorate(ask)


def committees_on(session: Session, subject: object) -> set[UUID]:
    """The committees before which an item is: a decision's own, or those of the mission's organisation."""
    if isinstance(subject, Committee):
        return {subject.id}
    if (committee := getattr(subject, "committee_id", None)) is not None:
        return {committee}
    mission = subject if isinstance(subject, Mission) else None
    return {each.id for each in committees_of(session, mission.organisation_id)} if mission else set()


def sits_on_item(ask: Ask, *roles: Role) -> bool:
    found = committees_on(ask.session, ask.subject) if ask.viewer.seats else set()
    seats = [seat for committee in found for seat in ask.viewer.seats_in(committee)]
    return any(seat.role in (roles or SEATED_ROLES) for seat in seats)


def has_said(ask: Ask) -> bool:
    """Whether this person was asked about the item, or about all items of the decision, and answered."""
    if ask.viewer.id is None:
        return False
    wanted = said_of(ask.session, ask.subject)
    said = said_by(ask.session, ask.viewer.id, wanted)
    if isinstance(ask.subject, Decision):
        missions = set(wanted) - {ask.subject.id}
        return ask.subject.id in said or (bool(missions) and missions <= said)
    return set(wanted) <= said


def recused_from_item(session: Session, mission_id: UUID) -> set[UUID]:
    """Seats that stand aside now from a mission before a committee, or from any decision about it."""
    subjects = [mission_id, *(each.id for each in decisions_on(session, mission_id))]
    return {each.seat_id for each in interests_in(session, *subjects) if each.recuses()}


def behind_closed_doors(ask: Ask) -> list[Seat]:
    """The seats with which somebody takes part in the closed discussion on a mission.

    Members and officers; an alternate where the seat it stands for stepped aside. Who stepped aside with any seat
    has left the room with all of them.
    """
    mission = ask.subject
    if not isinstance(mission, Mission) or not ask.viewer.seats:
        return []
    found = committees_on(ask.session, mission)
    mine = [seat for seat in ask.viewer.seats if seat.scope_id in found and seat.role in SEATED_ROLES]
    if not mine:
        return []
    recused = recused_from_item(ask.session, mission.id)
    if any(seat.id in recused for seat in ask.viewer.seats):
        return []
    return [seat for seat in mine if seat.role is not Role.ALTERNATE or seat.alternate_for_id in recused]


def may_read_minutes(ask: Ask) -> bool:
    """Everyone once the result is certified; before that the committee, without who stepped aside from it."""
    decision = ask.subject
    if not isinstance(decision, Decision) or decision.state is DecisionState.DRAFT:
        return False
    if decision.certified_at is not None:
        return True
    mine = {seat.id for seat in ask.viewer.seats_in(decision.committee_id)}
    return bool(mine) and not mine & recused_seats(ask.session, decision)


def is_listed(ask: Ask) -> bool:
    """On the list of voters of a vote, as a member or as an alternate, also after stepping aside."""
    frozen = electorate.from_facts(ask.subject.electorate)
    people = {each.person_id for each in frozen} | {each.alternate_person_id for each in frozen}
    return ask.viewer.id is not None and ask.viewer.id in people


def is_outside(ask: Ask) -> bool:
    """Somebody in office whom the vote does not concern: not of the agency it is for, nor of the committee."""
    committee = committee_of(ask.session, ask.subject)
    if committee is None or is_listed(ask) or ask.viewer.seats_in(committee.id) or facilitates(ask):
        return False
    return ask.viewer.holds(Role.ADMIN, ScopeKind.PLATFORM) or ask.viewer.holds_anywhere(Role.FACILITATOR)


def is_not_own_item(ask: Ask) -> bool:
    """Nobody decides on what they, or their organisation, submitted; a statement is its author's own alone."""
    if ask.viewer.person is None:
        return False
    own_organisation = ask.viewer.person.organisation_id
    said_for = getattr(ask.subject, "organisation_id", None)
    return ask.subject.author_id != ask.viewer.id and (
        own_organisation is None or said_for != own_organisation
    )


SIGNED_IN = Condition(
    "signed in", lambda a: a.viewer.is_signed_in, N_("Please sign in first."), wants_sign_in=True
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
