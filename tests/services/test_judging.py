"""Applications after the deadline: who may know of them and do what, eligible or not, shortlisted, interviewed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.conditions.applying import TEAMS_OWN, UNSEALED
from app.errors import NotFound
from app.models.columns import now
from app.models.event import Event
from app.models.notification import Notification
from app.models.organisation import Organisation
from app.models.panel import InterviewNote, PanelReview, judgements_of
from app.models.person import Person
from app.permissions import Permission, SayFirst, can, demand
from app.rules.moves import MoveForbidden, ReasonMissing
from app.rules.panel import PANELS, NotSettled
from app.rules.phases import PhaseForbids
from app.rules.reviews import ReviewNotOpen
from app.rules.words import (
    ApplicationState,
    CallState,
    Grade,
    InterestEffect,
    InterestKind,
)
from app.services import (
    applications_send,
    interests_items,
    panel,
    panel_lists,
    panel_show,
    replay,
)
from app.services.interests_items import Said
from app.services.panel import DayAhead, NotAllChecked, NotAllDecided, NotInterviewed, NotTheirsToJudge
from app.viewer import VISITOR
from tests.applied import close, make_applicant
from tests.judged import Judged, make_judged, phase, say_nothing
from tests.people import make_facilitator, make_organisation

P, A, C, G = Permission, ApplicationState, CallState, Grade
ORIGIN = "https://comission.example"
HOSTILE = "<script>alert(1)</script> ‮ {{ 7*7 }} ' OR 1=1 -- \N{ZERO WIDTH SPACE}"


@pytest.fixture
def judged(session: Session) -> Judged:
    return make_judged(session)


def differing(session: Session) -> list[str]:
    return [
        each.id
        for each in replay.differences(session).differing
        if each.noun in ("application", "panel_review")
    ]


def cast(judged: Judged) -> dict[str, Person]:
    """Everyone who could want to know; ada is asked to review, ben works for the firm that applied."""
    session, first = judged.session, judged.first
    ada, ben, cleo = judged.members[:3]
    ben.organisation_id = first.organisation_id
    session.flush()
    _firm, rival = make_applicant(session, "Rival Works")
    otto = make_facilitator(session, make_organisation(session, "Port Authority"), "Otto")
    return {"ada": ada, "ben": ben, "cleo": cleo, "chair": judged.chair, "carol": judged.offered.carol, "otto": otto,
            "lead": judged.leads[0], "rival": rival}  # fmt: skip


def who(judged: Judged, people: dict[str, Person], permission: P, subject: Any) -> set[str]:
    viewers = {"visitor": VISITOR, **{name: judged.viewer(each) for name, each in people.items()}}
    return {name for name, viewer in viewers.items() if can(judged.session, viewer, permission, subject)}


def put(judged: Judged, state: A, phase_: C) -> None:
    call, first = judged.offered.call, judged.first
    first.state, first.outcome_reason = state, "Because."
    first.submitted_at, first.receipt = (None, "") if state is A.DRAFT else (now(), "x" * 64)
    is_early = phase_ in (C.DRAFT, C.PUBLISHED)
    call.opens_at = now() + timedelta(days=1 if is_early else -9)
    call.closes_at = now() + timedelta(days=2 if is_early or phase_ is C.OPEN else -1)
    call.state = C.PUBLISHED if phase_ in (C.OPEN, C.ELIGIBILITY) else phase_
    call.cancelled_reason = "No money." if phase_ is C.CANCELLED else ""
    judged.session.flush()


@pytest.mark.parametrize("phase_", [each for each in C if each not in (C.SENSEMAKING, C.CHECKING)])
def test_the_agency_and_the_panel_know_of_it_after_the_deadline_and_nobody_with_their_own(
    judged: Judged, phase_: C
) -> None:
    people = cast(judged)
    judged.session.add(PanelReview(application_id=judged.first.id, seat_id=judged.seats[0].id,
                                   asked_by_id=judged.offered.carol.id))  # fmt: skip
    judged.session.flush()
    say_nothing(judged, judged.first, people["ada"], people["chair"], people["cleo"])
    told: list[str] = []

    for state in A:
        put(judged, state, phase_)
        is_open = phase_ in UNSEALED and state not in TEAMS_OWN
        agency = {"carol"} if is_open else set()
        seated = {"ada", "cleo", "chair"} if is_open and state in PANELS else set()
        wanted = {
            P.READ_SELECTION: agency | seated,
            P.NOTE_INTERVIEW: agency | seated,
            P.CHECK_APPLICATION: agency,
            P.SHORTLIST_APPLICATION: agency | (seated & {"chair"}),
            P.WRITE_PANEL_REVIEW: seated & {"ada"},
            P.DECLARE_ON_APPLICATION: seated,
            P.RESOLVE_ON_APPLICATION: seated & {"chair"},
            P.READ_APPLICATION: agency | seated | (set() if phase_ is C.DRAFT else {"lead"}),
        }
        for permission, names in wanted.items():
            found = who(judged, people, permission, judged.first)
            if found != names:
                told.append(f"{permission} of {state}: {sorted(found)}, not {sorted(names)}")

    assert told == []
    everyone = {"ada", "ben", "cleo", "chair", "carol"} if phase_ in UNSEALED else set()
    for permission, names in (
        (P.READ_APPLICATIONS, everyone), (P.CONDUCT_PANEL, everyone & {"chair", "carol"}),
        (P.MOVE_APPLICATIONS, everyone & {"carol"}),
    ):  # fmt: skip
        assert who(judged, people, permission, judged.offered.call) == names, permission


def test_to_whoever_may_not_know_of_it_it_does_not_exist(judged: Judged) -> None:
    people = cast(judged)
    judged.in_review()

    for name in ("ben", "otto", "rival", "lead"):
        for permission in (P.READ_SELECTION, P.CHECK_APPLICATION, P.SHORTLIST_APPLICATION, P.WRITE_PANEL_REVIEW,
                           P.DECLARE_ON_APPLICATION, P.RESOLVE_ON_APPLICATION):  # fmt: skip
            with pytest.raises(NotFound):
                demand(judged.session, judged.viewer(people[name]), permission, judged.first)


def test_a_member_is_asked_what_ties_them_to_it_before_they_read_it(judged: Judged) -> None:
    judged.in_review()
    ada = judged.members[0]

    with pytest.raises(SayFirst) as asked:
        demand(judged.session, judged.viewer(ada), P.READ_SELECTION, judged.first)
    assert asked.value.asked_at == f"/applications/{judged.first.id}/interest"

    say_nothing(judged, judged.first, ada)
    demand(judged.session, judged.viewer(ada), P.READ_SELECTION, judged.first)


def test_a_facilitator_whose_organisation_applied_neither_reads_nor_judges_it(judged: Judged) -> None:
    carol = judged.offered.carol
    carol.organisation_id = judged.first.organisation_id
    judged.session.flush()

    with pytest.raises(NotFound):
        demand(judged.session, judged.viewer(carol), P.CHECK_APPLICATION, judged.first)
    with pytest.raises(NotTheirsToJudge):
        panel.check(judged.session, judged.first, A.IN_REVIEW, "", carol.id)
    assert not can(judged.session, judged.viewer(carol), P.READ_APPLICATION, judged.first)


def test_found_eligible_or_not_the_team_is_told_at_once_and_the_reason_is_kept(judged: Judged) -> None:
    session, carol = judged.session, judged.offered.carol.id
    first, second = judged.applications

    panel.check(session, first, A.IN_REVIEW, "", carol, ORIGIN)
    panel.check(session, second, A.INELIGIBLE, "It is no organisation.", carol, ORIGIN)

    assert (first.state, second.state, second.outcome_reason) == (
        A.IN_REVIEW,
        A.INELIGIBLE,
        "It is no organisation.",
    )
    kinds = select(Notification.kind).where(
        col(Notification.person_id).in_([each.id for each in judged.leads])
    )
    assert set(session.exec(kinds)) == {"application_in_review", "application_ineligible"}
    logged = session.exec(select(Event).where(Event.kind == "application_found_ineligible")).one()
    assert "organisation" not in str(logged.facts)
    assert [each.after for each in judgements_of(session, second.id)] == [A.INELIGIBLE]
    assert differing(session) == []


def test_saying_no_needs_a_reason_and_so_does_putting_it_right(judged: Judged) -> None:
    session, carol, first = judged.session, judged.offered.carol.id, judged.first
    with pytest.raises(ReasonMissing):
        panel.check(session, first, A.INELIGIBLE, " ", carol)
    panel.check(session, first, A.INELIGIBLE, "It is too small.", carol)
    with pytest.raises(ReasonMissing):
        panel.check(session, first, A.IN_REVIEW, "", carol)

    panel.check(session, first, A.IN_REVIEW, "We misread the number of people.", carol)

    assert (first.state, first.outcome_reason) == (A.IN_REVIEW, "")
    assert [each.reason for each in judgements_of(session, first.id)] == [
        "It is too small.", "We misread the number of people.",
    ]  # fmt: skip
    with pytest.raises(MoveForbidden):
        panel.check(session, first, A.INELIGIBLE, "No.", carol)
    with pytest.raises(MoveForbidden):
        panel.check(session, first, A.SELECTED, "Yes.", carol)


def test_what_was_found_at_submission_stays_whatever_becomes_of_the_organisation(session: Session) -> None:
    rules = [{"kind": "group", "among": ["private"]}, {"kind": "place", "among": ["Iquique"]}]
    judged = make_judged(session, 1, eligibility=rules)
    firm = session.get_one(Organisation, judged.first.organisation_id)
    firm.place = "Elsewhere"
    session.flush()

    found = panel_show.dossier(session, judged.first, judged.viewer(judged.offered.carol)).findings

    assert [each.rule.kind.value for each in found] == ["group", "place", "ticket", "deadline"]
    assert all(each.holds for each in found)
    assert "Iquique" in found[1].found.english


def test_nothing_is_decided_before_everything_sent_in_time_can_have_arrived(judged: Judged) -> None:
    close(judged.offered, timedelta(seconds=20))

    with pytest.raises(NotSettled):
        panel.check(judged.session, judged.first, A.IN_REVIEW, "", judged.offered.carol.id)
    with pytest.raises(NotSettled):
        panel.send_to_review(judged.session, judged.offered.call, judged.offered.carol.id)


def test_a_call_goes_on_when_all_are_checked_and_again_when_all_are_decided(judged: Judged) -> None:
    session, call, carol = judged.session, judged.offered.call, judged.offered.carol.id
    with pytest.raises(NotAllChecked):
        panel.send_to_review(session, call, carol)
    judged.in_review()
    assert call.state is C.REVIEW

    judged.shortlisted()
    with pytest.raises(NotAllDecided):
        panel.close_shortlist(session, call, carol)
    judged.asked(judged.applications[1])
    judged.filed(judged.applications[1])
    panel.decide(session, judged.applications[1], A.DECLINED, "It does not say how.", judged.chair.id)
    panel.close_shortlist(session, call, carol)

    assert call.state is C.DECISION
    assert differing(session) == []


def test_the_shortlist_is_told_with_its_marks_for_whoever_decides_next(judged: Judged) -> None:
    judged.in_review()
    judged.shortlisted()

    listed = panel_lists.shortlisted(judged.session, judged.offered.call)

    assert [each.application.id for each in listed] == [judged.first.id]
    assert [(each.title, each.weight, each.profile.total) for each in listed[0].marks] == [
        ("Use", 60, 3),
        ("Way", 40, 3),
    ]


def test_notes_are_for_the_shortlisted_dated_and_only_added_to(judged: Judged) -> None:
    session, chair, today = judged.session, judged.chair.id, now().date()
    judged.in_review()
    with pytest.raises(NotInterviewed):
        panel.note(session, judged.first, today, "All", "They told us.", chair)
    judged.shortlisted()
    for day in (today + timedelta(days=1), judged.offered.call.closes_at.date() - timedelta(days=1)):
        with pytest.raises(DayAhead):
            panel.note(session, judged.first, day, "All", "They told us.", chair)

    made = panel.note(session, judged.first, today, "All of us", HOSTILE, chair)

    logged = session.exec(select(Event).where(Event.kind == "interview_noted")).one()
    assert "script" not in str(logged.facts)
    for change in (update(InterviewNote).values(text="Something else."), delete(InterviewNote)):
        with pytest.raises(DBAPIError, match="only added to"), session.begin_nested():
            session.connection().execute(change)
    assert (made.present, made.held_on) == ("All of us", today)


def test_each_act_has_its_phase(judged: Judged) -> None:
    session, chair = judged.session, judged.chair.id
    judged.in_review()
    judged.asked()
    judged.filed()
    for state in (C.DECISION, C.ANSWERED):
        phase(judged, state)
        with pytest.raises(PhaseForbids):
            panel.decide(session, judged.first, A.SHORTLISTED, "Strong.", chair)
        with pytest.raises(PhaseForbids):
            judged.asked(seats=judged.seats[3:])
    phase(judged, C.REVIEW)
    panel.decide(session, judged.first, A.SHORTLISTED, "Strong.", chair)
    phase(judged, C.ANSWERED)
    with pytest.raises(PhaseForbids):
        panel.note(session, judged.first, now().date(), "All", "They told us.", chair)


def test_one_withdrawn_while_it_is_reviewed_is_nobodys_but_its_teams(judged: Judged) -> None:
    session = judged.session
    judged.in_review()
    review = judged.asked()[0]
    applications_send.withdraw(session, judged.first, judged.leads[0].id)

    with pytest.raises(ReviewNotOpen):
        judged.file(review)
    assert not can(session, judged.viewer(judged.chair), P.READ_SELECTION, judged.first)
    listed = panel_lists.listed(session, judged.offered.call, judged.viewer(judged.offered.carol))
    assert judged.first.id not in {each.application.id for each in listed.lines}


def test_the_list_leaves_out_what_its_reader_is_kept_from_and_says_so(judged: Judged) -> None:
    session, (ada, ben) = judged.session, judged.members[:2]
    ada.organisation_id = judged.first.organisation_id
    session.flush()
    judged.in_review()
    interests_items.say(
        session, judged.applications[1], ben.id, Said(InterestKind.MONEY, "A loan.", InterestEffect.RECUSE)
    )

    for person, kept in ((ada, judged.first), (ben, judged.applications[1])):
        listed = panel_lists.listed(session, judged.offered.call, judged.viewer(person))
        assert kept.id not in {each.application.id for each in listed.lines}
        assert (listed.kept_from, listed.total) == (1, 1)
