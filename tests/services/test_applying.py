"""Who may know of an application, read it and act on it: asked of everyone, in every state and every phase."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from app.conditions.applying import TEAMS_OWN, UNSEALED
from app.errors import NotFound, Refusal
from app.models.application import Application
from app.models.columns import now
from app.models.notification import Notification
from app.models.outgoing_mail import OutgoingMail
from app.models.seat import live_seats_of
from app.permissions import Permission, SignInNeeded, demand
from app.rules.phases import PhaseForbids
from app.rules.words import ApplicationState, CallKind, CallState, Role
from app.services import applications_team
from app.services.applications_team import HasOrganisation, LeadStays, Mate, NotJoined, team
from app.services.organisations import NameTaken, OrganisationText
from app.viewer import VISITOR, Viewer
from tests.applied import Offered, make_applicant, make_offered
from tests.people import make_facilitator, make_organisation, make_person

P, A, C = Permission, ApplicationState, CallState
ORIGIN = "https://comission.example"
EVERYONE = ("visitor", "lead", "mate", "invited", "rival", "carol", "otto")


@pytest.fixture
def offered(session: Session) -> Offered:
    return make_offered(session)


def cast(offered: Offered, application: Application) -> dict[str, Viewer]:
    session = offered.session
    # Names of their own each time: how often one address is invited is counted beside the test's transaction.
    mate, invited = (make_person(session, f"{name} {uuid4().hex[:6]}") for name in ("Mate", "Invited"))
    for each in (mate, invited):
        applications_team.invite(session, application, each.email or "", offered.lead, ORIGIN)
    applications_team.join(session, application, mate.id)
    _firm, rival = make_applicant(session, "Rival Works")
    otto = make_facilitator(session, make_organisation(session, "Port Authority"), "Otto")
    people = {"lead": offered.lead, "mate": mate, "invited": invited, "rival": rival, "carol": offered.carol,
              "otto": otto}  # fmt: skip
    viewers = {name: Viewer(each, tuple(live_seats_of(session, each.id))) for name, each in people.items()}
    return {"visitor": VISITOR, **viewers}


def put(offered: Offered, application: Application, state: A, phase: C) -> None:
    submitted = state is not A.DRAFT
    application.state = state
    application.organisation_id, application.submitted_at = offered.firm.id, now() if submitted else None
    application.receipt, application.outcome_reason = "x" * 64 if submitted else "", "Because."
    is_early = phase in (C.DRAFT, C.PUBLISHED)
    offered.call.opens_at = now() + timedelta(days=1 if is_early else -9)
    offered.call.closes_at = now() + timedelta(days=2 if is_early or phase is C.OPEN else -1)
    offered.call.state = C.PUBLISHED if phase in (C.OPEN, C.ELIGIBILITY) else phase
    offered.call.cancelled_reason = "No money." if phase is C.CANCELLED else ""
    offered.session.flush()


def who(offered: Offered, viewers: dict[str, Viewer], permission: P, application: Application) -> set[str]:
    found = set()
    for name, viewer in viewers.items():
        try:
            demand(offered.session, viewer, permission, application)
        except Refusal:
            continue
        found.add(name)
    return found


@pytest.mark.parametrize("phase", [each for each in C if each not in (C.SENSEMAKING, C.CHECKING)])
def test_before_the_deadline_nobody_but_the_team_knows_and_afterwards_the_agency_alone(
    offered: Offered, phase: C
) -> None:
    application = offered.written()
    viewers = cast(offered, application)
    told: list[str] = []

    for state in A:
        put(offered, application, state, phase)
        agency = {"carol"} if phase in UNSEALED and state not in TEAMS_OWN else set()
        # What belongs to a call that is a draft again is as unknown as the call.
        team_ = set() if phase is C.DRAFT else {"lead", "mate"}
        invited = set() if phase is C.DRAFT else {"invited"}
        wanted = {
            P.SEE_APPLICATION: team_ | invited | agency,
            P.JOIN_APPLICATION: team_ | invited,
            P.READ_APPLICATION: team_ | agency,
            P.WRITE_APPLICATION: team_,
            P.LEAD_APPLICATION: team_ - {"mate"},
            P.READ_ANSWER: team_ | agency,
            P.AWARD_APPLICATION: agency if phase in (C.DECISION, C.ANSWERED) else set(),
        }
        for permission, names in wanted.items():
            found = who(offered, viewers, permission, application)
            if found != names:
                told.append(f"{permission} of {state}: {sorted(found)}, not {sorted(names)}")

    assert told == []


def test_to_whoever_may_not_know_of_it_it_does_not_exist(offered: Offered) -> None:
    application = offered.written()
    viewers = cast(offered, application)

    for name in ("visitor", "rival", "carol", "otto"):
        for permission in (P.SEE_APPLICATION, P.READ_APPLICATION, P.WRITE_APPLICATION, P.LEAD_APPLICATION):
            with pytest.raises(NotFound):
                demand(offered.session, viewers[name], permission, application)


@pytest.mark.parametrize("phase", [each for each in C if each not in (C.SENSEMAKING, C.CHECKING)])
def test_everyone_with_a_confirmed_address_may_apply_while_the_call_is_open(
    offered: Offered, phase: C
) -> None:
    viewers = cast(offered, offered.written())
    put(offered, offered.begun(), A.DRAFT, phase)

    for name in EVERYONE:
        if phase is C.DRAFT and name != "carol":
            with pytest.raises(NotFound):
                demand(offered.session, viewers[name], P.APPLY, offered.call)
        elif name == "visitor":
            with pytest.raises(SignInNeeded):
                demand(offered.session, viewers[name], P.APPLY, offered.call)
        elif phase is C.OPEN:
            demand(offered.session, viewers[name], P.APPLY, offered.call)
        else:
            with pytest.raises(PhaseForbids):
                demand(offered.session, viewers[name], P.APPLY, offered.call)


def test_a_consultation_takes_no_applications(offered: Offered) -> None:
    offered.call.kind = CallKind.CONSULTATION

    with pytest.raises(NotFound):
        demand(offered.session, Viewer(offered.lead), P.APPLY, offered.call)


def test_an_address_that_is_not_proved_opens_nothing(offered: Offered) -> None:
    """Somebody else may have signed up with it: the letter goes to its owner."""
    application = offered.written()
    thief = make_person(offered.session, "Thief", email_confirmed_at=None, password_hash="x")
    applications_team.invite(offered.session, application, thief.email or "", offered.lead, ORIGIN)

    for permission in (P.SEE_APPLICATION, P.JOIN_APPLICATION):
        with pytest.raises(NotFound):
            demand(offered.session, Viewer(thief), permission, application)


def names(mates: list[Mate]) -> list[tuple[str, bool]]:
    return [(each.name, each.has_joined) for each in mates]


def test_a_teammate_is_known_by_address_until_they_join(offered: Offered) -> None:
    session, application = offered.session, offered.written()
    mate = make_person(session, "Maria", password_hash="x")

    applications_team.invite(session, application, "Maria@Example.org", offered.lead, ORIGIN)
    before = names(team(session, application.id))
    applications_team.join(session, application, mate.id)

    assert before == [(offered.lead.name, True), ("maria@example.org", False)]
    assert names(team(session, application.id)) == [(offered.lead.name, True), ("Maria", True)]


def test_whoever_is_invited_gets_one_letter_that_tells_nothing_of_the_words(offered: Offered) -> None:
    session, application = offered.session, offered.written()
    make_person(session, "Maria", password_hash="x")
    for address in ("maria@example.org", "new@example.org"):
        applications_team.invite(session, application, address, offered.lead, ORIGIN)

    letters = {each.to_address: each for each in session.exec(select(OutgoingMail))}

    assert set(letters) == {"maria@example.org", "new@example.org"}
    assert "/me/applications#application-" in letters["maria@example.org"].body
    assert "/link/" in letters["new@example.org"].body
    assert not any(application.title in each.subject + each.body for each in letters.values())


def test_the_lead_is_passed_on_and_then_the_other_decides(offered: Offered) -> None:
    session, application = offered.session, offered.written()
    firm, mate = make_applicant(session, "Moon Works")
    applications_team.invite(session, application, mate.email or "", offered.lead, ORIGIN)
    second = next(each for each in team(session, application.id) if not each.is_lead).teammate
    with pytest.raises(NotJoined):
        applications_team.make_lead(session, application, second.id, offered.lead.id)
    applications_team.join(session, application, mate.id)

    applications_team.make_lead(session, application, second.id, offered.lead.id)

    assert second.role is Role.LEAD
    with pytest.raises(LeadStays):
        applications_team.remove(session, application, second.id, mate.id)
    from app.services.applications import applicant

    assert applicant(session, application) == firm


def test_members_leave_and_the_lead_removes_them_and_nobody_else_does(offered: Offered) -> None:
    session, application = offered.session, offered.written()
    cast(offered, application)
    mate, invited = (each.teammate for each in team(session, application.id) if not each.is_lead)
    with pytest.raises(NotFound):
        applications_team.remove(session, application, invited.id, mate.person_id)

    applications_team.remove(session, application, mate.id, mate.person_id)
    applications_team.remove(session, application, invited.id, offered.lead.id)

    assert [each.is_lead for each in team(session, application.id)] == [True]


def test_who_speaks_for_nobody_yet_names_the_organisation_once(offered: Offered) -> None:
    session, person = offered.session, make_person(offered.session, "Founder")
    application = offered.begun(person)
    with pytest.raises(NameTaken), session.begin_nested():
        applications_team.name_organisation(
            session, application, OrganisationText(offered.firm.name.upper(), "private"), person
        )
    text = OrganisationText("Founders of light", "private", "Iquique")

    made = applications_team.name_organisation(session, application, text, person)

    assert (person.organisation_id, person.is_vouched) == (made.id, False)
    with pytest.raises(HasOrganisation):
        applications_team.name_organisation(
            session, application, OrganisationText("Another", "third"), person
        )


def test_nothing_is_told_to_anyone_outside_before_the_deadline(offered: Offered) -> None:
    application = offered.written()
    cast(offered, application)
    offered.submitted()

    told: list[Any] = list(offered.session.exec(select(Notification)))
    inside = {each.teammate.person_id for each in team(offered.session, application.id)}

    assert {each.person_id for each in told} <= inside
